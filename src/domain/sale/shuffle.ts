// The order of a drop's line: a seed committed to before anybody entered, mixed with words of everyone
// who did, sorts the entries. Neither the server alone nor a buyer alone can choose it: the seed stands
// before the words come, and the words come before the seed is told. (Whoever runs the server and also
// enters last, knowing the seed, could; no log can rule that out without an outside beacon.)
// Pure, for server, browser and whoever verifies. Rules: docs/rules/drop.md, DRO-6 to DRO-9.

import { sha256Hex } from './commitment.ts';

/** [DRO-9] The commitment to a drop's seed. */
export const seedCommitment = (dropId: string, seed: string): string =>
  sha256Hex(['rialto-drop-1', dropId, seed].join('\n'));

/** The mix before the first entry. */
export const emptyMix = (dropId: string): string => sha256Hex(`rialto-drop-1-mix\n${dropId}`);

/** The mix after an entry: every entry's words, in turn. */
export const mixedWith = (mix: string, entry: number, words: string): string =>
  sha256Hex([mix, entry, words].join('\n'));

/** What sorts: made of the revealed seed and of the mix of all entries before the opening. */
export const mixedSeed = (seed: string, mix: string): string => sha256Hex([seed, mix].join('\n'));

/** The entries in their order. O(n log n) and one hash an entry. */
export const shuffled = (seed: string, entries: readonly number[]): number[] =>
  entries
    .map((entry) => ({ entry, key: sha256Hex(`${seed}\n${entry}`) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.entry - b.entry))
    .map(({ entry }) => entry);
