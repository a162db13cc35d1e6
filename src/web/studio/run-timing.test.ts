import { describe, expect, it } from 'vitest';
import type { RoomSegment } from '../../protocol/room.ts';
import { behindInWords, nextSegment, runTiming } from './run-timing.ts';

const minute = 60_000;
const segment = (segmentId: string, minutes: number, beat = 'demo'): RoomSegment => ({
  segmentId,
  title: segmentId,
  beat,
  minutes,
  productIds: [],
});
const segments = [
  segment('hook', 4),
  segment('demo', 10),
  segment('offer', 8, 'offer'),
  segment('more', 5, 'offer'),
];
const base = {
  segments,
  startsAtMs: 0,
  startedAtMs: 2 * minute,
  currentId: null,
  currentSinceMs: null,
  visits: [],
  nowMs: 2 * minute,
};

describe('the run of show against the clock', () => {
  it('before the start counts from the planned time', () => {
    const { lines, behindMs, plannedMs } = runTiming({ ...base, startedAtMs: null });
    expect(lines.map(({ plannedAtMs }) => plannedAtMs / minute)).toEqual([0, 4, 14, 22]);
    expect(lines.every(({ place }) => place === 'ahead')).toBe(true);
    expect(behindMs).toBeNull();
    expect(plannedMs).toBe(27 * minute);
  });

  it('counts from the real start once the show is live', () => {
    expect(runTiming(base).lines[1]?.plannedAtMs).toBe(6 * minute);
  });

  it('a segment entered late is behind by that much', () => {
    const timing = runTiming({
      ...base,
      currentId: 'demo',
      currentSinceMs: 9 * minute,
      nowMs: 10 * minute,
    });
    expect(timing.behindMs).toBe(3 * minute);
    expect(timing.lines.map(({ place }) => place)).toEqual(['done', 'now', 'ahead', 'ahead']);
    expect(timing.lines[1]).toMatchObject({ actualMs: minute, leftMs: 9 * minute });
  });

  it('running over adds to what is behind', () => {
    const timing = runTiming({
      ...base,
      currentId: 'hook',
      currentSinceMs: 2 * minute,
      nowMs: 8 * minute,
    });
    expect(timing.lines[0]?.leftMs).toBe(-2 * minute);
    expect(timing.behindMs).toBe(2 * minute);
  });

  it('sums the visits of a segment that was entered twice', () => {
    const visits = [
      { segmentId: 'hook', atMs: 2 * minute },
      { segmentId: 'demo', atMs: 5 * minute },
      { segmentId: 'hook', atMs: 7 * minute },
      { segmentId: 'offer', atMs: 8 * minute },
    ];
    const { lines } = runTiming({
      ...base,
      visits,
      currentId: 'offer',
      currentSinceMs: 8 * minute,
      nowMs: 9 * minute,
    });
    expect(lines.map(({ actualMs }) => actualMs)).toEqual([4 * minute, 2 * minute, minute, null]);
  });

  it('warns where two offers follow each other with no story between', () => {
    expect(runTiming(base).lines.map(({ warning }) => warning)).toEqual([
      null,
      null,
      null,
      'two-offers',
    ]);
  });

  it('goes to the first segment first, and nowhere after the last', () => {
    expect(nextSegment(segments, null)?.segmentId).toBe('hook');
    expect(nextSegment(segments, 'offer')?.segmentId).toBe('more');
    expect(nextSegment(segments, 'more')).toBeNull();
  });

  it('says it in words', () => {
    expect([null, 30_000, -59_000, 3 * minute + 1, -2 * minute].map(behindInWords)).toEqual([
      'not started',
      'on time',
      'on time',
      '3 min behind',
      '2 min ahead',
    ]);
  });
});
