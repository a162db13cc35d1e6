// Which segment runs and when the next one is due, by its planned minutes. Pure.

import type { Room, RoomSegment } from '../../protocol/room.ts';

/** `nextInMinutes`: whole minutes until the planned end of the running segment, 0 when it is over. */
export const nowAndNext = (
  { segments, segmentId, segmentSinceMs }: Pick<Room, 'segments' | 'segmentId' | 'segmentSinceMs'>,
  nowMs: number,
): {
  readonly now: RoomSegment | null;
  readonly next: RoomSegment | null;
  readonly nextInMinutes: number;
} => {
  const at = segments.findIndex((segment) => segment.segmentId === segmentId);
  const now = segments[at] ?? null;
  const next = now ? (segments[at + 1] ?? null) : null;
  const endsAtMs = now && segmentSinceMs !== null ? segmentSinceMs + now.minutes * 60_000 : nowMs;
  return { now, next, nextInMinutes: Math.max(0, Math.ceil((endsAtMs - nowMs) / 60_000)) };
};
