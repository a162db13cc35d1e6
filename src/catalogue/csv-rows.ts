// From the bytes of a CSV file to its rows with their line numbers. Here a file is refused for what it
// is: too large, not UTF-8, an endless line, a quote that never closes. What the cells mean is not
// known here. The work is done in slices, so that a 20 MB file does not hold up a show on the same
// process.

import { type CsvError, Parser } from 'csv-parse';
import { limits } from '../base/limits.ts';
import type { ImportProblem } from '../protocol/catalogue.ts';

/** One record; `line` is where it begins in the file, the first line being 1. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] };

/** Either rows, or the findings that make the file unreadable. */
export type CsvRows = {
  readonly rows: readonly CsvRow[];
  readonly problems: readonly ImportProblem[];
};

const sliceBytes = 256 * 1024;
const newLine = 0x0a;
const carriageReturn = 0x0d;

/** Lets everything else that waits on this process run first. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const readCsvRows = async (bytes: Uint8Array): Promise<CsvRows> => {
  if (bytes.length > limits.csvBytesMax) {
    return unreadable(
      'file-too-large',
      null,
      `${bytes.length} bytes`,
      `A file may have ${limits.csvBytesMax / 1024 / 1024} MB. Split it and import the parts one after the other.`,
    );
  }
  const wrongEncoding = encodingProblem(bytes);
  if (wrongEncoding) return { rows: [], problems: [wrongEncoding] };
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return parse(hasMark ? bytes.subarray(3) : bytes);
};

const parse = async (bytes: Uint8Array): Promise<CsvRows> => {
  const rows: CsvRow[] = [];
  const lines = lineCounter(bytes);
  let endOfLast = 0;
  const parser = new Parser({
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: limits.csvFieldBytesMax,
    // Rows are taken here and not from the stream: at an error a stream forgets what it still holds,
    // and the finding would name a row too early.
    on_record: (cells: string[], { bytes: end }) => {
      rows.push({ line: lines.lineOfRecordAfter(endOfLast), cells });
      endOfLast = end;
      return null;
    },
  });
  const failure = await new Promise<CsvError | null>((resolve) => {
    parser.on('error', (error: CsvError) => resolve(error));
    parser.on('end', () => resolve(null));
    parser.resume();
    void feed(parser, bytes);
  });
  if (failure) return structureProblem(failure, lines.lineOfRecordAfter(endOfLast));
  return { rows, problems: [] };
};

const feed = async (parser: Parser, bytes: Uint8Array): Promise<void> => {
  for (let at = 0; at < bytes.length && !parser.destroyed; at += sliceBytes) {
    parser.write(bytes.subarray(at, at + sliceBytes));
    await breathe();
  }
  if (!parser.destroyed) parser.end();
};

/** Counts forward only: records come in the order of the file. */
const lineCounter = (bytes: Uint8Array) => {
  let at = 0;
  let line = 1;
  return {
    /** The line on which the record begins that follows byte `end`, empty lines passed over. */
    lineOfRecordAfter(end: number): number {
      const isBreak = (index: number) =>
        bytes[index] === newLine || bytes[index] === carriageReturn;
      while (at < bytes.length && (at < end || isBreak(at))) {
        // A carriage return counts where no line feed follows it: `\r\n` is one line end.
        if (bytes[at] === newLine || (bytes[at] === carriageReturn && bytes[at + 1] !== newLine))
          line += 1;
        at += 1;
      }
      return line;
    },
  };
};

const structureProblem = (error: CsvError, row: number): CsvRows => {
  switch (error.code) {
    case 'CSV_MAX_RECORD_SIZE':
      return unreadable(
        'row-too-long',
        row,
        null,
        `The row that begins here is longer than ${limits.csvFieldBytesMax / 1024 / 1024} MB. Most often a closing quote (") is missing in it: add it, or shorten the text.`,
      );
    case 'CSV_QUOTE_NOT_CLOSED':
      return unreadable(
        'quote-not-closed',
        row,
        null,
        'A quote (") is opened in the row that begins here and never closed. Close it, and write a quote inside a text twice ("").',
      );
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return unreadable(
        'quote-misplaced',
        row,
        null,
        'A quote (") stands in the middle of a cell of this row. Put the whole cell in quotes and write a quote inside it twice ("").',
      );
    default:
      return unreadable(
        'csv-unreadable',
        row,
        null,
        'The file stops being CSV at this row. Export it again as CSV, separated by commas.',
      );
  }
};

const encodingProblem = (bytes: Uint8Array): ImportProblem | null => {
  const mark = `${bytes[0]?.toString(16)}${bytes[1]?.toString(16)}`;
  const nul = bytes.indexOf(0);
  if (mark === 'fffe' || mark === 'feff' || (nul >= 0 && nul < 200)) {
    return problem(
      'encoding-not-utf8',
      null,
      'UTF-16',
      'The file is UTF-16. Save it again as “CSV UTF-8”.',
    );
  }
  if (nul >= 0) {
    return problem(
      'encoding-not-utf8',
      lineAt(bytes, nul),
      'a zero byte',
      'A zero byte stands in this line, so this is no text file. Export it again as “CSV UTF-8”.',
    );
  }
  const wrong = firstInvalidByte(bytes);
  if (wrong === null) return null;
  const byte = bytes[wrong] ?? 0;
  return problem(
    'encoding-not-utf8',
    lineAt(bytes, wrong),
    `byte 0x${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    'This line isn’t UTF-8; the file looks like Latin-1 or Windows-1252. Save it again as “CSV UTF-8”, or letters with accents would be wrong.',
  );
};

/** Where a file stops being UTF-8, by halving: a decoder only says that it does. */
const firstInvalidByte = (bytes: Uint8Array): number | null => {
  // While streaming, a sequence cut off at the end of the slice is no mistake yet.
  const isValid = (length: number, whole: boolean): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), {
        stream: !whole,
      });
      return true;
    } catch {
      return false;
    }
  };
  if (isValid(bytes.length, true)) return null;
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isValid(middle, false)) good = middle;
    else bad = middle;
  }
  // The byte that gave it away may be the one after the odd one: go back to the start of the sequence.
  let at = bad - 1;
  while (
    at > 0 &&
    (bytes[at - 1] ?? 0) >= 0xc0 &&
    (bytes[at] ?? 0) < 0xc0 &&
    (bytes[at] ?? 0) >= 0x80
  )
    at -= 1;
  return (bytes[at] ?? 0) < 0x80 && at > 0 ? at - 1 : at;
};

const lineAt = (bytes: Uint8Array, index: number): number => {
  let line = 1;
  for (let at = 0; at < index; at += 1) {
    if (bytes[at] === newLine || (bytes[at] === carriageReturn && bytes[at + 1] !== newLine))
      line += 1;
  }
  return line;
};

const problem = (
  code: string,
  row: number | null,
  found: string | null,
  advice: string,
): ImportProblem => ({
  severity: 'error',
  code,
  row,
  column: null,
  found,
  advice,
});

const unreadable = (
  code: string,
  row: number | null,
  found: string | null,
  advice: string,
): CsvRows => ({
  rows: [],
  problems: [problem(code, row, found, advice)],
});
