// An order: what a buyer agreed to, what they paid, where it goes. It is placed from a hold, paid
// through a gateway that is called after commit, and cancelled when its hold is gone before the money
// came. Names and addresses stand outside the hashed body. Rules: docs/rules/order.md.

import type { HoldId, PersonId, ProductId, ShowId, StreamId, VariantId } from '../../base/brand.ts';
import type { JsonObject } from '../../base/json.ts';
import { limits } from '../../base/limits.ts';
import type { Money } from '../../base/money.ts';
import { type Refusal, refuse } from '../../base/result.ts';
import { type Decider, type EventStamp, mayDirect, type Stamp } from '../decider.ts';
import type { BundlePart } from '../sale/bundle.ts';

export type OrderLine = {
  readonly productId: ProductId;
  readonly variantId: VariantId;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: Money;
  /** Of a bundle: what one is made of. */
  readonly parts?: readonly BundlePart[];
};

/** Where the units wait: a show's stream (an offer's hold) or a stock stream (a hold from the shelf). */
export type HoldPlace = { readonly stream: StreamId; readonly holdId: HoldId };

export type PostalAddress = {
  readonly name: string;
  readonly line1: string;
  readonly line2: string;
  readonly postcode: string;
  readonly city: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
};

/** The whole price, as the button showed it: total = goods - discount + shipping, of which `tax` is included. */
export type Totals = {
  readonly goods: Money;
  readonly discount: Money;
  readonly shipping: Money;
  readonly tax: Money;
  readonly total: Money;
};

/** A promo code in an order; `useId` names the placing that its use was reserved for. */
export type OrderCode = { readonly code: string; readonly useId: string };

export type OrderPhase =
  | 'none'
  | 'placed'
  | 'paying'
  | 'paid'
  | 'cancelled'
  | 'refunding'
  | 'refunded';

export type Order = {
  readonly orderId: string;
  phase: OrderPhase;
  personId: PersonId | null;
  showId: ShowId | null;
  hold: HoldPlace | null;
  lines: readonly OrderLine[];
  totals: Totals | null;
  code: OrderCode | null;
  /** The try at paying that is under way. */
  attempt: string | null;
  /** The gateway's id of the payment that counts. */
  paymentId: string | null;
  /** [ORD-10] Payments beside the one that counts; `refundId` is null until the money has gone back. */
  duplicates: readonly { readonly paymentId: string; readonly refundId: string | null }[];
  /** [ORD-9] While it is unpaid: when no hold and no payment that it rests on can stand any more. */
  openUntilMs: number | null;
};

export type OrderCommand =
  | {
      readonly kind: 'PlaceOrder';
      readonly hold: HoldPlace;
      readonly showId: ShowId | null;
      readonly lines: readonly OrderLine[];
      readonly totals: Totals;
      /** Whose discount is in the totals. */
      readonly code: OrderCode | null;
      readonly address: PostalAddress;
      readonly email: string;
    }
  | { readonly kind: 'StartPayment'; readonly attempt: string }
  | { readonly kind: 'RecordPayment'; readonly paymentId: string; readonly provider: string }
  | { readonly kind: 'RecordDecline'; readonly attempt: string; readonly reason: string }
  | { readonly kind: 'CancelOrder'; readonly reason: 'hold-gone' | 'buyer' }
  | { readonly kind: 'RefundOrder'; readonly reason: 'hold-gone' | 'crew' }
  | { readonly kind: 'RecordRefund'; readonly paymentId: string; readonly refundId: string };

export type OrderEvent =
  | {
      readonly kind: 'OrderPlaced';
      readonly data: {
        readonly personId: PersonId;
        readonly showId: ShowId | null;
        readonly hold: HoldPlace;
        readonly lines: readonly OrderLine[];
        readonly totals: Totals;
        readonly code: OrderCode | null;
      };
      readonly personal?: {
        readonly name: string;
        readonly address: PostalAddress;
        readonly email: string;
      } | null;
    }
  | { readonly kind: 'PaymentStarted'; readonly data: { readonly attempt: string } }
  | {
      readonly kind: 'PaymentDeclined';
      readonly data: { readonly attempt: string; readonly reason: string };
    }
  | {
      readonly kind: 'OrderPaid';
      readonly data: { readonly paymentId: string; readonly provider: string };
    }
  /** Money of another payment came for an order that was paid already: two tabs, a late notice. */
  | {
      readonly kind: 'PaymentDuplicated';
      readonly data: { readonly paymentId: string; readonly provider: string };
    }
  | { readonly kind: 'OrderCancelled'; readonly data: { readonly reason: 'hold-gone' | 'buyer' } }
  /** Money that must go back: a policy asks the gateway and records the answer. */
  | {
      readonly kind: 'RefundRequested';
      readonly data: {
        readonly paymentId: string;
        readonly amount: Money;
        /** `paid-twice`: of a payment that never counted; the order stays as it is. */
        readonly reason: 'hold-gone' | 'crew' | 'paid-twice';
      };
    }
  | { readonly kind: 'OrderRefunded'; readonly data: { readonly refundId: string } }
  | {
      readonly kind: 'DuplicateRefunded';
      readonly data: { readonly paymentId: string; readonly refundId: string };
    };

const decide = (
  order: Order,
  command: OrderCommand,
  stamp: Stamp,
): readonly OrderEvent[] | Refusal => {
  const isOwn = stamp.by.kind === 'person' && stamp.by.id === order.personId;
  switch (command.kind) {
    case 'PlaceOrder': {
      if (stamp.by.kind !== 'person') return refuse('sign-in-needed');
      // Placing twice is changing the address before the payment: the later one counts.
      if (order.phase !== 'none' && order.phase !== 'placed')
        return refuse('order-not-open', { phase: order.phase });
      if (order.phase === 'placed' && !isOwn) return refuse('not-allowed');
      const { hold, showId, lines, totals, code, address, email } = command;
      return [
        {
          kind: 'OrderPlaced',
          data: { personId: stamp.by.id, showId, hold, lines, totals, code },
          personal: { name: stamp.by.name, address, email },
        },
      ];
    }
    case 'StartPayment':
      if (order.phase === 'none') return refuse('order-unknown');
      if (!isOwn && stamp.by.kind !== 'system') return refuse('not-allowed');
      if (order.phase !== 'placed') return refuse('order-not-open', { phase: order.phase });
      return [{ kind: 'PaymentStarted', data: { attempt: command.attempt } }];
    case 'RecordDecline':
      if (stamp.by.kind !== 'system') return refuse('not-allowed');
      if (order.phase !== 'paying') return refuse('order-not-open', { phase: order.phase });
      // A late notice of the try before says nothing about the one that is under way.
      if (order.attempt !== command.attempt) return refuse('payment-unknown');
      return [
        { kind: 'PaymentDeclined', data: { attempt: command.attempt, reason: command.reason } },
      ];
    case 'RecordPayment':
      return recordPayment(order, command, stamp);
    case 'CancelOrder':
      if (order.phase === 'none') return refuse('order-unknown');
      if (!isOwn && stamp.by.kind !== 'system') return refuse('not-allowed');
      if (order.phase !== 'placed' && order.phase !== 'paying')
        return refuse('order-not-open', { phase: order.phase });
      if (order.phase === 'paying' && stamp.by.kind !== 'system')
        return refuse('payment-under-way');
      return [{ kind: 'OrderCancelled', data: { reason: command.reason } }];
    case 'RefundOrder':
      if (!mayDirect(stamp.by)) return refuse('not-allowed');
      if (order.phase !== 'paid' || order.paymentId === null || order.totals === null) {
        return refuse('order-not-open', { phase: order.phase });
      }
      return moneyBack(order.totals.total, order.paymentId, command.reason);
    case 'RecordRefund':
      if (stamp.by.kind !== 'system') return refuse('not-allowed');
      if (isDuplicate(order, command.paymentId)) {
        const { paymentId, refundId } = command;
        return [{ kind: 'DuplicateRefunded', data: { paymentId, refundId } }];
      }
      if (order.phase !== 'refunding') return refuse('order-not-open', { phase: order.phase });
      return [{ kind: 'OrderRefunded', data: { refundId: command.refundId } }];
  }
};

/** [ORD-11] The provider of a payment of nothing: no gateway is asked, neither for it nor to give it back. */
export const noProvider = 'none';

/** What sends the money back; of nothing there is nothing to wait for. */
const moneyBack = (
  amount: Money,
  paymentId: string,
  reason: 'hold-gone' | 'crew',
): readonly OrderEvent[] => {
  const requested: OrderEvent = { kind: 'RefundRequested', data: { paymentId, amount, reason } };
  return amount.minor === 0
    ? [requested, { kind: 'OrderRefunded', data: { refundId: noProvider } }]
    : [requested];
};

const isDuplicate = (order: Order, paymentId: string): boolean =>
  order.duplicates.some((duplicate) => duplicate.paymentId === paymentId);

const recordPayment = (
  order: Order,
  { paymentId, provider }: Extract<OrderCommand, { kind: 'RecordPayment' }>,
  stamp: Stamp,
): readonly OrderEvent[] | Refusal => {
  if (stamp.by.kind !== 'system') return refuse('not-allowed');
  if (order.paymentId === paymentId || isDuplicate(order, paymentId)) return [];
  if (provider === noProvider && order.totals?.total.minor !== 0) return refuse('payment-unknown');
  const paid: OrderEvent = { kind: 'OrderPaid', data: { paymentId, provider } };
  switch (order.phase) {
    case 'none':
      return refuse('order-unknown');
    case 'placed':
    case 'paying':
      return [paid];
    case 'cancelled':
      // [ORD-5] Money that comes after the units were given up goes straight back.
      return order.totals === null
        ? refuse('order-unknown')
        : [paid, ...moneyBack(order.totals.total, paymentId, 'hold-gone')];
    case 'paid':
    case 'refunding':
    case 'refunded':
      // [ORD-10] The money is there: refusing would neither keep it for the order nor give it back.
      return order.totals === null
        ? refuse('order-unknown')
        : [
            { kind: 'PaymentDuplicated', data: { paymentId, provider } },
            {
              kind: 'RefundRequested',
              data: { paymentId, amount: order.totals.total, reason: 'paid-twice' },
            },
          ];
  }
};

const evolve = (order: Order, event: OrderEvent, { atMs }: EventStamp): Order => {
  const openUntilMs = atMs + limits.holdMsMax + limits.paymentMs;
  switch (event.kind) {
    case 'OrderPlaced':
      return { ...order, phase: 'placed', ...event.data, openUntilMs };
    case 'PaymentStarted':
      return { ...order, phase: 'paying', attempt: event.data.attempt, openUntilMs };
    case 'PaymentDeclined':
      return { ...order, phase: 'placed', attempt: null, openUntilMs };
    case 'OrderPaid':
      return { ...order, phase: 'paid', paymentId: event.data.paymentId, openUntilMs: null };
    case 'OrderCancelled':
      return { ...order, phase: 'cancelled', openUntilMs: null };
    case 'PaymentDuplicated': {
      const { paymentId } = event.data;
      return { ...order, duplicates: [...order.duplicates, { paymentId, refundId: null }] };
    }
    case 'RefundRequested':
      return event.data.reason === 'paid-twice' ? order : { ...order, phase: 'refunding' };
    case 'OrderRefunded':
      return { ...order, phase: 'refunded' };
    case 'DuplicateRefunded': {
      const { paymentId, refundId } = event.data;
      const duplicates = order.duplicates.map((duplicate) =>
        duplicate.paymentId === paymentId ? { paymentId, refundId } : duplicate,
      );
      return { ...order, duplicates };
    }
  }
};

export const orderDecider: Decider<Order, OrderCommand, OrderEvent> = {
  type: 'order',
  stateVersion: 5,
  initial: (orderId) => ({
    orderId,
    phase: 'none',
    personId: null,
    showId: null,
    hold: null,
    lines: [],
    totals: null,
    code: null,
    attempt: null,
    paymentId: null,
    duplicates: [],
    openUntilMs: null,
  }),
  decide,
  evolve,
  deadline: ({ openUntilMs }) =>
    openUntilMs === null
      ? null
      : { atMs: openUntilMs, command: { kind: 'CancelOrder', reason: 'hold-gone' } },
  save: (order) => order as unknown as JsonObject,
  load: (saved) => structuredClone(saved) as unknown as Order,
};
