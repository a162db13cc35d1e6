// What a buyer with limits has promised to spend in one place (a hold, a lot), and what was spent there.
// Only amounts are kept here; whether one is within a limit is decided in limits.ts. The rule that it
// guards: a place counts with the most that was asked for it, once, for the moment at which it was asked.
// Rules: docs/rules/limits.md.

import type { ShowId, StreamId } from '../../base/brand.ts';
import type { Money } from '../../base/money.ts';

/** A hold's stream and id; of a lot's bids the id that the winner's hold will have, which is the lot's. */
export type SpendingPlace = { readonly stream: StreamId; readonly holdId: string };

/** One claim or bid, by its command's id. */
export type Ask = {
  minor: number;
  /** The event that reserved it last: whoever reserved it before has nothing to give back any more. */
  seq: number;
  /** When it lapses; null once the show has confirmed it. */
  lapsesAtMs: number | null;
};

export type Pledge = {
  readonly place: SpendingPlace;
  readonly showId: ShowId | null;
  readonly currency: string;
  phase: 'promised' | 'spent';
  readonly asks: Map<string, Ask>;
  /** What counts, and for when; the oldest first. Its sum is the largest ask, or what was paid. */
  slices: { readonly atMs: number; readonly minor: number }[];
};

/** One word for a place: the same hold id in two streams is two places. */
export const placeKey = ({ stream, holdId }: SpendingPlace): string => `${stream} ${holdId}`;

/** What a place counts with, in minor units. */
const pledgedMinor = (pledge: Pledge | undefined): number =>
  pledge?.slices.reduce((sum, { minor }) => sum + minor, 0) ?? 0;

/** By how much a place would count more with such an ask. */
export const growthBy = (pledge: Pledge | undefined, minor: number): number =>
  Math.max(0, minor - pledgedMinor(pledge));

/**
 * Makes a place count with so much. What is more counts from now; what is less is taken from the latest
 * first, so that no day's sum ever grows by something that was given back.
 */
export const resize = (pledge: Pledge, toMinor: number, atMs: number): void => {
  const now = pledgedMinor(pledge);
  if (toMinor > now) {
    pledge.slices.push({ atMs, minor: toMinor - now });
    return;
  }
  let over = now - toMinor;
  while (over > 0) {
    const last = pledge.slices.pop()!;
    if (last.minor > over) pledge.slices.push({ ...last, minor: last.minor - over });
    over -= Math.min(over, last.minor);
  }
};

const largestAsk = ({ asks }: Pledge): number =>
  Math.max(0, ...[...asks.values()].map(({ minor }) => minor));

const pledgeAt = (
  pledges: Map<string, Pledge>,
  place: SpendingPlace,
  showId: ShowId | null,
  { currency }: Money,
): Pledge => {
  const known = pledges.get(placeKey(place));
  if (known) return known;
  const { stream, holdId } = place;
  const made: Pledge = {
    place: { stream, holdId },
    showId,
    currency,
    phase: 'promised',
    asks: new Map(),
    slices: [],
  };
  pledges.set(placeKey(place), made);
  return made;
};

/** What stands with each event about a place. */
export type PlaceData = SpendingPlace & { readonly showId: ShowId | null; readonly amount: Money };

/** Counts an ask that the show hasn’t confirmed yet. */
export const reserve = (
  pledges: Map<string, Pledge>,
  data: PlaceData & { readonly ask: string; readonly lapsesAtMs: number },
  { seq, atMs }: { readonly seq: number; readonly atMs: number },
): void => {
  const pledge = pledgeAt(pledges, data, data.showId, data.amount);
  // A repeated ask may be under way twice: the larger of both could still be accepted.
  const minor = Math.max(data.amount.minor, pledge.asks.get(data.ask)?.minor ?? 0);
  pledge.asks.set(data.ask, { minor, seq, lapsesAtMs: data.lapsesAtMs });
  resize(pledge, largestAsk(pledge), atMs);
};

/** The show confirmed an ask. `isHold`: it is bought at this amount, whatever else was asked for the place. */
export const keep = (
  pledges: Map<string, Pledge>,
  data: PlaceData & { readonly ask: string; readonly isHold: boolean },
  { seq, atMs }: { readonly seq: number; readonly atMs: number },
): void => {
  const pledge = pledgeAt(pledges, data, data.showId, data.amount);
  if (data.isHold) pledge.asks.clear();
  pledge.asks.set(data.ask, { minor: data.amount.minor, seq, lapsesAtMs: null });
  resize(pledge, largestAsk(pledge), atMs);
};

/** Gives back one ask, or (null) all that the place counts with. */
export const giveBack = (
  pledges: Map<string, Pledge>,
  place: SpendingPlace,
  ask: string | null,
  atMs: number,
): void => {
  const pledge = pledges.get(placeKey(place));
  if (!pledge) return;
  if (ask === null) pledge.asks.clear();
  else pledge.asks.delete(ask);
  if (pledge.asks.size === 0) pledges.delete(placeKey(place));
  else resize(pledge, largestAsk(pledge), atMs);
};

/** Counts what was paid, whatever was asked for the place before. */
export const spend = (pledges: Map<string, Pledge>, data: PlaceData, atMs: number): void => {
  const pledge = pledgeAt(pledges, data, data.showId, data.amount);
  pledge.phase = 'spent';
  pledge.asks.clear();
  resize(pledge, data.amount.minor, atMs);
};

/** The sum of a currency over what passes, in minor units. */
export const sumOf = (
  pledges: Iterable<Pledge>,
  currency: string,
  counts: { readonly sinceMs?: number; readonly showId?: ShowId; readonly phase?: Pledge['phase'] },
): number => {
  let sum = 0;
  for (const pledge of pledges) {
    if (pledge.currency !== currency) continue;
    if (counts.showId !== undefined && pledge.showId !== counts.showId) continue;
    if (counts.phase !== undefined && pledge.phase !== counts.phase) continue;
    for (const { atMs, minor } of pledge.slices) if (atMs >= (counts.sinceMs ?? 0)) sum += minor;
  }
  return sum;
};
