// A clip: some seconds or minutes of a show as a file of its own, cut from the parts while they grow or from the joined
// file, without encoding anything again. Since a picture can only be decoded from a key frame on, an MP4 holds what came
// since the key frame before and an edit list that hides it; a WebM begins at that key frame, and `leadMs` says by how
// much. The rule: cutting reads and never writes what it cuts from.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AV_CODEC_ID_H264, AVSEEK_FLAG_BACKWARD, Packet } from 'node-av';
import type { ClipFile, ClipWish } from '../media-plane.ts';
import { CopiedFile, millisecondsOf } from './copied-file.ts';
import { fileJpeg } from './picture.ts';
import { openSource, partsIn, recordIn, type Source, type SourceFile } from './source.ts';

/** A clip with less than this in it shows nothing. */
const CLIP_MS_MIN = 500;
/** Between two pictures there are a few sounds; further on there is no picture. */
const PACKETS_LOOKED_AT = 2000;

/** Cuts a clip into the folder's `clips`. Null when nothing was recorded then. Doing it again gives the same file. */
export async function cutClip(folder: string, wish: ClipWish): Promise<ClipFile | null> {
  const sources: Source[] = [];
  try {
    for (const file of filesFor(folder, wish)) {
      const source = await openSource(file);
      if (source?.video) sources.push(source);
      else await source?.input.closeInput();
    }
    const starts: { source: Source; keyMs: number }[] = [];
    for (const source of sources) {
      const keyMs = await seekKey(source, wish.fromMs);
      if (keyMs !== null && keyMs < wish.toMs) starts.push({ source, keyMs });
    }
    const first = starts[0];
    return first ? await write(folder, wish, starts, first.keyMs) : null;
  } finally {
    for (const source of sources) await source.input.closeInput();
  }
}

/** The files that may hold something of the time: parts while there are any, else the joined file. */
function filesFor(folder: string, { fromMs, toMs }: ClipWish): SourceFile[] {
  const parts = partsIn(folder);
  if (parts.length > 0) {
    return parts.filter(({ startedAtMs }, index) => {
      const next = parts[index + 1];
      return startedAtMs < toMs && (!next || next.startedAtMs > fromMs);
    });
  }
  const record = recordIn(folder);
  return record ? [{ path: record.path, startedAtMs: record.startedAtMs }] : [];
}

/** Puts a source to the key frame at or before a time; gives where that stands on the server's clock. */
async function seekKey(source: Source, atMs: number): Promise<number | null> {
  const { input, video, startedAtMs } = source;
  if (!video) return null;
  const { num, den } = video.timeBase;
  const ticks = BigInt(Math.round((Math.max(0, atMs - startedAtMs) * den) / (1000 * num)));
  const seek = () => input.seekFrame(video.index, ticks, AVSEEK_FLAG_BACKWARD);
  if ((await seek()) < 0) return null;
  const packet = new Packet();
  packet.alloc();
  try {
    for (let n = 0; n < PACKETS_LOOKED_AT && (await input.readFrame(packet)) >= 0; n += 1) {
      const isMine = packet.streamIndex === video.index;
      const keyMs = isMine ? startedAtMs + millisecondsOf(packet.pts, video) : 0;
      packet.unref();
      // Back to where the file begins to be copied.
      if (isMine) return (await seek()) < 0 ? null : keyMs;
    }
    return null;
  } finally {
    packet.free();
  }
}

async function write(
  folder: string,
  { clipId, fromMs, toMs }: ClipWish,
  starts: readonly { source: Source; keyMs: number }[],
  keyMs: number,
): Promise<ClipFile | null> {
  const { video, audio } = starts[0]!.source;
  if (!video) return null;
  // A host who came later than the clip's beginning begins it.
  const startedAtMs = Math.max(fromMs, keyMs);
  const isMp4 = video.codecpar.codecId === AV_CODEC_ID_H264;
  const originMs = isMp4 ? startedAtMs : keyMs;
  mkdirSync(join(folder, 'clips'), { recursive: true });
  const base = join(folder, 'clips', clipId);
  const file = await CopiedFile.begin(base, video, audio);
  let bytes: number;
  try {
    for (const { source } of starts) {
      await file.copy(source, {
        offsetMs: source.startedAtMs - originMs,
        fromMs: keyMs - originMs,
        soundFromMs: startedAtMs - originMs,
        untilMs: toMs - originMs,
      });
    }
    if (file.durationMs - (startedAtMs - originMs) < CLIP_MS_MIN) {
      file.abandon();
      return null;
    }
    bytes = await file.finish();
  } catch (fault) {
    file.abandon();
    throw fault;
  }
  const leadMs = Math.round(startedAtMs - originMs);
  const durationMs = Math.round(file.durationMs) - leadMs;
  const poster = await fileJpeg(file.path, leadMs + durationMs / 2);
  if (poster) writeFileSync(`${base}.jpg`, poster);
  return {
    path: file.path,
    contentType: isMp4 ? 'video/mp4' : 'video/webm',
    bytes,
    startedAtMs: Math.round(startedAtMs),
    durationMs,
    leadMs,
    posterPath: poster ? `${base}.jpg` : null,
  };
}
