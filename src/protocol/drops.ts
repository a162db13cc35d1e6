// The bodies of the HTTP doors of drops and giveaways. Entering and leaving travel on the show's socket
// (socket.ts). Amounts are integer minor units in the shop's currency.
//
//   POST /api/shows/{show}/drops                    AnnounceDrop → 202 { dropId }  (owner, host)
//   POST /api/shows/{show}/drops/{drop}/open                                        (owner, host)
//   POST /api/shows/{show}/drops/{drop}/cancel      { reason }                      (owner, host)
//   GET  /api/shows/{show}/drops/{drop}/proof       → DropProof                     (who may come in; after the end everybody)

import { z } from 'zod';
import { limits } from '../base/limits.ts';
import { bundleBody, id } from './http.ts';

export const announceDropBody = z.object({
  productId: id,
  variants: z
    .array(
      z.object({
        variantId: id,
        priceMinor: z.number().int().nonnegative(),
        quantity: z.number().int().min(1),
      }),
    )
    .max(limits.offerVariantsMax),
  /** Sets of several variants, each one decision over all of its parts (docs/rules/price.md, PRI-19). */
  bundles: z
    .array(bundleBody.omit({ membersPriceMinor: true }))
    .max(limits.offerVariantsMax)
    .default([]),
  order: z.enum(['queue', 'draw']).default('queue'),
  isGiveaway: z.boolean().default(false),
  /** Null: the host opens it. */
  opensAtMs: z.number().int().nullable().default(null),
  durationMs: z.number().int().min(1_000).max(limits.offerMsMax).default(600_000),
  holdMs: z.number().int().min(limits.holdMsMin).max(limits.holdMsMax).default(limits.holdMs),
  perPersonMax: z.number().int().min(1).max(limits.claimQuantityMax).default(1),
  earlyAccess: z
    .array(
      z.object({
        tier: z.string().min(1).max(limits.tierNameMax),
        earlierMs: z.number().int().min(1_000),
      }),
    )
    .max(limits.dropTiersMax)
    .default([]),
  needsAccount: z.boolean().default(false),
  /** What an entrant must show, each good for one entry (docs/rules/drop.md, DRO-17). */
  oncePer: z
    .array(z.enum(['verified-address', 'card']))
    .max(2)
    .default([]),
});
export type AnnounceDropBody = z.input<typeof announceDropBody>;

/**
 * All that makes the order of a drop, as the published log holds it: `GET /api/shows/{show}/drops/{drop}/proof`.
 * `seq` is an event's place in that log; what happened before what stands in it.
 */
export type DropProof = {
  readonly show: string;
  readonly dropId: string;
  readonly title: string;
  readonly kind: 'queue' | 'draw';
  readonly isGiveaway: boolean;
  readonly phase: 'announced' | 'open' | 'closed' | 'cancelled' | 'refused';
  readonly variants: readonly {
    readonly variantId: string;
    readonly title: string;
    readonly quantity: number;
    /** Of a bundle: what one is made of. */
    readonly parts?: readonly { readonly title: string; readonly quantity: number }[];
  }[];
  /** Let in one after the other, then everybody; a stage each. */
  readonly tiers: readonly string[];
  /** One for each stage. */
  readonly seedCommitments: readonly string[];
  readonly entries: readonly ProvenEntry[];
  /** The stages that are open, with what was committed to. */
  readonly stages: readonly {
    readonly seq: number;
    readonly stage: number;
    readonly tier: string | null;
    readonly seed: string;
  }[];
  /** The line of each variant as far as it stands: numbers of entries. */
  readonly order: Readonly<Record<string, readonly number[]>>;
  /** Who got units, in turn. */
  readonly served: readonly {
    readonly seq: number;
    readonly entry: number;
    readonly variantId: string;
    readonly quantity: number;
    /** `passed-on`: not taken in time, or given back; the next in the line had it. */
    readonly outcome: 'held' | 'taken' | 'passed-on';
  }[];
};

export type ProvenEntry = {
  readonly seq: number;
  readonly entry: number;
  readonly variantId: string;
  readonly quantity: number;
  readonly tier: string | null;
  readonly words: string;
  /** The event by which they left; null: they didn't. */
  readonly leftSeq: number | null;
};
