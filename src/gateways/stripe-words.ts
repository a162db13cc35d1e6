// Stripe's errors in our words, the same for payments and for cards on file.

import Stripe from 'stripe';
import { Bug } from '../base/assert.ts';
import { Fault } from '../base/fault.ts';
import type { DeclineReason } from './cards.ts';

/** Why a card was declined, as far as its holder may be told. */
export const reasonOf = (error: {
  code?: string | undefined;
  decline_code?: string | undefined;
}): DeclineReason => {
  if (error.decline_code === 'insufficient_funds') return 'insufficient-funds';
  switch (error.code) {
    case 'expired_card':
      return 'card-expired';
    case 'incorrect_cvc':
    case 'invalid_cvc':
      return 'security-code-wrong';
    case 'incorrect_number':
    case 'invalid_number':
      return 'card-number-invalid';
    case 'authentication_required':
    case 'payment_intent_authentication_failure':
      return 'authentication-failed';
    default:
      return 'card-declined';
  }
};

/** Stripe doesn't have what was asked for. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing';

/** What Stripe has, or null where it has nothing. Throws `payment-unavailable` otherwise. */
export const found = async <T>(ask: () => Promise<T>): Promise<T | null> => {
  try {
    return await ask();
  } catch (error) {
    if (isMissing(error)) return null;
    throw faultOf(error);
  }
};

/** Stripe's errors in our words; its message may name the wrong key, so it is for the operator only. */
export const faultOf = (cause: unknown): Error => {
  if (cause instanceof Fault) return cause;
  if (cause instanceof Stripe.errors.StripeIdempotencyError)
    return new Bug(`a payment key was used for another wish: ${cause.message}`);
  if (
    cause instanceof Stripe.errors.StripeAuthenticationError ||
    cause instanceof Stripe.errors.StripePermissionError
  ) {
    return new Fault('payment-unavailable', 'Stripe doesn’t take STRIPE_SECRET_KEY', { cause });
  }
  return new Fault(
    'payment-unavailable',
    `Stripe: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );
};
