// Pictures out of video: one key frame, or one moment of a file, as a JPEG, and the size of a key frame. For posters
// and file headers only. The rule: a picture that can't be decoded is null, never an exception; it comes from outside.

import type { AVPixelFormat } from 'node-av';
import {
  AV_CODEC_ID_H264,
  AV_CODEC_ID_VP8,
  AV_PIX_FMT_RGB24,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
  Codec,
  CodecContext,
  FormatContext,
  Frame,
  Packet,
  SoftwareScaleContext,
} from 'node-av';
import sharp, { type Sharp } from 'sharp';
import type { Poster } from '../media-plane.ts';
import type { VideoCodec } from '../messages.ts';

/** The longer side of a poster: enough for a social preview (1200 px), small enough for a list. */
const POSTER_PIXELS_MAX = 1280;
const QUALITY = 82;

/**
 * The upright poster: the middle 9 : 16 of the picture, all that a phone held upright can show of it. 480 pixels wide
 * is a little more than such a screen counts; sharper would be paid for in time on a slow line, for a picture that
 * stands until the video plays.
 */
const UPRIGHT = { width: 480, height: 854 };
const UPRIGHT_QUALITY = 72;

/** The size of a key frame's picture; undefined when it can't be decoded. */
export function pictureSize(
  codec: VideoCodec,
  data: Buffer,
): { width: number; height: number } | undefined {
  return withKeyFrame(codec, data, ({ width, height }) => ({ width, height }));
}

/** A key frame as the two pictures of a poster; null when it can't be decoded. */
export async function keyFramePoster(codec: VideoCodec, data: Buffer): Promise<Poster | null> {
  const rgb = withKeyFrame(codec, data, toRgb);
  if (!rgb) return null;
  const [whole, upright] = await Promise.all([toJpeg(rgb), toUprightJpeg(rgb)]);
  return { whole, upright };
}

/** The picture of a file at about `atMs`, as JPEG; null when there is none. */
export async function fileJpeg(path: string, atMs: number): Promise<Buffer | null> {
  const input = new FormatContext();
  const packet = new Packet();
  packet.alloc();
  const context = new CodecContext();
  const frame = new Frame();
  frame.alloc();
  try {
    if ((await input.openInput(path)) < 0 || (await input.findStreamInfo()) < 0) return null;
    const stream = input.streams.find((each) => each.codecpar.codecType === AVMEDIA_TYPE_VIDEO);
    const codec = stream && Codec.findDecoder(stream.codecpar.codecId);
    if (!stream || !codec) return null;
    context.allocContext3(codec);
    context.parametersToContext(stream.codecpar);
    context.threadCount = 1;
    if (context.open2Sync(codec) < 0) return null;
    const target = BigInt(Math.round((atMs * stream.timeBase.den) / (1000 * stream.timeBase.num)));
    await input.seekFrame(stream.index, target, AVSEEK_FLAG_BACKWARD);
    while ((await input.readFrame(packet)) >= 0) {
      const mine = packet.streamIndex === stream.index;
      const sent = mine && context.sendPacketSync(packet) >= 0;
      packet.unref();
      if (sent && context.receiveFrameSync(frame) >= 0) return await toJpeg(toRgb(frame));
    }
    context.sendPacketSync(null);
    return context.receiveFrameSync(frame) >= 0 ? await toJpeg(toRgb(frame)) : null;
  } catch {
    return null;
  } finally {
    frame.free();
    context.freeContext();
    packet.free();
    await input.closeInput();
  }
}

/** A decoded frame as raw RGB of this size, all of it, whatever its shape. */
export async function smallRgb(
  frame: Frame,
  { width, height }: { width: number; height: number },
): Promise<{ data: Buffer; width: number; height: number }> {
  const data = await withoutPadding(toRgb(frame))
    .resize({ width, height, fit: 'contain', background: { r: 0, g: 0, b: 0 } })
    .raw()
    .toBuffer();
  return { data, width, height };
}

function withKeyFrame<T>(codec: VideoCodec, data: Buffer, use: (frame: Frame) => T): T | undefined {
  const decoder = Codec.findDecoder(codec === 'VP8' ? AV_CODEC_ID_VP8 : AV_CODEC_ID_H264);
  if (!decoder) return undefined;
  const context = new CodecContext();
  const packet = new Packet();
  const frame = new Frame();
  packet.alloc();
  frame.alloc();
  try {
    context.allocContext3(decoder);
    context.threadCount = 1;
    if (context.open2Sync(decoder) < 0) return undefined;
    packet.data = data;
    if (context.sendPacketSync(packet) < 0) return undefined;
    context.sendPacketSync(null);
    return context.receiveFrameSync(frame) >= 0 ? use(frame) : undefined;
  } catch {
    return undefined;
  } finally {
    frame.free();
    packet.free();
    context.freeContext();
  }
}

/** Rows are `rowPixels` long, of which the first `width` are picture. */
type Rgb = { data: Buffer; width: number; height: number; rowPixels: number };

/** The scaler writes whole vectors, up to this many pixels at once, also past the end of a row. */
const VECTOR_PIXELS = 64;

function toRgb(frame: Frame): Rgb {
  const { width, height } = frame;
  const rowPixels = Math.ceil(width / VECTOR_PIXELS) * VECTOR_PIXELS;
  // One row more than the picture has: without it the last row was written past the end of the memory, and the
  // recorder died of it some minutes later.
  const data = Buffer.alloc(rowPixels * (height + 1) * 3);
  const scaler = new SoftwareScaleContext();
  try {
    scaler.getContext(
      width,
      height,
      frame.format as AVPixelFormat,
      width,
      height,
      AV_PIX_FMT_RGB24,
    );
    scaler.scaleSync(frame.data ?? [], frame.linesize, 0, height, [data], [rowPixels * 3]);
  } finally {
    scaler.freeContext();
  }
  return { data, width, height, rowPixels };
}

function toUprightJpeg(rgb: Rgb): Promise<Buffer> {
  return withoutPadding(rgb)
    .resize({ ...UPRIGHT, fit: 'cover' })
    .jpeg({ quality: UPRIGHT_QUALITY })
    .toBuffer();
}

function toJpeg(rgb: Rgb): Promise<Buffer> {
  return withoutPadding(rgb)
    .resize({
      width: POSTER_PIXELS_MAX,
      height: POSTER_PIXELS_MAX,
      fit: 'inside',
      withoutEnlargement: true,
    })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

function withoutPadding({ data, width, height, rowPixels }: Rgb): Sharp {
  return sharp(data.subarray(0, rowPixels * height * 3), {
    raw: { width: rowPixels, height, channels: 3 },
  }).extract({ left: 0, top: 0, width, height });
}
