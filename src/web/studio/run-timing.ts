// The run of show against the clock: when each segment was planned to begin, when it did, and how far
// the show is ahead or behind. Pure; the screen gives the time. Planned times run on from the real
// start of a live show, so that a late start isn't counted against every segment.

import type { RoomSegment, RoomVisit } from '../../protocol/room.ts';

export type RunLine = {
  readonly segment: RoomSegment;
  readonly plannedAtMs: number;
  /** Where it stands: behind us, running, or to come. */
  readonly place: 'done' | 'now' | 'ahead';
  /** How long it has run or ran; null while it is to come. */
  readonly actualMs: number | null;
  /** What is left of its planned minutes; negative when it runs over. Only for the running one. */
  readonly leftMs: number | null;
  /** Two offers follow each other with no story between them. */
  readonly warning: 'two-offers' | null;
};

export type RunTiming = {
  readonly lines: readonly RunLine[];
  /** Positive: behind the plan; negative: ahead. Null before the first segment is entered. */
  readonly behindMs: number | null;
  readonly plannedMs: number;
};

export type RunInput = {
  readonly segments: readonly RoomSegment[];
  readonly startsAtMs: number;
  readonly startedAtMs: number | null;
  readonly currentId: string | null;
  readonly currentSinceMs: number | null;
  readonly visits: readonly RoomVisit[];
  readonly nowMs: number;
};

const minuteMs = 60_000;

export const runTiming = (input: RunInput): RunTiming => {
  const { segments, currentId, currentSinceMs, nowMs } = input;
  const base = input.startedAtMs ?? input.startsAtMs;
  const current = segments.findIndex(({ segmentId }) => segmentId === currentId);
  const ran = durations(input.visits, nowMs);
  let offset = 0;
  let behindMs: number | null = null;
  const lines = segments.map((segment, index): RunLine => {
    const plannedAtMs = base + offset;
    const planned = segment.minutes * minuteMs;
    offset += planned;
    const place = index === current ? 'now' : index < current ? 'done' : 'ahead';
    let actualMs = ran.get(segment.segmentId) ?? null;
    let leftMs: number | null = null;
    if (place === 'now' && currentSinceMs !== null) {
      actualMs = Math.max(0, nowMs - currentSinceMs);
      leftMs = planned - actualMs;
      // A segment that runs over pushes everything after it: that is already behind.
      behindMs = currentSinceMs - plannedAtMs + Math.max(0, -leftMs);
    }
    const before = segments[index - 1];
    const warning = segment.beat === 'offer' && before?.beat === 'offer' ? 'two-offers' : null;
    return {
      segment,
      plannedAtMs,
      place,
      actualMs: place === 'ahead' ? null : actualMs,
      leftMs,
      warning,
    };
  });
  return { lines, behindMs: input.startedAtMs === null ? null : behindMs, plannedMs: offset };
};

/** How long each segment ran, summed over all visits; the last one runs until now. */
const durations = (visits: readonly RoomVisit[], nowMs: number): Map<string, number> => {
  const sums = new Map<string, number>();
  visits.forEach(({ segmentId, atMs }, index) => {
    const endMs = visits[index + 1]?.atMs ?? nowMs;
    sums.set(segmentId, (sums.get(segmentId) ?? 0) + Math.max(0, endMs - atMs));
  });
  return sums;
};

/** The segment that Space enters: the one after the running one, or the first. Null at the end. */
export const nextSegment = (
  segments: readonly RoomSegment[],
  currentId: string | null,
): RoomSegment | null => {
  const index = segments.findIndex(({ segmentId }) => segmentId === currentId);
  return segments[index + 1] ?? null;
};

/** In words for a heading: `on time`, `3 min behind`, `2 min ahead`. Less than a minute is on time. */
export const behindInWords = (behindMs: number | null): string => {
  if (behindMs === null) return 'not started';
  const minutes = Math.trunc(behindMs / minuteMs);
  if (minutes === 0) return 'on time';
  return minutes > 0 ? `${minutes} min behind` : `${-minutes} min ahead`;
};
