// Cards on file by Stripe: a SetupIntent where the browser has a token, Stripe's own page (Checkout in its mode
// `setup`) where it has none. What tells cards apart is Stripe's fingerprint of the payment method.

import Stripe from 'stripe';
import { Fault } from '../base/fault.ts';
import type { CardSetup, Cards, KeptCard } from './cards.ts';
import { faultOf, found, isMissing, reasonOf } from './stripe-words.ts';

export const stripeCards = (stripe: Stripe): Cards => {
  const setupOf = async (intent: Stripe.SetupIntent, setupId: string): Promise<CardSetup> => {
    switch (intent.status) {
      case 'succeeded':
        return { state: 'kept', setupId, card: await cardOf(intent) };
      case 'canceled':
        return { state: 'declined', setupId, reason: 'card-declined' };
      default:
        break;
    }
    const error = intent.last_setup_error;
    if (error) return { state: 'declined', setupId, reason: reasonOf(error) };
    const url = intent.next_action?.redirect_to_url?.url;
    if (url) return { state: 'needs-action', setupId, url };
    throw new Fault('payment-unavailable', `Stripe leaves ${setupId} as ${intent.status}`);
  };

  const cardOf = async ({ payment_method: method }: Stripe.SetupIntent): Promise<KeptCard> => {
    const known =
      typeof method === 'string' ? await stripe.paymentMethods.retrieve(method) : method;
    const card = known?.card;
    if (!known || !card?.fingerprint)
      throw new Fault('payment-unavailable', 'Stripe kept a card without a fingerprint');
    const { fingerprint, brand, last4 } = card;
    return { methodId: known.id, fingerprint, brand, last4 };
  };

  const ofPage = async (session: Stripe.Checkout.Session): Promise<CardSetup> => {
    const intent = session.setup_intent;
    if (session.status === 'open' && session.url)
      return { state: 'needs-action', setupId: session.id, url: session.url };
    if (session.status === 'expired' || intent === null)
      return { state: 'declined', setupId: session.id, reason: 'authentication-failed' };
    const set = typeof intent === 'string' ? await stripe.setupIntents.retrieve(intent) : intent;
    return setupOf(set, session.id);
  };

  return {
    async customer(personId) {
      try {
        const made = await stripe.customers.create(
          { metadata: { personId } },
          { idempotencyKey: `customer ${personId}` },
        );
        return made.id;
      } catch (error) {
        throw faultOf(error);
      }
    },
    async keep({ customerId, methodToken, idempotencyKey, personId, returnUrl }) {
      const metadata = { personId };
      try {
        if (methodToken === undefined) {
          const session = await stripe.checkout.sessions.create(
            {
              mode: 'setup',
              customer: customerId,
              allowed_payment_method_types: ['card'],
              metadata,
              success_url: returnUrl,
              cancel_url: returnUrl,
            },
            { idempotencyKey },
          );
          return await ofPage(session);
        }
        const intent = await stripe.setupIntents.create(
          {
            customer: customerId,
            payment_method: methodToken,
            allowed_payment_method_types: ['card'],
            usage: 'on_session',
            confirm: true,
            return_url: returnUrl,
            metadata,
          },
          { idempotencyKey },
        );
        return await setupOf(intent, intent.id);
      } catch (error) {
        const declined = declinedSetup(error);
        if (declined) return declined;
        throw faultOf(error);
      }
    },
    async setup(setupId) {
      if (setupId.startsWith('cs_')) {
        const session = await found(() => stripe.checkout.sessions.retrieve(setupId));
        return session && within(() => ofPage(session));
      }
      const intent = await found(() => stripe.setupIntents.retrieve(setupId));
      return intent && within(() => setupOf(intent, setupId));
    },
    async forget(methodId) {
      try {
        await stripe.paymentMethods.detach(methodId);
      } catch (error) {
        if (!isMissing(error)) throw faultOf(error);
      }
    },
  };
};

const within = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    throw faultOf(error);
  }
};

const declinedSetup = (error: unknown): CardSetup | null => {
  if (!(error instanceof Stripe.errors.StripeCardError)) return null;
  const { code, decline_code } = error;
  const setupId = error.setup_intent?.id ?? 'none';
  return { state: 'declined', setupId, reason: reasonOf({ code, decline_code }) };
};
