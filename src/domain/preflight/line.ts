// What is measured of a host's line by a real test stream to the server, and what of it is good. Pure functions over
// the totals that a browser counts. Rules: docs/rules/preflight.md.

import { type Bound, byBounds, type Finding } from './finding.ts';

/** Totals and states at one moment of the test stream, as WebRTC statistics give them. */
export type LineSample = {
  readonly atMs: number;
  readonly bytesSent: number;
  readonly packetsSent: number;
  /** What the server said that it missed. */
  readonly packetsLost: number;
  readonly rttMs: number | null;
  readonly jitterMs: number | null;
  /** The browser's own machine held the picture back, not the line. */
  readonly heldByMachine: boolean;
};

export type LineMeasures = {
  /** Reached in the second half: the first is needed to find out how much fits. */
  readonly bitsPerSecond: number;
  readonly rttMs: number | null;
  readonly jitterMs: number | null;
  /** Share of packets lost, 0..1. */
  readonly lossRatio: number;
  readonly heldByMachine: boolean;
};

const medianOf = (values: readonly number[]): number | null =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;

/** The figures between the samples of one test stream, oldest first; null when nothing was sent. */
export const measureLine = (samples: readonly LineSample[]): LineMeasures | null => {
  const first = samples[0];
  const last = samples.at(-1);
  const middle = samples[Math.floor(samples.length / 2)];
  if (!first || !last || !middle || last.atMs <= middle.atMs) return null;
  const sent = last.packetsSent - first.packetsSent;
  if (sent <= 0) return null;
  const held = samples.filter(({ heldByMachine }) => heldByMachine).length;
  return {
    bitsPerSecond: ((last.bytesSent - middle.bytesSent) * 8_000) / (last.atMs - middle.atMs),
    rttMs: medianOf(samples.flatMap(({ rttMs }) => rttMs ?? [])),
    jitterMs: medianOf(samples.flatMap(({ jitterMs }) => jitterMs ?? [])),
    lossRatio: Math.min(1, Math.max(0, last.packetsLost - first.packetsLost) / sent),
    heldByMachine: held * 2 > samples.length,
  };
};

/** 720p with hands in motion is sent at up to 2.5 Mbit/s; at 1.5 it is softer, below 0.7 it is blocks. */
const uploads: readonly Bound[] = [
  [1_500_000, 'upload-good', 'green'],
  [700_000, 'upload-low', 'amber'],
  [0, 'upload-very-low', 'red'],
];
/** Round trip. ITU-T G.114: 150 ms one way is unnoticed; the studio calls a line bad from 600 ms on. */
const delays: readonly Bound[] = [
  [600, 'delay-very-long', 'red'],
  [250, 'delay-long', 'amber'],
  [0, 'delay-short', 'green'],
];
/** A picture lasts 33 ms: jitter above that makes viewers wait for the next; three pictures are a stutter. */
const jitters: readonly Bound[] = [
  [100, 'jitter-much', 'red'],
  [33, 'jitter-some', 'amber'],
  [0, 'jitter-low', 'green'],
];
/** As in the studio's head: 3 % is repaired without a frozen picture, 8 % isn't. */
const losses: readonly Bound[] = [
  [0.08, 'loss-much', 'red'],
  [0.03, 'loss-some', 'amber'],
  [0, 'loss-none', 'green'],
];

export const judgeLine = (line: LineMeasures): readonly Finding[] => {
  const upload = byBounds('upload', uploads, line.bitsPerSecond);
  return [
    // Where the machine is what held it back, the line isn't called slow.
    upload.grade !== 'green' && line.heldByMachine
      ? { ...upload, code: 'upload-held', grade: 'amber' }
      : upload,
    ...(line.rttMs === null ? [] : [byBounds('delay', delays, line.rttMs)]),
    ...(line.jitterMs === null ? [] : [byBounds('jitter', jitters, line.jitterMs)]),
    byBounds('loss', losses, line.lossRatio),
  ];
};
