// A lot: one piece that goes to whoever bids most, or a falling price that somebody takes. Its state, the
// words of its log, and how they change it. What is decided stands in auction.ts, the arithmetic in
// bidding.ts. A lot's units are those of an offer with the lot's id. Rules: docs/rules/auction.md.

import { assert } from '../../base/assert.ts';
import type { BidId, HoldId, OfferId, PersonId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import type { Money } from '../../base/money.ts';
import type { BidTerms, Standing } from './bidding.ts';
import type { Secret } from './commitment.ts';
import type { LotTerms } from './lot-terms.ts';

/** One accepted bid, in its place; the maximum is known to the engine alone until the hammer. */
export type Bid = {
  readonly bidId: BidId;
  readonly alias: number;
  readonly maxMinor: number;
  readonly nonce: string;
  isUndone: boolean;
};

export type LotPhase =
  | 'prepared'
  | 'called'
  | 'open'
  | 'paused'
  | 'sold'
  | 'unsold'
  | 'cancelled'
  | 'withdrawn';

/** Why a lot ended as it did. */
export type LotOutcome = 'sold' | 'no-bids' | 'reserve-not-met' | 'not-taken';

export type Lot = {
  readonly terms: LotTerms;
  readonly reserve: Secret | null;
  phase: LotPhase;
  standing: Standing | null;
  /** In the order in which they were accepted; emptied when the lot is over. */
  bids: Bid[];
  /** Bids that stand; the figure stays when `bids` is emptied. */
  bidCount: number;
  /** People whose bid stands; the figure stays when `maxima` is emptied. */
  bidders: number;
  /** The maximum of each bidder, by alias: their place in `bids`; emptied with it. */
  readonly maxima: Map<number, number>;
  /** What the latest bid changed: what an undo brings back. */
  undoable: {
    readonly bidId: BidId;
    readonly alias: number;
    readonly atMs: number;
    readonly standing: Standing | null;
    /** The bidder's maximum before, as a place in `bids`. */
    readonly before: number | null;
  } | null;
  readonly undone: Set<number>;
  openedAtMs: number | null;
  /** When the clock runs out. */
  closesAtMs: number | null;
  /** When bidding ends: the close and the allowance. */
  hammerAtMs: number | null;
  /** How much further soft closes may move the close; null: no cap. */
  extensionLeftMs: number | null;
  /** While paused: what is left until the close. */
  leftMs: number | null;
  /** [LOT-27] Paused because the picture is away: it goes on by itself with the picture. */
  awaitsPicture: boolean;
  /** Units of a Dutch lot that were taken. */
  taken: number;
  winner: { readonly alias: number; readonly priceMinor: number } | null;
  /** [LOT-21] Who comes second; known from the hammer on. */
  runnerUp: { readonly alias: number; readonly maxMinor: number } | null;
  chanceHoldId: HoldId | null;
};

/** Lots that open one after the other by themselves. */
export type LotRun = {
  readonly lotIds: readonly OfferId[];
  readonly gapMs: number;
  /** The place of the lot that runs, or that comes next. */
  at: number;
  /** When the next one opens; null while one runs. */
  nextAtMs: number | null;
};

/** What a show knows of its auctions. */
export type Auction = {
  readonly lots: Map<OfferId, Lot>;
  /** [LOT-26] The public name of each bidder, and who stands behind it. */
  readonly aliases: Map<PersonId, number>;
  readonly people: Map<number, { readonly personId: PersonId; readonly name: string }>;
  aliasCount: number;
  /** [LOT-14] */
  allowanceMs: number;
  run: LotRun | null;
  readonly barred: Set<PersonId>;
};

export const emptyAuction = (): Auction => ({
  lots: new Map(),
  aliases: new Map(),
  people: new Map(),
  aliasCount: 0,
  allowanceMs: 0,
  run: null,
  barred: new Set(),
});

/** What a bid's event says of the lot after it. */
type Stands = {
  readonly price: Money;
  readonly leader: number;
  /** Null without a reserve. */
  readonly reserveMet: boolean | null;
  readonly bids: number;
};

export type LotEvent =
  | {
      readonly kind: 'LotPrepared';
      readonly data: { readonly terms: LotTerms; readonly reserveCommitment: string | null };
      readonly personal?: { readonly reserve: Secret } | null;
    }
  | {
      readonly kind: 'LotWithdrawn';
      readonly data: { readonly lotId: OfferId; readonly reason: string };
    }
  /** Its units are asked for; what follows is LotOpened or LotRefused. */
  | { readonly kind: 'LotCalled'; readonly data: { readonly lotId: OfferId } }
  | {
      readonly kind: 'LotRefused';
      readonly data: { readonly lotId: OfferId; readonly available: number };
    }
  | {
      readonly kind: 'LotOpened';
      readonly data: {
        readonly lotId: OfferId;
        readonly closesAtMs: number;
        readonly hammerAtMs: number;
      };
    }
  | {
      readonly kind: 'BidPlaced';
      readonly data: {
        readonly lotId: OfferId;
        readonly bidId: BidId;
        readonly alias: number;
        readonly commitment: string;
        /** Null while the lot isn't open. */
        readonly closesAtMs: number | null;
        readonly hammerAtMs: number | null;
      } & Stands;
      readonly personal?: {
        readonly personId: PersonId;
        readonly name: string;
        readonly maxMinor: number;
        readonly nonce: string;
      } | null;
    }
  | {
      readonly kind: 'BidUndone';
      readonly data: {
        readonly lotId: OfferId;
        readonly bidId: BidId;
        readonly alias: number;
        readonly price: Money | null;
        readonly leader: number | null;
        readonly reserveMet: boolean | null;
        readonly bids: number;
      };
    }
  | {
      readonly kind: 'LotPaused';
      readonly data: {
        readonly lotId: OfferId;
        readonly reason: string;
        readonly leftMs: number;
        /** [LOT-27] Absent: by the crew. */
        readonly by?: 'picture';
      };
    }
  | {
      readonly kind: 'LotResumed';
      readonly data: {
        readonly lotId: OfferId;
        readonly closesAtMs: number;
        readonly hammerAtMs: number;
      };
    }
  /** [LOT-28] The hammer was missed: nobody could bid while the server was away. */
  | {
      readonly kind: 'LotExtended';
      readonly data: {
        readonly lotId: OfferId;
        readonly closesAtMs: number;
        readonly hammerAtMs: number;
      };
    }
  /** A Dutch lot's unit at the price of this instant, or an English lot at its buy-now. */
  | {
      readonly kind: 'LotTaken';
      readonly data: {
        readonly lotId: OfferId;
        readonly alias: number;
        readonly price: Money;
        readonly holdId: HoldId;
      };
      readonly personal?: { readonly personId: PersonId; readonly name: string } | null;
    }
  | {
      readonly kind: 'LotHammered';
      readonly data: {
        readonly lotId: OfferId;
        readonly outcome: LotOutcome;
        readonly price: Money | null;
        readonly alias: number | null;
      };
    }
  | {
      readonly kind: 'MaximaRevealed';
      readonly data: {
        readonly lotId: OfferId;
        readonly bids: readonly {
          readonly bidId: BidId;
          readonly alias: number;
          readonly maxMinor: number;
          readonly nonce: string;
        }[];
        readonly reserve: Secret | null;
      };
    }
  | {
      readonly kind: 'LotCancelled';
      readonly data: { readonly lotId: OfferId; readonly reason: string };
    }
  | {
      readonly kind: 'SecondChanceOffered';
      readonly data: {
        readonly lotId: OfferId;
        readonly alias: number;
        readonly price: Money;
        readonly holdId: HoldId;
      };
    }
  | {
      readonly kind: 'LotRunChanged';
      readonly data: { readonly lotIds: readonly OfferId[]; readonly gapMs: number };
    }
  | { readonly kind: 'LotRunStopped'; readonly data: { readonly reason: 'crew' | 'lot' | 'done' } }
  | {
      readonly kind: 'AllowanceMeasured';
      readonly data: { readonly allowanceMs: number; readonly viewers: number };
    }
  /** `isBarred` false lets the person buy again. */
  | {
      readonly kind: 'BuyerBarred';
      readonly data: {
        readonly personId: PersonId;
        readonly isBarred: boolean;
        readonly reason: string;
      };
    };

/** The lot of an event that is in the log; a missing one is a bug. */
export const lotOf = (auction: Auction, lotId: OfferId): Lot => {
  const lot = auction.lots.get(lotId);
  assert(lot, `lot ${lotId} is in the log before it was prepared`);
  return lot;
};

/** What prices follow from, the secret reserve included; asking it of a Dutch lot is a bug. */
export const bidTermsOf = (lot: Lot): BidTerms => {
  const { bidding } = lot.terms;
  assert(bidding.format === 'english', 'only an English lot has bids');
  return {
    startMinor: bidding.start.minor,
    steps: bidding.steps,
    reserveMinor: lot.reserve?.minor ?? null,
  };
};

/** The event has the lot's units in it, or the log is older than the lot. */
export const isRunning = (lot: Lot): boolean =>
  lot.phase === 'called' || lot.phase === 'open' || lot.phase === 'paused';

export const evolveLot = (auction: Auction, event: LotEvent, atMs: number): void => {
  switch (event.kind) {
    case 'LotPrepared': {
      const { terms } = event.data;
      auction.lots.set(terms.lotId, newLot(terms, event.personal?.reserve ?? null));
      return;
    }
    case 'LotWithdrawn':
      endLot(auction, event.data.lotId, 'withdrawn', atMs);
      return;
    case 'LotCalled': {
      const { lotId } = event.data;
      lotOf(auction, lotId).phase = 'called';
      if (auction.run?.lotIds[auction.run.at] === lotId) auction.run.nextAtMs = null;
      return;
    }
    case 'LotRefused':
      lotOf(auction, event.data.lotId).phase = 'prepared';
      return;
    case 'LotOpened': {
      const lot = lotOf(auction, event.data.lotId);
      const { bidding } = lot.terms;
      lot.phase = 'open';
      lot.openedAtMs = atMs;
      lot.closesAtMs = event.data.closesAtMs;
      lot.hammerAtMs = event.data.hammerAtMs;
      lot.extensionLeftMs = bidding.format === 'english' ? bidding.extensionMsMax : null;
      return;
    }
    case 'BidPlaced':
      placeBid(auction, event, atMs);
      return;
    case 'BidUndone':
      undoBid(lotOf(auction, event.data.lotId));
      return;
    case 'LotPaused': {
      const lot = lotOf(auction, event.data.lotId);
      lot.phase = 'paused';
      lot.leftMs = event.data.leftMs;
      lot.awaitsPicture = event.data.by === 'picture';
      lot.closesAtMs = null;
      lot.hammerAtMs = null;
      return;
    }
    case 'LotResumed': {
      const lot = lotOf(auction, event.data.lotId);
      lot.phase = 'open';
      lot.leftMs = null;
      lot.awaitsPicture = false;
      lot.closesAtMs = event.data.closesAtMs;
      lot.hammerAtMs = event.data.hammerAtMs;
      return;
    }
    case 'LotExtended': {
      const lot = lotOf(auction, event.data.lotId);
      lot.closesAtMs = event.data.closesAtMs;
      lot.hammerAtMs = event.data.hammerAtMs;
      return;
    }
    case 'LotTaken': {
      const { lotId, alias, price } = event.data;
      const lot = lotOf(auction, lotId);
      knowBidder(auction, alias, event.personal);
      lot.taken += 1;
      lot.winner = { alias, priceMinor: price.minor };
      return;
    }
    case 'LotHammered': {
      const { lotId, outcome, price, alias } = event.data;
      const lot = lotOf(auction, lotId);
      if (price !== null && alias !== null) lot.winner = { alias, priceMinor: price.minor };
      lot.runnerUp = secondOf(lot);
      endLot(auction, lotId, outcome === 'sold' ? 'sold' : 'unsold', atMs);
      return;
    }
    case 'MaximaRevealed':
      // For whoever verifies: a lot that is over has forgotten them.
      return;
    case 'LotCancelled':
      endLot(auction, event.data.lotId, 'cancelled', atMs);
      return;
    case 'SecondChanceOffered':
      lotOf(auction, event.data.lotId).chanceHoldId = event.data.holdId;
      return;
    case 'LotRunChanged':
      auction.run = { ...event.data, at: 0, nextAtMs: atMs };
      return;
    case 'LotRunStopped':
      auction.run = null;
      return;
    case 'AllowanceMeasured':
      auction.allowanceMs = event.data.allowanceMs;
      return;
    case 'BuyerBarred':
      if (event.data.isBarred) auction.barred.add(event.data.personId);
      else auction.barred.delete(event.data.personId);
      return;
  }
};

const newLot = (terms: LotTerms, reserve: Secret | null): Lot => ({
  terms,
  reserve,
  phase: 'prepared',
  standing: null,
  bids: [],
  bidCount: 0,
  bidders: 0,
  maxima: new Map(),
  undoable: null,
  undone: new Set(),
  openedAtMs: null,
  closesAtMs: null,
  hammerAtMs: null,
  extensionLeftMs: null,
  leftMs: null,
  awaitsPicture: false,
  taken: 0,
  winner: null,
  runnerUp: null,
  chanceHoldId: null,
});

/** A lot that ended takes no bids and forgets its maxima; a run that it was in goes on to the next. */
const endLot = (auction: Auction, lotId: OfferId, phase: LotPhase, atMs: number): void => {
  const lot = lotOf(auction, lotId);
  lot.phase = phase;
  lot.undoable = null;
  lot.bids = [];
  lot.maxima.clear();
  const { run } = auction;
  if (run && run.lotIds[run.at] === lotId) {
    run.at += 1;
    run.nextAtMs = atMs + run.gapMs;
  }
};

const placeBid = (
  auction: Auction,
  { data, personal }: Extract<LotEvent, { kind: 'BidPlaced' }>,
  atMs: number,
): void => {
  const lot = lotOf(auction, data.lotId);
  knowBidder(auction, data.alias, personal);
  const { alias, bidId, price, leader } = data;
  // Erased since: the least that it was. It counts no more for what is decided after the hammer.
  const maxMinor = personal?.maxMinor ?? price.minor;
  const before = lot.maxima.get(alias) ?? null;
  lot.undoable = { bidId, alias, atMs, standing: lot.standing, before };
  lot.maxima.set(alias, lot.bids.length);
  lot.bids.push({ bidId, alias, maxMinor, nonce: personal?.nonce ?? '', isUndone: false });
  lot.bidCount = data.bids;
  lot.bidders = lot.maxima.size;
  const leaderMaxMinor =
    leader === alias ? maxMinor : (lot.standing?.leaderMaxMinor ?? price.minor);
  lot.standing = { priceMinor: price.minor, leader, leaderMaxMinor };
  if (data.closesAtMs === null || lot.closesAtMs === null) return;
  if (lot.extensionLeftMs !== null) lot.extensionLeftMs -= data.closesAtMs - lot.closesAtMs;
  lot.closesAtMs = data.closesAtMs;
  lot.hammerAtMs = data.hammerAtMs;
};

const undoBid = (lot: Lot): void => {
  assert(lot.undoable, 'a bid was undone that can’t be');
  const { alias, standing, before } = lot.undoable;
  lot.bids.at(-1)!.isUndone = true;
  if (before === null) lot.maxima.delete(alias);
  else lot.maxima.set(alias, before);
  lot.standing = standing;
  lot.bidCount -= 1;
  lot.bidders = lot.maxima.size;
  lot.undone.add(alias);
  lot.undoable = null;
};

const knowBidder = (
  auction: Auction,
  alias: number,
  personal: { readonly personId: PersonId; readonly name: string } | null | undefined,
): void => {
  auction.aliasCount = Math.max(auction.aliasCount, alias);
  if (!personal || auction.people.has(alias)) return;
  auction.people.set(alias, { personId: personal.personId, name: personal.name });
  auction.aliases.set(personal.personId, alias);
};

/** The highest maximum of those who don't lead; of equal ones the earlier. */
const secondOf = (lot: Lot): Lot['runnerUp'] => {
  let second: { alias: number; maxMinor: number; place: number } | null = null;
  for (const [alias, place] of lot.maxima) {
    if (alias === lot.standing?.leader) continue;
    const { maxMinor } = lot.bids[place]!;
    const isHigher =
      second === null ||
      maxMinor > second.maxMinor ||
      (maxMinor === second.maxMinor && place < second.place);
    if (isHigher) second = { alias, maxMinor, place };
  }
  return second && { alias: second.alias, maxMinor: second.maxMinor };
};

/** How long the hammer waits for the slowest pictures, from a measurement. */
export const allowanceOf = (delayMs: number): number =>
  Math.min(limits.allowanceMsMax, Math.max(0, Math.round(delayMs)));
