// Payments by Stripe: PaymentIntents, refunds and signed webhooks. Declines become answers, an
// unreachable or confused Stripe becomes the fault `payment-unavailable`, and idempotency keys go through
// as they are. Cards never come here: the browser gives them to Stripe and gets a token.

import Stripe from 'stripe';
import { Fault } from '../base/fault.ts';
import type { Payment, PaymentNotice, Payments, Refund } from './payments.ts';
import { stripeCards } from './stripe-cards.ts';
import { faultOf, found, isMissing, reasonOf } from './stripe-words.ts';

export type StripeOptions = {
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Another server that speaks Stripe's protocol, such as `http://127.0.0.1:12111`. */
  readonly apiUrl?: string;
  readonly timeoutMs?: number;
};

export const stripePayments = (options: StripeOptions): Payments => {
  const api = options.apiUrl === undefined ? null : new URL(options.apiUrl);
  const stripe = new Stripe(options.secretKey, {
    // Stripe answers a repeated key as the first time, so its own client may repeat what broke off.
    maxNetworkRetries: 2,
    timeout: options.timeoutMs ?? 20_000,
    telemetry: false,
    appInfo: { name: 'Rialto' },
    ...(api === null
      ? {}
      : {
          host: api.hostname,
          port: api.port === '' ? (api.protocol === 'https:' ? 443 : 80) : Number(api.port),
          protocol: api.protocol === 'https:' ? ('https' as const) : ('http' as const),
        }),
  });

  return {
    sandbox: false,
    cards: stripeCards(stripe),
    async start(wish) {
      try {
        const intent = await stripe.paymentIntents.create(
          {
            amount: wish.amount.minor,
            currency: wish.amount.currency.toLowerCase(),
            description: wish.description,
            metadata: { orderId: wish.orderId, attempt: wish.idempotencyKey },
            // A page that goes elsewhere and comes back would lose the show.
            automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
            ...(wish.email === undefined ? {} : { receipt_email: wish.email }),
            ...(wish.methodToken === undefined
              ? {}
              : { payment_method: wish.methodToken, confirm: true }),
          },
          { idempotencyKey: wish.idempotencyKey },
        );
        return paymentOf(intent);
      } catch (error) {
        const declined = declineOf(error);
        if (declined) return declined;
        throw faultOf(error);
      }
    },
    async find(paymentId) {
      const intent = await found(() => stripe.paymentIntents.retrieve(paymentId));
      return intent ? paymentOf(intent) : null;
    },
    async cancel(paymentId) {
      try {
        await stripe.paymentIntents.cancel(paymentId);
        return 'cancelled';
      } catch (error) {
        if (isMissing(error)) return 'unknown';
        if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw faultOf(error);
        const intent = await found(() => stripe.paymentIntents.retrieve(paymentId));
        if (intent?.status === 'succeeded') return 'paid';
        if (intent?.status === 'canceled') return 'cancelled';
        throw faultOf(error);
      }
    },
    async refund(wish) {
      try {
        const refund = await stripe.refunds.create(
          { payment_intent: wish.paymentId, amount: wish.amount.minor },
          { idempotencyKey: wish.idempotencyKey },
        );
        return refundOf(refund);
      } catch (error) {
        if (isMissing(error)) return { state: 'refused', reason: 'payment-unknown' };
        if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw faultOf(error);
        // Why, Stripe says in prose only: look at the payment instead of reading that.
        const intent = await found(() =>
          stripe.paymentIntents.retrieve(wish.paymentId, { expand: ['latest_charge'] }),
        );
        if (!intent) return { state: 'refused', reason: 'payment-unknown' };
        if (intent.status !== 'succeeded') return { state: 'refused', reason: 'not-paid' };
        const charge = intent.latest_charge;
        const refunded = charge !== null && typeof charge === 'object' ? charge.amount_refunded : 0;
        if (refunded + wish.amount.minor > intent.amount_received)
          return { state: 'refused', reason: 'more-than-paid' };
        throw faultOf(error);
      }
    },
    parseWebhook(rawBody, signature) {
      try {
        return noticeOf(
          stripe.webhooks.constructEvent(Buffer.from(rawBody), signature, options.webhookSecret),
        );
      } catch (error) {
        if (error instanceof Stripe.errors.StripeSignatureVerificationError) return null;
        throw error;
      }
    },
  };
};

const paymentOf = (intent: Stripe.PaymentIntent): Payment => {
  const paymentId = intent.id;
  switch (intent.status) {
    case 'succeeded':
      return { state: 'paid', paymentId };
    case 'processing':
      return { state: 'processing', paymentId };
    case 'canceled':
      return { state: 'declined', paymentId, reason: 'card-declined' };
    case 'requires_payment_method':
      // A first attempt failed; without one the buyer has yet to enter a card.
      if (intent.last_payment_error)
        return { state: 'declined', paymentId, reason: reasonOf(intent.last_payment_error) };
      break;
    default:
      break;
  }
  if (intent.client_secret === null) {
    throw new Fault(
      'payment-unavailable',
      `Stripe wants ${intent.status} for ${paymentId} and gives no client secret`,
    );
  }
  return { state: 'needs-action', paymentId, clientSecret: intent.client_secret };
};

const declineOf = (error: unknown): Payment | null => {
  if (!(error instanceof Stripe.errors.StripeCardError)) return null;
  const paymentId = error.payment_intent?.id;
  return paymentId === undefined
    ? null
    : {
        state: 'declined',
        paymentId,
        reason: reasonOf({ code: error.code, decline_code: error.decline_code }),
      };
};

const refundOf = (refund: Stripe.Refund): Refund => ({
  state: refund.status === 'succeeded' ? 'refunded' : 'pending',
  refundId: refund.id,
});

const noticeOf = (event: Stripe.Event): PaymentNotice => {
  const other: PaymentNotice = { kind: 'other', eventId: event.id };
  switch (event.type) {
    case 'payment_intent.succeeded':
    case 'payment_intent.payment_failed':
    case 'payment_intent.processing':
    case 'payment_intent.requires_action':
    case 'payment_intent.canceled': {
      const intent = event.data.object;
      const { orderId, attempt = null } = intent.metadata;
      return orderId === undefined
        ? other
        : { kind: 'payment', eventId: event.id, orderId, attempt, payment: paymentOf(intent) };
    }
    case 'refund.created':
    case 'refund.updated': {
      const refund = event.data.object;
      const intent = refund.payment_intent;
      const paymentId = typeof intent === 'string' ? intent : intent?.id;
      return paymentId === undefined || refund.status === 'failed' || refund.status === 'canceled'
        ? other
        : { kind: 'refund', eventId: event.id, paymentId, refund: refundOf(refund) };
    }
    default:
      return other;
  }
};
