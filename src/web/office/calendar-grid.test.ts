import { expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  beginOf,
  dayOf,
  dayText,
  momentOnDay,
  monthOf,
  weekOf,
} from './calendar-grid.ts';

test('a month stands in whole weeks from Monday on', () => {
  const november = monthOf('2026-11-15');
  expect(november.map(([monday]) => monday)).toEqual([
    '2026-10-26',
    '2026-11-02',
    '2026-11-09',
    '2026-11-16',
    '2026-11-23',
    '2026-11-30',
  ]);
  expect(monthOf('2027-02-10')).toHaveLength(4);
  expect(november.every((week) => week.length === 7)).toBe(true);
});

test('days and months go on over the ends of months and years', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
  expect(addMonths('2026-12-05', 1)).toBe('2027-01-05');
  expect(weekOf('2027-01-01')).toContain('2026-12-31');
});

test('a moment belongs to the day whose beginning came last', () => {
  for (const day of ['2026-03-29', '2026-10-25', '2026-07-01']) {
    expect(dayOf(beginOf(day))).toBe(day);
    expect(dayOf(beginOf(day) - 1)).toBe(addDays(day, -1));
  }
  expect(dayText('2026-11-29')).toBe('Sunday 29 November');
});

test('a show that moves to another day keeps its time, also over the change of clocks', () => {
  const eight = new Date(2026, 9, 24, 20, 15).getTime();
  for (const day of ['2026-10-25', '2026-10-26', '2027-01-31', '2026-03-29'])
    expect(new Date(momentOnDay(eight, day))).toEqual(
      new Date(
        ...(day.split('-').map((part, nth) => Number(part) - (nth === 1 ? 1 : 0)) as [
          number,
          number,
          number,
        ]),
        20,
        15,
      ),
    );
});
