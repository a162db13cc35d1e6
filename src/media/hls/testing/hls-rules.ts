// For tests: a window filled as a packager would, and the rules of RFC 8216bis that any playlist of ours must keep,
// written as checks of its text. Reads playlists by itself, so that it shares no mistake with what writes them.

import { expect } from 'vitest';
import type { HlsPart } from '../../packager-messages.ts';
import type { HlsStore } from '../hls-store.ts';

const showId = 'show';
export const startMs = Date.UTC(2026, 10, 26, 19, 0, 0);

/** A form and parts: segments of `partsOf(n)` parts each. */
export function fill(
  store: HlsStore,
  segments: number,
  options: { from?: number; form?: number; gap?: boolean; parts?: number } = {},
): number {
  const { form = 0, gap = false, parts = 6 } = options;
  let at = options.from ?? startMs;
  if (!store.window.forms.has(form))
    store.addForm({
      showId,
      form,
      codecs: 'avc1.42e01f,mp4a.40.2',
      width: 320,
      height: 180,
      data: Buffer.from(`form ${form}`),
    });
  for (let segment = 0; segment < segments; segment += 1) {
    for (let n = 0; n < parts; n += 1) {
      const durationMs = n === parts - 1 ? 200 : 320;
      store.add(
        part({
          form,
          gap,
          startMs: at,
          durationMs,
          startsSegment: n === 0,
          endsSegment: n === parts - 1,
        }),
      );
      at += durationMs;
    }
  }
  return at;
}

export const part = (given: Partial<HlsPart>): HlsPart => ({
  showId,
  form: 0,
  startMs,
  durationMs: 320,
  startsSegment: false,
  endsSegment: false,
  independent: given.startsSegment === true && given.gap !== true,
  gap: false,
  data: given.gap ? Buffer.alloc(0) : Buffer.from(`media of ${given.startMs}`),
  ...given,
});

type ReadSegment = { msn: number; seconds: number; dateMs: number; name: string; gap: boolean };

/** Checks a whole low-latency playlist by the rules; gives its segments. */
export function expectValid(text: string): ReadSegment[] {
  const lines = text.trimEnd().split('\n');
  const tag = (name: string) => lines.find((line) => line.startsWith(`#${name}:`));
  const attribute = (line: string | undefined, name: string) =>
    new RegExp(`[:,]${name}="?([^",]+)`).exec(line ?? '')?.[1];
  // Sections 4.4.1.1 and 8: the first line, and version 9 for skips.
  expect(lines[0]).toBe('#EXTM3U');
  expect(tag('EXT-X-VERSION')).toBe('#EXT-X-VERSION:9');
  const target = Number(tag('EXT-X-TARGETDURATION')?.split(':')[1]);
  const partTarget = Number(attribute(tag('EXT-X-PART-INF'), 'PART-TARGET'));
  const control = tag('EXT-X-SERVER-CONTROL');
  // Section 4.4.3.8: reload may block; hold-back of at least twice, better three times the part target.
  expect(attribute(control, 'CAN-BLOCK-RELOAD')).toBe('YES');
  expect(Number(attribute(control, 'PART-HOLD-BACK'))).toBeGreaterThanOrEqual(
    3 * partTarget - 1e-9,
  );
  expect(Number(attribute(control, 'CAN-SKIP-UNTIL'))).toBeGreaterThanOrEqual(6 * target);

  const segments: ReadSegment[] = [];
  let msn = Number(tag('EXT-X-MEDIA-SEQUENCE')?.split(':')[1]);
  let parts: { seconds: number; name: string; gap: boolean }[] = [];
  let dateMs = Number.NaN;
  let seconds = Number.NaN;
  let gap = false;
  let map = '';
  for (const line of lines) {
    if (line.startsWith('#EXT-X-MAP:')) map = attribute(line, 'URI') ?? '';
    if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) {
      const at = Date.parse(line.slice(line.indexOf(':') + 1));
      // A date is where the segment before ended, within what its digits can say.
      if (!Number.isNaN(dateMs) && segments.length > 0)
        expect(Math.abs(at - (dateMs + segments.at(-1)!.seconds * 1000))).toBeLessThanOrEqual(2);
      dateMs = at;
    }
    if (line === '#EXT-X-GAP') gap = true;
    if (line.startsWith('#EXT-X-PART:'))
      parts.push({
        seconds: Number(attribute(line, 'DURATION')),
        name: attribute(line, 'URI') ?? '',
        gap: line.includes('GAP=YES'),
      });
    if (line.startsWith('#EXTINF:')) seconds = Number.parseFloat(line.slice(8));
    if (line.startsWith('#') || line === '') continue;
    // Section 4.4.3.1: rounded to the nearest whole, no segment outlasts the target.
    expect(Math.round(seconds)).toBeLessThanOrEqual(target);
    expect(map).not.toBe('');
    expect(line).toContain(`-${msn}.m4s`);
    parts.forEach((each, n) => {
      // Section 4.4.4.9: no part outlasts its target; all but a segment's last have 85 % of it.
      expect(each.seconds).toBeLessThanOrEqual(partTarget);
      if (n < parts.length - 1 && !each.gap)
        expect(each.seconds).toBeGreaterThanOrEqual(0.85 * partTarget);
      expect(each.name).toContain(`-${msn}.${n}.m4s`);
    });
    if (parts.length > 0)
      expect(parts.reduce((sum, each) => sum + each.seconds, 0)).toBeCloseTo(seconds, 3);
    segments.push({ msn, seconds, dateMs, name: line, gap });
    msn += 1;
    parts = [];
    gap = false;
  }
  const hint = attribute(tag('EXT-X-PRELOAD-HINT'), 'URI');
  // Sections B.1 and 4.4.5.3: the hint names the part that comes next; a playlist that ended has none.
  if (!lines.includes('#EXT-X-ENDLIST')) expect(hint).toContain(`-${msn}.${parts.length}.m4s`);
  else expect(hint).toBeUndefined();
  return segments;
}
