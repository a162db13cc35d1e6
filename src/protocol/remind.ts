// Words of reminders, calendars and series on the wire.

import { z } from 'zod';
import { limits } from '../base/limits.ts';
import { id } from './http.ts';

/** What a push message carries to the browser's worker. */
export type ReminderNotice = {
  readonly title: string;
  readonly body: string;
  /** A path of the shop. */
  readonly url: string;
  /** A notice with the same tag takes the place of the one before. */
  readonly tag: string;
  /** A start that the device says in its own time zone, or null. */
  readonly atMs: number | null;
};

export const subject = z.string().regex(/^(?:shop|(?:host|show):[A-Za-z0-9_][A-Za-z0-9_-]{0,63})$/);
export const way = z.enum(['none', 'mail', 'push']);

export const remindersView = z.object({
  way,
  email: z.string().nullable(),
  isConfirmed: z.boolean(),
  browsers: z.number(),
  /** What a browser subscribes with. */
  pushKey: z.string(),
  subjects: z.array(
    z.object({ subject, sinceMs: z.number(), title: z.string(), href: z.string().nullable() }),
  ),
});
export type RemindersView = z.infer<typeof remindersView>;

export const subjectBody = z.object({ subject });
export const wayBody = z.object({ way: z.enum(['none', 'mail', 'push']) });
export const addressBody = z.object({ email: z.email().max(200) });
export const addressAnswer = z.object({
  /** False: a letter is on its way that asks the owner of the address. */
  isConfirmed: z.boolean(),
});
export const linkBody = z.object({ word: z.string().min(1).max(2_000) });
export const subscriptionBody = z.object({
  endpoint: z.string().min(1).max(1_000),
  keys: z.object({
    p256dh: z.string().regex(/^[A-Za-z0-9_-]{87}=?$/),
    auth: z.string().regex(/^[A-Za-z0-9_-]{22}(?:==)?$/),
  }),
});
export const endpointBody = z.object({ endpoint: z.string().min(1).max(1_000) });

/** A show as a calendar or a search lists it. */
export type CalendarShow = {
  readonly showId: string;
  readonly title: string;
  readonly showKind: string;
  readonly phase: 'planned' | 'live' | 'ended' | 'cancelled';
  readonly startsAtMs: number;
  readonly minutes: number;
  readonly hostId: string;
  readonly hostName: string;
  readonly access: 'everybody' | 'ticket' | 'members';
  readonly isDemo: boolean;
  /** The zone that it was planned in. */
  readonly timeZone: string;
  readonly teaser: string;
  /** It is one of several. */
  readonly repeats: boolean;
  /** The show's own cover; null for none. */
  readonly coverUrl: string | null;
};

/** An item of a coming show that a search has found. */
export type FoundItem = {
  readonly productId: string;
  readonly title: string;
  readonly imageUrl: string | null;
  readonly price: { readonly minor: number; readonly currency: string } | null;
};

/** What comes: all of it, or what a search has found, soonest first. */
export type Coming = {
  readonly shows: readonly (CalendarShow & { readonly items: readonly FoundItem[] })[];
};

export const rangeQuery = z.object({
  fromMs: z.coerce.number().int().nonnegative(),
  toMs: z.coerce.number().int().nonnegative(),
});
export const searchQuery = z.object({
  q: z.string().max(limits.searchTextMax).default(''),
  host: id.optional(),
});

export const timeZone = z.string().min(1).max(64);
export const noticeBody = z.object({
  teaser: z.string().trim().max(limits.teaserMax).default(''),
  timeZone,
});
export type NoticeBody = z.input<typeof noticeBody>;

export const repeatBody = z.object({
  every: z.enum(['days', 'weeks', 'months']),
  step: z.number().int(),
  untilMs: z.number().int().nullable().default(null),
  count: z.number().int().nullable().default(null),
  timeZone,
});
export type RepeatBody = z.input<typeof repeatBody>;

/** A change in the calendar: of one show, or with all that follow it in its series. */
export const rescheduleBody = z.object({
  startsAtMs: z.number().int().nonnegative(),
  title: z.string().trim().min(1).max(limits.titleMax).optional(),
  following: z.boolean().default(false),
});
export type RescheduleBody = z.input<typeof rescheduleBody>;
export const callOffBody = z.object({
  reason: z.string().trim().max(limits.reasonMax).default(''),
  following: z.boolean().default(false),
});
export type CallOffBody = z.input<typeof callOffBody>;
