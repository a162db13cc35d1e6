import { describe, expect, it } from 'vitest';
import { type CodeView, makeCodeBody } from '../../protocol/codes.ts';
import { checkCode, codeState, codeWords, newCode, timeWords, usesWords } from './code-form.ts';
import { localText } from './plan-form.ts';

const nowMs = new Date(2026, 10, 24, 12, 0).getTime();
const hourMs = 3_600_000;
const check = (over: object) => checkCode({ ...newCode, code: 'spring 10', ...over }, 'EUR', nowMs);
const problems = (over: object) => {
  const checked = check(over);
  return checked.ok ? [] : Object.keys(checked.problems);
};

describe('the form of a promo code', () => {
  it('gives what the shop takes: ten percent off everything, once a person', () => {
    const checked = check({});
    expect(checked).toEqual({
      ok: true,
      body: {
        code: 'SPRING10',
        off: { kind: 'percent', percent: 10 },
        productIds: null,
        minimumMinor: 0,
        fromMs: null,
        untilMs: null,
        usesMax: null,
        perPersonMax: 1,
      },
    });
    expect(makeCodeBody.safeParse(checked.ok && checked.body).success).toBe(true);
  });
  it('reads amounts, times, counts and products', () => {
    const [from, until] = [nowMs + hourMs, nowMs + 2 * hourMs];
    const checked = check({
      kind: 'amount',
      off: '5,50',
      productIds: ['vase'],
      minimum: '50',
      from: localText(from),
      until: localText(until),
      uses: '100',
      perPerson: '',
    });
    expect(checked).toMatchObject({
      body: {
        off: { kind: 'amount', minor: 550 },
        productIds: ['vase'],
        minimumMinor: 5_000,
        fromMs: from,
        untilMs: until,
        usesMax: 100,
        perPersonMax: null,
      },
    });
  });
  it('names every field that can’t be', () => {
    expect(problems({ code: 'a' })).toEqual(['code']);
    for (const off of ['', '0', '101', '12.5', 'x']) expect(problems({ off })).toEqual(['off']);
    for (const off of ['', '0', 'x']) expect(problems({ kind: 'amount', off })).toEqual(['off']);
    expect(problems({ minimum: 'x' })).toEqual(['minimum']);
    expect(problems({ until: localText(nowMs) })).toEqual(['until']);
    const later = { from: localText(nowMs + hourMs), until: localText(nowMs + hourMs) };
    expect(problems(later)).toEqual(['until']);
    expect(problems({ uses: '0', perPerson: '-1' })).toEqual(['uses', 'perPerson']);
  });
});

describe('a promo code in words', () => {
  const code: CodeView = {
    code: 'SPRING10',
    off: { kind: 'percent', percent: 10 },
    currency: 'EUR',
    productIds: null,
    minimumMinor: 0,
    fromMs: nowMs,
    untilMs: nowMs + hourMs,
    usesMax: 100,
    perPersonMax: 1,
    isEnded: false,
    uses: 3,
  };
  it('says what it takes off what', () => {
    expect(codeWords(code)).toBe('10 % off all products');
    const five: CodeView = { ...code, off: { kind: 'amount', minor: 500 }, productIds: ['a'] };
    expect(codeWords({ ...five, minimumMinor: 5_000 })).toBe(
      '€\u00a05.00 off 1 product, from €\u00a050.00 on',
    );
    expect(codeWords({ ...five, productIds: ['a', 'b'] })).toBe('€\u00a05.00 off 2 products');
  });
  it('says how often it was used and may be', () => {
    expect(usesWords(code)).toBe('3 of 100 used, 1 a person');
    expect(usesWords({ ...code, usesMax: null, perPersonMax: null })).toBe('3 used');
  });
  it('knows how it stands', () => {
    expect(codeState(code, nowMs - 1)).toBe('coming');
    expect(codeState(code, nowMs)).toBe('running');
    expect(codeState({ ...code, uses: 100 }, nowMs)).toBe('used-up');
    expect(codeState(code, nowMs + hourMs)).toBe('over');
    expect(codeState({ ...code, isEnded: true }, nowMs)).toBe('over');
    expect(timeWords({ ...code, untilMs: null }, nowMs)).toBe('');
    expect(timeWords(code, nowMs - 1)).toMatch(/^from .+ until /);
  });
});
