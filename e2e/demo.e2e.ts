// What a newcomer sees after `npm start`: a shop that is alive. Nobody does anything here but look.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShowSummary } from '../src/protocol/http.ts';
import { Visitor } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf, seesMovingPicture, wait } from './cast.ts';
import { type House, openHouse } from './house.ts';

let house: House;
let cast: Cast;
let ines: Person;

beforeAll(async () => {
  house = await openHouse({ demo: true });
  cast = new Cast(await openBrowser());
  ines = await cast.onPhone('ines_w');
}, 240_000);
afterAll(async () => {
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

describe('the living demo', { timeout: 240_000 }, () => {
  it('a show is on air, marked as a demo, and the home page leads to it', async () => {
    const visitor = new Visitor(house);
    const live = async () =>
      (await visitor.ask<{ shows: readonly ShowSummary[] }>('GET', '/api/shows')).shows.filter(
        ({ phase }) => phase === 'live',
      );
    await expect.poll(async () => (await live()).length, wait).toBe(1);
    const [show] = await live();
    expect(show?.isDemo).toBe(true);
    await ines.opens(house.url);
    await ines.page.locator(`a[href="/shows/${show?.showId}"]`).first().click();
    await ines.page.waitForURL(`**/shows/${show?.showId}`);
  });

  it('its picture moves', () => seesMovingPicture(ines.page.getByLabel(/^Live picture of/)));

  it('its crowd talks', async () => {
    await expect.poll(async () => (await ines.reads()).length, wait).toBeGreaterThan(3);
  });

  it('it sells', async () => {
    await ines.sees('Live offer');
    await ines.button(/^Claim for/).waitFor();
    expect(await ines.card.getByRole('timer').innerText()).toMatch(/\d+:\d\d/);
  });

  it('no page met an error of its own', () => cast.hadNoFaults());
});
