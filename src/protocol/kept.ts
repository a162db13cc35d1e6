// The bodies of the doors to clips, and to how long recordings and clips are kept.
//
//   GET    /api/products/{product}/clips      { clips: ClipView[] }         (anyone: of shows that they may enter)
//   GET    /api/shows/{show}/clips            { clips: KeptClip[] }         (owner, host)
//   GET    /api/orders/{order}/moment         MomentAnswer                  (buyer, owner, host)
//   DELETE /api/shows/{show}/recording        ?reason=                      (owner)
//   DELETE /api/shows/{show}/clips/{clip}     ?reason=                      (owner)
//   GET    /api/kept-rules                    KeptRulesBody                 (owner, host)
//   PUT    /api/kept-rules                    KeptRulesBody                 (owner)

import { z } from 'zod';
import { limits } from '../base/limits.ts';
import { disclosures } from '../base/words.ts';
import { id, moneySchema } from './http.ts';

export const clipId = z.string().regex(/^(lot|demo)-[A-Za-z0-9_-]{1,64}$/);

export const clipView = z.object({
  clipId,
  kind: z.enum(['lot', 'demo']),
  title: z.string(),
  url: z.string(),
  posterUrl: z.string().nullable(),
  /** Server time of its first picture. */
  startedAtMs: z.number(),
  durationMs: z.number(),
  /** How far into the file it begins. */
  leadMs: z.number(),
  showId: id,
  showTitle: z.string(),
  /** The host's stake in what is shown; a player keeps the words in sight. */
  labels: z.array(
    z.object({ disclosure: z.enum(disclosures), words: z.string(), sentence: z.string() }),
  ),
});
export type ClipView = z.infer<typeof clipView>;

export const clipsAnswer = z.object({ clips: z.array(clipView) });

/** For the crew: also those that are gone, with why. */
export const keptClip = clipView.extend({
  gone: z.enum(['kept-long-enough', 'by-the-shop', 'demo']).nullable(),
});
export type KeptClip = z.infer<typeof keptClip>;
export const keptClipsAnswer = z.object({ clips: z.array(keptClip) });

/** The lot that an order was won at. */
export const wonMoment = z.object({
  lotId: id,
  title: z.string(),
  openedAtMs: z.number().nullable(),
  hammerAtMs: z.number(),
  price: moneySchema,
  /** The buyer's own public alias. */
  alias: z.number(),
  /** The price as bids moved it, the last ones, oldest first. */
  trail: z.array(z.object({ atMs: z.number(), price: moneySchema, leader: z.number() })),
  clip: clipView.nullable(),
  /** Why there is no clip: it is being made, none could be, or it was taken away. Null when there is one. */
  noClip: z.enum(['coming', 'none', 'kept-long-enough', 'by-the-shop', 'demo']).nullable(),
});
export type WonMoment = z.infer<typeof wonMoment>;
export const momentAnswer = z.object({ moment: wonMoment.nullable() });

const days = z.number().int().min(1).max(limits.keptDaysMax).nullable();
export const keptRulesBody = z.object({
  /** Days after the end of a show; null: for ever. */
  recordingDays: days,
  clipDays: days,
  clipsWhileOnSale: z.boolean(),
});
export type KeptRulesBody = z.infer<typeof keptRulesBody>;
