// The folder and the bucket pass one suite; the bucket is a real server of the S3 protocol on this machine.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { objectStoreContract } from './object-store.contract.ts';
import { folderStore, type ObjectStore } from './object-store.ts';
import { openS3Store } from './s3-store.ts';
import { openS3House, type S3House } from './testing/s3-house.ts';

let folder: string;
let house: S3House;
let bucket: ObjectStore & { close(): void };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rialto-store-'));
  house = await openS3House();
  bucket = await openS3Store(house.options);
});
afterAll(async () => {
  bucket?.close();
  await house?.close();
  await rm(folder, { recursive: true, force: true });
});

objectStoreContract('a folder', () => folderStore(folder));
objectStoreContract('a bucket', () => bucket);

describe('[RPL-18] a bucket that can’t be used is named by its setting', () => {
  const opens = (change: Partial<S3House['options']>) =>
    openS3Store({ ...house.options, ...change });

  test('no such bucket', () =>
    expect(opens({ bucket: 'elsewhere' })).rejects.toThrow(/^S3_BUCKET: .*"elsewhere"/));
  test('a wrong key', () =>
    expect(opens({ accessKeyId: 'nobody', secretAccessKey: 'wrong' })).rejects.toThrow(
      /^S3_ACCESS_KEY_ID, /,
    ));
  test('nobody there', () =>
    expect(opens({ endpoint: 'http://127.0.0.1:9' })).rejects.toThrow(/^S3_ENDPOINT: /));
});
