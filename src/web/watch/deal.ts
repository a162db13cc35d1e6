// What the card at the lower edge is about and what its one button does: the running offer or the pinned
// product, from the room and from what is mine. Pure, so that every state of a sale can be tested; how it
// looks is in deal-card.tsx.

import type { Money } from '../../base/money.ts';
import type { RoomCommentTerms } from '../../protocol/comment-claim.ts';
import type { OfferFigures, Room, RoomItem, RoomOffer, StockFigures } from '../../protocol/room.ts';
import type { MyHold } from '../../protocol/socket.ts';
import type { Connection, EndedHold } from '../live/live-state.ts';

export type DealVariant = {
  readonly variantId: string;
  readonly title: string;
  readonly price: Money;
  /** What members claim it at; null: the same as everybody. */
  readonly membersPrice: Money | null;
  /** The lowest price of the last 30 days; null for what stays on the shelf. */
  readonly reference: Money | null;
  readonly left: number;
  readonly inCarts: number;
  /** Of a set: what one is made of. */
  readonly parts: readonly { readonly title: string; readonly quantity: number }[] | null;
};

/** Something that can be bought now. */
export type Deal = {
  readonly key: string;
  readonly kind: 'offer' | 'shelf';
  readonly offerId: string | null;
  readonly productId: string;
  readonly title: string;
  readonly item: RoomItem | null;
  readonly variants: readonly DealVariant[];
  readonly perPersonMax: number | null;
  /** Server time; null for what stays on the shelf. */
  readonly closesAtMs: number | null;
  readonly openedAtMs: number | null;
  readonly holdMs: number | null;
  /** Code words that claim it in the chat; null for none. */
  readonly comments: RoomCommentTerms | null;
};

const noStock: StockFigures = { available: 0, inCarts: 0 };

export const dealOfOffer = (offer: RoomOffer, shelf: readonly RoomItem[]): Deal => ({
  key: offer.offerId,
  kind: 'offer',
  offerId: offer.offerId,
  productId: offer.productId,
  title: offer.title,
  item: shelf.find(({ productId }) => productId === offer.productId) ?? null,
  variants: offer.variants.map((variant) => {
    const figures: OfferFigures = offer.figures[variant.variantId] ?? {
      left: 0,
      inCarts: 0,
      sold: 0,
    };
    return {
      variantId: variant.variantId,
      title: variant.title,
      price: variant.price,
      membersPrice: variant.membersPrice ?? null,
      reference: variant.usualPrice,
      left: figures.left,
      inCarts: figures.inCarts,
      parts: variant.parts ?? null,
    };
  }),
  perPersonMax: offer.perPersonMax,
  closesAtMs: offer.closesAtMs,
  openedAtMs: offer.openedAtMs,
  holdMs: offer.holdMs,
  comments: offer.comments ?? null,
});

export const dealOfItem = (item: RoomItem, stock: Room['stock']): Deal => ({
  key: item.productId,
  kind: 'shelf',
  offerId: null,
  productId: item.productId,
  title: item.title,
  item,
  variants: item.variants.map((variant) => {
    const { available, inCarts } = stock[variant.variantId] ?? noStock;
    const figures = { left: available, inCarts };
    return { ...variant, membersPrice: null, reference: null, parts: null, ...figures };
  }),
  perPersonMax: null,
  closesAtMs: null,
  openedAtMs: null,
  holdMs: null,
  comments: null,
});

/** Everything that the card can show, most urgent first: open offers, newest first, then the pin. */
export const dealsOf = (
  room: Pick<Room, 'offers' | 'shelf' | 'stock' | 'pinned'>,
): readonly Deal[] => {
  const offers = [...room.offers].reverse().map((offer) => dealOfOffer(offer, room.shelf));
  const pinned = room.shelf.find(({ productId }) => productId === room.pinned);
  if (!pinned || offers.some(({ productId }) => productId === pinned.productId)) return offers;
  return [...offers, dealOfItem(pinned, room.stock)];
};

/** What somebody would claim a variant at, and the reference price where that is higher. */
export const priceFor = (
  { price, membersPrice, reference }: Pick<DealVariant, 'price' | 'membersPrice' | 'reference'>,
  isMember: boolean,
): { readonly price: Money; readonly reference: Money | null; readonly isMembers: boolean } => {
  const mine = (isMember && membersPrice) || price;
  return {
    price: mine,
    reference: reference && reference.minor > mine.minor ? reference : null,
    isMembers: mine.minor < price.minor,
  };
};

/** Why something was refused, in words for people. */
export type Said = { readonly code: string; readonly title: string; readonly detail: string };

/** A try of mine to get units: of an offer, or (without one) from the shelf. */
export type MyClaim = {
  readonly id: string;
  readonly offerId: string | null;
  readonly variantId: string;
  readonly state: 'sending' | 'accepted' | 'refused';
  readonly problem: Said | null;
};

/** What is mine, from the socket and from the shelf's holds. */
export type Mine = {
  readonly holds: readonly MyHold[];
  readonly endedHolds: readonly EndedHold[];
  readonly pendingClaims: readonly MyClaim[];
};

export type DealState =
  /** The button takes the units. */
  | { readonly step: 'open' }
  /** Nothing left now, but units in carts may come back. */
  | { readonly step: 'waiting' }
  | { readonly step: 'sold-out' }
  | { readonly step: 'claiming' }
  | { readonly step: 'held'; readonly hold: MyHold }
  | { readonly step: 'paying'; readonly hold: MyHold }
  /** No way to the server: nothing can be promised now. */
  | { readonly step: 'unreachable' };

/** How the last try ended, said beside the button until the next one. */
export type DealNews =
  | { readonly kind: 'paid'; readonly orderId: string | null }
  | { readonly kind: 'expired'; readonly holdId: string }
  | { readonly kind: 'released'; readonly holdId: string }
  | { readonly kind: 'refused'; readonly claimId: string; readonly problem: Said };

const isOf = (deal: Deal, hold: Pick<MyHold, 'offerId' | 'productId'>) =>
  deal.kind === 'offer'
    ? hold.offerId === deal.offerId
    : hold.offerId === null && hold.productId === deal.productId;

const isClaimOf = (deal: Deal, claim: MyClaim) =>
  claim.offerId === deal.offerId &&
  deal.variants.some(({ variantId }) => variantId === claim.variantId);

/** What the card's button is, for the variant that is chosen. */
export const dealState = (
  deal: Deal,
  variantId: string,
  mine: Mine,
  connection: Connection,
): DealState => {
  const hold = mine.holds.find((one) => isOf(deal, one));
  if (hold) return { step: hold.paying ? 'paying' : 'held', hold };
  const claim = mine.pendingClaims.find((one) => isClaimOf(deal, one) && one.state !== 'refused');
  if (claim) return { step: 'claiming' };
  // The shelf is bought from by HTTP: it needs the network, not the socket.
  const reaches = deal.kind === 'shelf' ? connection !== 'offline' : connection === 'open';
  if (!reaches) return { step: 'unreachable' };
  const variant = deal.variants.find((one) => one.variantId === variantId);
  if (variant && variant.left > 0) return { step: 'open' };
  // Another variant may still be there: the button of this one says so by itself.
  return variant && variant.inCarts > 0 ? { step: 'waiting' } : { step: 'sold-out' };
};

/** The newest end of a hold or claim of mine in this deal; null when there was none. */
export const dealNews = (deal: Deal, mine: Mine): DealNews | null => {
  const refused = mine.pendingClaims.find((one) => isClaimOf(deal, one) && one.state === 'refused');
  if (refused?.problem) return { kind: 'refused', claimId: refused.id, problem: refused.problem };
  const ended = mine.endedHolds.findLast(({ hold }) => isOf(deal, hold));
  if (!ended) return null;
  if (ended.reason === 'paid') return { kind: 'paid', orderId: ended.orderId };
  return { kind: ended.reason, holdId: ended.hold.holdId };
};

/** The stock line: "3 left, 2 in carts"; never a word about urgency that the figures don't carry. */
export const stockWords = ({
  left,
  inCarts,
}: {
  readonly left: number;
  readonly inCarts: number;
}): string => {
  const carts = inCarts > 0 ? `${inCarts} in ${inCarts === 1 ? 'a cart' : 'carts'}` : '';
  if (left > 0) return carts ? `${left} left, ${carts}` : `${left} left`;
  return carts ? `None left, ${carts}` : 'Sold out';
};

/** How many one person may take now: the offer's limit and what is left, 1 to 10. */
export const quantityMax = (deal: Deal, variantId: string): number => {
  const left = deal.variants.find((one) => one.variantId === variantId)?.left ?? 0;
  return Math.max(1, Math.min(left, deal.perPersonMax ?? 10, 10));
};

/** The variant to start with: the first that is left, else the first. */
export const firstVariant = (deal: Deal): string =>
  (deal.variants.find(({ left }) => left > 0) ?? deal.variants[0])?.variantId ?? '';

/** What the card knows about where a thing comes from, in one line; null when nothing is known. */
export const provenanceLine = (item: RoomItem | null): string | null => {
  const card = item?.provenance;
  if (!card) return null;
  const parts = [
    card.maker,
    card.origin,
    card.certificate && `certificate ${card.certificate}`,
  ].filter(Boolean);
  return parts.length > 0
    ? parts.slice(0, 2).join(' · ')
    : card.materials || card.condition || null;
};
