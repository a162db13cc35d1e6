// The border between the control plane and the media plane, in our words. Nothing here knows what is sold, who is
// signed in or how packets travel; a show is an id and nothing more. Whoever implements it (the child processes of
// `child-plane.ts`, or an external engine) keeps the rule: a dead camera never stops a bid, so every call answers
// within a bounded time and no event handler is ever awaited.

import type { SequenceParameters } from './rtp/sequence-parameters.ts';

/** What went wrong, in codes of the problem table (`src/protocol/problems.ts`). */
export type MediaFaultCode =
  /** Someone else publishes this show and is still connected. */
  | 'media-publisher-exists'
  /** The offer is no SDP, or offers nothing that Rialto can take (H.264 or VP8, Opus). */
  | 'media-sdp-invalid'
  /** The media engine is starting again or does not answer; try again in a second or two. */
  | 'media-unavailable'
  /** This engine carries as many viewers as it can. */
  | 'media-capacity'
  /** No such session: it ended, or never was. */
  | 'media-session-unknown';

/** A fault of the media plane. `code` is stable; `message` is for people who run the server. */
export class MediaFault extends Error {
  readonly code: MediaFaultCode;
  constructor(code: MediaFaultCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'MediaFault';
    this.code = code;
  }
}

/** The answer to an offer. The SDP carries all candidates of the engine: no trickle is needed to connect. */
export type MediaAnswer = { sessionId: string; answerSdp: string };

/** Where a publisher of this machine connects. */
export type MediaLine = { sessionId: string; port: number; token: string };

/** Whose session it is. */
export type MediaSession = {
  showId: string;
  role: 'publisher' | 'viewer';
  /** The ICE user fragment of the offer that began it; null for a publisher of this machine. */
  iceUfrag: string | null;
};

/** A finished recording. */
export type Recording = {
  /** Absolute path of the file; `.mp4` (H.264) or `.webm` (VP8), playable by range requests. */
  path: string;
  /** `video/mp4` or `video/webm`. */
  contentType: string;
  bytes: number;
  durationMs: number;
  /**
   * The server's wall clock, in ms since 1970, at the first picture. The moment `t` of the show stands in the file at
   * `t - startedAtMs`, because gaps (a publisher who dropped and came back) are kept as gaps on one timeline.
   */
  startedAtMs: number;
  /** A JPEG picture from the recording, or null when none could be decoded. */
  posterPath: string | null;
  /** Small pictures of the time line; null when none could be decoded, absent in recordings from before. */
  previews?: Previews | null;
  width: number;
  height: number;
};

/** Small pictures of a recording in one JPEG, row by row: picture `n` shows `n * everyMs`. */
export type Previews = {
  path: string;
  everyMs: number;
  count: number;
  columns: number;
  /** Of one picture, in pixels. */
  width: number;
  height: number;
};

/** A clip that is wished for; times on the server's clock. */
export type ClipWish = {
  /** Letters, digits, `_` and `-`: it names the file. */
  clipId: string;
  fromMs: number;
  toMs: number;
};

/** A clip that was cut. */
export type ClipFile = {
  path: string;
  contentType: string;
  bytes: number;
  /** The server's wall clock at the first picture that it shows. */
  startedAtMs: number;
  durationMs: number;
  /** How far into the file a player begins: what is before it only leads there. 0 in an MP4. */
  leadMs: number;
  posterPath: string | null;
};

/** The live picture as two JPEGs of the same moment. */
export type Poster = {
  /** All of it, at most 1280 px wide or high. */
  whole: Buffer;
  /** Its middle 9 : 16, for screens that are higher than that. */
  upright: Buffer;
};

/** How the publisher's line is doing. At most once a second per show. */
export type PublisherStats = {
  /** Received media, in bits per second, over the last interval. */
  bitsPerSecond: number;
  /** Pictures per second over the last interval. */
  framesPerSecond: number;
  /** Share of packets that the network lost, 0..1, before repair, over the last interval. */
  lossRatio: number;
  /** Round trip between engine and publisher in ms, or null while unknown. */
  rttMs: number | null;
  /** Packets thrown away since the publisher came because the engine didn't keep up; the picture jumped then. */
  packetsSkipped: number;
  /**
   * Packets of the picture that were not passed on since the publisher came, because it sends far more than it may: the
   * picture stands still until the next key frame. Absent where none can be.
   */
  packetsOverLimit?: number;
  /** From one key picture to the next, in ms, as they arrived; null before the second one. */
  keyIntervalMs?: number | null;
  /** What came over the last interval; absent where the publisher's own report says it (RTMP). */
  arrival?: PublisherArrival;
};

/** What a publisher's packets show of its picture and sound. */
export type PublisherArrival = {
  /** Null when none came. `parameters` of H.264, once a key picture came; `reordered`: B-frames. */
  picture: {
    codec: 'H264' | 'VP8';
    parameters: SequenceParameters | null;
    reordered: boolean;
  } | null;
  sound: { bitsPerSecond: number } | null;
};

/** What the plane tells. Events of one show arrive in the order in which they happened. */
export type MediaEvent =
  /** Media flows (first packet arrived). Comes again after each `publisher-lost`. */
  | { type: 'publisher-connected'; showId: string; sessionId: string; atMs: number }
  /**
   * The publisher left (`left: true`) or its line is dead (`left: false`). Viewers stay connected: a publisher that
   * comes back within the caller's grace period continues to the same viewers.
   */
  | { type: 'publisher-lost'; showId: string; sessionId: string; left: boolean; atMs: number }
  /** The number of connected viewers changed. At most four times a second per show and forwarder. */
  | { type: 'viewers'; showId: string; count: number }
  | ({ type: 'publisher-stats'; showId: string } & PublisherStats)
  /**
   * What the encoder's own captions say (CEA-608 in H.264), while the show is recorded: each line once, when it is
   * finished. It had been spoken for `spokenMs` then.
   */
  | { type: 'caption'; showId: string; text: string; spokenMs: number }
  /** A recording was finished or, after a crash, salvaged. Repeats are possible after a crash; `path` identifies it. */
  | { type: 'recording-ready'; showId: string; recording: Recording }
  /**
   * A forwarder died and a new one runs in its place: its sessions are gone, and their publishers and viewers must
   * connect again. Recordings continue on their timeline.
   */
  | { type: 'engine-restarted'; atMs: number };

/**
 * Takes pictures and sound of shows in, sends them to crowds, records them.
 *
 * Every method may reject with a `MediaFault` of code `media-unavailable`. No method waits longer than about 10 s,
 * except `stopRecording`, which waits for the file to be rewritten (roughly 1 s per 10 minutes of recording), and
 * `cutClip`, which waits its turn behind it.
 */
export interface MediaPlane {
  /**
   * Begin to publish a show: SDP offer of a WHIP client in, answer out. One publisher a show; with `takeOver` the
   * present one ends.
   * Rejects: `media-publisher-exists` (the present one is still connected; a present one whose line is dead or that
   * never connected is replaced), `media-sdp-invalid`, `media-capacity`.
   */
  publish(showId: string, offerSdp: string, takeOver?: boolean): Promise<MediaAnswer>;
  /**
   * Let a process of this machine publish a show: it connects to the port with the token and sends in the form of a
   * tap, with the session in the place of the show. One that doesn't come within 10 s is given up.
   * Rejects: `media-publisher-exists`, as `publish` does.
   */
  takeLine(showId: string, takeOver: boolean): Promise<MediaLine>;
  /**
   * Watch a show: SDP offer of a WHEP client in, answer out. Works before the publisher is there (the viewer waits
   * connected); the video codec is then H.264 when the viewer offers it.
   * Rejects: `media-sdp-invalid`, `media-capacity`.
   */
  watch(showId: string, offerSdp: string): Promise<MediaAnswer>;
  /** End a session, publisher's or viewer's. True when it was there. Idempotent. */
  leave(sessionId: string): Promise<boolean>;
  /** Whose session this is and for which show; undefined when it ended. Doesn't wait. */
  session(sessionId: string): MediaSession | undefined;
  /** Record the show from now on, also before a publisher is there. Idempotent. */
  startRecording(showId: string): Promise<void>;
  /**
   * Finish the recording and give it; null when nothing was recorded. Also salvages what a crashed server left for
   * this show, so that it may be called without a `startRecording` in this process. Calling it again gives the same.
   */
  stopRecording(showId: string): Promise<Recording | null>;
  /**
   * Cut a clip out of what is being recorded or was; waits until it is written, and some seconds at most for the rest
   * of a picture that is still coming. Null when nothing was recorded then. Doing it again gives the same.
   */
  cutClip(showId: string, wish: ClipWish): Promise<ClipFile | null>;
  /**
   * The live picture of at most half a minute ago; null when nobody publishes. The first is made as soon as a publisher's
   * picture can be decoded. It then answers at once, and makes a new one when the last is older than about 2 s.
   */
  poster(showId: string): Promise<Poster | null>;
  /** Has the present publisher's picture been made into a poster yet? Doesn't wait. */
  hasPoster(showId: string): boolean;
  /** Viewers connected to the show now. Doesn't wait. */
  viewers(showId: string): number;
  /** Is there a publisher whose media flows? Doesn't wait. */
  isLive(showId: string): boolean;
  /** Listen to events; gives the function that stops listening. A listener that throws is the listener's bug. */
  onEvent(listener: (event: MediaEvent) => void): () => void;
  /** All state, for people who look for a fault. */
  dump(): Promise<unknown>;
  /** Finish recordings, end all sessions and children. */
  close(): Promise<void>;
}
