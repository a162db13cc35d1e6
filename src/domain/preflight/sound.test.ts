import { describe, expect, it } from 'vitest';
import { spoken } from '../testing/voice.ts';
import { echoIn, sweep, sweepEverySeconds } from './echo.ts';
import { worstOf } from './finding.ts';
import { loudnessOf } from './loudness.ts';
import { clippedShareOf, judgeSound, measureSound, type SoundSamples } from './sound.ts';

const voice = spoken('Good evening and welcome. Tonight I show you three bowls, thrown this week.');
const { sampleRate } = voice;

const louder = (samples: Float32Array, gainDb: number): Float32Array =>
  samples.map((sample) => sample * 10 ** (gainDb / 20));
const cutOffAt = (samples: Float32Array, most: number): Float32Array =>
  samples.map((sample) => Math.max(-most, Math.min(most, sample)));
const at = (samples: Float32Array, lufs: number): Float32Array =>
  louder(samples, lufs - loudnessOf(samples, sampleRate));

/** White noise; the same one every time. */
const noise = (seconds: number, amplitude: number): Float32Array => {
  let state = 1;
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state / 1_073_741_824 - 1) * amplitude;
  });
};
const mixed = (one: Float32Array, other: Float32Array): Float32Array =>
  one.map((sample, index) => sample + (other[index] ?? 0));

/** What a microphone hears of two sweeps that come back quieter and later, over a quiet room. */
const heard = (gainDb: number, delaySeconds: number, room = 0.0005): Float32Array => {
  const recorded = noise(2 * sweepEverySeconds, room);
  const played = louder(sweep(sampleRate), gainDb);
  for (const begin of [0, Math.round(sweepEverySeconds * sampleRate)]) {
    const from = begin + Math.round(delaySeconds * sampleRate);
    played.forEach((sample, index) => {
      recorded[from + index] = (recorded[from + index] ?? 0) + sample;
    });
  }
  return recorded;
};

const good: SoundSamples = {
  sampleRate,
  silence: noise(3, 0.0005),
  swept: noise(2 * sweepEverySeconds, 0.0005),
  speech: at(voice.samples, -21),
};
/** Without an echo, unless one is told. */
const codesOf = (samples: Partial<SoundSamples>) =>
  judgeSound(measureSound({ ...good, swept: null, ...samples })).map(({ code }) => code);
const sineOf = (hz: number, rate: number) =>
  Float32Array.from({ length: rate * 3 }, (_, index) =>
    Math.sin((2 * Math.PI * hz * index) / rate),
  );

describe('the loudness', () => {
  it.each([48_000, 44_100])('[PRE-3] of a full sine of 997 Hz at %i is -3.01 LUFS', (rate) => {
    expect(loudnessOf(sineOf(997, rate), rate)).toBeCloseTo(-3.01, 1);
  });

  it('[PRE-3] of a line doesn’t change by the pause after it', () => {
    const paused = new Float32Array(voice.samples.length * 2);
    paused.set(voice.samples);
    expect(loudnessOf(paused, sampleRate)).toBeCloseTo(loudnessOf(voice.samples, sampleRate), 0);
  });

  it('[PRE-3] of nothing at all is silence, not less', () => {
    expect(loudnessOf(new Float32Array(sampleRate), sampleRate)).toBe(-100);
    expect(loudnessOf(new Float32Array(0), sampleRate)).toBe(-100);
  });
});

describe('a microphone', () => {
  it('[PRE-3] that is as it should be is green', () => {
    const found = judgeSound(measureSound(good));
    expect(found.map(({ code }) => code)).toEqual([
      'level-good',
      'clipping-none',
      'noise-low',
      'voice-clear',
      'echo-none',
    ]);
    expect(worstOf(found.map(({ grade }) => grade))).toBe('green');
  });

  it.each([
    [-9, 'level-high'],
    [-29, 'level-good'],
    [-34, 'level-low'],
    [-45, 'level-very-low'],
  ])('[PRE-3] whose voice reads %i LUFS is called %s', (lufs, code) => {
    expect(codesOf({ speech: at(voice.samples, lufs) })[0]).toBe(code);
  });

  it('[PRE-3] that gives nothing is told so, and nothing else', () => {
    expect(codesOf({ speech: new Float32Array(sampleRate * 4) })).toEqual(['no-sound']);
  });

  it.each([
    ['a little', 4, 1],
    ['at half of full scale', 10, 0.5],
    ['by a preamplifier at a quarter', 12, 0.25],
  ])('[PRE-4] that cuts the voice off %s is found', (_, gainDb, most) => {
    const torn = cutOffAt(louder(voice.samples, gainDb), most);
    expect(clippedShareOf(torn)).toBeGreaterThan(0.0001);
    expect(codesOf({ speech: torn }).some((code) => /^clipping-(some|much)$/.test(code))).toBe(
      true,
    );
  });

  it('[PRE-4] isn’t called cut off for a loud voice, nor for a pure tone below full scale', () => {
    expect(clippedShareOf(voice.samples)).toBe(0);
    expect(clippedShareOf(louder(sineOf(220, 48_000), -3))).toBe(0);
  });

  it('[PRE-5] in a noisy room has its noise and how much of the voice it covers', () => {
    const fan = noise(8, 0.005);
    const codes = codesOf({ silence: fan, speech: mixed(good.speech, fan) });
    expect(codes).toContain('noise-heard');
    expect(codes).toContain('voice-clear');
    const road = noise(8, 0.03);
    const drowned = codesOf({ silence: road, speech: mixed(at(voice.samples, -26), road) });
    expect(drowned).toContain('noise-loud');
    expect(drowned).toContain('voice-drowned');
  });

  it('[PRE-5] isn’t called noisy for a cough in the silence', () => {
    const cough = good.silence.slice();
    cough.set(voice.samples.subarray(4_000, 4_000 + sampleRate / 2), sampleRate);
    expect(codesOf({ silence: cough })).toContain('noise-low');
  });
});

describe('the echo', () => {
  it.each([
    [-6, 0.03],
    [-24, 0.12],
    [-40, 0.35],
    [-50, 0.01],
  ])('[PRE-6] of %i dB after %f s is measured to a dB and a half', (gainDb, delay) => {
    const echo = echoIn(heard(gainDb, delay), sampleRate);
    expect(Math.abs(echo.returnDb - gainDb)).toBeLessThan(1.5);
    expect(Math.abs((echo.delayMs ?? 0) - delay * 1_000)).toBeLessThan(2);
  });

  it('[PRE-6] is found beneath a noise as loud as the echo itself', () => {
    expect(codesOf({ swept: heard(-20, 0.1, 0.03) })).toContain('echo-much');
  });

  it.each([
    [-20, 'echo-much'],
    [-35, 'echo-some'],
    [-60, 'echo-none'],
  ])('[PRE-6] of %i dB is called %s', (gainDb, code) => {
    expect(codesOf({ swept: heard(gainDb, 0.15) })).toContain(code);
  });

  it('[PRE-6] isn’t seen in a voice that speaks meanwhile', () => {
    for (const from of [0, 10_000, 20_000])
      expect(codesOf({ swept: voice.samples.slice(from, from + 2.6 * sampleRate) })).toContain(
        'echo-none',
      );
  });

  it('[PRE-6] isn’t judged where no sound could be played', () => {
    expect(codesOf({ swept: null }).filter((code) => code.startsWith('echo'))).toEqual([]);
  });
});

it('[PRE-17] who speaks into a browser that can’t write it down is told what else there is', () => {
  const measures = {
    levelLufs: -18,
    clippedShare: 0,
    noiseLufs: -70,
    echoDb: null,
    echoDelayMs: null,
  };
  const found = (listens?: boolean) =>
    judgeSound({ ...measures, listens }).find(({ topic }) => topic === 'captions');
  expect(found(true)).toMatchObject({ code: 'captions-heard', grade: 'green' });
  expect(found(false)).toMatchObject({ code: 'captions-typed', grade: 'amber' });
  expect(found()).toBeUndefined();
});
