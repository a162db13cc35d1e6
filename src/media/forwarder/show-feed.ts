// Where a show's packets come from in this forwarder, whoever sends them: a WebRTC publisher, or another process of this
// machine. The show's room holds one and asks it for key frames; packets come the other way, through a `FeedSink`.

import type { PublisherArrival } from '../media-plane.ts';
import type { VideoCodec } from '../messages.ts';
import type { IncomingPacket } from './show-stream.ts';

/** A feed of a show. */
export type ShowFeed = {
  readonly sessionId: string;
  /** What it carries. */
  readonly formats: { readonly video?: { readonly codec: VideoCodec }; readonly audio?: object };
  /** Media comes in now and `connected` was told; its end is told then. */
  readonly flowing: boolean;
  readonly everFlowed: boolean;
  readonly lastPacketAtMs: number;
  readonly rttMs: number | null;
  readonly packetsSkipped: number;
  /** How much of the past a viewer who joins may get, where it isn't the room's own measure. */
  readonly replay?: { readonly ageMs: number; readonly packetsMax: number };
  /** Asks for a key frame now, or as soon as the last request is old enough. Calls in between are one call. */
  requestKeyFrame(): void;
  /** A key frame came: a request that still waits isn't needed. */
  keyFrameCame(): void;
  close(): void;
};

/** Where a feed's packets go. */
export type FeedSink = {
  packet(kind: 'video' | 'audio', packet: IncomingPacket, nowMs: number): void;
  /** Another source feeds this kind from now on. */
  source(kind: 'video' | 'audio'): void;
  /** Packets were thrown away because this process was late; what comes now comes after a hole. */
  skipped(): void;
  /** At `wallMs` on the server's clock the source was at `timestamp`. */
  clock(kind: 'video' | 'audio', timestamp: number, wallMs: number): void;
  connected(): void;
  /** Silent for too long. `connected` comes again when it speaks again. */
  silent(): void;
  stats(stats: {
    bitsPerSecond: number;
    framesPerSecond: number;
    lossRatio: number;
    rttMs: number | null;
    packetsSkipped: number;
    packetsOverLimit?: number;
    arrival?: PublisherArrival;
  }): void;
};
