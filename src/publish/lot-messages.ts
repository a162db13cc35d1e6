// What an event of an auction says, and to whom. A room gets all figures of a lot with each of its
// events, so that the last ones are enough; a bidder gets their own maximum, which nobody else does: the
// crew neither. Rules: docs/rules/auction.md, LOT-24 and LOT-26.

import type { OfferId, PersonId } from '../base/brand.ts';
import { smallestBid } from '../domain/sale/bidding.ts';
import { type Auction, bidTermsOf, type Lot, type LotEvent, lotOf } from '../domain/sale/lot.ts';
import type { LotTerms } from '../domain/sale/lot-terms.ts';
import type { RoomMessage } from '../protocol/room.ts';
import type { LotFigures, RoomBidding, RoomLot } from '../protocol/room-lot.ts';
import type { MyBid } from '../protocol/socket.ts';
import { nothing, type Said } from './said.ts';

/** What an event of a lot says. `auction` already has the event in it. */
export const lotMessages = (
  event: LotEvent,
  { seq, atMs }: { readonly seq: number; readonly atMs: number },
  auction: Auction,
): Said => {
  switch (event.kind) {
    case 'LotPrepared':
      return {
        ...nothing,
        room: [{ t: 'lot-prepared', seq, lot: roomLot(auction, event.data.terms) }],
      };
    case 'LotCalled':
    case 'LotOpened':
    case 'LotResumed':
    case 'LotExtended':
      return figures(seq, auction, event.data.lotId);
    case 'LotWithdrawn':
    case 'LotPaused':
    case 'LotCancelled':
      return figures(seq, auction, event.data.lotId, event.data.reason);
    case 'LotHammered':
      return figures(seq, auction, event.data.lotId, event.data.outcome);
    case 'LotRefused': {
      const { lotId, available } = event.data;
      const { title } = lotOf(auction, lotId).terms;
      return {
        ...figures(seq, auction, lotId),
        crew: [{ t: 'lot-refused', seq, lotId, title, available }],
      };
    }
    case 'BidPlaced':
    case 'BidUndone': {
      const { lotId, alias } = event.data;
      const bidder = auction.people.get(alias);
      const bid = myBid(auction, lotId, alias);
      return {
        ...figures(seq, auction, lotId),
        personal: bidder && bid ? [{ to: bidder.personId, message: { t: 'bid', bid } }] : [],
      };
    }
    case 'LotTaken': {
      const { lotId, alias } = event.data;
      const taker = auction.people.get(alias);
      const bids = lotOf(auction, lotId).bidCount;
      const bid: MyBid = { lotId, alias, max: null, bids, undo: null };
      return {
        ...figures(seq, auction, lotId),
        personal: taker ? [{ to: taker.personId, message: { t: 'bid', bid } }] : [],
      };
    }
    case 'SecondChanceOffered': {
      const { lotId, price } = event.data;
      const { title } = lotOf(auction, lotId).terms;
      return { ...nothing, crew: [{ t: 'second-chance', seq, atMs, lotId, title, price }] };
    }
    case 'LotRunChanged':
      return { ...nothing, crew: [{ t: 'lot-run', seq, lotIds: event.data.lotIds }] };
    case 'LotRunStopped':
      return { ...nothing, crew: [{ t: 'lot-run', seq, lotIds: [] }] };
    // For the export and whoever verifies it: a crowd has no use for a thousand maxima.
    case 'MaximaRevealed':
    case 'AllowanceMeasured':
    case 'BuyerBarred':
      return nothing;
  }
};

const figures = (seq: number, auction: Auction, lotId: OfferId, reason?: string): Said => {
  const message: RoomMessage = {
    t: 'lot',
    seq,
    lotId,
    figures: lotFigures(lotOf(auction, lotId), reason ?? null),
  };
  return { ...nothing, room: [message] };
};

/** What everybody sees of a lot as it stands; neither a maximum nor the height of a reserve. */
export const lotFigures = (lot: Lot, reason: string | null): LotFigures => {
  const { bidding } = lot.terms;
  const { currency } = bidding.start;
  const priceMinor = lot.winner?.priceMinor ?? lot.standing?.priceMinor;
  const reserveMinor = lot.reserve?.minor ?? null;
  // A buy-now, which nobody may set below the reserve, has no bids behind it.
  const reachedMinor = Math.max(lot.standing?.leaderMaxMinor ?? 0, lot.winner?.priceMinor ?? 0);
  return {
    phase: lot.phase,
    price: priceMinor === undefined ? null : { minor: priceMinor, currency },
    leader: lot.winner?.alias ?? lot.standing?.leader ?? null,
    smallest:
      bidding.format === 'english'
        ? { minor: smallestBid(bidTermsOf(lot), lot.standing), currency }
        : null,
    reserveMet: reserveMinor === null ? null : reachedMinor >= reserveMinor,
    bids: lot.bidCount,
    bidders: lot.bidders,
    left: lot.terms.quantity - lot.taken,
    openedAtMs: lot.openedAtMs,
    closesAtMs: lot.closesAtMs,
    hammerAtMs: lot.hammerAtMs,
    leftMs: lot.leftMs,
    reason,
  };
};

const roomLot = (auction: Auction, terms: LotTerms): RoomLot => {
  const { lotId, productId, variantId, title, usualPrice, quantity, payMs, secondChance } = terms;
  return {
    lotId,
    productId,
    variantId,
    title,
    usualPrice,
    quantity,
    payMs,
    secondChance,
    bidding: publicBidding(terms.bidding),
    figures: lotFigures(lotOf(auction, lotId), null),
  };
};

const publicBidding = (bidding: LotTerms['bidding']): RoomBidding => {
  if (bidding.format === 'dutch') {
    const { format, start, floor, stepMinor, stepMs, floorMs } = bidding;
    return { format, start, floor, stepMinor, stepMs, floorMs };
  }
  const { format, start, steps, buyNow, durationMs, softCloseMs, undoMs } = bidding;
  const { takesEarlyBids, hasReserve } = bidding;
  return {
    format,
    start,
    steps,
    buyNow,
    durationMs,
    softCloseMs,
    undoMs,
    takesEarlyBids,
    hasReserve,
  };
};

/** A bidder's own standing in a lot, or null when they never bid in it. */
const myBid = (auction: Auction, lotId: OfferId, alias: number): MyBid | null => {
  const lot = lotOf(auction, lotId);
  const { bidding } = lot.terms;
  const place = lot.maxima.get(alias);
  const bid = place === undefined ? undefined : lot.bids[place];
  if (!bid && !lot.undone.has(alias)) return null;
  const { undoable } = lot;
  const mayUndo =
    bidding.format === 'english' &&
    bidding.undoMs > 0 &&
    undoable?.alias === alias &&
    !lot.undone.has(alias);
  return {
    lotId,
    alias,
    max: bid ? { minor: bid.maxMinor, currency: bidding.start.currency } : null,
    bids: lot.bidCount,
    undo: mayUndo ? { bidId: undoable.bidId, untilMs: undoable.atMs + bidding.undoMs } : null,
  };
};

/** Everything that a person has bid in a show's lots that aren't over. */
export const bidsOf = (auction: Auction, personId: PersonId): MyBid[] => {
  const alias = auction.aliases.get(personId);
  if (alias === undefined) return [];
  return [...auction.lots.keys()].flatMap((lotId) => myBid(auction, lotId, alias) ?? []);
};
