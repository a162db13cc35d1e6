// What a bid does to a lot's price: steps, proxy maxima, reserve, and the falling price of a Dutch lot.
// Pure arithmetic in minor units, without lots or people, so that whoever verifies can use the same
// lines. Rules: docs/rules/auction.md.

/** From this price on, the next bid is at least so much more. */
export type BidStep = { readonly fromMinor: number; readonly stepMinor: number };

/**
 * The steps that a host gets when they name none: near to 5 % of the price, in amounts that people say.
 * For a currency with two digits; `digits` moves the point.
 */
export const usualSteps = (digits: number): readonly BidStep[] => {
  const unit = 10 ** digits;
  return (
    [
      [0, 1],
      [30, 2],
      [50, 3],
      [100, 5],
      [300, 10],
      [1_000, 20],
      [2_000, 50],
      [5_000, 100],
      [20_000, 500],
    ] as const
  ).map(([from, step]) => ({ fromMinor: from * unit, stepMinor: step * unit }));
};

/** The step that counts at a price. The table begins at 0 and rises. */
export const stepAt = (steps: readonly BidStep[], priceMinor: number): number => {
  let step = 0;
  for (const row of steps) {
    if (row.fromMinor > priceMinor) break;
    step = row.stepMinor;
  }
  return step;
};

/** Where a lot stands: its price and who leads, with the leader's maximum. */
export type Standing = {
  readonly priceMinor: number;
  readonly leader: number;
  readonly leaderMaxMinor: number;
};

export type BidTerms = {
  readonly startMinor: number;
  readonly steps: readonly BidStep[];
  /** Null: no reserve. */
  readonly reserveMinor: number | null;
};

/** [LOT-5] The smallest maximum that is accepted next from somebody who doesn't lead. */
export const smallestBid = (
  terms: Omit<BidTerms, 'reserveMinor'>,
  standing: { priceMinor: number } | null,
): number =>
  standing === null
    ? terms.startMinor
    : standing.priceMinor + stepAt(terms.steps, standing.priceMinor);

/**
 * [LOT-6, LOT-7, LOT-8] Where the lot stands after a bid that was accepted: `maxMinor` is at least the
 * smallest bid, or raises the leader's own maximum.
 */
export const afterBid = (
  terms: BidTerms,
  before: Standing | null,
  bid: { readonly alias: number; readonly maxMinor: number },
): Standing => {
  const after = contested(terms, before, bid);
  const { reserveMinor } = terms;
  const isMet = reserveMinor !== null && after.leaderMaxMinor >= reserveMinor;
  return isMet ? { ...after, priceMinor: Math.max(after.priceMinor, reserveMinor) } : after;
};

const contested = (
  { startMinor, steps }: BidTerms,
  before: Standing | null,
  { alias, maxMinor }: { readonly alias: number; readonly maxMinor: number },
): Standing => {
  if (before === null) return { priceMinor: startMinor, leader: alias, leaderMaxMinor: maxMinor };
  if (before.leader === alias) return { ...before, leaderMaxMinor: maxMinor };
  const overtakes = maxMinor > before.leaderMaxMinor;
  const [higher, lower] = overtakes
    ? [maxMinor, before.leaderMaxMinor]
    : [before.leaderMaxMinor, maxMinor];
  return {
    // Never below the price before: both maxima reach it, and the bid is a step above it.
    priceMinor: Math.min(higher, lower + stepAt(steps, lower)),
    leader: overtakes ? alias : before.leader,
    leaderMaxMinor: higher,
  };
};

export type Falling = {
  readonly startMinor: number;
  readonly floorMinor: number;
  readonly stepMinor: number;
  readonly stepMs: number;
};

/** [LOT-22] The price of a Dutch lot so long after it opened. */
export const fallenPrice = (
  { startMinor, floorMinor, stepMinor, stepMs }: Falling,
  sinceMs: number,
): number =>
  Math.max(floorMinor, startMinor - stepMinor * Math.floor(Math.max(0, sinceMs) / stepMs));

/** [LOT-22] How long a Dutch lot takes from its start to its floor. */
export const fallMs = ({ startMinor, floorMinor, stepMinor, stepMs }: Falling): number =>
  Math.ceil((startMinor - floorMinor) / stepMinor) * stepMs;
