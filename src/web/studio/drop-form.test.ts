import { describe, expect, it } from 'vitest';
import { limits } from '../../base/limits.ts';
import { announceDropBody } from '../../protocol/drops.ts';
import type { RoomItem } from '../../protocol/room.ts';
import { localText } from '../office/plan-form.ts';
import { newBundle, piecesOf } from './bundle-form.ts';
import {
  checkDrop,
  type DropForm,
  dropFormFor,
  dropFormWith,
  fieldOfDropTerm,
} from './drop-form.ts';

const euro = (minor: number) => ({ minor, currency: 'EUR' });
const item: RoomItem = {
  productId: 'bowl',
  title: 'Moon bowl',
  imageUrl: null,
  provenance: null,
  variants: [
    { variantId: 'small', title: 'Small', price: euro(4_200) },
    { variantId: 'large', title: 'Large', price: euro(6_900) },
  ],
};
const stock = {
  small: { available: 20, inCarts: 0 },
  large: { available: 0, inCarts: 0 },
};
/** A full minute, as a `datetime-local` field can say it. */
const nowMs = new Date('2026-11-22T20:00').getTime();
const form = dropFormFor(item, stock);
const problemsOf = (over: Partial<DropForm>) => {
  const check = checkDrop({ ...form, ...over }, stock, nowMs);
  return check.ok ? {} : check.problems;
};
const bodyOf = (over: Partial<DropForm>) => {
  const check = checkDrop({ ...form, ...over }, stock, nowMs);
  if (!check.ok) throw new Error(JSON.stringify(check.problems));
  expect(announceDropBody.safeParse(check.body).success).toBe(true);
  return check.body;
};

describe('the form of a drop', () => {
  it('begins as something that the shop accepts: all that is there, in ten minutes', () =>
    expect(bodyOf({})).toEqual({
      productId: 'bowl',
      variants: [{ variantId: 'small', priceMinor: 4_200, quantity: 20 }],
      order: 'queue',
      isGiveaway: false,
      opensAtMs: nowMs + 600_000,
      durationMs: 600_000,
      holdMs: limits.holdMs,
      perPersonMax: 1,
      earlyAccess: [],
      needsAccount: false,
    }));

  it('[DRO-16] a set is asked for with its pieces, for nothing in a giveaway; its mistakes are named', () => {
    const [piece] = piecesOf([item]);
    const bundle = {
      ...newBundle,
      title: 'Two moons',
      price: '70',
      quantity: '4',
      pieces: [{ ...piece!, quantity: '2' }],
    };
    const rows = form.rows.map((row) => ({ ...row, quantity: '' }));
    const parts = [{ productId: 'bowl', variantId: 'small', quantity: 2 }];
    const set = { title: 'Two moons', quantity: 4, membersPriceMinor: null, parts };
    expect(bodyOf({ bundle, rows })).toMatchObject({
      variants: [],
      bundles: [{ ...set, priceMinor: 7_000 }],
    });
    expect(bodyOf({ bundle: { ...bundle, price: '' }, rows, kind: 'giveaway' })).toMatchObject({
      bundles: [{ ...set, priceMinor: 0 }],
    });
    expect(problemsOf({ bundle: { ...bundle, quantity: '11' }, rows })).toEqual({
      'bundle:quantity': 'Only 10 can be put together.',
    });
    expect(problemsOf({ bundle })).toMatchObject({
      'bundle:small': 'In this offer it is sold on its own already.',
    });
    expect(fieldOfDropTerm('parts', form)).toBe('bundle:pieces');
  });

  it('[DRO-15] a giveaway costs nothing and is drawn, whatever stands in the price', () =>
    expect(bodyOf({ kind: 'giveaway', rows: [{ ...form.rows[0]!, price: 'x' }] })).toMatchObject({
      isGiveaway: true,
      order: 'draw',
      variants: [{ priceMinor: 0 }],
    }));

  it('[DRO-3] says beforehand what the shop would refuse', () => {
    const [small, large] = form.rows;
    const rows = (over: Partial<DropForm['rows'][number]>) => ({ rows: [{ ...small!, ...over }] });
    expect(problemsOf(rows({ quantity: '21' }))).toEqual({ 'quantity:small': 'Only 20 in stock.' });
    expect(problemsOf({ rows: [{ ...large!, quantity: '1' }] })).toEqual({
      'quantity:large': 'None is in stock.',
    });
    expect(Object.keys(problemsOf(rows({ quantity: '' })))).toEqual(['rows']);
    expect(Object.keys(problemsOf(rows({ price: 'cheap' })))).toEqual(['price:small']);
    expect(problemsOf(rows({ price: '0' }))).toEqual({
      'price:small': 'For nothing, make it a giveaway.',
    });
    const wrong = { minutes: '0', holdSeconds: '5', perPerson: '0', inMinutes: '-' };
    expect(Object.keys(problemsOf(wrong)).sort()).toEqual(Object.keys(wrong).sort());
  });

  it('[DRO-3] opens at a time to come, or by hand', () => {
    const at = (opensAt: string) => ({ opening: 'at', opensAt }) as const;
    expect(bodyOf(at(localText(nowMs + 3_600_000))).opensAtMs).toBe(nowMs + 3_600_000);
    expect(problemsOf(at(localText(nowMs)))).toEqual({ opensAt: 'A time to come.' });
    expect(problemsOf(at(''))).toEqual({ opensAt: 'A day and a time.' });
    expect(Object.keys(problemsOf(at('2030-01-01T00:00')))).toEqual(['opensAt']);
    expect(bodyOf({ opening: 'hand', inMinutes: 'x' }).opensAtMs).toBeNull();
  });

  it('[DRO-8] early access has tiers of their own, each with its own time, and needs a time to be early to', () => {
    const tiers = [
      { tier: ' Gold ', minutes: '5' },
      { tier: 'Silver', minutes: '2.5' },
    ];
    expect(bodyOf({ tiers }).earlyAccess).toEqual([
      { tier: 'Gold', earlierMs: 300_000 },
      { tier: 'Silver', earlierMs: 150_000 },
    ]);
    expect(bodyOf({ tiers, opening: 'hand' }).earlyAccess).toEqual([]);
    for (const wrong of [
      [{ tier: '', minutes: '5' }],
      [{ tier: 'Gold', minutes: '' }],
      [...tiers, { tier: 'Gold', minutes: '1' }],
      [...tiers, { tier: 'Bronze', minutes: '5' }],
    ])
      expect(Object.keys(problemsOf({ tiers: wrong }))).toEqual(['tiers']);
  });

  it('another product brings its variants and keeps the other terms', () => {
    const other = { ...item, productId: 'vase', variants: [item.variants[1]!] };
    expect(dropFormWith({ ...form, minutes: '3' }, other, stock)).toMatchObject({
      productId: 'vase',
      minutes: '3',
      rows: [{ variantId: 'large', price: '69.00', quantity: '0' }],
    });
  });

  it('knows the field of each term that the shop may refuse', () => {
    expect(fieldOfDropTerm('opensAtMs', form)).toBe('inMinutes');
    expect(fieldOfDropTerm('opensAtMs', { ...form, opening: 'at' })).toBe('opensAt');
    expect(fieldOfDropTerm('earlyAccess', form)).toBe('tiers');
    expect(fieldOfDropTerm('price', form)).toBe('rows');
    expect(fieldOfDropTerm('seeds', form)).toBeNull();
    expect(fieldOfDropTerm(undefined, form)).toBeNull();
  });
});
