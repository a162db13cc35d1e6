// The limits that a buyer sets for themselves: what they spend in a day and in a show, how long they watch
// before they may not buy any more, and above what they are asked again. Decided in the person's own
// stream, which all shows ask before they are asked to sell, so that a limit holds across shows. Amounts
// are counted in pledge.ts. Rules: docs/rules/limits.md.

import type { ShowId } from '../../base/brand.ts';
import type { JsonObject } from '../../base/json.ts';
import { limits } from '../../base/limits.ts';
import type { Money } from '../../base/money.ts';
import { type Refusal, refuse } from '../../base/result.ts';
import type { Decider, EventStamp, Stamp } from '../decider.ts';
import {
  type Ask,
  giveBack,
  growthBy,
  keep,
  type PlaceData,
  type Pledge,
  placeKey,
  reserve,
  type SpendingPlace,
  spend,
  sumOf,
} from './pledge.ts';

/**
 * What can be limited: spending of a day or a show and the amount above which a buyer is asked again, in minor
 * units of a currency; watching, in minutes a day. `day-offset`: where a day begins, in minutes east of UTC.
 */
export type LimitKind = 'day' | 'show' | 'confirm' | 'watch' | 'day-offset';

export type LimitRef = { readonly limit: LimitKind; readonly currency: string | null };

/** Null: no limit. */
export type LimitValue = number | null;

export type BuyerLimits = {
  readonly personId: string;
  readonly values: Map<string, LimitRef & { readonly value: number }>;
  /** [LIM-2] What will count later. */
  readonly pending: Map<string, LimitRef & { readonly value: LimitValue; readonly fromMs: number }>;
  readonly pledges: Map<string, Pledge>;
  /** What was watched on the day that began then. */
  watched: { readonly dayMs: number; readonly ms: number };
};

export type LimitsCommand =
  | {
      readonly kind: 'SetLimits';
      readonly currency: string;
      readonly dayMinor: LimitValue;
      readonly showMinor: LimitValue;
      readonly confirmAboveMinor: LimitValue;
      readonly watchMinutes: LimitValue;
      /** Null: as it was, or UTC. */
      readonly utcOffsetMinutes: number | null;
    }
  | {
      readonly kind: 'ReserveSpending';
      readonly place: SpendingPlace;
      readonly showId: ShowId | null;
      /** The id of the command that the show will be sent. */
      readonly ask: string;
      readonly amount: Money;
      readonly isConfirmed: boolean;
      /** At the checkout: neither the clock nor the threshold matter any more. */
      readonly isPayment: boolean;
    }
  /** The show refused: what the event `seq` reserved goes back, unless it was reserved again or confirmed since. */
  | {
      readonly kind: 'ReturnSpending';
      readonly place: SpendingPlace;
      readonly ask: string;
      readonly seq: number;
    }
  | {
      readonly kind: 'KeepSpending';
      readonly place: SpendingPlace;
      readonly showId: ShowId | null;
      readonly ask: string;
      readonly amount: Money;
      readonly isHold: boolean;
    }
  /** What was promised there is off: one ask, or (null) all. */
  | {
      readonly kind: 'EndSpending';
      readonly place: SpendingPlace;
      readonly ask: string | null;
    }
  | {
      readonly kind: 'CountSpending';
      readonly place: SpendingPlace;
      readonly showId: ShowId | null;
      readonly amount: Money;
    }
  | { readonly kind: 'UncountSpending'; readonly place: SpendingPlace }
  | { readonly kind: 'CountWatching'; readonly ms: number }
  | { readonly kind: 'SettleLimits' };

export type LimitsEvent =
  | { readonly kind: 'LimitChanged'; readonly data: LimitRef & { readonly value: LimitValue } }
  | {
      readonly kind: 'LimitChangePlanned';
      readonly data: LimitRef & { readonly value: LimitValue; readonly fromMs: number };
    }
  | { readonly kind: 'LimitChangeCancelled'; readonly data: LimitRef }
  | {
      readonly kind: 'SpendingReserved';
      readonly data: PlaceData & { readonly ask: string; readonly lapsesAtMs: number };
    }
  | {
      readonly kind: 'SpendingKept';
      readonly data: PlaceData & { readonly ask: string; readonly isHold: boolean };
    }
  | {
      readonly kind: 'SpendingReturned';
      readonly data: SpendingPlace & {
        readonly ask: string | null;
        readonly reason: 'refused' | 'lapsed' | 'ended' | 'refunded';
      };
    }
  | { readonly kind: 'SpendingCounted'; readonly data: PlaceData }
  | { readonly kind: 'WatchingCounted'; readonly data: { readonly ms: number } };

const dayMs = 24 * 3_600_000;

const refKey = ({ limit, currency }: LimitRef): string => `${limit} ${currency ?? ''}`;

/** What counts now, or null. */
export const limitOf = (
  { values }: BuyerLimits,
  limit: LimitKind,
  currency: string | null = null,
): LimitValue => values.get(refKey({ limit, currency }))?.value ?? null;

/** Whether anything limits this person, or will: whoever has none costs nothing. */
export const hasLimits = ({ values }: BuyerLimits): boolean => values.size > 0;

/** [LIM-4] When the person's day began. */
export const dayBeginMs = (state: BuyerLimits, atMs: number): number => {
  const offsetMs = (limitOf(state, 'day-offset') ?? 0) * 60_000;
  return Math.floor((atMs + offsetMs) / dayMs) * dayMs - offsetMs;
};

/** [LIM-4] When the person’s day ends: not in it any more. */
export const dayEndMs = (state: BuyerLimits, atMs: number): number =>
  dayBeginMs(state, atMs) + dayMs;

/** What was watched today, in milliseconds. */
export const watchedMs = (state: BuyerLimits, atMs: number): number =>
  state.watched.dayMs === dayBeginMs(state, atMs) ? state.watched.ms : 0;

/** [LIM-10] Whether the time of today is used up. */
export const timeRefusal = (state: BuyerLimits, atMs: number): Refusal | null => {
  const minutes = limitOf(state, 'watch');
  return minutes !== null && watchedMs(state, atMs) >= minutes * 60_000
    ? refuse('time-limit', { untilMs: dayEndMs(state, atMs) })
    : null;
};

/** What may still be promised or spent; null: no limit. Never below nothing. */
export const leftMinor = (
  state: BuyerLimits,
  currency: string,
  per: { readonly sinceMs: number } | { readonly showId: ShowId },
): number | null => {
  const limit = limitOf(state, 'sinceMs' in per ? 'day' : 'show', currency);
  return limit === null ? null : Math.max(0, limit - sumOf(state.pledges.values(), currency, per));
};

const decide = (
  state: BuyerLimits,
  command: LimitsCommand,
  stamp: Stamp,
): readonly LimitsEvent[] | Refusal => {
  switch (command.kind) {
    case 'SetLimits':
      return isOwn(state, stamp) ? setLimits(state, command, stamp) : refuse('not-allowed');
    case 'ReserveSpending':
      return isOwn(state, stamp) ? reserveSpending(state, command, stamp) : refuse('not-allowed');
    case 'ReturnSpending': {
      if (!isOwn(state, stamp)) return refuse('not-allowed');
      const { place, ask, seq } = command;
      const known = state.pledges.get(placeKey(place))?.asks.get(ask);
      if (known?.lapsesAtMs == null || known.seq !== seq) return [];
      return [{ kind: 'SpendingReturned', data: { ...place, ask, reason: 'refused' } }];
    }
  }
  if (stamp.by.kind !== 'system') return refuse('not-allowed');
  switch (command.kind) {
    case 'KeepSpending': {
      const { place, showId, ask, amount, isHold } = command;
      const pledge = state.pledges.get(placeKey(place));
      if (!hasLimits(state) || pledge?.phase === 'spent') return [];
      return [{ kind: 'SpendingKept', data: { ...place, showId, ask, amount, isHold } }];
    }
    case 'EndSpending': {
      const { place, ask } = command;
      const pledge = state.pledges.get(placeKey(place));
      if (pledge?.phase !== 'promised' || (ask !== null && !pledge.asks.has(ask))) return [];
      return [{ kind: 'SpendingReturned', data: { ...place, ask, reason: 'ended' } }];
    }
    case 'CountSpending': {
      const { place, showId, amount } = command;
      const pledge = state.pledges.get(placeKey(place));
      if (!hasLimits(state) || pledge?.phase === 'spent') return [];
      return [{ kind: 'SpendingCounted', data: { ...place, showId, amount } }];
    }
    case 'UncountSpending': {
      const { place } = command;
      if (state.pledges.get(placeKey(place))?.phase !== 'spent') return [];
      return [{ kind: 'SpendingReturned', data: { ...place, ask: null, reason: 'refunded' } }];
    }
    case 'CountWatching':
      if (limitOf(state, 'watch') === null || timeRefusal(state, stamp.atMs)) return [];
      return [{ kind: 'WatchingCounted', data: { ms: command.ms } }];
    case 'SettleLimits':
      return settle(state, stamp.atMs);
  }
};

const isOwn = ({ personId }: BuyerLimits, { by }: Stamp): boolean =>
  by.kind === 'person' && by.id === personId;

// ── setting ────────────────────────────────────────────────────────────────────────────────────────

const setLimits = (
  state: BuyerLimits,
  command: Extract<LimitsCommand, { kind: 'SetLimits' }>,
  { atMs }: Stamp,
): readonly LimitsEvent[] | Refusal => {
  const { currency, dayMinor, showMinor, confirmAboveMinor, watchMinutes } = command;
  const { utcOffsetMinutes } = command;
  const wishes: (LimitRef & { value: LimitValue; field: string; max: number })[] = [
    { limit: 'day', currency, value: dayMinor, field: 'dayMinor', max: limits.bidMinorMax },
    { limit: 'show', currency, value: showMinor, field: 'showMinor', max: limits.bidMinorMax },
    {
      limit: 'confirm',
      currency,
      value: confirmAboveMinor,
      field: 'confirmAboveMinor',
      max: limits.bidMinorMax,
    },
    { limit: 'watch', currency: null, value: watchMinutes, field: 'watchMinutes', max: 24 * 60 },
  ];
  for (const { value, field, max } of wishes)
    if (value !== null && !(Number.isSafeInteger(value) && value >= 0 && value <= max))
      return refuse('limits-invalid', { field });
  if (utcOffsetMinutes !== null) {
    if (!Number.isSafeInteger(utcOffsetMinutes) || Math.abs(utcOffsetMinutes) > utcOffsetMax)
      return refuse('limits-invalid', { field: 'utcOffsetMinutes' });
    // Where no limit was ever set a day hasn't begun yet.
    if (limitOf(state, 'day-offset') !== null || wishes.some(({ value }) => value !== null))
      wishes.push({
        limit: 'day-offset',
        currency: null,
        value: utcOffsetMinutes,
        field: '',
        max: 0,
      });
  }
  return wishes.flatMap(({ limit, currency: of, value }) =>
    changed(state, { limit, currency: of }, value, atMs),
  );
};

/** West of UTC 12 hours, east of it 14. */
const utcOffsetMax = 14 * 60;

/** [LIM-1] [LIM-2] */
const changed = (
  state: BuyerLimits,
  ref: LimitRef,
  value: LimitValue,
  atMs: number,
): readonly LimitsEvent[] => {
  const pending = state.pending.get(refKey(ref));
  const now = limitOf(state, ref.limit, ref.currency);
  const cancelled: LimitsEvent[] = pending ? [{ kind: 'LimitChangeCancelled', data: ref }] : [];
  if (value === now) return cancelled;
  if (isTighter(ref.limit, value, now))
    return [...cancelled, { kind: 'LimitChanged', data: { ...ref, value } }];
  // Wished again it counts from when it was wished first.
  if (pending && pending.value === value) return [];
  const fromMs = atMs + limits.limitRaiseMs;
  return [{ kind: 'LimitChangePlanned', data: { ...ref, value, fromMs } }];
};

/** Another beginning of the day would give a second day at once: it is never tighter, but where there was none. */
const isTighter = (limit: LimitKind, value: LimitValue, now: LimitValue): boolean => {
  if (value === null) return false;
  return now === null || (limit !== 'day-offset' && value < now);
};

// ── spending ───────────────────────────────────────────────────────────────────────────────────────

const reserveSpending = (
  state: BuyerLimits,
  command: Extract<LimitsCommand, { kind: 'ReserveSpending' }>,
  { atMs }: Stamp,
): readonly LimitsEvent[] | Refusal => {
  const { place, showId, ask, amount, isConfirmed, isPayment } = command;
  if (!hasLimits(state)) return [];
  const pledge = state.pledges.get(placeKey(place));
  // What is promised or paid already needs no more; the show gives its first answer again.
  if (pledge?.phase === 'spent' || pledge?.asks.get(ask)?.lapsesAtMs === null) return [];
  if (!Number.isSafeInteger(amount.minor) || amount.minor < 0) return refuse('bid-invalid');
  const { minor, currency } = amount;
  if (pledge && pledge.currency !== currency)
    return refuse('currency-mismatch', { currency: pledge.currency });
  const late = isPayment ? null : timeRefusal(state, atMs);
  if (late) return late;
  const growth = growthBy(pledge, minor);
  for (const [per, left] of [
    ['day', leftMinor(state, currency, { sinceMs: dayBeginMs(state, atMs) })],
    ['show', showId === null ? null : leftMinor(state, currency, { showId })],
  ] as const)
    if (left !== null && growth > left)
      return refuse('spending-limit', { leftMinor: left, currency, per });
  const aboveMinor = limitOf(state, 'confirm', currency);
  if (aboveMinor !== null && minor > aboveMinor && !isConfirmed && !isPayment)
    return refuse('needs-confirmation', { aboveMinor, currency });
  const promised = [...state.pledges.values()].filter(({ phase }) => phase === 'promised');
  if (!pledge && promised.length >= limits.pledgesMax)
    return refuse('too-many-pledges', { max: limits.pledgesMax });
  // A payment may take its own time to be answered.
  const lapsesAtMs = atMs + limits.spendingLapseMs + (isPayment ? limits.paymentMs : 0);
  return [{ kind: 'SpendingReserved', data: { ...place, showId, amount, ask, lapsesAtMs } }];
};

/** [LIM-2] [LIM-7] What is due: changes that count from now, reservations that nobody confirmed. */
const settle = (state: BuyerLimits, atMs: number): readonly LimitsEvent[] => [
  ...[...state.pending.values()]
    .filter(({ fromMs }) => fromMs <= atMs)
    .map(
      ({ limit, currency, value }): LimitsEvent => ({
        kind: 'LimitChanged',
        data: { limit, currency, value },
      }),
    ),
  ...[...state.pledges.values()].flatMap(({ place, asks }) =>
    [...asks]
      .filter(([, { lapsesAtMs }]) => lapsesAtMs !== null && lapsesAtMs <= atMs)
      .map(
        ([ask]): LimitsEvent => ({
          kind: 'SpendingReturned',
          data: { ...place, ask, reason: 'lapsed' },
        }),
      ),
  ),
];

const evolve = (state: BuyerLimits, event: LimitsEvent, stamp: EventStamp): BuyerLimits => {
  switch (event.kind) {
    case 'LimitChanged': {
      const { limit, currency, value } = event.data;
      const key = refKey(event.data);
      state.pending.delete(key);
      if (value === null) state.values.delete(key);
      else state.values.set(key, { limit, currency, value });
      // Where a day begins limits nothing by itself. Without a limit nobody tells what becomes of a pledge.
      if ([...state.values.values()].every((one) => one.limit === 'day-offset')) {
        state.values.clear();
        state.pending.clear();
        state.pledges.clear();
      }
      return state;
    }
    case 'LimitChangePlanned':
      state.pending.set(refKey(event.data), event.data);
      return state;
    case 'LimitChangeCancelled':
      state.pending.delete(refKey(event.data));
      return state;
    case 'SpendingReserved':
      forgetOld(state, stamp.atMs);
      reserve(state.pledges, event.data, stamp);
      return state;
    case 'SpendingKept':
      keep(state.pledges, event.data, stamp);
      return state;
    case 'SpendingReturned':
      giveBack(state.pledges, event.data, event.data.ask, stamp.atMs);
      return state;
    case 'SpendingCounted':
      forgetOld(state, stamp.atMs);
      spend(state.pledges, event.data, stamp.atMs);
      return state;
    case 'WatchingCounted': {
      const ms = watchedMs(state, stamp.atMs) + event.data.ms;
      state.watched = { dayMs: dayBeginMs(state, stamp.atMs), ms };
      return state;
    }
  }
};

/** What was paid long ago counts for no day, and for no show that still sells. */
const forgetOld = ({ pledges }: BuyerLimits, atMs: number): void => {
  for (const [key, { phase, slices }] of pledges)
    if (phase === 'spent' && (slices.at(-1)?.atMs ?? 0) < atMs - limits.spendingKeptMs)
      pledges.delete(key);
};

const nextDueMs = ({ pending, pledges }: BuyerLimits): number | null => {
  let dueMs = Number.POSITIVE_INFINITY;
  for (const { fromMs } of pending.values()) dueMs = Math.min(dueMs, fromMs);
  for (const { asks } of pledges.values())
    for (const { lapsesAtMs } of asks.values()) dueMs = Math.min(dueMs, lapsesAtMs ?? dueMs);
  return Number.isFinite(dueMs) ? dueMs : null;
};

type Saved = Pick<BuyerLimits, 'personId' | 'watched'> & {
  values: [string, LimitRef & { value: number }][];
  pending: [string, LimitRef & { value: LimitValue; fromMs: number }][];
  pledges: (Omit<Pledge, 'asks'> & { asks: [string, Ask][] })[];
};

export const limitsDecider: Decider<BuyerLimits, LimitsCommand, LimitsEvent> = {
  type: 'person',
  stateVersion: 1,
  initial: (personId) => ({
    personId,
    values: new Map(),
    pending: new Map(),
    pledges: new Map(),
    watched: { dayMs: 0, ms: 0 },
  }),
  decide,
  evolve,
  deadline(state) {
    const atMs = nextDueMs(state);
    return atMs === null ? null : { atMs, command: { kind: 'SettleLimits' } };
  },
  save: ({ personId, values, pending, pledges, watched }) =>
    ({
      personId,
      watched,
      values: [...values],
      pending: [...pending],
      pledges: [...pledges.values()].map((pledge) => ({ ...pledge, asks: [...pledge.asks] })),
    }) satisfies Saved as unknown as JsonObject,
  load(json) {
    const saved = structuredClone(json) as unknown as Saved;
    return {
      personId: saved.personId,
      watched: saved.watched,
      values: new Map(saved.values),
      pending: new Map(saved.pending),
      pledges: new Map(
        saved.pledges.map((pledge) => [
          placeKey(pledge.place),
          { ...pledge, asks: new Map(pledge.asks) },
        ]),
      ),
    };
  },
};
