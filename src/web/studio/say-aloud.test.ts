import { describe, expect, it } from 'vitest';
import { labelOf } from '../../base/disclosure.ts';
import { limits } from '../../base/limits.ts';
import { aloudCue, countArrivals } from './say-aloud.ts';

const base = {
  labels: [labelOf('affiliate', 'Mina'), labelOf('own-brand', 'Mina')],
  nowMs: 10_000_000,
  saidAtMs: 10_000_000 as number | null,
  newcomers: 0,
  viewers: 100,
};

describe('the reminder to say it aloud', () => {
  it('[DIS-8] comes when the show begins, in the host’s own voice', () => {
    expect(aloudCue({ ...base, saidAtMs: null })).toEqual({
      why: 'first',
      words: 'I earn a share of what you buy here. What I sell here is our own.',
    });
  });
  it('[DIS-8] comes again after its time, and not before', () => {
    const at = (ms: number) => aloudCue({ ...base, saidAtMs: base.nowMs - ms })?.why;
    expect(at(limits.disclosureAloudMs - 1)).toBeUndefined();
    expect(at(limits.disclosureAloudMs)).toBe('time');
  });
  it('[DIS-8] comes when half of the room is new, ten people at least', () => {
    const whyOf = (newcomers: number, viewers: number) =>
      aloudCue({ ...base, newcomers, viewers })?.why;
    expect(whyOf(49, 100)).toBeUndefined();
    expect(whyOf(50, 100)).toBe('newcomers');
    expect(whyOf(9, 10)).toBeUndefined();
    expect(whyOf(10, 10)).toBe('newcomers');
  });
  it('[DIS-8] never comes where there is nothing to say', () => {
    expect(aloudCue({ ...base, labels: [], saidAtMs: null })).toBeNull();
  });
});

describe('newcomers', () => {
  it('[DIS-8] are who came since it was said, whoever left', () => {
    let arrivals = { viewers: 0, came: 0, saidAtMs: null as number | null };
    for (const viewers of [5, 3, 10]) arrivals = countArrivals(arrivals, viewers, null);
    expect(arrivals.came).toBe(12);
    arrivals = countArrivals(arrivals, 12, 77);
    expect(arrivals).toEqual({ viewers: 12, came: 0, saidAtMs: 77 });
    expect(countArrivals(arrivals, 20, 77).came).toBe(8);
  });
});
