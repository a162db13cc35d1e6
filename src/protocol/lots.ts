// The bodies of the HTTP doors of auctions: what a host says of a lot, and how it is led. Bids travel on
// the show's socket (socket.ts). Amounts are integer minor units in the shop's currency.
//
//   POST /api/shows/{show}/lots                     PrepareLot → 201 { lotId }   (owner, host)
//   POST /api/shows/{show}/lots/{lot}/open | resume                               (owner, host)
//   POST /api/shows/{show}/lots/{lot}/pause | cancel | withdraw   { reason }      (owner, host)
//   POST /api/shows/{show}/lot-run                  { lotIds, gapMs }             (owner, host)
//   DELETE /api/shows/{show}/lot-run                                              (owner, host)
//   POST /api/shows/{show}/barred                   { personId, isBarred, reason } (crew)

import { z } from 'zod';
import { limits } from '../base/limits.ts';
import { id } from './http.ts';

const amount = z.number().int().min(0).max(limits.bidMinorMax);
const timeMs = z.number().int().min(0).max(limits.offerMsMax);

export const prepareLotBody = z.object({
  productId: id,
  variantId: id,
  quantity: z.number().int().min(1).max(limits.lotUnitsMax).default(1),
  payMs: z
    .number()
    .int()
    .min(limits.lotPayMsMin)
    .max(limits.lotPayMsMax)
    .default(24 * 3_600_000),
  secondChance: z.boolean().default(true),
  bidding: z.discriminatedUnion('format', [
    z.object({
      format: z.literal('english'),
      startMinor: amount,
      /** Absent: the usual steps. */
      steps: z
        .array(z.object({ fromMinor: amount, stepMinor: amount }))
        .min(1)
        .max(limits.lotStepsMax)
        .optional(),
      reserveMinor: amount.nullable().default(null),
      buyNowMinor: amount.nullable().default(null),
      durationMs: timeMs.default(60_000),
      /** 0: sudden death. */
      softCloseMs: timeMs.default(10_000),
      extensionMsMax: timeMs.nullable().default(600_000),
      undoMs: timeMs.default(15_000),
      takesEarlyBids: z.boolean().default(true),
    }),
    z.object({
      format: z.literal('dutch'),
      startMinor: amount,
      floorMinor: amount,
      stepMinor: amount,
      stepMs: timeMs.default(2_000),
      floorMs: timeMs.default(15_000),
    }),
  ]),
});
export type PrepareLotBody = z.input<typeof prepareLotBody>;

export const reasonBody = z.object({ reason: z.string().trim().min(1).max(limits.reasonMax) });

export const lotRunBody = z.object({
  lotIds: z.array(id).min(1).max(limits.lotsMax),
  gapMs: z.number().int().min(0).max(limits.lotRunGapMsMax).default(10_000),
});
export type LotRunBody = z.input<typeof lotRunBody>;

export const barBody = z.object({
  personId: id,
  isBarred: z.boolean().default(true),
  reason: z.string().trim().min(1).max(limits.reasonMax),
});
