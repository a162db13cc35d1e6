// When each segment and each product is on: planned minutes, moved by what really happened. Before the show from its
// time, live from the running segment's real beginning; what runs over pushes everything after it. Pure.

import type { Room, RoomSegment } from '../../protocol/room.ts';

export type SegmentDue = {
  readonly segment: RoomSegment;
  readonly place: 'done' | 'now' | 'ahead';
  /** When it begins or began by this reckoning. */
  readonly atMs: number;
};

export type RunRoom = Pick<
  Room,
  'phase' | 'plan' | 'segments' | 'segmentId' | 'segmentSinceMs' | 'pinned'
>;

const minuteMs = 60_000;

/** Every segment with its time, in order. */
export const runAhead = (room: RunRoom, nowMs: number): readonly SegmentDue[] => {
  const { segments, segmentId, segmentSinceMs, plan, phase } = room;
  const current = segments.findIndex((one) => one.segmentId === segmentId);
  const isRunning = phase === 'live' && current >= 0 && segmentSinceMs !== null;
  let nextMs = phase === 'live' ? nowMs : Math.max(plan.startsAtMs, nowMs);
  return segments.map((segment, index): SegmentDue => {
    if (isRunning && index < current) return { segment, place: 'done', atMs: segmentSinceMs };
    if (isRunning && index === current) {
      nextMs = Math.max(nowMs, segmentSinceMs + segment.minutes * minuteMs);
      return { segment, place: 'now', atMs: segmentSinceMs };
    }
    const atMs = nextMs;
    nextMs += segment.minutes * minuteMs;
    return { segment, place: 'ahead', atMs };
  });
};

export type ProductWhen =
  | { readonly is: 'on' }
  | { readonly is: 'ahead'; readonly atMs: number }
  | { readonly is: 'was' }
  /** No segment names it. */
  | { readonly is: 'open' };

/** When a product is on: now, at about a time, or no more. */
export const productWhen = (room: RunRoom, productId: string, nowMs: number): ProductWhen => {
  const due = runAhead(room, nowMs).filter(({ segment }) => segment.productIds.includes(productId));
  if (room.phase === 'live' && room.pinned === productId) return { is: 'on' };
  if (due.some(({ place }) => place === 'now')) return { is: 'on' };
  const next = due.find(({ place }) => place === 'ahead');
  if (next) return { is: 'ahead', atMs: next.atMs };
  return due.length > 0 ? { is: 'was' } : { is: 'open' };
};

/** Those of `wanted` that came on: before they weren't, now they are. */
export const cameOn = (
  wanted: readonly string[],
  before: RunRoom | null,
  now: RunRoom,
  nowMs: number,
): readonly string[] =>
  wanted.filter(
    (productId) =>
      productWhen(now, productId, nowMs).is === 'on' &&
      (before === null || productWhen(before, productId, nowMs).is !== 'on'),
  );

/** `in about 12 min`, or `very soon`. */
export const inAboutWords = (atMs: number, nowMs: number): string => {
  const minutes = Math.round((atMs - nowMs) / minuteMs);
  return minutes < 1 ? 'very soon' : `in about ${minutes} min`;
};
