// A show that comes from its home forwarder by a tap, as the feed of a room here. Everything that the home knows of the
// publisher (is it there, how is its line) the home tells; here packets, clock and key-frame requests pass, no more. The
// rule: the home's numbers have no breaks but real losses, so that here nothing needs to be repaired or waited for.

import type { TapClock, TapSession } from '../messages.ts';
import { startsH264KeyFrame } from '../rtp/h264.ts';
import { parseRtp } from '../rtp/rtp-packet.ts';
import { SequenceUnwrapper } from '../rtp/sequence.ts';
import { startsVp8KeyFrame } from '../rtp/vp8.ts';
import type { TapLine } from '../tap-listener.ts';
import type { FeedSink, ShowFeed } from './show-feed.ts';

/** Requests of many viewers are one; the home itself asks the publisher once a second at most. */
const KEY_FRAME_INTERVAL_MS = 250;

export class RelayFeed implements ShowFeed {
  readonly sessionId: string;
  readonly formats: ShowFeed['formats'];
  /** Always: what is told of a publisher, its home tells. */
  readonly flowing = false;
  readonly everFlowed = false;
  readonly rttMs = null;
  readonly packetsSkipped = 0;
  lastPacketAtMs = Date.now();
  readonly #line: TapLine;
  readonly #sink: FeedSink;
  readonly #numbers = { video: new SequenceUnwrapper(), audio: new SequenceUnwrapper() };
  #asked: NodeJS.Timeout | undefined;
  #askAgain = false;

  constructor(sessionId: string, session: TapSession, line: TapLine, sink: FeedSink) {
    this.sessionId = sessionId;
    const { videoCodec, audio } = session;
    this.formats = {
      ...(videoCodec ? { video: { codec: videoCodec } } : {}),
      ...(audio ? { audio: {} } : {}),
    };
    this.#line = line;
    this.#sink = sink;
  }

  /** A packet of the home; `atMs` is when the publisher's came there. */
  packet(kind: 'video' | 'audio', packet: Buffer, atMs: number): void {
    const header = parseRtp(packet);
    if (!header) return;
    this.lastPacketAtMs = atMs;
    const { timestamp, marker, payloadStart, payloadEnd } = header;
    const startsKeyFrame =
      kind === 'video' &&
      (this.formats.video?.codec === 'VP8' ? startsVp8KeyFrame : startsH264KeyFrame)(
        packet,
        payloadStart,
        payloadEnd,
      );
    this.#sink.packet(
      kind,
      {
        index: this.#numbers[kind].unwrap(header.sequence),
        timestamp,
        marker,
        payload: packet.subarray(payloadStart, payloadEnd),
        startsKeyFrame,
      },
      atMs,
    );
  }

  clock({ kind, rtpTimestamp, wallMs }: TapClock): void {
    this.#sink.clock(kind, rtpTimestamp, wallMs);
  }

  requestKeyFrame(): void {
    if (this.#asked) {
      this.#askAgain = true;
      return;
    }
    this.#line.requestKeyFrame();
    this.#asked = setTimeout(() => {
      this.#asked = undefined;
      if (!this.#askAgain) return;
      this.#askAgain = false;
      this.requestKeyFrame();
    }, KEY_FRAME_INTERVAL_MS);
  }

  keyFrameCame(): void {
    this.#askAgain = false;
  }

  /** Another session of the same line may follow: the line stays. */
  close(): void {
    clearTimeout(this.#asked);
    this.#askAgain = false;
  }
}
