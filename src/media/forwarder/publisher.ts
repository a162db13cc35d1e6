// One publisher's connection to a show: reads its packets, asks again for missing ones, reports to it (receiver
// reports, congestion feedback, bandwidth limit, round trip) and tells when its line is dead. Where packets go from
// here is the show's affair. The rule: all RTCP is made here; the library's own handlers stay uninstalled.

import type { VideoCodec } from '../messages.ts';
import { startsH264KeyFrame } from '../rtp/h264.ts';
import type { ReportBlock } from '../rtp/rtcp.ts';
import {
  makeBandwidthLimit,
  makeKeyFrameRequest,
  makeNack,
  makeReceiverReport,
  makeReferenceTime,
  makeTransportFeedback,
  parseRtcp,
  roundTripMs,
  toNtp,
} from '../rtp/rtcp.ts';
import { isRtcp, parseRtp, readExtension } from '../rtp/rtp-packet.ts';
import { SequenceUnwrapper } from '../rtp/sequence.ts';
import { startsVp8KeyFrame } from '../rtp/vp8.ts';
import { Arrival } from './arrival.ts';
import type { LoopWatch } from './loop-watch.ts';
import { RateGuard } from './rate-guard.ts';
import { ReceiveStream } from './receive-stream.ts';
import type { RtcSession } from './rtc-session.ts';
import type { FeedSink, ShowFeed } from './show-feed.ts';

/** Who we are in RTCP; any number that isn't a source. */
const OWN_SSRC = 1;
const REPORT_INTERVAL_MS = 1000;
const FEEDBACK_INTERVAL_MS = 50;
const NACK_TICK_MS = 10;
/** A key frame costs ten times a picture: no publisher is asked more often, whoever asks. */
const KEY_FRAME_INTERVAL_MS = 1000;
/** A line that is silent for this long is dead: Opus alone sends 50 packets a second. */
export const SILENCE_MS = 3000;
/** A source that is silent for this long may be followed by another one of the same kind. */
const SOURCE_SILENCE_MS = 500;

/** What is passed on of a publisher that can't be told (an encoder with a fixed rate): so many times what it was told. */
const LIMIT_TIMES = 3;

/** What the publisher's answer named. */
export type PublisherFormats = {
  video?: { payloadType: number; codec: VideoCodec };
  audio?: { payloadType: number };
  /** Number of the transport-wide sequence extension, when it was taken. */
  transportExtension?: number;
};

type Source = { stream: ReceiveStream; lastAtMs: number };

export class Publisher implements ShowFeed {
  readonly sessionId: string;
  readonly formats: PublisherFormats;
  lastPacketAtMs: number;
  /** Media comes in now, and did at some time. */
  flowing = false;
  everFlowed = false;
  rttMs: number | null = null;
  /** Packets that were thrown away since the start because this process didn't keep up. */
  packetsSkipped = 0;
  /** Packets that were not passed on because the publisher sends far more than it was told. */
  packetsOverLimit = 0;
  readonly #guard: RateGuard;
  #skipping = false;
  readonly #watch: LoopWatch;
  readonly #session: RtcSession;
  readonly #sink: FeedSink;
  readonly #bitsPerSecondMax: number;
  readonly #sources: { video: Source | undefined; audio: Source | undefined } = {
    video: undefined,
    audio: undefined,
  };
  readonly #timers: NodeJS.Timeout[] = [];
  #nackTimer: NodeJS.Timeout | undefined;
  #keyFrameTimer: NodeJS.Timeout | undefined;
  #keyFrameAskedAtMs = -Infinity;
  readonly #arrival: Arrival;
  #bytes = 0;
  #frames = 0;
  #lastFrameTimestamp = -1;
  #statsAtMs: number;
  /** The server's clock minus the publisher's, in ms: the smallest seen, which is the one least delayed. */
  #clockOffsetMs = Infinity;
  readonly #transport = {
    unwrapper: new SequenceUnwrapper(),
    next: -1,
    count: 0,
    arrivals: new Map<number, number>(),
  };

  constructor(
    sessionId: string,
    session: RtcSession,
    formats: PublisherFormats,
    bitsPerSecondMax: number,
    sink: FeedSink,
    watch: LoopWatch,
  ) {
    this.sessionId = sessionId;
    this.formats = formats;
    this.#session = session;
    this.#arrival = new Arrival(formats.video?.codec);
    this.#sink = sink;
    this.#watch = watch;
    this.#bitsPerSecondMax = bitsPerSecondMax;
    this.lastPacketAtMs = Date.now();
    this.#statsAtMs = this.lastPacketAtMs;
    this.#guard = new RateGuard(bitsPerSecondMax * LIMIT_TIMES, this.lastPacketAtMs);
    this.#timers.push(setInterval(() => this.#report(), REPORT_INTERVAL_MS));
    if (formats.transportExtension !== undefined) {
      this.#timers.push(setInterval(() => this.#sendFeedback(), FEEDBACK_INTERVAL_MS));
    }
  }

  /** A packet from the connection. */
  receive(packet: Buffer): void {
    const nowMs = Date.now();
    if (this.#watch.isLate(nowMs)) {
      // The line lives; its sender is told of the loss by the feedback and slows down.
      if (this.flowing) this.lastPacketAtMs = nowMs;
      this.packetsSkipped += 1;
      this.#skipping = true;
      return;
    }
    if (this.#skipping) {
      this.#skipping = false;
      this.#sink.skipped();
    }
    if (isRtcp(packet)) {
      this.#receiveRtcp(packet, nowMs);
      return;
    }
    const header = parseRtp(packet);
    if (!header) return;
    const { video, audio, transportExtension } = this.formats;
    const kind =
      header.payloadType === video?.payloadType
        ? 'video'
        : header.payloadType === audio?.payloadType
          ? 'audio'
          : null;
    if (transportExtension !== undefined) this.#noteArrival(packet, transportExtension);
    if (!kind) return;
    const source = this.#source(kind, header.ssrc, nowMs);
    if (!source) return;
    source.lastAtMs = nowMs;
    this.lastPacketAtMs = nowMs;
    this.#bytes += packet.length;
    const { index, fresh } = source.stream.receive(header.sequence, header.timestamp, nowMs);
    if (!fresh) return;
    if (!this.flowing) {
      this.flowing = true;
      this.everFlowed = true;
      this.#sink.connected();
    }
    if (kind === 'video' && source.stream.hasMissing) this.#askForMissing(nowMs);
    const { payloadStart, payloadEnd } = header;
    if (
      kind === 'video' &&
      header.timestamp !== this.#lastFrameTimestamp &&
      payloadEnd > payloadStart
    ) {
      this.#lastFrameTimestamp = header.timestamp;
      this.#frames += 1;
    }
    const startsKeyFrame =
      kind === 'video' &&
      (video?.codec === 'VP8'
        ? startsVp8KeyFrame(packet, payloadStart, payloadEnd)
        : startsH264KeyFrame(packet, payloadStart, payloadEnd));
    if (kind === 'audio') this.#arrival.sound(packet.length);
    else
      this.#arrival.picture(
        index,
        header.timestamp,
        packet.subarray(payloadStart, payloadEnd),
        startsKeyFrame,
      );
    if (kind === 'video') {
      const passage = this.#guard.take(packet.length, startsKeyFrame, nowMs);
      if (passage === 'drop') {
        this.packetsOverLimit += 1;
        if (this.#guard.waitsForKeyFrame) this.requestKeyFrame();
        return;
      }
      if (passage === 'resume') this.#sink.skipped();
    }
    this.#sink.packet(
      kind,
      {
        index,
        timestamp: header.timestamp,
        marker: header.marker,
        payload: packet.subarray(payloadStart, payloadEnd),
        startsKeyFrame,
      },
      nowMs,
    );
  }

  /** Asks for a key frame now, or as soon as the last request is old enough. Calls in between are one call. */
  requestKeyFrame(): void {
    if (this.#keyFrameTimer || !this.formats.video) return;
    const waitMs = this.#keyFrameAskedAtMs + KEY_FRAME_INTERVAL_MS - Date.now();
    if (waitMs > 0) {
      this.#keyFrameTimer = setTimeout(() => {
        this.#keyFrameTimer = undefined;
        this.requestKeyFrame();
      }, waitMs);
      return;
    }
    const source = this.#sources.video;
    if (!source) return;
    this.#keyFrameAskedAtMs = Date.now();
    this.#session.send(makeKeyFrameRequest(OWN_SSRC, source.stream.ssrc));
  }

  /** A key frame came: a request that still waits isn't needed. */
  keyFrameCame(): void {
    clearTimeout(this.#keyFrameTimer);
    this.#keyFrameTimer = undefined;
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#nackTimer);
    clearTimeout(this.#keyFrameTimer);
    this.#session.close();
  }

  /** The source of this kind: one at a time, so that of a simulcast publisher one layer is taken. */
  #source(kind: 'video' | 'audio', ssrc: number, nowMs: number): Source | undefined {
    const present = this.#sources[kind];
    if (present?.stream.ssrc === ssrc) return present;
    if (present && nowMs - present.lastAtMs < SOURCE_SILENCE_MS) return undefined;
    const source = {
      stream: new ReceiveStream(ssrc, kind === 'video' ? 90_000 : 48_000),
      lastAtMs: nowMs,
    };
    this.#sources[kind] = source;
    this.#sink.source(kind);
    return source;
  }

  #receiveRtcp(packet: Buffer, nowMs: number): void {
    for (const message of parseRtcp(packet)) {
      if (message.type === 'reference-answer') {
        const rtt = roundTripMs(
          toNtp(nowMs).middle,
          message.lastReport,
          message.delaySinceLastReport,
        );
        if (rtt !== null && rtt < 10_000) this.rttMs = rtt;
      } else if (message.type === 'sender-report') {
        for (const kind of ['video', 'audio'] as const) {
          const source = this.#sources[kind];
          if (source?.stream.ssrc !== message.ssrc) continue;
          source.stream.senderReport(message.ntpMiddle, nowMs);
          this.#clockOffsetMs = Math.min(
            this.#clockOffsetMs,
            nowMs - (this.rttMs ?? 0) / 2 - message.ntpMs,
          );
          this.#sink.clock(kind, message.rtpTimestamp, message.ntpMs + this.#clockOffsetMs);
        }
      }
    }
  }

  #askForMissing(nowMs: number): void {
    const stream = this.#sources.video?.stream;
    if (!stream?.hasMissing) return;
    const { sequences, gaveUp } = stream.due(nowMs);
    if (sequences.length > 0) this.#session.send(makeNack(OWN_SSRC, stream.ssrc, sequences));
    if (gaveUp) this.requestKeyFrame();
    if (stream.hasMissing && !this.#nackTimer) {
      this.#nackTimer = setTimeout(() => {
        this.#nackTimer = undefined;
        this.#askForMissing(Date.now());
      }, NACK_TICK_MS);
    }
  }

  #report(): void {
    const nowMs = Date.now();
    if (this.flowing && nowMs - this.lastPacketAtMs > SILENCE_MS) {
      this.flowing = false;
      this.#sink.silent();
    }
    const streams = [this.#sources.video?.stream, this.#sources.audio?.stream].filter(
      (each) => each !== undefined,
    );
    const blocks: ReportBlock[] = [];
    for (const stream of streams) {
      const block = stream.report(nowMs);
      if (block) blocks.push(block);
    }
    if (blocks.length === 0) return;
    this.#session.send(
      Buffer.concat([makeReceiverReport(OWN_SSRC, blocks), makeReferenceTime(OWN_SSRC, nowMs)]),
    );
    const video = this.#sources.video?.stream;
    if (video)
      this.#session.send(makeBandwidthLimit(OWN_SSRC, [video.ssrc], this.#bitsPerSecondMax));
    const seconds = (nowMs - this.#statsAtMs) / 1000;
    this.#sink.stats({
      bitsPerSecond: Math.round((this.#bytes * 8) / seconds),
      framesPerSecond: Math.round((this.#frames / seconds) * 10) / 10,
      lossRatio: (video ?? streams[0])?.takeLossRatio() ?? 0,
      rttMs: this.rttMs === null ? null : Math.round(this.rttMs),
      packetsSkipped: this.packetsSkipped,
      packetsOverLimit: this.packetsOverLimit,
      arrival: this.#arrival.take(seconds),
    });
    this.#bytes = 0;
    this.#frames = 0;
    this.#statsAtMs = nowMs;
  }

  #noteArrival(packet: Buffer, extension: number): void {
    const sequence = readExtension(packet, extension);
    if (sequence === undefined) return;
    const transport = this.#transport;
    const index = transport.unwrapper.unwrap(sequence & 0xffff);
    if (index >= transport.next) transport.arrivals.set(index, performance.now());
  }

  #sendFeedback(): void {
    const { arrivals } = this.#transport;
    const media = this.#sources.video ?? this.#sources.audio;
    if (arrivals.size === 0 || !media) return;
    const indexes = [...arrivals.keys()].sort((a, b) => a - b);
    // From where the last feedback ended, so that what was lost in between counts as lost.
    const { next } = this.#transport;
    const base = next >= 0 && indexes[0]! - next < 500 ? next : indexes[0]!;
    // A hole of more than this is an outage; the second part waits for the next feedback.
    let last = base;
    for (const index of indexes) if (index - base < 1000) last = index;
    const arrivalsMs: (number | undefined)[] = [];
    for (let index = base; index <= last; index += 1) {
      arrivalsMs.push(arrivals.get(index));
      arrivals.delete(index);
    }
    this.#transport.next = last + 1;
    this.#session.send(
      makeTransportFeedback({
        ssrc: OWN_SSRC,
        mediaSsrc: media.stream.ssrc,
        base: base & 0xffff,
        count: this.#transport.count,
        arrivalsMs,
      }),
    );
    this.#transport.count = (this.#transport.count + 1) & 0xff;
  }
}
