// A WHIP publisher of our own (synthetic camera, tests, benchmark): takes encoded pictures and sound, sends them as RTP
// over WebRTC, repeats what is asked for, reports its clock. Encoding is elsewhere. The rule: it behaves as a browser
// does, so that what works with it works with one.

import { randomInt } from 'node:crypto';
import type { Track } from 'node-datachannel';
import { Audio, PeerConnection, Video } from 'node-datachannel';
import { packetizeH264 } from '../rtp/h264.ts';
import { makeReferenceAnswer, makeSenderReport, parseRtcp } from '../rtp/rtcp.ts';
import { isRtcp, makeRtp } from '../rtp/rtp-packet.ts';
import type { Signal } from './signal.ts';

const VIDEO_TYPE = 96;
const AUDIO_TYPE = 111;
/** As browsers do: fits every path, with room for SRTP and headers. */
const PAYLOAD_BYTES_MAX = 1160;
const CACHE_PACKETS = 1024;
const REPORT_INTERVAL_MS = 500;
const CONNECT_TIMEOUT_MS = 15_000;

export type PublisherClientOptions = {
  signal: Signal;
  /** `sendVideo` should send a key frame soon. */
  onKeyFrameRequest?: () => void;
  /** The connection is over, not by `close`. */
  onEnd?: (reason: string) => void;
  /** For tests: this packet is lost on its way (first sending only). */
  loses?: (sequence: number) => boolean;
};

type Stream = {
  track: Track;
  ssrc: number;
  sequence: number;
  packets: number;
  bytes: number;
  base: number;
};

export class PublisherClient {
  /** Key frame requests and repetitions asked for, and the loss that the server reports. */
  keyFrameRequests = 0;
  repeats = 0;
  reportedLoss = 0;
  readonly #options: PublisherClientOptions;
  readonly #connection: PeerConnection;
  readonly #video: Stream;
  readonly #audio: Stream;
  readonly #cache: (Buffer | undefined)[] = new Array<Buffer | undefined>(CACHE_PACKETS).fill(
    undefined,
  );
  readonly #startedAtMs = performance.timeOrigin + performance.now();
  #reports: NodeJS.Timeout | undefined;
  #leave: (() => Promise<void>) | undefined;
  #closed = false;

  private constructor(options: PublisherClientOptions) {
    this.#options = options;
    this.#connection = new PeerConnection('publisher', { iceServers: [], mtu: 1500 });
    const videoSsrc = randomInt(1, 2 ** 32);
    const audioSsrc = randomInt(1, 2 ** 32);
    const video = new Video('0', 'SendOnly');
    video.addH264Codec(
      VIDEO_TYPE,
      'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
    );
    video.addSSRC(videoSsrc, 'camera', 'camera', 'picture');
    const audio = new Audio('1', 'SendOnly');
    audio.addOpusCodec(AUDIO_TYPE);
    audio.addSSRC(audioSsrc, 'camera', 'camera', 'sound');
    const stream = (track: Track, ssrc: number): Stream => ({
      track,
      ssrc,
      sequence: randomInt(0, 0x8000),
      packets: 0,
      bytes: 0,
      base: randomInt(0, 2 ** 31),
    });
    this.#video = stream(this.#connection.addTrack(video), videoSsrc);
    this.#audio = stream(this.#connection.addTrack(audio), audioSsrc);
    this.#video.track.onMessage((packet) => this.#receive(packet));
    this.#audio.track.onMessage(() => undefined);
  }

  /** Connects. Rejects when the offer is refused or the connection doesn't come up. */
  static async connect(options: PublisherClientOptions): Promise<PublisherClient> {
    const client = new PublisherClient(options);
    try {
      await client.#connect();
    } catch (fault) {
      await client.close();
      throw fault;
    }
    return client;
  }

  /** Sends one access unit (Annex B) whose picture was taken `atMs` after the start of the client's clock. */
  sendVideo(unit: Buffer, atMs: number): void {
    const payloads = packetizeH264(unit, PAYLOAD_BYTES_MAX);
    const timestamp = this.#video.base + Math.round(atMs * 90);
    payloads.forEach((payload, i) =>
      this.#send(this.#video, VIDEO_TYPE, payload, timestamp, i === payloads.length - 1, true),
    );
  }

  /** Sends one Opus packet. */
  sendAudio(packet: Uint8Array, atMs: number): void {
    this.#send(
      this.#audio,
      AUDIO_TYPE,
      packet,
      this.#audio.base + Math.round(atMs * 48),
      false,
      false,
    );
  }

  /** The client's clock: ms since its start. */
  nowMs(): number {
    return performance.timeOrigin + performance.now() - this.#startedAtMs;
  }

  /** Ends the connection and says goodbye. */
  async close(): Promise<void> {
    await this.#leave?.();
    this.drop();
  }

  /** Ends the connection without a word to the server's HTTP side, as a closed browser does. */
  drop(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#reports);
    this.#video.track.close();
    this.#audio.track.close();
    this.#connection.close();
  }

  async #connect(): Promise<void> {
    const connection = this.#connection;
    const connected = new Promise<void>((resolve, reject) => {
      const timeout = setTimeout(
        () => reject(new Error('The connection did not come up.')),
        CONNECT_TIMEOUT_MS,
      );
      connection.onStateChange((state) => {
        if (state === 'connected') {
          clearTimeout(timeout);
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
    const { answerSdp, leave } = await this.#options.signal(await makeOffer(connection));
    this.#leave = leave;
    connection.setRemoteDescription(answerSdp, 'answer');
    await connected;
    this.#reports = setInterval(() => this.#report(), REPORT_INTERVAL_MS);
  }

  #send(
    stream: Stream,
    type: number,
    payload: Uint8Array,
    timestamp: number,
    marker: boolean,
    cached: boolean,
  ): void {
    if (this.#closed) return;
    stream.sequence = (stream.sequence + 1) & 0xffff;
    const { sequence, ssrc } = stream;
    const packet = makeRtp({ marker, payloadType: type, sequence, timestamp, ssrc }, payload);
    stream.packets += 1;
    stream.bytes += payload.length;
    if (cached) this.#cache[sequence % CACHE_PACKETS] = packet;
    if (this.#options.loses?.(sequence)) return;
    this.#put(stream.track, packet);
  }

  #put(track: Track, packet: Buffer): void {
    try {
      if (track.isOpen()) track.sendMessageBinary(packet);
    } catch {
      // The line went down under the packet; `onEnd` tells.
    }
  }

  #report(): void {
    const atMs = this.nowMs();
    const report = (stream: Stream, rate: number): void => {
      if (stream.packets === 0) return;
      const rtpTimestamp = (stream.base + Math.round(atMs * rate)) >>> 0;
      const { ssrc, packets, bytes } = stream;
      this.#put(
        stream.track,
        makeSenderReport({ ssrc, ntpMs: this.#startedAtMs + atMs, rtpTimestamp, packets, bytes }),
      );
    };
    report(this.#video, 90);
    report(this.#audio, 48);
  }

  #receive(packet: Buffer): void {
    if (this.#closed || !isRtcp(packet)) return;
    for (const message of parseRtcp(packet)) {
      if (message.type === 'nack' && message.mediaSsrc === this.#video.ssrc) {
        for (const sequence of message.sequences) {
          const cached = this.#cache[sequence % CACHE_PACKETS];
          if (cached?.readUInt16BE(2) !== sequence) continue;
          this.repeats += 1;
          this.#put(this.#video.track, cached);
        }
      } else if (message.type === 'key-frame-request') {
        this.keyFrameRequests += 1;
        this.#options.onKeyFrameRequest?.();
      } else if (message.type === 'receiver-report') {
        for (const block of message.reports)
          if (block.ssrc === this.#video.ssrc) this.reportedLoss = block.fractionLost;
      } else if (message.type === 'reference-time') {
        this.#put(
          this.#video.track,
          makeReferenceAnswer(this.#video.ssrc, message.ssrc, message.ntpMiddle, 0),
        );
      }
    }
  }
}

/** The offer with all candidates of this host. */
export function makeOffer(connection: PeerConnection): Promise<string> {
  return described(connection, () => connection.setLocalDescription('offer'));
}

/** The answer to an offer, with all candidates of this host. */
export function makeAnswer(connection: PeerConnection, offerSdp: string): Promise<string> {
  // The library answers by itself.
  return described(connection, () => connection.setRemoteDescription(offerSdp, 'offer'));
}

async function described(connection: PeerConnection, begin: () => void): Promise<string> {
  const gathered = new Promise<void>((resolve) => {
    connection.onGatheringStateChange((state) => {
      if (state === 'complete') resolve();
    });
  });
  begin();
  await gathered;
  const local = connection.localDescription();
  if (!local) throw new Error('The WebRTC library made no description.');
  return local.sdp;
}
