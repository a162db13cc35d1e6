// What the sandbox of payments must still know after a restart, a line each, in a file of the data folder. The
// rule it guards: a line stands in the file before anybody is told what it says.

import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export type SandboxEntry =
  | {
      readonly kind: 'refund';
      readonly key: string;
      /** The wish as text: the key with another one is a bug. */
      readonly wish: string;
      readonly paymentId: string;
      readonly minor: number;
      readonly refundId: string;
    }
  /** What the bank said of a card that was to be kept. */
  | { readonly kind: 'card'; readonly setupId: string; readonly outcome: 'kept' | 'declined' }
  /** What became of a payment that waited. */
  | {
      readonly kind: 'outcome';
      readonly paymentId: string;
      readonly outcome: 'paid' | 'declined' | 'cancelled';
    };

export interface SandboxJournal {
  /** What was written before, oldest first. */
  readonly entries: readonly SandboxEntry[];
  write(entry: SandboxEntry): void;
}

/** A journal that ends with the process. */
export const noJournal = (): SandboxJournal => ({ entries: [], write: () => undefined });

/** Entries that are kept: no shop that sells for real has a sandbox. */
const entriesMax = 100_000;

/** A journal in this file, which is made with its folder when the first entry comes. */
export const fileJournal = (path: string): SandboxJournal => {
  const read = existsSync(path) ? entriesIn(readFileSync(path, 'utf8')) : [];
  const entries = read.slice(-entriesMax);
  // Also after a crash in the middle of a line: the next entry must not hang on to half of one.
  if (read.length > 0) writeFileSync(path, entries.map(lineOf).join(''));
  return {
    entries,
    write(entry) {
      mkdirSync(dirname(path), { recursive: true });
      appendFileSync(path, lineOf(entry));
    },
  };
};

const lineOf = (entry: SandboxEntry): string => `${JSON.stringify(entry)}\n`;

const entriesIn = (text: string): SandboxEntry[] =>
  text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as SandboxEntry];
    } catch {
      return [];
    }
  });
