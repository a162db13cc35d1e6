// The replay as a tape: the room as it was at any moment of the recording, folded from the show's own
// messages by the function that folded them live. Pure; going back starts the fold again.

import { formatMoney } from '../../base/money.ts';
import type { Replay } from '../../protocol/http.ts';
import { applyMessage, type DropFigures, type Room, type RoomDrop } from '../../protocol/room.ts';
import type { LotFigures, RoomLot } from '../../protocol/room-lot.ts';
import { chatKept } from '../live/live-state.ts';

export type Mark = {
  readonly offsetMs: number;
  readonly kind: 'segment' | 'pin' | 'offer' | 'lot' | 'hammer' | 'drop' | 'drop-over' | 'poll';
  readonly title: string;
};

export type Tape = {
  /** The room at `offsetMs` into the recording. The same object while nothing happened in between. */
  readonly at: (offsetMs: number) => Room;
  /** Segments, pins, offers, lots and drops, in order: the chapters of the show. */
  readonly marks: readonly Mark[];
};

export const createTape = (replay: Replay): Tape => {
  const moments = [...replay.moments].sort((a, b) => a.offsetMs - b.offsetMs);
  // Each poll comes when it was opened.
  const { poll: _, ...before } = replay.room;
  const start: Room = {
    ...before,
    phase: 'live',
    picture: 'on',
    segmentId: null,
    segmentSinceMs: null,
    visits: [],
    pinned: null,
    offers: [],
    lots: replay.room.lots.map(unopened),
    // Each comes with its announcement, as it was then.
    drops: [],
    chat: [],
    reactions: {},
    viewers: 0,
  };
  let room = start;
  let next = 0;

  return {
    at(offsetMs) {
      const last = moments[next - 1];
      if (last && last.offsetMs > offsetMs) {
        room = start;
        next = 0;
      }
      for (
        let moment = moments[next];
        moment && moment.offsetMs <= offsetMs;
        moment = moments[next]
      ) {
        room = applyMessage(room, moment.message, chatKept);
        next += 1;
      }
      return room;
    },
    marks: marksOf(replay, moments),
  };
};

/** A lot as it was before it opened: how it went is told at its moment. */
const unopened = (lot: RoomLot): RoomLot => ({
  ...lot,
  figures: {
    ...lot.figures,
    phase: 'prepared',
    price: null,
    leader: null,
    reserveMet: null,
    bids: 0,
    bidders: 0,
    left: lot.quantity,
    openedAtMs: null,
    closesAtMs: null,
    hammerAtMs: null,
    leftMs: null,
    reason: null,
  },
});

/** `Tea bowl, sold for € 52.00 to Bidder 7`. */
const outcomeOf = ({ title }: RoomLot, { phase, price, leader, reason }: LotFigures): string => {
  if (phase === 'sold') {
    const to = leader === null ? '' : ` to Bidder ${leader}`;
    return price ? `${title}, sold for ${formatMoney(price)}${to}` : `${title}, sold`;
  }
  if (phase === 'cancelled') return `${title}, cancelled`;
  return reason === 'reserve-not-met'
    ? `${title}, not sold: reserve not met`
    : `${title}, not sold`;
};

/** `Moon bowl, 20 units at € 42.00`. */
const dropWords = ({ title, isGiveaway, variants }: RoomDrop): string => {
  const units = variants.reduce((total, { quantity }) => total + quantity, 0);
  const [first, ...others] = variants.map(({ price }) => price);
  const count = `${units} ${units === 1 ? 'unit' : 'units'}`;
  if (isGiveaway || !first) return `${title}, ${count} for free`;
  const low = others.reduce((least, price) => (price.minor < least.minor ? price : least), first);
  const at = others.some(({ minor }) => minor !== first.minor) ? 'from' : 'at';
  return `${title}, ${count} ${at} ${formatMoney(low)}`;
};

/** `Moon bowl is open`, or how it ended. What is still in carts then may be paid later: nothing is counted. */
const dropStepWords = ({ title, isGiveaway }: RoomDrop, { phase, reason }: DropFigures): string => {
  if (phase === 'open') return `${title}, ${isGiveaway ? 'giveaway' : 'drop'} opened`;
  if (phase === 'cancelled') return `${title}, cancelled`;
  return reason === 'sold-out'
    ? `${title}, ${isGiveaway ? 'all given away' : 'sold out'}`
    : `${title}, closed`;
};

const marksOf = (replay: Replay, moments: Replay['moments']): readonly Mark[] => {
  const titles = new Map(replay.room.shelf.map(({ productId, title }) => [productId, title]));
  const opened = new Set<string>();
  const segments = new Map(replay.room.segments.map(({ segmentId, title }) => [segmentId, title]));
  return moments.flatMap(({ offsetMs, message }): Mark[] => {
    const at = Math.max(0, offsetMs);
    if (message.t === 'segment') {
      const title = segments.get(message.segmentId);
      return title ? [{ offsetMs: at, kind: 'segment', title }] : [];
    }
    if (message.t === 'pin' && message.productId !== null) {
      const title = titles.get(message.productId);
      return title ? [{ offsetMs: at, kind: 'pin', title }] : [];
    }
    if (message.t === 'poll') return [{ offsetMs: at, kind: 'poll', title: message.poll.question }];
    if (message.t === 'lot') {
      const { phase } = message.figures;
      // The way of the price is no chapter.
      if (phase === 'open' && opened.has(message.lotId)) return [];
      opened.add(message.lotId);
      const lot = replay.room.lots.find(({ lotId }) => lotId === message.lotId);
      if (!lot) return [];
      if (message.figures.phase !== 'open')
        return [{ offsetMs: at, kind: 'hammer', title: outcomeOf(lot, message.figures) }];
      const words = `${lot.title}, from ${formatMoney(lot.bidding.start)}`;
      return [{ offsetMs: at, kind: 'lot', title: words }];
    }
    if (message.t === 'drop-announced')
      return [{ offsetMs: at, kind: 'drop', title: dropWords(message.drop) }];
    if (message.t === 'drop') {
      const drop = replay.room.drops.find(({ dropId }) => dropId === message.dropId);
      if (!drop) return [];
      const kind = message.figures.phase === 'open' ? 'drop' : 'drop-over';
      return [{ offsetMs: at, kind, title: dropStepWords(drop, message.figures) }];
    }
    if (message.t === 'offer-opened') {
      const price = message.offer.variants[0]?.price;
      const words = price ? `${message.offer.title}, ${formatMoney(price)}` : message.offer.title;
      return [{ offsetMs: at, kind: 'offer', title: words }];
    }
    return [];
  });
};

/** The mark that a moment belongs to: the last one at or before it. */
export const markAt = (marks: readonly Mark[], offsetMs: number): Mark | null =>
  marks.findLast((mark) => mark.offsetMs <= offsetMs) ?? null;
