import { expect, test } from 'vitest';
import { sealWith } from './sealed.ts';

test('[SIM-2] a sealed key opens with the secret and for what it was sealed for, and nothing else', () => {
  const seal = sealWith('secret', 'keys');
  const sealed = seal.seal('live_abc', 'one');
  expect(seal.open(sealed, 'one')).toBe('live_abc');
  expect(sealed.includes('live_abc')).toBe(false);
  expect(seal.seal('live_abc', 'one').equals(sealed)).toBe(false);
  const other = Buffer.from(sealed);
  other[sealed.length - 1]! ^= 1;
  expect([
    seal.open(sealed, 'two'),
    seal.open(other, 'one'),
    seal.open(sealed.subarray(0, 20), 'one'),
    sealWith('other', 'keys').open(sealed, 'one'),
    sealWith('secret', 'else').open(sealed, 'one'),
  ]).toEqual([null, null, null, null, null]);
});
