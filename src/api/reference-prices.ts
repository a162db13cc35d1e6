// The reference prices of variants, from the catalogue's history and from what shows offered. The rule itself
// is domain/sale/reference-price.ts.

import type { Kysely } from 'kysely';
import type { VariantId } from '../base/brand.ts';
import { type Money, money } from '../base/money.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { referencePrice, spansOf } from '../domain/sale/reference-price.ts';
import { askedInShows } from '../views/asked-prices.ts';
import type { ViewTables } from '../views/tables.ts';

export type PriceMemory = {
  readonly db: Kysely<ViewTables>;
  readonly catalogue: Pick<Catalogue, 'priceHistories'>;
};

/**
 * The lowest price that was asked for each variant in the 30 days before `beganMs`; `price` is what it costs now,
 * the answer where nothing else is known. `except`: an offer that is no past of its own.
 */
export const referencePrices = async (
  { db, catalogue }: PriceMemory,
  variants: readonly { readonly variantId: VariantId; readonly price: Money }[],
  beganMs: number,
  except: string | null,
): Promise<Map<VariantId, Money>> => {
  const ids = variants.map(({ variantId }) => variantId);
  const [histories, inShows] = await Promise.all([
    catalogue.priceHistories(ids),
    askedInShows(db, ids, except),
  ]);
  return new Map(
    variants.map(({ variantId, price }) => {
      const changes = (histories.get(variantId) ?? []).map((past) => ({
        fromMs: past.fromMs,
        price: money(past.priceMinor, past.currency),
      }));
      const asked = [...spansOf(changes), ...(inShows.get(variantId) ?? [])];
      return [variantId, referencePrice(asked, beganMs, price.currency) ?? price];
    }),
  );
};
