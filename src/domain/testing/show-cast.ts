// A small shop for tests of the show: one product with two variants, one offer, its usual events.

import type {
  HoldId,
  OfferId,
  OrderId,
  PersonId,
  ProductId,
  SegmentId,
  VariantId,
} from '../../base/brand.ts';
import type { OfferTerms } from '../sale/offer.ts';
import type { ShelfItem } from '../sale/shelf.ts';
import type { ShowPlan } from '../show/life.ts';
import type { ShowEvent } from '../show/show.ts';
import { startMs } from './given.ts';

export const vase = 'vase' as ProductId;
export const lagoon = 'vase-lagoon' as VariantId;
export const ochre = 'vase-ochre' as VariantId;
export const offerId = 'offer1' as OfferId;
export const eur = (minor: number) => ({ minor, currency: 'EUR' });
export const hold = (name: string) => name as HoldId;
export const order = (name: string) => name as OrderId;
export const personId = (name: string) => name as PersonId;

export const plan: ShowPlan = {
  title: 'Kiln night',
  showKind: 'demonstration',
  startsAtMs: startMs,
  hostId: personId('mina'),
  hostName: 'Mina Orsini',
  shopName: 'Laguna Ceramics',
  disclosure: 'own-brand',
  isDemo: false,
};

export const vaseItem: ShelfItem = {
  productId: vase,
  title: 'Lagoon vase',
  imageUrl: null,
  variants: [
    { variantId: lagoon, title: 'Lagoon', price: eur(9800) },
    { variantId: ochre, title: 'Ochre', price: eur(9800) },
  ],
  provenance: null,
};

export const terms: OfferTerms = {
  offerId,
  productId: vase,
  title: 'Lagoon vase',
  variants: [
    { variantId: lagoon, title: 'Lagoon', price: eur(8600), usualPrice: eur(9800), quantity: 3 },
  ],
  perPersonMax: 2,
  durationMs: 60_000,
  holdMs: 30_000,
};

export const planned: ShowEvent = { kind: 'ShowPlanned', data: { plan } };
export const stocked: ShowEvent = { kind: 'ShelfStocked', data: { items: [vaseItem] } };
export const started: ShowEvent = { kind: 'ShowStarted', data: {} };
export const ended: ShowEvent = { kind: 'ShowEnded', data: {} };

export const segment = (name: string, productIds: readonly ProductId[] = []) => ({
  segmentId: name as SegmentId,
  title: name,
  beat: 'demo' as const,
  minutes: 5,
  productIds,
  notes: '',
});

/** A live show with the vase on its shelf. */
export const live: readonly ShowEvent[] = [planned, stocked, started];

/** …and an open offer of three lagoon vases, two a person. */
export const onOffer: readonly ShowEvent[] = [
  ...live,
  { kind: 'OfferRequested', data: { terms } },
  { kind: 'OfferAllocated', data: { offerId, variantId: lagoon, quantity: 3 } },
  { kind: 'OfferOpened', data: { offerId, closesAtMs: startMs + terms.durationMs } },
];

export const held = (holdId: string, person: string, quantity = 1, atMs = startMs): ShowEvent => ({
  kind: 'HoldPlaced',
  data: {
    holdId: hold(holdId),
    offerId,
    variantId: lagoon,
    quantity,
    personId: personId(person),
    price: eur(8600),
    expiresAtMs: atMs + terms.holdMs,
  },
  personal: { name: person },
});

const refOf = (holdId: string, person: string, quantity: number) => ({
  holdId: hold(holdId),
  offerId,
  variantId: lagoon,
  quantity,
  personId: personId(person),
});

export const expired = (holdId: string, person: string, quantity = 1): ShowEvent => ({
  kind: 'HoldExpired',
  data: refOf(holdId, person, quantity),
});
export const releasedHold = (holdId: string, person: string, quantity = 1): ShowEvent => ({
  kind: 'HoldReleased',
  data: refOf(holdId, person, quantity),
});
export const settled = (holdId: string, person: string, quantity = 1): ShowEvent => ({
  kind: 'HoldSettled',
  data: { ...refOf(holdId, person, quantity), orderId: order(holdId) },
});
export const unitsReleased = (quantity: number): ShowEvent => ({
  kind: 'UnitsReleased',
  data: { offerId, variantId: lagoon, quantity },
});
