// An evening by auction: the host prepares and opens lots with single keys; somebody on a phone leaves a
// maximum and is bid for; somebody else bids with the keyboard alone, is outbid at once, goes higher, wins and
// pays; a late bid moves the close; a lot that isn't paid goes to the runner-up; a price falls until somebody
// takes it; the replay tells how each went. Each test is the next scene of one story.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallLoop } from '../src/media/camera/small-loop.ts';
import type { Product } from '../src/protocol/catalogue.ts';
import type { PrepareLotBody } from '../src/protocol/lots.ts';
import type { RoomLot } from '../src/protocol/room-lot.ts';
import { Owner } from './back-office.ts';
import { publishes } from './camera.ts';
import { Cast, openBrowser, type Person, scenesOf, wait } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { createJudge } from './judge.ts';
import { byKeyboard } from './keyboard.ts';

const { judge, findings } = createJudge();

let house: House;
let cast: Cast;
let owner: Owner;
let mina: Person;
/** One of the crew with a phone in the hand. */
let teo: Person;
let ines: Person;
let tomasz: Person;
let products: readonly Product[] = [];
let showId = '';
let goOffAir = async () => {};

beforeAll(async () => {
  house = await openHouse({ env: { RIALTO_SHOP_NAME: 'Laguna' } });
  cast = new Cast(await openBrowser());
  owner = await Owner.of(house);
  mina = await cast.atDesk('mina', { still: true });
  teo = await cast.onPhone('teo', { still: true });
  for (const { context } of [mina, teo]) await context.addCookies(owner.cookies);
  ines = await cast.onPhone('ines_w', { still: true });
  tomasz = await cast.atDesk('tomasz', { still: true });
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

/** Prepares a lot of the product at this place, of which there are two. */
const prepares = async (
  nth: number,
  bidding: PrepareLotBody['bidding'],
  more: Partial<PrepareLotBody> = {},
): Promise<string> => {
  const product = products[nth];
  const [variant] = product?.variants ?? [];
  if (!product || !variant) throw new Error('nothing to sell');
  await owner.ask('PUT', `/api/variants/${variant.id}/stock`, { onHand: 2 });
  const body = { productId: product.id, variantId: variant.id, bidding, ...more };
  const path = `/api/shows/${showId}/lots`;
  return (await owner.ask<{ lotId: string }>('POST', path, body)).lotId;
};

const opens = (lotId: string) =>
  owner.ask('POST', `/api/shows/${showId}/lots/${lotId}/open`, undefined, `open-${lotId}`);

const lotNow = async (lotId: string): Promise<RoomLot> => {
  const { room } = await owner.show(showId);
  const lot = room.lots.find((one) => one.lotId === lotId);
  if (!lot) throw new Error('no such lot in the room');
  return lot;
};

/** What is left on the clock of somebody's card, in seconds. */
const secondsOn = async ({ card }: Person): Promise<number> => {
  const text = (await card.getByRole('timer').textContent()) ?? '';
  const [, minutes, seconds] = /(\d+):(\d\d)/.exec(text) ?? [];
  return Number(minutes) * 60 + Number(seconds);
};

/** Goes to the button with the keyboard alone and bids by it, once its amount has stood still for a moment. */
const bidsByKeyboard = async (person: Person): Promise<void> => {
  await byKeyboard(person.page).to(/^Bid/);
  await person.card.getByRole('button', { name: /^Bid/, disabled: false }).waitFor();
  await person.page.keyboard.press('Enter');
};

/** What a screen reader was told last. */
const hears = (person: Person, words: string | RegExp) =>
  expect
    .poll(() => person.page.locator('p.sr-only[aria-live="polite"]').textContent(), wait)
    .toMatch(words);

describe('an evening by auction', { timeout: 300_000 }, () => {
  it('the host prepares a lot with one key; what can’t be is said at its field', async () => {
    products = (await owner.imports('jewelry')).slice(0, 4);
    ({ showId } = await owner.plans('One of each', products));
    goOffAir = await publishes(
      house,
      owner,
      showId,
      smallLoop({ width: 180, height: 320, seconds: 2 }),
    );
    await owner.ask('POST', `/api/shows/${showId}/go-live`);
    await Promise.all([mina, teo].map((one) => one.opens(`${house.url}/studio/${showId}`)));
    await mina.button('End show').waitFor();
    await mina.page.keyboard.press('a');
    const form = mina.page.getByRole('dialog', { name: products[0]?.title ?? '' });
    await form.getByLabel('Starts at').fill('20');
    await form.getByLabel('Reserve, seen by nobody').fill('19');
    await form.getByLabel('Runs for').fill('1200');
    await mina.page.keyboard.press('Control+Enter');
    await mina.sees('At least the start.');
    await judge([mina], 'studio-lot-form');
    await form.getByLabel('Reserve, seen by nobody').fill('45');
    await mina.page.keyboard.press('Control+Enter');
    await mina.sees('The lot is prepared.');
    await form.waitFor({ state: 'hidden' });
    // Short, and as long as they need who bid on it: each bid near its end gives them a while more.
    await prepares(1, {
      format: 'english',
      startMinor: 2_500,
      durationMs: 25_000,
      softCloseMs: 18_000,
    });
    await teo.page.getByRole('tab', { name: 'Run of show' }).click();
    await Promise.all([mina, teo].map((one) => one.sees(/from €.20\.00 · 1200 s|20 min/)));
    await judge([mina, teo], 'studio-lots');
  });

  it('somebody without an account leaves a maximum before it opens', async () => {
    await Promise.all([ines, tomasz].map((one) => one.opens(`${house.url}/shows/${showId}`)));
    await Promise.all([ines, tomasz].map((one) => one.button(/^Leave a maximum/).waitFor()));
    await judge([ines, tomasz], 'lot-coming');
    await ines.button(/^Leave a maximum/).click();
    await ines.page.getByLabel(/^My maximum/).fill('48');
    await ines.button(/^Bid for me up to/).click();
    await ines.givesName();
    await ines.sees(/^Your max/);
    // Nobody else learns what it is, the host neither.
    await tomasz.sees('Bidder 1 leads');
    expect(await tomasz.card.textContent()).not.toContain('48');
    expect(await mina.page.getByRole('main').textContent()).not.toContain('48.00');
  });

  it('it opens with one key; a bid by keyboard is outbid at once, and both hear how they stand', async () => {
    await mina.page.keyboard.press('l');
    await ines.sees('You lead');
    await hears(ines, /lot is open|lead/);
    await tomasz.sees('reserve met');
    await ines.button(/^Raise your maximum/).waitFor();
    await judge([ines, tomasz], 'lot-open');
    await mina.sees('Pause …');
    await judge([mina], 'studio-lot-running');
    await bidsByKeyboard(tomasz);
    const keys = byKeyboard(tomasz.page);
    await keys.fill('Name', 'tomasz');
    await tomasz.page.keyboard.press('Enter');
    await tomasz.sees('Outbid · Bidder 1 leads');
    await hears(tomasz, 'You were outbid');
    await ines.sees('You lead');
    await judge([ines, tomasz], 'lot-outbid');
    await ines.button(/^Raise your maximum/).click();
    await tomasz.button('Raise max').click();
    await Promise.all([ines, tomasz].map(({ page }) => page.getByLabel(/^My maximum/).waitFor()));
    await judge([ines, tomasz], 'lot-maximum');
    await ines.page.getByLabel(/^My maximum/).fill('9000');
    await ines.button(/^Bid for me up to/).click();
    await ines.page.getByRole('dialog', { name: /^Do you mean/ }).waitFor();
    await judge([ines], 'lot-unusual');
    await ines.button('No, change it').click();
    await Promise.all([ines, tomasz].map(({ page }) => page.keyboard.press('Escape')));
  });

  it('the host pauses and cancels it with reasons that everyone reads', async () => {
    await mina.button('Pause …').click();
    await judge([mina], 'studio-lot-pause');
    await mina.button('Pause the lot').click();
    await Promise.all([ines, tomasz].map((one) => one.sees('Paused: One moment, please.')));
    await judge([ines, tomasz], 'lot-paused');
    await mina.button('Go on').click();
    await tomasz.button(/^Bid/).waitFor();
    await mina.button('Cancel …').click();
    await mina.page.getByLabel('Another reason').fill('The clasp is broken');
    await mina.button('Cancel the lot').click();
    await Promise.all(
      [ines, tomasz].map((one) => one.sees('The clasp is broken. Nobody is charged.')),
    );
    await judge([ines, tomasz], 'lot-cancelled');
  });

  it('two bid against each other; who has the higher maximum wins at one step over the other, and pays', async () => {
    await mina.page.keyboard.press('l');
    await ines.button('Set max').click();
    await ines.page.getByLabel(/^My maximum/).fill('30');
    await ines.button(/^Bid for me up to/).click();
    await ines.sees('You lead');
    await tomasz.sees('Bidder 1 leads');
    await bidsByKeyboard(tomasz);
    const keys = byKeyboard(tomasz.page);
    await tomasz.sees(/^Outbid/);
    await keys.to('Raise max');
    await tomasz.page.keyboard.press('Enter');
    await keys.fill(/^My maximum/, '60');
    await tomasz.page.keyboard.press('Enter');
    await tomasz.sees('You lead');
    await ines.sees('Outbid · Bidder 2 leads');
    await tomasz.sees(/^You won at €.32\.00$/);
    await hears(tomasz, /You won .* at €.32\.00\. Pay within/);
    await ines.sees(/^Sold for €.32\.00 to Bidder 2$/);
    await judge([ines, tomasz], 'lot-hammered');
    await tomasz.button(/^Pay/).click();
    const { shown, thanks } = await tomasz.pays();
    expect(thanks).toContain(`${shown} paid`);
    await tomasz.button('Back to the show').click();
  });

  it('a late bid moves the close; a lot that its winner doesn’t pay goes to the runner-up', async () => {
    const lotId = await prepares(2, {
      format: 'english',
      startMinor: 2_000,
      durationMs: 25_000,
      softCloseMs: 15_000,
    });
    await opens(lotId);
    await tomasz.sees('a bid in the last 15 s extends');
    await tomasz.button(/^Bid/).click();
    await tomasz.sees('You lead');
    const before = (await lotNow(lotId)).figures.closesAtMs ?? 0;
    await ines.button(/^Bid/).waitFor();
    await expect.poll(() => secondsOn(ines), wait).toBeLessThanOrEqual(12);
    await ines.button(/^Bid/).click();
    await ines.sees('You lead');
    expect((await lotNow(lotId)).figures.closesAtMs).toBeGreaterThan(before);
    await ines.sees(/^You won at €.21\.00$/);
    await mina
      .button(/^Unpaid/)
      .last()
      .click();
    await mina.button('Take it back').click();
    await tomasz.sees(/^Second chance: yours at €.20\.00 if you want it$/);
    await hears(tomasz, 'Second chance');
    await ines.sees('The shop took it back');
    await judge([tomasz], 'lot-second-chance');
    await mina.page.getByRole('tab', { name: /^Sales/ }).click();
    await mina.sees('To the runner-up:');
    await tomasz.button(/^Take it for/).click();
    await tomasz.pays();
    await tomasz.button('Back to the show').click();
  });

  it('a falling price goes to whoever takes it first, at what it stands at', async () => {
    const lotId = await prepares(3, {
      format: 'dutch',
      startMinor: 60_00,
      floorMinor: 20_00,
      stepMinor: 2_00,
      stepMs: 5_000,
    });
    await opens(lotId);
    await Promise.all([ines, tomasz].map((one) => one.button(/^Take at/).waitFor()));
    await judge([ines, tomasz], 'lot-falling');
    await ines.button(/^Take at/).click();
    await ines.sees(/^Yours at/);
    const { price, phase } = (await lotNow(lotId)).figures;
    expect(phase).toBe('sold');
    await ines.sees(`Yours at €\u00a0${((price?.minor ?? 0) / 100).toFixed(2)}`);
    await tomasz.sees(/^Sold for .* to Bidder 1$/);
  });

  it('the replay tells where each lot opened and how it went', async () => {
    await owner.ask('POST', `/api/shows/${showId}/end`);
    await ines.opens(`${house.url}/shows/${showId}`);
    await ines.page.getByLabel('Replay of One of each').waitFor();
    await ines.button('Moments').click();
    await ines.sees(/sold for €32\.00 to Bidder 2/);
    await ines.sees(new RegExp(`${products[0]?.title}, cancelled`));
    await judge([ines], 'replay-moments');
  });

  it('every state keeps the rules of WCAG 2.2 AA and the width of the screen', () =>
    expect(findings).toEqual([]));

  it('no page met an error of its own', () => cast.hadNoFaults());
});
