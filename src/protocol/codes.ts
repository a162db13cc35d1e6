// The bodies of the HTTP doors of promo codes. Amounts are integer minor units in the shop's currency, times
// milliseconds since the Unix epoch.
//
//   GET    /api/codes                            { codes: CodeView[] }           (owner, host)
//   POST   /api/codes                            MakeCode → CodeView             (owner)
//   POST   /api/codes/{code}/end                 → CodeView                      (owner)
//   GET    /api/holds/{stream}/{hold}/codes/{code}  CodeQuote                    (shopper: own hold)

import { z } from 'zod';
import { limits } from '../base/limits.ts';
import { id, moneySchema } from './http.ts';

const off = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('percent'), percent: z.number().int().min(1).max(100) }),
  z.object({ kind: z.literal('amount'), minor: z.number().int().min(1).max(limits.codeMinorMax) }),
]);
const uses = z.number().int().min(1).max(limits.codeUsesMax).nullable();

export const makeCodeBody = z.object({
  /** As somebody types it: capitals and spaces make no difference. */
  code: z.string().min(3).max(64),
  off,
  /** Null: all products. */
  productIds: z.array(id).min(1).max(limits.codeProductsMax).nullable().default(null),
  minimumMinor: z.number().int().min(0).max(limits.codeMinorMax).default(0),
  /** Null: from now on. */
  fromMs: z.number().int().nonnegative().nullable().default(null),
  untilMs: z.number().int().nonnegative().nullable().default(null),
  usesMax: uses.default(null),
  perPersonMax: uses.default(1),
});
export type MakeCodeBody = z.input<typeof makeCodeBody>;

export const codeView = z.object({
  code: z.string(),
  off,
  currency: z.string(),
  productIds: z.array(id).nullable(),
  minimumMinor: z.number(),
  fromMs: z.number(),
  untilMs: z.number().nullable(),
  usesMax: z.number().nullable(),
  perPersonMax: z.number().nullable(),
  isEnded: z.boolean(),
  /** Orders that it stands in, paid or not. */
  uses: z.number(),
});
export type CodeView = z.infer<typeof codeView>;

/** What a code takes off what is held. */
export const codeQuote = z.object({
  code: z.string(),
  discount: moneySchema,
  /** The lowest price of the 30 days before the code began, of one unit. */
  reference: moneySchema,
});
export type CodeQuote = z.infer<typeof codeQuote>;
