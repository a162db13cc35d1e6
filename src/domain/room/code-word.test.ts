import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areConfusable, codeWordOf, foldText, suggestCodeWord } from './code-word.ts';

describe('code words', () => {
  it('[CCL-2] are 2 to 20 letters and digits with a letter among them', () => {
    expect(['lagoon', 'K7', '7up', '  Vase ', '瀉湖'].map(codeWordOf)).toEqual([
      'LAGOON',
      'K7',
      '7UP',
      'VASE',
      '瀉湖',
    ]);
    const wrong = ['', 'a', '42', 'two words', 'la-goon', 'vase!', 'v'.repeat(21), '🔥🔥'];
    expect(wrong.map(codeWordOf)).toEqual(wrong.map(() => null));
    expect(codeWordOf('v'.repeat(20))).toBe('V'.repeat(20));
  });
  it('[CCL-2] are no words of every chat, no colours, sizes, quantities', () => {
    const said = ['Yes', 'mine', 'sold', 'très', 'schön', 'RED', 'xl', 'x2', '2x', 'first'];
    expect(said.map(codeWordOf)).toEqual(said.map(() => null));
  });
  it('[CCL-2] fold case and accents, and keep signs that make another word', () => {
    expect(foldText('Lägöön')).toBe('LAGOON');
    expect(foldText('ＬＡＧＯＯＮ')).toBe('LAGOON');
    expect(foldText('la\u00ADgo\u200Bon')).toBe('LAGOON');
    expect(foldText('が')).not.toBe(foldText('か'));
  });
  it('[CCL-3] are confusable with another that a quantity is written to', () => {
    expect(areConfusable('LAGOON', 'LAGOON2')).toBe(true);
    expect(areConfusable('2XLAGOON', 'LAGOON')).toBe(true);
    expect(areConfusable('LAGOON', 'LAGOONS')).toBe(false);
    expect(areConfusable('K7', 'K8')).toBe(false);
  });
  it('suggests from the variant, then from the product, never one that is taken', () => {
    expect(suggestCodeWord('Lagoon vase', 'Ochre', [])).toBe('OCHRE');
    expect(suggestCodeWord('Lagoon vase', '', [])).toBe('LAGOON');
    expect(suggestCodeWord('Lagoon vase', '', ['LAGOON'])).toBe('VASE');
    expect(suggestCodeWord('Lagoon vase', 'Red', [])).toBe('LAGOONRED');
    expect(suggestCodeWord('Lagoon vase', 'XL', ['LAGOONXL'])).toBe('VASEXL');
    expect(suggestCodeWord('Vase', '', ['VASE'])).toBe('VASEB');
    expect(suggestCodeWord('!', '', [])).toBe('');
  });
  it('suggests only words that may be one, for any titles', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'grapheme' }), (title, variant) => {
        const first = suggestCodeWord(title, variant, []);
        if (first !== '') expect(codeWordOf(first)).toBe(first);
        const second = suggestCodeWord(title, variant, [first]);
        if (first !== '') expect(areConfusable(first, second)).toBe(false);
      }),
    );
  });
});
