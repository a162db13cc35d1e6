// What is said of lots to those who listen instead of looking: what changes for me at once, prices at most
// every few seconds, the last ten seconds once. Pure but for its memory; who speaks it is lot-sense.tsx.

import type { Room } from '../../protocol/room.ts';
import type { RoomLot } from '../../protocol/room-lot.ts';
import type { MyHold } from '../../protocol/socket.ts';
import { timeLeftText } from '../design/clock.tsx';
import { moneyText } from '../design/money.tsx';
import type { LiveState } from '../live/live-state.ts';
import { bidderName, myLot, outcomeWords, priceOf, refusedWords, stakeIn } from './lot.ts';
import { isRunning } from './lots-shown.ts';

export type Heard = Pick<LiveState, 'room' | 'holds' | 'endedHolds' | 'bids' | 'pendingBids'>;

/** Between two prices that are said. */
export const priceEveryMs = 5_000;
const closingMs = 10_000;

export type LotCrier = {
  /** What to say now, after `state` became so or a second went by; empty for nothing. */
  readonly hear: (state: Heard, nowMs: number) => readonly string[];
};

export const createLotCrier = (first: Heard): LotCrier => {
  let before = first;
  let pricesSaidAtMs = 0;
  /** By lot: the price that was said last. */
  const said = new Map<string, number>();
  const closingSaid = new Set<string>();
  for (const lot of first.room?.lots ?? []) said.set(lot.lotId, lot.figures.price?.minor ?? 0);

  const hear = (state: Heard, nowMs: number): readonly string[] => {
    const was = before;
    before = state;
    const words: string[] = [];
    for (const lot of state.room?.lots ?? []) {
      const change = changeOf(lotIn(was.room, lot.lotId), lot, was, state);
      if (change) said.set(lot.lotId, lot.figures.price?.minor ?? 0);
      if (change) words.push(change);
      const closing = closingOf(lot, nowMs);
      if (closing && !closingSaid.has(lot.lotId)) {
        closingSaid.add(lot.lotId);
        words.push(closing);
      }
    }
    for (const hold of state.holds) {
      if (!was.holds.some(({ holdId }) => holdId === hold.holdId)) {
        const held = heldWords(hold, state.room, nowMs);
        if (held) words.push(held);
      }
    }
    for (const { id, wish, state: step, problem } of state.pendingBids) {
      const lot = lotIn(state.room, wish.lotId);
      const isNew = was.pendingBids.find((one) => one.id === id)?.state !== 'refused';
      if (step !== 'refused' || !problem || !lot || !isNew) continue;
      const { title, detail } = refusedWords(problem, wish, lot);
      words.push(`${title}. ${detail}`);
    }
    if (words.length > 0) return words;
    return nowMs - pricesSaidAtMs < priceEveryMs ? [] : prices(state, nowMs);
  };

  const prices = ({ room }: Heard, nowMs: number): readonly string[] => {
    const words: string[] = [];
    for (const lot of room?.lots ?? []) {
      const { phase, leader } = lot.figures;
      if (phase !== 'open') continue;
      const price = priceOf(lot, nowMs);
      if (lot.bidding.format === 'english' && lot.figures.price === null) continue;
      if (said.get(lot.lotId) === price.minor) continue;
      said.set(lot.lotId, price.minor);
      words.push(
        leader === null
          ? `${lot.title}: ${moneyText(price)}.`
          : `${moneyText(price)}, ${bidderName(leader)} leads.`,
      );
    }
    if (words.length > 0) pricesSaidAtMs = nowMs;
    return words;
  };

  return { hear };
};

const lotIn = (room: Room | null, lotId: string): RoomLot | undefined =>
  room?.lots.find((lot) => lot.lotId === lotId);

/** What has changed of a lot that is worth a sentence at once. */
const changeOf = (
  was: RoomLot | undefined,
  lot: RoomLot,
  before: Heard,
  after: Heard,
): string | null => {
  const { figures, title, bidding } = lot;
  const from = was?.figures.phase;
  if (figures.phase === 'open' && from !== 'open') {
    if (from === 'paused') return `Bidding on ${title} goes on.`;
    const start = moneyText(bidding.start);
    return bidding.format === 'english'
      ? `A lot is open: ${title}, from ${start}.`
      : `A price is falling: ${title}, from ${start}.`;
  }
  if (figures.phase === 'paused' && from !== 'paused')
    return `${title} is paused: ${figures.reason ?? 'wait for the host'}.`;
  if (was && isRunning(was) && !isRunning(lot) && figures.phase !== 'prepared') {
    const own = myLot(lot.lotId, after);
    // Who won hears it from the hold, with the time to pay.
    if (figures.phase === 'sold' && (own.hold || own.bid?.alias === figures.leader)) return null;
    const { title: outcome, detail } = outcomeWords(lot, own);
    return [`${title}: ${outcome}`, detail].filter(Boolean).join('. ');
  }
  const mine = myLot(lot.lotId, after).bid;
  const stake = stakeIn(figures, mine);
  if (!was || stake === stakeIn(was.figures, myLot(lot.lotId, before).bid)) return null;
  const price = figures.price ? moneyText(figures.price) : '';
  if (stake === 'leading') return `You lead at ${price}.`;
  return stake === 'outbid' ? `You were outbid. The price is ${price}.` : null;
};

const closingOf = ({ title, figures }: RoomLot, nowMs: number): string | null => {
  if (figures.phase !== 'open' || figures.closesAtMs === null) return null;
  const leftMs = figures.closesAtMs - nowMs;
  if (leftMs > closingMs || leftMs <= 0) return null;
  const seconds = Math.ceil(leftMs / 1_000);
  return `${seconds} ${seconds === 1 ? 'second' : 'seconds'} left for ${title}.`;
};

const heldWords = (hold: MyHold, room: Room | null, nowMs: number): string | null => {
  if (!hold.offerId || !lotIn(room, hold.offerId)) return null;
  const price = moneyText(hold.unitPrice);
  if (hold.holdId === `${hold.offerId}-2`)
    return `Second chance: ${hold.title} is yours at ${price} if you want it.`;
  const seconds = Math.round((hold.expiresAtMs - nowMs) / 1_000);
  const hours = Math.round(seconds / 3_600);
  const time = hours > 1 && hours <= 48 ? `${hours} hours` : timeLeftText(seconds);
  return `You won ${hold.title} at ${price}. Pay within ${time}.`;
};
