// Two shoppers in one room: both want the last piece, and one of them loses the line for a while. What
// one of them does, the other sees; what the shop promised, it keeps.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '../src/protocol/catalogue.ts';
import { Owner } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf, wait } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { type Line, layLine } from './line.ts';

let house: House;
let line: Line;
let cast: Cast;
let owner: Owner;
let ines: Person;
let tomasz: Person;
let products: readonly Product[];
let showId = '';

beforeAll(async () => {
  house = await openHouse();
  line = await layLine(house);
  cast = new Cast(await openBrowser());
  owner = await Owner.of(house);
  products = (await owner.imports('jewelry')).slice(0, 3);
  ({ showId } = await owner.plans('One of a kind', products));
  await owner.ask('POST', `/api/shows/${showId}/go-live`);
  ines = await cast.onPhone('ines_w');
  tomasz = await cast.atDesk('tomasz');
});
afterAll(async () => {
  await cast?.close();
  await line?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

/** What everyone has said so far, in order. */
const said: string[] = [];

const says = async (person: Person, text: string): Promise<void> => {
  await person.says(text);
  said.push(text);
};

/** This person's chat is what was said: everything once, in order, and nothing is still being sent. */
const readsAll = async (person: Person): Promise<void> => {
  const texts = async () =>
    (await person.reads()).map((line) =>
      /sending/.test(line) ? line : (said.find((text) => line.includes(text)) ?? line),
    );
  await expect.poll(texts, wait).toEqual(said);
};

describe('two shoppers in one room', { timeout: 240_000 }, () => {
  it('both come in with a name alone', async () => {
    await Promise.all([
      ines.opens(`${line.url}/shows/${showId}`),
      tomasz.opens(`${house.url}/shows/${showId}`),
    ]);
    await says(ines, 'Hello from the train');
    await ines.givesName();
    await readsAll(ines);
    await says(tomasz, 'Good evening');
    await tomasz.givesName();
    await readsAll(tomasz);
    await readsAll(ines);
  });

  it('one of them gets the last piece; the other sees that it is in a cart', async () => {
    const offer = await offersOne(0, 120_000);
    await Promise.all([ines.sees('1 left'), tomasz.sees('1 left')]);
    // Both press whether or not the other was first: that takes the button from who comes second.
    const press = (person: Person) => person.button(/^Claim for/).click({ force: true });
    await Promise.all([press(ines), press(tomasz)]);
    const held = (person: Person) => person.page.getByText('One is held for you').isVisible();
    await expect
      .poll(async () => [await held(ines), await held(tomasz)].filter(Boolean).length, wait)
      .toBe(1);
    const [winner, loser] = (await held(ines)) ? [ines, tomasz] : [tomasz, ines];
    await loser.sees('None left, 1 in a cart');
    await loser.sees('None left right now');
    expect(await held(loser)).toBe(false);
    expect(await figuresOf(offer.offerId)).toEqual({ left: 0, inCarts: 1, sold: 0 });

    await winner.button('Release').click();
    await loser.sees('1 left');
    await loser.button(/^Claim for/).click();
    await loser.sees('One is held for you');
    await winner.sees('None left, 1 in a cart');
    expect(await figuresOf(offer.offerId)).toEqual({ left: 0, inCarts: 1, sold: 0 });
  });

  it('a hold that runs out comes back in sight, and the other takes it', async () => {
    const offer = await offersOne(1, 15_000);
    await Promise.all([ines.sees('1 left'), tomasz.sees('1 left')]);
    const outOfSight = tomasz.sees('None left, 1 in a cart');
    await ines.button(/^Claim for/).click();
    await outOfSight;
    await ines.sees('Your hold ran out');
    await tomasz.sees('1 left');
    const taken = tomasz.sees('One is held for you');
    await tomasz.button(/^Claim for/).click();
    await taken;
    expect((await figuresOf(offer.offerId))?.sold).toBe(0);
  });

  it('somebody who loses the line for ten seconds comes back with nothing lost and nothing doubled', async () => {
    await offersOne(2, 120_000);
    await Promise.all([ines.sees('1 left'), tomasz.sees('1 left')]);
    line.cut();
    await ines.context.setOffline(true);
    await ines.sees('You are offline. It goes on by itself when you are back.');
    await ines.says('I am in a tunnel');
    await ines.sees('sending…');
    const clock = async () => {
      const text = await tomasz.card.getByRole('timer').innerText();
      const [, minutes, seconds] = /(\d+):(\d\d)/.exec(text) ?? [];
      return Number(minutes) * 60 + Number(seconds);
    };
    const cutAt = await clock();
    for (const text of ['She is away', 'Look at the clasp', 'And the stone'])
      await says(tomasz, text);
    await tomasz.button(/^Claim for/).click();
    await tomasz.sees('One is held for you');
    await tomasz.button('Release').click();
    await expect.poll(async () => cutAt - (await clock()), wait).toBeGreaterThanOrEqual(10);

    said.push('I am in a tunnel');
    line.mend();
    await ines.context.setOffline(false);
    await readsAll(ines);
    await readsAll(tomasz);
    await ines.sees('1 left');
    await says(ines, 'Back again');
    await readsAll(tomasz);
    await readsAll(ines);
  });

  it('who comes later reads the same', async () => {
    const late = await cast.onPhone('halima');
    await late.opens(`${house.url}/shows/${showId}`);
    await readsAll(late);
  });

  it('no page met an error of its own', () => cast.hadNoFaults());
});

/** One piece of the shelf's product at this place, for nine minutes: its clock shows seconds. */
const offersOne = (place: number, holdMs: number) => {
  const product = products[place];
  if (!product) throw new Error('too few products');
  return owner.offers(showId, product, {
    quantity: 1,
    perPersonMax: 1,
    durationMs: 540_000,
    holdMs,
  });
};

/** What the shop itself says about an offer. */
const figuresOf = async (offerId: string) => {
  const { room } = await owner.show(showId);
  const offer = room.offers.find((each) => each.offerId === offerId);
  return Object.values(offer?.figures ?? {})[0];
};
