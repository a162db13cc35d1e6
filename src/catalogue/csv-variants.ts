// The variants in the rows of one product of a CSV: options, codes, price, weight and what is on hand.
// Whether a SKU is free is not known here, as that needs the whole file and the shop.

import { limits } from '../base/limits.ts';
import { parsePrice } from '../base/money.ts';
import type { VariantOption } from '../protocol/catalogue.ts';
import { oneLine } from './csv-cells.ts';
import { columnName } from './csv-columns.ts';
import type { Cells, Table } from './csv-table.ts';
import { readBoolean, shortText } from './csv-values.ts';
import type { Findings } from './import-findings.ts';

export type ReadVariant = {
  readonly row: number;
  readonly sku: string | null;
  readonly barcode: string | null;
  readonly options: readonly VariantOption[];
  readonly priceMinor: number;
  readonly compareAtMinor: number | null;
  readonly grams: number | null;
  readonly requiresShipping: boolean;
  readonly taxable: boolean;
  readonly imageUrl: string | null;
  /** Null when the file says nothing: stock stays as it is. */
  readonly onHand: number | null;
  readonly kept: Readonly<Record<string, string>>;
};

const optionNameKeys = ['option1Name', 'option2Name', 'option3Name'] as const;
const optionValueKeys = ['option1Value', 'option2Value', 'option3Value'] as const;

/** The variants of one product, whose rows these are; a row with a picture alone is none. */
export const readVariants = (
  rows: readonly Cells[],
  table: Table,
  currency: string,
  findings: Findings,
): ReadVariant[] => {
  const first = rows[0] as Cells;
  const names = optionNameKeys.map((key) => shortText(first, key, findings));
  const variants: ReadVariant[] = [];
  const combinations = new Map<string, number>();
  for (const cells of rows) {
    const says = ['sku', 'price', 'barcode', ...optionValueKeys] as const;
    if (cells !== first && says.every((key) => cells.text(key) === '')) continue;
    const variant = readVariant(cells, names, table, currency, findings);
    const combination = JSON.stringify(variant.options.map((option) => option.value));
    const before = combinations.get(combination);
    if (before !== undefined) {
      findings.error(
        'variant-doubled',
        cells.line,
        columnName('option1Value'),
        variant.options.map((option) => option.value).join(' / '),
        `Row ${before} already is this variant. Change an option, or delete one of the rows.`,
      );
    } else combinations.set(combination, cells.line);
    variants.push(variant);
  }
  if (variants.length > limits.productVariantsMax) {
    findings.error(
      'too-many-variants',
      first.line,
      null,
      `${variants.length} variants`,
      `A product may have ${limits.productVariantsMax} variants. Split it into two products.`,
    );
  }
  return variants;
};

const readVariant = (
  cells: Cells,
  names: readonly string[],
  table: Table,
  currency: string,
  findings: Findings,
): ReadVariant => {
  const priceMinor = readPrice(cells, 'price', currency, findings);
  if (priceMinor === null && cells.text('price') === '') {
    findings.error(
      'price-missing',
      cells.line,
      columnName('price'),
      '',
      'Give this variant a price, such as 49.00.',
    );
  }
  const compareAtMinor = readPrice(cells, 'compareAt', currency, findings);
  if (compareAtMinor !== null && priceMinor !== null && compareAtMinor <= priceMinor) {
    findings.warn(
      'compare-at-not-higher',
      cells.line,
      columnName('compareAt'),
      cells.text('compareAt'),
      'The price to compare with isn’t higher than the price, so it won’t be shown.',
    );
  }
  return {
    row: cells.line,
    sku: cells.code('sku') === '' ? null : readCode(cells, 'sku', findings),
    barcode: cells.code('barcode') === '' ? null : readCode(cells, 'barcode', findings),
    options: readOptions(cells, names, findings),
    priceMinor: priceMinor ?? 0,
    compareAtMinor,
    grams: readGrams(cells, findings),
    requiresShipping: readBoolean(cells, 'requiresShipping', true, findings),
    taxable: readBoolean(cells, 'taxable', true, findings),
    imageUrl: cells.text('variantImage') === '' ? null : cells.text('variantImage'),
    onHand: readOnHand(cells, table, findings),
    kept: cells.kept(table.keptWithVariant),
  };
};

const readCode = (cells: Cells, key: 'sku' | 'barcode', findings: Findings): string => {
  const text = cells.code(key);
  if (text.length > 255) {
    findings.error(
      'text-too-long',
      cells.line,
      columnName(key),
      text,
      'At most 255 characters. Shorten it.',
    );
  }
  return text;
};

/** `Title` = `Default Title` is how Shopify writes a product without options. */
const readOptions = (
  cells: Cells,
  names: readonly string[],
  findings: Findings,
): VariantOption[] => {
  const options: VariantOption[] = [];
  for (const [index, key] of optionValueKeys.entries()) {
    const name = names[index] ?? '';
    const value = shortText(cells, key, findings);
    if (name === '' && value !== '') {
      findings.error(
        'option-without-name',
        cells.line,
        columnName(optionNameKeys[index] ?? 'option1Name'),
        value,
        'This value has no name. Write the name of the option (Size, Glaze, …) in the first row of the product.',
      );
    } else if (name !== '' && value === '') {
      findings.error(
        'option-without-value',
        cells.line,
        columnName(key),
        '',
        `Say which “${name}” this variant is.`,
      );
    } else if (name !== '') options.push({ name, value });
  }
  const [only] = options;
  return options.length === 1 && only?.name === 'Title' && only.value === 'Default Title'
    ? []
    : options;
};

const readPrice = (
  cells: Cells,
  key: 'price' | 'compareAt',
  currency: string,
  findings: Findings,
): number | null => {
  const text = oneLine(cells.raw(key));
  if (text === '') return null;
  const price = parsePrice(text, currency);
  if (price) return price.minor;
  findings.error(
    'price-invalid',
    cells.line,
    columnName(key),
    text,
    text.startsWith('-')
      ? 'A price can’t be below zero.'
      : 'Write the price with a point and without currency or thousands separators, such as 1299.00.',
  );
  return null;
};

const readOnHand = (cells: Cells, table: Table, findings: Findings): number | null => {
  if (!table.at.has('quantity')) return null;
  const text = oneLine(cells.raw('quantity'));
  if (text === '') return null;
  if (!/^[+-]?\d+(\.0+)?$/.test(text)) {
    findings.error(
      'quantity-invalid',
      cells.line,
      columnName('quantity'),
      text,
      'Write a whole number, such as 12.',
    );
    return null;
  }
  const units = Number(text);
  if (units > limits.stockUnitsMax) {
    findings.error(
      'quantity-invalid',
      cells.line,
      columnName('quantity'),
      text,
      `At most ${limits.stockUnitsMax} units.`,
    );
    return null;
  }
  if (units < 0) {
    findings.warn(
      'stock-below-zero',
      cells.line,
      columnName('quantity'),
      text,
      'Shopify counts below zero when it sold more than there were or didn’t track the item. It is taken as 0.',
    );
    return 0;
  }
  return units;
};

const readGrams = (cells: Cells, findings: Findings): number | null => {
  const text = cells.text('grams');
  if (text === '') return null;
  if (!/^\d{1,8}(\.\d+)?$/.test(text)) {
    findings.error(
      'weight-invalid',
      cells.line,
      columnName('grams'),
      text,
      'Write the weight in grams, such as 454, or leave it empty.',
    );
    return null;
  }
  return Math.round(Number(text));
};
