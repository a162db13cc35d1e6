// Bodies of the stage's doors: what the crew sees of guests, and what a guest sees.

import { z } from 'zod';
import { limits } from '../base/limits.ts';
import { id } from './http.ts';

/** The last version that the asker has seen: the answer waits for a newer one, some seconds at most. */
export const stageQuery = z.object({ after: z.coerce.number().int().min(0).optional() });

export const guestView = z.object({
  guestId: id,
  phase: z.enum(['invited', 'wings', 'stage', 'left', 'removed']),
  name: z.string(),
  mutedByCrew: z.boolean(),
  mutedBySelf: z.boolean(),
  expiresAtMs: z.number(),
});
export type GuestView = z.infer<typeof guestView>;

/** For the crew. Guests in the order in which they were invited. */
export const guestList = z.object({
  version: z.number(),
  isOpen: z.boolean(),
  peopleMax: z.number(),
  guests: z.array(guestView),
});
export type GuestList = z.infer<typeof guestList>;

/** The link is told here and never again. */
export const guestInvited = z.object({
  guestId: id,
  link: z.string(),
  expiresAtMs: z.number(),
});
export type GuestInvited = z.infer<typeof guestInvited>;

export const muteBody = z.object({ muted: z.boolean() });
export const joinBody = z.object({ name: z.string().max(4 * limits.guestNameMax) });

/** For a guest: themselves, and whom they see. */
export const stageView = z.object({
  version: z.number(),
  show: z.object({
    title: z.string(),
    hostName: z.string(),
    shopName: z.string(),
    phase: z.enum(['planned', 'live', 'over']),
    startsAtMs: z.number(),
  }),
  me: guestView,
  isFull: z.boolean(),
  /** Others on stage, the host first; empty for who isn’t on it. */
  others: z.array(z.object({ seat: id, name: z.string(), muted: z.boolean() })),
});
export type StageView = z.infer<typeof stageView>;
