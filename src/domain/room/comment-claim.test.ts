import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText } from './code-word.ts';
import { type Reading, readComment } from './comment-claim.ts';

const words = ['LAGOON', 'OCHRE', 'K7', '瀉湖'];
const read = (text: string): Reading => readComment(text, words);
const claim = (quantity: number, word = 'LAGOON') => ({ kind: 'claim', word, quantity });
const unclear = (reason: string, ...found: string[]) => ({
  kind: 'unclear',
  reason,
  words: found.length > 0 ? found : ['LAGOON'],
});

describe('reading a comment', () => {
  it.each([
    ['LAGOON', 1],
    ['lagoon', 1],
    ['Lägoon', 1],
    ['lagoon 2', 2],
    ['lagoon x2', 2],
    ['Lagoon X 2', 2],
    ['lagoon ×3', 3],
    ['2x lagoon', 2],
    ['2 x lagoon', 2],
    ['2 lagoon', 2],
    ['sold lagoon', 1],
    ['SOLD Lagoon x2', 2],
    ['sold 2 lagoon', 2],
    ['🔥🔥 lagoon!!! ❤️', 1],
    ['“Lagoon”', 1],
    ['lagoon 2️⃣', 2],
    ['  lagoon   2 . ', 2],
    ['#lagoon', 1],
    ['lagoon...', 1],
    ['ＬＡＧＯＯＮ ２', 2],
    ['lagoon 100', 100],
  ])('[CCL-4] %s is a claim', (text, quantity) => {
    expect(read(text)).toEqual(claim(quantity));
  });
  it('[CCL-4] reads words with digits and of scripts without spaces', () => {
    expect(read('k7 2')).toEqual(claim(2, 'K7'));
    expect(read('瀉湖')).toEqual(claim(1, '瀉湖'));
    expect(read('瀉湖 2')).toEqual(claim(2, '瀉湖'));
  });

  it.each([
    ['is lagoon still there?', 'question'],
    ['lagoon?', 'question'],
    ['lagoon 2？', 'question'],
    ['¿lagoon', 'question'],
    ['no lagoon for me', 'words'],
    ['not lagoon', 'words'],
    ['no lagoon', 'words'],
    ['lagoon ❌', 'words'],
    ['👎🏽 lagoon', 'words'],
    ['lagoon please', 'words'],
    ['the lagoon one is lovely', 'words'],
    ['lagoon sold', 'words'],
    ['lagoon lagoon', 'words'],
    ['lagoon x', 'words'],
    ['@lagoon', 'words'],
    ['lagoon 0', 'quantity'],
    ['lagoon 00', 'quantity'],
    ['lagoon 02', 'quantity'],
    ['lagoon -2', 'quantity'],
    ['-2 lagoon', 'quantity'],
    ['- 2 lagoon', 'quantity'],
    ['−2 lagoon', 'quantity'],
    ['+1 lagoon', 'quantity'],
    ['lagoon 1.5', 'quantity'],
    ['.5 lagoon', 'quantity'],
    ['lagoon 1/2', 'quantity'],
    ['lagoon ½', 'quantity'],
    ['lagoon 2€', 'quantity'],
    ['lagoon 50%', 'quantity'],
    ['lagoon 2 3', 'quantity'],
    ['2 lagoon 3', 'quantity'],
    ['2x lagoon x2', 'quantity'],
    ['lagoon 101', 'quantity'],
    ['lagoon 99999999999999999999', 'quantity'],
    ['lagoon2', 'quantity'],
    ['2xlagoon', 'quantity'],
    ['lagoon for 20', 'quantity'],
  ])('[CCL-5] %s is unclear: %s', (text, reason) => {
    expect(read(text)).toEqual(unclear(reason));
  });
  it('[CCL-5] two code words at once are unclear, and both are named', () => {
    expect(read('lagoon ochre')).toEqual(unclear('several', 'LAGOON', 'OCHRE'));
    expect(read('lagoon or ochre?')).toEqual(unclear('several', 'LAGOON', 'OCHRE'));
  });
  it('[CCL-5] a code word inside a sentence of a script without spaces is unclear', () => {
    expect(read('我不要瀉湖')).toEqual(unclear('words', '瀉湖'));
  });
  it.each(['', 'hello', 'lagoons', 'sold', '2', 'x2', 'blagoon', 'la goon', 'lаgoon'])(
    '[CCL-4] %s says nothing about a code word',
    (text) => {
      expect(read(text)).toEqual({ kind: 'none' });
    },
  );
  it('[CCL-1] without code words everything is just words', () => {
    expect(readComment('lagoon', [])).toEqual({ kind: 'none' });
  });
});

// What a claim must look like, said in another way than the parser says it: letters and digits alone.
const exactForm = /^(SOLD )?((LAGOON|OCHRE)( X? ?[1-9]\d{0,2})?|[1-9]\d{0,2} ?X? (LAGOON|OCHRE))$/;
const bare = (text: string): string =>
  (
    foldText(text)
      .replaceAll('×', 'X')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ');

describe('reading any text', () => {
  const token = fc.constantFrom(
    ...[
      'lagoon',
      'LAGOON',
      'ochre',
      'lagoons',
      'sold',
      'no',
      'not',
      'is',
      'x',
      'X2',
      '2x',
      '×',
      '2',
    ],
    ...[
      '0',
      '-3',
      '101',
      '1.5',
      '?',
      '？',
      '!',
      '…',
      '❤️',
      '❌',
      '🔥',
      '@',
      '#',
      '%',
      '€',
      ',',
      '-',
      '+',
    ],
    ...['2️⃣', '½', '\u200B', 'ä', 'é', '我', 'mine', '999999999999'],
  );
  const text = fc.oneof(
    fc
      .array(fc.tuple(token, fc.constantFrom('', ' ', '  ')), { maxLength: 7 })
      .map((parts) => parts.flat().join('')),
    fc.string({ maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 40 }).map((noise) => `${noise} lagoon ${noise}`),
  );

  it('[CCL-4] [CCL-5] claims nothing but the exact forms, and never throws', () => {
    fc.assert(
      fc.property(text, (comment) => {
        const reading = readComment(comment, ['LAGOON', 'OCHRE']);
        if (reading.kind !== 'claim') return;
        expect(bare(comment)).toMatch(exactForm);
        expect(comment).not.toMatch(/[?？¿❓❌👎@%€]/u);
        expect(bare(comment).split(' ')).toContain(reading.word);
        const digits = /\d+/.exec(bare(comment));
        expect(reading.quantity).toBe(digits ? Number(digits[0]) : 1);
      }),
      { numRuns: 5_000 },
    );
  });

  it('[CCL-4] takes every exact form, whatever is around it', () => {
    const around = fc
      .array(fc.constantFrom('!', '.', '🔥', '❤️', '"', '…', ' ', '👏🏽', '*', '('), {
        maxLength: 4,
      })
      .map((signs) => signs.join(''));
    const form = fc.constantFrom(
      (word: string, n: number) => `${word} ${n}`,
      (word: string, n: number) => `${word} x${n}`,
      (word: string, n: number) => `${n}x ${word}`,
      (word: string, n: number) => `${n} ${word}`,
      (word: string, n: number) => `sold ${n} ${word}`,
    );
    const spelt = fc.constantFrom('lagoon', 'Lagoon', 'LAGOON', 'Lágoon', 'lagöon');
    fc.assert(
      fc.property(
        fc.record({
          before: around,
          after: around,
          form,
          spelt,
          quantity: fc.integer({ min: 1, max: 100 }),
        }),
        ({ before, after, form: write, spelt: word, quantity }) => {
          expect(read(`${before} ${write(word, quantity)}${after}`)).toEqual(claim(quantity));
          expect(read(`${before}${word}${after}`)).toEqual(claim(1));
          expect(read(`${before}sold ${word}${after}`)).toEqual(claim(1));
        },
      ),
    );
  });

  it('[CCL-5] a question, a denial or another word makes any exact form unclear', () => {
    const spoil = fc.constantFrom('?', ' ?', ' ❌', ' please', ' no', ' ochre', ' 2 3', '€');
    fc.assert(
      fc.property(
        fc.constantFrom('lagoon', 'lagoon 2', '2x lagoon', 'sold lagoon'),
        spoil,
        (form, bad) => {
          expect(read(`${form}${bad}`).kind).toBe('unclear');
        },
      ),
    );
  });
});

const comments = join(import.meta.dirname, '../../../../shared/data/comments');

/** Real comments under product videos, several languages; not part of the project. */
describe.runIf(existsSync(comments))('reading real comments', () => {
  const real = ['labelled.csv', 'unlabelled.csv'].flatMap((file) =>
    (
      parse(readFileSync(join(comments, file)), { columns: true, relax_quotes: true }) as {
        text: string;
      }[]
    ).map(({ text }) => text),
  );

  it('[CCL-4] finds a claim only where the word is all that is said', () => {
    // Words that these people do use, among them the names of what they talk about.
    const spoken = [
      'TRANSLATOR',
      'RECORDER',
      'XFAIYX',
      'CHINA',
      'BATTERY',
      'DICTAPHONE',
      'BIRTHDAY',
    ];
    const claims = real.filter((text) => readComment(text, spoken).kind === 'claim');
    const mentioned = real.filter((text) => readComment(text, spoken).kind === 'unclear');
    expect(real.length).toBeGreaterThan(5_000);
    expect(mentioned.length).toBeGreaterThan(500);
    // The whole comment is the word and nothing else: that is a claim, whoever wrote it.
    expect(claims.map((text) => bare(text))).toEqual(
      claims.map(() => expect.stringMatching(/^\w+$/)),
    );
    expect(claims.length).toBeLessThan(10);
  });

  it('[CCL-5] a code word planted into real comments is never a claim unless it is all that is said', () => {
    const planted = real.flatMap((text, index) => {
      const parts = text.split(/\s+/);
      const at = index % (parts.length + 1);
      return [[...parts.slice(0, at), 'lagoon', ...parts.slice(at)].join(' ')];
    });
    const claims = planted.filter((text) => readComment(text, ['LAGOON']).kind === 'claim');
    const ofWords = claims.filter((text) =>
      /[\p{L}\p{N}]/u.test(foldText(text).replace('LAGOON', '')),
    );
    // Somebody's whole comment is `1`.
    expect(ofWords.map(bare)).toEqual(ofWords.map(() => expect.stringMatching(exactForm)));
    // The rest are pictures and punctuation alone around the word.
    expect(claims.length).toBeLessThan(planted.length / 10);
    const lost = planted.filter((text) => readComment(text, ['LAGOON']).kind === 'none');
    expect(lost).toEqual([]);
  });
});
