// Pictures that WebRTC can't show as they come (B-frames, 4:2:2, 10 bit) are decoded and encoded again, on FFmpeg's
// threads and not on the event loop. The rule: what waits to be remade is bounded; a machine that doesn't keep up loses
// pictures, never the show. An encoder's next key picture may be eight seconds away (OBS as it comes), so that pictures
// are left out one by one as long as that helps.

import {
  AV_CODEC_ID_H264,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  Codec,
  CodecContext,
  FF_ENCODER_LIBX264,
  Frame,
  Packet,
  Rational,
  SoftwareScaleContext,
} from 'node-av';

/** Some five seconds, at most 8 MB: beyond it only the next key picture helps. */
const WAITING_PICTURES_MAX = 150;
/** With half a second waiting, pictures are decoded and not encoded, which takes a third of the time. */
const LATE_PICTURES = 15;
/** The longer side of a remade picture: 720p costs a third of a core at 30 pictures a second. */
const SIDE_MAX = 1280;
const KEY_EVERY_MS = 2000;

/** A picture that was made again, in Annex B form with its parameter sets. */
export type RemadePicture = { readonly timestampMs: number; readonly unit: Buffer };

export type RemadePictureOptions = {
  /** Parameter sets in Annex B form. */
  readonly parameterSets: Buffer;
  readonly width: number;
  readonly height: number;
  readonly bitsPerSecond: number;
  readonly onPicture: (picture: RemadePicture) => void;
};

type Waiting = { readonly unit: Buffer; readonly shownAtMs: number };

/** One publication's pictures. Throws at making when FFmpeg can't. */
export class RemadePictures {
  readonly #options: RemadePictureOptions;
  readonly #decoder = new CodecContext();
  readonly #encoder = new CodecContext();
  readonly #packet = new Packet();
  readonly #made = new Packet();
  readonly #frame = new Frame();
  readonly #scaled = new Frame();
  readonly #waiting: Waiting[] = [];
  readonly width: number;
  readonly height: number;
  #scaler: SoftwareScaleContext | undefined;
  #scaledFrom = '';
  #working = false;
  #closed = false;
  #freed = false;
  #skipping = false;
  #keyWanted = true;
  #keyAtMs = -Infinity;
  #lastMs = -Infinity;

  constructor(options: RemadePictureOptions) {
    this.#options = options;
    const scale = Math.min(1, SIDE_MAX / Math.max(options.width, options.height));
    this.width = Math.floor((options.width * scale) / 2) * 2;
    this.height = Math.floor((options.height * scale) / 2) * 2;
    this.#openDecoder();
    this.#openEncoder();
    this.#packet.alloc();
    this.#made.alloc();
    this.#frame.alloc();
    this.#scaled.alloc();
  }

  /** Pictures that wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Takes a picture in the order of decoding; `shownAtMs` is when it is shown. */
  take(unit: Buffer, key: boolean, shownAtMs: number): void {
    if (this.#closed) return;
    if (this.#waiting.length >= WAITING_PICTURES_MAX) {
      this.#waiting.length = 0;
      this.#skipping = true;
    }
    if (this.#skipping && !key) return;
    this.#skipping = false;
    this.#waiting.push({ unit, shownAtMs });
    if (!this.#working) void this.#work();
  }

  /** The next picture is to be a key picture: somebody came or lost the thread. */
  requestKey(): void {
    this.#keyWanted = true;
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    if (!this.#working) this.#free();
  }

  async #work(): Promise<void> {
    this.#working = true;
    try {
      for (let next = this.#waiting.shift(); next && !this.#closed; next = this.#waiting.shift())
        await this.#remake(next);
    } catch {
      // A damaged picture: the next key picture goes on.
      this.#skipping = true;
    } finally {
      this.#working = false;
      if (this.#closed) this.#free();
    }
  }

  async #remake({ unit, shownAtMs }: Waiting): Promise<void> {
    this.#packet.data = unit;
    this.#packet.pts = BigInt(Math.round(shownAtMs));
    const sent = await this.#decoder.sendPacket(this.#packet);
    this.#packet.unref();
    if (sent < 0) return;
    while ((await this.#decoder.receiveFrame(this.#frame)) >= 0) {
      const timestampMs = Number(this.#frame.pts);
      // Never back in time: a player would throw it away.
      if (timestampMs > this.#lastMs) {
        this.#lastMs = timestampMs;
        if (this.#keyWanted || this.#waiting.length <= LATE_PICTURES)
          await this.#encode(timestampMs);
      }
      this.#frame.unref();
    }
  }

  async #encode(timestampMs: number): Promise<void> {
    const frame = await this.#fitting();
    const key = this.#keyWanted || timestampMs - this.#keyAtMs >= KEY_EVERY_MS;
    if (key) {
      this.#keyWanted = false;
      this.#keyAtMs = timestampMs;
    }
    frame.pts = BigInt(timestampMs);
    frame.pictType = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    const sent = await this.#encoder.sendFrame(frame);
    if (frame === this.#scaled) frame.unref();
    if (sent < 0) return;
    while ((await this.#encoder.receivePacket(this.#made)) >= 0) {
      const unit = Buffer.from(this.#made.data ?? []);
      const madeMs = Number(this.#made.pts);
      this.#made.unref();
      if (!this.#closed && unit.length > 0) this.#options.onPicture({ timestampMs: madeMs, unit });
    }
  }

  async #fitting(): Promise<Frame> {
    const { width, height, format } = this.#frame;
    if (width === this.width && height === this.height && format === AV_PIX_FMT_YUV420P)
      return this.#frame;
    const from = `${width} ${height} ${format}`;
    if (from !== this.#scaledFrom) {
      this.#scaler?.freeContext();
      this.#scaler = new SoftwareScaleContext();
      this.#scaler.getContext(
        width,
        height,
        format as Parameters<SoftwareScaleContext['getContext']>[2],
        this.width,
        this.height,
        AV_PIX_FMT_YUV420P,
      );
      this.#scaledFrom = from;
    }
    const scaled = this.#scaled;
    scaled.format = AV_PIX_FMT_YUV420P;
    scaled.width = this.width;
    scaled.height = this.height;
    if (scaled.getBuffer() < 0) throw new Error('no memory for a picture');
    const code = (await this.#scaler?.scaleFrame(scaled, this.#frame)) ?? -1;
    // What stands beside the picture goes with it: its captions.
    scaled.copyProps(this.#frame);
    if (code < 0) throw new Error(`a picture can't be scaled (FFmpeg error ${code})`);
    return scaled;
  }

  #openDecoder(): void {
    const codec = Codec.findDecoder(AV_CODEC_ID_H264);
    if (!codec) throw new Error('FFmpeg has no H.264 decoder');
    this.#decoder.allocContext3(codec);
    this.#decoder.extraData = Buffer.from(this.#options.parameterSets);
    // Threads of whole pictures would hold as many pictures back.
    this.#decoder.threadCount = 1;
    const code = this.#decoder.open2Sync(codec);
    if (code < 0) throw new Error(`this H.264 can't be read (FFmpeg error ${code})`);
  }

  #openEncoder(): void {
    const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
    if (!codec) throw new Error('FFmpeg has no libx264');
    const encoder = this.#encoder;
    const { bitsPerSecond } = this.#options;
    encoder.allocContext3(codec);
    encoder.width = this.width;
    encoder.height = this.height;
    encoder.pixelFormat = AV_PIX_FMT_YUV420P;
    encoder.timeBase = new Rational(1, 1000);
    encoder.framerate = new Rational(30, 1);
    encoder.bitRate = BigInt(bitsPerSecond);
    encoder.rcMaxRate = BigInt(Math.round(bitsPerSecond * 1.15));
    encoder.rcBufferSize = bitsPerSecond;
    encoder.gopSize = 600;
    encoder.maxBFrames = 0;
    encoder.threadCount = 1;
    encoder.setOption('preset', 'ultrafast');
    encoder.setOption('tune', 'zerolatency');
    encoder.setOption('profile', 'baseline');
    encoder.setOption('forced-idr', '1');
    encoder.setOption('x264-params', 'scenecut=0:sliced-threads=0:annexb=1:force-cfr=0');
    const code = encoder.open2Sync(codec);
    if (code < 0) throw new Error(`libx264 can't be opened (FFmpeg error ${code})`);
  }

  #free(): void {
    if (this.#freed) return;
    this.#freed = true;
    this.#packet.free();
    this.#made.free();
    this.#frame.free();
    this.#scaled.free();
    this.#decoder.freeContext();
    this.#encoder.freeContext();
    this.#scaler?.freeContext();
  }
}
