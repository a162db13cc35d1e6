import { describe, expect, test } from 'vitest';
import type { CaptionLine } from '../../protocol/room.ts';
import { cueAt, withLatest } from './captions-shown.ts';

const said = (seq: number, atMs: number, text: string): CaptionLine => ({
  seq,
  atMs,
  text,
  language: 'en',
  spokenMs: 0,
});
const long = 'A sentence that is so long that it takes both of the lines that there are.';
const texts = (shown: readonly { text: string }[]) => shown.map(({ text }) => text);

describe('captions of a living show', () => {
  test('[CAP-7] stay for as long as it takes to read them', () => {
    const short = withLatest([], said(1, 1_000, 'Yes.'), 1_050);
    expect(short).toEqual([{ key: 1, text: 'Yes.', language: 'en', untilMs: 2_200 }]);
    expect(withLatest(short, null, 2_199)).toEqual(short);
    expect(withLatest(short, null, 2_200)).toEqual([]);
    expect(withLatest([], said(1, 1_000, long), 1_050)[0]?.untilMs).toBe(1_000 + long.length * 60);
  });

  test('[CAP-7] are two short ones or a long one', () => {
    const one = withLatest([], said(1, 1_000, 'This is silver.'), 1_000);
    const two = withLatest(one, said(2, 1_500, 'Made in Murano.'), 1_500);
    expect(texts(two)).toEqual(['This is silver.', 'Made in Murano.']);
    expect(texts(withLatest(two, said(3, 1_800, 'By hand.'), 1_800))).toEqual([
      'Made in Murano.',
      'By hand.',
    ]);
    expect(texts(withLatest(two, said(3, 1_800, long), 1_800))).toEqual([long]);
  });

  test('[CAP-7] aren’t shown twice, nor to who comes when they are over', () => {
    const caption = said(1, 1_000, 'This is silver.');
    const shown = withLatest([], caption, 1_000);
    expect(withLatest(shown, caption, 1_200)).toEqual(shown);
    expect(withLatest([], caption, 9_000)).toEqual([]);
  });
});

test('[CAP-8] a replay shows the cue of its moment, and none where nothing was said', () => {
  const cue = (fromMs: number, toMs: number, text: string) => ({
    fromMs,
    toMs,
    text,
    language: 'en',
  });
  const cues = [cue(1_000, 2_000, 'one'), cue(2_000, 3_000, 'two'), cue(8_000, 9_000, 'three')];
  const at = (atMs: number) => cueAt(cues, atMs)?.text ?? null;
  expect([0, 1_000, 1_999, 2_000, 3_000, 8_500, 9_000].map(at)).toEqual([
    ...[null, 'one', 'one', 'two', null, 'three', null],
  ]);
});
