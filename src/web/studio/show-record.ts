// What the studio remembers of a running show while the page is open, beyond the room itself: the pulse
// over time. A pure fold; `desk.tsx` feeds it. Losing it loses nothing of the show: the report is made
// from the log.

import type { Room } from '../../protocol/room.ts';
import type { Pulse } from '../../protocol/socket.ts';

/** One moment of the pulse. */
export type Beat = {
  readonly atMs: number;
  readonly watching: number;
  readonly commentsPerMinute: number;
  readonly soldUnits: number;
};

export type ShowRecord = { readonly beats: readonly Beat[] };

export const emptyRecord: ShowRecord = { beats: [] };

/** At most one beat in so long: two hours fit into what is kept. */
const beatEveryMs = 2_000;
const beatsKept = 3_600;

/** The record after a look at the room; the same object when nothing is new. */
export const record = (
  before: ShowRecord,
  room: Room | null,
  pulse: Pulse | null,
  nowMs: number,
): ShowRecord => {
  const last = before.beats.at(-1);
  if (!pulse || room?.phase !== 'live') return before;
  if (last && nowMs - last.atMs < beatEveryMs) return before;
  const beat: Beat = {
    atMs: nowMs,
    watching: room.viewers,
    commentsPerMinute: pulse.messagesPerMinute,
    soldUnits: pulse.soldUnits,
  };
  return { beats: [...before.beats, beat].slice(-beatsKept) };
};

/** Units sold in each step of time, for bars beneath the lines. */
export const soldSteps = (beats: readonly Beat[]): readonly number[] =>
  beats.map((beat, index) =>
    Math.max(0, beat.soldUnits - (beats[index - 1]?.soldUnits ?? beat.soldUnits)),
  );
