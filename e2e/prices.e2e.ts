// The story of a price: an owner makes a promo code in the office, a shopper comes by a link that carries it,
// reads what the reduction is compared with, pays the sum on the button, and sends the next piece along in the
// same parcel. What stands on the screens is judged at both sizes.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '../src/protocol/catalogue.ts';
import type { OrderView } from '../src/protocol/http.ts';
import { Owner, Visitor } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { createJudge } from './judge.ts';

const { judge, findings } = createJudge();

let house: House;
let cast: Cast;
let owner: Owner;
let mina: Person;
let ines: Person;
let phone: Person;
let tomasz: Person;
let guest: Visitor;
let vase: Product;
let bowl: Product;
let showId = '';

beforeAll(async () => {
  house = await openHouse();
  cast = new Cast(await openBrowser());
  owner = await Owner.of(house);
  mina = await cast.atDesk('Mina', { still: true });
  phone = await cast.onPhone('mina-phone', { still: true });
  ines = await cast.onPhone('ines_w', { still: true });
  for (const { context } of [mina, phone]) await context.addCookies(owner.cookies);
  guest = await new Visitor(house).asGuest('ines_w');
  await ines.context.addCookies(guest.cookies);
  tomasz = await cast.onPhone('tomasz', { still: true });
  const member = new Visitor(house);
  const account = { name: 'tomasz', email: 'tomasz@example.com', password: 'correct horse' };
  await member.ask('POST', '/api/auth/sign-up/email', account);
  await tomasz.context.addCookies(member.cookies);
  const [first, second] = await owner.imports('apparel');
  if (!first || !second) throw new Error('no two products in stock');
  [vase, bowl] = [first, second];
  const show = await owner.plans('Prices and parcels', [vase, bowl]);
  showId = show.showId;
  await owner.ask('POST', `/api/shows/${showId}/go-live`);
}, 240_000);
afterAll(async () => {
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

const variant = () => vase.variants[0]!;
const offers = (priceMinor: number) =>
  owner.ask('POST', `/api/shows/${showId}/offers`, {
    productId: vase.id,
    variants: [
      {
        variantId: variant().id,
        priceMinor,
        membersPriceMinor: Math.round(priceMinor * 0.9),
        quantity: 4,
      },
    ],
    durationMs: 3_600_000,
    holdMs: 600_000,
  });
const orders = async () =>
  (await guest.ask<{ orders: OrderView[] }>('GET', '/api/orders?mine=1')).orders;

describe('an evening of prices', { timeout: 240_000 }, () => {
  it('the owner makes a code and sees how it stands', async () => {
    const { page } = mina;
    await mina.opens(`${house.url}/office/codes`);
    await mina.sees('No code yet');
    await judge([mina], 'office-codes-empty');
    await mina.button('New code').click();
    const sheet = page.getByRole('dialog', { name: 'New promo code' });
    await sheet.getByRole('textbox', { name: 'Code', exact: true }).fill('kiln 10');
    await sheet.getByLabel('Orders in total').fill('100');
    await judge([mina], 'office-code-sheet');
    await mina.button('Make it').click();
    await mina.sees('10 % off all products');
    await mina.sees('0 of 100 used, 1 a person');
    await phone.opens(`${house.url}/office/codes`);
    await phone.sees('KILN10');
    await judge([mina, phone], 'office-codes');
  });

  it('the owner makes somebody a member', async () => {
    const { page } = mina;
    await mina.opens(`${house.url}/office/people`);
    await mina.button(/membership of tomasz/).click();
    await page.getByLabel('Tier').fill('Kiln club');
    await judge([mina], 'office-membership');
    await mina.button('Make a member').click();
    await mina.sees('tomasz is a member: Kiln club');
    await phone.opens(`${house.url}/office/people`);
    await phone.sees('Kiln club');
    await judge([mina, phone], 'office-people-members');
  });

  it('a shopper sees a live price beside the lowest of the last 30 days', async () => {
    const { minor } = variant().price;
    await owner.ask('PUT', `/api/variants/${variant().id}/stock`, { onHand: 50 });
    await offers(Math.round(minor * 0.9));
    await ines.opens(`${house.url}/shows/${showId}?code=kiln10`);
    await ines.sees(/Lowest price of the last 30 days/);
    await ines.sees(/Members pay/);
    await judge([ines], 'watch-reference-price');
  });

  it('a member sees the members’ price, holds at it and pays it', async () => {
    await tomasz.opens(`${house.url}/shows/${showId}`);
    await tomasz.sees('members’ price');
    await judge([tomasz], 'watch-members-price');
    const claim = tomasz.button(/^Claim for/);
    const sum = /Claim for (\S+\s\S+)/.exec(await claim.innerText())?.[1];
    await claim.click();
    await tomasz.sees('One is held for you');
    await tomasz.button(/^Pay/).click();
    const { shown } = await tomasz.pays();
    expect(shown).toBe(sum);
  });

  it('the code of the link is in the sum on the button, and in what is paid', async () => {
    await ines.button(/^Claim for/).click();
    await ines.sees('One is held for you');
    await ines.button(/^Pay/).click();
    await ines.sees(/KILN10 takes/);
    await judge([ines], 'checkout-code');
    const { shown, thanks } = await ines.pays();
    expect(thanks).toContain(`${shown} paid`);
    const [order] = await orders();
    const { goods, discount, shipping, total } = order!.totals;
    expect(order!.code).toBe('KILN10');
    expect(discount.minor).toBe(Math.round(goods.minor / 10));
    expect(total.minor).toBe(goods.minor - discount.minor + shipping.minor);
    await ines.button('Back to the show').click();
  });

  it('the next piece goes into the parcel: no shipping on the button, none in the sum', async () => {
    await ines.sees(/in your parcel/);
    await judge([ines], 'watch-parcel');
    await ines.button(/^Claim for/).click();
    await ines.button(/^Pay/).click();
    await ines.sees('It goes into your parcel from this show: no more shipping.');
    await judge([ines], 'checkout-parcel');
    const { page } = ines;
    const checkout = page.getByRole('dialog', { name: 'Checkout' });
    // The code of the link was for one order a person.
    await ines.sees('You have used this code already.');
    await checkout.getByRole('button', { name: /Use the test card/ }).click();
    await checkout.getByRole('button', { name: /^Pay .*no money/ }).click();
    await page.getByRole('dialog', { name: 'It’s yours' }).waitFor();
    const [second] = await orders();
    expect([second!.totals.shipping.minor, second!.totals.total]).toEqual([
      0,
      second!.totals.goods,
    ]);
  });

  it('a host gives members a price of their own in the studio', async () => {
    await mina.opens(`${house.url}/studio/${showId}`);
    await phone.opens(`${house.url}/studio/${showId}`);
    await mina.button('End show').waitFor();
    await mina.page.keyboard.press('o');
    const sheet = mina.page.getByRole('dialog', { name: vase.title });
    await sheet.getByLabel('Members have a price of their own').check();
    await sheet
      .getByText(/lowest price of the last 30 days/)
      .first()
      .waitFor();
    await judge([mina], 'studio-offer-sheet-members');
  });

  it('and composes a set, which a shopper claims and pays as one thing', async () => {
    const { page } = mina;
    const sheet = page.getByRole('dialog', { name: vase.title });
    await sheet.getByLabel('Offer several pieces as a set').check();
    await sheet.getByLabel('Name of the set').fill('Both together');
    for (const { variants } of [vase, bowl]) {
      const { id } = variants.find(({ stock }) => (stock?.onHand ?? 0) > 2) ?? variants[0]!;
      await sheet.getByLabel('Add a piece').selectOption(id);
    }
    await sheet.getByLabel('Price of a set', { exact: true }).fill('70');
    await sheet.getByLabel('Sets to offer').fill('2');
    await judge([mina], 'studio-offer-sheet-set');
    await sheet.getByRole('button', { name: /^Open for everyone/ }).click();
    await sheet.waitFor({ state: 'hidden' });
    await ines.button('Back to the show').click();
    await ines.sees('Both together');
    await ines.sees('Together:');
    await judge([ines], 'watch-set');
    await ines.button(/^Claim for/).click();
    await ines.button(/^Pay/).click();
    const checkout = ines.page.getByRole('dialog', { name: 'Checkout' });
    await checkout.getByRole('button', { name: /Use the test card/ }).click();
    await checkout.getByRole('button', { name: /^Pay .*no money/ }).click();
    await ines.page.getByRole('dialog', { name: 'It’s yours' }).waitFor();
    const [order] = await orders();
    expect(order!.lines).toMatchObject([
      { title: 'Both together', quantity: 1, parts: [{ quantity: 1 }, { quantity: 1 }] },
    ]);
    await ines.opens(`${house.url}/orders/${order!.orderId}`);
    await ines.sees(vase.title);
    await judge([ines], 'order-set');
  });

  it('the office counts the use', async () => {
    await mina.opens(`${house.url}/office/codes`);
    await mina.sees('1 of 100 used, 1 a person');
  });

  it('nothing on the screens was forbidden, and no page met an error of its own', () => {
    expect(findings).toEqual([]);
    cast.hadNoFaults();
  });
});
