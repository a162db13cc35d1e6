import { describe, expect, it } from 'vitest';
import { openOfferBody } from '../../protocol/http.ts';
import type { RoomItem } from '../../protocol/room.ts';
import { readAmount } from '../design/amount.ts';
import { newBundle, piecesOf } from './bundle-form.ts';
import {
  checkOffer,
  type OfferForm,
  offerFormFor,
  percentOff,
  withAvailable,
} from './offer-form.ts';

const item: RoomItem = {
  productId: 'vase',
  title: 'Lagoon vase',
  imageUrl: null,
  provenance: null,
  variants: [
    { variantId: 'small', title: 'Small', price: { minor: 4_200, currency: 'EUR' } },
    { variantId: 'large', title: 'Large', price: { minor: 8_600, currency: 'EUR' } },
  ],
};
const stock = { small: { available: 12, inCarts: 0 }, large: { available: 3, inCarts: 1 } };
const form = offerFormFor(item, stock);
const withRow = (variantId: string, change: Partial<OfferForm['rows'][number]>): OfferForm => ({
  ...form,
  rows: form.rows.map((row) => (row.variantId === variantId ? { ...row, ...change } : row)),
});

describe('the form of a live offer', () => {
  it('begins as something that the shop accepts: usual prices, all that is there', () => {
    const check = checkOffer(form, stock);
    expect(check).toEqual({
      ok: true,
      body: {
        productId: 'vase',
        variants: [
          { variantId: 'small', priceMinor: 4_200, membersPriceMinor: null, quantity: 12 },
          { variantId: 'large', priceMinor: 8_600, membersPriceMinor: null, quantity: 3 },
        ],
        perPersonMax: 2,
        durationMs: 600_000,
        holdMs: 120_000,
      },
    });
    if (check.ok) expect(openOfferBody.safeParse(check.body).success).toBe(true);
  });

  it('leaves out a variant of which none is offered', () => {
    const check = checkOffer(withRow('large', { quantity: '' }), stock);
    expect(check.ok && check.body.variants.map(({ variantId }) => variantId)).toEqual(['small']);
  });

  it('says before sending what stock can’t carry', () => {
    expect(checkOffer(withRow('large', { quantity: '4' }), stock)).toEqual({
      ok: false,
      problems: { 'quantity:large': 'Only 3 can be offered.' },
    });
  });

  it('names every wrong field at once', () => {
    const wrong: OfferForm = {
      ...withRow('small', { quantity: '1.5', price: 'cheap' }),
      perPerson: '0',
      minutes: '-1',
      holdSeconds: '5',
    };
    const check = checkOffer(wrong, stock);
    expect(check.ok ? [] : Object.keys(check.problems).sort()).toEqual([
      'holdSeconds',
      'minutes',
      'perPerson',
      'price:small',
      'quantity:small',
    ]);
  });

  it('an offer of nothing is none', () => {
    const none = { ...form, rows: form.rows.map((row) => ({ ...row, quantity: '0' })) };
    expect(checkOffer(none, stock)).toMatchObject({
      ok: false,
      problems: { rows: expect.any(String) },
    });
  });

  it('takes no limit and decimal commas', () => {
    const check = checkOffer(
      { ...withRow('small', { price: '€ 29,90' }), perPerson: '', minutes: '0,5' },
      stock,
    );
    expect(check).toMatchObject({ ok: true, body: { perPersonMax: null, durationMs: 30_000 } });
    expect(check.ok && check.body.variants[0]?.priceMinor).toBe(2_990);
  });

  it('[PRI-19] takes a set beside or instead of single pieces', () => {
    const form = offerFormFor(item, stock);
    const [small, large] = piecesOf([item]);
    const set = {
      ...newBundle,
      title: 'Both',
      price: '99',
      quantity: '2',
      pieces: [small!, large!],
    };
    const rows = form.rows.map((row) => ({ ...row, quantity: '' }));
    const check = checkOffer({ ...form, rows, bundle: set }, stock);
    expect(check).toMatchObject({ ok: true, body: { variants: [], bundles: [{ title: 'Both' }] } });
    const twice = checkOffer({ ...form, bundle: set }, stock);
    expect(twice).toMatchObject({ ok: false, problems: { 'bundle:small': expect.any(String) } });
    const empty = checkOffer({ ...form, rows, bundle: newBundle }, stock);
    expect(empty).toMatchObject({ ok: false, problems: { 'bundle:title': expect.any(String) } });
  });

  it('[PRI-17] takes a members’ price up to the live price, where members have one', () => {
    const members = (membersPrice: string, forMembers = true) =>
      checkOffer({ ...withRow('small', { price: '30', membersPrice }), forMembers }, stock);
    const first = (check: ReturnType<typeof members>) =>
      check.ok ? check.body.variants[0]?.membersPriceMinor : Object.keys(check.problems);
    expect(['25,50', '30', ''].map((text) => first(members(text)))).toEqual([2_550, 3_000, null]);
    expect(first(members('25', false))).toBeNull();
    expect(['30.01', 'x'].map((text) => first(members(text)))).toEqual([
      ['members:small'],
      ['members:small'],
    ]);
  });

  it('a refusal is cured with one click, and nothing else changes', () => {
    const cured = withAvailable(withRow('small', { quantity: '12', price: '30' }), 'small', 7);
    expect(cured.rows[0]).toMatchObject({ quantity: '7', price: '30' });
    expect(cured.rows[1]).toEqual(form.rows[1]);
    expect(checkOffer(cured, { ...stock, small: { available: 7, inCarts: 5 } }).ok).toBe(true);
  });

  it('reads amounts in the currency’s own digits', () => {
    expect(readAmount('500', 'JPY')).toEqual({ minor: 500, currency: 'JPY' });
    expect(readAmount('5.5', 'JPY')).toBeNull();
    expect(readAmount('', 'EUR')).toBeNull();
    expect(readAmount('1,299.00', 'EUR')).toBeNull();
  });

  it('shows how much less than usual', () => {
    const row = form.rows[0];
    if (!row) throw new Error('no row');
    expect(percentOff({ ...row, price: '31.50' }, row.usualPrice)).toBe(25);
    expect(percentOff(row, row.usualPrice)).toBeNull();
  });
});

describe('code words of a live offer', () => {
  const item = {
    productId: 'vase',
    title: 'Lagoon vase',
    imageUrl: null,
    provenance: null,
    variants: ['Ochre', 'Red', 'Ochre'].map((title, nth) => ({
      variantId: `v${nth}`,
      title,
      price: { minor: 4_200, currency: 'EUR' },
    })),
  };
  const stock = Object.fromEntries(
    item.variants.map(({ variantId }) => [variantId, { available: 2, inCarts: 0 }]),
  );
  const on = { isOn: true, taken: ['VASE'] };
  const form = offerFormFor(item, stock, on);
  const word = (variantId: string, typed: string): OfferForm => ({
    ...form,
    rows: form.rows.map((row) => (row.variantId === variantId ? { ...row, word: typed } : row)),
  });

  it('[CCL-1] are in the form only where the owner has switched them on', () => {
    const off = offerFormFor(item, stock);
    expect(off.comments).toBe('off');
    expect(off.rows.map((row) => row.word)).toEqual(['', '', '']);
    const check = checkOffer(word('v0', 'OCHRE'), stock);
    expect(check.ok && check.body.comments).toMatchObject({ policy: 'hold' });
    const without = checkOffer({ ...form, comments: 'off' }, stock);
    expect(without.ok && without.body).not.toHaveProperty('comments');
  });

  it('[CCL-2] are suggested from the titles, and sent as they are compared', () => {
    expect(form.rows.map((row) => row.word)).toEqual(['OCHRE', 'LAGOONRED', 'LAGOONOCHRE']);
    const check = checkOffer({ ...word('v1', ' röt '), comments: 'waitlist' }, stock, on.taken);
    expect(check.ok && check.body.comments).toEqual({
      policy: 'waitlist',
      codes: [
        { variantId: 'v0', word: 'OCHRE' },
        { variantId: 'v1', word: 'ROT' },
        { variantId: 'v2', word: 'LAGOONOCHRE' },
      ],
    });
    if (check.ok) expect(openOfferBody.safeParse(check.body).success).toBe(true);
  });

  it('[CCL-2] [CCL-3] are told apart before the shop refuses them', () => {
    const problemsOf = (typed: string) => {
      const check = checkOffer(word('v1', typed), stock, on.taken);
      return check.ok ? null : check.problems['word:v1'];
    };
    expect(problemsOf('yes')).toMatch(/^2 to 20/);
    expect(problemsOf('two words')).toMatch(/^2 to 20/);
    expect(problemsOf('ochre')).toMatch(/^Taken/);
    expect(problemsOf('VASE2')).toMatch(/^Taken/);
    expect(problemsOf('')).toBeNull();
  });
});
