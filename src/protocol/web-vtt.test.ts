// Captions on a recording: each at its moment, none over the next, and a file that a player's own parser reads.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CaptionLine } from './room.ts';
import { cuesOf, webVtt } from './web-vtt.ts';

const said = (atMs: number, text: string, spokenMs = 2_000): CaptionLine => ({
  seq: atMs,
  atMs,
  text,
  language: 'en',
  spokenMs,
});

test('[CAP-5] a caption begins when it began to be spoken, and ends where the next begins', () => {
  const cues = cuesOf([said(12_000, 'This is silver.'), said(14_500, 'Made in Murano.')], 2_000);
  expect(cues).toEqual([
    { fromMs: 8_000, toMs: 10_000, text: 'This is silver.', language: 'en' },
    { fromMs: 10_500, toMs: 12_500, text: 'Made in Murano.', language: 'en' },
  ]);
});

test('[CAP-5] what was said before the recording isn’t in it', () => {
  expect(cuesOf([said(1_000, 'Testing, one, two')], 2_000)).toEqual([]);
  expect(cuesOf([said(2_500, 'Welcome')], 2_000)[0]).toMatchObject({ fromMs: 0 });
});

test('[CAP-5] no cue covers the next, whatever comes how late', () => {
  const lines = fc
    .array(fc.record({ gap: fc.nat(9_000), spoken: fc.nat(20_000), text: fc.string() }))
    .map((all) => {
      let atMs = 0;
      return all.map(({ gap, spoken, text }) => said((atMs += gap), text, spoken));
    });
  fc.assert(
    fc.property(lines, fc.nat(20_000), (captions, startedAtMs) => {
      const cues = cuesOf(captions, startedAtMs);
      cues.forEach(({ fromMs, toMs }, nth) => {
        expect(fromMs).toBeGreaterThanOrEqual(0);
        expect(toMs).toBeGreaterThan(fromMs);
        if (nth > 0) expect(cues[nth - 1]!.toMs).toBeLessThanOrEqual(fromMs);
      });
    }),
  );
});

test('[CAP-5] the file is WebVTT, and words can’t become tags or cues', () => {
  const text = webVtt([
    { fromMs: 0, toMs: 1_500, text: 'Rings & <b>pearls</b>' },
    { fromMs: 3_723_004, toMs: 3_724_000, text: 'a\n\n00:00 --> 00:01\nb' },
  ]);
  expect(text).toBe(
    'WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nRings &amp; &lt;b&gt;pearls&lt;/b&gt;\n\n' +
      '01:02:03.004 --> 01:02:04.000\na 00:00 --&gt; 00:01 b\n',
  );
});
