// A show that a process of this machine publishes (the ingest of encoders), as the feed of a room. What a WebRTC publisher
// is known by is known here too: that media flows, that it fell silent, how much comes. The rule: it comes by TCP over
// loopback, so that nothing is lost or asked for again; an encoder gives key frames when it likes.

import type { TapClock, TapSession } from '../messages.ts';
import { startsH264KeyFrame } from '../rtp/h264.ts';
import { parseRtp } from '../rtp/rtp-packet.ts';
import { SequenceUnwrapper } from '../rtp/sequence.ts';
import type { TapLine } from '../tap-listener.ts';
import { SILENCE_MS } from './publisher.ts';
import type { FeedSink, ShowFeed } from './show-feed.ts';

const STATS_EVERY_MS = 1000;
/** The most often that a key frame is asked for: one costs ten pictures. */
const KEY_FRAME_INTERVAL_MS = 1000;

export class LineFeed implements ShowFeed {
  readonly sessionId: string;
  formats: ShowFeed['formats'];
  readonly rttMs = null;
  readonly packetsSkipped = 0;
  /** Encoders send a key frame each two to four seconds and none when asked: a viewer who joins gets what came since. */
  readonly replay = { ageMs: 6_000, packetsMax: 3_500 };
  flowing = false;
  everFlowed = false;
  lastPacketAtMs = Date.now();
  readonly #line: TapLine;
  readonly #sink: FeedSink;
  readonly #numbers = { video: new SequenceUnwrapper(), audio: new SequenceUnwrapper() };
  readonly #timer: NodeJS.Timeout;
  #askedAtMs = -Infinity;
  #bytes = 0;
  #frames = 0;
  #frameTimestamp = -1;
  #statsAtMs = Date.now();

  constructor(sessionId: string, session: TapSession, line: TapLine, sink: FeedSink) {
    this.sessionId = sessionId;
    this.formats = formatsOf(session);
    this.#line = line;
    this.#sink = sink;
    this.#timer = setInterval(() => this.#look(), STATS_EVERY_MS);
  }

  /** What it carries from now on. */
  carries(session: TapSession): void {
    this.formats = formatsOf(session);
  }

  packet(kind: 'video' | 'audio', packet: Buffer): void {
    const header = parseRtp(packet);
    if (!header) return;
    const nowMs = Date.now();
    this.lastPacketAtMs = nowMs;
    this.#bytes += packet.length;
    if (!this.flowing) {
      this.flowing = true;
      this.everFlowed = true;
      this.#sink.connected();
    }
    const { timestamp, marker, payloadStart, payloadEnd } = header;
    if (kind === 'video' && timestamp !== this.#frameTimestamp) {
      this.#frameTimestamp = timestamp;
      this.#frames += 1;
    }
    this.#sink.packet(
      kind,
      {
        index: this.#numbers[kind].unwrap(header.sequence),
        timestamp,
        marker,
        payload: packet.subarray(payloadStart, payloadEnd),
        startsKeyFrame: kind === 'video' && startsH264KeyFrame(packet, payloadStart, payloadEnd),
      },
      nowMs,
    );
  }

  clock({ kind, rtpTimestamp, wallMs }: TapClock): void {
    this.#sink.clock(kind, rtpTimestamp, wallMs);
  }

  /** A picture that is encoded again for us can be a key frame; others come when they come. */
  requestKeyFrame(): void {
    const nowMs = Date.now();
    if (nowMs - this.#askedAtMs < KEY_FRAME_INTERVAL_MS) return;
    this.#askedAtMs = nowMs;
    this.#line.requestKeyFrame();
  }

  keyFrameCame(): void {}

  close(): void {
    clearInterval(this.#timer);
    this.#line.destroy();
  }

  #look(): void {
    const nowMs = Date.now();
    if (this.flowing && nowMs - this.lastPacketAtMs > SILENCE_MS) {
      this.flowing = false;
      this.#sink.silent();
    }
    const seconds = (nowMs - this.#statsAtMs) / 1000;
    if (this.everFlowed && seconds > 0) {
      this.#sink.stats({
        bitsPerSecond: Math.round((this.#bytes * 8) / seconds),
        framesPerSecond: Math.round((this.#frames / seconds) * 10) / 10,
        lossRatio: 0,
        rttMs: null,
        packetsSkipped: 0,
      });
    }
    this.#bytes = 0;
    this.#frames = 0;
    this.#statsAtMs = nowMs;
  }
}

const formatsOf = ({ videoCodec, audio }: TapSession): ShowFeed['formats'] => ({
  ...(videoCodec ? { video: { codec: videoCodec } } : {}),
  ...(audio ? { audio: {} } : {}),
});
