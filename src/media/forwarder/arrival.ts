// What the packets of a WebRTC publisher show of its picture and sound, for telling an encoder's host what to set: the
// parameter set of its key pictures, whether pictures come in the order of showing, whether there is sound. The rule: a
// few comparisons a picture, and a parameter set is read only when it is another one.

import type { PublisherArrival } from '../media-plane.ts';
import type { VideoCodec } from '../messages.ts';
import { h264UnitOf } from '../rtp/h264.ts';
import { readSequenceParameters, type SequenceParameters } from '../rtp/sequence-parameters.ts';

const SEQUENCE_PARAMETERS = 7;
/** One picture that went back may be a packet that was late; several are B-frames. */
const REORDERED_MIN = 3;

export class Arrival {
  readonly #codec: VideoCodec | undefined;
  #unit: Buffer | undefined;
  #parameters: SequenceParameters | undefined;
  #newest: { index: number; timestamp: number } | undefined;
  #reordered = 0;
  #pictures = 0;
  #sound = { packets: 0, bytes: 0 };

  constructor(codec: VideoCodec | undefined) {
    this.#codec = codec;
  }

  /** A packet of the picture, in the order of arrival; `index` is its unwrapped sequence number. */
  picture(index: number, timestamp: number, payload: Buffer, startsKeyFrame: boolean): void {
    const newest = this.#newest;
    if (newest && index <= newest.index) return;
    if (newest && timestamp !== newest.timestamp) {
      this.#pictures += 1;
      if (((timestamp - newest.timestamp) | 0) < 0) this.#reordered += 1;
    }
    this.#newest = { index, timestamp };
    if (!startsKeyFrame || this.#codec !== 'H264') return;
    const unit = h264UnitOf(payload, SEQUENCE_PARAMETERS);
    if (!unit || this.#unit?.equals(unit)) return;
    // The packet's memory is the library's.
    this.#unit = Buffer.from(unit);
    this.#parameters = readSequenceParameters(this.#unit);
  }

  sound(bytes: number): void {
    this.#sound.packets += 1;
    this.#sound.bytes += bytes;
  }

  /** What came since the last call. */
  take(seconds: number): PublisherArrival {
    const { packets, bytes } = this.#sound;
    const arrival: PublisherArrival = {
      picture:
        this.#codec === undefined || this.#pictures === 0
          ? null
          : {
              codec: this.#codec,
              parameters: this.#parameters ?? null,
              reordered: this.#reordered >= REORDERED_MIN,
            },
      sound: packets === 0 ? null : { bitsPerSecond: Math.round((bytes * 8) / seconds) },
    };
    this.#pictures = 0;
    this.#reordered = 0;
    this.#sound = { packets: 0, bytes: 0 };
    return arrival;
  }
}
