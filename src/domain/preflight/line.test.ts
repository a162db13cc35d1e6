import { describe, expect, it } from 'vitest';
import { judgeLine, type LineSample, measureLine } from './line.ts';

/** Eight seconds, a sample each half: slow at first, as a browser finds its way, then as fast as told. */
const stream = (
  bitsPerSecond: number,
  change: Partial<LineSample> = {},
  lostOfHundred = 0,
): readonly LineSample[] =>
  Array.from({ length: 17 }, (_, index) => {
    const seconds = index / 2;
    return {
      atMs: 1_000 + seconds * 1_000,
      bytesSent: (Math.min(seconds, 4) * 300_000 + Math.max(0, seconds - 4) * bitsPerSecond) / 8,
      packetsSent: index * 100,
      packetsLost: index * lostOfHundred,
      rttMs: 40,
      jitterMs: 5,
      heldByMachine: false,
      ...change,
    };
  });
const codesOf = (samples: readonly LineSample[]) => {
  const line = measureLine(samples);
  return line === null ? [] : judgeLine(line).map(({ code }) => code);
};

describe('a line', () => {
  it('[PRE-11] that carries the test stream is green', () => {
    expect(measureLine(stream(2_400_000))).toEqual({
      bitsPerSecond: 2_400_000,
      rttMs: 40,
      jitterMs: 5,
      lossRatio: 0,
      heldByMachine: false,
    });
    expect(codesOf(stream(2_400_000))).toEqual([
      'upload-good',
      'delay-short',
      'jitter-low',
      'loss-none',
    ]);
  });

  it.each([
    [1_000_000, 'upload-low'],
    [400_000, 'upload-very-low'],
  ])('[PRE-11] that reaches %i bit/s is called %s', (bits, code) => {
    expect(codesOf(stream(bits))[0]).toBe(code);
  });

  it('[PRE-11] isn’t called slow where the machine held the stream back', () => {
    expect(codesOf(stream(400_000, { heldByMachine: true }))[0]).toBe('upload-held');
    expect(codesOf(stream(2_400_000, { heldByMachine: true }))[0]).toBe('upload-good');
  });

  it.each([
    [{ rttMs: 300 }, 'delay-long'],
    [{ rttMs: 700 }, 'delay-very-long'],
    [{ jitterMs: 40 }, 'jitter-some'],
    [{ jitterMs: 120 }, 'jitter-much'],
  ])('[PRE-11] with %j is called %s', (change, code) => {
    expect(codesOf(stream(2_400_000, change))).toContain(code);
  });

  it.each([
    [4, 'loss-some'],
    [10, 'loss-much'],
  ])('[PRE-11] that loses %i in a hundred is called %s', (lost, code) => {
    expect(codesOf(stream(2_400_000, {}, lost))).toContain(code);
  });

  it('[PRE-11] of which nothing is known has no measures', () => {
    expect(measureLine([])).toBeNull();
    expect(measureLine(stream(2_400_000).slice(0, 1))).toBeNull();
    expect(measureLine(stream(2_400_000, { packetsSent: 0 }))).toBeNull();
  });

  it('[PRE-11] isn’t judged by what the server never told', () => {
    expect(codesOf(stream(2_400_000, { rttMs: null, jitterMs: null }))).toEqual([
      'upload-good',
      'loss-none',
    ]);
  });
});
