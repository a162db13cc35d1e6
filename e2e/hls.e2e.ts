// Somebody whose network lets no WebRTC through sees the show all the same, a little later, and is told so; when the
// network is better the picture comes by the quick way again, without a press and without a jump.

import type { Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playLoop } from '../src/media/camera/play-loop.ts';
import { smallLoop } from '../src/media/camera/small-loop.ts';
import { PublisherClient } from '../src/media/client/publisher-client.ts';
import { signalOverHttp } from '../src/media/client/signal.ts';
import { Owner } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf, seesMovingPicture } from './cast.ts';
import { type House, openHouse } from './house.ts';

let house: House;
let cast: Cast;
let ines: Person;
let address: string;
let goOffAir = async () => {};
const noWay = (route: Route) => route.abort('connectionfailed');

/** The owner's show is live, and a camera of ours publishes it as an encoder would. */
const goOnAir = async (): Promise<void> => {
  const owner = await Owner.of(house);
  const { showId } = await owner.plans('By another way', []);
  const cookie = owner.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const camera = await PublisherClient.connect({
    signal: signalOverHttp(`${house.url}/whip/${showId}`, { cookie, origin: house.url }),
  });
  const stop = playLoop(camera, smallLoop({ width: 180, height: 320, seconds: 2 }));
  goOffAir = async () => {
    stop();
    await camera.close();
  };
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

  it('no page met an error of its own', () => cast.hadNoFaults());
});
