// Watches a show by WHEP on the browser's own WebRTC: one request, one answer, picture in a video
// element. It comes back by itself when the line or the media engine fails, waits while nobody is on air,
// and measures what it shows. While it shows nothing that is due, `hls-relief.ts` does. Where a show is watched by HLS
// first, it is the other way round. It knows nothing of the room: the page tells it whether a picture is due, and which
// way is first.

import { type BackOff, backOffMs } from './back-off.ts';
import type { Relief } from './hls-relief.ts';
import type { PlayerPhase, PlayerState } from './player-state.ts';
import type { Line } from './whep-line.ts';

/** How a show is watched: the way that is tried first, and the server's clock. */
export type PlayerOptions = { readonly isHlsFirst?: boolean; readonly nowMs?: () => number };

export type WhepPlayer = {
  readonly state: () => PlayerState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Gives the element to play in; null takes it away. The element must be muted and inline. */
  readonly attach: (video: HTMLVideoElement | null) => void;
  readonly start: () => void;
  readonly stop: () => void;
  /** Which way is tried first; what is seen stays until the other way shows it. */
  readonly setHlsFirst: (isHlsFirst: boolean) => void;
  /** What the room says: `on`, or anything else. Frames that stop while it is off aren't a failure. */
  readonly setPicture: (isOn: boolean) => void;
  /** Must be called from a press: browsers allow sound only then. */
  readonly setMuted: (muted: boolean) => void;
};

/** On its way with the page's first lines; a line that dropped meanwhile is asked for it again. */
let lineCode = import('./whep-line.ts');
lineCode.catch(() => {});

const backOff: BackOff = { firstMs: 400, maxMs: 8_000 };
/** While HLS shows the picture there is no hurry, and each try costs the server a session. */
const calmBackOff: BackOff = { firstMs: 3_000, maxMs: 60_000 };
/** A picture that is due and isn't seen for so long comes by HLS meanwhile. */
const reliefMs = 1_500;
/** What HLS has for its first picture where it is first; it says itself that it is late after as long. */
const hlsWithinMs = 3_000;
/** How long the server may take to say whether the show goes on; it waits half a second itself (`hlsFlowMs`). */
const flowWithinMs = 900;
const waitMs = 4_000;

const first: PlayerState = {
  phase: 'idle',
  muted: true,
  needsPress: false,
  firstPictureMs: null,
  pictureDelayMs: null,
  width: 0,
  height: 0,
  isSlow: false,
  hasNoSlow: false,
};

/** A player for one show. Nothing happens before `start`. */
export const createWhepPlayer = (
  showId: string,
  { isHlsFirst: beginsByHls = false, nowMs = Date.now }: PlayerOptions = {},
): WhepPlayer => {
  const listeners = new Set<() => void>();
  let state = first;
  let video: HTMLVideoElement | null = null;
  let line: Line | null = null;
  let wanted = false;
  let isPictureOn = true;
  let attempt = 0;
  let startedAt = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let relief: Relief | null = null;
  let worried: ReturnType<typeof setTimeout> | undefined;
  let isGone = false;
  let isHlsFirst = beginsByHls;
  /** HLS brings the picture, and nothing was heard of a stop. */
  let hlsFlows = false;
  let hlsTries = 0;
  let hlsTriedAt = 0;
  let hlsLater: ReturnType<typeof setTimeout> | undefined;

  const set = (part: Partial<PlayerState>) => {
    state = { ...state, ...part };
    for (const listener of listeners) listener();
  };

  const hasPicture = (part: Partial<PlayerState>) =>
    set({
      firstPictureMs: state.firstPictureMs ?? Math.round(performance.now() - startedAt),
      phase: 'playing',
      ...part,
    });

  /** What phase the line is in is nobody's concern while HLS shows the picture. */
  const setPhase = (phase: PlayerPhase) => state.isSlow || set({ phase });

  /** The picture is due and isn't there: it comes by HLS if WHEP doesn't bring it in time. */
  const worry = (ms = reliefMs) => {
    if (worried === undefined) hlsTriedAt = performance.now() + ms;
    worried ??= setTimeout(async () => {
      const flow = await askFlow(showId);
      if (worried === undefined || relief) return;
      set({ hasNoSlow: flow === 'other' });
      const hasComeBack = isGone && flow === 'flows';
      isGone = flow === 'none';
      // [HLS-17] A host who is gone is gone by every way; one who comes back is seen by WHEP, if it can be.
      if (flow !== 'flows' || (hasComeBack && !isHlsFirst)) {
        worried = undefined;
        if (!wanted || !isPictureOn) return;
        if (isHlsFirst ? flow === 'other' : hasComeBack) fallBack();
        return isHlsFirst && state.phase === 'playing' ? preferHls() : worry();
      }
      // A line that brings no picture may not bring this either: it is asked for again like the picture.
      const module = await import('./hls-relief.ts').catch(() => null);
      if (relief) return;
      if (module === null) {
        worried = undefined;
        if (isHlsFirst) fallBack();
        return wanted && isPictureOn ? worry() : undefined;
      }
      if (!wanted || !worried || !video || !isPictureOn) return calm();
      relief = module.openRelief({
        showId,
        video,
        nowMs,
        tell: set,
        playing() {
          hasPicture({ isSlow: true });
          hlsFlows = true;
          if (isHlsFirst) hangUp();
        },
        async late() {
          hlsFlows = false;
          // [HLS-17]
          if (isHlsFirst && (await askFlow(showId)) !== 'none' && !hlsFlows) fallBack();
        },
        failed(isForGood) {
          calm();
          if (isForGood) isHlsFirst = false;
          if (typeof RTCPeerConnection === 'undefined') set({ phase: 'unsupported' });
          else if (line) show();
          else connect();
          preferHls();
        },
      });
      video.muted = state.muted;
    }, ms);
  };

  const calm = () => {
    clearTimeout(worried);
    worried = undefined;
    isGone = false;
    hlsFlows = false;
    relief?.close();
    relief = null;
    if (state.isSlow) set({ isSlow: false, pictureDelayMs: null });
    if (state.hasNoSlow) set({ hasNoSlow: false });
  };

  /** [HLS-19] HLS is first and isn't there: the picture comes by WHEP until it is. */
  const fallBack = () => {
    if (line || !wanted || !isPictureOn) return;
    attempt = 0;
    connect();
  };

  const preferHls = () => {
    if (isHlsFirst)
      hlsLater ??= setTimeout(
        () => {
          hlsLater = undefined;
          if (wanted && isHlsFirst && isPictureOn) worry(0);
        },
        backOffMs(hlsTries++, calmBackOff, Math.random),
      );
  };

  /** [HLS-19] HLS that is first has its time, though WHEP brings the picture. */
  const hasHlsTime = () => isHlsFirst && performance.now() - hlsTriedAt < hlsWithinMs;

  const hangUp = () => {
    clearTimeout(retry);
    line?.close();
    line = null;
  };

  const play = () => {
    if (!video || !line || relief) return;
    if (video.srcObject !== line.stream) video.srcObject = line.stream;
    video.muted = state.muted;
    video.play().then(
      () => state.needsPress && set({ needsPress: false }),
      (error: unknown) => {
        if (error instanceof DOMException && error.name === 'NotAllowedError')
          set({ needsPress: true });
      },
    );
  };

  /** What the line brings, in the element; until then the last frame stands there. */
  const show = () => {
    play();
    if (video) line?.watch(video);
  };

  /** [HLS-19] Nothing is asked of WHEP while HLS, which is first, brings the picture. */
  const isNeeded = () =>
    wanted && !(isHlsFirst && hlsFlows) && typeof RTCPeerConnection !== 'undefined';

  const connect = async () => {
    clearTimeout(retry);
    if (!isNeeded()) return;
    const isFirst = state.firstPictureMs === null;
    if (state.phase !== 'waiting') setPhase(isFirst ? 'connecting' : 'reconnecting');
    const code = await lineCode.catch(() => null);
    if (!isNeeded()) return;
    if (!code) {
      lineCode = import('./whep-line.ts');
      lineCode.catch(() => {});
      return again();
    }
    const mine = code.createLine(showId, {
      frame: (width, height) => {
        // While HLS plays, the frames of the element are its own.
        if (mine !== line || relief) return;
        attempt = 0;
        calm();
        preferHls();
        hasPicture({ width, height });
      },
      flows() {
        if (mine !== line || !worried || !video || hasHlsTime()) return;
        const wasSlow = relief !== null;
        calm();
        if (!wasSlow) return;
        show();
        preferHls();
      },
      late: () => mine === line && worry(0),
      failed: () => mine === line && again(),
      isDue: () => isPictureOn,
      delay: (pictureDelayMs) => mine === line && !relief && set({ pictureDelayMs }),
    });
    line?.close();
    line = mine;
    const outcome = await mine.open(() => mine === line && play());
    if (mine !== line) return;
    if (outcome === 'no-publisher') {
      mine.close();
      line = null;
      setPhase('waiting');
      retry = setTimeout(connect, waitMs);
    } else if (outcome === 'failed') again();
    else if (video && !relief) mine.watch(video);
  };

  const again = () => {
    line?.close();
    line = null;
    if (!wanted) return;
    setPhase(state.firstPictureMs === null ? 'connecting' : 'reconnecting');
    worry(state.firstPictureMs === null ? reliefMs : 0);
    retry = setTimeout(connect, backOffMs(attempt, relief ? calmBackOff : backOff, Math.random));
    attempt += 1;
  };

  const stop = () => {
    wanted = false;
    clearTimeout(hlsLater);
    hlsLater = undefined;
    hangUp();
    calm();
    if (video) video.srcObject = null;
    removeEventListener('pagehide', stop);
    removeEventListener('online', online);
    set({ phase: 'idle' });
  };

  const online = () => {
    attempt = 0;
    if (!wanted || state.phase === 'playing') return;
    if (isHlsFirst) worry(0);
    else connect();
  };

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    attach(element) {
      video = element;
      if (element) relief?.attach(element);
      if (!element || !line || relief) return;
      play();
      line.watch(element);
    },
    start() {
      if (wanted) return;
      wanted = true;
      attempt = 0;
      startedAt = performance.now();
      worry(isHlsFirst ? 0 : reliefMs);
      addEventListener('pagehide', stop);
      addEventListener('online', online);
      set({ phase: 'connecting' });
      if (!isHlsFirst) connect();
    },
    stop,
    setHlsFirst(isNow) {
      if (isNow === isHlsFirst) return;
      isHlsFirst = isNow;
      hlsTries = 0;
      if (!wanted) return;
      if (isNow && hlsFlows) return hangUp();
      preferHls();
      if (isNow || line) return;
      clearTimeout(retry);
      retry = setTimeout(connect, backOffMs(0, calmBackOff, Math.random));
    },
    setPicture(isOn) {
      const came = isOn && !isPictureOn;
      isPictureOn = isOn;
      if (!came || !wanted) return;
      if (isHlsFirst) return worry(0);
      if (state.phase !== 'playing') worry();
      if (state.phase === 'waiting' || state.phase === 'reconnecting') {
        attempt = 0;
        connect();
      }
    },
    setMuted(muted) {
      set({ muted, needsPress: false });
      if (video) {
        video.muted = muted;
        if (relief) video.play().catch(() => {});
        else play();
      }
    },
  };
};

/**
 * Whether the show can be had by HLS now: `flows`; `none` when the host sends nothing, `other` when they send what HLS
 * can't carry. A server that doesn't answer is no reason to wait.
 */
const askFlow = async (showId: string): Promise<'flows' | 'none' | 'other'> => {
  try {
    const signal = AbortSignal.timeout(flowWithinMs);
    const response = await fetch(`/hls/${showId}/flow`, { signal, cache: 'no-store' });
    if (response.ok) return 'flows';
    return response.status === 404 ? 'none' : response.status === 409 ? 'other' : 'flows';
  } catch {
    return 'flows';
  }
};
