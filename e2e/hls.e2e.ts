// Somebody whose network lets no WebRTC through sees the show all the same, a little later, and is told so; when the
// network is better the picture comes by the quick way again, without a press and without a jump. Where the owner
// chooses HLS for everybody, it is the other way round.

import type { Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Loop } from '../src/media/camera/play-loop.ts';
import { smallLoop } from '../src/media/camera/small-loop.ts';
import { Owner } from './back-office.ts';
import { publishes } from './camera.ts';
import { Cast, openBrowser, type Person, scenesOf, seesMovingPicture } from './cast.ts';
import { type House, openHouse } from './house.ts';

let house: House;
let cast: Cast;
let ines: Person;
let office: Person;
let owner: Owner;
let showId: string;
let address: string;
let goOffAir = async () => {};
const noWay = (route: Route) => route.abort('connectionfailed');

let loop: Loop;
const comeOnAir = async (): Promise<void> => {
  goOffAir = await publishes(house, owner, showId, loop);
};

/** The owner's show is live, and a camera of ours publishes it as an encoder would. */
const goOnAir = async (): Promise<void> => {
  owner = await Owner.of(house);
  ({ showId } = await owner.plans('By another way', []));
  loop = smallLoop({ width: 180, height: 320, seconds: 2 });
  await comeOnAir();
  await owner.ask('POST', `/api/shows/${showId}/go-live`, {}, 'go-live');
  address = `${house.url}/shows/${showId}`;
};

beforeAll(async () => {
  house = await openHouse();
  cast = new Cast(await openBrowser());
  ines = await cast.onPhone('ines_w');
  await goOnAir();
}, 240_000);
afterAll(async () => {
  await goOffAir();
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

describe('a viewer behind a wall', { timeout: 240_000 }, () => {
  const picture = () => ines.page.getByLabel(/^Live picture of/);
  /** Where the picture, the chat and the card stand. */
  const places = () =>
    ines.page.evaluate(() =>
      ['.watch-picture', '.watch-chat', '.watch-deals'].map((name) => {
        const { x, y, width } = document.querySelector(name)!.getBoundingClientRect();
        return [x, y, width].map(Math.round).join(' ');
      }),
    );
  let before: readonly string[];
  const way = (name: string) =>
    office.page.getByRole('group', { name: 'How viewers watch' }).getByLabel(name);

  it('[HLS-11] sees the moving picture by HLS, and reads that it is slower', async () => {
    await ines.context.route('**/whep/**', noWay);
    await ines.opens(address);
    await ines.sees(/^Slower picture, \d+ s behind$/);
    await seesMovingPicture(picture());
    before = await places();
  });

  it('[HLS-12] sees it by WHEP again once that works, and nothing else has moved', async () => {
    await ines.context.unroute('**/whep/**', noWay);
    await ines.page.getByText(/^Slower picture/).waitFor({ state: 'detached' });
    await seesMovingPicture(picture());
    expect(
      await picture().evaluate((video) => (video as HTMLVideoElement).srcObject !== null),
    ).toBe(true);
    expect((await places())[0]).toBe(before[0]);
  });

  it('[HLS-18] [HLS-19] sees it by HLS first when the owner chooses that, without a reload, and the next asks for nothing else', async () => {
    office = await cast.atDesk('office', { still: true });
    await office.context.addCookies(owner.cookies);
    await office.opens(`${house.url}/office/shows/${showId}`);
    expect(await way('By WebRTC').isChecked()).toBe(true);
    await way('By HLS').check();
    await ines.sees(/^Slower picture, \d+ s behind$/);
    await seesMovingPicture(picture());
    expect((await places())[0]).toBe(before[0]);
    const asked: string[] = [];
    ines.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await ines.opens(address);
    await ines.sees(/^Slower picture, \d+ s behind$/);
    await seesMovingPicture(picture());
    expect(asked).toContain(`/hls/${showId}/index.m3u8`);
    expect(asked.filter((path) => path.startsWith('/whep/'))).toEqual([]);
  });

  it('[HLS-17] sees that the host is gone, and the picture again when the host is back', async () => {
    await goOffAir();
    const slate = ines.page.getByText(/^One moment: .* is coming back$/);
    await slate.waitFor();
    await comeOnAir();
    await slate.waitFor({ state: 'detached' });
    await ines.sees(/^Slower picture, \d+ s behind$/);
    await seesMovingPicture(picture());
  });

  it('[HLS-19] sees it by WHEP when HLS stops, and by HLS again', async () => {
    await ines.context.route('**/hls/**', noWay);
    await ines.page.getByText(/^Slower picture/).waitFor({ state: 'detached' });
    await seesMovingPicture(picture());
    await ines.context.unroute('**/hls/**', noWay);
    await ines.sees(/^Slower picture, \d+ s behind$/);
    await seesMovingPicture(picture());
  });

  it('[HLS-18] sees it by WebRTC first again when the owner chooses that', async () => {
    await office.opens(`${house.url}/office/shows/${showId}`);
    expect(await way('By HLS').isChecked()).toBe(true);
    await way('By WebRTC').check();
    await ines.page.getByText(/^Slower picture/).waitFor({ state: 'detached' });
    await seesMovingPicture(picture());
  });

  it('no page met an error of its own', () => cast.hadNoFaults());
});
