// What every store of files must do, a folder or a bucket: what is put is there whole, comes in parts, and is gone when
// it was removed.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ObjectStore, StoredPart } from './object-store.ts';

export const objectStoreContract = (name: string, under: () => ObjectStore): void => {
  describe(name, () => {
    let folder: string;
    const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, at) => at % 251));
    const put = async (key: string, content = bytes) => {
      const path = join(folder, 'file');
      await writeFile(path, content);
      await under().put(key, path, 'video/mp4');
    };
    const read = async (found: StoredPart | 'outside' | null) => {
      if (found === null || found === 'outside') throw new Error(`nothing to read: ${found}`);
      return buffer(found.body);
    };
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'rialto-store-'));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    test('[RPL-17] what is put is there whole, and replaced by what is put after it', async () => {
      await put('whole/a.mp4', Buffer.from('before'));
      await put('whole/a.mp4');
      expect(await under().bytesOf('whole/a.mp4')).toBe(bytes.length);
      const found = await under().get('whole/a.mp4', null);
      expect(found).toMatchObject({ from: 0, bytes: bytes.length, totalBytes: bytes.length });
      expect(await read(found)).toEqual(bytes);
    });

    test('[RPL-17] parts come as they are asked for', async () => {
      await put('part/a.mp4');
      const middle = await under().get('part/a.mp4', { from: 100, to: 199 });
      expect(middle).toMatchObject({ from: 100, bytes: 100, totalBytes: bytes.length });
      expect(await read(middle)).toEqual(bytes.subarray(100, 200));
      const end = await under().get('part/a.mp4', { from: 9_990, to: 20_000 });
      expect(end).toMatchObject({ from: 9_990, bytes: 10 });
      expect(await read(end)).toEqual(bytes.subarray(9_990));
      expect(await read(await under().get('part/a.mp4', { from: 9_000, to: null }))).toEqual(
        bytes.subarray(9_000),
      );
      expect(await under().get('part/a.mp4', { from: 10_000, to: null })).toBe('outside');
    });

    test('[RPL-15] what is removed is gone, also when it never was', async () => {
      await put('gone/a.mp4');
      await under().remove('gone/a.mp4');
      await under().remove('gone/a.mp4');
      expect(await under().bytesOf('gone/a.mp4')).toBeNull();
      expect(await under().get('gone/a.mp4', null)).toBeNull();
      expect(await under().get('gone/a.mp4', { from: 0, to: 3 })).toBeNull();
    });

    test('[RPL-15] keys are found by how they begin', async () => {
      for (const key of [
        'show1/clips/lot-1.mp4',
        'show1/clips/lot-1.jpg',
        'show1/clips/lot-12.mp4',
      ])
        await put(key, Buffer.from('x'));
      await put('show10/clips/lot-1.mp4', Buffer.from('x'));
      expect(await under().list('show1/clips/lot-1.', 10)).toEqual([
        'show1/clips/lot-1.jpg',
        'show1/clips/lot-1.mp4',
      ]);
      expect(await under().list('show1/', 2)).toHaveLength(2);
      expect(await under().list('nothing/', 10)).toEqual([]);
    });

    test('a key never leads out of the store', async () => {
      for (const key of ['../a', 'a/../../b', '/a', 'a//b', '.a', 'a/.b', ''])
        await expect(under().get(key, null)).rejects.toThrow('no key');
    });
  });
};
