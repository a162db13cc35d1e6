// The stock of one variant: what is on hand, what shows have allocated, what shoppers hold outside of
// any offer, what is sold. A show must allocate before it sells, so a drop never asks here; what it
// doesn't sell comes back. Rules: docs/rules/stock.md.

import { assert } from '../../base/assert.ts';
import type { HoldId, OfferId, OrderId, PersonId, ShowId } from '../../base/brand.ts';
import type { JsonObject } from '../../base/json.ts';
import { limits } from '../../base/limits.ts';
import type { Money } from '../../base/money.ts';
import { type Refusal, refuse } from '../../base/result.ts';
import { type Deadline, type Decider, mayDirect, type Stamp } from '../decider.ts';
import { isSameAttempt } from '../sale/hold.ts';

/** A unit kept for a shopper who buys from the shelf or from a replay. */
export type ShelfHold = {
  readonly holdId: HoldId;
  readonly personId: PersonId;
  readonly quantity: number;
  readonly price: Money;
  readonly showId: ShowId | null;
  expiresAtMs: number;
  /** What it was placed for; a payment only moves it further. */
  readonly promisedUntilMs: number;
  payingFor: OrderId | null;
  attempt: string | null;
};

export type Stock = {
  readonly variantId: string;
  /** Units in the house: available + allocated + held. Sold units have left it. */
  onHand: number;
  sold: number;
  /** Units that a show's offer has in escrow. */
  readonly allocations: Map<OfferId, { readonly showId: ShowId; quantity: number }>;
  readonly holds: Map<HoldId, ShelfHold>;
};

export type StockCommand =
  | { readonly kind: 'CountStock'; readonly onHand: number }
  | {
      readonly kind: 'AllocateStock';
      readonly offerId: OfferId;
      readonly showId: ShowId;
      readonly quantity: number;
    }
  | { readonly kind: 'ReturnAllocation'; readonly offerId: OfferId; readonly quantity: number }
  | {
      readonly kind: 'RecordSale';
      readonly offerId: OfferId;
      readonly quantity: number;
      readonly orderId: OrderId;
    }
  | {
      readonly kind: 'HoldFromShelf';
      readonly holdId: HoldId;
      readonly quantity: number;
      /** From the catalogue, put in by the door: a shopper never names a price. */
      readonly price: Money;
      readonly showId: ShowId | null;
      readonly holdMs: number;
    }
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

export type StockEvent =
  | { readonly kind: 'StockCounted'; readonly data: { readonly onHand: number } }
  | {
      readonly kind: 'StockAllocated';
      readonly data: {
        readonly offerId: OfferId;
        readonly showId: ShowId;
        readonly quantity: number;
      };
    }
  | {
      readonly kind: 'AllocationReturned';
      readonly data: { readonly offerId: OfferId; readonly quantity: number };
    }
  | {
      readonly kind: 'AllocationSold';
      readonly data: {
        readonly offerId: OfferId;
        readonly quantity: number;
        readonly orderId: OrderId;
      };
    }
  | {
      readonly kind: 'ShelfHoldPlaced';
      readonly data: {
        readonly holdId: HoldId;
        readonly personId: PersonId;
        readonly quantity: number;
        readonly price: Money;
        readonly showId: ShowId | null;
        readonly expiresAtMs: number;
      };
    }
  | {
      readonly kind: 'ShelfHoldReleased';
      readonly data: {
        readonly holdId: HoldId;
        readonly personId: PersonId;
        readonly quantity: number;
        readonly reason: 'buyer' | 'time';
      };
    }
  | {
      readonly kind: 'ShelfPaymentBegun';
      readonly data: {
        readonly holdId: HoldId;
        readonly orderId: OrderId;
        readonly attempt: string | null;
        readonly untilMs: number;
      };
    }
  | {
      readonly kind: 'ShelfPaymentAbandoned';
      readonly data: {
        readonly holdId: HoldId;
        readonly orderId: OrderId;
        readonly expiresAtMs: number;
      };
    }
  | {
      readonly kind: 'ShelfHoldSettled';
      readonly data: {
        readonly holdId: HoldId;
        readonly personId: PersonId;
        readonly orderId: OrderId;
        readonly quantity: number;
      };
    };

/** Units that nobody has a claim on. */
export const availableOf = (stock: Stock): number => stock.onHand - spokenFor(stock);

const spokenFor = (stock: Stock): number => {
  let units = 0;
  for (const allocation of stock.allocations.values()) units += allocation.quantity;
  for (const hold of stock.holds.values()) units += hold.quantity;
  return units;
};

const isCount = (value: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= 1 && value <= max;

const decide = (
  stock: Stock,
  command: StockCommand,
  stamp: Stamp,
): readonly StockEvent[] | Refusal => {
  switch (command.kind) {
    case 'CountStock': {
      if (!mayDirect(stamp.by)) return refuse('not-allowed');
      const { onHand } = command;
      if (!Number.isSafeInteger(onHand) || onHand < 0 || onHand > limits.stockUnitsMax) {
        return refuse('quantity-invalid', { max: limits.stockUnitsMax });
      }
      const promised = spokenFor(stock);
      if (onHand < promised) return refuse('stock-promised', { promised });
      return onHand === stock.onHand ? [] : [{ kind: 'StockCounted', data: { onHand } }];
    }
    case 'AllocateStock': {
      if (!mayDirect(stamp.by)) return refuse('not-allowed');
      const { offerId, showId, quantity } = command;
      if (!isCount(quantity, limits.offerUnitsMax))
        return refuse('quantity-invalid', { max: limits.offerUnitsMax });
      if (stock.allocations.has(offerId)) return refuse('allocation-unexpected');
      const available = availableOf(stock);
      if (available < quantity) return refuse('stock-short', { available });
      return [{ kind: 'StockAllocated', data: { offerId, showId, quantity } }];
    }
    case 'ReturnAllocation':
    case 'RecordSale': {
      if (stamp.by.kind !== 'system') return refuse('not-allowed');
      const { offerId, quantity } = command;
      const allocation = stock.allocations.get(offerId);
      if (!allocation || allocation.quantity < quantity) return refuse('allocation-unexpected');
      return command.kind === 'ReturnAllocation'
        ? [{ kind: 'AllocationReturned', data: { offerId, quantity } }]
        : [{ kind: 'AllocationSold', data: { offerId, quantity, orderId: command.orderId } }];
    }
    case 'HoldFromShelf':
      return holdFromShelf(stock, command, stamp);
    case 'ExpireHolds': {
      if (stamp.by.kind !== 'system') return refuse('not-allowed');
      return [...stock.holds.values()]
        .filter((hold) => hold.expiresAtMs <= stamp.atMs)
        .sort((a, b) => a.expiresAtMs - b.expiresAtMs)
        .slice(0, limits.batchCommandsMax)
        .map((hold) => released(hold, 'time'));
    }
    default:
      return decideShelfHold(stock, command, stamp);
  }
};

const released = (
  { holdId, personId, quantity }: ShelfHold,
  reason: 'buyer' | 'time',
): StockEvent => ({ kind: 'ShelfHoldReleased', data: { holdId, personId, quantity, reason } });

const holdFromShelf = (
  stock: Stock,
  command: Extract<StockCommand, { kind: 'HoldFromShelf' }>,
  stamp: Stamp,
): readonly StockEvent[] | Refusal => {
  if (stamp.by.kind !== 'person') return refuse('sign-in-needed');
  const { holdId, quantity, price, showId, holdMs } = command;
  if (!isCount(quantity, limits.claimQuantityMax)) {
    return refuse('quantity-invalid', { max: limits.claimQuantityMax });
  }
  if (holdMs < limits.holdMsMin || holdMs > limits.holdMsMax)
    return refuse('offer-invalid', { field: 'holdMs' });
  if (stock.holds.has(holdId)) return refuse('hold-exists');
  const left = availableOf(stock);
  if (left < quantity) return refuse('sold-out', { left, inCarts: heldOf(stock) });
  return [
    {
      kind: 'ShelfHoldPlaced',
      data: {
        holdId,
        personId: stamp.by.id,
        quantity,
        price,
        showId,
        expiresAtMs: stamp.atMs + holdMs,
      },
    },
  ];
};

/** Units in shoppers' carts from the shelf. */
export const heldOf = (stock: Stock): number => {
  let units = 0;
  for (const hold of stock.holds.values()) units += hold.quantity;
  return units;
};

const decideShelfHold = (
  stock: Stock,
  command: Extract<
    StockCommand,
    { kind: 'ReleaseHold' | 'BeginPayment' | 'AbandonPayment' | 'SettleHold' }
  >,
  stamp: Stamp,
): readonly StockEvent[] | Refusal => {
  const hold = stock.holds.get(command.holdId);
  if (!hold) return refuse('hold-gone');
  const { holdId } = hold;
  if (stamp.by.kind === 'person' && stamp.by.id !== hold.personId) return refuse('not-allowed');
  switch (command.kind) {
    case 'ReleaseHold':
      if (hold.payingFor !== null) return refuse('payment-under-way');
      return [released(hold, 'buyer')];
    case 'BeginPayment': {
      const { orderId, attempt } = command;
      if (hold.payingFor !== null && hold.payingFor !== orderId) return refuse('payment-under-way');
      if (hold.payingFor !== null && hold.attempt === attempt) return [];
      if (stamp.atMs >= hold.expiresAtMs) return refuse('hold-gone');
      const untilMs = Math.max(hold.expiresAtMs, stamp.atMs + limits.paymentMs);
      return [{ kind: 'ShelfPaymentBegun', data: { holdId, orderId, attempt, untilMs } }];
    }
    case 'AbandonPayment': {
      if (stamp.by.kind !== 'system') return refuse('not-allowed');
      const { orderId, attempt } = command;
      if (hold.payingFor !== orderId || !isSameAttempt(hold.attempt, attempt))
        return refuse('payment-unknown');
      const expiresAtMs = Math.max(stamp.atMs + limits.holdMsMin * 2, hold.promisedUntilMs);
      return [{ kind: 'ShelfPaymentAbandoned', data: { holdId, orderId, expiresAtMs } }];
    }
    case 'SettleHold': {
      if (stamp.by.kind !== 'system') return refuse('not-allowed');
      const { orderId } = command;
      const { personId, quantity } = hold;
      return [{ kind: 'ShelfHoldSettled', data: { holdId, personId, orderId, quantity } }];
    }
  }
};

const evolve = (stock: Stock, event: StockEvent): Stock => {
  switch (event.kind) {
    case 'StockCounted':
      stock.onHand = event.data.onHand;
      break;
    case 'StockAllocated': {
      const { offerId, showId, quantity } = event.data;
      stock.allocations.set(offerId, { showId, quantity });
      break;
    }
    case 'AllocationReturned':
    case 'AllocationSold': {
      const { offerId, quantity } = event.data;
      const allocation = stock.allocations.get(offerId);
      assert(
        allocation && allocation.quantity >= quantity,
        `allocation ${offerId} is smaller than what left it`,
      );
      allocation.quantity -= quantity;
      if (allocation.quantity === 0) stock.allocations.delete(offerId);
      if (event.kind === 'AllocationSold') {
        stock.onHand -= quantity;
        stock.sold += quantity;
      }
      break;
    }
    case 'ShelfHoldPlaced': {
      const { holdId, personId, quantity, price, showId, expiresAtMs } = event.data;
      stock.holds.set(holdId, {
        holdId,
        personId,
        quantity,
        price,
        showId,
        expiresAtMs,
        promisedUntilMs: expiresAtMs,
        payingFor: null,
        attempt: null,
      });
      break;
    }
    case 'ShelfHoldReleased':
      stock.holds.delete(event.data.holdId);
      break;
    case 'ShelfPaymentBegun':
    case 'ShelfPaymentAbandoned': {
      const hold = stock.holds.get(event.data.holdId);
      assert(hold, `payment for hold ${event.data.holdId}, which is gone`);
      const begun = event.kind === 'ShelfPaymentBegun';
      hold.payingFor = begun ? event.data.orderId : null;
      hold.attempt = begun ? event.data.attempt : null;
      hold.expiresAtMs = begun ? event.data.untilMs : event.data.expiresAtMs;
      break;
    }
    case 'ShelfHoldSettled':
      stock.holds.delete(event.data.holdId);
      stock.onHand -= event.data.quantity;
      stock.sold += event.data.quantity;
      break;
  }
  assert(availableOf(stock) >= 0, `variant ${stock.variantId} promised more than it has`);
  return stock;
};

const deadline = (stock: Stock): Deadline<StockCommand> | null => {
  let atMs = Number.POSITIVE_INFINITY;
  for (const hold of stock.holds.values()) atMs = Math.min(atMs, hold.expiresAtMs);
  return Number.isFinite(atMs) ? { atMs, command: { kind: 'ExpireHolds' } } : null;
};

type SavedStock = {
  variantId: string;
  onHand: number;
  sold: number;
  allocations: [OfferId, { showId: ShowId; quantity: number }][];
  holds: [HoldId, ShelfHold][];
};

export const stockDecider: Decider<Stock, StockCommand, StockEvent> = {
  type: 'stock',
  stateVersion: 3,
  initial: (variantId) => ({
    variantId,
    onHand: 0,
    sold: 0,
    allocations: new Map(),
    holds: new Map(),
  }),
  decide,
  evolve,
  deadline,
  save: (stock) =>
    ({
      ...stock,
      allocations: [...stock.allocations],
      holds: [...stock.holds],
    }) as unknown as JsonObject,
  load: (saved) => {
    const { allocations, holds, ...rest } = structuredClone(saved) as unknown as SavedStock;
    return { ...rest, allocations: new Map(allocations), holds: new Map(holds) };
  },
};
