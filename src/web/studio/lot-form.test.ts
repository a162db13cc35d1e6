import { describe, expect, it } from 'vitest';
import { prepareLotBody } from '../../protocol/lots.ts';
import type { RoomItem } from '../../protocol/room.ts';
import {
  checkLot,
  fieldOfTerm,
  type LotForm,
  lotFormAs,
  lotFormFor,
  lotFormWith,
  usualStepsNear,
} from './lot-form.ts';

const euro = (minor: number) => ({ minor, currency: 'EUR' });
const item: RoomItem = {
  productId: 'bowl',
  title: 'Tea bowl',
  imageUrl: null,
  provenance: null,
  variants: [
    { variantId: 'small', title: 'Small', price: euro(6_450) },
    { variantId: 'large', title: 'Large', price: euro(9_900) },
  ],
};
const form = lotFormFor(item);
const problemsOf = (over: Partial<LotForm>) => {
  const check = checkLot({ ...form, ...over });
  return check.ok ? {} : check.problems;
};
const bodyOf = (over: Partial<LotForm>) => {
  const check = checkLot({ ...form, ...over });
  if (!check.ok) throw new Error(JSON.stringify(check.problems));
  expect(prepareLotBody.safeParse(check.body).success).toBe(true);
  return check.body;
};

describe('the form of a lot', () => {
  it('begins as something that the shop accepts: a third of the price, a minute, a soft close', () => {
    expect(bodyOf({})).toEqual({
      productId: 'bowl',
      variantId: 'small',
      quantity: 1,
      payMs: 86_400_000,
      secondChance: true,
      bidding: {
        format: 'english',
        startMinor: 1_900,
        reserveMinor: null,
        buyNowMinor: null,
        durationMs: 60_000,
        softCloseMs: 10_000,
        takesEarlyBids: true,
      },
    });
  });

  it('sends own steps, and says when they can’t be', () => {
    const own = { steps: 'own' } as const;
    const rows = [
      { from: '0', step: '1' },
      { from: '50', step: '2,50' },
    ];
    expect(bodyOf({ ...own, rows }).bidding).toMatchObject({
      steps: [
        { fromMinor: 0, stepMinor: 100 },
        { fromMinor: 5_000, stepMinor: 250 },
      ],
    });
    for (const wrong of [
      [{ from: '5', step: '1' }],
      [{ from: '0', step: '0' }],
      [...rows, { from: '40', step: '3' }],
      [...rows, { from: '60', step: '1' }],
      [],
    ]) {
      expect(Object.keys(problemsOf({ ...own, rows: wrong }))).toEqual(['rows']);
    }
  });

  it('a sudden death is a soft close of nothing', () =>
    expect(bodyOf({ ending: 'sudden', softSeconds: 'x' }).bidding).toMatchObject({
      softCloseMs: 0,
    }));

  it('names every wrong field at once', () => {
    const wrong = { start: 'cheap', reserve: '-', seconds: '0', payHours: '9999' };
    expect(Object.keys(problemsOf(wrong)).sort()).toEqual([
      'payHours',
      'reserve',
      'seconds',
      'start',
    ]);
  });

  it('a reserve is at least the start, buy-now at least both, a soft close no longer than the lot', () => {
    expect(problemsOf({ start: '20', reserve: '19.99' })).toEqual({
      reserve: 'At least the start.',
    });
    expect(problemsOf({ start: '20', buyNow: '19' })).toEqual({ buyNow: 'At least the start.' });
    expect(problemsOf({ start: '20', reserve: '40', buyNow: '39' })).toEqual({
      buyNow: 'At least the reserve.',
    });
    expect(Object.keys(problemsOf({ seconds: '5', softSeconds: '6' }))).toEqual(['softSeconds']);
    expect(problemsOf({ start: '0' })).toEqual({ start: 'More than nothing.' });
  });

  it('a falling price goes from the usual price to a floor', () => {
    const dutch = lotFormAs(form, item, 'dutch');
    expect(dutch.start).toBe('64.50');
    const check = checkLot({ ...dutch, quantity: '3', fallSeconds: '1.5' });
    expect(check).toMatchObject({
      ok: true,
      body: {
        quantity: 3,
        bidding: {
          format: 'dutch',
          startMinor: 6_450,
          floorMinor: 3_200,
          stepMinor: 100,
          stepMs: 1_500,
        },
      },
    });
    const wrong = checkLot({ ...dutch, floor: '70', fall: '0', fallSeconds: '0.1', quantity: '' });
    expect(wrong.ok ? [] : Object.keys(wrong.problems).sort()).toEqual([
      'fall',
      'fallSeconds',
      'floor',
      'quantity',
    ]);
  });

  it('another variant brings its own prices and keeps the other terms', () => {
    const long = { ...form, seconds: '120', reserve: '40' };
    expect(lotFormWith(long, item, 'large')).toMatchObject({
      variantId: 'large',
      start: '29.00',
      reserve: '',
      seconds: '120',
    });
  });

  it('knows the field of each term that the shop may refuse', () => {
    expect(fieldOfTerm('softCloseMs')).toBe('softSeconds');
    expect(fieldOfTerm('stepMinor')).toBe('fall');
    expect(fieldOfTerm('title')).toBeNull();
    expect(fieldOfTerm(undefined)).toBeNull();
  });

  it('shows the usual steps from the start on', () => {
    expect(usualStepsNear(3_500, 'EUR').map(({ from, step }) => [from.minor, step.minor])).toEqual([
      [3_000, 200],
      [5_000, 300],
      [10_000, 500],
    ]);
  });
});
