// What a comment means where code words are on: a claim, something unclear, or nothing. Exact forms alone
// are claims (`LAGOON`, `lagoon 2`, `2x lagoon`, `sold lagoon`, `lagoon x2`); whatever else has a code word
// in it is unclear, and nobody guesses. Pure and total. Rules: docs/rules/comment-claim.md.

import { limits } from '../../base/limits.ts';
import { foldText, withoutQuantity } from './code-word.ts';

export type Reading =
  | { readonly kind: 'none' }
  | { readonly kind: 'claim'; readonly word: string; readonly quantity: number }
  | {
      readonly kind: 'unclear';
      readonly reason: UnclearReason;
      /** The code words in it, in the order of `words`. */
      readonly words: readonly string[];
    };

/** Several code words; a question; a quantity that can't be; other words around. */
export type UnclearReason = 'several' | 'question' | 'quantity' | 'words';

const questionMarks = /[?？؟¿⁇⁈⁉❓❔]/u;
/** Said without words: crossed out, forbidden, thumb down, head shaken. */
const refusingSigns = /[❌❎✖✗✘🚫⛔👎🙅]/u;
const pictures =
  /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\uFE0F|\u200D|\u20E3/gu;
/** Around a claim these mean nothing. Others do: `@`, `%`, `/` and signs of currencies. */
const edge = String.raw`[\s!.,:;'"\x60´“”‘’«»„‚()\[\]{}*_~^…#•·、。！，．｡♡♥♪-]+`;
const edges = new RegExp(`^${edge}|${edge}$`, 'gu');
/** A digit behind a sign is another number: `-2`, `+1`, `.5`, `1/2`. */
const signedDigit = /[-–—−+]\s*\d|[.,:/⁄]\d/u;
/** Scripts that put no space between words: there a code word is looked for anywhere in the text. */
const spaceless =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Reads a comment. `words` are code words as `codeWordOf` gives them, each once. */
export const readComment = (text: string, words: Iterable<string>): Reading => {
  const folded = foldText(text.replace(pictures, ' '));
  const spoken = new Set(folded.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []);
  for (const word of [...spoken]) spoken.add(withoutQuantity(word));
  const found = [...words].filter(
    (word) => spoken.has(word) || (spaceless.test(word) && folded.includes(word)),
  );
  const [word] = found;
  if (word === undefined) return { kind: 'none' };
  const unclear = (reason: UnclearReason): Reading => ({ kind: 'unclear', reason, words: found });
  if (found.length > 1) return unclear('several');
  if (questionMarks.test(text)) return unclear('question');
  if (refusingSigns.test(text)) return unclear('words');
  if (signedDigit.test(folded)) return unclear('quantity');
  const parts = folded.replace(edges, '').split(/\s+/u);
  if (parts.length > 1 && parts[0] === 'SOLD') parts.shift();
  const amount = amountBeside(parts, word);
  if (amount === null) return unclear(/\d/.test(folded.replace(word, '')) ? 'quantity' : 'words');
  const quantity = /^[1-9]\d{0,8}$/.test(amount) ? Number(amount) : 0;
  return quantity >= 1 && quantity <= limits.claimQuantityMax
    ? { kind: 'claim', word, quantity }
    : unclear('quantity');
};

/** The digits of an exact form, `1` for the word alone; null for any other form. */
const amountBeside = (parts: readonly string[], word: string): string | null => {
  const text = parts.join(' ');
  if (text === word) return '1';
  if (text.startsWith(`${word} `)) {
    return /^[X×]? ?(\d+)$/u.exec(text.slice(word.length + 1))?.[1] ?? null;
  }
  if (text.endsWith(` ${word}`)) {
    return /^(\d+) ?[X×]?$/u.exec(text.slice(0, -word.length - 1))?.[1] ?? null;
  }
  return null;
};
