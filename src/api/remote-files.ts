// Files that lie in an object store, sent out through us: so the door of a show that isn't for everybody holds for them
// too, and a page needs to know one address. Ranges are asked for as they come.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ByteRange, StoredPart } from '../gateways/object-store.ts';
import { ProblemError } from './problem-reply.ts';

export type RemoteFiles = {
  /** A file by its path below the recordings' folder; null when the store has none, or it lies here. */
  remote(path: string, range: ByteRange | null): Promise<StoredPart | 'outside' | null>;
};

/** One range as players ask for it. Null: all of it, also for what isn't understood (RFC 9110, section 14.2). */
export const rangeOf = (header: string | undefined): ByteRange | null => {
  const [, from, to] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === undefined) return null;
  const range = { from: Number(from), to: to ? Number(to) : null };
  return range.to !== null && range.to < range.from ? null : range;
};

const types: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  mp4: 'video/mp4',
  webm: 'video/webm',
};

/** Answers from the store; undefined when the file isn't there, so that whoever serves this machine's files goes on. */
export const sendRemote = async (
  files: RemoteFiles,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> => {
  const range = request.method === 'GET' ? rangeOf(request.headers.range) : null;
  const found = await files.remote(path, range).catch((error: unknown) => {
    request.log.warn({ err: error }, 'the object store does not answer');
    throw new ProblemError('media-unavailable');
  });
  if (found === null) return undefined;
  reply.header('accept-ranges', 'bytes');
  if (found === 'outside') return reply.code(416).send();
  const { body, from, bytes, totalBytes } = found;
  // Whoever leaves in the middle of a recording keeps no connection to the store.
  reply.raw.once('close', () => body.destroy());
  if (range)
    reply.code(206).header('content-range', `bytes ${from}-${from + bytes - 1}/${totalBytes}`);
  return reply
    .type(types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream')
    .header('content-length', bytes)
    .header('cache-control', 'public, max-age=31536000, immutable')
    .send(body);
};
