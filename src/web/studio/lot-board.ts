// The lots of a show as its crew sees them: the terms in a line, where each stands, which comes next, and
// whether a run opens them by itself. Pure. No maximum comes here: the room has none (LOT-24).

import type { LotFigures, RoomLot } from '../../protocol/room-lot.ts';
import type { CrewMessage } from '../../protocol/socket.ts';
import { timeLeftText } from '../design/clock.tsx';
import { moneyText } from '../design/money.tsx';
import { bidderName } from '../watch/lot.ts';
import { isRunning } from '../watch/lots-shown.ts';

/** `from € 20 · 60 s · soft close 10 s · reserve`. */
export const termsWords = ({ bidding, quantity }: RoomLot): string => {
  const start = moneyText(bidding.start);
  if (bidding.format === 'dutch') {
    const step = moneyText({ ...bidding.start, minor: bidding.stepMinor });
    const pieces = quantity > 1 ? `${quantity} pieces · ` : '';
    return `${pieces}${start} falling to ${moneyText(bidding.floor)}, ${step} every ${bidding.stepMs / 1_000} s`;
  }
  const { durationMs, softCloseMs, hasReserve, buyNow } = bidding;
  const seconds = durationMs / 1_000;
  return [
    `from ${start}`,
    seconds < 120 ? `${seconds} s` : timeLeftText(seconds),
    softCloseMs === 0 ? 'sudden death' : `soft close ${softCloseMs / 1_000} s`,
    ...(hasReserve ? ['reserve'] : []),
    ...(buyNow ? [`buy now ${moneyText(buyNow)}`] : []),
  ].join(' · ');
};

/** Where a lot stands, for its line. */
export const stateWords = ({ figures, bidding }: RoomLot): string => {
  const { phase, price, leader, bids, left } = figures;
  switch (phase) {
    case 'prepared':
      return bids > 0 ? `${bids} early ${bids === 1 ? 'bid' : 'bids'}` : 'Ready';
    case 'called':
      return 'Taking its piece from stock …';
    case 'open':
      return bidding.format === 'dutch' && left > 1 ? `Open, ${left} left` : 'Open';
    case 'paused':
      return 'Paused';
    case 'sold':
      return `${price ? moneyText(price) : 'Sold'}${leader === null ? '' : `, ${bidderName(leader)}`}`;
    case 'unsold':
      return figures.reason === 'reserve-not-met' ? 'Reserve not met' : 'Not sold';
    case 'cancelled':
      return 'Cancelled';
    default:
      return 'Taken back';
  }
};

/** Demand of a running lot in one line: bids, bidders, who watches. */
export const demandWords = ({ bids, bidders }: LotFigures, viewers: number): string =>
  [
    `${bids} ${bids === 1 ? 'bid' : 'bids'}`,
    `${bidders} ${bidders === 1 ? 'bidder' : 'bidders'}`,
    `${viewers} watching`,
  ].join(' · ');

export type Board = {
  readonly running: readonly RoomLot[];
  readonly prepared: readonly RoomLot[];
  /** Newest last. */
  readonly over: readonly RoomLot[];
  /** What one key opens. */
  readonly next: RoomLot | null;
};

export const boardOf = (lots: readonly RoomLot[]): Board => {
  const prepared = lots.filter(({ figures }) => figures.phase === 'prepared');
  const running = lots.filter(isRunning);
  const over = lots.filter((lot) => !isRunning(lot) && lot.figures.phase !== 'prepared');
  return { running, prepared, over, next: prepared[0] ?? null };
};

/** The lots of the run that is on; empty when none is. */
export const runOf = (crew: readonly CrewMessage[]): readonly string[] => {
  const last = crew.findLast((message) => message.t === 'lot-run');
  return last?.t === 'lot-run' ? last.lotIds : [];
};

/** How many pieces there were when a prepared lot last failed to open; null when it didn't. */
export const shortOf = (lot: RoomLot, crew: readonly CrewMessage[]): number | null => {
  if (lot.figures.phase !== 'prepared') return null;
  const last = crew.findLast(
    (message) => message.t === 'lot-refused' && message.lotId === lot.lotId,
  );
  return last?.t === 'lot-refused' ? last.available : null;
};

/** A piece that went by the hammer waits for its winner's money; others were taken by a press. */
export const isHammered = ({ figures, bidding }: RoomLot): boolean =>
  figures.phase === 'sold' && bidding.format === 'english' && figures.bids > 0;
