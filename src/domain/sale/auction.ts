// What is decided of lots: preparing and opening them, bids, the hammer, second chances, runs. A lot's
// state and events are in lot.ts, the arithmetic of a bid in bidding.ts. Nothing here tells a maximum.
// Rules: docs/rules/auction.md.

import type { BidId, HoldId, OfferId, PersonId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import type { Money } from '../../base/money.ts';
import { type Refusal, refuse } from '../../base/result.ts';
import { isCrew, mayDirect, type Stamp } from '../decider.ts';
import { afterBid, fallenPrice, fallMs, type Standing, smallestBid } from './bidding.ts';
import { commitmentTo, type Secret } from './commitment.ts';
import {
  cancelLot,
  dropHammer,
  ending,
  isHammerDue,
  isLotsHold,
  isReserveMet,
  type LotStepEvents,
  lotHold,
} from './hammer.ts';
import {
  type Auction,
  allowanceOf,
  bidTermsOf,
  isRunning,
  type Lot,
  type LotEvent,
} from './lot.ts';
import { type DutchTerms, type EnglishTerms, type LotTerms, wrongLotTerms } from './lot-terms.ts';
import { extended, isHammerMissed, resumed } from './outage.ts';
import type { Sale } from './sale.ts';

export type LotCommand =
  | { readonly kind: 'PrepareLot'; readonly terms: LotTerms; readonly reserve: Secret | null }
  | { readonly kind: 'WithdrawLot'; readonly lotId: OfferId; readonly reason: string }
  | { readonly kind: 'OpenLot'; readonly lotId: OfferId }
  | {
      readonly kind: 'PlaceBid';
      readonly lotId: OfferId;
      readonly bidId: BidId;
      /** The most that the bidder would pay. */
      readonly max: Money;
      readonly nonce: string;
      /** The bidder was asked about an unusual amount and said yes. */
      readonly isConfirmed: boolean;
    }
  | { readonly kind: 'UndoBid'; readonly lotId: OfferId; readonly bidId: BidId }
  /** Dutch: at least the price of this instant. English: the buy-now. */
  | {
      readonly kind: 'TakeLot';
      readonly lotId: OfferId;
      readonly price: Money;
      readonly holdId: HoldId;
    }
  | { readonly kind: 'PauseLot'; readonly lotId: OfferId; readonly reason: string }
  | { readonly kind: 'ResumeLot'; readonly lotId: OfferId }
  | { readonly kind: 'CancelLot'; readonly lotId: OfferId; readonly reason: string }
  | { readonly kind: 'DropHammer'; readonly lotId: OfferId }
  | { readonly kind: 'RunLots'; readonly lotIds: readonly OfferId[]; readonly gapMs: number }
  | { readonly kind: 'StopLotRun' }
  | { readonly kind: 'OpenNextLot' }
  | {
      readonly kind: 'MeasureAllowance';
      readonly pictureDelayP95Ms: number;
      readonly viewers: number;
    }
  | {
      readonly kind: 'BarBuyer';
      readonly personId: PersonId;
      readonly isBarred: boolean;
      readonly reason: string;
    };

/** What a command about lots leads to; units and holds of a lot are decided with it. */
export const decideLot = (
  sale: Sale,
  command: LotCommand,
  stamp: Stamp,
): LotStepEvents | Refusal => {
  const { auction } = sale;
  switch (command.kind) {
    case 'PrepareLot':
      return prepare(sale, command, stamp);
    case 'MeasureAllowance':
      return measure(auction, command, stamp);
    case 'BarBuyer':
      return bar(auction, command, stamp);
    case 'RunLots':
      return runLots(auction, command, stamp);
    case 'StopLotRun':
      if (!mayDirect(stamp.by)) return refuse('not-allowed');
      return auction.run ? [{ kind: 'LotRunStopped', data: { reason: 'crew' } }] : [];
    case 'OpenNextLot':
      return openNext(sale, stamp);
  }
  const lot = auction.lots.get(command.lotId);
  if (!lot) return refuse('lot-unknown');
  switch (command.kind) {
    case 'PlaceBid':
      return placeBid(auction, lot, command, stamp);
    case 'UndoBid':
      return undoBid(auction, lot, command, stamp);
    case 'TakeLot':
      return takeLot(sale, lot, command, stamp);
    case 'DropHammer':
      if (stamp.by.kind !== 'system') return refuse('not-allowed');
      if (!isHammerDue(lot, stamp.atMs)) return refuse('lot-not-open');
      return isHammerMissed(lot, stamp.atMs)
        ? [extended(auction, lot, stamp)]
        : dropHammer(sale, lot, stamp);
  }
  if (!mayDirect(stamp.by)) return refuse('not-allowed');
  switch (command.kind) {
    case 'OpenLot':
      return openLot(lot);
    case 'WithdrawLot':
      if (lot.phase !== 'prepared') return refuse('lot-not-prepared');
      if (!isReason(command.reason)) return refuse('reason-needed');
      return [{ kind: 'LotWithdrawn', data: { lotId: command.lotId, reason: command.reason } }];
    case 'PauseLot':
      return pause(lot, command.reason, stamp);
    case 'ResumeLot':
      return resume(auction, lot, stamp);
    case 'CancelLot':
      if (!isRunning(lot)) return refuse('lot-not-open');
      if (isHammerDue(lot, stamp.atMs)) return refuseClosed(lot, stamp.atMs);
      if (!isReason(command.reason)) return refuse('reason-needed');
      return cancelLot(sale, lot, command.reason, 'crew');
  }
};

const isReason = (reason: string): boolean =>
  reason.trim().length > 0 && reason.length <= limits.reasonMax;

// ── before ─────────────────────────────────────────────────────────────────────────────────────────

const prepare = (
  { auction: { lots }, offers }: Sale,
  { terms, reserve }: Extract<LotCommand, { kind: 'PrepareLot' }>,
  stamp: Stamp,
): LotStepEvents | Refusal => {
  if (!mayDirect(stamp.by)) return refuse('not-allowed');
  if (lots.has(terms.lotId) || offers.has(terms.lotId)) return refuse('lot-exists');
  if (lots.size >= limits.lotsMax) return refuse('too-many-lots', { max: limits.lotsMax });
  const wrong = wrongLotTerms(terms, reserve);
  if (wrong) return refuse('lot-invalid', { field: wrong });
  if (reserve === null) return [{ kind: 'LotPrepared', data: { terms, reserveCommitment: null } }];
  const { currency } = terms.bidding.start;
  return [
    {
      kind: 'LotPrepared',
      data: {
        terms,
        reserveCommitment: commitmentTo(terms.lotId, 'reserve', currency, reserve),
      },
      personal: { reserve },
    },
  ];
};

/** [LOT-2] A lot's units are asked for like an offer's. */
const openLot = (lot: Lot): LotStepEvents | Refusal => {
  const { lotId, productId, variantId, title, usualPrice, quantity, payMs } = lot.terms;
  if (lot.phase !== 'prepared') return refuse('lot-not-prepared');
  return [
    { kind: 'LotCalled', data: { lotId } },
    {
      kind: 'OfferRequested',
      data: {
        terms: {
          offerId: lotId,
          by: 'lot',
          productId,
          title,
          variants: [
            { variantId, title: '', price: lot.terms.bidding.start, usualPrice, quantity },
          ],
          perPersonMax: null,
          durationMs: planned(lot),
          holdMs: payMs,
        },
      },
    },
  ];
};

const planned = ({ terms: { bidding } }: Lot): number =>
  bidding.format === 'english' ? bidding.durationMs : fallMs(fallingOf(bidding)) + bidding.floorMs;

const fallingOf = ({ start, floor, stepMinor, stepMs }: DutchTerms) => ({
  startMinor: start.minor,
  floorMinor: floor.minor,
  stepMinor,
  stepMs,
});

/** [LOT-2] Its units are here: the clock starts. A Dutch lot has no allowance: its price is the clock's. */
export const lotOpened = (auction: Auction, lotId: OfferId, stamp: Stamp): LotEvent => {
  const lot = auction.lots.get(lotId)!;
  const closesAtMs = stamp.atMs + planned(lot);
  const allowanceMs = lot.terms.bidding.format === 'english' ? auction.allowanceMs : 0;
  return { kind: 'LotOpened', data: { lotId, closesAtMs, hammerAtMs: closesAtMs + allowanceMs } };
};

const measure = (
  auction: Auction,
  command: Extract<LotCommand, { kind: 'MeasureAllowance' }>,
  stamp: Stamp,
): LotStepEvents | Refusal => {
  if (stamp.by.kind !== 'system') return refuse('not-allowed');
  const allowanceMs = allowanceOf(command.pictureDelayP95Ms);
  if (allowanceMs === auction.allowanceMs) return [];
  return [{ kind: 'AllowanceMeasured', data: { allowanceMs, viewers: command.viewers } }];
};

const bar = (
  { barred }: Auction,
  { personId, isBarred, reason }: Extract<LotCommand, { kind: 'BarBuyer' }>,
  stamp: Stamp,
): LotStepEvents | Refusal => {
  if (!isCrew(stamp.by)) return refuse('not-allowed');
  if (!isReason(reason)) return refuse('reason-needed');
  if (barred.has(personId) === isBarred) return [];
  if (isBarred && barred.size >= limits.buyersBarredMax)
    return refuse('too-many-barred', { max: limits.buyersBarredMax });
  return [{ kind: 'BuyerBarred', data: { personId, isBarred, reason } }];
};

// ── bids ───────────────────────────────────────────────────────────────────────────────────────────

const placeBid = (
  auction: Auction,
  lot: Lot,
  command: Extract<LotCommand, { kind: 'PlaceBid' }>,
  stamp: Stamp,
): LotStepEvents | Refusal => {
  const { lotId, bidding } = lot.terms;
  const { bidId, max, nonce } = command;
  const wrong = mayNotBid(auction, lot, stamp);
  if (wrong) return wrong;
  if (bidding.format !== 'english' || stamp.by.kind !== 'person') return refuse('lot-not-biddable');
  if (lot.phase === 'prepared' && !bidding.takesEarlyBids) return refuse('lot-not-open');
  if (lot.bids.length >= limits.lotBidsMax) return refuse('too-many-bids');
  const { currency } = bidding.start;
  if (max.currency !== currency) return refuse('currency-mismatch', { currency });
  if (!Number.isSafeInteger(max.minor) || max.minor < 1 || max.minor > limits.bidMinorMax)
    return refuse('bid-invalid');
  const terms = bidTermsOf(lot);
  const alias = auction.aliases.get(stamp.by.id) ?? auction.aliasCount + 1;
  const leads = lot.standing?.leader === alias;
  const minimum = leads ? lot.standing!.leaderMaxMinor + 1 : smallestBid(terms, lot.standing);
  // Their own maximum may be told to the leader: it is theirs.
  if (max.minor < minimum) return refuse('bid-too-low', { minimumMinor: minimum, currency });
  const unusualMinor = smallestBid(terms, lot.standing) * limits.bidUnusualTimes;
  if (max.minor > unusualMinor && !command.isConfirmed)
    return refuse('bid-unusual', { aboveMinor: unusualMinor, currency });
  const after = afterBid(terms, lot.standing, { alias, maxMinor: max.minor });
  const closesAtMs = closeAfterBid(lot, bidding, after, stamp.atMs);
  return [
    {
      kind: 'BidPlaced',
      data: {
        lotId,
        bidId,
        alias,
        commitment: commitmentTo(lotId, bidId, currency, { minor: max.minor, nonce }),
        price: { minor: after.priceMinor, currency },
        leader: after.leader,
        reserveMet: isReserveMet(lot, after),
        bids: lot.bidCount + 1,
        closesAtMs,
        hammerAtMs: hammerAfter(lot, closesAtMs, auction.allowanceMs),
      },
      personal: { personId: stamp.by.id, name: stamp.by.name, maxMinor: max.minor, nonce },
    },
  ];
};

/** Who may not bid in or take this lot now, and why. [LOT-11, LOT-15, LOT-18] */
const mayNotBid = (auction: Auction, lot: Lot, { by, atMs }: Stamp): Refusal | null => {
  if (by.kind !== 'person') return refuse('sign-in-needed');
  if (isCrew(by)) return refuse('crew-may-not-bid');
  if (auction.barred.has(by.id)) return refuse('buyer-barred');
  if (lot.phase === 'paused') return refuse('lot-paused');
  const isOver = lot.phase !== 'prepared' && lot.phase !== 'called' && lot.phase !== 'open';
  if (isOver || isHammerDue(lot, atMs)) return refuseClosed(lot, atMs);
  return lot.phase === 'called' ? refuse('lot-not-open') : null;
};

/** [LOT-15] */
const refuseClosed = ({ hammerAtMs }: Lot, atMs: number): Refusal =>
  refuse('lot-closed', { atMs, hammerAtMs });

/** [LOT-13] */
const closeAfterBid = (
  lot: Lot,
  { softCloseMs }: EnglishTerms,
  after: Standing,
  atMs: number,
): number | null => {
  const { closesAtMs, standing, extensionLeftMs } = lot;
  if (closesAtMs === null) return null;
  const changes =
    standing === null ||
    standing.priceMinor !== after.priceMinor ||
    standing.leader !== after.leader;
  if (!changes || softCloseMs === 0) return closesAtMs;
  const latest = extensionLeftMs === null ? Number.MAX_SAFE_INTEGER : closesAtMs + extensionLeftMs;
  return Math.max(closesAtMs, Math.min(latest, atMs + softCloseMs));
};

/**
 * [LOT-14] An unmoved close keeps its hammer; a moved one gets the allowance of now, but no hammer falls
 * earlier than everyone was told: a bid between that and this would be refused by surprise.
 */
const hammerAfter = (lot: Lot, closesAtMs: number | null, allowanceMs: number): number | null =>
  closesAtMs === null || closesAtMs === lot.closesAtMs
    ? lot.hammerAtMs
    : Math.max(lot.hammerAtMs ?? 0, closesAtMs + allowanceMs);

const undoBid = (
  auction: Auction,
  lot: Lot,
  { bidId }: Extract<LotCommand, { kind: 'UndoBid' }>,
  stamp: Stamp,
): LotStepEvents | Refusal => {
  const wrong = mayNotBid(auction, lot, stamp);
  if (wrong) return wrong;
  const { bidding, lotId } = lot.terms;
  const alias = stamp.by.kind === 'person' ? auction.aliases.get(stamp.by.id) : undefined;
  const { undoable } = lot;
  if (bidding.format !== 'english' || alias === undefined) return refuse('bid-unknown');
  const guardMs = Math.max(bidding.softCloseMs, limits.bidUndoGuardMs);
  const isLate =
    undoable === null ||
    undoable.bidId !== bidId ||
    undoable.alias !== alias ||
    stamp.atMs >= undoable.atMs + bidding.undoMs ||
    (lot.closesAtMs !== null && stamp.atMs >= lot.closesAtMs - guardMs);
  if (isLate || lot.undone.has(alias)) return refuse('undo-too-late');
  const { standing } = undoable;
  return [
    {
      kind: 'BidUndone',
      data: {
        lotId,
        bidId,
        alias,
        price: standing && { minor: standing.priceMinor, currency: bidding.start.currency },
        leader: standing?.leader ?? null,
        reserveMet: isReserveMet(lot, standing),
        bids: lot.bidCount - 1,
      },
    },
  ];
};

const takeLot = (
  sale: Sale,
  lot: Lot,
  { price, holdId }: Extract<LotCommand, { kind: 'TakeLot' }>,
  stamp: Stamp,
): LotStepEvents | Refusal => {
  const wrong = mayNotBid(sale.auction, lot, stamp);
  if (wrong) return wrong;
  const { bidding, lotId, quantity } = lot.terms;
  if (lot.phase !== 'open') return refuse('lot-not-open');
  if (stamp.by.kind !== 'person') return refuse('sign-in-needed');
  if (sale.holds.has(holdId) || isLotsHold(sale.auction, holdId)) return refuse('hold-exists');
  const { currency } = bidding.start;
  if (price.currency !== currency) return refuse('currency-mismatch', { currency });
  const asked = askedNow(lot, stamp.atMs);
  if (asked === null) return refuse('lot-not-takeable');
  if (!Number.isSafeInteger(price.minor) || price.minor < asked)
    return refuse('bid-too-low', { minimumMinor: asked, currency });
  const alias = sale.auction.aliases.get(stamp.by.id) ?? sale.auction.aliasCount + 1;
  const paid: Money = { minor: asked, currency };
  const taken: LotStepEvents = [
    {
      kind: 'LotTaken',
      data: { lotId, alias, price: paid, holdId },
      personal: { personId: stamp.by.id, name: stamp.by.name },
    },
    lotHold(lot, holdId, stamp.by.id, stamp.by.name, paid, stamp.atMs),
  ];
  const isLast = bidding.format === 'english' || lot.taken + 1 >= quantity;
  return isLast ? [...taken, ...ending(sale, lot, 'sold', paid, alias, 1)] : taken;
};

/** What whoever takes the lot at this instant pays; null when it can't be taken. [LOT-17, LOT-22] */
const askedNow = ({ terms: { bidding }, openedAtMs, bidCount }: Lot, atMs: number) => {
  if (bidding.format === 'english') return bidCount === 0 ? (bidding.buyNow?.minor ?? null) : null;
  return openedAtMs === null ? null : fallenPrice(fallingOf(bidding), atMs - openedAtMs);
};

// ── pause ──────────────────────────────────────────────────────────────────────────────────────────

const pause = (lot: Lot, reason: string, stamp: Stamp): LotStepEvents | Refusal => {
  if (lot.phase !== 'open' || lot.closesAtMs === null) return refuse('lot-not-open');
  // A Dutch price is the clock's: there is nothing to hold it at.
  if (lot.terms.bidding.format === 'dutch') return refuse('lot-not-pausable');
  if (!isReason(reason)) return refuse('reason-needed');
  if (isHammerDue(lot, stamp.atMs)) return refuseClosed(lot, stamp.atMs);
  const leftMs = Math.max(0, lot.closesAtMs - stamp.atMs);
  return [{ kind: 'LotPaused', data: { lotId: lot.terms.lotId, reason, leftMs } }];
};

const resume = (auction: Auction, lot: Lot, stamp: Stamp): LotStepEvents | Refusal => {
  if (lot.phase !== 'paused' || lot.terms.bidding.format !== 'english')
    return refuse('lot-not-paused');
  return [resumed(auction, lot, stamp)];
};

// ── runs ───────────────────────────────────────────────────────────────────────────────────────────

const runLots = (
  { lots, run }: Auction,
  { lotIds, gapMs }: Extract<LotCommand, { kind: 'RunLots' }>,
  stamp: Stamp,
): LotStepEvents | Refusal => {
  if (!mayDirect(stamp.by)) return refuse('not-allowed');
  if (run) return refuse('lot-run-exists');
  if (lotIds.length < 1 || lotIds.length > limits.lotsMax || new Set(lotIds).size < lotIds.length)
    return refuse('lot-invalid', { field: 'lotIds' });
  if (!Number.isSafeInteger(gapMs) || gapMs < 0 || gapMs > limits.lotRunGapMsMax)
    return refuse('lot-invalid', { field: 'gapMs' });
  if (lotIds.some((lotId) => lots.get(lotId)?.phase !== 'prepared'))
    return refuse('lot-not-prepared');
  return [{ kind: 'LotRunChanged', data: { lotIds, gapMs } }];
};

/** [LOT-23] */
const openNext = ({ auction }: Sale, stamp: Stamp): LotStepEvents | Refusal => {
  if (stamp.by.kind !== 'system') return refuse('not-allowed');
  const { run } = auction;
  if (run?.nextAtMs == null || stamp.atMs < run.nextAtMs) return refuse('lot-run-unknown');
  const next = run.lotIds[run.at];
  if (next === undefined) return [{ kind: 'LotRunStopped', data: { reason: 'done' } }];
  const lot = auction.lots.get(next);
  const opened = lot ? openLot(lot) : refuse('lot-unknown');
  return 'refused' in opened ? [{ kind: 'LotRunStopped', data: { reason: 'lot' } }] : opened;
};

/** What the auction waits for next: a hammer, or the next lot of a run. */
export const nextLotDue = (
  auction: Auction,
): { readonly atMs: number; readonly command: LotCommand } | null => {
  let due: { atMs: number; command: LotCommand } | null = null;
  for (const lot of auction.lots.values()) {
    if (lot.phase !== 'open' || lot.hammerAtMs === null) continue;
    if (due === null || lot.hammerAtMs < due.atMs)
      due = { atMs: lot.hammerAtMs, command: { kind: 'DropHammer', lotId: lot.terms.lotId } };
  }
  const nextAtMs = auction.run?.nextAtMs ?? null;
  if (nextAtMs !== null && (due === null || nextAtMs < due.atMs))
    due = { atMs: nextAtMs, command: { kind: 'OpenNextLot' } };
  return due;
};
