// Bundles as a live offer carries them, from what a host composed: titles and prices of the parts come from the
// catalogue. The same parts are the same bundle, in every offer, so that what was asked for it before counts.

import { createHash } from 'node:crypto';
import type { OfferId, ProductId, VariantId } from '../base/brand.ts';
import { addMoney, type Money, money, timesMoney } from '../base/money.ts';
import type { BundlePart } from '../domain/sale/bundle.ts';
import type { OfferVariant } from '../domain/sale/offer.ts';
import type { ShelfItem } from '../domain/sale/shelf.ts';
import type { BundleBody } from '../protocol/http.ts';
import { ProblemError } from './problem-reply.ts';
import type { ShowDesk } from './show-desk.ts';

export type BundleDesk = Pick<ShowDesk, 'referencePrices'> & {
  /** Throws `product-unknown` for products that the catalogue doesn't have. */
  readonly itemsFor: (productIds: readonly string[]) => Promise<readonly ShelfItem[]>;
};

/** The items of these products, or a problem that names those that the catalogue doesn't have. */
export const itemsOf =
  (desk: Pick<ShowDesk, 'shelfItems'>) =>
  async (productIds: readonly string[]): Promise<readonly ShelfItem[]> => {
    const items = await desk.shelfItems(productIds as ProductId[]);
    const found = new Set<string>(items.map(({ productId }) => productId));
    const missing = productIds.filter((productId) => !found.has(productId));
    if (missing.length > 0)
      throw new ProblemError('product-unknown', { missing: missing.slice(0, 10) });
    return items;
  };

/** [PRI-21] What a bundle is compared with: its parts' reference prices together, or less where less was asked. */
export const bundleVariants = async (
  desk: BundleDesk,
  bundles: readonly BundleBody[],
  { offerId, currency }: { readonly offerId: OfferId; readonly currency: string },
): Promise<OfferVariant[]> => {
  if (bundles.length === 0) return [];
  const productIds = bundles.flatMap(({ parts }) => parts.map(({ productId }) => productId));
  const items = await desk.itemsFor([...new Set(productIds)]);
  const references = await desk.referencePrices(items, offerId);
  const composed = bundles.map((bundle) => {
    const parts = bundle.parts.map((part) => partOf(items, part));
    const sum = parts
      .map(({ variantId, quantity }) => timesMoney(referenceOf(references, variantId), quantity))
      .reduce(addMoney);
    return { bundle, parts, sum, variantId: bundleId(parts) };
  });
  const asked = await desk.referencePrices(
    [
      {
        variants: composed.map(({ variantId, sum }) => ({ variantId, title: '', price: sum })),
      },
    ],
    offerId,
  );
  return composed.map(({ bundle, parts, sum, variantId }) => {
    const before = asked.get(variantId) ?? sum;
    return {
      variantId,
      title: bundle.title,
      price: money(bundle.priceMinor, currency),
      usualPrice: before.minor < sum.minor ? before : sum,
      ...(bundle.membersPriceMinor === null
        ? {}
        : { membersPrice: money(bundle.membersPriceMinor, currency) }),
      quantity: bundle.quantity,
      parts,
    };
  });
};

const referenceOf = (references: ReadonlyMap<VariantId, Money>, variantId: VariantId): Money => {
  const reference = references.get(variantId);
  if (!reference) throw new ProblemError('bug');
  return reference;
};

const partOf = (
  items: readonly ShelfItem[],
  { productId, variantId, quantity }: BundleBody['parts'][number],
): BundlePart => {
  const item = items.find((other) => other.productId === productId);
  const variant = item?.variants.find((other) => other.variantId === variantId);
  if (!item || !variant) throw new ProblemError('variant-not-offered', { variantId });
  return {
    variantId: variant.variantId,
    productId: productId as ProductId,
    title: variant.title ? `${item.title} · ${variant.title}` : item.title,
    quantity,
  };
};

const bundleId = (parts: readonly BundlePart[]): VariantId => {
  const words = parts.map(({ variantId, quantity }) => `${quantity} ${variantId}`).sort();
  const hash = createHash('sha256').update(words.join('\n')).digest('base64url');
  return `bundle_${hash.slice(0, 24)}` as VariantId;
};
