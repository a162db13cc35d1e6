// The sandbox's cards.

import type { DeclineReason } from './cards.ts';

/** The numbers that Stripe's documentation gives for tests, and what they do. */
export const testCards: ReadonlyMap<string, 'pays' | 'needs-action' | DeclineReason> = new Map([
  ['4242424242424242', 'pays'],
  ['5555555555554444', 'pays'],
  ['4000000000000002', 'card-declined'],
  ['4000000000009995', 'insufficient-funds'],
  ['4000000000000069', 'card-expired'],
  ['4000000000000127', 'security-code-wrong'],
  ['4000002760003184', 'needs-action'],
]);
