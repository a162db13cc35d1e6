// What the card of a lot says and does: where the lot stands, where I stand in it, and what the one button
// is. Pure, so that every state of an auction can be tested; how it looks is in lot-card.tsx, what is heard
// of it in lot-crier.ts. A maximum is known here to its own bidder alone.

import { crowdLimits } from '../../base/crowd-limits.ts';
import type { Money } from '../../base/money.ts';
import { allInPrice, type PriceSettings } from '../../domain/order/price.ts';
import { fallenPrice, smallestBid, stepAt } from '../../domain/sale/bidding.ts';
import type { Problem } from '../../protocol/problems.ts';
import type { LotFigures, RoomBidding, RoomLot } from '../../protocol/room-lot.ts';
import type { MyBid, MyHold, You } from '../../protocol/socket.ts';
import { limitWords } from '../buy/limit-words.ts';
import { moneyText } from '../design/money.tsx';
import type { BidWish, Connection, EndedHold, LiveState, PendingBid } from '../live/live-state.ts';

export type EnglishBidding = Extract<RoomBidding, { format: 'english' }>;
export type DutchBidding = Extract<RoomBidding, { format: 'dutch' }>;

/** What is mine in one lot. */
export type MyLot = {
  readonly bid: MyBid | null;
  readonly hold: MyHold | null;
  /** My last hold of it that is over. */
  readonly ended: EndedHold | null;
  readonly pending: PendingBid | null;
};

export const myLot = (
  lotId: string,
  live: Pick<LiveState, 'holds' | 'endedHolds' | 'bids' | 'pendingBids'>,
): MyLot => ({
  bid: live.bids.find((bid) => bid.lotId === lotId) ?? null,
  hold: live.holds.find(({ offerId }) => offerId === lotId) ?? null,
  ended: live.endedHolds.findLast(({ hold }) => hold.offerId === lotId) ?? null,
  pending: live.pendingBids.findLast(({ wish }) => wish.lotId === lotId) ?? null,
});

/** Under which everyone sees a bidder. */
export const bidderName = (alias: number): string => `Bidder ${alias}`;

export type Stake = 'none' | 'leading' | 'outbid';

/** Where I stand, as long as the lot isn't over. */
export const stakeIn = ({ leader, bids }: LotFigures, bid: MyBid | null): Stake => {
  if (!bid || bid.max === null) return 'none';
  if (leader === bid.alias) return 'leading';
  // Figures that don't have my bid in them yet say nothing about it.
  return bids < bid.bids ? 'none' : 'outbid';
};

/** Who leads, in words; the price stands beside it. */
export const leaderWords = (figures: LotFigures, bid: MyBid | null): string => {
  const stake = stakeIn(figures, bid);
  if (stake === 'leading') return 'You lead';
  if (figures.leader === null) return 'No bids yet';
  const other = `${bidderName(figures.leader)} leads`;
  return stake === 'outbid' ? `Outbid · ${other}` : other;
};

/** Between close and hammer bids still count: the slowest pictures get their time. */
export type Moment = 'running' | 'going' | 'hammer';

export const momentOf = (
  { closesAtMs, hammerAtMs }: Pick<LotFigures, 'closesAtMs' | 'hammerAtMs'>,
  nowMs: number,
): Moment => {
  if (closesAtMs === null || nowMs < closesAtMs) return 'running';
  return hammerAtMs !== null && nowMs < hammerAtMs ? 'going' : 'hammer';
};

/** A second chance's hold is named after its lot; it may be declined, the winner's may not. */
const isChance = ({ holdId, offerId }: MyHold): boolean => holdId === `${offerId}-2`;

export type LotState =
  | { readonly step: 'coming' }
  /** Its piece is taken from stock; the clock starts in a moment. */
  | { readonly step: 'opening' }
  | { readonly step: 'open'; readonly moment: Moment }
  | { readonly step: 'paused' }
  | { readonly step: 'won'; readonly hold: MyHold }
  | { readonly step: 'chance'; readonly hold: MyHold }
  | { readonly step: 'paying'; readonly hold: MyHold }
  | { readonly step: 'paid'; readonly orderId: string | null }
  | { readonly step: 'over' };

export const lotState = (lot: RoomLot, mine: MyLot, nowMs: number): LotState => {
  const { hold, ended } = mine;
  if (hold) {
    if (hold.paying) return { step: 'paying', hold };
    return { step: isChance(hold) ? 'chance' : 'won', hold };
  }
  if (ended?.reason === 'paid') return { step: 'paid', orderId: ended.orderId };
  switch (lot.figures.phase) {
    case 'prepared':
      return { step: 'coming' };
    case 'called':
      return { step: 'opening' };
    case 'open':
      return { step: 'open', moment: momentOf(lot.figures, nowMs) };
    case 'paused':
      return { step: 'paused' };
    default:
      return { step: 'over' };
  }
};

/** The price to show: what it stands at or went for; before, what it starts at; a falling one by the clock. */
export const priceOf = ({ bidding, figures }: RoomLot, nowMs: number): Money => {
  // The price of a piece that was taken says nothing of the next piece: that goes on falling.
  if (bidding.format === 'dutch' && figures.phase === 'open' && figures.openedAtMs !== null)
    return askedAt(bidding, nowMs - figures.openedAtMs);
  return figures.price ?? bidding.start;
};

const askedAt = (bidding: DutchBidding, sinceMs: number): Money => ({
  minor: fallenPrice(fallingOf(bidding), sinceMs),
  currency: bidding.start.currency,
});

const fallingOf = ({ start, floor, stepMinor, stepMs }: DutchBidding) => ({
  startMinor: start.minor,
  floorMinor: floor.minor,
  stepMinor,
  stepMs,
});

/** Milliseconds until a falling price falls next; null at its floor and for an English lot. */
const nextFallMs = ({ bidding, figures }: RoomLot, nowMs: number): number | null => {
  const { openedAtMs, phase } = figures;
  if (bidding.format === 'english' || phase !== 'open' || openedAtMs === null) return null;
  const sinceMs = Math.max(0, nowMs - openedAtMs);
  if (askedAt(bidding, sinceMs).minor <= bidding.floor.minor) return null;
  return bidding.stepMs - (sinceMs % bidding.stepMs);
};

/** Milliseconds until the lot changes by itself: its price falls, it closes, its hammer falls. */
export const nextChangeMs = (lot: RoomLot, nowMs: number): number | null => {
  const { phase, closesAtMs, hammerAtMs } = lot.figures;
  if (phase !== 'open') return null;
  const waits = [nextFallMs(lot, nowMs), (closesAtMs ?? 0) - nowMs, (hammerAtMs ?? 0) - nowMs];
  const coming = waits.filter((wait): wait is number => wait !== null && wait > 0);
  return coming.length === 0 ? null : Math.min(...coming);
};

/** What stands under the price. */
export const priceNote = ({ bidding, figures }: RoomLot): string => {
  if (figures.phase === 'sold') return bidding.format === 'dutch' ? 'taken at' : 'hammer price';
  if (figures.phase === 'unsold' || figures.phase === 'cancelled')
    return figures.price === null ? 'start' : 'last bid';
  if (bidding.format === 'dutch') return figures.phase === 'prepared' ? 'start' : 'now';
  if (figures.reserveMet !== null && figures.bids > 0)
    return figures.reserveMet ? 'reserve met' : 'reserve not met';
  if (figures.price === null) return bidding.hasReserve ? 'start, with a reserve' : 'start';
  return bidding.hasReserve ? '' : 'no reserve';
};

/** `3 bids by 2 people`. */
export const bidsWords = ({ bids, bidders }: Pick<LotFigures, 'bids' | 'bidders'>): string => {
  if (bids === 0) return 'no bids yet';
  const count = `${bids} ${bids === 1 ? 'bid' : 'bids'}`;
  return bids === 1 ? count : `${count} by ${bidders} ${bidders === 1 ? 'person' : 'people'}`;
};

/** How the clock ends, in the words beside it. */
export const closeWords = (bidding: RoomBidding): string => {
  if (bidding.format === 'dutch') return 'to its lowest price';
  const seconds = Math.round(bidding.softCloseMs / 1_000);
  return seconds === 0 ? 'sudden death' : `a bid in the last ${seconds} s extends`;
};

/** The one thing that the button does. */
export type LotAction =
  | { readonly do: 'bid'; readonly amount: Money }
  | { readonly do: 'take'; readonly amount: Money }
  /** I lead: more only raises what I would pay at most. */
  | { readonly do: 'raise' }
  | { readonly do: 'leave-maximum' }
  | { readonly do: 'sending'; readonly wish: BidWish }
  | { readonly do: 'unreachable' }
  | { readonly do: 'nothing'; readonly words: string };

/** The button of a lot that isn't won or over. */
export const lotAction = (
  lot: RoomLot,
  state: LotState,
  mine: MyLot,
  connection: Connection,
  me: Pick<You, 'role'> | null,
  nowMs: number,
): LotAction => {
  if (mine.pending?.state === 'sending') return { do: 'sending', wish: mine.pending.wish };
  if (connection !== 'open') return { do: 'unreachable' };
  const { bidding, figures } = lot;
  switch (state.step) {
    case 'opening':
      return { do: 'nothing', words: 'Opens in a moment' };
    case 'paused':
      return { do: 'nothing', words: 'Bidding is paused' };
    case 'coming':
      if (me && me.role !== 'shopper') return { do: 'nothing', words: crewWords };
      if (stakeIn(figures, mine.bid) === 'leading') return { do: 'raise' };
      return bidding.format === 'english' && bidding.takesEarlyBids
        ? { do: 'leave-maximum' }
        : { do: 'nothing', words: 'Opens in the show' };
    case 'open': {
      if (state.moment === 'hammer') return { do: 'nothing', words: 'The hammer falls' };
      if (me && me.role !== 'shopper') return { do: 'nothing', words: crewWords };
      if (bidding.format === 'dutch') return { do: 'take', amount: priceOf(lot, nowMs) };
      if (stakeIn(figures, mine.bid) === 'leading') return { do: 'raise' };
      return { do: 'bid', amount: figures.smallest ?? bidding.start };
    }
    default:
      return { do: 'nothing', words: 'This lot is over' };
  }
};

const crewWords = 'The crew doesn’t bid in its own show';

/** The price at which the whole lot can be had at once, until somebody has bid. */
export const buyNowOf = ({ bidding, figures }: RoomLot): Money | null =>
  bidding.format === 'english' && figures.phase === 'open' && figures.bids === 0
    ? bidding.buyNow
    : null;

/** The least that I may say as a maximum now; one minor unit more than my own when I lead. */
export const leastMaximum = (lot: RoomLot, bid: MyBid | null): Money => {
  const { figures, bidding } = lot;
  const smallest = figures.smallest ?? bidding.start;
  if (bid?.max == null || stakeIn(figures, bid) !== 'leading') return smallest;
  return { ...smallest, minor: bid.max.minor + 1 };
};

/** Three maxima to choose with one press: the next steps of the lot from the least on. */
export const suggestedMaxima = (lot: RoomLot, bid: MyBid | null): readonly Money[] => {
  if (lot.bidding.format !== 'english') return [];
  const { steps } = lot.bidding;
  const least = leastMaximum(lot, bid);
  const terms = { startMinor: lot.bidding.start.minor, steps };
  const leads = stakeIn(lot.figures, bid) === 'leading';
  // From one's own maximum on a step further; else one, three and six steps over the smallest bid.
  const strides = leads ? [0, 2, 5] : [1, 3, 6];
  let minor = leads ? smallestBid(terms, { priceMinor: least.minor - 1 }) : least.minor;
  const found: Money[] = [];
  for (let step = 0; step <= strides[2]!; step += 1) {
    if (strides.includes(step)) found.push({ ...least, minor });
    minor = smallestBid(terms, { priceMinor: minor });
  }
  return found;
};

/** An amount one step of the lot's table up or down, never below the least. */
export const steppedMaximum = (
  lot: RoomLot,
  bid: MyBid | null,
  amount: Money,
  direction: 1 | -1,
): Money => {
  const least = leastMaximum(lot, bid);
  if (lot.bidding.format !== 'english') return amount;
  const step = stepAt(lot.bidding.steps, direction === 1 ? amount.minor : amount.minor - 1);
  return { ...amount, minor: Math.max(least.minor, amount.minor + direction * step) };
};

/** Whole seconds for which my latest bid may still be undone; null when it may not. */
export const undoSeconds = (lot: RoomLot, bid: MyBid | null, nowMs: number): number | null => {
  const { figures, bidding } = lot;
  if (!bid?.undo || bidding.format !== 'english') return null;
  if (figures.bids !== bid.bids) return null;
  if (figures.phase !== 'prepared' && figures.phase !== 'open') return null;
  const guardMs = Math.max(bidding.softCloseMs, crowdLimits.bidUndoGuardMs);
  const closeMs = figures.closesAtMs === null ? Infinity : figures.closesAtMs - guardMs;
  const leftMs = Math.min(bid.undo.untilMs, closeMs) - nowMs;
  return leftMs > 0 ? Math.ceil(leftMs / 1_000) : null;
};

export type Words = { readonly title: string; readonly detail: string };

const amountIn = (problem: Problem, member: string, currency: string): string | null => {
  const minor = problem[member];
  return typeof minor === 'number' ? moneyText({ minor, currency }) : null;
};

/** `€ 52.90 all in, with shipping and tax`: what paying `amount` comes to, by the sum that is charged. */
export const allInWords = (amount: Money, shop: PriceSettings, joinsParcel: boolean): string => {
  const { total, shipping, tax } = allInPrice(amount, 1, shop, joinsParcel);
  const parts = [
    shipping.minor > 0 ? 'shipping' : joinsParcel ? 'your parcel' : 'free shipping',
    ...(tax.minor > 0 ? ['tax'] : []),
  ];
  return `${moneyText(total)} all in, with ${parts.join(' and ')}`;
};

/** Why a wish was refused and what to do, with the amounts of this lot. */
export const refusedWords = (problem: Problem, wish: BidWish, lot: RoomLot): Words => {
  const limited = limitWords(problem);
  if (limited) return limited;
  const { currency } = lot.bidding.start;
  switch (problem.code) {
    case 'bid-too-low': {
      const least = amountIn(problem, 'minimumMinor', currency);
      if (wish.t === 'take')
        return { title: 'The price stood higher', detail: `It was ${least}. Take it again.` };
      return {
        title: 'Somebody was faster',
        detail: `Nothing was bid for you. The next bid is ${least}.`,
      };
    }
    case 'lot-closed': {
      const lateMs = Number(problem.atMs) - Number(problem.hammerAtMs);
      const late =
        Number.isFinite(lateMs) && lateMs >= 0 ? ` ${(lateMs / 1_000).toFixed(1)} s` : '';
      return {
        title: 'The hammer had fallen',
        detail: late
          ? `Your bid came${late} after it. A maximum bids for you in time.`
          : 'The lot was over before your bid came.',
      };
    }
    case 'lot-paused':
      return { title: 'The lot is paused', detail: 'Your last bid stands. Wait for the host.' };
    case 'lot-not-open':
      return { title: 'The lot isn’t open', detail: 'Bid as soon as its clock runs.' };
    case 'lot-not-takeable':
      return { title: 'Somebody has bid', detail: 'It can’t be bought at once any more: bid.' };
    case 'crew-may-not-bid':
      return { title: crewWords, detail: 'Sign in as somebody else to buy.' };
    case 'undo-too-late':
      return { title: 'Too late to undo', detail: 'Your bid stands.' };
    case 'sign-in-needed':
      return { title: 'Say who you are first', detail: 'Press again and give a name.' };
    default:
      return { title: problem.title, detail: problem.detail };
  }
};

/** What became of a lot that is over, for whoever looks at it. */
export const outcomeWords = (lot: RoomLot, mine: MyLot): Words => {
  const { phase, price, leader, reason } = lot.figures;
  const took = mine.bid?.max !== null && mine.bid !== null;
  switch (phase) {
    case 'sold': {
      const to = leader === null ? '' : ` to ${bidderName(leader)}`;
      const title = price ? `Sold for ${moneyText(price)}${to}` : 'Sold';
      if (mine.bid !== null && leader === mine.bid.alias) return mineOver(mine, title);
      if (mine.ended?.reason === 'released')
        return { title: 'Declined', detail: 'The piece goes back to the shop.' };
      return { title, detail: took ? 'You were outbid. Nothing is charged.' : '' };
    }
    case 'unsold':
      if (reason === 'reserve-not-met')
        return { title: 'Not sold, reserve not met', detail: 'Nobody is charged.' };
      return { title: 'Not sold', detail: reason === 'not-taken' ? 'Nobody took it.' : 'No bids.' };
    case 'cancelled':
      return {
        title: 'Cancelled',
        detail: reason ? `${reason}. Nobody is charged.` : 'Nobody is charged.',
      };
    default:
      return { title: 'Taken back', detail: reason ?? '' };
  }
};

const mineOver = ({ ended }: MyLot, title: string): Words => {
  if (ended?.reason === 'expired')
    return { title: 'Your time to pay ran out', detail: 'The piece goes to somebody else.' };
  if (ended?.reason === 'released')
    return { title: 'The shop took it back', detail: 'Nothing is charged.' };
  return { title: 'You won', detail: title };
};
