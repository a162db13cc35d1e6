// The only place that turns a recorded event into messages, for each audience: everyone, the crew, one
// person. No sending, no state of its own: what it needs besides the event is handed in. The rule it
// guards: what an event holds and a message has no word for (addresses, e-mails, notes, other people's
// holds) goes to nobody.

import { assertNever } from '../base/assert.ts';
import { timesMoney } from '../base/money.ts';
import type { OrderEvent } from '../domain/order/order.ts';
import type { Waiting } from '../domain/sale/comment-sale.ts';
import type { Hold } from '../domain/sale/hold.ts';
import { type OfferTerms, offerOf, type Pool, poolOf } from '../domain/sale/offer.ts';
import type { Sale } from '../domain/sale/sale.ts';
import type { ShelfItem } from '../domain/sale/shelf.ts';
import type { Segment } from '../domain/show/run-of-show.ts';
import type { ShowEvent } from '../domain/show/show.ts';
import {
  availableOf,
  heldOf,
  type ShelfHold,
  type Stock,
  type StockEvent,
} from '../domain/stock/stock.ts';
import type { RoomCommentTerms } from '../protocol/comment-claim.ts';
import type {
  OfferFigures,
  RoomItem,
  RoomMessage,
  RoomOffer,
  RoomProvenance,
  RoomSegment,
  StockFigures,
} from '../protocol/room.ts';
import type { CrewMessage, MyHold } from '../protocol/socket.ts';
import { commentMessages } from './comment-messages.ts';
import { dropChanged, dropMessages } from './drop-messages.ts';
import { lotMessages } from './lot-messages.ts';
import { pollMessages } from './poll-messages.ts';
import { publicParts, publicPlan } from './public-parts.ts';
import { nothing, type Said, shelfTitle, titleOf, toAll } from './said.ts';

/** An event in its place, as much of it as a message may know. */
type Placed = { readonly seq: number; readonly atMs: number; readonly showId: string };

/**
 * What a show's event says. `sale` already has the event in it; `hold` is the hold that the event is
 * about as it stood before, `waiting` who waited for it.
 */
export const showMessages = (
  event: ShowEvent,
  { seq, atMs, showId }: Placed,
  sale: Sale,
  hold: Hold | undefined,
  waiting?: Waiting,
): Said => {
  switch (event.kind) {
    case 'ShowPlanned':
    case 'PlanChanged':
      return toAll({ t: 'plan', seq, plan: publicPlan(event.data.plan) });
    case 'WatchByChosen':
      return toAll({ t: 'watch-by', seq, watchBy: event.data.watchBy });
    case 'CoverChosen':
      return toAll({ t: 'cover', seq, coverUrl: event.data.coverUrl });
    case 'ShowStarted':
      return toAll({ t: 'phase', seq, phase: 'live', atMs });
    case 'ShowEnded':
      return toAll({ t: 'phase', seq, phase: 'ended', atMs });
    case 'ShowCancelled':
      return toAll({ t: 'phase', seq, phase: 'cancelled', atMs });
    case 'DisclosureSaid':
      return toAll({ t: 'disclosed', seq, atMs });
    case 'PictureChanged': {
      const { picture } = event.data;
      const backBy = picture.state === 'lost' ? { backByMs: picture.graceEndsAtMs } : {};
      return toAll({ t: 'picture', seq, picture: picture.state, ...backBy });
    }
    case 'RecordingAttached': {
      const { url, posterUrl, durationMs, startedAtMs, previews = null } = event.data;
      const recording = { url, posterUrl, durationMs, startedAtMs, previews };
      return toAll({ t: 'recording', seq, recording });
    }
    case 'RecordingDropped':
      return toAll({
        t: 'recording',
        seq,
        recording: null,
        gone: event.data.why === 'kept-long-enough' ? 'kept-long-enough' : 'by-the-shop',
      });
    // Clips stand on the pages of products and orders.
    case 'ClipAttached':
    case 'ClipFailed':
    case 'ClipRemoved':
      return nothing;
    case 'SegmentsArranged':
      return toAll({ t: 'segments', seq, segments: event.data.segments.map(publicSegment) });
    case 'SegmentEntered':
      return toAll({ t: 'segment', seq, segmentId: event.data.segmentId, atMs });
    case 'ShelfStocked':
      return toAll({ t: 'shelf', seq, items: event.data.items.map(publicItem) });
    case 'ProductPinned':
      return toAll({ t: 'pin', seq, productId: event.data.productId, atMs });

    case 'OfferRequested': {
      const { offerId, title, by } = event.data.terms;
      if (by) return nothing;
      return { ...nothing, crew: [{ t: 'offer-pending', seq, offerId, title }] };
    }
    case 'OfferRefused': {
      const { offerId, variantId, available } = event.data;
      if (offerOf(sale, offerId).terms.by) return nothing;
      return { ...nothing, crew: [{ t: 'offer-refused', seq, offerId, variantId, available }] };
    }
    case 'OfferOpened':
      if (sale.drops.has(event.data.offerId))
        return toAll(...dropChanged(sale, event.data.offerId));
      if (offerOf(sale, event.data.offerId).terms.by) return nothing;
      return toAll({ t: 'offer-opened', seq, offer: publicOffer(sale, event.data.offerId, atMs) });
    case 'OfferClosed':
      if (offerOf(sale, event.data.offerId).terms.by) return nothing;
      return toAll({
        t: 'offer-closed',
        seq,
        offerId: event.data.offerId,
        reason: event.data.reason,
      });
    case 'OfferAllocated':
    case 'UnitsReleased':
      return toAll(...offerFigures(seq, sale, event.data));

    case 'HoldPlaced': {
      const { offerId, variantId, quantity, price, personId, holdId } = event.data;
      const placed = sale.holds.get(holdId);
      return {
        room: offerFigures(seq, sale, event.data),
        crew: [
          {
            t: 'claimed',
            seq,
            atMs,
            name: event.personal?.name ?? '',
            title: titleOf(offerOf(sale, offerId).terms, variantId),
            quantity,
            price: timesMoney(price, quantity),
          },
        ],
        personal: placed
          ? [{ to: personId, message: { t: 'hold', hold: offerHold(showId, sale, placed) } }]
          : [],
      };
    }
    case 'PaymentBegun':
    case 'PaymentAbandoned': {
      const changed = sale.holds.get(event.data.holdId);
      if (!changed) return nothing;
      return {
        ...nothing,
        personal: [
          { to: changed.personId, message: { t: 'hold', hold: offerHold(showId, sale, changed) } },
        ],
      };
    }
    case 'HoldReleased':
    case 'HoldExpired': {
      const { offerId, variantId, quantity, personId, holdId } = event.data;
      const expired = event.kind === 'HoldExpired';
      const title = titleOf(offerOf(sale, offerId).terms, variantId);
      return {
        room: offerFigures(seq, sale, event.data),
        crew: expired ? [{ t: 'expired', seq, atMs, title, quantity }] : [],
        personal: [
          {
            to: personId,
            message: {
              t: 'hold-ended',
              holdId,
              reason: expired ? 'expired' : 'released',
              orderId: null,
            },
          },
        ],
      };
    }
    case 'HoldSettled': {
      const { offerId, variantId, quantity, personId, holdId, orderId } = event.data;
      const title = titleOf(offerOf(sale, offerId).terms, variantId);
      return {
        room: offerFigures(seq, sale, event.data),
        crew: hold
          ? [
              {
                t: 'sold',
                seq,
                atMs,
                title,
                quantity,
                price: timesMoney(hold.price, quantity),
                orderId,
              },
            ]
          : [],
        personal: [{ to: personId, message: { t: 'hold-ended', holdId, reason: 'paid', orderId } }],
      };
    }

    case 'MessagePosted': {
      // Erased words leave a gap that says nothing.
      if (!event.personal) return nothing;
      const { messageId, personId, role, replyTo, first } = event.data;
      const { name, text } = event.personal;
      return toAll({ t: 'chat', seq, atMs, messageId, personId, name, text, role, replyTo, first });
    }
    case 'MessageRemoved':
      return toAll({ t: 'chat-removed', seq, messageId: event.data.messageId });
    case 'CaptionSaid': {
      if (!event.personal) return nothing;
      const { language, spokenMs } = event.data;
      return toAll({ t: 'caption', seq, atMs, text: event.personal.text, language, spokenMs });
    }
    case 'GuestAdmitted': {
      const { guestId } = event.data;
      return toAll({ t: 'on-stage', seq, guestId, name: event.personal?.name ?? '' });
    }
    case 'GuestRemoved':
    case 'GuestLeft': {
      const { guestId, wasOnStage } = event.data;
      return wasOnStage ? toAll({ t: 'off-stage', seq, guestId }) : nothing;
    }
    // Who waits in the wings and who is muted goes by the stage's own doors, to those on it.
    case 'GuestInvited':
    case 'GuestJoined':
    case 'GuestMuted':
    case 'GuestUnmuted':
      return nothing;
    case 'PollOpened':
    case 'Voted':
    case 'PollClosed':
      return pollMessages(event, seq, atMs);
    case 'ReactionsCounted':
      // Counted where the taps came in, before they reach the log: the room adds them up (show-room.ts).
      return nothing;
    case 'DropAnnounced':
    case 'DropRefused':
    case 'DropEntered':
    case 'DropLeft':
    case 'DropOpened':
    case 'DropServed':
    case 'DropClosed':
      return dropMessages(event, seq, sale);
    case 'CommentClaimsSwitched':
    case 'CommentClaimed':
    case 'CommentUnclear':
    case 'CommentRefused':
    case 'CommentWaiting':
    case 'CommentServed':
    case 'CommentLineLeft':
      return commentMessages(event, { seq, atMs }, sale, waiting);
    default:
      return lotMessages(event, { seq, atMs }, sale.auction);
  }
};

/**
 * What an event of a variant's stock says in a room that shows the variant. `stock` already has the
 * event in it, `hold` is as it was before, `name` is the shopper's if the room knows it.
 */
export const stockMessages = (
  event: StockEvent,
  { seq, atMs, showId }: Placed,
  stock: Stock,
  hold: ShelfHold | undefined,
  item: RoomItem | undefined,
  name: string,
): Said => {
  const { variantId } = stock;
  const room: RoomMessage[] = [{ t: 'stock', variantId, figures: stockFigures(stock) }];
  const title = item ? shelfTitle(item, variantId) : '';
  switch (event.kind) {
    case 'StockCounted':
    case 'StockAllocated':
    case 'AllocationReturned':
    case 'AllocationSold':
      return { ...nothing, room };
    case 'ShelfHoldPlaced': {
      const { personId, holdId } = event.data;
      const placed = stock.holds.get(holdId);
      return {
        room,
        crew: shelfCrewMessages(event, event.data, { seq, atMs, showId }, title, name),
        personal: placed
          ? [{ to: personId, message: { t: 'hold', hold: shelfHold(variantId, placed, item) } }]
          : [],
      };
    }
    case 'ShelfPaymentBegun':
    case 'ShelfPaymentAbandoned': {
      const changed = stock.holds.get(event.data.holdId);
      if (!changed) return nothing;
      return {
        ...nothing,
        personal: [
          {
            to: changed.personId,
            message: { t: 'hold', hold: shelfHold(variantId, changed, item) },
          },
        ],
      };
    }
    case 'ShelfHoldReleased': {
      if (!hold) return { ...nothing, room };
      const { holdId, reason } = event.data;
      const expired = reason === 'time';
      return {
        room,
        crew: shelfCrewMessages(event, hold, { seq, atMs, showId }, title, name),
        personal: [
          {
            to: hold.personId,
            message: {
              t: 'hold-ended',
              holdId,
              reason: expired ? 'expired' : 'released',
              orderId: null,
            },
          },
        ],
      };
    }
    case 'ShelfHoldSettled': {
      if (!hold) return { ...nothing, room };
      const { holdId, orderId } = event.data;
      return {
        room,
        crew: shelfCrewMessages(event, hold, { seq, atMs, showId }, title, name),
        personal: [
          { to: hold.personId, message: { t: 'hold-ended', holdId, reason: 'paid', orderId } },
        ],
      };
    }
    default:
      return assertNever(event, 'a stock event that has no message');
  }
};

/** What the crew of the show that a hold on the shelf came from is told of it. */
export const shelfCrewMessages = (
  event: StockEvent,
  claim: Pick<ShelfHold, 'quantity' | 'price' | 'showId'>,
  { seq, atMs, showId }: Placed,
  title: string,
  name: string,
): readonly CrewMessage[] => {
  if (claim.showId !== showId) return [];
  switch (event.kind) {
    case 'ShelfHoldPlaced': {
      const { quantity } = claim;
      const price = timesMoney(claim.price, quantity);
      return [{ t: 'claimed', seq, atMs, name, title, quantity, price }];
    }
    case 'ShelfHoldReleased':
      return event.data.reason === 'time'
        ? [{ t: 'expired', seq, atMs, title, quantity: claim.quantity }]
        : [];
    case 'ShelfHoldSettled': {
      const { quantity, orderId } = event.data;
      const price = timesMoney(claim.price, quantity);
      return [{ t: 'sold', seq, atMs, title, quantity, price, orderId }];
    }
    default:
      return [];
  }
};

/**
 * What an order's event says: nothing. Order and parcel are between buyer and shop and travel by HTTP;
 * what the crowd may see of a sale is in the events of the hold that it came from.
 */
export const orderMessages = (_event: OrderEvent): Said => nothing;

/** Without the crew's notes and what is ready to fire. */
const publicSegment = ({
  segmentId,
  title,
  beat,
  minutes,
  productIds,
  disclosure,
}: Segment): RoomSegment => ({
  segmentId,
  title,
  beat,
  minutes,
  productIds,
  ...(disclosure ? { disclosure } : {}),
});

const publicItem = ({
  productId,
  title,
  imageUrl,
  variants,
  provenance,
  hostEarns,
}: ShelfItem): RoomItem => ({
  productId,
  title,
  imageUrl,
  variants: variants.map(({ variantId, title: name, price }) => ({
    variantId,
    title: name,
    price,
  })),
  provenance: provenance && publicProvenance(provenance),
  ...(hostEarns ? { hostEarns } : {}),
});

const publicProvenance = (known: RoomProvenance): RoomProvenance => {
  const { maker, origin, materials, serialNumber, certificate, condition, story } = known;
  return { maker, origin, materials, serialNumber, certificate, condition, story };
};

const publicOffer = (sale: Sale, offerId: OfferTerms['offerId'], openedAtMs: number): RoomOffer => {
  const { terms, pools, closesAtMs } = offerOf(sale, offerId);
  return {
    offerId: terms.offerId,
    productId: terms.productId,
    title: terms.title,
    variants: terms.variants.map(
      ({ variantId, title, price, usualPrice, membersPrice, parts, quantity }) => ({
        variantId,
        title,
        price,
        usualPrice,
        ...(membersPrice && { membersPrice }),
        ...publicParts({ parts }),
        quantity,
      }),
    ),
    perPersonMax: terms.perPersonMax,
    holdMs: terms.holdMs,
    openedAtMs,
    closesAtMs: closesAtMs ?? openedAtMs + terms.durationMs,
    figures: Object.fromEntries(
      [...pools].map(([variantId, pool]) => [variantId, poolFigures(pool)]),
    ),
    ...(terms.comments === undefined ? {} : { comments: publicComments(terms.comments) }),
  };
};

const publicComments = ({ policy, codes }: RoomCommentTerms): RoomCommentTerms => ({
  policy,
  codes: codes.map(({ variantId, word }) => ({ variantId, word })),
});

/** Of a variant of an offer: what is left, in carts and sold. */
const poolFigures = ({ left, held, sold }: Pool): OfferFigures => ({
  left,
  inCarts: held,
  sold,
});

/** Of a variant on the shelf: what can be claimed, and what is in carts. */
export const stockFigures = (stock: Stock): StockFigures => ({
  available: availableOf(stock),
  inCarts: heldOf(stock),
});

/** The figures of a pool that the crowd sees: only while its offer is open. */
const offerFigures = (
  seq: number,
  sale: Sale,
  { offerId, variantId }: { offerId: OfferTerms['offerId']; variantId: Stock['variantId'] },
): readonly RoomMessage[] => {
  const { phase, terms } = offerOf(sale, offerId);
  if (terms.by === 'drop') return dropChanged(sale, terms.offerId);
  if (phase !== 'open' || terms.by) return [];
  const pool = poolOf(sale, offerId, variantId as Parameters<typeof poolOf>[2]);
  return [{ t: 'offer', seq, offerId, variantId, figures: poolFigures(pool) }];
};

/** A hold of an offer, for its owner. */
export const offerHold = (showId: string, sale: Sale, hold: Hold): MyHold => {
  const { terms } = offerOf(sale, hold.offerId);
  return {
    holdId: hold.holdId,
    stream: `show-${showId}`,
    offerId: hold.offerId,
    productId: terms.productId,
    variantId: hold.variantId,
    title: titleOf(terms, hold.variantId),
    quantity: hold.quantity,
    unitPrice: hold.price,
    expiresAtMs: hold.expiresAtMs,
    paying: hold.payingFor !== null,
  };
};

/** A hold from the shelf, for its owner. */
export const shelfHold = (
  variantId: string,
  hold: ShelfHold,
  item: RoomItem | undefined,
): MyHold => ({
  holdId: hold.holdId,
  stream: `stock-${variantId}`,
  offerId: null,
  productId: item?.productId ?? '',
  variantId,
  title: item ? shelfTitle(item, variantId) : '',
  quantity: hold.quantity,
  unitPrice: hold.price,
  expiresAtMs: hold.expiresAtMs,
  paying: hold.payingFor !== null,
});
