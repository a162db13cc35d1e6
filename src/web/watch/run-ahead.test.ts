import { describe, expect, it } from 'vitest';
import { cameOn, inAboutWords, productWhen, type RunRoom, runAhead } from './run-ahead.ts';

const minute = 60_000;
const segment = (segmentId: string, minutes: number, productIds: readonly string[] = []) => ({
  segmentId,
  title: segmentId,
  beat: 'demo',
  minutes,
  productIds,
});
const planned: RunRoom = {
  phase: 'planned',
  plan: {
    title: 'Kiln night',
    showKind: 'demonstration',
    startsAtMs: 100 * minute,
    hostId: 'mina',
    hostName: 'Mina',
    shopName: 'Laguna',
    disclosure: 'own-brand',
    isDemo: false,
  },
  segments: [segment('a', 5), segment('b', 10, ['vase']), segment('c', 5, ['bowl', 'vase'])],
  segmentId: null,
  segmentSinceMs: null,
  pinned: null,
};
const live = (
  segmentId: string | null,
  sinceMinute: number,
  pinned: string | null = null,
): RunRoom => ({
  ...planned,
  phase: 'live',
  segmentId,
  segmentSinceMs: segmentId === null ? null : sinceMinute * minute,
  pinned,
});
const minutesOf = (room: RunRoom, nowMinute: number) =>
  runAhead(room, nowMinute * minute).map(({ atMs, place }) => [place, atMs / minute]);

describe('what comes when', () => {
  it('before the show: from its time, or from now when it is late', () => {
    expect(minutesOf(planned, 20)).toEqual([
      ['ahead', 100],
      ['ahead', 105],
      ['ahead', 115],
    ]);
    expect(minutesOf(planned, 103).at(-1)).toEqual(['ahead', 118]);
  });
  it('live: from when the running segment really began', () => {
    expect(minutesOf(live('b', 109), 112)).toEqual([
      ['done', 109],
      ['now', 109],
      ['ahead', 119],
    ]);
  });
  it('what runs over pushes what comes after it', () => {
    expect(minutesOf(live('b', 109), 125).at(-1)).toEqual(['ahead', 125]);
  });
  it('live, with nothing entered yet: from now', () => {
    expect(minutesOf(live(null, 0), 101)).toEqual([
      ['ahead', 101],
      ['ahead', 106],
      ['ahead', 116],
    ]);
  });
});

describe('when my item is on', () => {
  const when = (room: RunRoom, productId: string) => productWhen(room, productId, 110 * minute);
  it('is now, later, over or open', () => {
    expect(when(live('b', 109), 'vase')).toEqual({ is: 'on' });
    expect(when(live('b', 109), 'bowl')).toEqual({ is: 'ahead', atMs: 119 * minute });
    expect(when(live('a', 109, 'bowl'), 'bowl')).toEqual({ is: 'on' });
    expect(when({ ...live('c', 109), segments: planned.segments.slice(0, 2) }, 'vase').is).toBe(
      'ahead',
    );
    const over = {
      ...live('c', 109),
      segments: [...planned.segments.slice(0, 2), segment('c', 5)],
    };
    expect(when(over, 'vase')).toEqual({ is: 'was' });
    expect(when(live('b', 109), 'cup')).toEqual({ is: 'open' });
  });
  it('is told once: when it comes on, not while it is', () => {
    const [a, b] = [live('a', 100), live('b', 105)];
    expect(cameOn(['vase', 'bowl'], a, b, 105 * minute)).toEqual(['vase']);
    expect(cameOn(['vase'], b, b, 106 * minute)).toEqual([]);
    expect(cameOn(['bowl'], b, live('b', 105, 'bowl'), 106 * minute)).toEqual(['bowl']);
    expect(cameOn(['vase'], null, b, 106 * minute)).toEqual(['vase']);
  });
  it('in words', () => {
    expect(inAboutWords(12 * minute, 0)).toBe('in about 12 min');
    expect(inAboutWords(20_000, 0)).toBe('very soon');
  });
});
