// A drop of two sets that takes one entry for each proven address and each card: the host composes the set in the
// studio; a guest makes an account, proves her address by the letter's link, keeps a card and is in; a second account
// with the same card is turned away; somebody in the line leaves it; who is served pays for a whole set. Each test is
// the next scene of one story.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '../src/protocol/catalogue.ts';
import { Owner } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { createJudge } from './judge.ts';

const { judge, findings } = createJudge();

let house: House;
let cast: Cast;
let owner: Owner;
let mina: Person;
let ines: Person;
let nora: Person;
let petra: Person;
let products: readonly Product[] = [];
let showId = '';

beforeAll(async () => {
  house = await openHouse({ env: { RIALTO_SHOP_NAME: 'Laguna' } });
  cast = new Cast(await openBrowser());
  owner = await Owner.of(house);
  mina = await cast.atDesk('mina', { camera: true, still: true });
  await mina.context.addCookies(owner.cookies);
  ines = await cast.onPhone('ines_w', { still: true });
  nora = await cast.atDesk('nora', { still: true });
  petra = await cast.onPhone('petra', { still: true });
}, 240_000);
afterAll(async () => {
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

type Letters = { readonly letters: readonly { readonly to: string; readonly text: string }[] };

/** The link of the newest letter to this address, as its reader has it before them. */
const linkTo = async (email: string): Promise<string> => {
  const find = async () => {
    const { letters } = await owner.ask<Letters>('GET', '/api/mail');
    const text = letters.find(({ to }) => to === email)?.text ?? '';
    return /http\S+verify-email\S+/.exec(text)?.[0] ?? '';
  };
  await expect.poll(find, { timeout: 20_000 }).not.toBe('');
  return find();
};

const sheetOf = (person: Person) => person.page.getByRole('dialog', { name: 'One entry a person' });

/** From the card to a sheet that says what is still to be shown. */
const makesAccount = async (person: Person): Promise<void> => {
  await person.card.getByRole('button', { name: /^Add your address and enter/ }).click();
  const dialog = person.page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(person.name);
  await dialog.getByLabel('E-mail').fill(`${person.name}@example.com`);
  await dialog.getByLabel('Password').fill('a password of theirs');
  await dialog.getByRole('button', { name: 'Make the account' }).click();
  await person.card.getByText('Your address isn’t proven yet').waitFor();
  await person.card.getByRole('button', { name: 'Do it now' }).click();
  await sheetOf(person).waitFor();
};

const provesAddress = async (person: Person): Promise<void> => {
  await sheetOf(person).getByRole('button', { name: 'Send me the letter' }).click();
  await sheetOf(person).getByRole('button', { name: 'Send it again' }).waitFor();
  const link = await linkTo(`${person.name}@example.com`);
  // Opened in a mail program that knows nobody.
  const opened = await fetch(link, { redirect: 'manual' });
  expect(opened.headers.get('location')).toBe('/account?address=verified');
  await sheetOf(person).getByText('Proven', { exact: true }).waitFor();
};

describe('a drop of sets for persons', { timeout: 180_000 }, () => {
  it('[DRO-16] [DRO-17] the host composes a set and says what an entry takes', async () => {
    products = (await owner.imports('jewelry'))
      .filter(({ variants }) => variants.length === 1)
      .slice(0, 2);
    ({ showId } = await owner.plans('Two for one', products));
    await owner.ask('POST', `/api/shows/${showId}/go-live`);
    for (const { variants } of products)
      await owner.ask('PUT', `/api/variants/${variants[0]!.id}/stock`, { onHand: 4 });
    await mina.opens(`${house.url}/studio/${showId}`);
    await mina.button(/^Drop G$/).waitFor();
    await mina.page.keyboard.press('g');
    const sheet = mina.page.getByRole('dialog', { name: products[0]!.title });
    await sheet.getByText('By hand').click();
    await sheet.getByLabel('Offer several pieces as a set').check();
    await sheet.getByLabel('Name of the set').fill('Both together');
    for (const { variants } of products)
      await sheet.getByLabel('Add a piece').selectOption(variants[0]!.id);
    await sheet.getByLabel('Price of a set', { exact: true }).fill('70');
    await sheet.getByLabel('Sets to offer').fill('2');
    await sheet.getByLabel('With a proven address only').check();
    await sheet.getByLabel('With a card on file only').check();
    await judge([mina], 'studio-drop-set');
    await mina.page.keyboard.press('Control+Enter');
    await mina.sees('The drop is announced.');
    await mina.sees(/2 units at .*70.* proven addresses · a card each/);
  });

  it('[DRO-17] a guest makes an account and shows her address and a card; the sheet enters for her', async () => {
    await ines.opens(`${house.url}/shows/${showId}`);
    await ines.card.getByRole('heading', { name: 'Both together' }).waitFor();
    await ines.sees('One entry for each proven address and each card on file.');
    await judge([ines], 'drop-set');
    await makesAccount(ines);
    await judge([ines], 'entry-needs');
    await provesAddress(ines);
    await sheetOf(ines)
      .getByRole('button', { name: /^Use the test card/ })
      .click();
    await sheetOf(ines).getByRole('button', { name: 'Keep this card' }).click();
    await ines.card.getByText('You are in').waitFor();
    await sheetOf(ines).waitFor({ state: 'hidden' });
  });

  it('[DRO-17] another account with the same card is turned away; with a card of its own it is in', async () => {
    await nora.opens(`${house.url}/shows/${showId}`);
    await makesAccount(nora);
    await provesAddress(nora);
    const sheet = sheetOf(nora);
    await sheet.getByRole('button', { name: /^Use the test card/ }).click();
    await sheet.getByRole('button', { name: 'Keep this card' }).click();
    await nora.card.getByText('This card has entered already').waitFor();
    await judge([nora], 'card-entered');
    await nora.opens(`${house.url}/account`);
    await nora.sees('Visa, ending in 4242');
    await nora.button('Take this card off file').click();
    await nora.button('Yes, take it off').click();
    await nora.page.getByLabel('Card number').fill('4000 0027 6000 3184');
    await nora.button('Keep this card').click();
    await nora.sees('Your bank wants to see that it is you.');
    await judge([nora], 'account');
    await nora.button('It is me').click();
    await nora.sees('Visa, ending in 3184');
    await nora.opens(`${house.url}/shows/${showId}`);
    await nora.card.getByRole('button', { name: /^Enter/ }).click();
    await nora.card.getByText('You are in').waitFor();
  });

  it('[ACC-11] a link that was cut off says so, and where a new letter comes from', async () => {
    await petra.opens(`${house.url}/shows/${showId}`);
    await makesAccount(petra);
    await sheetOf(petra).getByRole('button', { name: 'Send me the letter' }).click();
    const link = await linkTo('petra@example.com');
    await petra.opens(link.replace(/token=([^&]+)/, 'token=$1x'));
    await petra.sees(/This link isn’t right/);
    await judge([petra], 'account-wrong-link');
    await petra.opens(link);
    await petra.page.getByText('Proven', { exact: true }).waitFor();
    await petra.page.getByLabel('Card number').fill('5555 5555 5555 4444');
    await petra.button('Keep this card').click();
    await petra.sees('Mastercard, ending in 4444');
  });

  it('[DRO-4] whoever waits in the line may leave it, and is asked whether they mean it', async () => {
    await mina.page.keyboard.press('d');
    for (const person of [ines, nora]) await person.card.getByText('It’s your turn').waitFor();
    await petra.opens(`${house.url}/shows/${showId}`);
    await petra.card.getByRole('button', { name: /^Enter/ }).click();
    await petra.card.getByText('Only if others let go').waitFor();
    await petra.card.getByRole('button', { name: 'Leave the line' }).click();
    await petra.card.getByText('Give up place 3').waitFor();
    await judge([petra], 'drop-leave');
    // The first is the question's, the button below has become the way to stay.
    await petra.card.getByRole('button', { name: 'Leave the line' }).click();
    await petra.card.getByRole('button', { name: /^Enter/ }).waitFor();
    await mina.sees(/0 waiting/);
  });

  it('[DRO-16] who is served pays for a whole set, and the order says what is in it', async () => {
    await ines.card.getByRole('button', { name: /^Pay / }).click();
    const { thanks } = await ines.pays();
    expect(thanks).toContain('paid');
    const bought = ines.page.getByRole('dialog', { name: 'It’s yours' });
    await bought.getByRole('link', { name: 'See the order' }).click();
    await ines.sees('Both together');
    for (const { title } of products) await ines.sees(new RegExp(title.slice(0, 20)));
    await judge([ines], 'order-drop-set');
  });

  it('every state keeps the rules of WCAG 2.2 AA and the width of the screen', () =>
    expect(findings).toEqual([]));

  it('no page met an error of its own', () => cast.hadNoFaults());
});
