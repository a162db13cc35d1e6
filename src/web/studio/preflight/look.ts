// Looks at the camera for three seconds through the page's own preview: its light several times, its size, and how
// many pictures really come. Measured in src/domain/preflight/picture.ts. Nothing is kept or sent.

import {
  greyOf,
  type LightMeasures,
  measuredWidth,
  measureLight,
  type PictureMeasures,
  usualLight,
} from '../../../domain/preflight/picture.ts';

export const lookSeconds = 4;
/** The camera's own exposure settles. */
const settleMs = 1_000;
const measureMs = 3_000;
const lightEveryMs = 375;
const noPictureMs = 8_000;

/** Rejects when no picture comes, and when `cut` is aborted. */
export const look = async (
  video: HTMLVideoElement,
  track: MediaStreamTrack,
  cut: AbortSignal,
): Promise<PictureMeasures> => {
  await firstPicture(video, cut);
  await pause(settleMs, cut);
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  canvas.width = measuredWidth;
  canvas.height = Math.round((measuredWidth * video.videoHeight) / video.videoWidth);

  const frames = countFrames(video);
  const lights: LightMeasures[] = [];
  try {
    const untilMs = performance.now() + measureMs;
    while (performance.now() < untilMs) {
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      lights.push(measureLight(greyOf(data, canvas.width, canvas.height)));
      await pause(lightEveryMs, cut);
    }
    return {
      ...usualLight(lights),
      width: video.videoWidth,
      height: video.videoHeight,
      framesPerSecond: frames.perSecond(),
      nominalFramesPerSecond: track.getSettings().frameRate ?? null,
    };
  } finally {
    frames.stop();
  }
};

const pause = (ms: number, cut: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    cut.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(cut.reason);
    });
  });

const firstPicture = (video: HTMLVideoElement, cut: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const done = (error?: unknown) => {
      clearTimeout(late);
      video.removeEventListener('loadeddata', ready);
      if (error) reject(error);
      else resolve();
    };
    const ready = () => {
      if (video.videoWidth > 0 && video.readyState >= 2) done();
    };
    const late = setTimeout(() => done(new Error('no picture came')), noPictureMs);
    cut.addEventListener('abort', () => done(cut.reason));
    video.addEventListener('loadeddata', ready);
    ready();
  });

/**
 * Counts the pictures that come: by `requestVideoFrameCallback`, and by the player's own count where that knows of
 * more (what is scrolled out of sight isn't painted, and yet it came).
 */
const countFrames = (video: HTMLVideoElement) => {
  const totals = () => video.getVideoPlaybackQuality?.().totalVideoFrames ?? 0;
  const beganMs = performance.now();
  const totalBefore = totals();
  type Painted = { readonly atMs: number; readonly count: number };
  let first: Painted | null = null;
  let last: Painted | null = null;
  let handle = 0;
  const onFrame: VideoFrameRequestCallback = (atMs, { presentedFrames }) => {
    last = { atMs, count: presentedFrames };
    first ??= last;
    handle = video.requestVideoFrameCallback(onFrame);
  };
  const canCall = typeof video.requestVideoFrameCallback === 'function';
  if (canCall) handle = video.requestVideoFrameCallback(onFrame);
  return {
    perSecond: (): number => {
      const [from, to] = [first as Painted | null, last as Painted | null];
      const painted =
        from && to && to.atMs > from.atMs
          ? ((to.count - from.count) * 1_000) / (to.atMs - from.atMs)
          : 0;
      const came = ((totals() - totalBefore) * 1_000) / (performance.now() - beganMs);
      return Math.max(painted, came);
    },
    stop: () => {
      if (canCall) video.cancelVideoFrameCallback(handle);
    },
  };
};
