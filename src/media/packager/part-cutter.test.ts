import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CutPart, PART_TARGET_MS, PartCutter, SEGMENT_TARGET_S } from './part-cutter.ts';

const AAC_MS = 1024 / 48;

type Show = {
  /** How long each picture stands. */
  pictureMs: (n: number) => number;
  keyEvery: number;
  /** Sound comes so much later than the picture of its moment. */
  soundBehindMs?: number;
  hasSound?: boolean;
  forMs: number;
  form?: (n: number) => number;
};

/** Plays a show into a cutter as time would: pictures, sounds and ticks in their order. */
function cut(show: Show) {
  const parts: CutPart[] = [];
  let wanted = 0;
  const cutter = new PartCutter(true, {
    part: (part) => parts.push(part),
    keyFrameWanted: () => (wanted += 1),
  });
  const acts: { atMs: number; run: (nowMs: number) => void }[] = [];
  let at = 0;
  for (let n = 0; at < show.forMs; n += 1) {
    const atMs = at;
    const form = show.form?.(n) ?? 0;
    const key = n % show.keyEvery === 0;
    acts.push({
      atMs,
      run: (nowMs) => cutter.picture(atMs, Buffer.from([n & 255]), key, form, nowMs),
    });
    at += show.pictureMs(n);
  }
  const behindMs = show.soundBehindMs ?? 60;
  for (let n = 0; (show.hasSound ?? true) && n * AAC_MS < show.forMs; n += 1) {
    const sound = { at: n * 1024, atMs: n * AAC_MS, data: Buffer.from([1]) };
    acts.push({
      atMs: n * AAC_MS + behindMs,
      run: (nowMs) => cutter.sound(sound, AAC_MS, 0, nowMs),
    });
  }
  for (let tick = 0; tick < show.forMs + 3000; tick += 40)
    acts.push({ atMs: tick, run: (nowMs) => cutter.tick(nowMs) });
  acts.sort((a, b) => a.atMs - b.atMs);
  for (const { atMs, run } of acts) run(atMs);
  return { parts, wanted: () => wanted, cutter };
}

const segmentsOf = (parts: readonly CutPart[]): CutPart[][] => {
  const segments: CutPart[][] = [];
  for (const part of parts)
    if (part.startsSegment || segments.length === 0) segments.push([part]);
    else segments.at(-1)!.push(part);
  return segments;
};

/** The rules that hold for every show whatever it sends. */
function expectRules(parts: readonly CutPart[]): void {
  for (const [n, part] of parts.entries()) {
    expect(part.durationMs).toBeLessThanOrEqual(PART_TARGET_MS + 0.001);
    const isLast = parts[n + 1]?.startsSegment ?? true;
    if (!isLast && !part.gap) expect(part.durationMs).toBeGreaterThanOrEqual(0.85 * PART_TARGET_MS);
    const before = parts[n - 1];
    if (before) expect(part.startMs).toBeCloseTo(before.startMs + before.durationMs, 6);
  }
  for (const segment of segmentsOf(parts)) {
    const ms = segment.reduce((sum, { durationMs }) => sum + durationMs, 0);
    expect(Math.round(ms / 1000)).toBeLessThanOrEqual(SEGMENT_TARGET_S);
    expect(new Set(segment.map(({ form }) => form)).size).toBe(1);
  }
}

describe('parts', () => {
  test('[HLS-1] last from 85 to 100 % of the target at every usual picture rate', () => {
    for (const rate of [10, 12, 15, 20, 24, 25, 30, 50, 60]) {
      const { parts } = cut({ pictureMs: () => 1000 / rate, keyEvery: rate * 2, forMs: 12_000 });
      expectRules(parts);
      expect(parts.length).toBeGreaterThan(30);
    }
  });

  test('[HLS-1] and whatever the camera does: few pictures, uneven ones, none for a while', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 5, max: 1200 }), { minLength: 20, maxLength: 120 }),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 0, max: 140 }),
        (steps, keyEvery, soundBehindMs) => {
          const forMs = steps.reduce((sum, ms) => sum + ms, 0);
          const { parts } = cut({
            pictureMs: (n) => steps[n] ?? 33,
            keyEvery,
            soundBehindMs,
            forMs,
          });
          expectRules(parts);
          const pictures = parts.flatMap((part) => part.pictures);
          const times = pictures.map(({ atMs }) => atMs);
          expect(times).toEqual([...times].sort((a, b) => a - b));
        },
      ),
      { seed: 8216, numRuns: 200 },
    );
  });

  test('[HLS-2] every picture and sound is in one part, the one in which it begins', () => {
    const { parts } = cut({ pictureMs: () => 1000 / 30, keyEvery: 60, forMs: 9000 });
    const whole = parts.filter(({ gap }) => !gap).slice(0, -1);
    for (const { startMs, durationMs, pictures, sounds } of whole)
      for (const { atMs } of [...pictures, ...sounds]) {
        expect(atMs).toBeGreaterThanOrEqual(startMs - AAC_MS);
        expect(atMs).toBeLessThan(startMs + durationMs);
      }
    const numbers = whole.flatMap((part) => part.pictures.map(({ data }) => data[0]));
    expect(numbers).toEqual(numbers.map((_, n) => n & 255));
  });

  test('[HLS-3] a segment begins with a key picture where there is one within three seconds', () => {
    const { parts, wanted } = cut({ pictureMs: () => 40, keyEvery: 50, forMs: 12_000 });
    for (const segment of segmentsOf(parts)
      .filter(([first]) => !first!.gap)
      .slice(0, -1)) {
      expect(segment[0]!.independent).toBe(true);
      expect(segment.slice(1).some(({ independent }) => independent)).toBe(false);
    }
    expect(wanted()).toBeLessThanOrEqual(6);
  });

  test('[HLS-3] a publisher with long key-frame intervals is asked, and cut all the same', () => {
    const { parts, wanted } = cut({ pictureMs: () => 40, keyEvery: 250, forMs: 20_000 });
    expectRules(parts);
    expect(wanted()).toBeGreaterThan(5);
    const firsts = segmentsOf(parts).map(([first]) => first!);
    expect(firsts.some(({ independent, gap }) => !independent && !gap)).toBe(true);
  });

  test('[HLS-4] what changes the form begins a segment at once', () => {
    const { parts } = cut({
      pictureMs: () => 40,
      keyEvery: 10,
      form: (n) => (n >= 60 ? 1 : 0),
      forMs: 6000,
    });
    expectRules(parts);
    const first = parts.find(({ form }) => form === 1)!;
    expect(first.startsSegment).toBe(true);
    expect(first.independent).toBe(true);
    expect(first.startMs).toBe(60 * 40);
  });

  test('[HLS-5] while nobody publishes the time goes on as a gap, up to whoever comes back', () => {
    const { parts, cutter } = cut({ pictureMs: () => 40, keyEvery: 50, forMs: 4000 });
    expect(cutter.isAway).toBe(true);
    expect(parts.at(-1)!.gap).toBe(true);
    for (let nowMs = 7000; nowMs < 9000; nowMs += 40) cutter.tick(nowMs);
    for (let n = 0; n < 20; n += 1)
      cutter.picture(9000 + n * 40, Buffer.from([n]), n === 0, 0, 9010 + n * 40);
    cutter.tick(9900);
    const back = parts.find(({ gap, startMs }) => !gap && startMs >= 8999)!;
    expect(back.startMs).toBe(9000);
    expect(back.startsSegment).toBe(true);
    expectRules(parts);
  });

  test('[HLS-2] a show without sound is cut as well', () => {
    const { parts } = cut({ pictureMs: () => 40, keyEvery: 50, hasSound: false, forMs: 8000 });
    expectRules(parts);
    expect(parts.filter(({ gap }) => !gap).length).toBeGreaterThan(20);
  });
});
