// Packets of a show back into whole pictures and sounds, in order. A missing picture packet is waited for (the forwarder
// is asking the publisher for it) and then given up, after which pictures are dropped up to the next key frame, so that
// a recording freezes for a moment rather than smears. No clock and no files here.

import type { VideoCodec } from '../messages.ts';
import { isH264KeyFrame, joinH264 } from '../rtp/h264.ts';
import { parseRtp } from '../rtp/rtp-packet.ts';
import { SequenceUnwrapper, timestampDistance } from '../rtp/sequence.ts';
import { isVp8KeyFrame, joinVp8 } from '../rtp/vp8.ts';

/** Longer than six requests of the forwarder, 40 ms apart, and a slow round trip. */
const WAIT_MS = 500;
const WAITING_PACKETS_MAX = 4096;

/** A whole picture, or one sound packet. */
export type MediaUnit = {
  data: Buffer;
  /** The stream's timestamp, unwrapped: it only grows (but for late packets). */
  ticks: number;
  arrivedAtMs: number;
  key: boolean;
};

class TicksUnwrapper {
  #last: { timestamp: number; ticks: number } | undefined;

  unwrap(timestamp: number): number {
    const ticks = this.#last
      ? this.#last.ticks + timestampDistance(timestamp, this.#last.timestamp)
      : timestamp;
    this.#last = { timestamp, ticks };
    return ticks;
  }
}

/** Puts pictures together. */
export class PictureAssembler {
  codec: VideoCodec;
  /** Pictures that were lost or dropped while waiting for a key frame. */
  dropped = 0;
  readonly #emit: (unit: MediaUnit) => void;
  readonly #unwrapper = new SequenceUnwrapper();
  readonly #ticks = new TicksUnwrapper();
  readonly #waiting = new Map<
    number,
    { payload: Buffer; timestamp: number; marker: boolean; arrivedAtMs: number }
  >();
  #next = -1;
  #payloads: Buffer[] = [];
  #timestamp = -1;
  #needsKey = true;

  constructor(codec: VideoCodec, emit: (unit: MediaUnit) => void) {
    this.codec = codec;
    this.#emit = emit;
  }

  push(packet: Buffer, arrivedAtMs: number): void {
    const header = parseRtp(packet);
    if (!header) return;
    const index = this.#unwrapper.unwrap(header.sequence);
    if (this.#next < 0) this.#next = index;
    if (index < this.#next) return;
    this.#waiting.set(index, {
      payload: packet.subarray(header.payloadStart, header.payloadEnd),
      timestamp: header.timestamp,
      marker: header.marker,
      arrivedAtMs,
    });
    this.#drain();
    if (this.#waiting.size > 0) this.#giveUp(arrivedAtMs);
  }

  #drain(): void {
    for (let each = this.#waiting.get(this.#next); each; each = this.#waiting.get(this.#next)) {
      this.#waiting.delete(this.#next);
      this.#next += 1;
      if (each.timestamp !== this.#timestamp) {
        this.#payloads = [];
        this.#timestamp = each.timestamp;
      }
      if (each.payload.length > 0) this.#payloads.push(each.payload);
      if (each.marker) this.#finish(each.arrivedAtMs);
    }
  }

  #finish(arrivedAtMs: number): void {
    const payloads = this.#payloads;
    this.#payloads = [];
    if (payloads.length === 0) return;
    const ticks = this.#ticks.unwrap(this.#timestamp);
    const data = this.codec === 'VP8' ? joinVp8(payloads) : joinH264(payloads);
    const key =
      data !== undefined && (this.codec === 'VP8' ? isVp8KeyFrame(data) : isH264KeyFrame(data));
    if (key) this.#needsKey = false;
    if (!data || this.#needsKey) {
      this.dropped += 1;
      return;
    }
    this.#emit({ data, ticks, arrivedAtMs, key });
  }

  #giveUp(nowMs: number): void {
    let oldest = Infinity;
    for (const each of this.#waiting.values()) oldest = Math.min(oldest, each.arrivedAtMs);
    if (nowMs - oldest < WAIT_MS && this.#waiting.size < WAITING_PACKETS_MAX) return;
    this.#next = Math.min(...this.#waiting.keys());
    // The rest of the damaged picture can't begin a whole one: its first packets are gone.
    this.#payloads = [];
    this.#needsKey = true;
    this.dropped += 1;
    this.#drain();
  }
}

/** Puts sound packets in order; what comes late is left out, as every player would. */
export class SoundAssembler {
  readonly #emit: (unit: MediaUnit) => void;
  readonly #unwrapper = new SequenceUnwrapper();
  readonly #ticks = new TicksUnwrapper();
  #last = -1;

  constructor(emit: (unit: MediaUnit) => void) {
    this.#emit = emit;
  }

  push(packet: Buffer, arrivedAtMs: number): void {
    const header = parseRtp(packet);
    if (!header || header.payloadEnd === header.payloadStart) return;
    const index = this.#unwrapper.unwrap(header.sequence);
    if (index <= this.#last) return;
    this.#last = index;
    this.#emit({
      data: packet.subarray(header.payloadStart, header.payloadEnd),
      ticks: this.#ticks.unwrap(header.timestamp),
      arrivedAtMs,
      key: true,
    });
  }
}
