// How loud sound is for people: the K-weighting and the gate of ITU-R BS.1770-4, for one channel at any sampling
// rate. Its calibration: a sine of 997 Hz at full scale reads -3.01. Nothing here knows where samples come from.

/** What silence reads: below the least significant bit of 16. */
export const silenceLufs = -100;

const blockMs = 400;
const stepMs = 100;
const absoluteGateLufs = -70;
const relativeGateLu = -10;

type Biquad = readonly [b0: number, b1: number, b2: number, a1: number, a2: number];

/**
 * The two filters of BS.1770 (a shelf for the head, a high pass for the ear). The recommendation gives coefficients
 * at 48 kHz; these are the analogue filters behind them, so that 44.1 kHz reads the same.
 */
const kWeighting = (sampleRate: number): readonly [Biquad, Biquad] => {
  const shelf = (): Biquad => {
    const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
    const q = 0.7071752369554196;
    const high = 10 ** (3.999843853973347 / 20);
    const band = high ** 0.4996667741545416;
    const a0 = 1 + k / q + k * k;
    return [
      (high + (band * k) / q + k * k) / a0,
      (2 * (k * k - high)) / a0,
      (high - (band * k) / q + k * k) / a0,
      (2 * (k * k - 1)) / a0,
      (1 - k / q + k * k) / a0,
    ];
  };
  const highPass = (): Biquad => {
    const k = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
    const q = 0.5003270373238773;
    const a0 = 1 + k / q + k * k;
    return [1, -2, 1, (2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0];
  };
  return [shelf(), highPass()];
};

const filtered = (samples: Float32Array, [b0, b1, b2, a1, a2]: Biquad): Float32Array => {
  const out = new Float32Array(samples.length);
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let at = 0; at < samples.length; at++) {
    const x = samples[at] as number;
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    out[at] = y;
  }
  return out;
};

const lufsOf = (meanSquare: number): number =>
  meanSquare <= 0 ? silenceLufs : Math.max(silenceLufs, -0.691 + 10 * Math.log10(meanSquare));

/** Mean squares of K-weighted blocks of 400 ms, one each 100 ms; of less than a block, the whole. */
const blocksOf = (samples: Float32Array, sampleRate: number): readonly number[] => {
  const [shelf, highPass] = kWeighting(sampleRate);
  const heard = filtered(filtered(samples, shelf), highPass);
  const length = Math.min(heard.length, Math.round((sampleRate * blockMs) / 1_000));
  const step = Math.round((sampleRate * stepMs) / 1_000);
  const blocks: number[] = [];
  for (let from = 0; length > 0 && from + length <= heard.length; from += step) {
    let sum = 0;
    for (let at = from; at < from + length; at++) sum += (heard[at] as number) ** 2;
    blocks.push(sum / length);
  }
  return blocks;
};

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Integrated loudness in LUFS: pauses between words don't count (the two gates of BS.1770). */
export const loudnessOf = (samples: Float32Array, sampleRate: number): number => {
  const loud = blocksOf(samples, sampleRate).filter((block) => lufsOf(block) > absoluteGateLufs);
  const gate = lufsOf(mean(loud)) + relativeGateLu;
  return lufsOf(mean(loud.filter((block) => lufsOf(block) > gate)));
};

/** Of a hundred blocks so many are quieter than what is called the floor: a cough or a car in it changes nothing. */
const floorShare = 0.2;

/** The noise that is always there, in LUFS: what the quietest fifth of the blocks doesn't exceed. */
export const floorOf = (samples: Float32Array, sampleRate: number): number => {
  const blocks = [...blocksOf(samples, sampleRate)].sort((a, b) => a - b);
  return lufsOf(blocks[Math.floor((blocks.length - 1) * floorShare)] ?? 0);
};
