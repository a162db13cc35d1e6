// Before a show: a host who sits in the dark and isn't heard is told what to do, and is asked once before going live
// as it is; at another desk with light and a voice all is good, and the line is tried by a real stream.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShowDetail } from '../src/protocol/http.ts';
import { Cast, openBrowser, type Person, scenesOf } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { createJudge } from './judge.ts';
import { preflightFilm } from './preflight-film.ts';

let house: House;
let dark: Cast;
let light: Cast;
let phone: Person;
let desk: Person;
let showId = '';
const judge = createJudge();

beforeAll(async () => {
  const [poor, good] = [await preflightFilm('poor'), await preflightFilm('good')];
  house = await openHouse();
  dark = new Cast(await openBrowser(poor));
  light = new Cast(await openBrowser(good));
  phone = await dark.onPhone('Mina', { camera: true, still: true });
  desk = await light.atDesk('Mina', { camera: true, still: true });
}, 240_000);
afterAll(async () => {
  await dark?.close();
  await light?.close();
  await house?.close();
});
scenesOf(
  () => dark,
  () => house,
);

const check = (person: Person, name: string) => person.page.getByRole('region', { name });
const showAs = (person: Person): Promise<ShowDetail> =>
  person.page.evaluate(
    async (id) => (await fetch(`/api/shows/${id}`)).json() as Promise<ShowDetail>,
    showId,
  );

describe('a check before a show', { timeout: 240_000 }, () => {
  it('[PRE-2] a host in the dark who isn’t heard reads what to do, each check alone', async () => {
    await phone.opens(house.ownerLink);
    await phone.page.waitForURL(/office/);
    showId = await phone.page.evaluate(async () => {
      const answer = await fetch('/api/shows', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          title: 'Clay and glaze',
          showKind: 'demonstration',
          startsAtMs: Date.now() + 3_600_000,
        }),
      });
      return ((await answer.json()) as { showId: string }).showId;
    });
    await phone.opens(`${house.url}/office/shows/${showId}`);
    await phone.page.getByRole('link', { name: 'Check before you go live' }).click();
    await phone.button('Check only this: Camera').click();
    await check(phone, 'Camera').getByText('Mend it first').first().waitFor();
    await check(phone, 'Camera').getByText('Switch on a lamp in front of you').waitFor();
    await phone.button('Check only this: Microphone').click();
    await phone.page.getByRole('status').getByText('Say nothing', { exact: true }).waitFor();
    await check(phone, 'Microphone')
      .getByText(/can hardly be heard|gives no sound/)
      .waitFor();
    await phone.sees(/^Checked just now, on this device/);
    await judge.judge([phone], 'preflight-red');
  });

  it('[PRE-16] red is asked about once before going live', async () => {
    await phone.page.getByRole('link', { name: /^Studio/ }).click();
    await phone.sees('Mend it first');
    const goLive = phone.button(/^Go live$/);
    // On a phone that may, the camera opens by itself; the button comes with it.
    await goLive.click();
    const question = phone.page.getByRole('dialog', { name: 'Go live as it is?' });
    await question.getByText('Switch on a lamp in front of you').waitFor();
    await judge.judge([phone], 'preflight-question');
    await question.getByRole('button', { name: 'Close' }).click();
    await question.waitFor({ state: 'hidden' });
    expect((await showAs(phone)).show.phase).toBe('planned');
  });

  it('[PRE-15] another desk knows of it, and that it was elsewhere', async () => {
    await desk.context.addCookies(await phone.context.cookies());
    await desk.opens(`${house.url}/studio/${showId}`);
    await desk.sees(/^Checked .*, on another device$/);
    await desk.page.getByRole('link', { name: 'Check before you go live' }).click();
  });

  it('[PRE-12] with light and a voice all is good, and the line is tried unseen by anybody', async () => {
    await desk.button('Start the check').click();
    await desk.page.getByRole('status').getByText('Trying your line').waitFor();
    await check(desk, 'Microphone').getByText('You are well heard.').waitFor();
    await check(desk, 'Microphone').getByText('Good', { exact: true }).waitFor();
    await check(desk, 'Camera').getByText('You are well lit.').waitFor();
    await check(desk, 'Camera').getByText('The picture is sharp.').waitFor();
    await desk.button('Check everything again').waitFor();
    // How much this machine's line carries isn't ours to say; that it was measured is.
    await check(desk, 'Line')
      .getByText(/Mbit\/s$/)
      .waitFor();
    await desk.sees(/^Checked just now, on this device/);
    await judge.judge([desk], 'preflight-good');
    const { room } = await showAs(desk);
    expect([room.picture, room.phase, room.recording]).toEqual(['off', 'planned', null]);
  });

  it('[PRE-14] it is kept with the show: found again by who comes back', async () => {
    await desk.page.reload();
    await check(desk, 'Microphone').getByText('You are well heard.').waitFor();
    await desk.page.getByRole('link', { name: /^Studio/ }).click();
    await desk.sees(/^Checked .*, on this device$/);
    expect(judge.findings).toEqual([]);
    dark.hadNoFaults();
    light.hadNoFaults();
  });
});
