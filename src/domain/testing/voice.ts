// A voice for tests of sound: espeak-ng, which the tests' set-up fetches, reads a line; where it can't be had a voice
// is made here. What a browser's microphone is fed with is a WAV file.

import { spawnSync } from 'node:child_process';

/** Samples in -1..1 of one channel. */
export type Sound = { readonly sampleRate: number; readonly samples: Float32Array };

/** A line as it is read aloud, at the speaker's own level (about -20 LUFS). */
export const spoken = (line: string): Sound => {
  const { stdout, status } = spawnSync('espeak-ng', ['-v', 'en', '--stdout', line], {
    maxBuffer: 64 * 1024 * 1024,
  });
  // Not there at all: `status` is null and `stdout` too.
  if (status !== 0 || stdout.length < 1_000) return made();
  const begin = stdout.indexOf('data') + 8;
  const count = Math.floor((stdout.length - begin) / 2);
  const samples = Float32Array.from(
    { length: count },
    (_, at) => stdout.readInt16LE(begin + at * 2) / 32_768,
  );
  return { sampleRate: stdout.readUInt32LE(24), samples };
};

/** Four seconds of syllables: a buzz of 120 Hz with the formants of an open vowel, three a second, with pauses. */
const made = (): Sound => {
  const sampleRate = 22_050;
  const formants = [
    [700, 130],
    [1_220, 170],
    [2_600, 260],
  ] as const;
  const samples = Float32Array.from({ length: sampleRate * 4 }, (_, at) => {
    const time = at / sampleRate;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 3 * time)) ** 0.5;
    const buzz = (hz: number, width: number) => {
      const sincePulse = (time * 120) % 1;
      return Math.exp((-sincePulse / 120) * width * Math.PI) * Math.sin(2 * Math.PI * hz * time);
    };
    return 0.1 * syllable * formants.reduce((sum, [hz, width]) => sum + buzz(hz, width), 0);
  });
  return { sampleRate, samples };
};

/** The sound as a WAV file of 16 bits; what is beyond full scale is cut off. */
export const wavOf = ({ sampleRate, samples }: Sound): Buffer => {
  const file = Buffer.alloc(44 + samples.length * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples.length * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, at) => {
    file.writeInt16LE(Math.round(Math.min(1, Math.max(-1, sample)) * 32_767), 44 + at * 2);
  });
  return file;
};
