// Products as a Shopify product CSV. What is written here is read back by `shopify-csv.ts` as the same
// products: an export is a backup of the catalogue, and a move to another program.

import { stringify } from 'csv-stringify/sync';
import { currencyDigits } from '../base/money.ts';
import type { ProvenanceCard } from '../protocol/catalogue.ts';
import { guard, guardCode } from './csv-cells.ts';
import { exportHeader, provenanceColumns, provenanceFields } from './csv-columns.ts';
import type { ReadVariant } from './csv-variants.ts';
import type { ReadProduct } from './shopify-csv.ts';

/** What an export needs of a product; `row` numbers are the importer's business. */
export type ExportVariant = Omit<ReadVariant, 'row'>;
export type ExportProduct = Omit<ReadProduct, 'row' | 'variants'> & {
  readonly variants: readonly ExportVariant[];
};

/** UTF-8 text with `\n` line ends. Provenance columns appear when a product has a card. */
export const writeShopifyCsv = (products: readonly ExportProduct[], currency: string): string => {
  const withCards = products.some((product) => product.provenance);
  const header = [...exportHeader, ...(withCards ? Object.values(provenanceColumns) : [])];
  const digits = currencyDigits(currency);
  const rows = products.flatMap((product) => rowsOf(product, digits));
  return stringify([header, ...rows.map((row) => header.map((name) => row[name] ?? ''))], {
    // A lone carriage return would otherwise stand unquoted and be read as the end of the row.
    quoted_match: /[\r\n]/,
  });
};

type Row = Record<string, string>;

/** Variants and pictures stand side by side, one each a row; what is left over goes on alone. */
const rowsOf = (product: ExportProduct, digits: number): Row[] => {
  const count = Math.max(product.variants.length, product.images.length, 1);
  return Array.from({ length: count }, (_, index) => {
    const variant = product.variants[index];
    const image = product.images[index];
    return {
      Handle: guardCode(product.handle),
      ...(index === 0 ? productCells(product) : {}),
      ...(variant ? variantCells(variant, digits) : {}),
      ...(image ? { 'Image Src': guard(image.url), 'Image Alt Text': guard(image.alt) } : {}),
    };
  });
};

const productCells = (product: ExportProduct): Row => {
  const options = product.variants[0]?.options ?? [];
  const names = options.length === 0 ? ['Title'] : options.map((option) => option.name);
  return {
    Title: guard(product.title),
    'Body (HTML)': guard(product.descriptionHtml),
    Vendor: guard(product.vendor),
    Type: guard(product.type),
    Tags: guard(product.tags.join(', ')),
    Published: String(product.status === 'active'),
    Status: product.status,
    'Gift Card': 'false',
    ...Object.fromEntries(names.map((name, index) => [`Option${index + 1} Name`, guard(name)])),
    ...Object.fromEntries(
      Object.entries(product.kept).map(([name, value]) => [name, guard(value)]),
    ),
    ...(product.provenance ? provenanceCells(product.provenance) : {}),
  };
};

const provenanceCells = (card: ProvenanceCard): Row =>
  Object.fromEntries(
    provenanceFields.map((field) => {
      const value = card[field] ?? '';
      return [
        provenanceColumns[field],
        guard(typeof value === 'string' ? value : value.join('\n')),
      ];
    }),
  );

const variantCells = (variant: ExportVariant, digits: number): Row => {
  const values =
    variant.options.length === 0
      ? ['Default Title']
      : variant.options.map((option) => option.value);
  return {
    ...Object.fromEntries(values.map((value, index) => [`Option${index + 1} Value`, guard(value)])),
    ...Object.fromEntries(
      Object.entries(variant.kept).map(([name, value]) => [name, guard(value)]),
    ),
    'Variant SKU': guardCode(variant.sku ?? ''),
    'Variant Barcode': guardCode(variant.barcode ?? ''),
    'Variant Grams': variant.grams === null ? '' : String(variant.grams),
    'Variant Inventory Qty': variant.onHand === null ? '' : String(variant.onHand),
    'Variant Price': decimal(variant.priceMinor, digits),
    'Variant Compare At Price':
      variant.compareAtMinor === null ? '' : decimal(variant.compareAtMinor, digits),
    'Variant Requires Shipping': String(variant.requiresShipping),
    'Variant Taxable': String(variant.taxable),
    'Variant Image': guard(variant.imageUrl ?? ''),
  };
};

/** 4900 with two digits is `49.00`, without a detour over floating point. */
const decimal = (minor: number, digits: number): string => {
  if (digits === 0) return String(minor);
  const text = String(minor).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
};
