// A show in the forwarder: at most one publisher, any number of viewers, taps (the recorder's, those of further
// forwarders), and the two streams that they share. Sessions are made elsewhere (`forwarder.ts`). The rule: viewers belong to the show, not to the publisher;
// they stay when it goes and go on when another comes.

import type { ForwarderNews, TapClock, VideoCodec } from '../messages.ts';
import { makeSenderReport } from '../rtp/rtcp.ts';
import type { FeedSink, ShowFeed } from './show-feed.ts';
import type { IncomingPacket } from './show-stream.ts';
import { ShowStream } from './show-stream.ts';
import type { Tap } from './tap.ts';
import type { Viewer } from './viewer.ts';

/** About 15 s of a show at 2 Mbit/s. */
const VIDEO_CACHE_PACKETS = 4096;
const AUDIO_CACHE_PACKETS = 256;
/** A viewer who joins gets up to this much of the past at once; beyond it a fresh key frame is better. */
const REPLAY_AGE_MS = 1500;
const REPLAY_PACKETS_MAX = 1200;
/** The number of viewers is told at most this often. */
const COUNT_INTERVAL_MS = 250;
/** A viewer who sent reports and then none for this long is gone. */
const VIEWER_SILENCE_MS = 12_000;

export class ShowRoom {
  readonly showId: string;
  readonly video = new ShowStream('video', 90_000, VIDEO_CACHE_PACKETS);
  readonly audio = new ShowStream('audio', 48_000, AUDIO_CACHE_PACKETS);
  readonly viewers = new Set<Viewer>();
  codec: VideoCodec = 'H264';
  publisher: ShowFeed | undefined;
  /** By the listener's name. */
  readonly taps = new Map<string, Tap>();
  /** Sessions whose answer is being made: they hold the room, though they stand nowhere in it yet. */
  negotiating = 0;
  readonly #tell: (news: ForwarderNews) => void;
  #clocks: { video: TapClock | undefined; audio: TapClock | undefined } = {
    video: undefined,
    audio: undefined,
  };
  /** When the last key picture began, and how long after the one before it. */
  #keys: { atMs: number | null; keyIntervalMs: number | null } = {
    atMs: null,
    keyIntervalMs: null,
  };
  #countTimer: NodeJS.Timeout | undefined;
  #countTold = 0;
  #waiting: { kind: 'video' | 'audio'; timestamp: number; wallMs: number }[] = [];

  constructor(showId: string, tell: (news: ForwarderNews) => void) {
    this.showId = showId;
    this.#tell = tell;
  }

  /** Nobody needs the room any more. */
  get isEmpty(): boolean {
    return (
      !this.publisher && this.viewers.size === 0 && this.taps.size === 0 && this.negotiating === 0
    );
  }

  /** What a publisher of this show does with its packets. Nothing more comes through once another took its place. */
  sinkFor(sessionId: string): FeedSink {
    const isMine = (): boolean => this.publisher?.sessionId === sessionId;
    return {
      packet: (kind, packet, nowMs) => {
        if (!isMine()) return;
        if (packet.startsKeyFrame) this.#noteKey(nowMs);
        this.#take(kind, packet, nowMs);
      },
      source: (kind) => {
        if (isMine()) this.#startSource(kind);
      },
      skipped: () => {
        if (isMine()) this.#resume();
      },
      clock: (kind, timestamp, wallMs) => {
        if (isMine()) this.#clock(kind, timestamp, wallMs);
      },
      connected: () => {
        if (isMine()) this.#tell({ type: 'publisher-connected', showId: this.showId, sessionId });
      },
      silent: () => {
        if (isMine())
          this.#tell({ type: 'publisher-lost', showId: this.showId, sessionId, left: false });
      },
      stats: (stats) => {
        if (!isMine()) return;
        const { keyIntervalMs } = this.#keys;
        this.#tell({ type: 'publisher-stats', showId: this.showId, ...stats, keyIntervalMs });
      },
    };
  }

  #noteKey(nowMs: number): void {
    const { atMs } = this.#keys;
    // Parameter sets and slices of one key picture come in packets of their own.
    if (atMs !== null && nowMs - atMs < 100) return;
    this.#keys = { atMs: nowMs, keyIntervalMs: atMs === null ? null : nowMs - atMs };
  }

  /** Puts a publisher in its place; one that was there is gone already. */
  setPublisher(publisher: ShowFeed): void {
    this.publisher = publisher;
    const codec = publisher.formats.video?.codec;
    if (codec) this.codec = codec;
    this.#waiting = [];
    this.#keys = { atMs: null, keyIntervalMs: null };
    this.#startSource('video');
    this.#startSource('audio');
    for (const tap of this.taps.values()) this.#tellTap(tap);
  }

  /** The publisher carries more than it did: whoever listens is told. */
  retell(sessionId: string): void {
    if (this.publisher?.sessionId !== sessionId) return;
    const codec = this.publisher.formats.video?.codec;
    if (codec) this.codec = codec;
    for (const tap of this.taps.values()) this.#tellTap(tap);
  }

  /** Takes the publisher out, telling so when its media had been announced. */
  removePublisher(left: boolean): void {
    const publisher = this.publisher;
    if (!publisher) return;
    this.publisher = undefined;
    publisher.close();
    for (const viewer of this.viewers) viewer.waitForKeyFrame();
    if (publisher.flowing) {
      this.#tell({
        type: 'publisher-lost',
        showId: this.showId,
        sessionId: publisher.sessionId,
        left,
      });
    }
  }

  /** A viewer whose connection is up. */
  join(viewer: Viewer): void {
    this.viewers.add(viewer);
    this.#countChanged();
    for (const clock of [this.#clocks.video, this.#clocks.audio]) {
      if (clock) viewer.session.send(this.#senderReport(clock));
    }
    if (!this.publisher) return;
    const start = this.#replayStart();
    if (start === undefined) this.publisher.requestKeyFrame();
    else viewer.startFrom(start, this.video, this.codec);
  }

  leave(viewer: Viewer): void {
    if (this.viewers.delete(viewer)) this.#countChanged();
  }

  /** Viewers whose reports stopped. */
  silentViewers(nowMs: number): Viewer[] {
    return [...this.viewers].filter(
      (viewer) => viewer.lastReportAtMs > 0 && nowMs - viewer.lastReportAtMs > VIEWER_SILENCE_MS,
    );
  }

  /** Puts a listener's tap in its place, or takes it out. With `replay` it can start at once, as a viewer can. */
  setTap(listener: string, tap: Tap | undefined, replay = false): void {
    this.taps.get(listener)?.close();
    this.taps.delete(listener);
    if (!tap) return;
    this.taps.set(listener, tap);
    this.#tellTap(tap);
    for (const clock of [this.#clocks.video, this.#clocks.audio]) if (clock) tap.clock(clock);
    const start = replay ? this.#replayStart() : undefined;
    if (start === undefined) this.publisher?.requestKeyFrame();
    else {
      for (const each of this.video.from(start)) tap.packet('video', each.packet, each.atMs);
    }
  }

  dump(): unknown {
    return {
      codec: this.codec,
      publisher: this.publisher && {
        sessionId: this.publisher.sessionId,
        flowing: this.publisher.flowing,
        rttMs: this.publisher.rttMs,
        packetsSkipped: this.publisher.packetsSkipped,
        formats: this.publisher.formats,
      },
      viewers: [...this.viewers].map((viewer) => ({
        sessionId: viewer.sessionId,
        waitsForKeyFrame: viewer.waitsForKeyFrame,
        lossRatio: viewer.lossRatio,
      })),
      video: { packets: this.video.packets, bytes: this.video.bytes, head: this.video.head },
      audio: { packets: this.audio.packets, bytes: this.audio.bytes, head: this.audio.head },
      taps: [...this.taps.keys()],
    };
  }

  close(): void {
    clearTimeout(this.#countTimer);
    this.publisher?.close();
    for (const viewer of this.viewers) viewer.close();
    for (const tap of this.taps.values()) tap.close();
  }

  #take(kind: 'video' | 'audio', incoming: IncomingPacket, nowMs: number): void {
    const stream = kind === 'video' ? this.video : this.audio;
    const wasWaiting = stream.waitsForSource;
    const taken = stream.take(incoming, nowMs);
    if (taken === 'needs-key-frame') {
      this.publisher?.requestKeyFrame();
      return;
    }
    if (taken === 'dropped') return;
    if (wasWaiting) this.#releaseClocks(kind);
    const { out, newKeyFrame } = taken;
    for (const tap of this.taps.values()) tap.packet(kind, out.packet, nowMs);
    if (kind === 'audio') {
      for (const viewer of this.viewers) viewer.audio(out);
      return;
    }
    if (newKeyFrame) this.publisher?.keyFrameCame();
    for (const viewer of this.viewers) viewer.video(out, newKeyFrame, this.codec);
  }

  #startSource(kind: 'video' | 'audio'): void {
    this.#clocks[kind] = undefined;
    if (kind === 'audio') {
      this.audio.startSource();
      return;
    }
    this.video.startSource();
    for (const viewer of this.viewers) viewer.waitForKeyFrame();
  }

  /** Packets of the publisher were thrown away: the picture goes on at the next key frame, the sound at once. */
  #resume(): void {
    this.video.resume();
    this.audio.resume();
    this.publisher?.requestKeyFrame();
  }

  /** A sender report of the publisher: passed on at once, in the show's numbers and on the server's clock. */
  #clock(kind: 'video' | 'audio', timestamp: number, wallMs: number): void {
    const stream = kind === 'video' ? this.video : this.audio;
    if (stream.waitsForSource) {
      // The shift of timestamps is known when the first packet goes out.
      this.#waiting.push({ kind, timestamp, wallMs });
      if (this.#waiting.length > 8) this.#waiting.shift();
      return;
    }
    const clock: TapClock = { kind, rtpTimestamp: stream.toShowTimestamp(timestamp), wallMs };
    this.#clocks[kind] = clock;
    for (const tap of this.taps.values()) tap.clock(clock);
    const report = this.#senderReport(clock);
    for (const viewer of this.viewers) viewer.session.send(report);
  }

  #releaseClocks(kind: 'video' | 'audio'): void {
    const waiting = this.#waiting.filter((each) => each.kind === kind);
    this.#waiting = this.#waiting.filter((each) => each.kind !== kind);
    const last = waiting.at(-1);
    if (last) this.#clock(kind, last.timestamp, last.wallMs);
  }

  #senderReport(clock: TapClock): Buffer {
    const stream = clock.kind === 'video' ? this.video : this.audio;
    return makeSenderReport({
      ssrc: stream.ssrc,
      ntpMs: clock.wallMs,
      rtpTimestamp: clock.rtpTimestamp,
      packets: stream.packets,
      bytes: stream.bytes,
    });
  }

  #replayStart(): number | undefined {
    if (!this.publisher || this.video.waitsForSource) return undefined;
    const { ageMs = REPLAY_AGE_MS, packetsMax = REPLAY_PACKETS_MAX } = this.publisher.replay ?? {};
    return this.video.replayStart(Date.now(), ageMs, packetsMax);
  }

  #tellTap(tap: Tap): void {
    if (!this.publisher) return;
    const { video, audio } = this.publisher.formats;
    tap.session({ videoCodec: video?.codec ?? null, audio: audio !== undefined });
  }

  #countChanged(): void {
    if (this.#countTimer) return;
    // The first change of a quiet room is told at once; then at most one each interval.
    this.#tellCount();
    this.#countTimer = setTimeout(() => {
      this.#countTimer = undefined;
      if (this.viewers.size !== this.#countTold) this.#countChanged();
    }, COUNT_INTERVAL_MS);
  }

  #tellCount(): void {
    this.#countTold = this.viewers.size;
    this.#tell({ type: 'viewers', showId: this.showId, count: this.viewers.size });
  }
}
