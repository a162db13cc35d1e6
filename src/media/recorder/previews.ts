// The small pictures of a recording's time line, all in one JPEG: what a finger on the scrubber sees. Made from key
// frames alone. The rule: their number doesn't grow with the show, so neither does what they cost.

import { writeFileSync } from 'node:fs';
import type { Frame } from 'node-av';
import {
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
  Frame as AvFrame,
  Codec,
  CodecContext,
  FormatContext,
  Packet,
} from 'node-av';
import sharp from 'sharp';
import type { Previews } from '../media-plane.ts';
import { smallRgb } from './picture.ts';

/** One for each 10 s of a show of 20 minutes; of a longer one further apart. */
const PICTURES_MAX = 120;
const EVERY_MS_MIN = 2000;
const COLUMNS = 10;
/** The longer side. */
const PIXELS = 160;
const QUALITY = 60;

/** Makes the pictures of a finished file; null when none could be decoded. */
export async function makePreviews(
  path: string,
  previewsPath: string,
  durationMs: number,
): Promise<Previews | null> {
  const everyMs = Math.max(EVERY_MS_MIN, Math.ceil(durationMs / PICTURES_MAX));
  const count = Math.max(1, Math.min(PICTURES_MAX, Math.ceil(durationMs / everyMs)));
  const pictures = await keyPictures(path, count, everyMs);
  const first = pictures.find((picture) => picture !== null);
  if (!first) return null;
  const { width, height } = first;
  const rows = Math.ceil(count / COLUMNS);
  const columns = Math.min(COLUMNS, count);
  const sheet = sharp({
    create: {
      width: columns * width,
      height: rows * height,
      channels: 3,
      background: { r: 0, g: 0, b: 0 },
    },
  });
  let last = first;
  const places = pictures.map((picture, index) => {
    // A gap shows what was there before it.
    last = picture ?? last;
    return {
      input: last.data,
      raw: { width, height, channels: 3 as const },
      left: (index % COLUMNS) * width,
      top: Math.floor(index / COLUMNS) * height,
    };
  });
  writeFileSync(previewsPath, await sheet.composite(places).jpeg({ quality: QUALITY }).toBuffer());
  return { path: previewsPath, everyMs, count, columns, width, height };
}

type Small = { data: Buffer; width: number; height: number };

/** The picture of the key frame at or before each of `count` moments, `everyMs` apart. */
async function keyPictures(
  path: string,
  count: number,
  everyMs: number,
): Promise<(Small | null)[]> {
  const input = new FormatContext();
  const packet = new Packet();
  const frame = new AvFrame();
  const context = new CodecContext();
  packet.alloc();
  frame.alloc();
  const pictures: (Small | null)[] = [];
  try {
    if ((await input.openInput(path)) < 0 || (await input.findStreamInfo()) < 0) return [];
    const stream = input.streams.find((each) => each.codecpar.codecType === AVMEDIA_TYPE_VIDEO);
    const codec = stream && Codec.findDecoder(stream.codecpar.codecId);
    if (!stream || !codec) return [];
    context.allocContext3(codec);
    context.parametersToContext(stream.codecpar);
    context.threadCount = 1;
    if (context.open2Sync(codec) < 0) return [];
    let size: { width: number; height: number } | null = null;
    let lastPts: bigint | null = null;
    for (let index = 0; index < count; index += 1) {
      const ticks = Math.round(
        (index * everyMs * stream.timeBase.den) / (1000 * stream.timeBase.num),
      );
      let small: Small | null = null;
      await input.seekFrame(stream.index, BigInt(ticks), AVSEEK_FLAG_BACKWARD);
      for (let tries = 0; tries < 200 && input.readFrameSync(packet) >= 0; tries += 1) {
        const isMine = packet.streamIndex === stream.index;
        const isSame = isMine && packet.pts === lastPts;
        if (isMine) lastPts = packet.pts;
        const isSent = isMine && !isSame && context.sendPacketSync(packet) >= 0;
        packet.unref();
        if (isSame) break;
        if (!isSent) continue;
        context.sendPacketSync(null);
        if (context.receiveFrameSync(frame) >= 0) {
          size ??= fitted(frame);
          small = await smallRgb(frame, size);
        }
        context.flushBuffers();
        break;
      }
      pictures.push(small);
    }
    return pictures;
  } finally {
    frame.free();
    context.freeContext();
    packet.free();
    await input.closeInput();
  }
}

function fitted({ width, height }: Frame): { width: number; height: number } {
  const scale = PIXELS / Math.max(width, height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}
