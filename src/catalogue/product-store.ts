// Products in their tables: reading them whole, and writing what changed of them. Whether a change may
// be made is decided by the callers; here one function writes every change, so that versions, retired
// variants and remembered prices are the same for an edit and for an import.

import { isDeepStrictEqual } from 'node:util';
import { assert } from '../base/assert.ts';
import type { ProductStatus, ProvenanceCard, VariantOption } from '../protocol/catalogue.ts';
import type { Db, Trx } from './tables.ts';

export type StoredImage = {
  readonly id: string;
  readonly alt: string;
  readonly place:
    | { readonly kind: 'elsewhere'; readonly url: string }
    | {
        readonly kind: 'stored';
        readonly fileName: string;
        readonly width: number;
        readonly height: number;
        readonly widths: readonly number[];
      };
};

export type StoredVariant = {
  readonly id: string;
  readonly sku: string | null;
  readonly barcode: string | null;
  readonly options: readonly VariantOption[];
  readonly priceMinor: number;
  readonly compareAtMinor: number | null;
  readonly currency: string;
  readonly grams: number | null;
  readonly requiresShipping: boolean;
  readonly taxable: boolean;
  readonly imageId: string | null;
  readonly kept: Readonly<Record<string, string>>;
};

/** What an edit or an import may change of a product. */
export type ProductContent = {
  readonly handle: string;
  readonly title: string;
  readonly descriptionHtml: string;
  readonly vendor: string;
  readonly type: string;
  readonly tags: readonly string[];
  readonly status: ProductStatus;
  readonly provenance: ProvenanceCard | null;
  readonly kept: Readonly<Record<string, string>>;
  readonly images: readonly StoredImage[];
  readonly variants: readonly StoredVariant[];
};

export type StoredProduct = ProductContent & {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** `before` is null for a new product. */
export type ProductChange = {
  readonly id: string;
  readonly before: StoredProduct | null;
  readonly after: ProductContent;
};

/** PostgreSQL takes 65,535 parameters a statement; the widest table here has 15 columns. */
const rowsAtOnce = 2_000;

/** The products with these ids or these handles, in no order; those that don't exist are left out. */
export const loadProducts = async (
  db: Db | Trx,
  by: { ids: readonly string[] } | { handles: readonly string[] } | 'all',
  options: { lock?: boolean } = {},
): Promise<StoredProduct[]> => {
  let query = db.selectFrom('products').selectAll();
  if (by !== 'all') {
    const [column, values] =
      'ids' in by ? (['id', by.ids] as const) : (['handle', by.handles] as const);
    if (values.length === 0) return [];
    query = query.where(column, '=', (eb) => eb.fn.any(eb.val([...values])));
  }
  if (options.lock) query = query.forUpdate();
  const products = await query.orderBy('id').execute();
  const ids = products.map((product) => product.id);
  if (ids.length === 0) return [];
  const variants = await db
    .selectFrom('variants')
    .selectAll()
    .where('product_id', '=', (eb) => eb.fn.any(eb.val(ids)))
    .where('retired_at', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .execute();
  const images = await db
    .selectFrom('product_images')
    .selectAll()
    .where('product_id', '=', (eb) => eb.fn.any(eb.val(ids)))
    .orderBy('position')
    .orderBy('id')
    .execute();
  const variantsOf = Map.groupBy(variants, (variant) => variant.product_id);
  const imagesOf = Map.groupBy(images, (image) => image.product_id);
  return products.map((product) => ({
    id: product.id,
    handle: product.handle,
    title: product.title,
    descriptionHtml: product.description_html,
    vendor: product.vendor,
    type: product.type,
    tags: product.tags,
    status: product.status,
    provenance: product.provenance,
    kept: product.kept,
    version: product.version,
    createdAt: product.created_at,
    updatedAt: product.updated_at,
    variants: (variantsOf.get(product.id) ?? []).map(variantOf),
    images: (imagesOf.get(product.id) ?? []).map(imageOf),
  }));
};

type VariantRow = {
  id: string;
  sku: string | null;
  barcode: string | null;
  options: VariantOption[];
  price_minor: string;
  compare_at_minor: string | null;
  currency: string;
  grams: number | null;
  requires_shipping: boolean;
  taxable: boolean;
  image_id: string | null;
  kept: Record<string, string>;
};

/** One row of `variants`, as the rest of the catalogue speaks of it. */
export const variantOf = (row: VariantRow): StoredVariant => ({
  id: row.id,
  sku: row.sku,
  barcode: row.barcode,
  options: row.options,
  priceMinor: Number(row.price_minor),
  compareAtMinor: row.compare_at_minor === null ? null : Number(row.compare_at_minor),
  currency: row.currency,
  grams: row.grams,
  requiresShipping: row.requires_shipping,
  taxable: row.taxable,
  imageId: row.image_id,
  kept: row.kept,
});

const imageOf = (row: {
  id: string;
  alt: string;
  source_url: string | null;
  file_name: string | null;
  width: number | null;
  height: number | null;
  widths: number[];
}): StoredImage => {
  if (row.source_url !== null)
    return { id: row.id, alt: row.alt, place: { kind: 'elsewhere', url: row.source_url } };
  assert(
    row.file_name !== null && row.width !== null && row.height !== null,
    `picture ${row.id} has no place`,
  );
  return {
    id: row.id,
    alt: row.alt,
    place: {
      kind: 'stored',
      fileName: row.file_name,
      width: row.width,
      height: row.height,
      widths: row.widths,
    },
  };
};

/** Whether writing `after` over `before` would change anything; the order of object keys doesn't count. */
export const isUnchanged = (before: ProductContent, after: ProductContent): boolean =>
  isDeepStrictEqual(contentOf(before), contentOf(after));

const contentOf = (product: ProductContent): ProductContent => ({
  handle: product.handle,
  title: product.title,
  descriptionHtml: product.descriptionHtml,
  vendor: product.vendor,
  type: product.type,
  tags: product.tags,
  status: product.status,
  provenance: product.provenance,
  kept: product.kept,
  images: product.images,
  variants: product.variants,
});

/**
 * Writes changes inside the caller's transaction: versions go up by one, variants that are missing in
 * `after` are retired, a new price is remembered from `now`. Throws the database's error when a handle
 * or SKU is taken (code 23505).
 */
export const writeProducts = async (
  trx: Trx,
  changes: readonly ProductChange[],
  now: Date,
): Promise<void> => {
  const changed = changes.flatMap((change) => (change.before ? [change.id] : []));
  await upsertProducts(trx, changes, now);
  await upsertImages(trx, changes);
  if (changed.length > 0) {
    // Sale codes may move between the variants of a product, and the index checks each row at once.
    await trx
      .updateTable('variants')
      .set({ sku: null })
      .where('product_id', '=', (eb) => eb.fn.any(eb.val(changed)))
      .where('retired_at', 'is', null)
      .execute();
    await retireVariants(trx, changes, now);
  }
  await upsertVariants(trx, changes);
  await dropImages(trx, changes);
  await rememberPrices(trx, changes, now);
};

const upsertProducts = async (trx: Trx, changes: readonly ProductChange[], now: Date) => {
  const rows = changes.map(({ id, before, after }) => ({
    id,
    handle: after.handle,
    title: after.title,
    description_html: after.descriptionHtml,
    vendor: after.vendor,
    type: after.type,
    tags: [...after.tags],
    status: after.status,
    provenance: after.provenance === null ? null : JSON.stringify(after.provenance),
    kept: JSON.stringify(after.kept),
    version: (before?.version ?? 0) + 1,
    created_at: before?.createdAt ?? now,
    updated_at: now,
  }));
  for (const some of slices(rows)) {
    await trx
      .insertInto('products')
      .values(some)
      .onConflict((on) =>
        on.column('id').doUpdateSet((eb) => ({
          handle: eb.ref('excluded.handle'),
          title: eb.ref('excluded.title'),
          description_html: eb.ref('excluded.description_html'),
          vendor: eb.ref('excluded.vendor'),
          type: eb.ref('excluded.type'),
          tags: eb.ref('excluded.tags'),
          status: eb.ref('excluded.status'),
          provenance: eb.ref('excluded.provenance'),
          kept: eb.ref('excluded.kept'),
          version: eb.ref('excluded.version'),
          updated_at: eb.ref('excluded.updated_at'),
        })),
      )
      .execute();
  }
};

const upsertImages = async (trx: Trx, changes: readonly ProductChange[]) => {
  const rows = changes.flatMap(({ id, after }) =>
    after.images.map((image, index) => ({
      id: image.id,
      product_id: id,
      position: index + 1,
      alt: image.alt,
      source_url: image.place.kind === 'elsewhere' ? image.place.url : null,
      file_name: image.place.kind === 'stored' ? image.place.fileName : null,
      width: image.place.kind === 'stored' ? image.place.width : null,
      height: image.place.kind === 'stored' ? image.place.height : null,
      widths: image.place.kind === 'stored' ? [...image.place.widths] : [],
    })),
  );
  for (const some of slices(rows)) {
    await trx
      .insertInto('product_images')
      .values(some)
      .onConflict((on) =>
        on.column('id').doUpdateSet((eb) => ({
          position: eb.ref('excluded.position'),
          alt: eb.ref('excluded.alt'),
        })),
      )
      .execute();
  }
};

const dropImages = async (trx: Trx, changes: readonly ProductChange[]) => {
  const gone = changes.flatMap(({ before, after }) =>
    (before?.images ?? [])
      .filter((image) => !after.images.some((kept) => kept.id === image.id))
      .map((image) => image.id),
  );
  if (gone.length > 0) {
    await trx
      .deleteFrom('product_images')
      .where('id', '=', (eb) => eb.fn.any(eb.val(gone)))
      .execute();
  }
};

const retireVariants = async (trx: Trx, changes: readonly ProductChange[], now: Date) => {
  const gone = changes.flatMap(({ before, after }) =>
    (before?.variants ?? []).filter(
      (variant) => !after.variants.some((kept) => kept.id === variant.id),
    ),
  );
  for (const variant of gone) {
    // The SKU comes back to the retired row: it still says what was sold.
    await trx
      .updateTable('variants')
      .set({ retired_at: now, sku: variant.sku })
      .where('id', '=', variant.id)
      .execute();
  }
};

const upsertVariants = async (trx: Trx, changes: readonly ProductChange[]) => {
  const rows = changes.flatMap(({ id, after }) =>
    after.variants.map((variant, index) => ({
      id: variant.id,
      product_id: id,
      position: index + 1,
      sku: variant.sku,
      barcode: variant.barcode,
      options: JSON.stringify(variant.options),
      price_minor: variant.priceMinor,
      compare_at_minor: variant.compareAtMinor,
      currency: variant.currency,
      grams: variant.grams,
      requires_shipping: variant.requiresShipping,
      taxable: variant.taxable,
      image_id: variant.imageId,
      kept: JSON.stringify(variant.kept),
      retired_at: null,
    })),
  );
  for (const some of slices(rows)) {
    await trx
      .insertInto('variants')
      .values(some)
      .onConflict((on) =>
        on.column('id').doUpdateSet((eb) => ({
          position: eb.ref('excluded.position'),
          sku: eb.ref('excluded.sku'),
          barcode: eb.ref('excluded.barcode'),
          options: eb.ref('excluded.options'),
          price_minor: eb.ref('excluded.price_minor'),
          compare_at_minor: eb.ref('excluded.compare_at_minor'),
          currency: eb.ref('excluded.currency'),
          grams: eb.ref('excluded.grams'),
          requires_shipping: eb.ref('excluded.requires_shipping'),
          taxable: eb.ref('excluded.taxable'),
          image_id: eb.ref('excluded.image_id'),
          kept: eb.ref('excluded.kept'),
          retired_at: null,
        })),
      )
      .execute();
  }
};

const rememberPrices = async (trx: Trx, changes: readonly ProductChange[], now: Date) => {
  const rows = changes.flatMap(({ before, after }) => {
    const old = new Map(before?.variants.map((variant) => [variant.id, variant]));
    return after.variants
      .filter((variant) => {
        const was = old.get(variant.id);
        return was?.priceMinor !== variant.priceMinor || was.currency !== variant.currency;
      })
      .map((variant) => ({
        variant_id: variant.id,
        from_at: now,
        price_minor: variant.priceMinor,
        currency: variant.currency,
      }));
  });
  for (const some of slices(rows)) {
    await trx
      .insertInto('price_history')
      .values(some)
      // Two changes within the same millisecond: the later one held.
      .onConflict((on) =>
        on.columns(['variant_id', 'from_at']).doUpdateSet((eb) => ({
          price_minor: eb.ref('excluded.price_minor'),
          currency: eb.ref('excluded.currency'),
        })),
      )
      .execute();
  }
};

function* slices<T>(rows: readonly T[]): Generator<T[]> {
  for (let at = 0; at < rows.length; at += rowsAtOnce) yield rows.slice(at, at + rowsAtOnce);
}
