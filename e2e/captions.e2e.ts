// What is said is written down: somebody of the crew types it, who wants captions reads them over the picture, who
// doesn't sees none, and after the end the replay has them at their moment.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Replay } from '../src/protocol/http.ts';
import { Owner } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf, seesMovingPicture, wait } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { createJudge } from './judge.ts';

let house: House;
let cast: Cast;
let owner: Owner;
let mina: Person;
let ines: Person;
let nora: Person;
let showUrl = '';
let showId = '';
const judge = createJudge();
const title = 'Every word of it';
const first = 'Good evening, and welcome.';
const second = 'This bowl was fired twice: the second time for the blue at its edge, by hand.';

beforeAll(async () => {
  house = await openHouse();
  cast = new Cast(await openBrowser());
  owner = await Owner.of(house);
  const products = (await owner.imports('jewelry')).slice(0, 2);
  ({ showId } = await owner.plans(title, products));
  showUrl = `${house.url}/shows/${showId}`;
  mina = await cast.atDesk('Mina', { camera: true });
  await mina.context.addCookies(owner.cookies);
  ines = await cast.onPhone('ines_w');
  nora = await cast.atDesk('nora');
  await mina.opens(`${house.url}/studio/${showId}`);
  await mina.button(/^Go live$/).click();
  await mina.button('Stop my picture').waitFor();
  await mina.button('Write captions').click();
}, 240_000);
afterAll(async () => {
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

const types = async (text: string) => {
  const line = mina.page.getByRole('textbox', { name: 'Type a caption' });
  await line.fill(text);
  await line.press('Enter');
  await mina.page.getByRole('list', { name: 'Last captions' }).getByText(text).waitFor();
};
/** Notes down whatever stands on the plate from now on: words go by themselves. */
const watchPlate = ({ page }: Person) =>
  page.evaluate(() => {
    const read: string[] = [];
    const look = () => {
      for (const { textContent } of document.querySelectorAll('[data-captions] p'))
        if (textContent && !read.includes(textContent)) read.push(textContent);
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    Object.assign(window, { readCaptions: read });
  });
const wasRead = ({ page }: Person) =>
  page.evaluate(() => (window as unknown as { readCaptions: string[] }).readCaptions);
const plate = ({ page }: Person) => page.locator('[data-captions]');

describe('captions', { timeout: 240_000 }, () => {
  it('[CAP-7] are offered once there are some', async () => {
    await ines.opens(showUrl);
    await nora.opens(showUrl);
    await seesMovingPicture(ines.page.getByLabel(/^Live picture of/));
    await nora.page.getByLabel(/^Live picture of/).waitFor();
    expect(await ines.button('Captions').count()).toBe(0);
    await watchPlate(ines);
    await watchPlate(nora);
    await types(first);
    await nora.button('Captions').waitFor();
    await ines.button('Captions').click();
    expect(await ines.button('Captions').getAttribute('aria-pressed')).toBe('true');
  });

  it('[CAP-4] are read by who wants them, and by nobody else', async () => {
    await types(second);
    await judge.judge([mina], 'captions-studio');
    await expect.poll(() => wasRead(ines), wait).toContain(second);
    expect(await wasRead(nora)).toEqual([]);
    // The replay needs the moment and what comes after it.
    const video = ines.page.getByLabel(/^Live picture of/);
    const clock = () => video.evaluate((element) => (element as HTMLVideoElement).currentTime);
    const from = await clock();
    await expect.poll(clock, wait).toBeGreaterThan(from + 3);
  });

  it('[CAP-5] [CAP-8] stand at their moment in the replay, by the same choice', async () => {
    await owner.ask('POST', `/api/shows/${showId}/end`, {});
    await ines.page.getByLabel(`Replay of ${title}`).waitFor();
    const { cues } = await owner.ask<Replay>('GET', `/api/shows/${showId}/replay`);
    expect(cues.map(({ text }) => text)).toEqual([first, second]);
    const at = Math.ceil((cues[1]?.fromMs ?? 0) / 1_000);
    for (const person of [ines, nora]) await person.opens(`${showUrl}?t=${at}`);
    await plate(ines).getByText(second).waitFor();
    expect(await plate(ines).locator('p').getAttribute('lang')).toBe('en');
    await nora.button('Captions').waitFor();
    expect(await plate(nora).count()).toBe(0);
    await nora.button('Captions').click();
    await plate(nora).getByText(second).waitFor();
    await judge.judge([ines, nora], 'captions');
    const moment = nora.page.getByRole('slider', { name: 'Moment of the replay' });
    await moment.press('Home');
    await plate(nora).getByText(second).waitFor({ state: 'detached' });
  });

  it('[CAP-5] are a file of their own beside it', async () => {
    const answer = await fetch(`${house.url}/api/shows/${showId}/captions.vtt`);
    expect(answer.headers.get('content-type')).toContain('text/vtt');
    expect(await answer.text()).toContain(second);
    expect(judge.findings).toEqual([]);
    cast.hadNoFaults();
  });
});
