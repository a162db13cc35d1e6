// Numbers of one outgoing RTP stream from the ingest to the forwarder. The rule: timestamps are the encoder's time, so
// that sound and picture stay together however unevenly they arrive.

import { randomInt } from 'node:crypto';
import { makeRtp } from '../rtp/rtp-packet.ts';

export class RtpStream {
  readonly #payloadType: number;
  readonly #ssrc = randomInt(1, 2 ** 32);
  #sequence = randomInt(0, 0x8000);

  constructor(payloadType: number) {
    this.#payloadType = payloadType;
  }

  packet(payload: Uint8Array, timestamp: number, marker: boolean): Buffer {
    const sequence = this.#sequence;
    this.#sequence = (sequence + 1) & 0xffff;
    return makeRtp(
      {
        marker,
        payloadType: this.#payloadType,
        sequence,
        timestamp: rtpTimestamp(timestamp),
        ssrc: this.#ssrc,
      },
      payload,
    );
  }
}

/** A count of ticks as the 32 bits of an RTP timestamp. */
export const rtpTimestamp = (ticks: number): number =>
  ((Math.round(ticks) % 2 ** 32) + 2 ** 32) % 2 ** 32;
