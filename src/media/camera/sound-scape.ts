// What the synthetic camera hears: the room's tone, a distant kiln, and a few soft plucked notes. Made by sums of sines
// and filtered noise, so that it belongs to nobody. The rule: it repeats after its length without a seam and is quiet
// enough to talk over.

const RATE = 48_000;
const TURN = 2 * Math.PI;

/** Notes of a calm pentatonic line: beat, MIDI note, loudness, place from left (0) to right (1). */
const NOTES: readonly [beat: number, note: number, loudness: number, place: number][] = [
  [0, 57, 0.5, 0.4],
  [0.5, 64, 0.32, 0.6],
  [1.5, 69, 0.36, 0.5],
  [3, 66, 0.3, 0.35],
  [4, 52, 0.48, 0.5],
  [4.5, 59, 0.3, 0.6],
  [5.5, 64, 0.34, 0.45],
  [6.5, 71, 0.26, 0.65],
  [8, 54, 0.46, 0.4],
  [8.5, 61, 0.3, 0.55],
  [9.5, 66, 0.34, 0.5],
  [11, 69, 0.28, 0.6],
];
const BEATS = 12;

/** Interleaved stereo samples of the whole loop, -1..1. */
export function makeSoundScape(seconds: number): Float32Array {
  const length = Math.round(seconds * RATE);
  const samples = new Float32Array(length * 2);
  for (const [beat, note, loudness, place] of NOTES) {
    pluck(samples, (beat / BEATS) * seconds, 440 * 2 ** ((note - 69) / 12), loudness * 0.11, place);
  }
  addRoom(samples, length);
  return samples;
}

/** A soft wooden pluck: three partials that die at their own pace. Its end wraps to the loop's beginning. */
function pluck(
  samples: Float32Array,
  atSeconds: number,
  frequency: number,
  loudness: number,
  place: number,
): void {
  const length = samples.length / 2;
  const start = Math.round(atSeconds * RATE);
  const left = Math.cos((place * Math.PI) / 2) * loudness;
  const right = Math.sin((place * Math.PI) / 2) * loudness;
  for (let i = 0; i < RATE * 3.2; i += 1) {
    const t = i / RATE;
    const attack = Math.min(1, t / 0.006);
    const value =
      attack *
      (Math.sin(TURN * frequency * t) * Math.exp(-t * 1.7) +
        0.35 * Math.sin(TURN * frequency * 2.003 * t) * Math.exp(-t * 3.4) +
        0.16 * Math.sin(TURN * frequency * 5.41 * t) * Math.exp(-t * 14));
    const at = ((start + i) % length) * 2;
    samples[at] = samples[at]! + value * left;
    samples[at + 1] = samples[at + 1]! + value * right;
  }
}

/** Low, wide noise that breathes. The noise is a loop of itself: its end is blended into its beginning. */
function addRoom(samples: Float32Array, length: number): void {
  const blend = RATE;
  for (const channel of [0, 1]) {
    let seed = 0x9e3779b9 ^ (channel * 0x51ed27);
    let low = 0;
    let lower = 0;
    const noise = new Float32Array(length + blend);
    for (let i = 0; i < noise.length; i += 1) {
      seed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
      const white = (seed >>> 0) / 2 ** 31 - 1;
      low += (white - low) * 0.02;
      lower += (low - lower) * 0.05;
      noise[i] = lower * 0.16 + low * 0.02;
    }
    for (let i = 0; i < length; i += 1) {
      const fade = i < blend ? i / blend : 1;
      const value =
        noise[i]! * Math.sqrt(fade) + (i < blend ? noise[length + i]! * Math.sqrt(1 - fade) : 0);
      const breath = 0.8 + 0.2 * Math.sin((TURN * 2 * i) / length);
      samples[i * 2 + channel] = samples[i * 2 + channel]! + value * breath;
    }
  }
}
