// Listens to the microphone as it would be sent: silence, two sweeps from the loudspeaker, a line that is read. What
// was heard is measured in src/domain/preflight/sound.ts. Nothing is kept or sent.

import { sweep, sweepEverySeconds } from '../../../domain/preflight/echo.ts';
import { measureSound, type SoundMeasures } from '../../../domain/preflight/sound.ts';
import tapUrl from './sound-tap.worklet.ts?worker&url';

export type ListenStep = 'silence' | 'echo' | 'speech';
export const listenSeconds: Readonly<Record<ListenStep, number>> = {
  silence: 3,
  echo: 2 * sweepEverySeconds,
  speech: 5,
};
/** Echo cancellation and gain settle, and whoever pressed the button has let go of it. */
const settleSeconds = 0.6;
/** The sweep begins a moment after the step: what is scheduled too late is cut. */
const aheadSeconds = 0.1;
const noSoundMs = 5_000;

type Chunk = { readonly fromFrame: number; readonly samples: Float32Array };

/** Rejects when the browser gives no samples, and when `cut` is aborted. Takes about eleven seconds. */
export const listen = async (
  track: MediaStreamTrack,
  onStep: (step: ListenStep) => void,
  cut: AbortSignal,
): Promise<SoundMeasures> => {
  const context = new AudioContext();
  const chunks: Chunk[] = [];
  let wake = () => {};
  try {
    await context.audioWorklet.addModule(tapUrl);
    await context.resume();
    const tap = new AudioWorkletNode(context, 'sound-tap');
    tap.port.onmessage = ({ data }: MessageEvent<Chunk>) => {
      chunks.push(data);
      wake();
    };
    // What isn't connected to an end isn't run by every browser; the tap itself says nothing.
    context.createMediaStreamSource(new MediaStream([track])).connect(tap);
    tap.connect(context.destination);
    const { sampleRate } = context;

    /** The samples of a stretch of the context's time, when all of them are there. */
    const heard = async (fromSeconds: number, seconds: number): Promise<Float32Array> => {
      const from = Math.round(fromSeconds * sampleRate);
      const out = new Float32Array(Math.round(seconds * sampleRate));
      for (;;) {
        cut.throwIfAborted();
        const last = chunks.at(-1);
        if (last && last.fromFrame + last.samples.length >= from + out.length) break;
        await new Promise<void>((resolve, reject) => {
          const late = setTimeout(() => reject(new Error('no sound came')), noSoundMs);
          wake = () => {
            clearTimeout(late);
            resolve();
          };
        });
      }
      for (const { fromFrame, samples } of chunks) {
        const begin = fromFrame - from;
        if (begin + samples.length <= 0 || begin >= out.length) continue;
        const part = samples.subarray(Math.max(0, -begin), out.length - begin);
        out.set(part, Math.max(0, begin));
      }
      chunks.length = 0;
      return out;
    };

    onStep('silence');
    const silence = await heard(context.currentTime + settleSeconds, listenSeconds.silence);

    onStep('echo');
    const beginsAt = context.currentTime + aheadSeconds;
    const samples = sweep(sampleRate);
    const played = context.createBuffer(1, samples.length, sampleRate);
    played.getChannelData(0).set(samples);
    for (const at of [beginsAt, beginsAt + sweepEverySeconds]) {
      const source = context.createBufferSource();
      source.buffer = played;
      source.connect(context.destination);
      source.start(at);
    }
    const swept = await heard(beginsAt, listenSeconds.echo);

    onStep('speech');
    const speech = await heard(context.currentTime + settleSeconds, listenSeconds.speech);
    return measureSound({ sampleRate, silence, swept, speech });
  } finally {
    void context.close();
  }
};
