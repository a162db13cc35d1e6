// The selling of a show: offers, lots and the holds that come of both, joined. What one part's event
// means for another stands here: a lot opens with its units, a unit that nobody holds any more goes to
// the runner-up or back to stock. Rules of a part stand in its own file.

import { assertNever } from '../../base/assert.ts';
import type { HoldId, OfferId, PersonId, VariantId } from '../../base/brand.ts';
import { isRefusal, type Refusal, refuse } from '../../base/result.ts';
import type { Stamp } from '../decider.ts';
import { DueQueue } from '../due-queue.ts';
import { decideLot, type LotCommand, lotOpened, nextLotDue } from './auction.ts';
import { wholeOf } from './bundle.ts';
import {
  afterInLines,
  type Comment,
  type CommentCommand,
  type CommentEvent,
  type CommentSale,
  decideComment,
  decideCommentSale,
  emptyCommentSale,
  evolveCommentSale,
  type Waiting,
} from './comment-sale.ts';
import {
  type Drop,
  type DropEvent,
  type Drops,
  type Entry,
  evolveDrop,
  type Line,
} from './drop.ts';
import {
  cancelLot,
  dropHammer,
  isBinding,
  isHammerDue,
  isLotsHold,
  secondChance,
} from './hammer.ts';
import {
  decideHold,
  evolveHold,
  type Hold,
  type HoldCommand,
  type HoldEvent,
  nextExpiry,
} from './hold.ts';
import { closeDrop, type DropCommand, decideDrop, isOn, nextDropDue } from './line.ts';
import {
  type Auction,
  emptyAuction,
  evolveLot,
  isRunning,
  type Lot,
  type LotEvent,
} from './lot.ts';
import {
  closeOffer,
  decideOffer,
  evolveOffer,
  nextClosing,
  type Offer,
  type OfferCommand,
  type OfferEvent,
  offerOf,
  type Pool,
  unitsReleased,
} from './offer.ts';

/** What a show knows of its selling. */
export type Sale = {
  readonly offers: Map<OfferId, Offer>;
  /** Open promises; settled, released and expired ones are gone. */
  readonly holds: Map<HoldId, Hold>;
  readonly due: DueQueue<HoldId>;
  readonly auction: Auction;
  readonly drops: Drops;
  readonly comments: CommentSale;
};

export type SaleCommand = OfferCommand | HoldCommand | LotCommand | DropCommand | CommentCommand;
export type SaleEvent = OfferEvent | HoldEvent | LotEvent | DropEvent | CommentEvent;

export const emptySale = (): Sale => ({
  offers: new Map(),
  holds: new Map(),
  due: new DueQueue(),
  auction: emptyAuction(),
  drops: new Map(),
  comments: emptyCommentSale(),
});

/** What a command means for all parts of a sale together: its own events, then what these mean for the others. */
export const decideSale = (
  sale: Sale,
  command: SaleCommand,
  stamp: Stamp,
): readonly SaleEvent[] | Refusal => {
  const decided = decidePart(sale, command, stamp);
  if (isRefusal(decided)) return decided;
  const events = decided.flatMap((event) => [event, ...following(sale, event, stamp)]);
  return [...events, ...afterInLines(sale, events, stamp)];
};

const decidePart = (
  sale: Sale,
  command: SaleCommand,
  stamp: Stamp,
): readonly SaleEvent[] | Refusal => {
  switch (command.kind) {
    case 'OpenOffer':
    case 'ConfirmAllocation':
    case 'RefuseAllocation':
    case 'CloseOffer':
    case 'Claim':
      if (command.kind === 'Claim' && stamp.by.kind === 'person' && isBarred(sale, stamp.by.id))
        return refuse('buyer-barred');
      if (command.kind === 'Claim' && isLotsHold(sale.auction, command.holdId))
        return refuse('hold-exists');
      return decideOffer(sale, command, stamp);
    case 'ReleaseHold': {
      const hold = sale.holds.get(command.holdId);
      const isOwn = stamp.by.kind === 'person' && stamp.by.id === hold?.personId;
      // [LOT-20] A bid binds; a second chance may be declined.
      if (isOwn && isBinding(sale.auction, hold)) return refuse('bid-binding');
      return decideHold(sale, command, stamp);
    }
    case 'BeginPayment':
    case 'AbandonPayment':
    case 'SettleHold':
    case 'ExpireHolds':
      return decideHold(sale, command, stamp);
    case 'AnnounceDrop':
    case 'EnterDrop':
    case 'LeaveDrop':
    case 'OpenDrop':
    case 'StepDrop':
    case 'CancelDrop':
      return decideDrop(sale, command, stamp);
    case 'SwitchCommentClaims':
    case 'LeaveCommentLine':
      return decideCommentSale(sale, command, stamp);
    default:
      return decideLot(sale, command, stamp);
  }
};

/** [CCL-10] What an accepted message means: a claim by it passes all that a claim by the button does. */
export const readInSale = (sale: Sale, comment: Comment, stamp: Stamp): readonly SaleEvent[] =>
  decideComment(sale, comment, stamp, (claim) => decideSale(sale, claim, stamp));

const isBarred = (sale: Sale, personId: PersonId): boolean => sale.auction.barred.has(personId);

/** What an event that was just decided means for another part. */
const following = (sale: Sale, event: SaleEvent, stamp: Stamp): readonly SaleEvent[] => {
  switch (event.kind) {
    case 'OfferOpened':
      return sale.auction.lots.has(event.data.offerId)
        ? [lotOpened(sale.auction, event.data.offerId, stamp)]
        : [];
    case 'OfferRefused': {
      const { offerId, variantId, available } = event.data;
      const { lots, run } = sale.auction;
      const drop = sale.drops.get(offerId);
      if (drop) {
        const whole = wholeOf(drop.terms, { variantId, quantity: available });
        return [{ kind: 'DropRefused', data: { dropId: offerId, available: whole } }];
      }
      if (!lots.has(offerId)) return [];
      const refused: LotEvent = { kind: 'LotRefused', data: { lotId: offerId, available } };
      return run?.lotIds[run.at] === offerId
        ? [refused, { kind: 'LotRunStopped', data: { reason: 'lot' } }]
        : [refused];
    }
    case 'HoldExpired':
    case 'HoldReleased':
      return freed(sale, event.data, stamp);
    default:
      return [];
  }
};

/** [OFF-9, LOT-21] Units of a closed offer that nobody holds any more: to the runner-up, or back to stock. */
const freed = (
  sale: Sale,
  { offerId, holdId, variantId, quantity }: Extract<HoldEvent, { kind: 'HoldExpired' }>['data'],
  stamp: Stamp,
): readonly SaleEvent[] => {
  if (offerOf(sale, offerId).phase === 'open') return [];
  const chance = secondChance(sale, offerId, holdId, stamp.atMs);
  return chance.length > 0 ? chance : [unitsReleased(offerOf(sale, offerId), variantId, quantity)];
};

/** [OFF-13, LOT-4] The end of a show ends what sells; what is held stands. */
export const endSale = (sale: Sale, stamp: Stamp): readonly SaleEvent[] => {
  const events: SaleEvent[] = [];
  if (sale.auction.run) events.push({ kind: 'LotRunStopped', data: { reason: 'done' } });
  for (const lot of sale.auction.lots.values()) {
    // [LOT-15] Whose bidding is over by the clock is sold, though the hammer's own command wasn't decided yet.
    if (isHammerDue(lot, stamp.atMs)) events.push(...dropHammer(sale, lot, stamp));
    else if (isRunning(lot)) events.push(...cancelLot(sale, lot, 'show-ended', 'show-ended'));
    if (lot.phase === 'prepared') {
      const { lotId } = lot.terms;
      events.push({ kind: 'LotWithdrawn', data: { lotId, reason: 'show-ended' } });
    }
  }
  for (const drop of sale.drops.values())
    if (isOn(drop)) events.push(...closeDrop(sale, drop, 'show-ended', ''));
  // One that still waits for units too: what it has goes back, what comes later follows it.
  for (const offer of sale.offers.values()) {
    if (offer.terms.by === undefined && (offer.phase === 'open' || offer.phase === 'allocating'))
      events.push(...closeOffer(offer, 'show-ended'));
  }
  events.push(...afterInLines(sale, events, stamp));
  return events;
};

const kinds: Record<SaleEvent['kind'], true> = {
  OfferRequested: true,
  OfferAllocated: true,
  OfferOpened: true,
  OfferRefused: true,
  OfferClosed: true,
  UnitsReleased: true,
  HoldPlaced: true,
  HoldReleased: true,
  HoldExpired: true,
  PaymentBegun: true,
  PaymentAbandoned: true,
  HoldSettled: true,
  LotPrepared: true,
  LotWithdrawn: true,
  LotCalled: true,
  LotRefused: true,
  LotOpened: true,
  BidPlaced: true,
  BidUndone: true,
  LotPaused: true,
  LotResumed: true,
  LotExtended: true,
  LotTaken: true,
  LotHammered: true,
  MaximaRevealed: true,
  LotCancelled: true,
  SecondChanceOffered: true,
  LotRunChanged: true,
  LotRunStopped: true,
  AllowanceMeasured: true,
  BuyerBarred: true,
  DropAnnounced: true,
  DropRefused: true,
  DropEntered: true,
  DropLeft: true,
  DropOpened: true,
  DropServed: true,
  DropClosed: true,
  CommentClaimsSwitched: true,
  CommentClaimed: true,
  CommentUnclear: true,
  CommentRefused: true,
  CommentWaiting: true,
  CommentServed: true,
  CommentLineLeft: true,
};

/** Whether a show's event belongs to its selling. */
export const isOfSale = (event: { readonly kind: string }): event is SaleEvent =>
  Object.hasOwn(kinds, event.kind);

export const evolveSale = (sale: Sale, event: SaleEvent, atMs: number): void => {
  switch (event.kind) {
    case 'OfferRequested':
    case 'OfferAllocated':
    case 'OfferOpened':
    case 'OfferRefused':
    case 'OfferClosed':
    case 'UnitsReleased':
      evolveOffer(sale, event);
      return;
    case 'HoldPlaced':
    case 'HoldReleased':
    case 'HoldExpired':
    case 'PaymentBegun':
    case 'PaymentAbandoned':
    case 'HoldSettled':
      evolveHold(sale, event);
      return;
    case 'LotPrepared':
    case 'LotWithdrawn':
    case 'LotCalled':
    case 'LotRefused':
    case 'LotOpened':
    case 'BidPlaced':
    case 'BidUndone':
    case 'LotPaused':
    case 'LotResumed':
    case 'LotExtended':
    case 'LotTaken':
    case 'LotHammered':
    case 'MaximaRevealed':
    case 'LotCancelled':
    case 'SecondChanceOffered':
    case 'LotRunChanged':
    case 'LotRunStopped':
    case 'AllowanceMeasured':
    case 'BuyerBarred':
      evolveLot(sale.auction, event, atMs);
      return;
    case 'DropAnnounced':
    case 'DropRefused':
    case 'DropEntered':
    case 'DropLeft':
    case 'DropOpened':
    case 'DropServed':
    case 'DropClosed':
      evolveDrop(sale.drops, event, atMs);
      return;
    case 'CommentClaimsSwitched':
    case 'CommentClaimed':
    case 'CommentUnclear':
    case 'CommentRefused':
    case 'CommentWaiting':
    case 'CommentServed':
    case 'CommentLineLeft':
      evolveCommentSale(sale.comments, event);
      return;
    default:
      assertNever(event, 'an event that no part of a sale knows');
  }
};

/** The earliest thing that the sale waits for, or null. `isLive`: what only a live show does counts too. */
export const nextSaleDue = (
  sale: Sale,
  isLive: boolean,
): { readonly atMs: number; readonly command: SaleCommand } | null => {
  const closing = nextClosing(sale);
  const expiryMs = nextExpiry(sale);
  const lot = nextLotDue(sale.auction);
  const due: { atMs: number; command: SaleCommand }[] = [];
  if (closing)
    due.push({ atMs: closing.atMs, command: { kind: 'CloseOffer', offerId: closing.offerId } });
  if (expiryMs !== null) due.push({ atMs: expiryMs, command: { kind: 'ExpireHolds' } });
  if (lot) due.push(lot);
  const drop = nextDropDue(sale, isLive);
  if (drop) due.push(drop);
  return due.reduce<(typeof due)[number] | null>(
    (first, next) => (first === null || next.atMs < first.atMs ? next : first),
    null,
  );
};

// ── snapshots ──────────────────────────────────────────────────────────────────────────────────────

export type SavedSale = {
  offers: (Omit<Offer, 'pools' | 'taken' | 'arrived'> & {
    pools: [VariantId, Pool][];
    taken: [PersonId, number][];
    arrived: [VariantId, number][];
  })[];
  holds: Hold[];
  auction: Omit<Auction, 'lots' | 'aliases' | 'people' | 'barred'> & {
    lots: (Omit<Lot, 'maxima' | 'undone'> & { maxima: [number, number][]; undone: number[] })[];
    people: [number, { personId: PersonId; name: string }][];
    barred: PersonId[];
  };
  drops: (Omit<Drop, 'entries' | 'entryOf' | 'marks' | 'exits' | 'lines'> & {
    entries: Entry[];
    entryOf: [PersonId, number][];
    marks: string[];
    exits: [PersonId, number][];
    lines: [VariantId, Line][];
  })[];
  comments: { isOn: boolean; lines: [OfferId, Waiting[]][] };
};

export const saveSale = ({ offers, holds, auction, drops, comments }: Sale): SavedSale => {
  const { lots, people, aliasCount, allowanceMs, run, barred } = auction;
  return {
    offers: [...offers.values()].map((offer) => ({
      ...offer,
      pools: [...offer.pools],
      taken: [...offer.taken],
      arrived: [...offer.arrived],
    })),
    holds: [...holds.values()],
    auction: {
      lots: [...lots.values()].map((lot) => ({
        ...lot,
        maxima: [...lot.maxima],
        undone: [...lot.undone],
      })),
      people: [...people],
      aliasCount,
      allowanceMs,
      run,
      barred: [...barred],
    },
    drops: [...drops.values()].map((drop) => ({
      ...drop,
      entries: [...drop.entries.values()],
      entryOf: [...drop.entryOf],
      marks: [...drop.marks],
      exits: [...drop.exits],
      lines: [...drop.lines],
    })),
    comments: { isOn: comments.isOn, lines: [...comments.lines] },
  };
};

/** Owns what it is given. */
export const loadSale = (saved: SavedSale): Sale => {
  const due = new DueQueue<HoldId>();
  for (const hold of saved.holds) due.add(hold.expiresAtMs, hold.holdId);
  return {
    offers: new Map(
      saved.offers.map((offer) => [
        offer.terms.offerId,
        {
          ...offer,
          pools: new Map(offer.pools),
          taken: new Map(offer.taken),
          arrived: new Map(offer.arrived),
        },
      ]),
    ),
    holds: new Map(saved.holds.map((hold) => [hold.holdId, hold])),
    due,
    auction: {
      ...saved.auction,
      lots: new Map(
        saved.auction.lots.map((lot) => [
          lot.terms.lotId,
          { ...lot, maxima: new Map(lot.maxima), undone: new Set(lot.undone) },
        ]),
      ),
      people: new Map(saved.auction.people),
      aliases: new Map(saved.auction.people.map(([alias, { personId }]) => [personId, alias])),
      barred: new Set(saved.auction.barred),
    },
    drops: new Map(
      saved.drops.map((drop) => [
        drop.terms.dropId,
        {
          ...drop,
          entries: new Map(drop.entries.map((entry) => [entry.entry, entry])),
          entryOf: new Map(drop.entryOf),
          marks: new Set(drop.marks),
          exits: new Map(drop.exits),
          lines: new Map(drop.lines),
        },
      ]),
    ),
    comments: { isOn: saved.comments.isOn, lines: new Map(saved.comments.lines) },
  };
};
