// Files of shows: recordings, posters. Recordings go out in ranges, so that a player can seek; a live
// poster is a picture of now, for previews.

import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { MediaPlane } from '../media/media-plane.ts';
import { id } from '../protocol/http.ts';
import { ProblemError, sendProblem } from './problem-reply.ts';
import { type RemoteFiles, sendRemote } from './remote-files.ts';
import type { ShowDoor } from './show-access.ts';

export type MediaRoutesOptions = {
  readonly media: Pick<MediaPlane, 'poster'>;
  readonly recordingsFolder: string;
  readonly door: Pick<ShowDoor, 'admit' | 'isForEverybody'>;
  /** Files that lie in an object store and not here; absent: all are here. */
  readonly files?: RemoteFiles;
};

/** Carries a file's own caching from the door to the answer; never sent. */
const ownCache = 'x-own-cache';

/** `{show}/{file}`, as the router decoded it: no empty, `.` or `..` part, nothing to decode once more. */
const recordingPath = /^([A-Za-z0-9_][A-Za-z0-9_-]{0,63})(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/;

export const mediaRoutes = (options: MediaRoutesOptions) => async (app: FastifyInstance) => {
  const { media, recordingsFolder, door, files } = options;

  /** [TKT-6] Whoever may not come into a show gets none of its files, and no cache keeps them for others. */
  const admit = async (request: FastifyRequest, reply: FastifyReply, showId: string) => {
    if (await door.isForEverybody(showId)) return;
    await door.admit(request.you, showId);
    reply.header(ownCache, 'private, no-store');
  };
  app.addHook('onRequest', async (request, reply) => {
    const { '*': path } = request.params as { readonly '*'?: string };
    if (path === undefined) return;
    const showId = recordingPath.exec(path)?.[1];
    // A path that could be read in two ways is nobody's: it could name one show here and another below.
    if (showId === undefined) throw new ProblemError('not-found');
    await admit(request, reply, showId);
    if (files) return sendRemote(files, path, request, reply);
  });
  // The files' own header is set after ours: what is for some alone is said last.
  app.addHook('onSend', async (_request, reply) => {
    const own = reply.getHeader(ownCache);
    if (own === undefined) return;
    reply.removeHeader(ownCache);
    reply.header('cache-control', own).header('vary', 'cookie');
  });

  await app.register(fastifyStatic, {
    root: resolve(recordingsFolder),
    prefix: '/media/recordings/',
    decorateReply: false,
    acceptRanges: true,
    immutable: true,
    maxAge: '365d',
    // Only finished files: a recording under way and its parts are nobody's business.
    allowedPath: (path) => /\.(mp4|webm|jpg)$/.test(path),
  });

  app.get<{ Params: { file: string } }>(
    '/media/posters/:file',
    { schema: { hide: true } },
    async (request, reply) => {
      const [, show, upright] = /^([^.]+)(\.upright)?\.jpg$/.exec(request.params.file) ?? [];
      if (!id.safeParse(show).success) throw new ProblemError('not-found');
      await admit(request, reply, show as string);
      const poster = await media.poster(show as string).catch(() => null);
      if (!poster) return sendProblem(reply, 'media-no-publisher');
      return reply
        .type('image/jpeg')
        .header('cache-control', 'public, max-age=5')
        .send(upright ? poster.upright : poster.whole);
    },
  );
};
