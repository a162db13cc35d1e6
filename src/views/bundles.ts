// The bundles that shows have offered, by their id: what orders, carts and receipts call them and what they are
// made of. The latest title counts.

import { type Kysely, sql } from 'kysely';
import type { BundlePart } from '../domain/sale/bundle.ts';
import type { OfferVariant } from '../domain/sale/offer.ts';
import type { ShowEvent } from '../domain/show/show.ts';
import type { View } from './projector.ts';
import type { BundleRow, ViewTables } from './tables.ts';

export const bundlesView: View = {
  name: 'bundles',
  async clear(tx) {
    await tx.deleteFrom('bundle_view').execute();
  },
  async apply(tx, events) {
    const rows = new Map<string, BundleRow>();
    for (const recorded of events) {
      const event = recorded as unknown as ShowEvent;
      if (event.kind !== 'OfferRequested') continue;
      const { productId, variants } = event.data.terms;
      for (const variant of variants as readonly OfferVariant[])
        if (variant.parts)
          rows.set(variant.variantId, {
            bundle_id: variant.variantId,
            product_id: productId,
            title: variant.title,
            parts: JSON.stringify(variant.parts),
          });
    }
    if (rows.size === 0) return;
    await tx
      .insertInto('bundle_view')
      .values([...rows.values()])
      .onConflict((conflict) =>
        conflict.column('bundle_id').doUpdateSet({
          product_id: sql`excluded.product_id`,
          title: sql`excluded.title`,
          parts: sql`excluded.parts`,
        }),
      )
      .execute();
  },
};

export type FoundBundle = {
  readonly productId: string;
  readonly title: string;
  readonly parts: readonly BundlePart[];
};

/** Those among the ids that are bundles. */
export const bundlesById = async (
  db: Kysely<ViewTables>,
  ids: readonly string[],
): Promise<Map<string, FoundBundle>> => {
  const wanted = ids.filter((id) => id.startsWith('bundle_'));
  if (wanted.length === 0) return new Map();
  const rows = await db
    .selectFrom('bundle_view')
    .selectAll()
    .where('bundle_id', 'in', wanted)
    .execute();
  return new Map(
    rows.map(({ bundle_id, product_id, title, parts }) => [
      bundle_id,
      { productId: product_id, title, parts: JSON.parse(parts) as BundlePart[] },
    ]),
  );
};
