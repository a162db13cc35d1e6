// The bodies of a buyer's own limits (`/api/me/limits`).

import { z } from 'zod';

const minor = z.number().nullable();

/** What a buyer wishes; null: no limit. Amounts in minor units of the shop's currency. */
export const limitsBody = z.object({
  dayMinor: minor,
  showMinor: minor,
  confirmAboveMinor: minor,
  watchMinutes: z.number().nullable(),
  /** Where their day begins, in minutes east of UTC; left out: as it was. */
  utcOffsetMinutes: z.number().optional(),
});
export type LimitsBody = z.infer<typeof limitsBody>;

export const limitsView = z.object({
  currency: z.string(),
  /** What counts now. */
  limits: limitsBody.required(),
  /** What will count, from when. */
  pending: z.array(
    z.object({
      limit: z.enum([
        'dayMinor',
        'showMinor',
        'confirmAboveMinor',
        'watchMinutes',
        'utcOffsetMinutes',
      ]),
      value: z.number().nullable(),
      fromMs: z.number(),
    }),
  ),
  today: z.object({
    /** Held, bid or won, and not paid yet. */
    promisedMinor: z.number(),
    spentMinor: z.number(),
    /** Null without a limit of the day. */
    leftMinor: z.number().nullable(),
    watchedMs: z.number(),
    endsAtMs: z.number(),
  }),
});
export type LimitsView = z.infer<typeof limitsView>;
