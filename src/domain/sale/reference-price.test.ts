import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AskedPrice, referencePrice, referenceWindowMs, spansOf } from './reference-price.ts';

const dayMs = 24 * 3_600_000;
const nowMs = Date.UTC(2026, 2, 29, 12);
const eur = (minor: number) => ({ minor, currency: 'EUR' });
/** A price from so many days before now until so many, or still. */
const asked = (minor: number, fromDays: number, untilDays: number | null = null): AskedPrice => ({
  price: eur(minor),
  fromMs: nowMs - fromDays * dayMs,
  untilMs: untilDays === null ? null : nowMs - untilDays * dayMs,
});
const reference = (...prices: AskedPrice[]) => referencePrice(prices, nowMs, 'EUR')?.minor ?? null;

describe('the reference price', () => {
  it('[PRI-1] is the price that has held for 30 days and more', () => {
    expect(reference(asked(9800, 400))).toBe(9800);
  });
  it('[PRI-1] is the lowest, however short it was and whatever came after', () => {
    expect(reference(asked(9800, 60, 20), asked(8900, 20, 19), asked(12_000, 19))).toBe(8900);
  });
  it('[PRI-1] a raise just before the reduction makes no bargain', () => {
    expect(reference(asked(9800, 60, 1), asked(14_000, 1))).toBe(9800);
  });
  it('[PRI-1] a price that ended exactly 30 days before is out, a millisecond later it is in', () => {
    const now = asked(9800, 30);
    expect(reference(asked(5000, 90, 30), now)).toBe(9800);
    const longer = { ...asked(5000, 90), untilMs: nowMs - referenceWindowMs + 1 };
    expect(reference(longer, now)).toBe(5000);
  });
  it('[PRI-1] a price that begins with the reduction is out, a millisecond sooner it is in', () => {
    const before = asked(9800, 90, 0);
    expect(reference(before, asked(5000, 0))).toBe(9800);
    expect(reference(before, { ...asked(5000, 0), fromMs: nowMs - 1 })).toBe(5000);
  });
  it('[PRI-2] an earlier offer at the same price is the price', () => {
    expect(reference(asked(9800, 90), asked(8600, 3, 2.9))).toBe(8600);
    expect(reference(asked(9800, 90), asked(8600, 31, 30))).toBe(9800);
  });
  it('[PRI-3] a young product has its own days, and one made now what it costs now', () => {
    expect(reference(asked(9800, 2, 1), asked(9900, 1))).toBe(9800);
    expect(reference(asked(9800, 0))).toBe(9800);
    expect(reference()).toBeNull();
    expect(reference(asked(9800, -1))).toBeNull();
  });
  it('[PRI-1] other currencies say nothing', () => {
    const dollars = { ...asked(100, 10), price: { minor: 100, currency: 'USD' } };
    expect(reference(asked(9800, 90), dollars)).toBe(9800);
  });

  const change = fc.record({
    atMs: fc.integer({ min: -70 * dayMs, max: 0 }),
    minor: fc.integer({ min: 1, max: 20_000 }),
  });
  const history = fc
    .uniqueArray(change, { selector: ({ atMs }) => atMs, minLength: 1, maxLength: 12 })
    .map((changes) =>
      changes
        .sort((a, b) => a.atMs - b.atMs)
        .map(({ atMs, minor }) => ({ fromMs: nowMs + atMs, price: eur(minor) })),
    );

  it('[PRI-1] whatever the history: what anyone would read off it, millisecond by millisecond that matters', () => {
    fc.assert(
      fc.property(history, (changes) => {
        // What held at an instant is the last change up to it; prices change at `fromMs` only.
        const heldAt = (ms: number) => changes.findLast(({ fromMs }) => fromMs <= ms)?.price.minor;
        const instants = [
          nowMs - referenceWindowMs,
          ...changes.map(({ fromMs }) => fromMs),
          nowMs - 1,
        ].filter((ms) => ms >= nowMs - referenceWindowMs && ms < nowMs);
        const held = instants.map(heldAt).filter((minor) => minor !== undefined);
        const lowest = held.length > 0 ? Math.min(...held) : heldAt(nowMs);
        expect(reference(...spansOf(changes))).toBe(lowest);
      }),
      { numRuns: 1_000 },
    );
  });
  it('[PRI-1] the same history a year earlier or later gives the same: no calendar and no time zone', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: -400, max: 400 }), (changes, days) => {
        const moved = changes.map(({ fromMs, price }) => ({
          fromMs: fromMs + days * dayMs,
          price,
        }));
        expect(referencePrice(spansOf(moved), nowMs + days * dayMs, 'EUR')).toEqual(
          referencePrice(spansOf(changes), nowMs, 'EUR'),
        );
      }),
    );
  });
  it('[PRI-2] one more price that was asked never raises it', () => {
    const extra = fc.record({
      fromMs: fc.integer({ min: -70 * dayMs, max: -1 }).map((ms) => nowMs + ms),
      forMs: fc.integer({ min: 1, max: 20 * dayMs }),
      minor: fc.integer({ min: 1, max: 20_000 }),
    });
    fc.assert(
      fc.property(history, extra, (changes, { fromMs, forMs, minor }) => {
        const spans = spansOf(changes);
        const before = referencePrice(spans, nowMs, 'EUR')!;
        // Without a day of its own in the window there is nothing that could be compared.
        fc.pre(changes[0]!.fromMs < nowMs);
        const offer = { price: eur(minor), fromMs, untilMs: fromMs + forMs };
        expect(referencePrice([...spans, offer], nowMs, 'EUR')!.minor).toBeLessThanOrEqual(
          before.minor,
        );
      }),
    );
  });
});
