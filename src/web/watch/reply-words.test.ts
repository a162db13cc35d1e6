import { expect, it } from 'vitest';
import { codeWords } from './code-words.ts';
import { replyWords } from './reply-words.ts';

const units = { offerId: 'o1', variantId: 'v1', title: 'Lagoon vase', quantity: 1 };
const codes = [{ word: 'LAGOON', title: 'Lagoon vase' }];

it('[CCL-5] says what to write instead, with an example where the quantity was unclear', () => {
  expect(replyWords({ says: 'unclear', reason: 'question', codes })).toBe(
    'Nothing was claimed by a question. To claim, write just LAGOON for Lagoon vase.',
  );
  expect(replyWords({ says: 'unclear', reason: 'quantity', codes })).toBe(
    'Nothing was claimed: the quantity isn’t clear. To claim, write just LAGOON for Lagoon vase, or with how many, as in LAGOON 2.',
  );
  expect(
    replyWords({
      says: 'unclear',
      reason: 'several',
      codes: [...codes, { word: 'OCHRE', title: 'Ochre vase' }],
    }),
  ).toBe(
    'Nothing was claimed: one code word at a time. To claim, write just LAGOON for Lagoon vase, or OCHRE for Ochre vase.',
  );
  // The offer has closed in the same moment.
  expect(replyWords({ says: 'unclear', reason: 'words', codes: [] })).toBe('Nothing was claimed.');
});

it('[CCL-9] says the place in the line, and that the next is next', () => {
  expect(replyWords({ says: 'waiting', holdId: 'h', place: 1, ...units })).toMatch(/yours next/);
  expect(replyWords({ says: 'waiting', holdId: 'h', place: 3, ...units, quantity: 2 })).toBe(
    'None is left of 2 × Lagoon vase. You are number 3 in the line.',
  );
});

it('names the code word of the chosen variant alone', () => {
  const comments = { policy: 'hold', codes: [{ variantId: 'v1', word: 'LAGOON' }] } as const;
  const v1 = { variantId: 'v1', left: 2, inCarts: 1 };
  expect(codeWords(comments, v1)).toBe('or write LAGOON in the chat');
  expect(codeWords(comments, { ...v1, variantId: 'v2' })).toBeNull();
  expect(codeWords(null, v1)).toBeNull();
  expect(codeWords(comments, { ...v1, left: 0 })).toBeNull();
  const line = { ...comments, policy: 'waitlist' } as const;
  expect(codeWords(line, { ...v1, left: 0 })).toMatch(/^Write LAGOON in the chat to stand/);
  expect(codeWords(line, { ...v1, left: 0, inCarts: 0 })).toBeNull();
});
