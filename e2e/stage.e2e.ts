// A guest on the host's stage: invited by a link, waiting in the wings, admitted, seen by the crowd beside the host in one
// picture, silenced, moved by another layout, and taken off. The host's browser puts the picture together; nobody who
// watches gets a new session for any of it.

import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Owner } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf, seesMovingPicture, wait } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { createJudge } from './judge.ts';

let house: House;
let cast: Cast;
let mina: Person;
let tomas: Person;
let ines: Person;
let showId = '';
const judge = createJudge();
/** How often the crowd's browser has asked for a picture of its own. */
let picturesAsked = 0;

beforeAll(async () => {
  house = await openHouse();
  cast = new Cast(await openBrowser());
  const owner = await Owner.of(house);
  const products = (await owner.imports('jewelry')).slice(0, 1);
  ({ showId } = await owner.plans('Two at the bench', products));
  mina = await cast.atDesk('Mina', { camera: true });
  await mina.context.addCookies(owner.cookies);
  tomas = await cast.onPhone('Tomás', { camera: true });
  ines = await cast.onPhone('ines_w');
  ines.page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes('/whep/')) picturesAsked++;
  });
}, 240_000);
afterAll(async () => {
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

const guests = () => mina.page.getByRole('region', { name: 'Guests on stage' });
const picture = () => ines.page.getByLabel(/^Live picture of/);

/** The seam between two pictures side by side: how bright the middle is, and what stands left and right of it. */
const middleOf = (video: Locator): Promise<{ readonly seam: number; readonly beside: number }> =>
  video.evaluate((element) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [1280, 720];
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context?.drawImage(element as HTMLVideoElement, 0, 0, 1280, 720);
    const brightness = (x: number) => {
      const data = context?.getImageData(x, 60, 2, 600).data ?? [];
      let sum = 0;
      for (let at = 0; at < data.length; at += 4) sum += data[at] ?? 0;
      return sum / (data.length / 4);
    };
    return { seam: brightness(639), beside: (brightness(560) + brightness(720)) / 2 };
  });
const isInHalves = async (): Promise<boolean> => {
  const { seam, beside } = await middleOf(picture());
  return seam < beside / 2;
};

describe('a guest on stage', { timeout: 180_000 }, () => {
  it('[STG-1] [STG-4] the host is on air and invites somebody; the link is told once', async () => {
    await mina.opens(`${house.url}/studio/${showId}`);
    await mina.button('Go live').click();
    await mina.button('Stop my picture').waitFor();
    await ines.opens(`${house.url}/shows/${showId}`);
    await seesMovingPicture(picture());
    await guests().getByRole('button', { name: 'Invite' }).click();
    const link = await guests().getByLabel('invitation', { exact: true }).inputValue();
    await guests().getByText('Invited, not here yet').waitFor();
    await tomas.opens(link);
    await tomas.sees('You are invited to the stage of Two at the bench');
    await tomas.sees(/lets you on when it is time/);
  });

  it('[STG-3] [STG-7] who came by the link waits in the wings: the host sees them, the crowd doesn’t', async () => {
    await tomas.button('Camera and microphone on').click();
    await tomas.page.getByLabel('Your name').fill('Tomás');
    await tomas.button('Tell the host that I’m here').click();
    await tomas.sees(/You wait in the wings/);
    await seesMovingPicture(guests().getByLabel('Picture of Tomás'));
    expect(await tomas.page.getByLabel(/^Picture of/).count()).toBe(0);
    // Another microphone takes the place of the first, in the same session.
    const microphone = tomas.page.getByLabel('Microphone', { exact: true });
    await microphone.selectOption({ label: 'Fake Audio Input 2' });
    await expect
      .poll(() => microphone.locator('option:checked').textContent(), wait)
      .toBe('Fake Audio Input 2');
    await seesMovingPicture(guests().getByLabel('Picture of Tomás'));
    await judge.judge([mina, tomas], 'stage-wings');
    expect(await isInHalves()).toBe(false);
  });

  it('[STG-9] [STG-10] admitted, both stand in one picture, see each other, and nobody’s session is a new one', async () => {
    const before = picturesAsked;
    await guests().getByRole('button', { name: 'Admit Tomás' }).click();
    await guests().getByText('On stage', { exact: true }).waitFor();
    await tomas.sees('On stage: Two at the bench');
    await ines.sees('With Tomás');
    await expect.poll(isInHalves, wait).toBe(true);
    await seesMovingPicture(picture());
    await seesMovingPicture(tomas.page.getByLabel(/^Picture of/).first());
    await judge.judge([mina, tomas, ines], 'stage-two');
    await mina.button('Host alone').click();
    await expect.poll(isInHalves, wait).toBe(false);
    await mina.button('Side by side').click();
    await expect.poll(isInHalves, wait).toBe(true);
    expect(picturesAsked).toBe(before);
  });

  it('[STG-6] silenced by the host, the guest can’t speak; let speak again, they mute themselves', async () => {
    await guests().getByRole('button', { name: 'Silence Tomás' }).click();
    await guests().getByText('On stage, silenced by you').waitFor();
    const own = tomas.button('The host silenced you');
    await own.waitFor();
    expect(await own.isDisabled()).toBe(true);
    await guests().getByRole('button', { name: 'Let Tomás speak' }).click();
    await tomas.button('Mute me').click();
    await guests().getByText('On stage, muted themselves').waitFor();
  });

  it('[STG-5] [STG-8] taken off, the guest is cut off at once and the link opens nothing; the host stands alone', async () => {
    await guests().getByRole('button', { name: 'Take Tomás off' }).click();
    await tomas.sees('This invitation isn’t good any more');
    await expect.poll(isInHalves, wait).toBe(false);
    await seesMovingPicture(picture());
    await tomas.page.reload({ waitUntil: 'commit' });
    await tomas.sees('This invitation isn’t good any more');
    await judge.judge([tomas], 'stage-off');
  });

  it('nothing on the way was against the rules', () => {
    expect(judge.findings).toEqual([]);
    cast.hadNoFaults();
  });
});
