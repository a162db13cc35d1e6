// Rehearsals on the wire: how one is asked for, how it stands, and the report that stays.

import { z } from 'zod';
import { id } from './http.ts';

export const crowdSizes = ['quiet', 'usual', 'busy'] as const;
export type CrowdSize = (typeof crowdSizes)[number];

/** How many times as fast as people the crowd is. */
export const tempos = [1, 2, 4] as const;
export type Tempo = (typeof tempos)[number];

export const startRehearsalBody = z.object({
  crowd: z.enum(crowdSizes).default('usual'),
  tempo: z.union([z.literal(1), z.literal(2), z.literal(4)]).default(1),
  /** The same number brings the same people with the same moods; null: any. */
  seed: z.number().int().min(0).max(0xffff_ffff).nullable().default(null),
});
export type StartRehearsalBody = z.input<typeof startRehearsalBody>;

const minor = z.object({ minor: z.number(), currency: z.string() });
const question = z.object({ name: z.string(), text: z.string(), atMs: z.number() });

/** What a rehearsal came to. Times are moments of the server's clock, `…Ms` of a length are milliseconds. */
export const rehearsalReport = z.object({
  startedAtMs: z.number(),
  endedAtMs: z.number(),
  endedBy: z.enum(['crew', 'time', 'size', 'shop']),
  plannedMs: z.number(),
  actualMs: z.number(),
  segments: z.array(
    z.object({
      segmentId: z.string(),
      title: z.string(),
      beat: z.string(),
      plannedMs: z.number(),
      /** 0: it was never entered. */
      actualMs: z.number(),
    }),
  ),
  story: z.array(z.object({ rule: z.string(), words: z.string(), cure: z.string() })),
  /** Titles of what was sold before anybody had seen it shown. */
  withoutDemo: z.array(z.string()),
  questions: z.object({
    asked: z.number(),
    answered: z.number(),
    withinMs: z.number(),
    medianMs: z.number().nullable(),
    slowestMs: z.number().nullable(),
    /** The latest, at most `rehearsalQuestionsKept`. */
    open: z.array(question),
  }),
  /** Rude lines of the crowd, and how many of them the crew removed. */
  rude: z.object({ said: z.number(), removed: z.number() }),
  /** The cut of the host's line; `awayMs` null: it never came back. Null: no picture was there to cut. */
  cut: z.object({ atMs: z.number(), awayMs: z.number().nullable() }).nullable(),
  demand: z.object({
    claims: z.number(),
    /** Claims, bids and entries that were refused, by code. */
    refused: z.array(z.object({ code: z.string(), count: z.number() })),
    bids: z.number(),
    bidders: z.number(),
    entries: z.number(),
    holds: z.number(),
    expired: z.number(),
    released: z.number(),
    declined: z.number(),
    paid: z.number(),
    /** What would have been taken; null: nothing was paid. */
    takings: minor.nullable(),
  }),
  soldOut: z.array(z.string()),
  unwanted: z.array(z.string()),
  crowd: z.object({
    came: z.number(),
    mostAtOnce: z.number(),
    droppedOff: z.number(),
    lines: z.number(),
    reactions: z.number(),
  }),
});
export type RehearsalReport = z.infer<typeof rehearsalReport>;

export const rehearsalView = z.object({
  rehearsalId: id,
  showId: id,
  title: z.string(),
  by: z.object({ personId: id, name: z.string() }),
  crowd: z.enum(crowdSizes),
  tempo: z.number(),
  seed: z.number(),
  beganAtMs: z.number(),
  phase: z.enum(['planned', 'live', 'ended']),
  /** The host's line: not cut yet, cut, or back since. */
  line: z.enum(['uncut', 'away', 'back']),
  /** Null while it goes on. */
  report: rehearsalReport.nullable(),
});
export type RehearsalView = z.infer<typeof rehearsalView>;

/** The newest first. */
export const rehearsalsAnswer = z.object({ rehearsals: z.array(rehearsalView) });

/** A report with the one before it of the same show, to compare. */
export const rehearsalAnswer = z.object({
  rehearsal: rehearsalView,
  before: rehearsalView.nullable(),
});
export type RehearsalAnswer = z.infer<typeof rehearsalAnswer>;
