// A WHEP viewer of our own (tests, benchmark): connects, counts what comes, and asks for what is missing as a browser
// does. It decodes nothing. The rule: it checks every packet it counts, so that a number here is a number of whole,
// ordered, decryptable packets.

import type { Track } from 'node-datachannel';
import { Audio, PeerConnection, Video } from 'node-datachannel';
import { startsH264KeyFrame } from '../rtp/h264.ts';
import type { RtcpMessage } from '../rtp/rtcp.ts';
import { makeKeyFrameRequest, makeNack, makeReceiverReport, parseRtcp } from '../rtp/rtcp.ts';
import { isRtcp, parseRtp } from '../rtp/rtp-packet.ts';
import { SequenceUnwrapper } from '../rtp/sequence.ts';
import { startsVp8KeyFrame } from '../rtp/vp8.ts';
import { makeAnswer, makeOffer } from './publisher-client.ts';
import type { OfferedSignal, Signal } from './signal.ts';

const H264_TYPE = 102;
const VP8_TYPE = 96;
const AUDIO_TYPE = 111;
const CONNECT_TIMEOUT_MS = 15_000;
const OWN_SSRC = 2;
/** As browsers do: what is missing is asked for again, and at last a key frame instead. */
const ASK_AGAIN_MS = 60;
const GIVE_UP_MS = 1500;

export type ViewerClientOptions = {
  signal: Signal | { offered: OfferedSignal };
  /** Each packet as it came. */
  onPacket?: (kind: 'video' | 'audio', packet: Buffer) => void;
  /** A whole picture is there: its payloads in order. Not called for pictures with missing packets. */
  onPicture?: (picture: {
    payloads: Buffer[];
    timestamp: number;
    key: boolean;
    codec: 'H264' | 'VP8';
  }) => void;
  onSenderReport?: (
    report: RtcpMessage & { type: 'sender-report' },
    kind: 'video' | 'audio',
  ) => void;
  onEnd?: (reason: string) => void;
  connectTimeoutMs?: number;
  /**
   * Leave what comes where it was decrypted until `read` is called: the first 1,024 packets of each kind wait there. For
   * crowds on small machines, where reading costs more than sending.
   */
  unread?: boolean;
  /** Keep payloads for `onPicture`. Costs memory traffic; off in the benchmark. */
  keepPayloads?: boolean;
};

export class ViewerClient {
  readonly stats = {
    videoPackets: 0,
    videoBytes: 0,
    audioPackets: 0,
    /** Whole pictures, from the first key frame on. */
    pictures: 0,
    keyPictures: 0,
    /** Packets that were missing at first, and those of them that came in the end. */
    missing: 0,
    repeated: 0,
    /** Since `connect` was called. */
    connectedAfterMs: -1,
    firstPictureAfterMs: -1,
    /** Packets before the first key frame: must stay 0. */
    packetsBeforeKeyFrame: 0,
    badTimestamps: 0,
  };
  readonly #options: ViewerClientOptions;
  readonly #connection: PeerConnection;
  #video: Track | undefined;
  #audio: Track | undefined;
  readonly #startedAtMs = performance.now();
  readonly #unwrapper = new SequenceUnwrapper();
  #ssrc = 0;
  #next = -1;
  #highest = -1;
  readonly #waiting = new Map<
    number,
    { payload: Buffer; timestamp: number; marker: boolean; key: boolean }
  >();
  readonly #asked = new Map<number, { sinceMs: number; againAtMs: number }>();
  #payloads: Buffer[] = [];
  #pictureIsKey = false;
  #pictureTimestamp = -1;
  #lastPictureTimestamp: number | undefined;
  #closed = false;
  #leave: (() => Promise<void>) | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: ViewerClientOptions) {
    this.#options = options;
    this.#connection = new PeerConnection('viewer', { iceServers: [], mtu: 1500 });
    // Where the server offers, it says which tracks there are.
    this.#connection.onTrack((track) => this.#take(track));
    if (typeof options.signal !== 'function') return;
    const video = new Video('0', 'RecvOnly');
    video.addH264Codec(
      H264_TYPE,
      'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
    );
    video.addVP8Codec(VP8_TYPE);
    const audio = new Audio('1', 'RecvOnly');
    audio.addOpusCodec(AUDIO_TYPE);
    this.#take(this.#connection.addTrack(video));
    this.#take(this.#connection.addTrack(audio));
  }

  /** Connects. Rejects when the offer is refused or the connection doesn't come up. */
  static async connect(options: ViewerClientOptions): Promise<ViewerClient> {
    const client = new ViewerClient(options);
    try {
      await client.#connect();
    } catch (fault) {
      await client.close();
      throw fault;
    }
    return client;
  }

  /** The connection's own end, for looking on: true until it ended. */
  get isOpen(): boolean {
    return !this.#closed;
  }

  async close(): Promise<void> {
    await this.#leave?.();
    this.drop();
  }

  drop(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#video?.close();
    this.#audio?.close();
    this.#connection.close();
  }

  /** Asks for a key frame. */
  requestKeyFrame(): void {
    if (this.#ssrc) this.#put(makeKeyFrameRequest(OWN_SSRC, this.#ssrc));
  }

  async #connect(): Promise<void> {
    const connection = this.#connection;
    const timeoutMs = this.#options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
    const connected = new Promise<void>((resolve, reject) => {
      const timeout = setTimeout(
        () => reject(new Error('The connection did not come up.')),
        timeoutMs,
      );
      connection.onStateChange((state) => {
        if (state === 'connected') {
          clearTimeout(timeout);
          this.stats.connectedAfterMs = performance.now() - this.#startedAtMs;
          resolve();
        } else if (state === 'failed' || state === 'closed' || state === 'disconnected') {
          clearTimeout(timeout);
          reject(new Error(`The connection is ${state}.`));
          if (!this.#closed) {
            this.drop();
            this.#options.onEnd?.(state);
          }
        }
      });
    });
    connected.catch(() => undefined);
    const { signal } = this.#options;
    if (typeof signal === 'function') {
      const { answerSdp, leave } = await signal(await makeOffer(connection));
      this.#leave = leave;
      connection.setRemoteDescription(answerSdp, 'answer');
    } else {
      const { offerSdp, answer, leave } = await signal.offered();
      this.#leave = leave;
      await answer(await makeAnswer(connection, offerSdp));
    }
    await connected;
    this.#timer = setInterval(() => this.#report(), 1000);
  }

  #take(track: Track): void {
    if (track.type() === 'video') this.#video = track;
    else this.#audio = track;
    if (!this.#options.unread) this.#read(track);
  }

  /** Reads what waited and what comes from now on. */
  read(): void {
    for (const track of [this.#video, this.#audio]) if (track) this.#read(track);
  }

  #read(track: Track): void {
    if (track.type() === 'video') {
      track.onMessage((packet) => this.#receive(packet));
      return;
    }
    track.onMessage((packet) => {
      this.#options.onPacket?.('audio', packet);
      if (!isRtcp(packet)) this.stats.audioPackets += 1;
    });
  }

  #put(packet: Buffer): void {
    try {
      if (!this.#closed && this.#video?.isOpen()) this.#video.sendMessageBinary(packet);
    } catch {
      // The line went down under the packet; `onEnd` tells.
    }
  }

  #report(): void {
    if (!this.#ssrc) return;
    this.#put(
      makeReceiverReport(OWN_SSRC, [
        {
          ssrc: this.#ssrc,
          fractionLost: 0,
          totalLost: 0,
          highestSequence: (this.#highest - 0x10000) >>> 0,
          jitter: 0,
          lastReport: 0,
          delaySinceLastReport: 0,
        },
      ]),
    );
  }

  #receive(packet: Buffer): void {
    this.#options.onPacket?.('video', packet);
    if (isRtcp(packet)) {
      for (const message of parseRtcp(packet)) {
        if (message.type === 'sender-report')
          this.#options.onSenderReport?.(message, message.ssrc === this.#ssrc ? 'video' : 'audio');
      }
      return;
    }
    const header = parseRtp(packet);
    if (!header) return;
    this.#ssrc = header.ssrc;
    const index = this.#unwrapper.unwrap(header.sequence);
    const codec = header.payloadType === VP8_TYPE ? 'VP8' : 'H264';
    const startsKey = codec === 'VP8' ? startsVp8KeyFrame : startsH264KeyFrame;
    const key = startsKey(packet, header.payloadStart, header.payloadEnd);
    this.stats.videoPackets += 1;
    this.stats.videoBytes += packet.length;
    if (this.#next < 0) {
      if (!key) {
        if (this.stats.pictures === 0) this.stats.packetsBeforeKeyFrame += 1;
        return;
      }
      this.#next = index;
    }
    if (this.#asked.delete(index)) this.stats.repeated += 1;
    const nowMs = performance.now();
    if (this.#asked.size > 0) this.#askAgain(header.ssrc, nowMs);
    if (this.#next < 0) return;
    if (index > this.#highest) {
      const missing: number[] = [];
      for (let each = Math.max(this.#next, this.#highest + 1); each < index; each += 1) {
        this.#asked.set(each, { sinceMs: nowMs, againAtMs: nowMs + ASK_AGAIN_MS });
        missing.push(each & 0xffff);
        this.stats.missing += 1;
      }
      this.#highest = index;
      if (missing.length > 0) this.#put(makeNack(OWN_SSRC, header.ssrc, missing));
    }
    if (index < this.#next) return;
    const payload =
      this.#options.keepPayloads === true
        ? packet.subarray(header.payloadStart, header.payloadEnd)
        : EMPTY;
    this.#waiting.set(index, { payload, timestamp: header.timestamp, marker: header.marker, key });
    this.#drain(codec);
  }

  #askAgain(ssrc: number, nowMs: number): void {
    const again: number[] = [];
    for (const [index, asked] of this.#asked) {
      if (nowMs - asked.sinceMs > GIVE_UP_MS) {
        // The next key frame begins again; what was waited for is lost.
        this.#asked.clear();
        this.#waiting.clear();
        this.#next = -1;
        this.requestKeyFrame();
        return;
      }
      if (nowMs < asked.againAtMs) continue;
      asked.againAtMs = nowMs + ASK_AGAIN_MS;
      again.push(index & 0xffff);
    }
    if (again.length > 0) this.#put(makeNack(OWN_SSRC, ssrc, again));
  }

  #drain(codec: 'H264' | 'VP8'): void {
    for (let each = this.#waiting.get(this.#next); each; each = this.#waiting.get(this.#next)) {
      this.#waiting.delete(this.#next);
      this.#next += 1;
      if (each.timestamp !== this.#pictureTimestamp) {
        this.#payloads = [];
        this.#pictureIsKey = false;
        this.#pictureTimestamp = each.timestamp;
      }
      this.#payloads.push(each.payload);
      this.#pictureIsKey ||= each.key;
      if (!each.marker) continue;
      if (this.stats.pictures === 0)
        this.stats.firstPictureAfterMs = performance.now() - this.#startedAtMs;
      const last = this.#lastPictureTimestamp;
      if (last !== undefined && ((each.timestamp - last) | 0) <= 0) this.stats.badTimestamps += 1;
      this.#lastPictureTimestamp = each.timestamp;
      this.stats.pictures += 1;
      if (this.#pictureIsKey) this.stats.keyPictures += 1;
      this.#options.onPicture?.({
        payloads: this.#payloads,
        timestamp: each.timestamp,
        key: this.#pictureIsKey,
        codec,
      });
    }
  }
}

const EMPTY = Buffer.alloc(0);
