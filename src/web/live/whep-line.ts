// One WHEP session of a viewer, from the offer to the DELETE: it tells whether pictures come, how late they are, and when
// the line is dead. When to begin another is `whep-player.ts`'s to say, which loads this beside the page.

/** Small, because nobody should bid on an old picture; not zero, because Wi-Fi isn't even. */
const jitterBufferMs = 40;
/** No new frame for so long while one is due: the line is dead though nobody said so. */
const frozenMs = 5_000;
/** WebRTC often recovers from `disconnected` by itself. */
const disconnectedMs = 2_500;
const statsMs = 500;
/** No frame for so long is trouble; a shorter stop is the unevenness of a line. */
const lateMs = 1_000;
/** Host candidates come within a few ms; the answer's candidates suffice without ours. */
const gatheringMs = 150;
const answerWithinMs = 10_000;

export type Line = {
  readonly stream: MediaStream;
  readonly open: (tracked: () => void) => Promise<'open' | 'no-publisher' | 'failed'>;
  readonly watch: (video: HTMLVideoElement) => void;
  readonly close: () => void;
};

export type LineEvents = {
  /** Frames are decoded, though no element shows them. */
  readonly flows: () => void;
  /** Frames stopped while they are due, or there is no room for another viewer. */
  readonly late: () => void;
  readonly frame: (width: number, height: number) => void;
  readonly failed: () => void;
  readonly isDue: () => boolean;
  readonly delay: (delayMs: number) => void;
};

/** One WHEP session, from the offer to the DELETE. */
export const createLine = (showId: string, events: LineEvents): Line => {
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  const stream = new MediaStream();
  const abort = new AbortController();
  let session: string | null = null;
  let closed = false;
  let framesSeen = 0;
  let lastFrameAt = performance.now();
  let watched: HTMLVideoElement | null = null;
  let before: Stats | null = null;

  for (const kind of ['video', 'audio'] as const) {
    const { receiver } = peer.addTransceiver(kind, { direction: 'recvonly' });
    if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = jitterBufferMs;
  }

  let disconnected: ReturnType<typeof setTimeout> | undefined;
  peer.onconnectionstatechange = () => {
    clearTimeout(disconnected);
    if (peer.connectionState === 'failed') events.failed();
    if (peer.connectionState === 'disconnected') {
      events.late();
      disconnected = setTimeout(events.failed, disconnectedMs);
    }
  };

  const onFrame = (_now: number, frame: { width: number; height: number }) => {
    if (closed || !watched) return;
    framesSeen += 1;
    lastFrameAt = performance.now();
    if (framesSeen === 1) events.frame(frame.width, frame.height);
    watched.requestVideoFrameCallback(onFrame);
  };

  const look = setInterval(async () => {
    if (document.visibilityState === 'hidden' || !events.isDue()) {
      // Hidden pages draw no frames; time without a picture isn't held against the line.
      lastFrameAt = performance.now();
      return;
    }
    const now = await readStats(peer);
    if (closed) return;
    if (now.frames > (before?.frames ?? 0)) {
      lastFrameAt = performance.now();
      events.flows();
    }
    const sinceMs = performance.now() - lastFrameAt;
    if (now.frames > 0 && sinceMs > lateMs) events.late();
    if (sinceMs > frozenMs) events.failed();
    else if (before && now.frames > before.frames) {
      const frames = now.frames - before.frames;
      events.delay(
        Math.round(
          ((now.processingS - before.processingS) / frames) * 1000 + (now.rttS * 1000) / 2,
        ),
      );
    }
    before = now;
  }, statsMs);

  return {
    stream,
    async open(tracked) {
      peer.ontrack = ({ track }) => {
        stream.addTrack(track);
        tracked();
      };
      try {
        await peer.setLocalDescription();
        await gathered(peer);
        const response = await fetch(`/whep/${showId}`, {
          method: 'POST',
          headers: { 'content-type': 'application/sdp' },
          body: peer.localDescription?.sdp ?? '',
          signal: AbortSignal.any([abort.signal, AbortSignal.timeout(answerWithinMs)]),
        });
        const location = response.headers.get('location');
        if (response.ok && location) session = new URL(location, response.url).href;
        if (closed) {
          leave(session);
          return 'failed';
        }
        if (response.status === 404) return 'no-publisher';
        if (response.status === 503) events.late();
        if (!response.ok) return 'failed';
        await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() });
        lastFrameAt = performance.now();
        return 'open';
      } catch {
        return 'failed';
      }
    },
    watch(video) {
      if (watched === video) return;
      watched = video;
      if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(onFrame);
      else {
        // Older Firefox: the first data is near enough to the first frame.
        const old = video as HTMLVideoElement;
        old.addEventListener('loadeddata', () => events.frame(old.videoWidth, old.videoHeight), {
          once: true,
        });
      }
    },
    close() {
      if (closed) return;
      closed = true;
      clearInterval(look);
      clearTimeout(disconnected);
      abort.abort();
      peer.onconnectionstatechange = null;
      peer.close();
      leave(session);
    },
  };
};

const leave = (session: string | null) => {
  if (session) fetch(session, { method: 'DELETE', keepalive: true }).catch(() => {});
};

const gathered = (peer: RTCPeerConnection) =>
  new Promise<void>((resolve) => {
    if (peer.iceGatheringState === 'complete') return resolve();
    const timer = setTimeout(resolve, gatheringMs);
    peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState !== 'complete') return;
      clearTimeout(timer);
      resolve();
    };
  });

type Stats = { readonly frames: number; readonly processingS: number; readonly rttS: number };

const readStats = async (peer: RTCPeerConnection): Promise<Stats> => {
  let frames = 0;
  let processingS = 0;
  let rttS = 0;
  for (const report of (await peer.getStats()).values()) {
    if (report.type === 'inbound-rtp' && report.kind === 'video') {
      frames = report.framesDecoded ?? 0;
      processingS = report.totalProcessingDelay ?? report.jitterBufferDelay ?? 0;
    }
    if (report.type === 'candidate-pair' && report.nominated)
      rttS = report.currentRoundTripTime ?? 0;
  }
  return { frames, processingS, rttS };
};
