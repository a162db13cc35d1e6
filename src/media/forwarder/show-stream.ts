// One outgoing stream of a show: the same packets, numbers and source id for every viewer and the recorder, whoever
// publishes at the moment. Joins the streams of successive publishers into one, closes gaps left by padding, and
// remembers recent packets for repetitions and for viewers who join. The rule: after a publisher changes, nothing goes
// out before a key frame, and numbers and timestamps go on where they were.

import { randomInt } from 'node:crypto';
import { makeRtp, RTP_HEADER_BYTES } from '../rtp/rtp-packet.ts';
import { SequenceRewriter } from '../rtp/sequence.ts';

/** A packet of the show, numbered endlessly. Byte 1 holds the marker only: each viewer's payload type is put in. */
export type ShowPacket = {
  index: number;
  packet: Buffer;
  marker: boolean;
  timestamp: number;
  /** When it came, ms since 1970. */
  atMs: number;
};

/** A publisher's packet on its way in. */
export type IncomingPacket = {
  index: number;
  timestamp: number;
  marker: boolean;
  payload: Uint8Array;
  startsKeyFrame: boolean;
};

/** Outcome of a packet: forwarded, or swallowed because the stream waits for a key frame or it was padding. */
export type Taken = { out: ShowPacket; newKeyFrame: boolean } | 'needs-key-frame' | 'dropped';

export class ShowStream {
  readonly kind: 'video' | 'audio';
  readonly clockRate: number;
  readonly ssrc = randomInt(1, 2 ** 32);
  packets = 0;
  bytes = 0;
  readonly #slots: (ShowPacket | undefined)[];
  #rewriter: SequenceRewriter | undefined;
  #resuming = false;
  #timestampShift = 0;
  #lastIndex = randomInt(0x10000, 0x18000);
  #lastTimestamp: number | undefined;
  #lastAtMs = 0;
  #keyIndex = -1;
  #keyTimestamp = 0;
  #keyAtMs = 0;

  /** `cachePackets` must be a power of two. */
  constructor(kind: 'video' | 'audio', clockRate: number, cachePackets: number) {
    this.kind = kind;
    this.clockRate = clockRate;
    this.#slots = new Array<ShowPacket | undefined>(cachePackets).fill(undefined);
  }

  /** The index of the newest packet. */
  get head(): number {
    return this.#lastIndex;
  }

  /** Another publisher (or another source of the same publisher) feeds the stream from the next packet on. */
  startSource(): void {
    this.#rewriter = undefined;
    this.#resuming = false;
    this.#keyIndex = -1;
  }

  /** Packets were thrown away: the stream goes on at the next key frame (sound at once), as if they had never been. */
  resume(): void {
    this.#resuming = true;
    this.#keyIndex = -1;
  }

  /** Waits for a key frame before anything goes out. */
  get waitsForSource(): boolean {
    return this.#rewriter === undefined;
  }

  /** Takes a packet of the publisher in. */
  take(incoming: IncomingPacket, nowMs: number): Taken {
    if (!this.#rewriter) {
      if (incoming.payload.length === 0) return 'dropped';
      if (this.kind === 'video' && !incoming.startsKeyFrame) return 'needs-key-frame';
      this.#join(incoming, nowMs);
    }
    const rewriter = this.#rewriter!;
    if (this.#resuming) {
      if (incoming.payload.length === 0) return 'dropped';
      if (this.kind === 'video' && !incoming.startsKeyFrame) return 'needs-key-frame';
      this.#resuming = false;
      rewriter.skipTo(incoming.index);
    }
    if (incoming.payload.length === 0 && rewriter.leaveOut(incoming.index)) return 'dropped';
    const index = rewriter.rewrite(incoming.index);
    if (index === undefined) return 'dropped';
    const timestamp = (incoming.timestamp + this.#timestampShift) >>> 0;
    const packet = makeRtp(
      {
        marker: incoming.marker,
        payloadType: 0,
        sequence: index & 0xffff,
        timestamp,
        ssrc: this.ssrc,
      },
      incoming.payload,
    );
    const out: ShowPacket = { index, packet, marker: incoming.marker, timestamp, atMs: nowMs };
    this.#slots[index & (this.#slots.length - 1)] = out;
    this.packets += 1;
    this.bytes += packet.length - RTP_HEADER_BYTES;
    if (index > this.#lastIndex) {
      this.#lastIndex = index;
      this.#lastTimestamp = timestamp;
      this.#lastAtMs = nowMs;
    }
    const newKeyFrame =
      incoming.startsKeyFrame &&
      index > this.#keyIndex &&
      (this.#keyIndex < 0 || timestamp !== this.#keyTimestamp);
    if (newKeyFrame) {
      this.#keyIndex = index;
      this.#keyTimestamp = timestamp;
      this.#keyAtMs = nowMs;
    }
    return { out, newKeyFrame };
  }

  /** The packet with this index, while it is remembered. */
  at(index: number): ShowPacket | undefined {
    const slot = this.#slots[index & (this.#slots.length - 1)];
    return slot?.index === index ? slot : undefined;
  }

  /** The remembered packets from this index on. */
  *from(index: number): Generator<ShowPacket> {
    for (let each = index; each <= this.#lastIndex; each += 1) {
      const packet = this.at(each);
      if (packet) yield packet;
    }
  }

  /** The remembered packet with this 16-bit number. */
  bySequence(sequence: number): ShowPacket | undefined {
    const behind = (this.#lastIndex - sequence) & 0xffff;
    return this.at(this.#lastIndex - behind);
  }

  /**
   * Where a viewer who joins now may start, so that its first picture comes at once: the newest key frame, if it is
   * young and everything since then is here.
   */
  replayStart(nowMs: number, ageMsMax: number, packetsMax: number): number | undefined {
    if (
      this.#keyIndex < 0 ||
      nowMs - this.#keyAtMs > ageMsMax ||
      this.#lastIndex - this.#keyIndex > packetsMax
    ) {
      return undefined;
    }
    for (let index = this.#keyIndex; index <= this.#lastIndex; index += 1)
      if (!this.at(index)) return undefined;
    return this.#keyIndex;
  }

  /** Payloads of the newest key picture, in order; undefined when it isn't complete or no longer remembered. */
  keyPicture(): Buffer[] | undefined {
    if (this.#keyIndex < 0) return undefined;
    const payloads: Buffer[] = [];
    for (let index = this.#keyIndex; index <= this.#lastIndex; index += 1) {
      const each = this.at(index);
      if (!each || each.timestamp !== this.#keyTimestamp) return undefined;
      payloads.push(each.packet.subarray(RTP_HEADER_BYTES));
      if (each.marker) return payloads;
    }
    return undefined;
  }

  /** A publisher's timestamp in the show's numbers. */
  toShowTimestamp(timestamp: number): number {
    return (timestamp + this.#timestampShift) >>> 0;
  }

  #join(incoming: IncomingPacket, nowMs: number): void {
    this.#rewriter = new SequenceRewriter(incoming.index, this.#lastIndex + 1);
    if (this.#lastTimestamp === undefined) {
      this.#timestampShift = 0;
      return;
    }
    // The time without a publisher is kept, so that one timeline holds for viewers and for the recording.
    const pause = Math.max(1, Math.round(((nowMs - this.#lastAtMs) * this.clockRate) / 1000));
    this.#timestampShift = (this.#lastTimestamp + pause - incoming.timestamp) | 0;
  }
}
