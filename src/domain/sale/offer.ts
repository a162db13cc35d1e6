// A live offer: so many units of a product's variants at a live price, for so long, so many a person.
// It decides from units that its show has allocated, so that nobody needs to be asked while a crowd
// claims. Holds (hold.ts) are its short promises; money lives in orders, unallocated units in stock.
// Rules: docs/rules/offer.md.

import { assert } from '../../base/assert.ts';
import type { HoldId, OfferId, PersonId, ProductId, VariantId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import type { Money } from '../../base/money.ts';
import { type Refusal, refuse } from '../../base/result.ts';
import { mayDirect, type Stamp } from '../decider.ts';
import {
  type BundlePart,
  hasWrongParts,
  isAwaited,
  strandedParts,
  type Units,
  unitsArrived,
  unitsNeeded,
  withParts,
} from './bundle.ts';
import { type CommentTerms, wrongCodes } from './comment-sale.ts';
import type { HoldEvent } from './hold.ts';
import type { Sale } from './sale.ts';

export type OfferVariant = {
  readonly variantId: VariantId;
  readonly title: string;
  readonly price: Money;
  /** [PRI-1] The lowest price of the 30 days before, as the shop computed it: never typed by a host. */
  readonly usualPrice: Money;
  /** [PRI-17] What members claim it at; absent: the same as everybody. */
  readonly membersPrice?: Money;
  /** [PRI-19] What one of it is made of; absent: it is a variant of the catalogue. */
  readonly parts?: readonly BundlePart[];
  readonly quantity: number;
};

export type OfferTerms = {
  readonly offerId: OfferId;
  /** How its units are given out, where it isn't by claiming them: by auction (lot.ts), in a line (drop.ts). */
  readonly by?: 'lot' | 'drop';
  readonly productId: ProductId;
  readonly title: string;
  readonly variants: readonly OfferVariant[];
  /** Units that one person may hold or own of this offer, over all its variants. Null: no limit. */
  readonly perPersonMax: number | null;
  /** How long the offer stands once it is open. */
  readonly durationMs: number;
  /** How long a claimed unit is kept for a buyer who hasn't paid. */
  readonly holdMs: number;
  /** Code words that claim its variants in the chat. */
  readonly comments?: CommentTerms;
};

/** Units of one variant: allocated = left + held + sold until the offer closes. */
export type Pool = { allocated: number; left: number; held: number; sold: number };

export type Offer = {
  readonly terms: OfferTerms;
  phase: 'allocating' | 'open' | 'closed' | 'refused';
  closesAtMs: number | null;
  readonly pools: Map<VariantId, Pool>;
  /** Units of bundles' parts that came before their bundle was whole. */
  readonly arrived: Map<VariantId, number>;
  /** Units that each person holds or has bought. */
  readonly taken: Map<PersonId, number>;
};

export type OfferCommand =
  | { readonly kind: 'OpenOffer'; readonly terms: OfferTerms }
  | {
      readonly kind: 'ConfirmAllocation';
      readonly offerId: OfferId;
      readonly variantId: VariantId;
      readonly quantity: number;
    }
  | {
      readonly kind: 'RefuseAllocation';
      readonly offerId: OfferId;
      readonly variantId: VariantId;
      readonly available: number;
    }
  | { readonly kind: 'CloseOffer'; readonly offerId: OfferId }
  | {
      readonly kind: 'Claim';
      readonly offerId: OfferId;
      readonly variantId: VariantId;
      readonly quantity: number;
      readonly holdId: HoldId;
      /** The buyer's tier, filled in by the door; null or absent: no member. */
      readonly tier?: string | null;
    };

export type OfferEvent =
  | { readonly kind: 'OfferRequested'; readonly data: { readonly terms: OfferTerms } }
  | {
      readonly kind: 'OfferAllocated';
      readonly data: {
        readonly offerId: OfferId;
        readonly variantId: VariantId;
        readonly quantity: number;
      };
    }
  | {
      readonly kind: 'OfferOpened';
      readonly data: { readonly offerId: OfferId; readonly closesAtMs: number };
    }
  | {
      readonly kind: 'OfferRefused';
      readonly data: {
        readonly offerId: OfferId;
        readonly variantId: VariantId;
        readonly available: number;
      };
    }
  | {
      readonly kind: 'OfferClosed';
      readonly data: { readonly offerId: OfferId; readonly reason: 'time' | 'crew' | 'show-ended' };
    }
  /** Units that no hold needs any more leave the show; a policy brings them back to stock. */
  | {
      readonly kind: 'UnitsReleased';
      readonly data: {
        readonly offerId: OfferId;
        readonly variantId: VariantId;
        readonly quantity: number;
        /** Of bundles: what they are in stock. */
        readonly parts?: readonly Units[];
      };
    };

export const decideOffer = (
  sale: Sale,
  command: OfferCommand,
  stamp: Stamp,
): readonly (OfferEvent | HoldEvent)[] | Refusal => {
  switch (command.kind) {
    case 'OpenOffer':
      return openOffer(sale, command.terms, stamp);
    case 'ConfirmAllocation':
      return confirmAllocation(sale, command, stamp);
    case 'RefuseAllocation':
      return refuseAllocation(sale, command);
    case 'CloseOffer': {
      const offer = sale.offers.get(command.offerId);
      if (!mayDirect(stamp.by)) return refuse('not-allowed');
      if (!offer || offer.terms.by) return refuse('offer-unknown');
      if (offer.phase !== 'open') return refuse('offer-not-open');
      return closeOffer(offer, stamp.by.kind === 'system' ? 'time' : 'crew');
    }
    case 'Claim':
      return claim(sale, command, stamp);
  }
};

const openOffer = (
  sale: Sale,
  terms: OfferTerms,
  stamp: Stamp,
): readonly OfferEvent[] | Refusal => {
  if (!mayDirect(stamp.by)) return refuse('not-allowed');
  if (sale.offers.has(terms.offerId) || sale.auction.lots.has(terms.offerId))
    return refuse('offer-exists');
  let running = 0;
  for (const offer of sale.offers.values()) {
    if (!offer.terms.by && (offer.phase === 'open' || offer.phase === 'allocating')) running += 1;
  }
  if (running >= limits.offersOpenMax)
    return refuse('too-many-offers', { max: limits.offersOpenMax });
  const wrong = wrongTerms(terms);
  if (wrong) return refuse('offer-invalid', { field: wrong });
  return wrongCodes(sale, terms) ?? [{ kind: 'OfferRequested', data: { terms } }];
};

const isCount = (value: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= 1 && value <= max;

/** A price that is at most another, of the same currency and not below nothing. */
const isReduced = (price: Money, from: Money): boolean =>
  Number.isSafeInteger(price.minor) &&
  price.minor >= 0 &&
  price.minor <= from.minor &&
  price.currency === from.currency;

/** The first term that can't be, by name; null when all are sound. */
export const wrongTerms = (terms: OfferTerms): string | null => {
  const { variants } = terms;
  if (variants.length < 1 || variants.length > limits.offerVariantsMax) return 'variants';
  if (new Set(variants.map((variant) => variant.variantId)).size !== variants.length)
    return 'variants';
  if (hasWrongParts(terms)) return 'parts';
  for (const variant of variants) {
    if (!isCount(variant.quantity, limits.offerUnitsMax)) return 'quantity';
    if (!Number.isSafeInteger(variant.price.minor) || variant.price.minor < 0) return 'price';
    if (variant.price.currency !== variants[0]?.price.currency) return 'price';
    if (variant.membersPrice && !isReduced(variant.membersPrice, variant.price))
      return 'membersPrice';
  }
  if (terms.perPersonMax !== null && !isCount(terms.perPersonMax, limits.offerUnitsMax))
    return 'perPersonMax';
  if (!isCount(terms.durationMs, limits.offerMsMax)) return 'durationMs';
  if (!Number.isSafeInteger(terms.holdMs)) return 'holdMs';
  if (terms.holdMs < limits.holdMsMin || terms.holdMs > limits.holdMsMax) return 'holdMs';
  return null;
};

const confirmAllocation = (
  sale: Sale,
  { offerId, variantId, quantity }: Extract<OfferCommand, { kind: 'ConfirmAllocation' }>,
  stamp: Stamp,
): readonly OfferEvent[] | Refusal => {
  if (stamp.by.kind !== 'system') return refuse('not-allowed');
  const offer = sale.offers.get(offerId);
  if (!offer) return refuse('offer-unknown');
  if (!isAwaited(offer, variantId)) return refuse('allocation-unexpected');
  const released: OfferEvent = { kind: 'UnitsReleased', data: { offerId, variantId, quantity } };
  const allocated: OfferEvent = { kind: 'OfferAllocated', data: { offerId, variantId, quantity } };
  // Another variant was refused, or the show ended meanwhile: the units go straight back.
  if (offer.phase !== 'allocating') return [allocated, released];
  const waiting = unitsNeeded(offer.terms).some(
    (other) => other.variantId !== variantId && isAwaited(offer, other.variantId),
  );
  if (waiting) return [allocated];
  return [
    allocated,
    { kind: 'OfferOpened', data: { offerId, closesAtMs: stamp.atMs + offer.terms.durationMs } },
  ];
};

const refuseAllocation = (
  sale: Sale,
  { offerId, variantId, available }: Extract<OfferCommand, { kind: 'RefuseAllocation' }>,
): readonly OfferEvent[] | Refusal => {
  const offer = sale.offers.get(offerId);
  if (!offer) return refuse('offer-unknown');
  if (offer.phase !== 'allocating') return refuse('offer-not-open');
  return [{ kind: 'OfferRefused', data: { offerId, variantId, available } }, ...leftovers(offer)];
};

/**
 * [OFF-9] An offer that closes sends what is left back to stock; open holds keep their units.
 * `newlyHeld` units of each variant are held by events that were decided in the same step.
 */
export const closeOffer = (
  offer: Offer,
  reason: 'time' | 'crew' | 'show-ended',
  newlyHeld = 0,
): readonly OfferEvent[] => [
  { kind: 'OfferClosed', data: { offerId: offer.terms.offerId, reason } },
  ...leftovers(offer, newlyHeld),
];

const leftovers = (offer: Offer, newlyHeld = 0): readonly OfferEvent[] => [
  ...[...offer.pools]
    .map(([variantId, pool]) => ({ variantId, quantity: pool.left - newlyHeld }))
    .filter(({ quantity }) => quantity > 0)
    .map(({ variantId, quantity }) => unitsReleased(offer, variantId, quantity)),
  ...strandedParts(offer),
];

/** Units that nobody needs go back to stock; of a bundle its parts. */
export const unitsReleased = (
  offer: Offer,
  variantId: VariantId,
  quantity: number,
): OfferEvent => ({
  kind: 'UnitsReleased',
  data: {
    offerId: offer.terms.offerId,
    variantId,
    quantity,
    ...withParts(offer, variantId, quantity),
  },
});

const claim = (
  sale: Sale,
  command: Extract<OfferCommand, { kind: 'Claim' }>,
  stamp: Stamp,
): readonly HoldEvent[] | Refusal => {
  if (stamp.by.kind !== 'person') return refuse('sign-in-needed');
  const { offerId, variantId, quantity, holdId } = command;
  if (!isCount(quantity, limits.claimQuantityMax)) {
    return refuse('quantity-invalid', { max: limits.claimQuantityMax });
  }
  const offer = sale.offers.get(offerId);
  if (!offer) return refuse('offer-unknown');
  // A deadline is a command like any other: until it was decided, the clock in the stamp decides.
  if (offer.phase !== 'open') return refuse('offer-not-open');
  if (offer.closesAtMs !== null && stamp.atMs >= offer.closesAtMs) return refuse('offer-not-open');
  const pool = offer.pools.get(variantId);
  const variant = offer.terms.variants.find((other) => other.variantId === variantId);
  if (!pool || !variant) return refuse('variant-not-offered');
  if (offer.terms.by !== undefined) return refuse('offer-not-claimable');
  if (sale.holds.has(holdId)) return refuse('hold-exists');
  const max = offer.terms.perPersonMax;
  const taken = offer.taken.get(stamp.by.id) ?? 0;
  if (max !== null && taken + quantity > max) return refuse('per-person-limit', { max, taken });
  if (pool.left < quantity) {
    return refuse('sold-out', { left: pool.left, inCarts: pool.held });
  }
  return [
    {
      kind: 'HoldPlaced',
      data: {
        holdId,
        offerId,
        variantId,
        quantity,
        personId: stamp.by.id,
        price: (command.tier && variant.membersPrice) || variant.price,
        expiresAtMs: stamp.atMs + offer.terms.holdMs,
      },
      personal: { name: stamp.by.name },
    },
  ];
};

export const evolveOffer = (sale: Sale, event: OfferEvent): void => {
  switch (event.kind) {
    case 'OfferRequested': {
      const { terms } = event.data;
      sale.offers.set(terms.offerId, {
        terms,
        phase: 'allocating',
        closesAtMs: null,
        pools: new Map(
          terms.variants.map((variant) => [
            variant.variantId,
            { allocated: 0, left: 0, held: 0, sold: 0 },
          ]),
        ),
        arrived: new Map(),
        taken: new Map(),
      });
      return;
    }
    case 'OfferAllocated':
      unitsArrived(offerOf(sale, event.data.offerId), event.data);
      return;
    case 'OfferOpened': {
      const offer = offerOf(sale, event.data.offerId);
      offer.phase = 'open';
      offer.closesAtMs = event.data.closesAtMs;
      return;
    }
    case 'OfferRefused':
      offerOf(sale, event.data.offerId).phase = 'refused';
      return;
    case 'OfferClosed':
      offerOf(sale, event.data.offerId).phase = 'closed';
      return;
    case 'UnitsReleased': {
      const { offerId, variantId, quantity } = event.data;
      const offer = offerOf(sale, offerId);
      if (!offer.arrived.delete(variantId)) unitsBack(poolOf(sale, offerId, variantId), quantity);
      return;
    }
  }
};

export const offerOf = (sale: Sale, offerId: OfferId): Offer => {
  const offer = sale.offers.get(offerId);
  assert(offer, `offer ${offerId} is in the log before it was requested`);
  return offer;
};

export const poolOf = (sale: Sale, offerId: OfferId, variantId: VariantId): Pool => {
  const pool = offerOf(sale, offerId).pools.get(variantId);
  assert(pool, `variant ${variantId} isn't in offer ${offerId}`);
  return pool;
};

/** Units that leave the show: only ones that nobody holds. */
const unitsBack = (pool: Pool, quantity: number): void => {
  assert(pool.left >= quantity, 'more units leave the show than are left');
  pool.left -= quantity;
  pool.allocated -= quantity;
};

/** The next open offer to close, or null. Offers are few: a scan is cheaper than a second queue. */
export const nextClosing = (sale: Sale): { atMs: number; offerId: OfferId } | null => {
  let next: { atMs: number; offerId: OfferId } | null = null;
  for (const offer of sale.offers.values()) {
    if (offer.phase !== 'open' || offer.closesAtMs === null || offer.terms.by) continue;
    if (next === null || offer.closesAtMs < next.atMs) {
      next = { atMs: offer.closesAtMs, offerId: offer.terms.offerId };
    }
  }
  return next;
};
