// The arithmetic of a lot against a second one, written the other way round: it sorts all maxima anew
// after every bid, where the engine carries one standing along.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterBid,
  type BidStep,
  type BidTerms,
  fallenPrice,
  fallMs,
  type Standing,
  smallestBid,
  stepAt,
  usualSteps,
} from './bidding.ts';

type Said = { readonly alias: number; readonly maxMinor: number };

/** Who leads and at what price, from the whole list of accepted maxima. */
const standingOf = (
  { startMinor, steps, reserveMinor }: BidTerms,
  said: readonly Said[],
): Standing => {
  const ranked = [...new Set(said.map(({ alias }) => alias))]
    .map((alias) => {
      const own = said.flatMap(({ alias: other, maxMinor }, nth) =>
        other === alias ? [{ alias, maxMinor, nth }] : [],
      );
      // A maximum counts from the moment at which it was said.
      return own.reduce((best, next) => (next.maxMinor > best.maxMinor ? next : best));
    })
    .sort((a, b) => b.maxMinor - a.maxMinor || a.nth - b.nth);
  const [first, second] = ranked;
  if (!first) throw new Error('nobody has bid');
  const before =
    said.length > 1 ? standingOf({ startMinor, steps, reserveMinor }, said.slice(0, -1)) : null;
  const isOwnRaise = before !== null && before.leader === said.at(-1)!.alias;
  const needed = second
    ? second.maxMinor +
      [...steps].reverse().find(({ fromMinor }) => fromMinor <= second.maxMinor)!.stepMinor
    : startMinor;
  const bidding = isOwnRaise ? before.priceMinor : Math.min(first.maxMinor, needed);
  const isMet = reserveMinor !== null && first.maxMinor >= reserveMinor;
  return {
    priceMinor: isMet && bidding < reserveMinor ? reserveMinor : bidding,
    leader: first.alias,
    leaderMaxMinor: first.maxMinor,
  };
};

const stepsTable: fc.Arbitrary<readonly BidStep[]> = fc.oneof(
  fc.constant([{ fromMinor: 0, stepMinor: 1 }]),
  fc.constant(usualSteps(2)),
  fc
    .array(fc.record({ gap: fc.integer({ min: 1, max: 60 }), more: fc.nat({ max: 12 }) }), {
      minLength: 1,
      maxLength: 6,
    })
    .map((rows) => {
      let fromMinor = 0;
      let stepMinor = 1;
      return rows.map(({ gap, more }, nth) => ({
        fromMinor: nth === 0 ? 0 : (fromMinor += gap),
        stepMinor: (stepMinor += more),
      }));
    }),
);

const bidTerms: fc.Arbitrary<BidTerms> = fc
  .tuple(stepsTable, fc.integer({ min: 1, max: 40 }), fc.option(fc.nat({ max: 300 })))
  .map(([steps, startMinor, above]) => ({
    startMinor,
    steps,
    reserveMinor: above === null ? null : startMinor + above,
  }));

/** By whom, and how far above the least that would do: mostly a little, so that ties and caps are met. */
type Try = { readonly alias: number; readonly above: number; readonly isTie: boolean };

const tries: fc.Arbitrary<Try[]> = fc.array(
  fc.record({
    alias: fc.integer({ min: 1, max: 5 }),
    above: fc.oneof(fc.constant(0), fc.nat({ max: 3 }), fc.nat({ max: 30 }), fc.nat({ max: 500 })),
    isTie: fc.boolean(),
  }),
  { maxLength: 25, size: 'max' },
);

/** Plays tries as the auction takes them; a tie says exactly the leader's maximum where that is enough. */
const played = (terms: BidTerms, wanted: readonly Try[]) => {
  const said: Said[] = [];
  const standings: Standing[] = [];
  let standing: Standing | null = null as Standing | null;
  for (const { alias, above, isTie } of wanted) {
    const least =
      standing?.leader === alias ? standing.leaderMaxMinor + 1 : smallestBid(terms, standing);
    const tie = standing?.leaderMaxMinor ?? 0;
    const maxMinor = isTie && tie >= least ? tie : least + above;
    said.push({ alias, maxMinor });
    standing = afterBid(terms, standing, { alias, maxMinor });
    standings.push(standing);
  }
  return { said, standings };
};

describe('proxy bidding', () => {
  it('[LOT-6] [LOT-7] [LOT-8] stands where sorting all maxima anew says, after every bid', () => {
    fc.assert(
      fc.property(bidTerms, tries, (terms, wanted) => {
        const { said, standings } = played(terms, wanted);
        standings.forEach((standing, nth) => {
          expect(standing).toEqual(standingOf(terms, said.slice(0, nth + 1)));
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it('[LOT-10] [LOT-16] never falls, is within the leader’s maximum, and the next bid is above it', () => {
    fc.assert(
      fc.property(bidTerms, tries, (terms, wanted) => {
        const { standings } = played(terms, wanted);
        standings.forEach((standing, nth) => {
          expect(standing.priceMinor).toBeGreaterThanOrEqual(
            standings[nth - 1]?.priceMinor ?? terms.startMinor,
          );
          expect(standing.priceMinor).toBeLessThanOrEqual(standing.leaderMaxMinor);
          expect(smallestBid(terms, standing)).toBeGreaterThan(standing.priceMinor);
        });
      }),
    );
  });

  const terms: BidTerms = { startMinor: 1_000, steps: usualSteps(2), reserveMinor: null };
  const bids = (reserveMinor: number | null, ...said: [alias: number, maxMinor: number][]) =>
    said.reduce<Standing | null>(
      (standing, [alias, maxMinor]) =>
        afterBid({ ...terms, reserveMinor }, standing, { alias, maxMinor }),
      null,
    );

  it('[LOT-6] the first bidder pays the start, however much they would', () => {
    expect(bids(null, [1, 9_000])).toMatchObject({ priceMinor: 1_000, leader: 1 });
  });
  it('[LOT-6] the higher maximum leads at one step over the other', () => {
    expect(bids(null, [1, 2_000], [2, 5_000])).toMatchObject({ priceMinor: 2_100, leader: 2 });
    expect(bids(null, [1, 5_000], [2, 2_000])).toMatchObject({ priceMinor: 2_100, leader: 1 });
  });
  it('[LOT-6] …never above their own, where a whole step would be', () => {
    expect(bids(null, [1, 2_050], [2, 2_000])).toMatchObject({ priceMinor: 2_050, leader: 1 });
  });
  it('[LOT-6] of two equal maxima the earlier leads, at that maximum', () => {
    expect(bids(null, [1, 2_000], [2, 2_000])).toMatchObject({ priceMinor: 2_000, leader: 1 });
  });
  it('[LOT-6] who raised to an equal maximum too late comes second', () => {
    const standing = bids(null, [1, 2_000], [2, 5_000], [1, 5_000]);
    expect(standing).toEqual({ priceMinor: 5_000, leader: 2, leaderMaxMinor: 5_000 });
  });
  it('[LOT-7] raising one’s own maximum moves no price, also at a tie', () => {
    expect(bids(null, [1, 2_000], [1, 8_000])).toMatchObject({ priceMinor: 1_000 });
    expect(bids(null, [1, 2_000], [2, 2_000], [1, 8_000])).toEqual({
      priceMinor: 2_000,
      leader: 1,
      leaderMaxMinor: 8_000,
    });
  });
  it('[LOT-8] a maximum that reaches the reserve lifts the price to it, one below doesn’t', () => {
    expect(bids(4_000, [1, 3_999])).toMatchObject({ priceMinor: 1_000 });
    expect(bids(4_000, [1, 4_000])).toMatchObject({ priceMinor: 4_000 });
    expect(bids(4_000, [1, 3_000], [1, 6_000])).toMatchObject({ priceMinor: 4_000 });
    expect(bids(4_000, [1, 6_000], [2, 4_500])).toMatchObject({ priceMinor: 4_700, leader: 1 });
  });
});

describe('the table of steps', () => {
  it('[LOT-5] a step counts from its price on, not before', () => {
    const steps = usualSteps(2);
    expect([0, 2_999, 3_000, 4_999, 5_000, 2_000_000, 9e12].map((at) => stepAt(steps, at))).toEqual(
      [100, 100, 200, 200, 300, 50_000, 50_000],
    );
  });
  it('[LOT-5] the step of the price counts, though the bid reaches the next row', () => {
    const terms = { startMinor: 1_000, steps: usualSteps(2) };
    expect(smallestBid(terms, { priceMinor: 2_990 })).toBe(3_090);
    expect(smallestBid(terms, { priceMinor: 3_000 })).toBe(3_200);
    expect(smallestBid(terms, null)).toBe(1_000);
  });
  it('a currency without digits has the same steps in whole units', () => {
    expect(usualSteps(0).slice(0, 2)).toEqual([
      { fromMinor: 0, stepMinor: 1 },
      { fromMinor: 30, stepMinor: 2 },
    ]);
  });
});

describe('a falling price', () => {
  const falling = fc.record({
    startMinor: fc.integer({ min: 0, max: 400 }),
    floorMinor: fc.nat({ max: 400 }),
    stepMinor: fc.integer({ min: 1, max: 60 }),
    stepMs: fc.integer({ min: 250, max: 900 }),
  });

  it('[LOT-22] is what falls off it, step by step, and reaches the floor when it says', () => {
    fc.assert(
      fc.property(falling, fc.nat({ max: 20_000 }), (raw, sinceMs) => {
        const terms = { ...raw, startMinor: Math.max(raw.startMinor, raw.floorMinor) };
        let price = terms.startMinor;
        let floorAtMs = 0;
        for (let atMs = terms.stepMs; atMs <= sinceMs; atMs += terms.stepMs) {
          price = Math.max(terms.floorMinor, price - terms.stepMinor);
        }
        for (let left = terms.startMinor; left > terms.floorMinor; left -= terms.stepMinor)
          floorAtMs += terms.stepMs;
        expect(fallenPrice(terms, sinceMs)).toBe(price);
        expect(fallMs(terms)).toBe(floorAtMs);
        expect(fallenPrice(terms, fallMs(terms))).toBe(terms.floorMinor);
        if (floorAtMs > 0)
          expect(fallenPrice(terms, floorAtMs - 1)).toBeGreaterThan(terms.floorMinor);
      }),
    );
  });

  it('[LOT-22] a clock that is behind doesn’t raise it', () => {
    const terms = { startMinor: 100, floorMinor: 10, stepMinor: 20, stepMs: 1_000 };
    expect(fallenPrice(terms, -5_000)).toBe(100);
  });
});
