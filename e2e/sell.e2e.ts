// The story that everything is for: an owner brings a catalogue, plans an evening and goes live with a
// camera; somebody without an account watches on a phone, talks, claims and pays; somebody else does it
// with the keyboard alone; the shop sees both sales. Each test is the next scene of one story.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogueFile } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf, seesMovingPicture, wait } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { byKeyboard } from './keyboard.ts';

let house: House;
let cast: Cast;
let mina: Person;
let ines: Person;
let tomasz: Person;

beforeAll(async () => {
  house = await openHouse();
  cast = new Cast(await openBrowser());
  mina = await cast.atDesk('Mina', { camera: true });
  ines = await cast.onPhone('ines_w');
  tomasz = await cast.atDesk('tomasz');
});
afterAll(async () => {
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

const title = 'Silver and stone';
/** The first two products of the shelf, as the catalogue names them. */
const shelf: string[] = [];
let showUrl = '';

describe('an evening that sells', { timeout: 240_000 }, () => {
  it('the owner imports a real catalogue after having seen what would come in', async () => {
    const { page } = mina;
    await mina.opens(house.ownerLink);
    await page.getByRole('link', { name: 'Import', exact: true }).filter({ visible: true }).click();
    await page.getByLabel('Product CSV').setInputFiles(catalogueFile('apparel'));
    await page.getByRole('heading', { name: 'What would come in' }).waitFor();
    const action = page.getByRole('button', { name: /^Import \d+ products$/ });
    const count = Number(/\d+/.exec((await action.textContent()) ?? '')?.[0]);
    expect(await page.getByRole('table').getByRole('row').count()).toBe(count + 1);
    await action.click();
    await page.getByRole('heading', { name: 'Your catalogue is in' }).waitFor();
    await mina.sees(`${count} new, 0 updated, 0 unchanged.`);
    await page.getByRole('link', { name: 'See the catalogue' }).click();
    await mina.sees(`${count} products`);
  });

  it('she plans a show with two pieces on its shelf', async () => {
    const { page } = mina;
    await page.getByRole('link', { name: 'Shows', exact: true }).filter({ visible: true }).click();
    await page.getByRole('link', { name: 'Plan a show' }).first().click();
    await page.getByLabel('Title', { exact: true }).fill(title);
    await mina.button('Choose the products of the show').click();
    const chooser = page.getByRole('dialog', { name: 'Choose products' });
    const inStock = chooser.getByRole('button').filter({ hasText: /· \d{2,} on hand/ });
    await inStock.first().waitFor();
    for (const at of [0, 1]) {
      shelf.push((await inStock.nth(at).locator('b').innerText()).trim());
      await inStock.nth(at).click();
    }
    await chooser.getByRole('button', { name: 'Done' }).click();
    await mina.button('Plan this show').click();
    await mina.sees(`“${title}” is planned`);
    await page
      .getByRole('link', { name: /studio/i })
      .filter({ visible: true })
      .first()
      .click();
    await page.getByRole('heading', { name: title }).waitFor();
    showUrl = `${house.url}/shows/${new URL(page.url()).pathname.split('/').at(-1)}`;
  });

  it('she goes live from the browser’s camera', async () => {
    const { page } = mina;
    await seesMovingPicture(page.getByLabel('Your own picture'));
    await mina.button(/^Go live$/).click();
    await mina.button('End show').waitFor();
    await mina.button('Stop my picture').waitFor();
  });

  it('somebody without an account sees her move on a phone', async () => {
    const { page } = ines;
    await ines.opens(showUrl);
    const video = page.getByLabel(/^Live picture of/);
    await page.waitForFunction(
      () => (document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0) > 0,
    );
    const firstPictureMs = await page.evaluate(() => Math.round(performance.now()));
    console.log(`first picture on the phone: ${firstPictureMs} ms after the page was asked for`);
    await seesMovingPicture(video);
    await expect
      .poll(() => page.getByText(/^\d+ watching$/).textContent(), wait)
      .toBe('1 watching');
  });

  it('a pin and an offer come to the phone when the host presses a key', async () => {
    await mina.page.keyboard.press('1');
    await ines.page.getByRole('article', { name: shelf[0] ?? '' }).waitFor();
    await ines.sees('Shown now');
    await mina.page.keyboard.press('2');
    await ines.page.getByRole('article', { name: shelf[1] ?? '' }).waitFor();
    await mina.page.keyboard.press('1');
    await mina.button(`Pinned: ${shelf[0]}`).waitFor();
    await mina.page.keyboard.press('o');
    const form = mina.page.getByRole('dialog', { name: shelf[0] ?? '' });
    // All of every variant stands there at first: three of one that there is enough of are offered.
    const quantities = await form.getByLabel(/^Quantity of/).all();
    const there = await Promise.all(quantities.map((field) => field.inputValue()));
    const enough = there.findIndex((count) => Number(count) >= 3);
    for (const [at, field] of quantities.entries()) await field.fill(at === enough ? '3' : '');
    const price = form.getByLabel(/^Live price of/).nth(enough);
    await price.fill((Number(await price.inputValue()) * 0.9).toFixed(2));
    await form.getByRole('button', { name: /^Open for everyone/ }).click();
    await form.waitFor({ state: 'hidden' });
    await ines.sees('Live offer');
    await ines.sees('3 left');
    expect(await ines.card.getByRole('timer').innerText()).toMatch(/\d+(:\d\d| min)/);
  });

  it('she talks, cheers, claims and pays, and the order says so', async () => {
    const { page } = ines;
    await ines.says('Is the clasp silver too?');
    await ines.givesName();
    await expect
      .poll(() => ines.reads(), wait)
      .toEqual([expect.stringContaining('Is the clasp silver too?')]);
    await mina.page
      .getByRole('log', { name: 'Chat' })
      .getByText('Is the clasp silver too?')
      .waitFor();

    await ines.button(/^Send a heart/).click();
    await ines.button(/^Claim for/).click();
    await ines.sees('One is held for you');
    expect(await ines.card.getByRole('timer').innerText()).toMatch(/\d+:\d\d/);
    await tomasz.opens(showUrl);
    await tomasz.sees('2 left, 1 in a cart');
    await tomasz.button('Send a heart; 1 so far').waitFor();

    await ines.button(/^Pay/).click();
    const { shown, thanks } = await ines.pays();
    expect(thanks).toContain(`${shown} paid`);
    await page.getByRole('dialog').getByRole('link', { name: 'See the order' }).click();
    await page.getByRole('heading', { level: 1, name: 'Paid' }).waitFor();
    await ines.sees(shelf[0] ?? '');
  });

  it('somebody claims and pays with the keyboard alone', async () => {
    const { page } = tomasz;
    const keys = byKeyboard(page);
    await keys.to(/^Claim for/);
    await page.keyboard.press('Enter');
    await keys.fill('Name', 'tomasz');
    await page.keyboard.press('Enter');
    await tomasz.sees('One is held for you');
    await keys.to(/^Pay/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Checkout' }).waitFor();
    for (const [label, text] of [
      ['Full name', 'Tomasz Nowak'],
      ['Street and number', 'ul. Długa 4'],
      ['Postcode', '31-147'],
      ['Town', 'Kraków'],
      ['E-mail', 'tomasz@example.com'],
      ['Card number', '4242424242424242'],
    ] as const) {
      await keys.fill(label, text);
    }
    await keys.to(/^Pay .*no money/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'It’s yours' }).waitFor();
    await keys.to('See the order');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Paid' }).waitFor();
  });

  it('the studio and the office see both sales', async () => {
    const { page } = mina;
    await page.getByRole('tab', { name: /^Sales/ }).click();
    const sales = page.getByRole('list', { name: 'Claims and sales' });
    await expect.poll(() => sales.getByText('Sold').count(), wait).toBe(2);
    const office = await mina.context.newPage();
    await office.goto(`${house.url}/office/orders`);
    const orders = office.getByRole('main').getByRole('listitem');
    await orders.first().waitFor();
    const lines = await orders.allInnerTexts();
    expect(lines).toHaveLength(2);
    expect(lines.join('\n')).toMatch(/tomasz[\s\S]*ines_w/);
    for (const line of lines) expect(line).toMatch(/paid/i);
    await office.close();
  });

  it('no page met an error of its own', () => cast.hadNoFaults());
});
