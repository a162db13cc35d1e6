// How loud the microphone is, drawn from the samples themselves. The bar moves without React: a page
// that re-renders sixty times a second would take the encoder's time.

import { useEffect, useRef } from 'react';

/** dB below which the bar is empty: the noise of a quiet room. */
const floorDb = -60;
/** Louder than this for an instant is distorted for everyone. */
const clipDb = -1.5;

/** Root mean square and peak of samples in -1..1, in dB relative to full scale. */
export const levelsOf = (
  samples: Float32Array,
): { readonly rmsDb: number; readonly peakDb: number } => {
  let sum = 0;
  let peak = 0;
  for (const sample of samples) {
    sum += sample * sample;
    peak = Math.max(peak, Math.abs(sample));
  }
  const db = (value: number) => (value <= 0 ? -100 : Math.max(-100, 20 * Math.log10(value)));
  return { rmsDb: db(Math.sqrt(sum / Math.max(1, samples.length))), peakDb: db(peak) };
};

/** The share of the bar that is filled. */
export const shareOf = (db: number): number => Math.min(1, Math.max(0, (db - floorDb) / -floorDb));

/** A bar and the level in words; `muted` empties it. */
export function MicrophoneLevel({
  track,
  muted,
}: {
  track: MediaStreamTrack | null;
  muted: boolean;
}) {
  const bar = useRef<HTMLSpanElement>(null);
  const words = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    if (!track || muted) return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let frame = 0;
    let shown = floorDb;
    let clippedUntilMs = 0;
    let wordsAtMs = 0;
    const draw = (atMs: number) => {
      analyser.getFloatTimeDomainData(samples);
      const { rmsDb, peakDb } = levelsOf(samples);
      if (peakDb > clipDb) clippedUntilMs = atMs + 800;
      // Falls slower than it rises, as a meter does: short words stay seen.
      shown = Math.max(rmsDb, shown - 1.2);
      const clipped = atMs < clippedUntilMs;
      if (bar.current) {
        bar.current.style.transform = `scaleX(${shareOf(shown)})`;
        bar.current.dataset.clipped = String(clipped);
      }
      if (words.current && atMs - wordsAtMs > 250) {
        wordsAtMs = atMs;
        words.current.textContent = clipped
          ? 'too loud'
          : shown <= floorDb + 2
            ? 'silent'
            : `−${Math.abs(Math.round(shown))} dB`;
      }
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    const wake = () => void context.resume();
    window.addEventListener('pointerdown', wake, { once: true });
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('pointerdown', wake);
      void context.close();
    };
  }, [track, muted]);

  return (
    <span className="inline-flex items-center gap-2">
      <span aria-hidden="true" className="h-1.5 w-14 overflow-hidden rounded-full bg-white/25">
        <span
          ref={bar}
          className="block h-full origin-left scale-x-0 rounded-full bg-lagoon-light data-[clipped=true]:bg-[#ff8a73]"
        />
      </span>
      <span ref={words} className="w-14 text-left">
        {muted ? 'muted' : track ? '…' : 'no mic'}
      </span>
    </span>
  );
}
