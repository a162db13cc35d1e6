// An encoder's AAC becomes Opus, which is what WebRTC carries: 48 kHz, stereo, 20 ms a packet. The rule: sound keeps the
// time that the encoder gave it. Packets count on by samples; when the encoder's own times leave them by more than
// `DRIFT_MS`, the count starts again from those.

import {
  AV_CHANNEL_LAYOUT_STEREO,
  AV_CODEC_ID_AAC,
  AV_LOG_QUIET,
  AV_SAMPLE_FMT_FLT,
  Codec,
  CodecContext,
  Frame,
  Log,
  Packet,
  SoftwareResampleContext,
} from 'node-av';
import { OPUS_SAMPLES, SoundEncoder } from '../camera/encoders.ts';

// It would print a line for each damaged frame that a stranger sends.
Log.setLevel(AV_LOG_QUIET);

const OUT_RATE = 48_000;
const CHANNELS = 2;
const BITS_PER_SECOND = 96_000;
/** Times come in whole milliseconds and encoders round as they like; lips are seen to be off from about 45 ms. */
const DRIFT_MS = 30;
/** The longest AAC frame (2048 samples) at the lowest rate, eight times over. */
const HELD_SAMPLES_MAX = OUT_RATE * 2;

/** An Opus packet. `timestamp` counts samples at 48 kHz from where the encoder's own time is 0. */
export type OpusPacket = { readonly timestamp: number; readonly data: Buffer };

/** One publication's sound. Throws at making when FFmpeg can't read such AAC. */
export class OpusSound {
  readonly #decoder = new CodecContext();
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  readonly #encoder = new SoundEncoder(BITS_PER_SECOND);
  #resampler: SoftwareResampleContext | undefined;
  #resampledFrom = '';
  #held = new Float32Array(HELD_SAMPLES_MAX * CHANNELS);
  #heldSamples = 0;
  /** The time of the first held sample; undefined before the first and after a jump. */
  #position: number | undefined;

  constructor(config: Buffer) {
    const codec = Codec.findDecoder(AV_CODEC_ID_AAC);
    if (!codec) throw new Error('FFmpeg has no AAC decoder');
    this.#decoder.allocContext3(codec);
    this.#decoder.extraData = Buffer.from(config);
    this.#decoder.threadCount = 1;
    const code = this.#decoder.open2Sync(codec);
    if (code < 0) throw new Error(`this AAC can't be read (FFmpeg error ${code})`);
    this.#packet.alloc();
    this.#frame.alloc();
  }

  /** Takes one AAC frame; gives the packets that are full now. A damaged frame gives none. */
  take(aac: Buffer, timestampMs: number): OpusPacket[] {
    this.#packet.data = aac;
    const sent = this.#decoder.sendPacketSync(this.#packet) >= 0;
    this.#packet.unref();
    if (!sent) return [];
    const packets: OpusPacket[] = [];
    while (this.#decoder.receiveFrameSync(this.#frame) >= 0) {
      this.#align(timestampMs);
      this.#resample();
      this.#frame.unref();
      this.#encode(packets);
    }
    return packets;
  }

  close(): void {
    this.#packet.free();
    this.#frame.free();
    this.#decoder.freeContext();
    this.#resampler?.free();
    this.#encoder.close();
  }

  #align(timestampMs: number): void {
    const wanted = Math.round((timestampMs * OUT_RATE) / 1000);
    const next = this.#position === undefined ? undefined : this.#position + this.#heldSamples;
    if (next !== undefined && Math.abs(next - wanted) <= (DRIFT_MS * OUT_RATE) / 1000) return;
    this.#heldSamples = 0;
    this.#position = wanted;
  }

  #resample(): void {
    const frame = this.#frame;
    const { format, sampleRate, channelLayout, nbSamples, channels } = frame;
    // AAC's real rate and channels may come out only with its first frame (SBR, parametric stereo).
    const from = `${format} ${sampleRate} ${channels}`;
    if (from !== this.#resampledFrom) {
      this.#resampler?.free();
      const resampler = new SoftwareResampleContext();
      resampler.allocSetOpts2(
        AV_CHANNEL_LAYOUT_STEREO,
        AV_SAMPLE_FMT_FLT,
        OUT_RATE,
        channelLayout,
        format as Parameters<SoftwareResampleContext['allocSetOpts2']>[4],
        sampleRate,
      );
      if (resampler.init() < 0) throw new Error(`sound as ${from} can't be resampled`);
      this.#resampler = resampler;
      this.#resampledFrom = from;
    }
    const data = frame.extendedData ?? frame.data;
    const room = Math.ceil((nbSamples * OUT_RATE) / sampleRate) + 256;
    if (!data || this.#heldSamples + room > HELD_SAMPLES_MAX) return;
    const out = Buffer.from(
      this.#held.buffer,
      this.#heldSamples * CHANNELS * 4,
      room * CHANNELS * 4,
    );
    const made = this.#resampler?.convertSync([out], room, data, nbSamples) ?? 0;
    if (made > 0) this.#heldSamples += made;
  }

  #encode(packets: OpusPacket[]): void {
    let used = 0;
    while (this.#heldSamples - used >= OPUS_SAMPLES && this.#position !== undefined) {
      const samples = this.#held.subarray(used * CHANNELS, (used + OPUS_SAMPLES) * CHANNELS);
      packets.push({ timestamp: this.#position, data: this.#encoder.encode(samples) });
      used += OPUS_SAMPLES;
      this.#position += OPUS_SAMPLES;
    }
    if (used === 0) return;
    this.#held.copyWithin(0, used * CHANNELS, this.#heldSamples * CHANNELS);
    this.#heldSamples -= used;
  }
}
