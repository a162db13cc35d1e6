import { describe, expect, it } from 'vitest';
import { unreachable } from '../live/http-client.ts';
import { linkedCode } from './linked-code.ts';
import { refusedCode } from './promo-code.ts';

const storage = () => {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
};

describe('a promo code on the page', () => {
  it('comes by the link, stays for the visit, and gives way to a later link', () => {
    const visit = storage();
    expect(linkedCode('', visit)).toBe('');
    expect(linkedCode('?code=SPRING10', visit)).toBe('SPRING10');
    expect(linkedCode('', visit)).toBe('SPRING10');
    expect(linkedCode('?x=1&code=%20kiln5 ', visit)).toBe('kiln5');
    expect(linkedCode('?code=', visit)).toBe('kiln5');
    expect(linkedCode(`?code=${'A'.repeat(99)}`, visit)).toHaveLength(64);
  });
  it('counts without a storage too', () => {
    const closed = {
      getItem: () => {
        throw new Error('closed');
      },
      setItem: () => {
        throw new Error('closed');
      },
    };
    expect(linkedCode('?code=SPRING10', closed)).toBe('SPRING10');
    expect(linkedCode('', closed)).toBe('');
  });
  it('says why it isn’t taken, with the shop’s amounts', () => {
    const minimum = { ...unreachable, code: 'code-minimum' as const, minimumMinor: 5_000 };
    expect(refusedCode({ ...minimum, currency: 'EUR' })).toBe(
      'It counts from goods of €\u00a050.00 on.',
    );
    const over = { ...unreachable, code: 'code-over' as const, title: 'This code is over' };
    expect(refusedCode(over)).toBe('This code is over.');
  });
});
