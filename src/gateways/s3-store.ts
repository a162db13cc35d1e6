// Finished files in a bucket that speaks S3: Amazon's, or another behind an address of its own. The rule: what the
// bucket answers becomes our words here; its errors don't travel further.

import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Fault } from '../base/fault.ts';
import { checkedKey, type ObjectStore } from './object-store.ts';

export type S3Options = {
  /** Null: Amazon's own. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

/** A part of an upload: a recording of 2 GB is 128 of them, and what a failed one loses is one. */
const partBytes = 16 * 1024 * 1024;

/** Null for an answer that says that the object isn't there. */
const nullWhenAbsent = (error: unknown): null => {
  const status = statusOf(error);
  if (status === 404) return null;
  throw unavailable(error);
};
const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
/** Without the client's own error as its cause: that carries a whole socket into every line of a log. */
const unavailable = (error: unknown): Fault => {
  const { name, message } = error as Error;
  return new Fault('store-unavailable', `the object store: ${name}: ${message}`, {
    detail: { status: statusOf(error) ?? null },
  });
};

/**
 * Opens a bucket; nothing is created. `close` ends its connections.
 * @throws Fault `store-unavailable` with a sentence that names the setting when the bucket can't be used.
 */
export const openS3Store = async (options: S3Options): Promise<ObjectStore & { close(): void }> => {
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = options;
  const client = new S3Client({
    region,
    credentials: { accessKeyId, secretAccessKey },
    // A bucket's name in the host needs a name server that knows it: other stores than Amazon's mostly have none.
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    // Of the sums that newer clients add by themselves other stores don't know all.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  await client.send(new HeadBucketCommand({ Bucket: bucket })).catch((error: unknown) => {
    client.destroy();
    const status = statusOf(error);
    const why =
      status === 404
        ? `S3_BUCKET: there is no bucket "${bucket}".`
        : status === 403
          ? `S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY: the store refuses this key for the bucket "${bucket}".`
          : status === 301 || status === 400
            ? `S3_REGION: the store refuses "${region}" for the bucket "${bucket}".`
            : `S3_ENDPOINT: the store doesn’t answer (${(error as Error).message}).`;
    throw new Fault('store-unavailable', why);
  });
  const at = (key: string) => ({ Bucket: bucket, Key: checkedKey(key) });
  return {
    async put(key, path, contentType) {
      const upload = new Upload({
        client,
        params: { ...at(key), Body: createReadStream(path), ContentType: contentType },
        partSize: partBytes,
        queueSize: 2,
      });
      await upload.done().catch((error: unknown) => {
        throw unavailable(error);
      });
    },
    async bytesOf(key) {
      const found = await client.send(new HeadObjectCommand(at(key))).catch(nullWhenAbsent);
      return found?.ContentLength ?? null;
    },
    async get(key, range) {
      const Range = range ? { Range: `bytes=${range.from}-${range.to ?? ''}` } : {};
      const found = await client
        .send(new GetObjectCommand({ ...at(key), ...Range }))
        .catch((error: unknown) => (statusOf(error) === 416 ? 'outside' : nullWhenAbsent(error)));
      if (found === null || found === 'outside') return found;
      const bytes = found.ContentLength ?? 0;
      const [, from = '0', total = `${bytes}`] =
        /^bytes (\d+)-\d+\/(\d+)$/.exec(found.ContentRange ?? '') ?? [];
      return {
        body: found.Body as unknown as Readable,
        from: Number(from),
        bytes,
        totalBytes: Number(total),
      };
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand(at(key))).catch(nullWhenAbsent);
    },
    async list(prefix, max) {
      const found = await client
        .send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))
        .catch(nullWhenAbsent);
      return (found?.Contents ?? []).flatMap(({ Key }) => Key ?? []).slice(0, max);
    },
    close: () => client.destroy(),
  };
};
