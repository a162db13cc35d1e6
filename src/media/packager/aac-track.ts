// Sound for HLS: Opus packets with their place on the timeline in, AAC packets of 1024 samples out. What is missing is
// silence, so that every show has sound of one form from beginning to end. The rule: a sample stands where the sender's
// clock says, within `OFF_SAMPLES`; players that hold picture against sound rely on it.

import {
  AV_CHANNEL_LAYOUT_STEREO,
  AV_CODEC_ID_AAC,
  AV_CODEC_ID_OPUS,
  AV_SAMPLE_FMT_FLT,
  AV_SAMPLE_FMT_FLTP,
  Codec,
  CodecContext,
  Frame,
  Packet,
  Rational,
} from 'node-av';

export const SOUND_RATE = 48_000;
/** Samples of one AAC packet. */
export const AAC_SAMPLES = 1024;
const CHANNELS = 2;
const BITS_PER_SECOND = 128_000;
/** How far sound may stand beside its place before it is put there: jitter of the reports stays below, lips above. */
const OFF_SAMPLES = 0.02 * SOUND_RATE;
/** Silence that is made at once at most; a longer absence of the publisher is a gap of the whole stream. */
const SILENCE_SAMPLES_MAX = 10 * SOUND_RATE;

/** One AAC packet (AAC-LC, 48 kHz, stereo, without ADTS). `at`: samples from the beginning of the timeline. */
export type AacPacket = { at: number; data: Buffer };

export class AacTrack {
  readonly #emit: (packet: AacPacket) => void;
  readonly #decoder = new CodecContext();
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  #encoder: CodecContext | undefined;
  /** Place of the first sample in `#waiting`; undefined before the first sound. */
  #at: number | undefined;
  readonly #waiting = new Float32Array(AAC_SAMPLES * CHANNELS);
  #filled = 0;
  #closed = false;

  constructor(emit: (packet: AacPacket) => void) {
    this.#emit = emit;
    const decoder = this.#decoder;
    const codec = Codec.findDecoder(AV_CODEC_ID_OPUS);
    if (!codec) throw new Error('FFmpeg has no Opus decoder.');
    decoder.allocContext3(codec);
    decoder.sampleRate = SOUND_RATE;
    decoder.channelLayout = AV_CHANNEL_LAYOUT_STEREO;
    decoder.threadCount = 1;
    check(decoder.open2Sync(codec), 'open the Opus decoder');
    this.#packet.alloc();
    this.#frame.alloc();
  }

  /** Where the next sample belongs; undefined before the first. */
  get end(): number | undefined {
    return this.#at === undefined ? undefined : this.#at + this.#filled;
  }

  /** Takes an Opus packet whose first sample belongs at `at` (samples on the timeline). Broken ones are silence. */
  push(data: Buffer, at: number): void {
    if (this.#closed) return;
    const samples = this.#decode(data);
    if (!samples) return;
    const count = samples.length / CHANNELS;
    this.#begin(at);
    const off = at - (this.end ?? at);
    if (off > OFF_SAMPLES) this.#silence(off);
    else if (off < -OFF_SAMPLES) {
      // The clock went back, or silence was put here already.
      const late = Math.min(count, -off);
      this.#append(samples.subarray(late * CHANNELS));
      return;
    }
    this.#append(samples);
  }

  /** Fills with silence up to `at`: the publisher sends no sound, or stopped to. */
  fill(at: number): void {
    if (this.#closed) return;
    this.#begin(at);
    const missing = at - (this.end ?? at);
    if (missing > 0) this.#silence(missing);
  }

  /** What comes next begins anew at its own place: nothing is filled up to there. */
  restart(): void {
    this.#at = undefined;
    this.#filled = 0;
    this.#encoder?.freeContext();
    this.#encoder = undefined;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.restart();
    this.#frame.free();
    this.#packet.free();
    this.#decoder.freeContext();
  }

  #begin(at: number): void {
    if (this.#at !== undefined && at - (this.end ?? at) > SILENCE_SAMPLES_MAX) this.restart();
    this.#at ??= at;
  }

  #silence(count: number): void {
    const silence = new Float32Array(AAC_SAMPLES * CHANNELS);
    for (let left = count; left > 0; left -= AAC_SAMPLES)
      this.#append(silence.subarray(0, Math.min(left, AAC_SAMPLES) * CHANNELS));
  }

  #append(samples: Float32Array): void {
    for (let from = 0; from < samples.length; ) {
      const room = AAC_SAMPLES * CHANNELS - this.#filled * CHANNELS;
      const taken = Math.min(room, samples.length - from);
      this.#waiting.set(samples.subarray(from, from + taken), this.#filled * CHANNELS);
      this.#filled += taken / CHANNELS;
      from += taken;
      if (this.#filled === AAC_SAMPLES) this.#encode();
    }
  }

  #encode(): void {
    const at = this.#at ?? 0;
    this.#at = at + AAC_SAMPLES;
    this.#filled = 0;
    this.#encoder ??= openEncoder();
    const planes = new Float32Array(AAC_SAMPLES * CHANNELS);
    for (let i = 0; i < AAC_SAMPLES; i += 1) {
      planes[i] = this.#waiting[i * 2]!;
      planes[AAC_SAMPLES + i] = this.#waiting[i * 2 + 1]!;
    }
    const frame = Frame.fromAudioBuffer(Buffer.from(planes.buffer), {
      nbSamples: AAC_SAMPLES,
      format: AV_SAMPLE_FMT_FLTP,
      sampleRate: SOUND_RATE,
      channelLayout: AV_CHANNEL_LAYOUT_STEREO,
      timeBase: new Rational(1, SOUND_RATE),
    });
    try {
      frame.pts = BigInt(at);
      check(this.#encoder.sendFrameSync(frame), 'encode sound');
    } finally {
      frame.free();
    }
    while (this.#encoder.receivePacketSync(this.#packet) >= 0) {
      // The encoder's times count its own delay in: the first packet stands before the first sample.
      const packetAt = Number(this.#packet.pts);
      const data = Buffer.from(this.#packet.data ?? []);
      this.#packet.unref();
      if (packetAt >= 0) this.#emit({ at: packetAt, data });
    }
  }

  #decode(data: Buffer): Float32Array | undefined {
    this.#packet.data = data;
    const sent = this.#decoder.sendPacketSync(this.#packet);
    this.#packet.unref();
    if (sent < 0 || this.#decoder.receiveFrameSync(this.#frame) < 0) return undefined;
    try {
      return interleaved(this.#frame);
    } finally {
      this.#frame.unref();
    }
  }
}

function openEncoder(): CodecContext {
  const codec = Codec.findEncoder(AV_CODEC_ID_AAC);
  if (!codec) throw new Error('FFmpeg has no AAC encoder.');
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.sampleRate = SOUND_RATE;
  encoder.channelLayout = AV_CHANNEL_LAYOUT_STEREO;
  encoder.sampleFormat = AV_SAMPLE_FMT_FLTP;
  encoder.timeBase = new Rational(1, SOUND_RATE);
  encoder.bitRate = BigInt(BITS_PER_SECOND);
  encoder.threadCount = 1;
  // The faster of its two searches: the slower one costs three times as much for speech that nobody can tell apart.
  encoder.setOption('aac_coder', 'fast');
  check(encoder.open2Sync(codec), 'open the AAC encoder');
  return encoder;
}

/** Stereo samples, -1..1, whatever form the decoder gives. */
function interleaved(frame: Frame): Float32Array {
  const count = frame.nbSamples;
  const planes = frame.data ?? [];
  const out = new Float32Array(count * CHANNELS);
  if (frame.format === AV_SAMPLE_FMT_FLTP) {
    const left = floats(planes[0], count);
    const right = floats(planes[1] ?? planes[0], count);
    for (let i = 0; i < count; i += 1) {
      out[i * 2] = left[i]!;
      out[i * 2 + 1] = right[i]!;
    }
  } else if (frame.format === AV_SAMPLE_FMT_FLT) out.set(floats(planes[0], count * CHANNELS));
  else {
    const plane = planes[0];
    for (let i = 0; plane && i < count * CHANNELS; i += 1)
      out[i] = plane.readInt16LE(i * 2) / 32768;
  }
  return out;
}

function floats(plane: Buffer | undefined, count: number): Float32Array {
  const samples = new Float32Array(count);
  for (let i = 0; plane && i < count; i += 1) samples[i] = plane.readFloatLE(i * 4);
  return samples;
}

function check(code: number, what: string): void {
  if (code < 0) throw new Error(`The packager can't ${what} (FFmpeg error ${code}).`);
}
