// What a Shopify product CSV says, and what is wrong with it, row by row. Nothing is stored here: the
// same bytes and the same shop give the same answer, so a preview is exactly what the import will do.
// One error anywhere and nothing may be imported; warnings say what was understood otherwise than it
// was written.

import { limits } from '../base/limits.ts';
import type {
  ImportCounts,
  ImportPreview,
  ProductStatus,
  ProvenanceCard,
} from '../protocol/catalogue.ts';
import { oneLine, unguard, unguardCode } from './csv-cells.ts';
import {
  columnName,
  type ProvenanceField,
  provenanceColumns,
  provenanceFields,
} from './csv-columns.ts';
import { breathe, type CsvRow, readCsvRows } from './csv-rows.ts';
import { Cells, readHeader, type Table } from './csv-table.ts';
import { readBoolean, readImageUrl, shortText } from './csv-values.ts';
import { type ReadVariant, readVariants } from './csv-variants.ts';
import { cleanDescription } from './description.ts';
import { Findings } from './import-findings.ts';

export type ReadImage = { readonly url: string; readonly alt: string };

export type ReadProduct = {
  readonly row: number;
  readonly handle: string;
  readonly title: string;
  readonly descriptionHtml: string;
  readonly vendor: string;
  readonly type: string;
  readonly tags: readonly string[];
  readonly status: ProductStatus;
  /** Undefined when the file has no provenance columns: the card stays as it is. */
  readonly provenance: ProvenanceCard | null | undefined;
  readonly images: readonly ReadImage[];
  readonly variants: readonly ReadVariant[];
  readonly kept: Readonly<Record<string, string>>;
};

/** What an import must know of the shop that it goes into. */
export type ShopNow = {
  readonly currency: string;
  /** Handles that exist: these are updated, others created. */
  readonly handles: ReadonlySet<string>;
  /** SKU in use -> handle of its product. */
  readonly skus: ReadonlyMap<string, string>;
};

/** A handle as it is stored and compared: Shopify's are lower case, people's files aren't always. */
export const normalHandle = (text: string): string => oneLine(text).normalize('NFC').toLowerCase();

/**
 * Reads a whole file. Never throws for what is in it; `preview.canImport` says whether `products` may
 * be stored. `products` is complete only then.
 */
export const previewImport = async (
  bytes: Uint8Array,
  shop: ShopNow,
): Promise<{ preview: ImportPreview; products: readonly ReadProduct[] }> => {
  const findings = new Findings();
  const { rows, problems } = await readCsvRows(bytes);
  for (const each of problems) findings.add(each);
  let products: readonly ReadProduct[] = [];
  const [header, ...body] = rows;
  if (header && findings.errors === 0) {
    const table = readHeader(header, findings);
    if (table) products = await readProducts(body, table, shop, findings);
  } else if (findings.errors === 0) {
    findings.error(
      'file-empty',
      null,
      null,
      null,
      'The file has no rows. Export the products again.',
    );
  }
  return { preview: summarise(products, Math.max(0, rows.length - 1), shop, findings), products };
};

const readProducts = async (
  body: readonly CsvRow[],
  table: Table,
  shop: ShopNow,
  findings: Findings,
): Promise<ReadProduct[]> => {
  const groups = groupByHandle(body, table, findings);
  const skus = new Map<string, number>();
  const products: ReadProduct[] = [];
  for (const [index, [handle, rows]] of [...groups].entries()) {
    // Cleaning a description takes a fraction of a millisecond; a show on this process may wait 30.
    if (index % 25 === 24) await breathe();
    const product = readProduct(handle, rows, table, shop, findings);
    for (const variant of product.variants) checkSku(variant, product.handle, skus, shop, findings);
    products.push(product);
  }
  return products;
};

const groupByHandle = (
  body: readonly CsvRow[],
  table: Table,
  findings: Findings,
): Map<string, Cells[]> => {
  const groups = new Map<string, Cells[]>();
  let last = '';
  for (const row of body) {
    if (row.cells.length !== table.width) {
      findings.error(
        'row-width',
        row.line,
        null,
        `${row.cells.length} cells`,
        `The header has ${table.width} columns. A comma is missing or too many: put texts with commas in quotes.`,
      );
      continue;
    }
    if (row.cells.every((cell) => cell.trim() === '')) continue;
    const cells = new Cells(row, table);
    const handle = normalHandle(unguardCode(oneLine(cells.raw('handle'))));
    const rows = groups.get(handle);
    if (handle === '') {
      findings.error(
        'handle-missing',
        row.line,
        columnName('handle'),
        '',
        'Give every row the handle of its product.',
      );
    } else if (rows === undefined) {
      if (groups.size === limits.csvProductsMax) {
        findings.error(
          'too-many-products',
          row.line,
          null,
          null,
          `A file may have ${limits.csvProductsMax} products. Split it before this row.`,
        );
        break;
      }
      if (handle.length > 255 || !/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*$/u.test(handle)) {
        findings.error(
          'handle-invalid',
          row.line,
          columnName('handle'),
          handle,
          'A handle has letters, digits, “-” and “_” only, at most 255, and starts with a letter or digit.',
        );
      }
      groups.set(handle, [cells]);
    } else if (
      handle !== last ||
      (cells.text('title') !== '' && cells.text('title') !== rows[0]?.text('title'))
    ) {
      findings.error(
        'handle-doubled',
        row.line,
        columnName('handle'),
        handle,
        `Row ${rows[0]?.line} already has a product with this handle. Give one of them another handle, or put the rows of one product together.`,
      );
      rows.push(cells);
    } else {
      rows.push(cells);
    }
    last = handle;
  }
  return groups;
};

const readProduct = (
  handle: string,
  rows: readonly Cells[],
  table: Table,
  shop: ShopNow,
  findings: Findings,
): ReadProduct => {
  const first = rows[0] as Cells;
  const title = shortText(first, 'title', findings);
  if (title === '') {
    findings.error(
      'title-missing',
      first.line,
      columnName('title'),
      '',
      'Give the first row of this product a title.',
    );
  }
  const body = unguard(first.raw('body').trim());
  const description = cleanDescription(body);
  if (description.html.length > 500_000) {
    findings.error(
      'text-too-long',
      first.line,
      columnName('body'),
      `${description.html.length} characters`,
      'A description may have 500,000 characters. Shorten it.',
    );
  }
  if (description.hadActiveParts) {
    findings.warn(
      'description-cleaned',
      first.line,
      columnName('body'),
      null,
      'Scripts, frames, forms and the like were taken out of the description; the text stays.',
    );
  }
  if (readBoolean(first, 'giftCard', false, findings)) {
    findings.warn(
      'gift-card',
      first.line,
      columnName('giftCard'),
      first.raw('giftCard'),
      'Rialto has no gift cards yet: this becomes an ordinary product.',
    );
  }
  const variants = readVariants(rows, table, shop.currency, findings);
  return {
    row: first.line,
    handle,
    title,
    descriptionHtml: description.html,
    vendor: shortText(first, 'vendor', findings),
    type: shortText(first, 'type', findings),
    tags: readTags(first, findings),
    status: readStatus(first, findings),
    provenance: readProvenance(first, table, findings),
    images: readImages(rows, findings),
    variants,
    kept: first.kept(table.keptWithProduct),
  };
};

const readTags = (cells: Cells, findings: Findings): string[] => {
  const tags = [
    ...new Set(
      cells
        .text('tags')
        .split(',')
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ''),
    ),
  ];
  if (tags.length > 250 || tags.some((tag) => tag.length > 255)) {
    findings.error(
      'tags-too-many',
      cells.line,
      columnName('tags'),
      cells.text('tags'),
      'A product may have 250 tags of 255 characters. Delete some.',
    );
  }
  return tags;
};

const readStatus = (cells: Cells, findings: Findings): ProductStatus => {
  const status = cells.text('status').toLowerCase();
  const published = readBoolean(cells, 'published', true, findings);
  switch (status) {
    case '':
    case 'active':
      return published ? 'active' : 'draft';
    case 'draft':
    case 'archived':
      return status;
    default:
      findings.error(
        'status-invalid',
        cells.line,
        columnName('status'),
        status,
        'Write active, draft or archived.',
      );
      return 'draft';
  }
};

const provenanceLimits: { readonly [F in ProvenanceField]: number } = {
  maker: 200,
  origin: 200,
  materials: 2000,
  serialNumber: 100,
  certificate: 200,
  condition: 500,
  story: 4000,
};

const readProvenance = (
  cells: Cells,
  table: Table,
  findings: Findings,
): ProvenanceCard | null | undefined => {
  if (table.provenance.size === 0) return undefined;
  const card: { -readonly [F in keyof ProvenanceCard]: ProvenanceCard[F] } = {};
  for (const field of provenanceFields) {
    const value = cells.provenance(field);
    if (value === '') continue;
    const materials =
      field === 'materials'
        ? value
            .split(/\r\n|\r|\n/)
            .map(oneLine)
            .filter((each) => each !== '')
        : [];
    if (
      value.length > provenanceLimits[field] ||
      materials.length > 20 ||
      materials.some((each) => each.length > 100)
    ) {
      findings.error(
        'text-too-long',
        cells.line,
        provenanceColumns[field],
        value,
        'This is longer than the card has room for. Shorten it.',
      );
    } else if (field === 'materials') card.materials = materials;
    else card[field] = value;
  }
  return Object.keys(card).length === 0 ? null : card;
};

const readImages = (rows: readonly Cells[], findings: Findings): ReadImage[] => {
  const images: { url: string; alt: string; position: number }[] = [];
  // Two passes: a picture that a variant names keeps the place and text of its own row.
  for (const cells of rows) {
    const url = readImageUrl(cells, 'imageSrc', findings);
    if (url === null || images.some((each) => each.url === url)) continue;
    const given = cells.text('imagePosition');
    if (given !== '' && !/^\d{1,6}$/.test(given)) {
      findings.error(
        'image-position-invalid',
        cells.line,
        columnName('imagePosition'),
        given,
        'Write 1, 2, 3 … or leave it empty.',
      );
    }
    images.push({
      url,
      alt: cells.text('imageAlt').slice(0, 512).trim(),
      position: given === '' ? images.length + 1 : Number(given),
    });
  }
  images.sort((a, b) => a.position - b.position);
  for (const cells of rows) {
    const url = readImageUrl(cells, 'variantImage', findings);
    if (url !== null && !images.some((each) => each.url === url))
      images.push({ url, alt: '', position: images.length + 1 });
  }
  if (images.length > limits.productImagesMax) {
    findings.error(
      'too-many-images',
      rows[0]?.line ?? null,
      columnName('imageSrc'),
      `${images.length} pictures`,
      `A product may have ${limits.productImagesMax} pictures. Delete some.`,
    );
  }
  return images.map(({ url, alt }) => ({ url, alt }));
};

const checkSku = (
  variant: ReadVariant,
  handle: string,
  skus: Map<string, number>,
  shop: ShopNow,
  findings: Findings,
): void => {
  if (variant.sku === null) return;
  const before = skus.get(variant.sku);
  const owner = shop.skus.get(variant.sku);
  if (before !== undefined) {
    findings.error(
      'sku-doubled',
      variant.row,
      columnName('sku'),
      variant.sku,
      `Row ${before} has this SKU already. A SKU stands for one variant: change one, or leave it empty.`,
    );
  } else if (owner !== undefined && owner !== handle) {
    findings.error(
      'sku-taken',
      variant.row,
      columnName('sku'),
      variant.sku,
      `The product “${owner}” in the shop has this SKU. Change one of them.`,
    );
  } else skus.set(variant.sku, variant.row);
};

const summarise = (
  products: readonly ReadProduct[],
  rowCount: number,
  shop: ShopNow,
  findings: Findings,
): ImportPreview => {
  if (products.length === 0 && findings.errors === 0) {
    findings.error(
      'file-empty',
      null,
      null,
      null,
      'The file has no products. Export the products again.',
    );
  }
  const toUpdate = products.filter((product) => shop.handles.has(product.handle)).length;
  const counts: ImportCounts = {
    rows: rowCount,
    products: products.length,
    variants: products.reduce((sum, product) => sum + product.variants.length, 0),
    images: products.reduce((sum, product) => sum + product.images.length, 0),
    units: products.reduce((sum, product) => sum + unitsOf(product), 0),
    toCreate: products.length - toUpdate,
    toUpdate,
    errors: findings.errors,
    warnings: findings.warnings,
  };
  return {
    canImport: findings.errors === 0,
    counts,
    products: products.map((product) => {
      const prices = product.variants.map((variant) => variant.priceMinor);
      return {
        row: product.row,
        handle: product.handle,
        title: product.title,
        action: shop.handles.has(product.handle) ? 'update' : 'create',
        variantCount: product.variants.length,
        imageCount: product.images.length,
        priceRange:
          prices.length === 0
            ? null
            : {
                from: { minor: Math.min(...prices), currency: shop.currency },
                to: { minor: Math.max(...prices), currency: shop.currency },
              },
        units: unitsOf(product),
      };
    }),
    problems: findings.list(),
  };
};

const unitsOf = (product: ReadProduct): number =>
  product.variants.reduce((sum, variant) => sum + (variant.onHand ?? 0), 0);
