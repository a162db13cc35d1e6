// How much of what the loudspeaker plays comes back by the microphone, after the browser's echo cancellation. A
// sweep is played twice and looked for in what was recorded by a matched filter: the height of its best match is the
// gain of the path. A path is as late both times; what only looks like one (a voice, a noise) isn't.

/** What is played: a rising tone that a voice doesn't make, loud enough to be heard, short enough not to annoy. */
export const sweepSeconds = 0.7;
const fromHz = 400;
const toHz = 4_000;
const amplitude = 0.25;
/** Ends fade, so that the loudspeaker doesn't click. */
const fadeSeconds = 0.02;

/** The latest echo that is looked for: a loudspeaker by Bluetooth is some 300 ms late. */
export const echoDelaySecondsMax = 0.6;
/** The match is made at about so many samples a second: enough for the sweep. */
const matchRate = 11_000;
/** A path stands out of the chance matches of noise and voice by this much; else it is none. */
const standsOutTimes = 6;
/** Nothing quieter is told apart. */
export const echoFloorDb = -70;

/** The samples of the sweep, -12 dB at its peak. */
export const sweep = (sampleRate: number): Float32Array => {
  const length = Math.round(sweepSeconds * sampleRate);
  const fade = fadeSeconds * sampleRate;
  const rise = Math.log(toHz / fromHz);
  return Float32Array.from({ length }, (_, at) => {
    const phase =
      ((2 * Math.PI * fromHz * sweepSeconds) / rise) * (Math.exp((at / length) * rise) - 1);
    const edge = Math.min(1, at / fade, (length - 1 - at) / fade);
    return amplitude * edge * Math.sin(phase);
  });
};

/** Every `factor` samples become their mean. */
const thinned = (samples: Float32Array, factor: number): Float32Array =>
  Float32Array.from({ length: Math.floor(samples.length / factor) }, (_, at) => {
    let sum = 0;
    for (let part = 0; part < factor; part++) sum += samples[at * factor + part] as number;
    return sum / factor;
  });

/** How late the same path may seem the second time: two samples of the match. */
const agreesMs = 0.5;

export type Echo = {
  /** What comes back relative to what was played; the floor where nothing stands out. */
  readonly returnDb: number;
  /** How late; null where nothing stands out. */
  readonly delayMs: number | null;
};

/** The second sweep begins so long after the first: when the latest echo of that is over. */
export const sweepEverySeconds = sweepSeconds + echoDelaySecondsMax;

/**
 * The echo in `recorded`, which begins when the first of two sweeps begins to be played and lasts for twice
 * `sweepEverySeconds`; at `sampleRate`.
 */
export const echoIn = (recorded: Float32Array, sampleRate: number): Echo => {
  const each = Math.round(sweepEverySeconds * sampleRate);
  const first = bestMatch(recorded.subarray(0, each), sampleRate);
  const second = bestMatch(recorded.subarray(each, 2 * each), sampleRate);
  const none: Echo = { returnDb: echoFloorDb, delayMs: null };
  if (first === null || second === null) return none;
  if (Math.abs(first.delayMs - second.delayMs) > agreesMs) return none;
  const returnDb = 20 * Math.log10((first.gain + second.gain) / 2);
  return returnDb <= echoFloorDb ? none : { returnDb, delayMs: Math.round(first.delayMs) };
};

/** Where one sweep is heard best, with the gain of its path; null where nothing stands out. */
const bestMatch = (
  recorded: Float32Array,
  sampleRate: number,
): { readonly gain: number; readonly delayMs: number } | null => {
  const factor = Math.max(1, Math.floor(sampleRate / matchRate));
  const heard = thinned(recorded, factor);
  const played = thinned(sweep(sampleRate), factor);
  const energy = played.reduce((sum, sample) => sum + sample * sample, 0);
  const gains: number[] = [];
  for (let lag = 0; lag + played.length <= heard.length; lag++) {
    let sum = 0;
    for (let at = 0; at < played.length; at++)
      sum += (heard[lag + at] as number) * (played[at] as number);
    gains.push(Math.abs(sum) / energy);
  }
  const gain = gains.reduce((most, one) => Math.max(most, one), 0);
  const usual = [...gains].sort((a, b) => a - b)[Math.floor(gains.length / 2)] ?? 0;
  if (gain <= 0 || gain < usual * standsOutTimes) return null;
  return { gain, delayMs: (gains.indexOf(gain) * factor * 1_000) / sampleRate };
};
