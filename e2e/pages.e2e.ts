// Every page at the size of a phone and of a desk: nothing that the accessibility rules (WCAG 2.2 AA, as far
// as axe can tell) forbid, nothing wider than the screen, and a picture of each in artefacts/screens/ for
// eyes to judge. The pages are filled by one evening, so that they show what they are for.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '../src/protocol/catalogue.ts';
import { catalogueFile, Owner, Visitor } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf, seesMovingPicture } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { createJudge } from './judge.ts';

const { judge, findings } = createJudge();

let house: House;
let cast: Cast;
let owner: Owner;
/** The same person at both sizes. */
let crew: readonly Person[] = [];
let shoppers: readonly Person[] = [];
let products: readonly Product[] = [];
let showId = '';
let orderPath = '';

beforeAll(async () => {
  house = await openHouse({ env: { RIALTO_SHOP_NAME: 'Laguna' } });
  cast = new Cast(await openBrowser());
  owner = await Owner.of(house);
  crew = [
    await cast.onPhone('crew-phone', { still: true }),
    await cast.atDesk('crew-desk', { still: true, camera: true }),
  ];
  for (const { context } of crew) await context.addCookies(owner.cookies);
  const ines = await new Visitor(house).asGuest('ines_w');
  shoppers = [
    await cast.onPhone('shopper-phone', { still: true }),
    await cast.atDesk('shopper-desk', { still: true }),
  ];
  await shoppers[0]?.context.addCookies(ines.cookies);
}, 240_000);
afterAll(async () => {
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

/** Opens a path for these people, waits for `seen`, and judges it. */
const judgePage = async (
  people: readonly Person[],
  name: string,
  path: string,
  seen: string | RegExp,
): Promise<void> => {
  await Promise.all(people.map((person) => person.opens(house.url + path)));
  await Promise.all(people.map((person) => person.sees(seen)));
  await judge(people, name);
};

describe('the pages', { timeout: 300_000 }, () => {
  it('of an empty shop', async () => {
    await judgePage(shoppers, 'home-empty', '/', 'Laguna');
    await judgePage(shoppers.slice(1), 'sign-in', '/sign-in', 'E-mail');
    await judgePage(
      crew,
      'office-first-steps',
      '/office/shows',
      'Three steps to the first evening',
    );
    await judgePage(shoppers, 'not-found', '/nothing-here', 'There is nothing at this address');
  });

  it('of the office before the evening', async () => {
    await Promise.all(crew.map((person) => person.opens(`${house.url}/office/import`)));
    for (const { page } of crew) {
      await page.getByLabel('Product CSV').setInputFiles(catalogueFile('apparel'));
      await page.getByRole('heading', { name: 'What would come in' }).waitFor();
    }
    await judge(crew, 'office-import');
    products = (await owner.imports('apparel')).slice(0, 4);
    await judgePage(crew, 'office-catalogue', '/office/catalogue', products[0]?.title ?? '');
    await judgePage(crew, 'office-product', `/office/catalogue/${products[0]?.id}`, 'Pictures');
    await judgePage(crew, 'office-plan', '/office/shows/new', 'Run of show');
    await judgePage(crew, 'office-people', '/office/people', 'People');
  });

  it('of a show before it begins', async () => {
    ({ showId } = await owner.plans('Autumn layers', products));
    await owner.plans('Winter boots, early', products.slice(1));
    await judgePage(shoppers, 'home', '/', 'Autumn layers');
    await judgePage(shoppers, 'before', `/shows/${showId}`, 'What will happen');
    await judgePage(crew, 'office-shows', '/office/shows', 'Autumn layers');
    await judgePage(crew, 'studio-before', `/studio/${showId}`, /Go live|Light, camera, you/);
  });

  it('of a show that is live and sells', async () => {
    const [, host] = crew;
    const [product] = products;
    if (!host || !product) throw new Error('nobody to go live');
    await host.button(/^Go live$/).click();
    await host.button('Stop my picture').waitFor();
    await owner.ask('POST', `/api/shows/${showId}/pin`, { productId: product.id });
    await owner.offers(showId, product, {
      quantity: 12,
      perPersonMax: 2,
      durationMs: 3_600_000,
      holdMs: 3_600_000,
    });
    await Promise.all(shoppers.map((person) => person.opens(`${house.url}/shows/${showId}`)));
    for (const { page } of shoppers) await seesMovingPicture(page.getByLabel(/^Live picture of/));
    const [phone, desk] = shoppers;
    await phone?.says('Is it warm enough for November?');
    await host.says('Wool outside, silk inside. Yes!');
    await phone?.says('Sold. Which size for 1.75 m?');
    await desk?.sees('Sold. Which size for 1.75 m?');
    await judge(shoppers, 'live');
    await judge(crew, 'studio-live');
    await host.button('Remove the message of ines_w').last().click();
    await judge([host], 'studio-remove');
    await host.page.getByText('Beside the point').click();
    await host.button('Remove').last().click();
    await desk?.page.getByText('Sold. Which size for 1.75 m?').waitFor({ state: 'detached' });
    await desk?.button(/^Claim for/).click();
    await desk?.sees('What shall we call you?');
    await judge(shoppers.slice(1), 'way-in');
    await desk?.givesName();
  });

  it('of a piece that is held, paid for and ordered', async () => {
    const [phone, desk] = shoppers;
    await phone?.button(/^Claim for/).click();
    for (const person of shoppers) await person.sees('One is held for you');
    await judge(shoppers, 'held');
    for (const person of shoppers) {
      await person.button(/^Pay/).click();
      await person.page.getByRole('dialog', { name: 'Checkout' }).waitFor();
    }
    await judge(shoppers, 'checkout');
    await phone?.pays();
    await desk?.pays();
    await judge(shoppers, 'thanks');
    for (const { page } of shoppers) {
      await page.getByRole('dialog').getByRole('link', { name: 'See the order' }).click();
      await page.getByRole('heading', { level: 1, name: 'Paid' }).waitFor();
    }
    await judge(shoppers, 'order');
    await judgePage(crew, 'office-orders', '/office/orders', 'Paid');
    const { orders } = await owner.ask<{ orders: { orderId: string }[] }>('GET', '/api/orders');
    orderPath = `/office/orders/${orders[0]?.orderId}`;
    await judgePage(crew, 'office-order', orderPath, 'Goes to');
  });

  it('of its replay', async () => {
    await owner.ask('POST', `/api/shows/${showId}/end`);
    await Promise.all(shoppers.map((person) => person.opens(`${house.url}/shows/${showId}`)));
    for (const { page } of shoppers) await page.getByLabel('Replay of Autumn layers').waitFor();
    await judge(shoppers, 'replay');
    await judgePage(crew, 'studio-after', `/studio/${showId}`, 'The curtain is down');
    await judgePage(shoppers, 'home-after', '/', 'Autumn layers');
    await judgePage(shoppers, 'receipts', '/receipts', 'How to check a receipt');
  });

  it('keep the rules of WCAG 2.2 AA and the width of the screen', () => {
    expect(findings).toEqual([]);
  });

  it('met no error of their own', () => cast.hadNoFaults());
});
