// Single values of a product CSV: texts, booleans, addresses. What a value is for is known elsewhere.

import { type ColumnKey, columnName } from './csv-columns.ts';
import type { Cells } from './csv-table.ts';
import type { Findings } from './import-findings.ts';

/** true/false, yes/no, 1/0; `absent` for an empty cell. */
export const readBoolean = (
  cells: Cells,
  key: ColumnKey,
  absent: boolean,
  findings: Findings,
): boolean => {
  const text = cells.text(key).toLowerCase();
  if (text === '') return absent;
  if (['true', 'yes', '1'].includes(text)) return true;
  if (['false', 'no', '0'].includes(text)) return false;
  findings.error('boolean-invalid', cells.line, columnName(key), text, 'Write true or false.');
  return absent;
};

/** A text of one line and at most 255 characters. */
export const shortText = (cells: Cells, key: ColumnKey, findings: Findings): string => {
  const text = cells.text(key);
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

/** An http(s) address, or null for none or a bad one. */
export const readImageUrl = (
  cells: Cells,
  key: 'imageSrc' | 'variantImage',
  findings: Findings,
): string | null => {
  const text = cells.text(key);
  if (text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    url === null ||
    (url.protocol !== 'https:' && url.protocol !== 'http:') ||
    text.length > 2048 ||
    url.username !== ''
  ) {
    findings.error(
      'image-address-invalid',
      cells.line,
      columnName(key),
      text,
      'Write the whole web address of the picture, starting with https://.',
    );
    return null;
  }
  if (url.protocol === 'http:') {
    findings.warn(
      'image-address-insecure',
      cells.line,
      columnName(key),
      text,
      'Browsers may not show a picture from an http:// address. Use https:// or upload the picture.',
    );
  }
  return text;
};
