// A hold: units kept for one buyer for a short time, in sight of all. It ends in exactly one way:
// settled by a paid order, released by the buyer, or expired. While a payment is under way it can't
// expire, so that nobody pays for a unit that was given to another. Rules: docs/rules/offer.md.

import { assert } from '../../base/assert.ts';
import type { HoldId, OfferId, OrderId, PersonId, VariantId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import type { Money } from '../../base/money.ts';
import { type Refusal, refuse } from '../../base/result.ts';
import { isCrew, type Stamp } from '../decider.ts';
import { type Units, withParts } from './bundle.ts';
import { type OfferTerms, offerOf, poolOf } from './offer.ts';
import type { Sale } from './sale.ts';

export type Hold = {
  readonly holdId: HoldId;
  readonly offerId: OfferId;
  readonly variantId: VariantId;
  readonly quantity: number;
  readonly personId: PersonId;
  readonly price: Money;
  expiresAtMs: number;
  /** Until when it was promised at first: a payment moves `expiresAtMs`. */
  readonly promisedUntilMs: number;
  /** The order that is being paid for, or null while the buyer makes up their mind. */
  payingFor: OrderId | null;
  /** Which try at paying it is; null when there is none, or none was named. */
  attempt: string | null;
};

export type HoldCommand =
  | { readonly kind: 'ReleaseHold'; readonly holdId: HoldId }
  | {
      readonly kind: 'BeginPayment';
      readonly holdId: HoldId;
      readonly orderId: OrderId;
      readonly attempt: string;
    }
  | {
      readonly kind: 'AbandonPayment';
      readonly holdId: HoldId;
      readonly orderId: OrderId;
      /** The try that is given up; null: whichever it is. */
      readonly attempt: string | null;
    }
  | { readonly kind: 'SettleHold'; readonly holdId: HoldId; readonly orderId: OrderId }
  | { readonly kind: 'ExpireHolds' };

type HoldRef = {
  readonly holdId: HoldId;
  readonly offerId: OfferId;
  readonly variantId: VariantId;
  readonly quantity: number;
  readonly personId: PersonId;
};

export type HoldEvent =
  | {
      readonly kind: 'HoldPlaced';
      readonly data: HoldRef & { readonly price: Money; readonly expiresAtMs: number };
      readonly personal?: { readonly name: string } | null;
    }
  | { readonly kind: 'HoldReleased'; readonly data: HoldRef }
  | { readonly kind: 'HoldExpired'; readonly data: HoldRef }
  | {
      readonly kind: 'PaymentBegun';
      readonly data: {
        readonly holdId: HoldId;
        readonly orderId: OrderId;
        readonly attempt: string | null;
        readonly untilMs: number;
      };
    }
  | {
      readonly kind: 'PaymentAbandoned';
      readonly data: {
        readonly holdId: HoldId;
        readonly orderId: OrderId;
        readonly expiresAtMs: number;
      };
    }
  | {
      readonly kind: 'HoldSettled';
      readonly data: HoldRef & {
        readonly orderId: OrderId;
        /** Of bundles: what they are in stock. */
        readonly parts?: readonly Units[];
      };
    };

const ref = ({ holdId, offerId, variantId, quantity, personId }: Hold): HoldRef => ({
  holdId,
  offerId,
  variantId,
  quantity,
  personId,
});

export const decideHold = (
  sale: Sale,
  command: HoldCommand,
  stamp: Stamp,
): readonly HoldEvent[] | Refusal => {
  if (command.kind === 'ExpireHolds') return expireHolds(sale, stamp);
  const hold = sale.holds.get(command.holdId);
  if (!hold) return refuse('hold-gone');
  const isOwn = stamp.by.kind === 'person' && stamp.by.id === hold.personId;
  if (
    stamp.by.kind === 'person' &&
    !isOwn &&
    !(command.kind === 'ReleaseHold' && isCrew(stamp.by))
  ) {
    return refuse('not-allowed');
  }
  switch (command.kind) {
    case 'ReleaseHold':
      if (hold.payingFor !== null) return refuse('payment-under-way');
      return [{ kind: 'HoldReleased', data: ref(hold) }];
    case 'BeginPayment':
      if (hold.payingFor !== null && hold.payingFor !== command.orderId)
        return refuse('payment-under-way');
      // Another try of the same order: the one before was declined, and its end is still on the way.
      if (hold.payingFor !== null && hold.attempt === command.attempt) return [];
      if (stamp.atMs >= hold.expiresAtMs) return refuse('hold-gone');
      return [
        {
          kind: 'PaymentBegun',
          data: {
            holdId: hold.holdId,
            orderId: command.orderId,
            attempt: command.attempt,
            untilMs: Math.max(hold.expiresAtMs, stamp.atMs + limits.paymentMs),
          },
        },
      ];
    case 'AbandonPayment':
      if (stamp.by.kind !== 'system') return refuse('not-allowed');
      if (hold.payingFor !== command.orderId || !isSameAttempt(hold.attempt, command.attempt))
        return refuse('payment-unknown');
      return [
        {
          kind: 'PaymentAbandoned',
          data: {
            holdId: hold.holdId,
            orderId: command.orderId,
            expiresAtMs: afterDecline(hold, offerOf(sale, hold.offerId).terms, stamp.atMs),
          },
        },
      ];
    case 'SettleHold':
      if (stamp.by.kind !== 'system') return refuse('not-allowed');
      return [
        {
          kind: 'HoldSettled',
          data: {
            ...ref(hold),
            orderId: command.orderId,
            ...withParts(offerOf(sale, hold.offerId), hold.variantId, hold.quantity),
          },
        },
      ];
  }
};

/** [OFF-11] A declined card leaves the hold what it was promised, and time for another try in any case. */
const afterDecline = (hold: Hold, { holdMs }: OfferTerms, atMs: number): number =>
  Math.max(atMs + Math.min(limits.holdMsMin * 2, holdMs), hold.promisedUntilMs);

/** [OFF-11] Giving up one try leaves another one alone; a try without a name is any. */
export const isSameAttempt = (current: string | null, named: string | null): boolean =>
  current === null || named === null || current === named;

/** [OFF-7] All holds that are due, in the order in which they fell due. */
const expireHolds = (sale: Sale, stamp: Stamp): readonly HoldEvent[] | Refusal => {
  if (stamp.by.kind !== 'system') return refuse('not-allowed');
  const ids = sale.due.dueAt(stamp.atMs, limits.batchCommandsMax, (entry) =>
    isCurrent(sale, entry.id, entry.atMs),
  );
  return [...new Set(ids)].map((id) => {
    const hold = sale.holds.get(id);
    assert(hold, `hold ${id} is due and not there`);
    return { kind: 'HoldExpired', data: ref(hold) };
  });
};

const isCurrent = (sale: Sale, id: HoldId, atMs: number): boolean =>
  sale.holds.get(id)?.expiresAtMs === atMs;

export const evolveHold = (sale: Sale, event: HoldEvent): void => {
  switch (event.kind) {
    case 'HoldPlaced': {
      const { holdId, offerId, variantId, quantity, personId, price, expiresAtMs } = event.data;
      const pool = poolOf(sale, offerId, variantId);
      pool.left -= quantity;
      pool.held += quantity;
      assert(pool.left >= 0, `offer ${offerId} sold more than it had`);
      const { taken } = offerOf(sale, offerId);
      taken.set(personId, (taken.get(personId) ?? 0) + quantity);
      sale.holds.set(holdId, {
        holdId,
        offerId,
        variantId,
        quantity,
        personId,
        price,
        expiresAtMs,
        promisedUntilMs: expiresAtMs,
        payingFor: null,
        attempt: null,
      });
      sale.due.add(expiresAtMs, holdId);
      return;
    }
    case 'HoldReleased':
    case 'HoldExpired': {
      const { offerId, variantId, quantity, personId } = event.data;
      const pool = poolOf(sale, offerId, variantId);
      pool.held -= quantity;
      pool.left += quantity;
      const { taken } = offerOf(sale, offerId);
      const rest = (taken.get(personId) ?? 0) - quantity;
      if (rest > 0) taken.set(personId, rest);
      else taken.delete(personId);
      forget(sale, event.data.holdId);
      return;
    }
    case 'PaymentBegun':
    case 'PaymentAbandoned': {
      const hold = sale.holds.get(event.data.holdId);
      assert(hold, `payment for hold ${event.data.holdId}, which is gone`);
      const begun = event.kind === 'PaymentBegun';
      hold.payingFor = begun ? event.data.orderId : null;
      hold.attempt = begun ? event.data.attempt : null;
      hold.expiresAtMs = begun ? event.data.untilMs : event.data.expiresAtMs;
      sale.due.add(hold.expiresAtMs, hold.holdId);
      settleDue(sale);
      return;
    }
    case 'HoldSettled': {
      const pool = poolOf(sale, event.data.offerId, event.data.variantId);
      pool.held -= event.data.quantity;
      pool.sold += event.data.quantity;
      forget(sale, event.data.holdId);
      return;
    }
  }
};

const forget = (sale: Sale, holdId: HoldId): void => {
  sale.holds.delete(holdId);
  settleDue(sale);
};

const settleDue = (sale: Sale): void =>
  sale.due.settle((entry) => isCurrent(sale, entry.id, entry.atMs));

/** When the next hold falls due, or null. The head is never stale: `evolveHold` sees to it. */
export const nextExpiry = (sale: Sale): number | null => sale.due.head()?.atMs ?? null;
