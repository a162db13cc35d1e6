// The catalogue: what the shop has, as people edit it. Ordinary tables, not events; what is on hand is
// counted elsewhere. Every change goes up by a version, and an edit made on an old version is refused.

import { Kysely, PostgresDialect, sql } from 'kysely';
import type { Pool } from 'pg';
import { limits } from '../base/limits.ts';
import type { Clock, Random } from '../base/ports.ts';
import { isRefusal, type Refusal, refuse } from '../base/result.ts';
import type {
  ImportPreview,
  Product,
  ProductDraft,
  ProductEdit,
  ProductQuery,
  ProductSummary,
  ProvenanceCard,
  Variant,
  VariantDraft,
} from '../protocol/catalogue.ts';
import { type CountDue, forgetCounts, type ImportWish, tellCounts } from './counts-due.ts';
import { oneLine } from './csv-cells.ts';
import { cleanDescription } from './description.ts';
import { type ImageStore, imagePath, imageStore } from './image-store.ts';
import { type ImportOutcome, importCsv, lockCatalogue, readShop } from './import.ts';
import { checkProduct, type FieldError, handleFromTitle } from './product-checks.ts';
import {
  loadProducts,
  type ProductContent,
  type StoredImage,
  type StoredProduct,
  type StoredVariant,
  variantOf,
  writeProducts,
} from './product-store.ts';
import { type StockOf, showProduct, showSummary, showVariant } from './product-views.ts';
import { normalHandle, previewImport } from './shopify-csv.ts';
import { writeShopifyCsv } from './shopify-export.ts';
import type { Tables, Trx } from './tables.ts';

/** `product-invalid` carries what to correct; `product-changed` the version that stands now. */
export type ProductRefusal =
  | Refusal
  | { readonly refused: 'product-invalid'; readonly errors: readonly FieldError[] };

export type FoundVariant = {
  readonly variant: Variant;
  readonly productId: string;
  readonly productTitle: string;
  /** No longer in its product; it can't be sold any more. */
  readonly retired: boolean;
};

/** Asks the stock streams. */
export type AskStock = (variantIds: readonly string[]) => Promise<StockOf>;

/** From when on a variant had a price, in the order of time. */
export type PastPrice = {
  readonly fromMs: number;
  readonly priceMinor: number;
  readonly currency: string;
};

export interface Catalogue {
  readonly currency: string;
  readonly images: ImageStore;
  /** In the order of titles. Without `stockOf` no stock is shown. */
  list(
    query: ProductQuery,
    stockOf?: AskStock,
  ): Promise<{ products: ProductSummary[]; total: number }>;
  /** By id or by handle, whatever its status; null when there is none. */
  product(idOrHandle: string): Promise<Product | null>;
  /** Those that exist, in the order asked for. */
  products(ids: readonly string[]): Promise<Product[]>;
  /** Those that exist, retired ones too. */
  variants(ids: readonly string[]): Promise<FoundVariant[]>;
  /** With an `id` that exists already the product that has it is answered: a repeat makes no second one. */
  create(draft: ProductDraft, id?: string): Promise<Product | ProductRefusal>;
  edit(id: string, version: number, edit: ProductEdit): Promise<Product | ProductRefusal>;
  /** Decodes and stores a picture and puts it last. */
  addImage(
    id: string,
    picture: { bytes: Uint8Array; alt: string },
  ): Promise<Product | ProductRefusal>;
  /** The pictures that stay, in this order, with these texts. */
  arrangeImages(
    id: string,
    version: number,
    images: readonly { id: string; alt: string }[],
  ): Promise<Product | ProductRefusal>;
  preview(bytes: Uint8Array): Promise<ImportPreview>;
  /** What the file counted is due until `countsTold`, also after a crash. */
  import(bytes: Uint8Array, wish: ImportWish): Promise<ImportOutcome>;
  /** The stock streams were told what the import with this key counted; null: whatever import it was. */
  countsTold(variantIds: readonly string[], key: string | null): Promise<void>;
  /** Tells every count that is due. One whose `tell` throws stays due. */
  tellCounts(
    tell: (due: CountDue) => Promise<void>,
    onFault: (due: CountDue, error: unknown) => void,
  ): Promise<void>;
  /** The whole catalogue as a Shopify CSV; `stock` says what is on hand. */
  export(stockOf: AskStock): Promise<string>;
  /** By variant, also retired ones; a variant that doesn't exist is missing. */
  priceHistories(variantIds: readonly string[]): Promise<Map<string, PastPrice[]>>;
  /** True when the shop has no product at all. */
  isEmpty(): Promise<boolean>;
}

export type CatalogueOptions = {
  readonly pool: Pool;
  readonly dataFolder: string;
  /** Where the shop is reached; stands before the paths of stored pictures in an export. */
  readonly baseUrl: string;
  readonly currency: string;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Random;
};

export const createCatalogue = (options: CatalogueOptions): Catalogue => {
  const { currency, random } = options;
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: options.pool }) });
  const images = imageStore(options.dataFolder);
  const now = () => new Date(options.clock.nowMs());
  const urlOf = (image: StoredImage): string =>
    image.place.kind === 'elsewhere'
      ? image.place.url
      : new URL(imagePath(image.place.fileName, image.place.width), options.baseUrl).href;

  /** Reads a product for change, lets `decide` make the new content, checks and writes it. */
  const change = (
    id: string,
    version: number | 'any',
    decide: (before: StoredProduct) => ProductContent | ProductRefusal,
  ): Promise<Product | ProductRefusal> =>
    orTaken(() =>
      db.transaction().execute(async (trx) => {
        await lockCatalogue(trx, 'shared');
        const [before] = await loadProducts(trx, { ids: [id] }, { lock: true });
        if (!before) return refuse('product-unknown');
        if (version !== 'any' && before.version !== version)
          return refuse('product-changed', { version: before.version });
        const after = decide(before);
        return 'refused' in after ? after : store(trx, id, before, after);
      }),
    );

  const store = async (
    trx: Trx,
    id: string,
    before: StoredProduct | null,
    after: ProductContent,
  ): Promise<Product | ProductRefusal> => {
    const errors = [...checkProduct(after), ...(await takenInShop(trx, id, after))];
    if (errors.length > 0) return { refused: 'product-invalid', errors };
    await writeProducts(trx, [{ id, before, after }], now());
    const [stored] = await loadProducts(trx, { ids: [id] });
    return stored ? showProduct(stored) : refuse('product-unknown');
  };

  const variantFrom = (draft: VariantDraft, before: readonly StoredVariant[]): StoredVariant => {
    const known = before.find((variant) => variant.id === draft.id);
    return {
      id: known?.id ?? random.id(),
      sku: draft.sku === null ? null : oneLine(draft.sku),
      barcode: draft.barcode === null ? null : oneLine(draft.barcode),
      options: draft.options.map((option) => ({
        name: oneLine(option.name),
        value: oneLine(option.value),
      })),
      priceMinor: draft.priceMinor,
      compareAtMinor: draft.compareAtMinor,
      currency,
      grams: draft.grams,
      requiresShipping: draft.requiresShipping,
      taxable: draft.taxable,
      imageId: draft.imageId,
      kept: known?.kept ?? {},
    };
  };

  return {
    currency,
    images,
    async list(query, stockOf) {
      const { ids, total } = await findIds(db, query);
      const products = inOrder(ids, await loadProducts(db, { ids }));
      const stock = stockOf ? await stockOf(variantIdsOf(products)) : null;
      return { products: products.map((product) => showSummary(product, stock)), total };
    },
    async product(idOrHandle) {
      const [byId] = await loadProducts(db, { ids: [idOrHandle] });
      const [found] = byId
        ? [byId]
        : await loadProducts(db, { handles: [normalHandle(idOrHandle)] });
      return found ? showProduct(found) : null;
    },
    async products(ids) {
      return inOrder(ids, await loadProducts(db, { ids })).map((product) => showProduct(product));
    },
    async variants(ids) {
      const rows = await db
        .selectFrom('variants')
        .innerJoin('products', 'products.id', 'variants.product_id')
        .where('variants.id', '=', (eb) => eb.fn.any(eb.val([...ids])))
        .selectAll('variants')
        .select('products.title as product_title')
        .execute();
      return rows.map((row) => ({
        variant: showVariant(variantOf(row), row.position - 1, null),
        productId: row.product_id,
        productTitle: row.product_title,
        retired: row.retired_at !== null,
      }));
    },
    create: (draft, id = random.id()) =>
      orTaken(() =>
        db.transaction().execute(async (trx) => {
          await lockCatalogue(trx, 'shared');
          const [repeat] = await loadProducts(trx, { ids: [id] });
          if (repeat) return showProduct(repeat);
          const handle =
            draft.handle === undefined
              ? await freeHandle(trx, draft.title)
              : normalHandle(draft.handle);
          return store(trx, id, null, {
            handle,
            title: oneLine(draft.title),
            descriptionHtml: cleanDescription(draft.descriptionHtml).html,
            vendor: oneLine(draft.vendor),
            type: oneLine(draft.type),
            tags: tagsFrom(draft.tags),
            status: draft.status,
            provenance: cardFrom(draft.provenance),
            kept: {},
            images: [],
            variants: draft.variants.map((variant) => variantFrom(variant, [])),
          });
        }),
      ),
    edit: (id, version, edit) =>
      change(id, version, (before) => {
        const strangers = (edit.variants ?? []).flatMap((variant, index) =>
          variant.id !== undefined && !before.variants.some((known) => known.id === variant.id)
            ? [
                {
                  path: `variants.${index}.id`,
                  message: 'The product has no such variant; leave the id out to add one.',
                },
              ]
            : [],
        );
        if (strangers.length > 0) return { refused: 'product-invalid', errors: strangers };
        return {
          ...before,
          ...(edit.handle === undefined ? {} : { handle: normalHandle(edit.handle) }),
          ...(edit.title === undefined ? {} : { title: oneLine(edit.title) }),
          ...(edit.descriptionHtml === undefined
            ? {}
            : { descriptionHtml: cleanDescription(edit.descriptionHtml).html }),
          ...(edit.vendor === undefined ? {} : { vendor: oneLine(edit.vendor) }),
          ...(edit.type === undefined ? {} : { type: oneLine(edit.type) }),
          ...(edit.tags === undefined ? {} : { tags: tagsFrom(edit.tags) }),
          ...(edit.status === undefined ? {} : { status: edit.status }),
          ...(edit.provenance === undefined ? {} : { provenance: cardFrom(edit.provenance) }),
          ...(edit.variants === undefined
            ? {}
            : { variants: edit.variants.map((variant) => variantFrom(variant, before.variants)) }),
        };
      }),
    async addImage(id, { bytes, alt }) {
      const [exists] = await loadProducts(db, { ids: [id] });
      if (!exists) return refuse('product-unknown');
      const file = await images.store(bytes);
      if (isRefusal(file)) return file;
      return change(id, 'any', (before) =>
        before.images.length >= limits.productImagesMax
          ? {
              refused: 'product-invalid',
              errors: [{ path: 'images', message: `At most ${limits.productImagesMax} pictures.` }],
            }
          : {
              ...before,
              images: [
                ...before.images,
                { id: random.id(), alt: oneLine(alt), place: { kind: 'stored', ...file } },
              ],
            },
      );
    },
    arrangeImages: (id, version, wanted) =>
      change(id, version, (before) => {
        const arranged: StoredImage[] = [];
        for (const { id: imageId, alt } of wanted) {
          const image = before.images.find((each) => each.id === imageId);
          if (!image || arranged.some((each) => each.id === imageId))
            return refuse('image-unknown');
          arranged.push({ ...image, alt: oneLine(alt) });
        }
        const stays = (imageId: string | null) => arranged.some((image) => image.id === imageId);
        return {
          ...before,
          images: arranged,
          variants: before.variants.map((variant) =>
            stays(variant.imageId) ? variant : { ...variant, imageId: null },
          ),
        };
      }),
    preview: async (bytes) => (await previewImport(bytes, await readShop(db, currency))).preview,
    import: (bytes, wish) => importCsv(db, bytes, { currency, urlOf, random }, wish, now()),
    countsTold: (variantIds, key) => forgetCounts(db, variantIds, key),
    tellCounts: (tell, onFault) => tellCounts(db, tell, onFault),
    async export(stockOf) {
      const products = (await loadProducts(db, 'all')).sort((a, b) =>
        a.handle < b.handle ? -1 : 1,
      );
      const stock = await stockOf(variantIdsOf(products));
      return writeShopifyCsv(
        products.map((product) => ({
          ...product,
          images: product.images.map((image) => ({ url: urlOf(image), alt: image.alt })),
          variants: product.variants.map((variant) => {
            const image = product.images.find((each) => each.id === variant.imageId);
            return {
              ...variant,
              imageUrl: image ? urlOf(image) : null,
              onHand: stock.get(variant.id)?.onHand ?? null,
            };
          }),
        })),
        currency,
      );
    },
    async priceHistories(variantIds) {
      const rows = await db
        .selectFrom('price_history')
        .selectAll()
        .where('variant_id', '=', (eb) => eb.fn.any(eb.val([...variantIds])))
        .orderBy('from_at')
        .execute();
      const histories = new Map<string, PastPrice[]>();
      for (const row of rows) {
        const history = histories.get(row.variant_id) ?? [];
        const { currency } = row;
        history.push({
          fromMs: row.from_at.getTime(),
          priceMinor: Number(row.price_minor),
          currency,
        });
        histories.set(row.variant_id, history);
      }
      return histories;
    },
    async isEmpty() {
      return (await db.selectFrom('products').select('id').limit(1).execute()).length === 0;
    },
  };
};

const findIds = async (
  db: Kysely<Tables>,
  query: ProductQuery,
): Promise<{ ids: string[]; total: number }> => {
  let found = db.selectFrom('products');
  if (query.status !== undefined) found = found.where('status', '=', query.status);
  if (query.tag !== undefined) found = found.where(sql<boolean>`${query.tag} = any(tags)`);
  for (const word of (query.q ?? '').split(/\s+/).filter((each) => each !== '')) {
    const like = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    found = found.where(sql<boolean>`(
      concat_ws(' ', title, handle, vendor, type, array_to_string(tags, ' ')) ilike ${like}
      or exists (select from variants where product_id = products.id and retired_at is null and sku ilike ${like})
    )`);
  }
  const { total } = await found
    .select((eb) => eb.fn.countAll<string>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await found
    .select('id')
    .orderBy(sql`lower(title)`)
    .orderBy('id')
    .limit(query.limit)
    .offset(query.offset)
    .execute();
  return { ids: rows.map((row) => row.id), total: Number(total) };
};

const variantIdsOf = (products: readonly StoredProduct[]): string[] =>
  products.flatMap((product) => product.variants.map((variant) => variant.id));

const inOrder = (ids: readonly string[], products: readonly StoredProduct[]): StoredProduct[] => {
  const byId = new Map(products.map((product) => [product.id, product]));
  return ids.flatMap((id) => byId.get(id) ?? []);
};

const tagsFrom = (tags: readonly string[]): string[] =>
  // A comma separates tags in the CSV, so it can't stand in one.
  [
    ...new Set(
      tags
        .flatMap((tag) => oneLine(tag).split(','))
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ''),
    ),
  ];

const cardFrom = (card: ProvenanceCard | null): ProvenanceCard | null => {
  if (card === null) return null;
  const kept = { ...card, ...(card.materials ? { materials: card.materials.map(oneLine) } : {}) };
  return Object.keys(kept).length === 0 ? null : kept;
};

const freeHandle = async (trx: Trx, title: string): Promise<string> => {
  const wish = normalHandle(handleFromTitle(title));
  const taken = new Set(
    (
      await trx
        .selectFrom('products')
        .select('handle')
        .where('handle', 'like', `${wish.replace(/[\\%_]/g, '\\$&')}%`)
        .execute()
    ).map((row) => row.handle),
  );
  for (let n = 1; ; n += 1) {
    const handle = n === 1 ? wish : `${wish}-${n}`;
    if (!taken.has(handle)) return handle;
  }
};

const takenInShop = async (
  trx: Trx,
  id: string,
  product: ProductContent,
): Promise<FieldError[]> => {
  const errors: FieldError[] = [];
  const twin = await trx
    .selectFrom('products')
    .select('title')
    .where('handle', '=', product.handle)
    .where('id', '<>', id)
    .executeTakeFirst();
  if (twin)
    errors.push({
      path: 'handle',
      message: `The product “${twin.title}” has this handle already.`,
    });
  const skus = product.variants.flatMap((variant) => variant.sku ?? []);
  if (skus.length === 0) return errors;
  const taken = await trx
    .selectFrom('variants')
    .innerJoin('products', 'products.id', 'variants.product_id')
    .where('variants.sku', '=', (eb) => eb.fn.any(eb.val(skus)))
    .where('variants.retired_at', 'is', null)
    .where('variants.product_id', '<>', id)
    .select(['variants.sku', 'products.title'])
    .execute();
  for (const { sku, title } of taken) {
    const index = product.variants.findIndex((variant) => variant.sku === sku);
    errors.push({
      path: `variants.${index}.sku`,
      message: `The product “${title}” has this SKU already.`,
    });
  }
  return errors;
};

/** Two edits at once can both find a handle free; the index lets one of them through. */
const orTaken = async (
  write: () => Promise<Product | ProductRefusal>,
): Promise<Product | ProductRefusal> => {
  try {
    return await write();
  } catch (error) {
    if ((error as { code?: string }).code !== '23505') throw error;
    const isSku = (error as { constraint?: string }).constraint === 'variants_sku_once';
    return {
      refused: 'product-invalid',
      errors: [
        {
          path: isSku ? 'variants' : 'handle',
          message: `This ${isSku ? 'SKU' : 'handle'} was just taken by another product.`,
        },
      ],
    };
  }
};
