import { expect, test } from 'vitest';
import { measurements } from './measurements.ts';
import { percentile, rounded } from './result.ts';

test('a percentile is a sample: the nearest rank, in any order', () => {
  const samples = [50, 10, 40, 20, 30];
  expect([1, 20, 21, 50, 99, 100].map((p) => percentile(samples, p))).toEqual([
    10, 10, 20, 30, 50, 50,
  ]);
  expect(percentile([7], 50)).toBe(7);
  expect(() => percentile([], 50)).toThrow('no samples');
});

test('figures keep the three digits that mean something', () => {
  expect([1234.5, 0.012345, 98.765].map(rounded)).toEqual([1230, 0.0123, 98.8]);
});

test('every measurement says in a sentence what it measures', () => {
  const known = measurements();
  expect(known.map(({ name }) => name)).toContain('boot');
  expect(known.map(({ name }) => name)).not.toContain('run');
  for (const { about } of known) expect(about).toMatch(/^\w.{20,}/);
});
