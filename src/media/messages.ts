// The words between the main process and the media children: calls with an id, answers with the same id, and news.
// Shapes only. The rule: everything here survives structured cloning, and neither side trusts the other to be alive.

import type { MediaFaultCode, PublisherArrival } from './media-plane.ts';

/** What video a show carries. */
export type VideoCodec = 'H264' | 'VP8';

/** A call to a child. */
export type Call = { id: number; name: string; input: unknown };

/** A child's answer. */
export type Answer =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; code: MediaFaultCode | 'internal'; message: string };

/** A child's news, besides answers. `ready` comes first. */
export type News<E> =
  | { news: E }
  | { ready: true; pid: number; value: unknown }
  | { fatal: string };

/** Options of the forwarder process. */
export type ForwarderOptions = {
  /** The one UDP port; never 0 here (the parent finds a free one). */
  udpPort: number;
  /** Listen on this address only; undefined is all of them. */
  bindAddress?: string;
  /** Addresses that clients should try besides those of the host's interfaces (a public address behind NAT). */
  advertise: string[];
  /** Viewers of all shows together, in this process. */
  viewersMax: number;
  /** How much a publisher is told that it may send. */
  publisherBitsPerSecondMax: number;
};

/** The forwarder's calls: name to [input, output]. */
export type ForwarderCalls = {
  publish: [
    { showId: string; sessionId: string; offerSdp: string; takeOver: boolean },
    { answerSdp: string },
  ];
  /** Expect a publisher that sends in the form of a tap, with its session in the place of the show. */
  takeLine: [{ showId: string; sessionId: string; takeOver: boolean }, TapPort];
  watch: [{ showId: string; sessionId: string; offerSdp: string }, { answerSdp: string }];
  leave: [{ sessionId: string }, boolean];
  /**
   * Send everything of the show to the process that listens on this loopback port. `listener` names it (the recorder,
   * another forwarder): each has one tap of a show, and a second one takes the place of the first. `replay` sends
   * what came since the last key frame first, when that is young, as to a viewer who joins.
   */
  tap: [{ showId: string; listener: string; replay: boolean } & TapPort, null];
  untap: [{ showId: string; listener: string }, null];
  /** The newest complete key picture. */
  keyFrame: [{ showId: string }, { codec: VideoCodec; data: Uint8Array } | null];
  dump: [null, unknown];
};

/** The forwarder's news. */
export type ForwarderNews =
  | { type: 'publisher-connected'; showId: string; sessionId: string }
  | { type: 'publisher-lost'; showId: string; sessionId: string; left: boolean }
  | { type: 'viewers'; showId: string; count: number }
  | {
      type: 'publisher-stats';
      showId: string;
      bitsPerSecond: number;
      framesPerSecond: number;
      lossRatio: number;
      rttMs: number | null;
      packetsSkipped: number;
      packetsOverLimit?: number;
      keyIntervalMs?: number | null;
      arrival?: PublisherArrival;
    }
  /** A session is over and its id means nothing any more. */
  | { type: 'session-ended'; sessionId: string }
  /** The show came from another forwarder, and that line broke. */
  | { type: 'feed-lost'; showId: string }
  /** Once a second: how busy the process is, 0..1 (`forwarder/load-meter.ts`). */
  | { type: 'load'; busy: number };

/** Options of the recorder process. */
export type RecorderOptions = {
  /** Folder that holds one folder for each show. */
  folder: string;
};

/** The recorder's calls: name to [input, output]. */
export type RecorderCalls = {
  /** Expect the forwarder's tap of this show. */
  start: [{ showId: string }, null];
  stop: [{ showId: string }, import('./media-plane.ts').Recording | null];
  clip: [
    { showId: string; wish: import('./media-plane.ts').ClipWish },
    import('./media-plane.ts').ClipFile | null,
  ];
  /** Null when the key picture can't be decoded. */
  poster: [
    { codec: VideoCodec; data: Uint8Array },
    { whole: Uint8Array; upright: Uint8Array } | null,
  ];
  dump: [null, unknown];
  close: [null, null];
};

/** The recorder's news: words that the encoder of a show carries in its picture, when they are finished. */
export type RecorderNews = { type: 'caption'; showId: string; text: string; spokenMs: number };

/** What a process that listens to shows tells when it is ready: where taps connect. */
export type TapPort = { port: number; token: string };

/** Kinds of frames on a tap; each frame is a 32-bit length, this byte, and a body. All go from the forwarder but one. */
export const TAP = {
  /** JSON: `TapHello`. First frame. */
  hello: 1,
  /** JSON: `TapSession`: a publisher's media begins or goes on with these codecs. */
  session: 2,
  /** 8 bytes arrival time (double, ms since 1970), then an RTP packet. */
  video: 3,
  audio: 4,
  /** JSON: `TapClock`. */
  clock: 5,
  /** No body, and the one frame that goes to the forwarder: the listener needs a key frame. */
  keyFrame: 6,
  /** No body, and the last frame: the publisher goes of its own. */
  left: 7,
} as const;

export type TapHello = { showId: string; token: string };
export type TapSession = { videoCodec: VideoCodec | null; audio: boolean };
/** On the server's clock, `rtpTimestamp` was at `wallMs`. */
export type TapClock = { kind: 'video' | 'audio'; rtpTimestamp: number; wallMs: number };
