import { expect, test } from 'vitest';
import { momentIn, wallTimeOf } from '../../base/zone.ts';
import { occurrences, type RepeatRule, wrongRule } from './repeats.ts';

const rome = 'Europe/Rome';
const at = (year: number, month: number, day: number, hour = 20) =>
  momentIn({ year, month, day, hour, minute: 0 }, rome);
const far = at(2030, 1, 1);
const days = (rule: Partial<RepeatRule> & Pick<RepeatRule, 'every' | 'step'>, startsAtMs: number) =>
  occurrences({ untilMs: null, count: null, ...rule } as RepeatRule, startsAtMs, rome, far).map(
    ({ startsAtMs: ms }) => {
      const { year, month, day, hour } = wallTimeOf(ms, rome);
      return `${year}-${month}-${day} ${hour}`;
    },
  );

test('[REM-4] weekly stays at eight over the day on which clocks go back', () => {
  expect(days({ every: 'weeks', step: 1, count: 3 }, at(2026, 10, 18))).toEqual([
    '2026-10-18 20',
    '2026-10-25 20',
    '2026-11-1 20',
  ]);
  const [a = 0, b = 0] = occurrences(
    { every: 'weeks', step: 1, count: 2, untilMs: null },
    at(2026, 10, 18),
    rome,
    far,
  ).map(({ startsAtMs }) => startsAtMs);
  expect(b - a).toBe((7 * 24 + 1) * 3_600_000);
});

test('[REM-4] every so many days, until a day', () => {
  expect(days({ every: 'days', step: 10, untilMs: at(2026, 12, 21) }, at(2026, 12, 1))).toEqual([
    '2026-12-1 20',
    '2026-12-11 20',
    '2026-12-21 20',
  ]);
});

test('[REM-4] monthly by weekday: the second Sunday, and the fifth is the last', () => {
  expect(days({ every: 'months', step: 1, count: 3 }, at(2026, 11, 8))).toEqual([
    '2026-11-8 20',
    '2026-12-13 20',
    '2027-1-10 20',
  ]);
  expect(days({ every: 'months', step: 1, count: 4 }, at(2026, 11, 29))).toEqual([
    '2026-11-29 20',
    '2026-12-27 20',
    '2027-1-31 20',
    '2027-2-28 20',
  ]);
});

test('[REM-4] looks no further than it is asked to', () => {
  const weekly: RepeatRule = { every: 'weeks', step: 1, count: 50, untilMs: null };
  const soon = occurrences(weekly, at(2026, 11, 1), rome, at(2026, 11, 15));
  expect(soon.map(({ nth }) => nth)).toEqual([0, 1, 2]);
});

test('[REM-4] a series has an end that can be reached and a step that means something', () => {
  const ok: RepeatRule = { every: 'weeks', step: 1, count: 2, untilMs: null };
  expect(wrongRule(ok, 0)).toBeNull();
  expect(wrongRule({ ...ok, step: 0 }, 0)).toBe('step');
  expect(wrongRule({ ...ok, step: 13 }, 0)).toBe('step');
  expect(wrongRule({ ...ok, count: null }, 0)).toBe('end');
  expect(wrongRule({ ...ok, count: 1 }, 0)).toBe('end');
  expect(wrongRule({ ...ok, count: null, untilMs: 5 }, 6)).toBe('end');
});
