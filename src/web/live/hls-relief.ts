// The picture by HLS, while WHEP shows none or where HLS is first: low-latency first, then whole segments. Loaded only
// when it is needed; Safari plays it by itself, the others by hls.js. It says what it measures, when it is late and when
// it can do no more; who asked for it decides what follows.

import type { ErrorData, HlsConfig } from 'hls.js';
import type { PlayerState } from './player-state.ts';

export type ReliefOptions = {
  readonly showId: string;
  readonly video: HTMLVideoElement;
  /** The server's time, to know how old the picture is. */
  readonly nowMs: () => number;
  readonly tell: (part: Partial<PlayerState>) => void;
  /** The first picture stands, or it goes on after it was late. */
  readonly playing: () => void;
  /** No picture, or one that stands still, for three seconds; told again as long as it is so. */
  readonly late: () => void;
  /** HLS can't show this show now; `isForGood`: nor can this browser ever. */
  readonly failed: (isForGood?: boolean) => void;
};

export type Relief = {
  readonly attach: (video: HTMLVideoElement) => void;
  /** Takes the stream off the element; what was seen last stays until another picture comes. */
  readonly close: () => void;
};

const measureMs = 1_000;
const lateMeasures = 3;
/** In one measure; players that hang push themselves on by less. */
const goesOnS = 0.5;
/** So many stops within a minute, and a slower picture is the better one. */
const stallsMax = 3;
const stallsWithinMs = 60_000;
/** Half a second nearer to now in ten: nobody hears it. */
const catchUpRate = 1.05;

const config: Partial<HlsConfig> = {
  lowLatencyMode: true,
  maxLiveSyncPlaybackRate: catchUpRate,
  backBufferLength: 10,
  liveDurationInfinity: true,
};

/** Begins to play. */
export const openRelief = (options: ReliefOptions): Relief => {
  const { showId, nowMs, tell, playing, late, failed } = options;
  let { video } = options;
  let stop = () => {};
  let dateMs = (): number | null => null;
  let closed = false;
  let seen = false;
  let isPlain = false;
  let placeS = 0;
  let still = 0;
  let isLate = false;
  let stalls: number[] = [];

  const play = () =>
    video.play().then(
      () => tell({ needsPress: false }),
      (error: unknown) => {
        if (error instanceof DOMException && error.name === 'NotAllowedError')
          tell({ needsPress: true });
      },
    );
  const onFrame = () => {
    if (closed || video.videoWidth === 0) return;
    if (!seen) {
      seen = true;
      playing();
    }
    tell({ width: video.videoWidth, height: video.videoHeight });
  };
  const onWaiting = () => {
    const now = performance.now();
    stalls = [...stalls.filter((at) => now - at < stallsWithinMs), now];
    if (seen && !isPlain && stalls.length >= stallsMax) begin(true);
  };
  const listen = () => {
    for (const name of ['playing', 'resize', 'timeupdate']) video.addEventListener(name, onFrame);
    video.addEventListener('waiting', onWaiting);
  };
  const unlisten = () => {
    for (const name of ['playing', 'resize', 'timeupdate'])
      video.removeEventListener(name, onFrame);
    video.removeEventListener('waiting', onWaiting);
  };
  const lookAtPlace = () => {
    const goesOn = video.paused || video.currentTime - placeS > goesOnS;
    placeS = video.currentTime;
    still = seen && goesOn ? 0 : still + 1;
    const was = isLate;
    isLate = still >= lateMeasures;
    if (was && !isLate) playing();
    else if (isLate && still % lateMeasures === 0) late();
  };
  const measure = setInterval(() => {
    lookAtPlace();
    const at = dateMs();
    if (seen && at !== null && !video.paused)
      tell({ pictureDelayMs: Math.max(0, Math.round(nowMs() - at)) });
  }, measureMs);

  const begin = async (plain: boolean) => {
    isPlain = plain;
    stop();
    const url = `/hls/${showId}/${plain ? 'plain' : 'index'}.m3u8`;
    keepFrame(video);
    video.srcObject = null;
    if (playsItself(video)) {
      const onError = () => (plain ? failed() : begin(true));
      video.addEventListener('error', onError);
      video.src = url;
      stop = () => video.removeEventListener('error', onError);
      dateMs = () => {
        const start = (video as HTMLVideoElement & { getStartDate?: () => Date }).getStartDate?.();
        const startMs = start?.getTime() ?? Number.NaN;
        return Number.isNaN(startMs) ? null : startMs + video.currentTime * 1000;
      };
      return play();
    }
    const { default: Hls } = await import('hls.js/light').catch(() => ({ default: null }));
    if (closed || isPlain !== plain) return;
    if (!Hls?.isSupported()) return failed(Hls !== null);
    const player = new Hls({ ...config, lowLatencyMode: !plain });
    stop = () => player.destroy();
    dateMs = () => player.playingDate?.getTime() ?? null;
    let recovered = false;
    player.on(Hls.Events.ERROR, (_event: unknown, { fatal, type }: ErrorData) => {
      if (!fatal || closed) return;
      if (type === Hls.ErrorTypes.MEDIA_ERROR && !recovered) {
        recovered = true;
        player.recoverMediaError();
      } else if (plain) failed();
      else begin(true);
    });
    player.on(Hls.Events.MANIFEST_PARSED, () => void play());
    player.loadSource(url);
    player.attachMedia(video);
  };

  listen();
  void begin(false);

  return {
    attach(element) {
      if (element === video) return;
      unlisten();
      video = element;
      listen();
      void begin(isPlain);
    },
    close() {
      closed = true;
      clearInterval(measure);
      unlisten();
      keepFrame(video);
      stop();
      video.removeAttribute('src');
    },
  };
};

/** Safari on every device: its own player knows low-latency HLS, and on phones there is no other. */
const playsItself = (video: HTMLVideoElement): boolean =>
  /^Apple/.test(navigator.vendor) && video.canPlayType('application/vnd.apple.mpegurl') !== '';

/** The last frame stands as the element's poster, so that nothing flashes between two streams. */
const keepFrame = (video: HTMLVideoElement) => {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0) return;
  const canvas = document.createElement('canvas');
  canvas.width = videoWidth;
  canvas.height = videoHeight;
  try {
    canvas.getContext('2d')?.drawImage(video, 0, 0);
    video.poster = canvas.toDataURL('image/jpeg', 0.8);
  } catch {
    // A frame that may not be read leaves the poster as it was.
  }
};
