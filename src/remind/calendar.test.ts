import { expect, test } from 'vitest';
import type { ShowRow } from '../views/tables.ts';
import { feedCalendar, showCalendar } from './calendar.ts';
import { whenIn } from './letters.ts';

const options = { publicUrl: 'https://shop.example', shopName: 'Laguna Ceramics' };
const show = {
  show_id: 's1',
  title: 'Kiln night; raku, live',
  phase: 'planned',
  starts_at_ms: Date.UTC(2026, 10, 29, 20),
  started_at_ms: null,
  ended_at_ms: null,
  host_name: 'Mina Orsini',
  segments: JSON.stringify([{ minutes: 20 }, { minutes: 25 }]),
  plan_seq: 3,
  plan_at_ms: Date.UTC(2026, 10, 20),
} as ShowRow;

/** Its lines with folded ones joined (RFC 5545, 3.1). */
const lines = (text: string) => text.replaceAll('\r\n ', '').split('\r\n');

test('[REM-1] a show is an entry with its time, its length, its link and an alarm', () => {
  const { method, content } = showCalendar(options, show, 'Glazes from the lagoon.');
  expect(method).toBe('PUBLISH');
  expect(content.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  expect(lines(content)).toEqual(
    expect.arrayContaining([
      'METHOD:PUBLISH',
      'UID:s1@shop.example',
      'SEQUENCE:3',
      'DTSTAMP:20261120T000000Z',
      'DTSTART:20261129T200000Z',
      'DTEND:20261129T204500Z',
      'SUMMARY:Kiln night\\; raku\\, live',
      'STATUS:CONFIRMED',
      'TRIGGER:-PT10M',
    ]),
  );
});

test('[REM-1] moved it is the same entry with a higher sequence; called off it is cancelled', () => {
  const moved = { ...show, starts_at_ms: show.starts_at_ms + 86_400_000, plan_seq: 5 };
  expect(lines(showCalendar(options, moved, '').content)).toEqual(
    expect.arrayContaining(['UID:s1@shop.example', 'SEQUENCE:5', 'DTSTART:20261130T200000Z']),
  );
  const off = showCalendar(options, { ...show, phase: 'cancelled', plan_seq: 6 }, '');
  expect(off.method).toBe('CANCEL');
  expect(lines(off.content)).toEqual(
    expect.arrayContaining(['METHOD:CANCEL', 'STATUS:CANCELLED', 'SEQUENCE:6']),
  );
  expect(off.content).not.toContain('VALARM');
});

test('[REM-1] an address to subscribe to holds many, and says how often to ask', () => {
  const text = feedCalendar(options, [show, { ...show, show_id: 's2' }], new Map());
  expect(lines(text).filter((line) => line.startsWith('UID:'))).toHaveLength(2);
  expect(lines(text)).toEqual(
    expect.arrayContaining(['X-WR-CALNAME:Laguna Ceramics', 'X-PUBLISHED-TTL:PT1H']),
  );
});

test('[REM-3] a letter says the time by the show’s own clock, and names it', () => {
  expect(whenIn(show.starts_at_ms, 'Europe/Rome')).toBe('Sunday 29 November at 21:00 (Rome)');
  expect(whenIn(show.starts_at_ms, 'America/New_York')).toBe(
    'Sunday 29 November at 15:00 (New York)',
  );
});
