// A replay's moments: what the crowd saw, each at its place in the recording. Folded from the log with
// the room's own fold, so that a replay can't show anything that the live crowd didn't see.

import { limits } from '../base/limits.ts';
import type { RecordedEvent } from '../log/event-log.ts';
import type { Replay } from '../protocol/http.ts';
import type { CaptionLine, RoomMessage } from '../protocol/room.ts';
import { cuesOf } from '../protocol/web-vtt.ts';
import { LotPrices } from './lot-prices.ts';
import { ShowRoom } from './show-room.ts';

/** Words and what was shown; figures of stock are told as they are now, not as they were. */
const atMoment = new Set<RoomMessage['t']>([
  'chat',
  'pin',
  'segment',
  'offer-opened',
  'offer-closed',
  'drop-announced',
  'poll',
  'poll-closed',
]);

/**
 * Of a lot its opening and its end: what everybody will ask for again, and two moments a lot at most. Its prices
 * between are told apart (lot-prices.ts).
 * `phases` remembers what was told of each.
 */
const isLotMoment = (message: RoomMessage, phases: Map<string, 'open' | 'over'>): boolean => {
  if (message.t !== 'lot') return false;
  const { lotId, figures } = message;
  const now =
    figures.phase === 'open'
      ? 'open'
      : ['sold', 'unsold', 'cancelled'].includes(figures.phase)
        ? 'over'
        : undefined;
  const before = phases.get(lotId);
  if (now === undefined || now === before || before === 'over') return false;
  phases.set(lotId, now);
  return true;
};

/** [ASK-7] Of votes as many as show how a poll moved: one every two seconds. */
const isPollMoment = (message: RoomMessage, atMs: number, told: { atMs: number }): boolean => {
  if (message.t !== 'votes' || atMs < told.atMs + pollPaceMs) return false;
  told.atMs = atMs;
  return true;
};
const pollPaceMs = 2_000;

/**
 * Of a drop, besides its announcement, only its opening and its end: how its line moved in between was news to those
 * who stood in it. A drop that the stock refused wasn't any.
 */
const isDropMoment = (message: RoomMessage, phases: Map<string, 'open' | 'over'>): boolean => {
  if (message.t !== 'drop') return false;
  const { dropId, figures } = message;
  const isOver = figures.phase === 'closed' || figures.phase === 'cancelled';
  const now = figures.phase === 'open' ? 'open' : isOver ? 'over' : undefined;
  if (now === undefined || now === phases.get(dropId)) return false;
  phases.set(dropId, now);
  return true;
};

/** The replay of a show from its whole log, or null when it hasn't ended. Removed messages stay removed. */
export const replayOf = async (
  showId: string,
  events: AsyncIterable<RecordedEvent>,
): Promise<Replay | null> => {
  const show = new ShowRoom(showId);
  const said: { atMs: number; message: RoomMessage }[] = [];
  const captions: CaptionLine[] = [];
  const removed = new Set<string>();
  const phases = new Map<string, 'open' | 'over'>();
  const prices = new LotPrices();
  const polled = { atMs: 0 };
  for await (const event of events) {
    for (const message of show.take(event).room) {
      if (message.t === 'chat-removed') removed.add(message.messageId);
      else if (message.t === 'caption') captions.push(message);
      else if (
        atMoment.has(message.t) ||
        isLotMoment(message, phases) ||
        isDropMoment(message, phases) ||
        isPollMoment(message, event.atMs, polled)
      )
        said.push({ atMs: event.atMs, message });
      else prices.take(message, event.atMs);
    }
  }
  const { room } = show;
  if (room?.phase !== 'ended') return null;
  const startMs = room.recording?.startedAtMs ?? room.startedAtMs ?? 0;
  return {
    room,
    cues: cuesOf(captions, startMs).slice(0, limits.replayCuesMax),
    // [RPL-3] Sorting keeps what happened in one millisecond in order.
    moments: said
      .filter(({ message }) => message.t !== 'chat' || !removed.has(message.messageId))
      .slice(-limits.replayMomentsMax)
      .concat(prices.last(limits.replayPricesMax))
      .sort((a, b) => a.atMs - b.atMs)
      .map(({ atMs, message }) => ({ offsetMs: atMs - startMs, message })),
  };
};
