import { expect, test } from 'vitest';
import { isZone, momentIn, wallTimeOf, zoneOffsetMs } from './zone.ts';

const wall = (text: string) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/\D/).map(Number);
  return { year, month, day, hour, minute };
};
const utc = (text: string, zone: string) => new Date(momentIn(wall(text), zone)).toISOString();

test('[REM-3] an evening at eight is another moment in summer than in winter', () => {
  expect(utc('2026-07-01 20:00', 'Europe/Rome')).toBe('2026-07-01T18:00:00.000Z');
  expect(utc('2026-12-01 20:00', 'Europe/Rome')).toBe('2026-12-01T19:00:00.000Z');
  expect(utc('2026-12-01 20:00', 'Pacific/Auckland')).toBe('2026-12-01T07:00:00.000Z');
  expect(utc('2026-12-01 20:00', 'Asia/Kathmandu')).toBe('2026-12-01T14:15:00.000Z');
});

test('[REM-3] a time that is skipped moves forward, one that comes twice is the first', () => {
  expect(utc('2026-03-29 02:30', 'Europe/Rome')).toBe('2026-03-29T01:30:00.000Z');
  expect(wallTimeOf(Date.UTC(2026, 2, 29, 1, 30), 'Europe/Rome')).toEqual(wall('2026-03-29 03:30'));
  expect(utc('2026-10-25 02:30', 'Europe/Rome')).toBe('2026-10-25T00:30:00.000Z');
  expect(utc('2026-03-08 02:30', 'America/New_York')).toBe('2026-03-08T07:30:00.000Z');
});

test('every hour of a year comes back from its wall clock, but for the one that comes twice', () => {
  for (const zone of ['Europe/Rome', 'Australia/Lord_Howe']) {
    let others = 0;
    for (let atMs = Date.UTC(2026, 0, 1); atMs < Date.UTC(2027, 0, 1); atMs += 1_800_000)
      if (momentIn(wallTimeOf(atMs, zone), zone) !== atMs) others += 1;
    expect(others).toBe(zone === 'Europe/Rome' ? 2 : 1);
  }
});

test('names of zones are known or not', () => {
  expect(['Europe/Rome', 'UTC'].every(isZone)).toBe(true);
  expect(['Europe/Laguna', '', 'x'.repeat(80)].some(isZone)).toBe(false);
  expect(zoneOffsetMs(Date.UTC(2026, 6, 1), 'Europe/Rome')).toBe(7_200_000);
});
