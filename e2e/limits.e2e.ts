// A shopper's own limits: set on a page of their own, met beside the button in words, confirmed with a second
// press, taken back before they count. The page is judged at both sizes.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Owner, Visitor } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { createJudge } from './judge.ts';

const { judge, findings } = createJudge();

let house: House;
let cast: Cast;
/** The same person on her phone and at her desk. */
let phone: Person;
let desk: Person;
let showId = '';

beforeAll(async () => {
  house = await openHouse();
  cast = new Cast(await openBrowser());
  const owner = await Owner.of(house);
  const ines = await new Visitor(house).asGuest('ines_w');
  phone = await cast.onPhone('phone', { still: true });
  desk = await cast.atDesk('desk', { still: true });
  for (const { context } of [phone, desk]) await context.addCookies(ines.cookies);
  const products = (await owner.imports('apparel')).slice(0, 1);
  ({ showId } = await owner.plans('Within measure', products));
  await owner.ask('POST', `/api/shows/${showId}/go-live`);
  await owner.offers(showId, products[0]!, {
    quantity: 9,
    perPersonMax: 5,
    durationMs: 600_000,
    holdMs: 600_000,
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

const saves = async (person: Person, label: string, text: string, said: string): Promise<void> => {
  await person.page.getByLabel(label).fill(text);
  await person.button('Save my limits').click();
  await person.page.getByRole('status').filter({ hasText: said }).waitFor();
};

describe('limits of one’s own', { timeout: 120_000 }, () => {
  it('[LIM-11] somebody who wants to be asked is asked, and gets the unit with a second press', async () => {
    await phone.opens(`${house.url}/limits`);
    await saves(phone, 'Ask me again above', '1', 'It counts from now');
    await desk.opens(`${house.url}/shows/${showId}`);
    await desk.button(/^Claim for/).click();
    await desk.sees(/This may come to more than .*1\.00/);
    await desk.button('Yes, I mean it').click();
    await desk.sees('One is held for you');
    await desk.button('Release').click();
    await desk.button(/^Claim for/).waitFor();
  });

  it('[LIM-5] beyond a limit of the day nothing is held, and the card says what is left', async () => {
    await saves(phone, 'Spending in a day', '2', 'It counts from now');
    await desk.button(/^Claim for/).click();
    await desk.sees('Above your own limit for today');
    await desk.sees(/2\.00 of it is left/);
    await judge([desk], 'limit-refused');
  });

  it('[LIM-2] a higher one stands beside its field until it counts, and can be taken back', async () => {
    await saves(phone, 'Spending in a day', '500', 'What is looser counts from the time beside it');
    await desk.opens(`${house.url}/limits`);
    for (const person of [phone, desk]) await person.button(/^Keep .*2\.00/).waitFor();
    await judge([phone, desk], 'limits');
    await phone.button(/^Keep .*2\.00/).click();
    await phone.button(/^Keep .*2\.00/).waitFor({ state: 'detached' });
    expect(await phone.page.getByLabel('Spending in a day').inputValue()).toBe('2.00');
  });

  it('the page is in the menu of who is signed in', async () => {
    await desk.page.getByText('ines_w').click();
    await desk.page.getByRole('link', { name: 'My limits' }).click();
    await desk.page.getByRole('heading', { level: 1, name: 'My limits' }).waitFor();
  });

  it('keep the rules of WCAG 2.2 AA and the width of the screen', () => {
    expect(findings).toEqual([]);
  });

  it('met no error of their own', () => cast.hadNoFaults());
});
