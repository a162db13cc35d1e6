import { parse, setOptions, types } from 'hls-parser';
import { describe, expect, test } from 'vitest';
import { keepWithin } from './hls-plane.ts';
import { HlsStore } from './hls-store.ts';
import type { PlaylistKind } from './playlist.ts';
import { expectValid, fill, part } from './testing/hls-rules.ts';

const textOf = (store: HlsStore, kind: PlaylistKind = 'low') =>
  store.playlist(kind).plain.toString();
// What the parser finds amiss is an error.
setOptions({ strictMode: true });

const parsed = (text: string) => {
  const playlist = parse(text);
  if (!(playlist instanceof types.MediaPlaylist)) throw new Error('not a media playlist');
  // It counts what is hinted at as a segment to come.
  return { ...playlist, segments: playlist.segments.filter(({ uri }) => uri !== '') };
};

describe('a playlist', () => {
  test('[HLS-13] keeps the rules of RFC 8216bis after every part, and hls-parser takes each', () => {
    const store = new HlsStore('abc', 700);
    let at = fill(store, 2);
    let before = 0;
    for (let n = 0; n < 150; n += 1) {
      const durationMs = n % 6 === 5 ? 210 : 330;
      store.add(
        part({ startMs: at, durationMs, startsSegment: n % 6 === 0, endsSegment: n % 6 === 5 }),
      );
      at += durationMs;
      const text = textOf(store);
      const segments = expectValid(text);
      const first = Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]);
      expect(first).toBeGreaterThanOrEqual(before);
      before = first;
      const playlist = parsed(text);
      expect(playlist.segments.length).toBe(segments.length);
      expect(playlist.partTargetDuration).toBe(0.34);
      expect(playlist.lowLatencyCompatibility?.canBlockReload).toBe(true);
      parsed(textOf(store, 'plain'));
    }
    expect(before).toBeGreaterThan(700);
  });

  test('[HLS-13] the plain one has the same whole segments and nothing of parts', () => {
    const store = new HlsStore('abc', 7);
    const at = fill(store, 3);
    store.add(part({ startMs: at, startsSegment: true }));
    const text = textOf(store, 'plain');
    expect(text).not.toMatch(/PART|SKIP|SERVER-CONTROL|PRELOAD/);
    expect(parsed(text).segments.map(({ uri }) => uri)).toEqual([
      'abc-7.m4s',
      'abc-8.m4s',
      'abc-9.m4s',
    ]);
  });

  test('[HLS-14] a delta update leaves out what is further back than six target durations, and counts it', () => {
    const store = new HlsStore('abc', 7);
    fill(store, 14);
    const whole = parsed(textOf(store));
    const delta = textOf(store, 'low-delta');
    const skipped = Number(/SKIPPED-SEGMENTS=(\d+)/.exec(delta)?.[1]);
    expect(skipped).toBeGreaterThan(0);
    expect(parsed(delta).mediaSequenceBase).toBe(whole.mediaSequenceBase);
    const names = (text: string) => text.match(/^abc-\d+\.m4s$/gm) ?? [];
    expect(names(delta)).toEqual(names(textOf(store)).slice(skipped));
    const left = whole.segments.slice(skipped).reduce((sum, { duration }) => sum + duration, 0);
    expect(left).toBeGreaterThanOrEqual(18);
  });

  test('[HLS-4] says where the form changes, with the initialisation from there on', () => {
    const store = new HlsStore('abc', 7);
    const at = fill(store, 2);
    fill(store, 2, { from: at, form: 1 });
    const text = textOf(store);
    expectValid(text);
    const { segments } = parsed(text);
    expect(segments.map(({ discontinuity }) => discontinuity === true)).toEqual([
      false,
      false,
      true,
      false,
    ]);
    expect(segments.map(({ map }) => map?.uri)).toEqual([
      'abc-f0.mp4',
      'abc-f0.mp4',
      'abc-f1.mp4',
      'abc-f1.mp4',
    ]);
  });

  test('[HLS-4] another packager begins anew in the same list, and changes are counted when they leave it', () => {
    const store = new HlsStore('abc', 7);
    const at = fill(store, 2);
    store.restart();
    const next = fill(store, 1, { from: at, form: 1 });
    expect(textOf(store)).toContain('#EXT-X-DISCONTINUITY\n');
    fill(store, 20, { from: next, form: 1 });
    expect(textOf(store)).toContain('#EXT-X-DISCONTINUITY-SEQUENCE:1\n');
  });

  test('[HLS-5] a gap is named as one, with no media behind its names', () => {
    const store = new HlsStore('abc', 7);
    const at = fill(store, 1);
    fill(store, 1, { from: at, gap: true });
    fill(store, 1, { from: at + 1800 });
    const text = textOf(store);
    expectValid(text);
    expect(text.match(/#EXT-X-GAP/g)).toHaveLength(1);
    expect(text.match(/GAP=YES/g)).toHaveLength(6);
    expect(store.segment(8)).toBeUndefined();
    expect(store.part(8, 0)).toBeUndefined();
    expect(store.segment(9)).toBeDefined();
  });

  test('[HLS-8] ends with the show, and nobody waits any more', async () => {
    const store = new HlsStore('abc', 7);
    fill(store, 2);
    const waits = store.wait(() => store.window.has(9, 0));
    store.end();
    expect(await waits).toBe('late');
    const text = textOf(store);
    expectValid(text);
    expect(text.endsWith('#EXT-X-ENDLIST\n')).toBe(true);
  });

  test('[HLS-14] what has ended is given whole, also to who asks for a delta update', () => {
    const store = new HlsStore('abc', 7);
    fill(store, 14);
    store.end();
    expect(textOf(store, 'low-delta')).toBe(textOf(store));
  });
});

describe('what is kept', () => {
  test('[HLS-10] is half a minute for the list, as long again for its readers, and no more', () => {
    const store = new HlsStore('abc', 1);
    fill(store, 200);
    const { window } = store;
    const listedMs = window.segments.reduce((sum, { durationMs }) => sum + durationMs, 0);
    expect(listedMs).toBeGreaterThanOrEqual(30_000);
    expect(listedMs).toBeLessThan(34_000);
    const first = window.segments[0]!.msn;
    expect(store.segment(first - 5)).toBeDefined();
    expect(store.segment(first - 40)).toBeUndefined();
    expect(window.bytes).toBeLessThan(20_000);
  });

  test('[HLS-10] of all shows together is bounded: the largest gives its oldest, joined segments too', () => {
    const [small, large] = [new HlsStore('abc', 1), new HlsStore('xyz', 1)];
    fill(small, 3);
    fill(large, 12);
    for (let msn = 1; msn <= 12; msn += 1) expect(large.segment(msn)).toBeDefined();
    const smallBytes = small.bytes;
    expect(large.bytes).toBe(2 * large.window.bytes);
    keepWithin([small, large], smallBytes * 3);
    expect(small.bytes).toBe(smallBytes);
    expect(large.bytes).toBeLessThanOrEqual(smallBytes * 2);
    expect(large.segment(1)).toBeUndefined();
    expect(large.segment(12)).toBeDefined();
    expectValid(textOf(large));
    keepWithin([small, large], 0);
    expect(small.window.segments.length).toBe(2);
    expectValid(textOf(small));
  });

  test('[HLS-10] is one body for all who ask for the same', () => {
    const store = new HlsStore('abc', 1);
    fill(store, 3);
    const body = store.playlist('low');
    expect(store.playlist('low')).toBe(body);
    expect(body.gzip()).toBe(body.gzip());
    expect(store.segment(1)).toBe(store.segment(1));
    store.add(part({ startsSegment: true, startMs: Date.now() }));
    expect(store.playlist('low')).not.toBe(body);
    expect(store.playlist('low').etag).not.toBe(body.etag);
  });
});
