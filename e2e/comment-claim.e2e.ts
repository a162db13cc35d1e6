// The story of a shop that sells by what the crowd writes: the owner switches it on, an offer gets a code word,
// a question is answered in private, the word holds the last piece, the next one waits in line and gets it
// when it comes back, and pays.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '../src/protocol/catalogue.ts';
import { Owner } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf, wait } from './cast.ts';
import { type House, openHouse } from './house.ts';

let house: House;
let cast: Cast;
let mina: Person;
let ines: Person;
let tomasz: Person;
let owner: Owner;
let product: Product;
let other: Product;
let showId = '';

beforeAll(async () => {
  house = await openHouse();
  owner = await Owner.of(house);
  const products = await owner.imports('apparel');
  const [first, second] = products;
  if (!first || !second) throw new Error('The catalogue has nothing in stock');
  [product, other] = [first, second];
  for (const { id } of [...product.variants, ...other.variants])
    await owner.ask('PUT', `/api/variants/${id}/stock`, { onHand: 1 });
  ({ showId } = await owner.plans('Words that sell', [product, other]));
  await owner.ask('POST', `/api/shows/${showId}/go-live`);
  cast = new Cast(await openBrowser());
  mina = await cast.atDesk('Mina');
  ines = await cast.onPhone('ines_w');
  tomasz = await cast.atDesk('tomasz');
  await mina.context.addCookies(owner.cookies);
});
afterAll(async () => {
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

/** The lines that the shop wrote to this person alone. */
const whispers = async (person: Person): Promise<readonly string[]> =>
  (await person.reads()).filter((line) => line.includes('Shop, only to you'));

describe('claiming by comment', { timeout: 180_000 }, () => {
  it('[CCL-1] the owner switches it on in the office, for this show', async () => {
    await mina.opens(`${house.url}/office/shows/${showId}`);
    const part = mina.page.getByRole('region', { name: 'Claim by comment' });
    const box = part.getByRole('checkbox');
    await box.waitFor();
    expect(await box.isChecked()).toBe(false);
    await box.check();
    await expect.poll(async () => (await owner.show(showId)).room.commentClaims, wait).toBe(true);
  });

  it('[CCL-2] the studio suggests a code word, and the offer’s card names it', async () => {
    await mina.opens(`${house.url}/studio/${showId}`);
    await mina.button('End show').waitFor();
    await ines.opens(`${house.url}/shows/${showId}`);
    await tomasz.opens(`${house.url}/shows/${showId}`);
    await mina.page.keyboard.press('o');
    const form = mina.page.getByRole('dialog', { name: product.title });
    const word = form.getByLabel(/^Code word of/).first();
    expect(await word.inputValue()).toMatch(/^\p{L}{3,20}$/u);
    await word.fill('lagoon');
    await form.getByLabel('A code word in the chat').selectOption('waitlist');
    const quantities = await form.getByLabel(/^Quantity of/).all();
    for (const [at, field] of quantities.entries()) await field.fill(at === 0 ? '1' : '');
    await form.getByRole('button', { name: /^Open for everyone/ }).click();
    await form.waitFor({ state: 'hidden' });
    await ines.card.getByText('or write LAGOON in the chat').waitFor();
  });

  it('[CCL-5] [CCL-14] a question is answered to who asked, and to nobody else', async () => {
    await ines.says('is lagoon still there?');
    await ines.givesName();
    await expect
      .poll(() => whispers(ines), wait)
      .toEqual([expect.stringMatching(/Nothing was claimed by a question\..*write just LAGOON/s)]);
    await tomasz.chat.getByText('is lagoon still there?').waitFor();
    expect(await whispers(tomasz)).toEqual([]);
    await mina.chat.getByText('Unclear, told what to write').waitFor();
  });

  it('[CCL-4] [CCL-7] the word alone holds the piece, with its clock', async () => {
    await ines.says('LAGOON 🔥');
    await expect
      .poll(async () => (await whispers(ines)).at(-1), wait)
      .toMatch(/Held for you: .*Pay now.*\d/s);
    await mina.chat.getByText(/^Claimed/).waitFor();
    await tomasz.card.getByText('None left right now').waitFor();
    await tomasz.card.getByText('Write LAGOON in the chat to stand in the line').waitFor();
  });

  it('[CCL-9] who comes later waits, and gets it when it comes back', async () => {
    await tomasz.says('sold lagoon');
    await tomasz.givesName();
    await expect
      .poll(async () => (await whispers(tomasz)).at(-1), wait)
      .toMatch(/yours next\..*Leave the line/s);
    await ines.button('Release').click();
    await expect
      .poll(async () => (await whispers(tomasz)).at(-1), wait)
      .toMatch(/Your turn, one came back.*Pay now/s);
    expect((await whispers(ines)).join()).not.toContain('Your turn');
    await expect
      .poll(async () => (await whispers(ines)).at(-1), wait)
      .toContain('You gave it back.');
  });

  it('pays from the line in the chat what the checkout says', async () => {
    await tomasz.chat.getByRole('button', { name: 'Pay now' }).click();
    const { shown, thanks } = await tomasz.pays();
    expect(thanks).toContain(shown);
    await tomasz.page.getByRole('dialog', { name: 'It’s yours' }).press('Escape');
    await expect.poll(async () => (await whispers(tomasz)).at(-1), wait).toContain('It is paid.');
    await expect
      .poll(async () => (await owner.show(showId)).room.offers[0]?.figures, wait)
      .toEqual({ [product.variants[0]?.id ?? '']: { left: 0, inCarts: 0, sold: 1 } });
  });

  it('[CCL-8] where nothing is kept, whoever pays first gets it', async () => {
    const [variant] = other.variants;
    await owner.ask('POST', `/api/shows/${showId}/offers`, {
      productId: other.id,
      variants: [{ variantId: variant?.id, priceMinor: 2_500, quantity: 1 }],
      durationMs: 600_000,
      comments: { policy: 'first-paid', codes: [{ variantId: variant?.id, word: 'ember' }] },
    });
    await ines.card.getByText('or write EMBER in the chat').waitFor();
    for (const person of [ines, tomasz]) {
      await person.says('ember');
      await expect
        .poll(async () => (await whispers(person)).at(-1), wait)
        .toMatch(/nothing is kept, whoever pays first gets it.*Pay now/s);
      await person.chat.getByRole('button', { name: 'Pay now' }).click();
      await person.sees('Not held: whoever pays first gets it');
    }
    const { shown, thanks } = await tomasz.pays();
    expect(thanks).toContain(shown);
    await ines.asksToPay();
    const checkout = ines.page.getByRole('dialog', { name: 'Checkout' });
    await checkout.getByRole('alert').getByText('There aren’t that many left').waitFor();
  });

  it('no page met an error of its own', () => {
    cast.hadNoFaults();
  });
});
