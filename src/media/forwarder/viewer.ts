// One viewer of a show: how packets of the show become packets of this viewer's connection, repetitions that it asks
// for, and its first picture. Knows nothing of the publisher. The rule: what a viewer gets starts at a key frame, and
// what is sent per packet and viewer is one byte written and one call.

import type { VideoCodec } from '../messages.ts';
import { parseRtcp } from '../rtp/rtcp.ts';
import { isRtcp } from '../rtp/rtp-packet.ts';
import type { RtcSession } from './rtc-session.ts';
import type { ShowPacket, ShowStream } from './show-stream.ts';

/** Packets and pause of catching up: 40 packets each 5 ms are about 75 Mbit/s, far above any show, far below a flood. */
const CATCH_UP_PACKETS = 40;
const CATCH_UP_INTERVAL_MS = 5;
/** Repetitions a second; a viewer that asks for more has a line that repetitions can't help. */
const REPEATS_PER_SECOND_MAX = 400;

/** Payload types that this viewer's answer named; 0 is never one of them. */
export type ViewerFormats = { H264?: number; VP8?: number; audio?: number };

export class Viewer {
  readonly sessionId: string;
  readonly session: RtcSession;
  readonly #formats: ViewerFormats;
  readonly #requestKeyFrame: () => void;
  /** Index of the next video packet while catching up; -1 waits for a key frame; Infinity follows live. */
  #cursor = -1;
  #timer: NodeJS.Timeout | undefined;
  #repeats = 0;
  #repeatsSinceMs = 0;
  /** When the viewer's RTCP came last; 0 while it never sent any. */
  lastReportAtMs = 0;
  lossRatio = 0;

  constructor(
    sessionId: string,
    session: RtcSession,
    formats: ViewerFormats,
    requestKeyFrame: () => void,
  ) {
    this.sessionId = sessionId;
    this.session = session;
    this.#formats = formats;
    this.#requestKeyFrame = requestKeyFrame;
  }

  get waitsForKeyFrame(): boolean {
    return this.#cursor < 0;
  }

  /** Starts at this index of the show's video, as fast as is decent, then follows live. */
  startFrom(index: number, video: ShowStream, codec: VideoCodec): void {
    this.#cursor = index;
    const step = (): void => {
      this.#timer = undefined;
      const end = Math.min(video.head, this.#cursor + CATCH_UP_PACKETS - 1);
      while (this.#cursor <= end) {
        const each = video.at(this.#cursor);
        if (each) this.#sendVideo(each, codec);
        this.#cursor += 1;
      }
      if (this.#cursor > video.head) this.#cursor = Infinity;
      else this.#timer = setTimeout(step, CATCH_UP_INTERVAL_MS);
    };
    step();
  }

  /** Forgets the place in the video: the next key frame starts it again. */
  waitForKeyFrame(): void {
    this.#cursor = -1;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** A new packet of the show's video. */
  video(packet: ShowPacket, newKeyFrame: boolean, codec: VideoCodec): void {
    if (this.#cursor === Infinity) {
      this.#sendVideo(packet, codec);
    } else if (this.#cursor < 0) {
      if (!newKeyFrame) return;
      this.#cursor = Infinity;
      this.#sendVideo(packet, codec);
    } else if (packet.index < this.#cursor) {
      // A repetition that came late fills a place that catching up has passed.
      this.#sendVideo(packet, codec);
    }
  }

  /** A new packet of the show's sound. */
  audio(packet: ShowPacket): void {
    const payloadType = this.#formats.audio;
    if (payloadType === undefined) return;
    packet.packet[1] = (packet.marker ? 0x80 : 0) | payloadType;
    this.session.send(packet.packet);
  }

  /** A packet that the viewer sent: only RTCP is expected. */
  receive(packet: Buffer, video: ShowStream, codec: VideoCodec, nowMs: number): void {
    if (!isRtcp(packet)) return;
    this.lastReportAtMs = nowMs;
    for (const message of parseRtcp(packet)) {
      if (message.type === 'nack' && message.mediaSsrc === video.ssrc) {
        for (const sequence of message.sequences) this.#repeat(sequence, video, codec, nowMs);
      } else if (message.type === 'key-frame-request') {
        this.#requestKeyFrame();
      } else if (message.type === 'receiver-report') {
        for (const report of message.reports)
          if (report.ssrc === video.ssrc) this.lossRatio = report.fractionLost;
      }
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.session.close();
  }

  #repeat(sequence: number, video: ShowStream, codec: VideoCodec, nowMs: number): void {
    if (nowMs - this.#repeatsSinceMs > 1000) {
      this.#repeatsSinceMs = nowMs;
      this.#repeats = 0;
    }
    if (this.#repeats >= REPEATS_PER_SECOND_MAX) return;
    const packet = video.bySequence(sequence);
    if (!packet || packet.index >= this.#cursor) return;
    this.#repeats += 1;
    this.#sendVideo(packet, codec);
  }

  #sendVideo(packet: ShowPacket, codec: VideoCodec): void {
    const payloadType = this.#formats[codec];
    if (payloadType === undefined) return;
    packet.packet[1] = (packet.marker ? 0x80 : 0) | payloadType;
    this.session.send(packet.packet);
  }
}
