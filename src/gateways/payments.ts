// Taking and giving back money, in our words. Which provider does it, and how it speaks, is behind this
// interface: `stripe.ts` for real, `sandbox-payments.ts` by default. Nothing here decides whether an
// order may be paid; a gateway is called after commit, at least once, with a key that makes it once.

import type { Money } from '../base/money.ts';
import type { Cards, DeclineReason } from './cards.ts';

export type StartPayment = {
  readonly orderId: string;
  readonly amount: Money;
  /** What the buyer reads on the statement's details page. */
  readonly description: string;
  /** The same key and the same wish give the same payment, whatever happened in between. */
  readonly idempotencyKey: string;
  /** The provider's token of a card; absent when the buyer enters the card at the provider's form. */
  readonly methodToken?: string;
  /** Where the provider's receipt goes. */
  readonly email?: string;
};

export type Payment =
  | { readonly state: 'paid'; readonly paymentId: string }
  /** The buyer has to do something at the provider (3-D Secure, entering a card): `clientSecret` opens it. */
  | { readonly state: 'needs-action'; readonly paymentId: string; readonly clientSecret: string }
  /** The provider is still working; the answer comes by webhook or by `find`. */
  | { readonly state: 'processing'; readonly paymentId: string }
  | { readonly state: 'declined'; readonly paymentId: string; readonly reason: DeclineReason };

export type RefundPayment = {
  readonly paymentId: string;
  /** At most what was paid and not yet refunded. */
  readonly amount: Money;
  readonly idempotencyKey: string;
};

export type Refund =
  | { readonly state: 'refunded' | 'pending'; readonly refundId: string }
  | {
      readonly state: 'refused';
      readonly reason: 'payment-unknown' | 'not-paid' | 'more-than-paid';
    };

/** What a provider told us by itself. `eventId` is the provider's: the same one may come twice. */
export type PaymentNotice =
  | {
      readonly kind: 'payment';
      readonly eventId: string;
      readonly orderId: string;
      /** The key that the payment was started with; null when the provider doesn't tell. */
      readonly attempt: string | null;
      readonly payment: Payment;
    }
  | {
      readonly kind: 'refund';
      readonly eventId: string;
      readonly paymentId: string;
      readonly refund: Refund;
    }
  /** Authentic, but nothing that Rialto acts on. */
  | { readonly kind: 'other'; readonly eventId: string };

/**
 * Every call may be repeated with the same key and is then answered as the first time; the same key
 * with another wish is a bug of the caller and throws. A decline is an answer. When the provider can't
 * be reached or answers nonsense, calls throw a `Fault` with the code `payment-unavailable`: the
 * payment may or may not have been made, so repeat with the same key until there is an answer.
 */
export interface Payments {
  /** True when no real money moves; must be shown wherever a person pays. */
  readonly sandbox: boolean;
  readonly cards: Cards;
  start(wish: StartPayment): Promise<Payment>;
  /** How a payment stands now; null when the provider doesn't know it. */
  find(paymentId: string): Promise<Payment | null>;
  /** Gives up a payment that isn't paid yet. Answers what it came to: `paid` when it was too late. */
  cancel(paymentId: string): Promise<'cancelled' | 'paid' | 'unknown'>;
  refund(wish: RefundPayment): Promise<Refund>;
  /** Null when the signature is not the provider's: answer 400 and do nothing. */
  parseWebhook(rawBody: Uint8Array, signature: string): PaymentNotice | null;
}
