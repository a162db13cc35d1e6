// A product CSV into the shop: all of it in one transaction, or nothing. Stock is not written: what the
// file counted is noted as due and handed back, for the stock streams.

import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Random } from '../base/ports.ts';
import type { ImportPreview, ImportResult } from '../protocol/catalogue.ts';
import { type CountedStock, type ImportWish, noteCounts } from './counts-due.ts';
import type { ReadVariant } from './csv-variants.ts';
import {
  isUnchanged,
  loadProducts,
  type ProductChange,
  type ProductContent,
  type StoredImage,
  type StoredProduct,
  type StoredVariant,
  writeProducts,
} from './product-store.ts';
import { previewImport, type ReadProduct, type ShopNow } from './shopify-csv.ts';
import type { Tables, Trx } from './tables.ts';

export type ImportOutcome =
  | { readonly imported: ImportResult; readonly stock: readonly CountedStock[] }
  | { readonly refused: 'csv-has-problems'; readonly preview: ImportPreview };

type Shop = { currency: string; urlOf: (image: StoredImage) => string; random: Random };

/** One import at a time, and no edit meanwhile; edits take the same lock shared. */
export const lockCatalogue = (trx: Trx, mode: 'alone' | 'shared') =>
  (mode === 'alone'
    ? sql`select pg_advisory_xact_lock(hashtext('rialto-catalogue'))`
    : sql`select pg_advisory_xact_lock_shared(hashtext('rialto-catalogue'))`
  ).execute(trx);

/** The handles and SKUs of the shop as it is. */
export const readShop = async (db: Kysely<Tables> | Trx, currency: string): Promise<ShopNow> => {
  const products = await db.selectFrom('products').select('handle').execute();
  const skus = await db
    .selectFrom('variants')
    .innerJoin('products', 'products.id', 'variants.product_id')
    .where('variants.retired_at', 'is', null)
    .where('variants.sku', 'is not', null)
    .select(['variants.sku', 'products.handle'])
    .execute();
  return {
    currency,
    handles: new Set(products.map((product) => product.handle)),
    skus: new Map(skus.map(({ sku, handle }) => [sku ?? '', handle])),
  };
};

/**
 * Imports the file or stores nothing. The same file again changes nothing and says `unchanged`. What it
 * counted is due until the caller says that the stock streams were told.
 */
export const importCsv = (
  db: Kysely<Tables>,
  bytes: Uint8Array,
  shop: Shop,
  wish: ImportWish,
  now: Date,
): Promise<ImportOutcome> =>
  db.transaction().execute(async (trx): Promise<ImportOutcome> => {
    await lockCatalogue(trx, 'alone');
    const { preview, products } = await previewImport(bytes, await readShop(trx, shop.currency));
    if (!preview.canImport) return { refused: 'csv-has-problems', preview };
    const existing = new Map(
      (await loadProducts(trx, { handles: products.map((product) => product.handle) })).map(
        (each) => [each.handle, each],
      ),
    );
    const plans = products.map((read) => plan(read, existing.get(read.handle) ?? null, shop));
    await writeProducts(
      trx,
      plans.filter((each) => each.outcome !== 'unchanged'),
      now,
    );
    const stock = plans.flatMap((each) => each.stock);
    await noteCounts(trx, stock, wish);
    const count = (outcome: Plan['outcome']) =>
      plans.filter((each) => each.outcome === outcome).length;
    return {
      imported: {
        created: count('created'),
        updated: count('updated'),
        unchanged: count('unchanged'),
        products: plans.map(({ id, after, outcome }) => ({ id, handle: after.handle, outcome })),
        warnings: preview.problems,
      },
      stock,
    };
  });

type Plan = ProductChange & {
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly stock: readonly CountedStock[];
};

const plan = (read: ReadProduct, before: StoredProduct | null, shop: Shop): Plan => {
  const images = read.images.map(({ url, alt }): StoredImage => {
    const known = before?.images.find((image) => shop.urlOf(image) === url);
    return known
      ? { ...known, alt }
      : { id: shop.random.id(), alt, place: { kind: 'elsewhere', url } };
  });
  const imageIds = new Map(read.images.map(({ url }, index) => [url, images[index]?.id ?? null]));
  const known = matchVariants(read.variants, before?.variants ?? []);
  const variants = read.variants.map(
    (variant, index): StoredVariant => ({
      id: known[index]?.id ?? shop.random.id(),
      sku: variant.sku,
      barcode: variant.barcode,
      options: variant.options,
      priceMinor: variant.priceMinor,
      compareAtMinor: variant.compareAtMinor,
      currency: shop.currency,
      grams: variant.grams,
      requiresShipping: variant.requiresShipping,
      taxable: variant.taxable,
      imageId: variant.imageUrl === null ? null : (imageIds.get(variant.imageUrl) ?? null),
      kept: variant.kept,
    }),
  );
  const after: ProductContent = {
    handle: read.handle,
    title: read.title,
    descriptionHtml: read.descriptionHtml,
    vendor: read.vendor,
    type: read.type,
    tags: read.tags,
    status: read.status,
    provenance: read.provenance === undefined ? (before?.provenance ?? null) : read.provenance,
    kept: read.kept,
    images,
    variants,
  };
  return {
    id: before?.id ?? shop.random.id(),
    before,
    after,
    outcome: before === null ? 'created' : isUnchanged(before, after) ? 'unchanged' : 'updated',
    stock: read.variants.flatMap(({ onHand, row }, index) =>
      onHand === null ? [] : [{ variantId: variants[index]?.id ?? '', onHand, row }],
    ),
  };
};

/** A variant keeps its id by its SKU, else by its options: its stock and orders hang on the id. */
const matchVariants = (
  read: readonly ReadVariant[],
  before: readonly StoredVariant[],
): (StoredVariant | undefined)[] => {
  const free = new Set(before);
  const matches: (StoredVariant | undefined)[] = read.map(() => undefined);
  const take = (index: number, found: StoredVariant | undefined) => {
    if (!found) return;
    matches[index] = found;
    free.delete(found);
  };
  const values = (variant: { options: ReadVariant['options'] }) =>
    JSON.stringify(variant.options.map((option) => option.value));
  for (const [index, variant] of read.entries()) {
    if (variant.sku !== null)
      take(
        index,
        [...free].find((each) => each.sku === variant.sku),
      );
  }
  for (const [index, variant] of read.entries()) {
    if (!matches[index])
      take(
        index,
        [...free].find((each) => values(each) === values(variant)),
      );
  }
  return matches;
};
