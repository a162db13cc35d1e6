// Where finished files lie: the interface, and the folder that is the default. The other one, for a bucket, is
// s3-store.ts. Both do the same (object-store.contract.ts). The rule: a key is a path below the store, never out of it.

import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../base/fault.ts';

/** Bytes of a file, both ends included; `to` may lie behind the end. */
export type ByteRange = { readonly from: number; readonly to: number | null };

export type StoredPart = {
  /** Destroy it when it isn't read to the end. */
  readonly body: Readable;
  readonly from: number;
  /** How many bytes come. */
  readonly bytes: number;
  readonly totalBytes: number;
};

/** Every method throws `store-unavailable` when the store can't be asked; then it may be tried again. */
export interface ObjectStore {
  /** Copies a file of this machine under a key. Afterwards it is there whole; doing it again replaces it. */
  put(key: string, path: string, contentType: string): Promise<void>;
  /** Its size; null when it isn't there. */
  bytesOf(key: string): Promise<number | null>;
  /** The file or a part of it; null when it isn't there, `outside` when the range begins behind its end. */
  get(key: string, range: ByteRange | null): Promise<StoredPart | 'outside' | null>;
  /** Also when it isn't there. */
  remove(key: string): Promise<void>;
  /** Keys that begin so, at most `max` and a thousand, in order. */
  list(prefix: string, max: number): Promise<readonly string[]>;
}

const keyPattern = /^[A-Za-z0-9_~-][A-Za-z0-9._~-]*(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/;

/** The key, when it is one. A program error otherwise: keys are made by us. */
export const checkedKey = (key: string): string => {
  if (!keyPattern.test(key) || key.length > 500) throw new Error(`no key of a store: ${key}`);
  return key;
};

/** A folder of this machine as a store. */
export const folderStore = (folder: string): ObjectStore => {
  const pathOf = (key: string) => join(folder, checkedKey(key));
  const sizeOf = async (key: string): Promise<number | null> => {
    const found = await stat(pathOf(key)).catch(absent);
    return found?.isFile() ? found.size : null;
  };
  return {
    async put(key, path, _contentType) {
      const target = pathOf(key);
      await mkdir(dirname(target), { recursive: true });
      await pipeline(createReadStream(path), createWriteStream(`${target}.tmp`));
      await rename(`${target}.tmp`, target);
    },
    bytesOf: sizeOf,
    async get(key, range) {
      const totalBytes = await sizeOf(key);
      if (totalBytes === null) return null;
      const from = range?.from ?? 0;
      if (range && from >= totalBytes) return 'outside';
      const to = Math.min(range?.to ?? totalBytes - 1, totalBytes - 1);
      const body = createReadStream(pathOf(key), { start: from, end: Math.max(from, to) });
      return { body, from, bytes: to - from + 1, totalBytes };
    },
    remove: (key) => rm(pathOf(key), { force: true }),
    async list(prefix, max) {
      const keys: string[] = [];
      const look = async (below: string): Promise<void> => {
        const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(absent);
        for (const entry of (entries ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))) {
          const key = below === '' ? entry.name : `${below}/${entry.name}`;
          if (entry.isDirectory()) {
            if (key.startsWith(prefix) || prefix.startsWith(`${key}/`)) await look(key);
          } else if (key.startsWith(prefix) && !key.endsWith('.tmp')) keys.push(key);
        }
      };
      await look('');
      return keys.sort().slice(0, max);
    },
  };
};

const absent = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw new Fault('store-unavailable', 'the folder of files can’t be read', { cause: error });
};
