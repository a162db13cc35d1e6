// Old events, lifted to today's shape where they are read. The stored body and its hash never change;
// deciders and views know one shape only. A lift is added here in the same commit that changes an event.

import { assert } from '../base/assert.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { NewEvent, RecordedEvent } from './event-log.ts';

/** One step from an older shape of an event to the next. */
export interface Lift {
  /** The kind as it was stored. */
  readonly kind: string;
  /** When the kind stayed and only the shape changed: true for the old shape. */
  readonly isOld?: (event: NewEvent) => boolean;
  /** To the next shape, which may have a lift of its own. */
  readonly lift: (event: NewEvent) => NewEvent;
}

/** A payment's begin didn't always say which try of its order it is. */
const withAttempt = (kind: string): Lift => ({
  kind,
  isOld: ({ data }) => !('attempt' in (data as JsonObject)),
  lift: ({ data, ...event }) => ({ ...event, data: { ...(data as JsonObject), attempt: null } }),
});

/** Orders didn't always have a discount. */
const withDiscount: Lift = {
  kind: 'OrderPlaced',
  isOld: ({ data }) => !('discount' in totalsOf(data)),
  lift: ({ data, ...event }) => {
    const totals = totalsOf(data);
    const { currency } = totals.goods as { currency: string };
    const lifted = { ...totals, discount: { minor: 0, currency } };
    return { ...event, data: { ...(data as JsonObject), totals: lifted } };
  },
};

/** Nor a promo code. */
const withCode: Lift = {
  kind: 'OrderPlaced',
  isOld: ({ data }) => !('code' in (data as JsonObject)),
  lift: ({ data, ...event }) => ({ ...event, data: { ...(data as JsonObject), code: null } }),
};

const totalsOf = (data: Json): JsonObject => (data as { totals: JsonObject }).totals;

/** Every lift of the product, oldest first. */
export const lifts: readonly Lift[] = [
  withAttempt('PaymentBegun'),
  withAttempt('ShelfPaymentBegun'),
  withDiscount,
  withCode,
];

/** A function that brings recorded events to today's shape; what needs nothing is handed back as it is. */
export const lifter = (steps: readonly Lift[]): ((event: RecordedEvent) => RecordedEvent) => {
  if (steps.length === 0) return (event) => event;
  const byKind = Map.groupBy(steps, (step) => step.kind);
  return (event) => {
    let lifted = event;
    for (let taken = 0; ; taken++) {
      const step = byKind
        .get(lifted.kind)
        ?.find(({ isOld }) => isOld === undefined || isOld(lifted));
      if (step === undefined) return lifted;
      assert(taken < steps.length, `the lifts of ${event.kind} go round in a circle`);
      const { kind, data, personal } = step.lift(lifted);
      const { personal: _before, ...rest } = lifted;
      lifted = personal === undefined ? { ...rest, kind, data } : { ...rest, kind, data, personal };
    }
  };
};
