// From the parts of a recording to one file that any player seeks in by range requests, with a poster and small pictures
// for its time line. Also reads parts that a killed process left. The rules: parts stay until the file is whole under its
// final name, and doing it twice gives the same.

import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording } from '../media-plane.ts';
import { CopiedFile } from './copied-file.ts';
import { fileJpeg } from './picture.ts';
import { makePreviews } from './previews.ts';
import {
  openSource,
  partsIn,
  RECORD_NAME,
  recordIn,
  type Source,
  type SourceFile,
} from './source.ts';

/** The poster shows a moment after the host has settled. */
const POSTER_AT_MS = 4000;

/** Joins all parts in the folder. Null when there is nothing to join and nothing was joined before. */
export async function finishRecording(folder: string): Promise<Recording | null> {
  const parts = partsIn(folder);
  const joined = parts.length > 0 ? await joinParts(folder, parts) : null;
  if (joined) {
    const text = JSON.stringify(joined, null, 2);
    writeFileSync(join(folder, `${RECORD_NAME}.tmp`), text);
    renameSync(join(folder, `${RECORD_NAME}.tmp`), join(folder, RECORD_NAME));
  }
  // Kept when nothing could be read of them: a person may know more.
  if (joined) for (const part of parts) rmSync(part.path, { force: true });
  return joined ?? recordIn(folder);
}

async function joinParts(folder: string, parts: readonly SourceFile[]): Promise<Recording | null> {
  const sources: Source[] = [];
  try {
    for (const part of parts) {
      const source = await openSource(part);
      if (source) sources.push(source);
    }
    const video = sources.find((source) => source.video)?.video;
    const audio = sources.find((source) => source.audio)?.audio;
    const first = sources[0];
    if (!first || (!video && !audio)) return null;
    const base = join(folder, `recording-${first.startedAtMs}`);
    const file = await CopiedFile.begin(base, video, audio);
    let bytes: number;
    try {
      for (const source of sources)
        await file.copy(source, { offsetMs: source.startedAtMs - first.startedAtMs });
      bytes = await file.finish();
    } catch (fault) {
      file.abandon();
      throw fault;
    }
    const durationMs = Math.round(file.durationMs);
    const poster = video ? await fileJpeg(file.path, Math.min(POSTER_AT_MS, durationMs / 2)) : null;
    if (poster) writeFileSync(`${base}.jpg`, poster);
    return {
      path: file.path,
      contentType: file.isMp4 ? 'video/mp4' : 'video/webm',
      bytes,
      durationMs,
      startedAtMs: first.startedAtMs,
      posterPath: poster ? `${base}.jpg` : null,
      previews: video ? await makePreviews(file.path, `${base}.previews.jpg`, durationMs) : null,
      width: video?.codecpar.width ?? 0,
      height: video?.codecpar.height ?? 0,
    };
  } finally {
    for (const source of sources) await source.input.closeInput();
  }
}
