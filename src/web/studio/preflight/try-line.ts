// Tries the line by a real stream: a picture of noise, which no encoder makes small, goes to a place of the server
// that nobody watches (src/api/line-test-routes.ts). Not the host's own picture: a test is nobody's business, and a
// quiet picture would need few bits. Measured in src/domain/preflight/line.ts.

import { type LineMeasures, type LineSample, measureLine } from '../../../domain/preflight/line.ts';
import { isProblemCode } from '../../../protocol/problems.ts';
import type { PeerState } from '../../live/whip-publisher.ts';
import { browserPeer } from '../publish-peer.ts';

export const trySeconds = 10;
const sendMs = 8_000;
const sampleEveryMs = 500;
const connectMs = 10_000;
const size = { width: 1280, height: 720 } as const;
const framesPerSecond = 30;
/** So many pictures of noise are made before and shown in turn. */
const grains = 6;

/** The test stream didn't come about; `code` of the problem table, or `network`. */
export class LineFailed extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Rejects with `LineFailed`, and when `cut` is aborted. */
export const tryLine = async (showId: string, cut: AbortSignal): Promise<LineMeasures> => {
  const noise = noiseTrack();
  let tellState = (_: PeerState) => {};
  const peer = browserPeer({ audio: null, video: noise.track }, (state) => tellState(state));
  let place: string | null = null;
  try {
    const connected = new Promise<void>((resolve, reject) => {
      tellState = (state) => {
        if (state === 'connected') resolve();
        if (state === 'failed') reject(new LineFailed('network'));
      };
      setTimeout(() => reject(new LineFailed('network')), connectMs);
      cut.addEventListener('abort', () => reject(cut.reason));
    });
    connected.catch(() => {});
    const answer = await fetch(`/api/shows/${encodeURIComponent(showId)}/line-test`, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: await peer.offer(),
      signal: cut,
    }).catch((error: unknown) => {
      throw cut.aborted ? error : new LineFailed('network');
    });
    if (answer.status !== 201) throw new LineFailed(await codeOf(answer));
    place = answer.headers.get('location');
    await peer.accept(await answer.text());
    await connected;

    const samples: LineSample[] = [];
    const untilMs = performance.now() + sendMs;
    while (performance.now() < untilMs) {
      const sample = sampleOf(await peer.report());
      if (sample) samples.push(sample);
      await new Promise((resolve) => setTimeout(resolve, sampleEveryMs));
      cut.throwIfAborted();
    }
    const measured = measureLine(samples);
    if (!measured) throw new LineFailed('network');
    return measured;
  } finally {
    noise.stop();
    peer.close();
    // The server ends it by itself when it isn't told.
    if (place) fetch(place, { method: 'DELETE', keepalive: true }).catch(() => {});
  }
};

const codeOf = async (answer: Response): Promise<string> => {
  const body: unknown = await answer.json().catch(() => null);
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : null;
  return typeof code === 'string' && isProblemCode(code) ? code : 'network';
};

const noiseTrack = (): { readonly track: MediaStreamTrack; readonly stop: () => void } => {
  const canvas = Object.assign(document.createElement('canvas'), size);
  const context = canvas.getContext('2d');
  const pictures = Array.from({ length: grains }, () => {
    const grain = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
    const paint = grain.getContext('2d');
    const image = paint?.createImageData(grain.width, grain.height);
    if (!paint || !image) return grain;
    for (let at = 0; at < image.data.length; at += 4) {
      const value = Math.floor(Math.random() * 256);
      image.data.set([value, 255 - value, (value * 7) % 256, 255], at);
    }
    paint.putImageData(image, 0, 0);
    return grain;
  });
  let turn = 0;
  const draw = () => {
    const picture = pictures[turn++ % grains];
    if (picture) context?.drawImage(picture, 0, 0, size.width, size.height);
  };
  draw();
  const timer = setInterval(draw, 1_000 / framesPerSecond);
  const track = canvas.captureStream(framesPerSecond).getVideoTracks()[0];
  if (!track) throw new LineFailed('network');
  return {
    track,
    stop: () => {
      clearInterval(timer);
      track.stop();
    },
  };
};

/** What the browser's statistics say, as far as this file uses them. */
type Stat = {
  readonly type: string;
  readonly kind?: string;
  readonly timestamp: number;
  readonly bytesSent?: number;
  readonly packetsSent?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly roundTripTime?: number;
  readonly currentRoundTripTime?: number;
  readonly nominated?: boolean;
  readonly qualityLimitationReason?: string;
};

/** One moment of the stream's totals; null before anything is sent. */
export const sampleOf = (report: {
  forEach(each: (stat: Stat) => void): void;
}): LineSample | null => {
  const found: { sent?: Stat; heard?: Stat; pair?: Stat } = {};
  report.forEach((stat) => {
    if (stat.type === 'outbound-rtp' && stat.kind === 'video') found.sent = stat;
    if (stat.type === 'remote-inbound-rtp' && stat.kind === 'video') found.heard = stat;
    if (stat.type === 'candidate-pair' && stat.nominated) found.pair = stat;
  });
  const { sent, heard, pair } = found;
  if (!sent?.packetsSent) return null;
  const seconds = heard?.roundTripTime ?? pair?.currentRoundTripTime;
  return {
    atMs: sent.timestamp,
    bytesSent: sent.bytesSent ?? 0,
    packetsSent: sent.packetsSent,
    packetsLost: Math.max(0, heard?.packetsLost ?? 0),
    rttMs: seconds === undefined ? null : seconds * 1_000,
    jitterMs: heard?.jitter === undefined ? null : heard.jitter * 1_000,
    heldByMachine: sent.qualityLimitationReason === 'cpu',
  };
};
