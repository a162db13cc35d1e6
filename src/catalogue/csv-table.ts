// A product CSV as a table: which column stands where, and one row with names for its cells. What the
// values mean for a product is read in `shopify-csv.ts`.

import { oneLine, unguard, unguardCode } from './csv-cells.ts';
import {
  type ColumnKey,
  columnName,
  meaningOf,
  type ProvenanceField,
  requiredColumns,
} from './csv-columns.ts';
import type { CsvRow } from './csv-rows.ts';
import type { Findings } from './import-findings.ts';

/** Where the columns of one file stand. */
export type Table = {
  readonly width: number;
  readonly at: ReadonlyMap<ColumnKey, number>;
  readonly provenance: ReadonlyMap<ProvenanceField, number>;
  readonly keptWithProduct: readonly (readonly [name: string, index: number])[];
  readonly keptWithVariant: readonly (readonly [name: string, index: number])[];
};

/** Finds the columns; null when the file can't be read without those that are missing. */
export const readHeader = (header: CsvRow, findings: Findings): Table | null => {
  const at = new Map<ColumnKey, number>();
  const provenance = new Map<ProvenanceField, number>();
  const kept = { product: [] as [string, number][], variant: [] as [string, number][] };
  const seen = new Set<string>();
  const unknown: string[] = [];
  for (const [index, cell] of header.cells.entries()) {
    const name = oneLine(cell);
    const meaning = meaningOf(name);
    const id =
      meaning === null
        ? `?${name}`
        : meaning.kind === 'known'
          ? meaning.key
          : meaning.kind === 'kept'
            ? meaning.name
            : meaning.field;
    if (meaning && seen.has(id)) {
      findings.error(
        'column-doubled',
        header.line,
        name,
        name,
        'Two columns say the same. Delete one of them.',
      );
    } else if (meaning?.kind === 'known') at.set(meaning.key, index);
    else if (meaning?.kind === 'provenance') provenance.set(meaning.field, index);
    else if (meaning?.kind === 'kept') kept[meaning.of].push([meaning.name, index]);
    else if (name !== '') unknown.push(name);
    seen.add(id);
  }
  const missing = requiredColumns.filter((key) => !at.has(key));
  if (missing.length === requiredColumns.length) {
    const separator = [';', '\t', '|'].find((each) =>
      header.cells.some((cell) => cell.includes(each)),
    );
    findings.error(
      'columns-wrong',
      header.line,
      null,
      header.cells.join(','),
      separator
        ? `The cells are separated by “${separator === '\t' ? 'tab' : separator}”. Export the file again with commas between the cells.`
        : 'This isn’t a product CSV: its first line has none of the columns Handle, Title, Variant Price. Export the products from Shopify as “CSV”.',
    );
    return null;
  }
  for (const name of unknown) {
    findings.warn(
      'column-unknown',
      header.line,
      name,
      name,
      'Rialto doesn’t know this column and passes over it.',
    );
  }
  for (const key of missing) {
    findings.error(
      'column-missing',
      header.line,
      columnName(key),
      header.cells.join(','),
      `The column “${columnName(key)}” is missing. Add it with exactly this name.`,
    );
  }
  if (!at.has('quantity')) {
    findings.warn(
      'stock-unknown',
      header.line,
      columnName('quantity'),
      null,
      'The file doesn’t say how many there are. Stock stays as it is; new products start with none.',
    );
  }
  return missing.length > 0
    ? null
    : {
        width: header.cells.length,
        at,
        provenance,
        keptWithProduct: kept.product,
        keptWithVariant: kept.variant,
      };
};

/** One row with names for its cells. */
export class Cells {
  readonly line: number;
  readonly #row: CsvRow;
  readonly #table: Table;

  constructor(row: CsvRow, table: Table) {
    this.line = row.line;
    this.#row = row;
    this.#table = table;
  }

  /** As it stands in the file. */
  raw(key: ColumnKey): string {
    const index = this.#table.at.get(key);
    return index === undefined ? '' : (this.#row.cells[index] ?? '');
  }

  /** On one line, without a spreadsheet's guard. */
  text(key: ColumnKey): string {
    return unguard(oneLine(this.raw(key)));
  }

  /** A SKU or barcode. */
  code(key: ColumnKey): string {
    return unguardCode(oneLine(this.raw(key)));
  }

  kept(columns: Table['keptWithProduct']): Record<string, string> {
    const kept: Record<string, string> = {};
    for (const [name, index] of columns) {
      const value = unguard((this.#row.cells[index] ?? '').trim());
      if (value !== '') kept[name] = value;
    }
    return kept;
  }

  provenance(field: ProvenanceField): string {
    const index = this.#table.provenance.get(field);
    return index === undefined ? '' : unguard((this.#row.cells[index] ?? '').trim());
  }
}
