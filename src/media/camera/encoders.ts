// Pictures to H.264 and sound to Opus, for the synthetic camera alone: what people publish is never encoded again. A
// thin skin over FFmpeg's libx264 and libopus, tuned for live WebRTC. The rule: one picture in, one access unit out, at
// once, parameter sets in band.

import {
  AV_CHANNEL_LAYOUT_STEREO,
  AV_LOG_ERROR,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AV_SAMPLE_FMT_FLT,
  Codec,
  CodecContext,
  FF_ENCODER_LIBOPUS,
  FF_ENCODER_LIBX264,
  Frame,
  Log,
  Packet,
  Rational,
} from 'node-av';

// libx264 would tell its life on every start.
Log.setLevel(AV_LOG_ERROR);

/** How pictures are encoded. */
export type PictureEncoderOptions = {
  width: number;
  height: number;
  framesPerSecond: number;
  bitsPerSecond: number;
  /** Pictures from key frame to key frame. */
  keyFrameEvery: number;
  /** `ultrafast` for live encoding, `medium` for a loop that is encoded once. */
  preset: 'ultrafast' | 'veryfast' | 'medium';
};

/** Encodes pictures in planar YUV 4:2:0 (I420). */
export class PictureEncoder {
  readonly #options: PictureEncoderOptions;
  readonly #context = new CodecContext();
  readonly #packet = new Packet();
  #count = 0;

  constructor(options: PictureEncoderOptions) {
    this.#options = options;
    const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
    if (!codec) throw new Error('FFmpeg has no libx264');
    const context = this.#context;
    context.allocContext3(codec);
    context.width = options.width;
    context.height = options.height;
    context.pixelFormat = AV_PIX_FMT_YUV420P;
    context.timeBase = new Rational(1, options.framesPerSecond);
    context.framerate = new Rational(options.framesPerSecond, 1);
    context.bitRate = BigInt(options.bitsPerSecond);
    context.rcMaxRate = BigInt(Math.round(options.bitsPerSecond * 1.15));
    context.rcBufferSize = Math.round(options.bitsPerSecond * 0.6);
    context.gopSize = options.keyFrameEvery;
    context.maxBFrames = 0;
    context.threadCount = 1;
    // As single options, since a dictionary handed to `open2` is freed twice (node-av 6.1.1).
    context.setOption('preset', options.preset);
    context.setOption('tune', 'zerolatency');
    context.setOption('profile', 'baseline');
    context.setOption('forced-idr', '1');
    context.setOption(
      'x264-params',
      `scenecut=0:keyint=${options.keyFrameEvery}:min-keyint=1:sliced-threads=0:annexb=1`,
    );
    const code = context.open2Sync(codec);
    if (code < 0) throw new Error(`libx264 can't be opened (FFmpeg error ${code})`);
    this.#packet.alloc();
  }

  /** Encodes one picture. */
  encode(picture: Buffer, key: boolean): Buffer {
    const { width, height } = this.#options;
    const frame = Frame.fromVideoBuffer(picture, { width, height, format: AV_PIX_FMT_YUV420P });
    try {
      frame.pts = BigInt(this.#count++);
      frame.pictType = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
      if (this.#context.sendFrameSync(frame) < 0) throw new Error('libx264 refused a picture');
      if (this.#context.receivePacketSync(this.#packet) < 0)
        throw new Error('libx264 gave nothing');
      const unit = Buffer.from(this.#packet.data ?? []);
      this.#packet.unref();
      return unit;
    } finally {
      frame.free();
    }
  }

  close(): void {
    this.#packet.free();
    this.#context.freeContext();
  }
}

/** Samples of one Opus packet: 20 ms at 48 kHz. */
export const OPUS_SAMPLES = 960;

/** Encodes interleaved stereo sound, 960 samples a channel at a time. */
export class SoundEncoder {
  readonly #context = new CodecContext();
  readonly #packet = new Packet();
  #count = 0n;

  constructor(bitsPerSecond: number) {
    const codec = Codec.findEncoderByName(FF_ENCODER_LIBOPUS);
    if (!codec) throw new Error('FFmpeg has no libopus');
    const context = this.#context;
    context.allocContext3(codec);
    context.sampleRate = 48_000;
    context.channelLayout = AV_CHANNEL_LAYOUT_STEREO;
    context.sampleFormat = AV_SAMPLE_FMT_FLT;
    context.timeBase = new Rational(1, 48_000);
    context.bitRate = BigInt(bitsPerSecond);
    context.setOption('application', 'audio');
    context.setOption('frame_duration', '20');
    const code = context.open2Sync(codec);
    if (code < 0) throw new Error(`libopus can't be opened (FFmpeg error ${code})`);
    this.#packet.alloc();
  }

  /** Encodes 20 ms. */
  encode(samples: Float32Array): Buffer {
    const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
    const frame = Frame.fromAudioBuffer(bytes, {
      nbSamples: OPUS_SAMPLES,
      format: AV_SAMPLE_FMT_FLT,
      sampleRate: 48_000,
      channelLayout: AV_CHANNEL_LAYOUT_STEREO,
    });
    try {
      frame.pts = this.#count;
      this.#count += BigInt(OPUS_SAMPLES);
      if (this.#context.sendFrameSync(frame) < 0) throw new Error('libopus refused sound');
      if (this.#context.receivePacketSync(this.#packet) < 0)
        throw new Error('libopus gave nothing');
      const packet = Buffer.from(this.#packet.data ?? []);
      this.#packet.unref();
      return packet;
    } finally {
      frame.free();
    }
  }

  close(): void {
    this.#packet.free();
    this.#context.freeContext();
  }
}
