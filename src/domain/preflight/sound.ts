// What is measured of a microphone, and what of it is good: three seconds of silence, two sweeps from the
// loudspeaker, a line that the host reads. Pure functions over samples in -1..1 of one channel. Rules: docs/rules/preflight.md.

import { echoIn } from './echo.ts';
import { type Bound, byBounds, type Finding } from './finding.ts';
import { floorOf, loudnessOf, silenceLufs } from './loudness.ts';

export type SoundSamples = {
  readonly sampleRate: number;
  /** The host says nothing. */
  readonly silence: Float32Array;
  /** From the beginning of the first sweep on (`echo.ts`); null where none could be played. */
  readonly swept: Float32Array | null;
  /** The host reads a line. */
  readonly speech: Float32Array;
};

export type SoundMeasures = {
  /** Loudness of the voice, pauses left out. */
  readonly levelLufs: number;
  /** Share of the samples that are cut off, 0..1. */
  readonly clippedShare: number;
  readonly noiseLufs: number;
  /** What comes back of a played sound, in dB; null where it wasn't played. */
  readonly echoDb: number | null;
  readonly echoDelayMs: number | null;
  /** Whether this browser can write down what it hears; absent in checks from before. */
  readonly listens?: boolean | undefined;
};

/** Beneath this a recording is too quiet for its top to be a limit of anything. */
const clipPeakMin = 0.2;
/**
 * A voice reaches its loudest hundredth seldom; cut off, it stands there. A pure tone, the densest sound at its
 * top that isn't cut off, has 2.4 times as many samples in the last hundredth as in the one before.
 */
const clipCrowdTimes = 4;
const fullScale = 0.99;

/**
 * Share of samples at the top of what the microphone can give, whether that is full scale or a limit before it
 * (a preamplifier, a cheap converter): seen by too many of them standing there.
 */
export const clippedShareOf = (samples: Float32Array): number => {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  if (samples.length === 0 || peak < clipPeakMin) return 0;
  let top = 0;
  let below = 0;
  let full = 0;
  for (const sample of samples) {
    const size = Math.abs(sample) / peak;
    if (size > 0.99) top += 1;
    else if (size > 0.98) below += 1;
    if (Math.abs(sample) >= fullScale) full += 1;
  }
  return (top >= clipCrowdTimes * Math.max(1, below) ? Math.max(top, full) : full) / samples.length;
};

export const measureSound = (samples: SoundSamples): SoundMeasures => {
  const { sampleRate, silence, swept, speech } = samples;
  const echo = swept === null ? null : echoIn(swept, sampleRate);
  return {
    levelLufs: loudnessOf(speech, sampleRate),
    clippedShare: clippedShareOf(speech),
    noiseLufs: floorOf(silence, sampleRate),
    echoDb: echo?.returnDb ?? null,
    echoDelayMs: echo?.delayMs ?? null,
  };
};

/**
 * EBU R 128 mixes speech to -23 LUFS, players of streams to -16 or so: 7 LU below broadcasting is turned up by
 * hand, 15 LU below isn't understood on a phone. Above -10 no peak of a voice finds room.
 */
const levels: readonly Bound[] = [
  [-10, 'level-high', 'amber'],
  [-30, 'level-good', 'green'],
  [-38, 'level-low', 'amber'],
  [-60, 'level-very-low', 'red'],
  [Number.NEGATIVE_INFINITY, 'no-sound', 'red'],
];
/** One sample in ten thousand is a crackle every other word; one in two hundred is a voice that tears. */
const clippings: readonly Bound[] = [
  [0.005, 'clipping-much', 'red'],
  [0.0001, 'clipping-some', 'amber'],
  [0, 'clipping-none', 'green'],
];
/** A quiet room by a plain microphone lies at -60; a fan at -50; at -42 the noise is half as loud as a quiet voice. */
const noises: readonly Bound[] = [
  [-42, 'noise-loud', 'red'],
  [-52, 'noise-heard', 'amber'],
  [Number.NEGATIVE_INFINITY, 'noise-low', 'green'],
];
/**
 * How far the noise lies below the voice. IEC 60268-16 counts noise 15 dB below speech as the end of its harm to
 * what is understood; listening for an hour wants 10 dB more.
 */
const clearnesses: readonly Bound[] = [
  [25, 'voice-clear', 'green'],
  [15, 'voice-masked', 'amber'],
  [Number.NEGATIVE_INFINITY, 'voice-drowned', 'red'],
];
/** 3GPP TS 26.131 asks a telephone for 46 dB of loss; below 26 dB people talk against their own echo. */
const echoes: readonly Bound[] = [
  [-26, 'echo-much', 'red'],
  [-46, 'echo-some', 'amber'],
  [Number.NEGATIVE_INFINITY, 'echo-none', 'green'],
];

const captions = (listens: boolean): Finding =>
  listens
    ? { topic: 'captions', code: 'captions-heard', grade: 'green', value: null }
    : { topic: 'captions', code: 'captions-typed', grade: 'amber', value: null };

/** Of a voice that isn't heard at all nothing else is worth saying. */
export const judgeSound = (sound: SoundMeasures): readonly Finding[] => {
  const level = byBounds('level', levels, sound.levelLufs);
  if (level.code === 'no-sound') return [level];
  return [
    level,
    byBounds('clipping', clippings, sound.clippedShare),
    byBounds('noise', noises, sound.noiseLufs),
    byBounds('clearness', clearnesses, sound.levelLufs - Math.max(silenceLufs, sound.noiseLufs)),
    ...(sound.echoDb === null ? [] : [byBounds('echo', echoes, sound.echoDb)]),
    ...(sound.listens === undefined ? [] : [captions(sound.listens)]),
  ];
};
