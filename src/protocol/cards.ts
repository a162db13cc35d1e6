// The bodies of the doors of a card on file. Numbers of real cards never travel here: a token of the provider does,
// or the person is sent to the provider's page.
//
//   GET    /api/me/card          → CardView
//   POST   /api/me/card          { methodToken? }  Idempotency-Key → CardAnswer
//   POST   /api/me/card/look     → CardAnswer: what became of one that waited at the provider's page
//   POST   /api/me/card/bank     { approve }       → CardAnswer: the sandbox's bank; a real provider has none here
//   DELETE /api/me/card          → 204

import { z } from 'zod';

const card = z.object({ brand: z.string(), last4: z.string(), addedAtMs: z.number() });

export const cardView = z.object({
  card: card.nullable(),
  /** One waits at the provider's page. */
  isWaiting: z.boolean(),
});
export type CardView = z.infer<typeof cardView>;

export const keepCardBody = z.object({ methodToken: z.string().min(1).max(200).optional() });

export const cardAnswer = z.union([
  z.object({ state: z.literal('kept'), card }),
  z.object({ state: z.literal('needs-action'), url: z.string() }),
]);
export type CardAnswer = z.infer<typeof cardAnswer>;

export const bankBody = z.object({ approve: z.boolean() });
