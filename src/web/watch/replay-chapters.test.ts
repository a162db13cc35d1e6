import { describe, expect, it } from 'vitest';
import { chapterFrom, chaptersOf, momentOf, urlAt } from './replay-chapters.ts';
import type { Mark } from './replay-tape.ts';

const mark = (offsetMs: number, kind: Mark['kind'], title: string): Mark => ({
  offsetMs,
  kind,
  title,
});
const marks = [
  mark(0, 'segment', 'Welcome'),
  mark(200, 'pin', 'Vase'),
  mark(60_000, 'pin', 'Bowl'),
  mark(90_000, 'lot', 'Bowl, from € 10.00'),
  mark(95_000, 'pin', 'Bowl'),
  mark(120_000, 'hammer', 'Bowl, sold'),
  mark(900_000, 'segment', 'After the end'),
];

describe('chapters', () => {
  const chapters = chaptersOf(marks, 200_000);
  it('[RPL-4] are segments, first showings, lots and drops, each up to the next', () => {
    expect(chapters.map(({ offsetMs, endsMs, title }) => [offsetMs, endsMs, title])).toEqual([
      [0, 60_000, 'Welcome'],
      [60_000, 90_000, 'Bowl'],
      [90_000, 200_000, 'Bowl, from € 10.00'],
    ]);
  });
  it('one goes to the next and to the one before, and to a chapter’s own beginning first', () => {
    expect(chapterFrom(chapters, 0, 'on')).toBe(60_000);
    expect(chapterFrom(chapters, 60_000, 'on')).toBe(90_000);
    expect(chapterFrom(chapters, 95_000, 'on')).toBeNull();
    expect(chapterFrom(chapters, 95_000, 'back')).toBe(90_000);
    expect(chapterFrom(chapters, 91_000, 'back')).toBe(60_000);
    expect(chapterFrom(chapters, 500, 'back')).toBe(0);
  });
});

describe('addresses of moments', () => {
  it.each([
    ['?t=754', 754_000],
    ['?t=12m34s', 754_000],
    ['?code=X&t=1h2m3s', 3_723_000],
    ['?t=90s', 90_000],
    ['?t=', null],
    ['', null],
    ['?t=-4', null],
    ['?t=now', null],
    ['?t=99999999', null],
    ['?at=1700000004000', 4_000],
    ['?at=3', 0],
    ['?at=x', null],
  ])('[RPL-4] %s is %s ms', (search, ms) => expect(momentOf(search, 1_700_000_000_000)).toBe(ms));
  it('[RPL-4] lead back to where they were taken', () => {
    const url = urlAt('https://shop.example/shows/s1?code=X&t=3#a', 754_900);
    expect(url).toBe('https://shop.example/shows/s1?code=X&t=754');
    expect(momentOf(new URL(url).search, 0)).toBe(754_000);
  });
});
