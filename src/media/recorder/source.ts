// Files that recorded packets are read from: the parts of a recording, also one that still grows, and the joined file.
// Finding and opening only. The rule: a file that can't be read is left out, never an exception; a killed process may
// have left anything.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stream } from 'node-av';
import { AVMEDIA_TYPE_AUDIO, AVMEDIA_TYPE_VIDEO, FormatContext } from 'node-av';
import type { Recording } from '../media-plane.ts';

/** A file of packets whose first picture stands at `startedAtMs` on the server's clock. */
export type SourceFile = { path: string; startedAtMs: number };

/** A source that is open. Close its input. */
export type Source = SourceFile & {
  input: FormatContext;
  video: Stream | undefined;
  audio: Stream | undefined;
};

/** What the finished recording is, beside it. */
export const RECORD_NAME = 'recording.json';

/** The parts in a show's folder, in order of time; none when there is no folder. */
export function partsIn(folder: string): SourceFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => /^part-(\d{1,16})\.mkv$/.exec(name))
    .filter((match) => match !== null)
    .map((match) => ({ path: join(folder, match[0]), startedAtMs: Number(match[1]) }))
    .sort((a, b) => a.startedAtMs - b.startedAtMs);
}

/** The finished recording of a folder; null when there is none, or its file is gone. */
export function recordIn(folder: string): Recording | null {
  try {
    const recording = JSON.parse(readFileSync(join(folder, RECORD_NAME), 'utf8')) as Recording;
    return existsSync(recording.path) ? recording : null;
  } catch {
    return null;
  }
}

/** Opens a source; null when nothing can be read of it. */
export async function openSource(file: SourceFile): Promise<Source | null> {
  const input = new FormatContext();
  if ((await input.openInput(file.path)) < 0) return null;
  if ((await input.findStreamInfo()) < 0) {
    await input.closeInput();
    return null;
  }
  const ofType = (type: number) => input.streams.find((each) => each.codecpar.codecType === type);
  return { ...file, input, video: ofType(AVMEDIA_TYPE_VIDEO), audio: ofType(AVMEDIA_TYPE_AUDIO) };
}
