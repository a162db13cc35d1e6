// Where the files of recordings and clips lie: in the folder that the recorder writes to, and, where the shop has an
// object store, there once they are whole. Moving and deleting only. The rule: a file leaves this machine when the store
// has all of it, and what is removed is removed in both places.

import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteRange, ObjectStore, StoredPart } from '../gateways/object-store.ts';

/** Finished files; a part, a temporary file or the recorder's own notes stay where they are. */
const finished = /\.(mp4|webm|jpg)$/;
/** Clips of a show's last minute may still be cut from its recording when that is uploaded; posters from a clip. */
const recordingStaysMs = 10 * 60_000;
const staysMs = 15_000;

const typeOf = (name: string): string =>
  name.endsWith('.jpg') ? 'image/jpeg' : name.endsWith('.webm') ? 'video/webm' : 'video/mp4';

/** What one look at a show's folder did. */
export type Moved = { readonly moved: number; readonly waiting: number };

export class KeptFiles {
  readonly #folder: string;
  readonly #store: ObjectStore | null;
  readonly #nowMs: () => number;

  constructor(folder: string, store: ObjectStore | null, nowMs: () => number) {
    this.#folder = folder;
    this.#store = store;
    this.#nowMs = nowMs;
  }

  /** Whether files go on to an object store. */
  get hasStore(): boolean {
    return this.#store !== null;
  }

  /** A file of the recordings' folder by its path below it, when it lies in the object store and not here. */
  async remote(path: string, range: ByteRange | null): Promise<StoredPart | 'outside' | null> {
    if (!this.#store || !finished.test(path) || existsSync(join(this.#folder, path))) return null;
    return this.#store.get(keyOf(path), range);
  }

  /** Moves what is finished in a show's folder to the store; null for every show. Does nothing without a store. */
  async move(showId: string | null): Promise<Moved> {
    const store = this.#store;
    const sum = { moved: 0, waiting: 0 };
    if (!store) return sum;
    for (const folder of showId === null ? await names(this.#folder) : [showId]) {
      for (const path of await this.#finishedIn(folder)) {
        const local = join(this.#folder, path);
        const { size, mtimeMs } = await stat(local);
        const key = keyOf(path);
        if ((await store.bytesOf(key)) !== size) await store.put(key, local, typeOf(path));
        if ((await store.bytesOf(key)) !== size)
          throw new Error(`${key} is not whole in the store`);
        const isRecording = /\/recording-\d+\.(mp4|webm)$/.test(path);
        if (this.#nowMs() - mtimeMs < (isRecording ? recordingStaysMs : staysMs)) {
          sum.waiting += 1;
          continue;
        }
        await rm(local, { force: true });
        sum.moved += 1;
      }
    }
    return sum;
  }

  /** Deletes a show's recording, its poster and small pictures, and what it was made of; clips stay. */
  async removeRecording(showId: string): Promise<void> {
    for (const name of await names(join(this.#folder, showId)))
      if (/^(recording|part)[-.]/.test(name))
        await rm(join(this.#folder, showId, name), { force: true });
    await this.#removeKeys(`${keyOf(showId)}/recording-`);
  }

  async removeClip(showId: string, clipId: string): Promise<void> {
    for (const name of await names(join(this.#folder, showId, 'clips')))
      if (name.startsWith(`${clipId}.`))
        await rm(join(this.#folder, showId, 'clips', name), { force: true });
    await this.#removeKeys(`${keyOf(showId)}/clips/${clipId}.`);
  }

  async #removeKeys(prefix: string): Promise<void> {
    for (const key of (await this.#store?.list(prefix, 100)) ?? []) await this.#store?.remove(key);
  }

  async #finishedIn(show: string): Promise<string[]> {
    const own = await names(join(this.#folder, show));
    const clips = own.includes('clips') ? await names(join(this.#folder, show, 'clips')) : [];
    return [
      ...own.filter((name) => finished.test(name)).map((name) => `${show}/${name}`),
      ...clips.filter((name) => finished.test(name)).map((name) => `${show}/clips/${name}`),
    ];
  }
}

const keyOf = (path: string): string => `recordings/${path}`;

const names = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
