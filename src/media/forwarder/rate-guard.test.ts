// What passes of a picture that is too much, on a clock that is handed in.

import { expect, test } from 'vitest';
import { RateGuard } from './rate-guard.ts';

/** A second of pictures, each in one packet, the first of them a key frame; how many passed. */
function second(guard: RateGuard, fromMs: number, bitsPerSecond: number): number {
  let passed = 0;
  for (let n = 0; n < 30; n += 1) {
    const bytes = bitsPerSecond / 8 / 30;
    if (guard.take(bytes, n === 0, fromMs + (n * 1000) / 30) !== 'drop') passed += 1;
  }
  return passed;
}

test('[FWD-9] what stays within the limit passes, with its peaks', () => {
  const guard = new RateGuard(12_000_000, 0);
  for (let at = 0; at < 60_000; at += 2000) {
    expect(second(guard, at, 20_000_000)).toBe(30);
    expect(second(guard, at + 1000, 3_000_000)).toBe(30);
  }
});

test('[FWD-9] of 50 Mbit/s no more passes than the limit, and each time from a key frame on', () => {
  const guard = new RateGuard(12_000_000, 0);
  let bits = 0;
  let last: string = 'pass';
  for (let at = 0; at < 60_000; at += 1) {
    const key = at % 1000 === 0;
    const passage = guard.take(6250, key, at);
    if (passage !== 'drop') bits += 50_000;
    if (last === 'drop' && passage !== 'drop') {
      expect(passage).toBe('resume');
      expect(key).toBe(true);
    }
    last = passage;
  }
  expect(bits).toBeLessThan(12_000_000 * 62);
  expect(bits).toBeGreaterThan(12_000_000 * 20);
});

test('[FWD-9] a publisher that slows down is passed on whole again', () => {
  const guard = new RateGuard(12_000_000, 0);
  for (let at = 0; at < 10_000; at += 1000) second(guard, at, 50_000_000);
  second(guard, 10_000, 4_000_000);
  second(guard, 11_000, 4_000_000);
  expect(second(guard, 12_000, 4_000_000)).toBe(30);
});
