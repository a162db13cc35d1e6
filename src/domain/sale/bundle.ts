// A bundle: one thing of an offer that is made of several variants. Its pool counts bundles, so that claims, holds,
// lines and figures know nothing of parts and nobody can hold half of one; what is allocated, given back and sold
// in stock is its parts. Rules: docs/rules/price.md.

import { assert } from '../../base/assert.ts';
import type { OfferId, ProductId, VariantId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import type { Offer, OfferEvent, OfferTerms, OfferVariant } from './offer.ts';

export type BundlePart = {
  readonly variantId: VariantId;
  readonly productId: ProductId;
  readonly title: string;
  /** Units in one bundle. */
  readonly quantity: number;
};

/** Units of one variant of the stock. */
export type Units = { readonly variantId: VariantId; readonly quantity: number };

/** What an offer needs of the stock, in the order of its terms. */
export const unitsNeeded = ({ variants }: Pick<OfferTerms, 'variants'>): readonly Units[] =>
  variants.flatMap(({ variantId, quantity, parts }) =>
    parts ? partsTimes(parts, quantity) : [{ variantId, quantity }],
  );

const partsTimes = (parts: readonly BundlePart[], count: number): readonly Units[] =>
  parts.map(({ variantId, quantity }) => ({ variantId, quantity: quantity * count }));

/** How many of what is offered so many units of a variant in stock make: of a bundle's part, bundles. */
export const wholeOf = (
  { variants }: Pick<OfferTerms, 'variants'>,
  { variantId, quantity }: Units,
): number => {
  for (const { parts } of variants) {
    const part = parts?.find((other) => other.variantId === variantId);
    if (part) return Math.floor(quantity / part.quantity);
  }
  return quantity;
};

/** The member `parts` of an event about so many of a variant: what they are in stock; empty for plain variants. */
export const withParts = (
  { terms }: Pick<Offer, 'terms'>,
  variantId: VariantId,
  quantity: number,
): { readonly parts?: readonly Units[] } => {
  const variant = terms.variants.find((other) => other.variantId === variantId);
  return variant?.parts ? { parts: partsTimes(variant.parts, quantity) } : {};
};

/** [PRI-19] A bundle has parts, each once, none of which is offered otherwise in the same offer. */
export const hasWrongParts = ({ variants }: Pick<OfferTerms, 'variants'>): boolean => {
  const bundles = variants.filter(({ parts }) => parts !== undefined);
  if (bundles.length === 0) return false;
  const needed = unitsNeeded({ variants });
  const ids = [
    ...needed.map(({ variantId }) => variantId),
    ...bundles.map(({ variantId }) => variantId),
  ];
  return (
    new Set(ids).size !== ids.length ||
    needed.some(({ quantity }) => quantity > limits.offerUnitsMax) ||
    bundles.some(({ parts }) => isWrong(parts!))
  );
};

const isWrong = (parts: readonly BundlePart[]): boolean =>
  parts.length < 1 ||
  parts.length > limits.bundlePartsMax ||
  parts.some(
    ({ quantity }) =>
      !Number.isSafeInteger(quantity) || quantity < 1 || quantity > limits.bundlePartUnitsMax,
  );

// ── allocation ─────────────────────────────────────────────────────────────────────────────────────

const bundleWith = ({ terms }: Offer, partId: VariantId): OfferVariant | undefined =>
  terms.variants.find(({ parts }) => parts?.some(({ variantId }) => variantId === partId));

/** Whether units of this variant of the stock are still to come: neither here nor in a bundle that is whole. */
export const isAwaited = (offer: Offer, variantId: VariantId): boolean => {
  const bundle = bundleWith(offer, variantId);
  const pool = offer.pools.get(bundle?.variantId ?? variantId);
  if (!pool || (bundle === undefined && isBundle(offer, variantId))) return false;
  return pool.allocated === 0 && !offer.arrived.has(variantId);
};

const isBundle = ({ terms }: Offer, variantId: VariantId): boolean =>
  terms.variants.some((variant) => variant.variantId === variantId && variant.parts !== undefined);

/** Units came from the stock. A bundle whose last parts they are is there. */
export const unitsArrived = (offer: Offer, { variantId, quantity }: Units): void => {
  const bundle = bundleWith(offer, variantId);
  const pool = offer.pools.get(bundle?.variantId ?? variantId);
  assert(pool, `variant ${variantId} isn't in offer ${offer.terms.offerId}`);
  if (!bundle?.parts) {
    pool.allocated += quantity;
    pool.left += quantity;
    return;
  }
  offer.arrived.set(variantId, quantity);
  // Too late for the offer: they go back in the same step.
  if (offer.phase !== 'allocating') return;
  const needed = partsTimes(bundle.parts, bundle.quantity);
  if (needed.some((part) => offer.arrived.get(part.variantId) !== part.quantity)) return;
  for (const part of needed) offer.arrived.delete(part.variantId);
  pool.allocated += bundle.quantity;
  pool.left += bundle.quantity;
};

/** Parts that came for bundles that never became whole go back as they came. */
export const strandedParts = (offer: Offer): readonly OfferEvent[] =>
  [...offer.arrived].map(([variantId, quantity]) =>
    released(offer.terms.offerId, variantId, quantity),
  );

const released = (offerId: OfferId, variantId: VariantId, quantity: number): OfferEvent => ({
  kind: 'UnitsReleased',
  data: { offerId, variantId, quantity },
});
