// The media plane's HTTP doors: WHIP in (RFC 9725) and WHEP out (draft-ietf-wish-whep). An offer comes,
// an answer with every candidate goes, and the session is a resource that its owner deletes. Encoders and pages of
// other sites may come (CORS), without cookies. Who may publish and watch is asked of whoever joins the server; media
// itself never passes through here.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { limits } from '../base/limits.ts';
import {
  type MediaAnswer,
  MediaFault,
  type MediaPlane,
  type MediaSession,
} from '../media/media-plane.ts';
import { iceUfragsOf } from '../media/rtp/sdp.ts';
import { encoderCharsMax } from '../protocol/encoder.ts';
import { id } from '../protocol/http.ts';
import { ProblemError, sendProblem } from './problem-reply.ts';

export type Permission =
  | {
      readonly ok: true;
      /** The stream key that it rests on. */
      readonly key?: { readonly id: string; readonly takeOver: boolean };
    }
  | { readonly ok: false; readonly code: string };

export type WhipWhepOptions = {
  readonly media: Pick<MediaPlane, 'publish' | 'watch' | 'leave' | 'session'>;
  readonly mayPublish: (request: FastifyRequest, showId: string) => Promise<Permission>;
  /** Whether it is somebody who publishes this show, also after its end: for ending what they began. */
  readonly isPublisher: (request: FastifyRequest, showId: string) => Promise<Permission>;
  readonly mayWatch: (request: FastifyRequest, showId: string) => Promise<Permission>;
  /** A publication with a stream key began. */
  readonly onKeySession?: (session: KeySession) => void;
};

export type KeySession = {
  readonly showId: string;
  readonly sessionId: string;
  readonly keyId: string;
  /** What it calls itself (`User-Agent`); null when it doesn't. */
  readonly encoder: string | null;
};

/** What a bearer token is for, by the code that refuses it (RFC 6750 section 3). */
const bearerRealms: Readonly<Record<string, string>> = {
  'stream-key-invalid': 'stream key',
  'watch-token-invalid': 'watch token',
};

type Kind = 'whip' | 'whep';
const roleOf = { whip: 'publisher', whep: 'viewer' } as const;
const endpointMethods = 'GET, HEAD, POST, OPTIONS';
const sessionMethods = 'GET, HEAD, PATCH, DELETE, OPTIONS';
const sdpType = 'application/sdp';
const fragmentType = 'application/trickle-ice-sdpfrag';
const openToAll = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'authorization, content-type, if-match',
  'access-control-expose-headers': 'location, etag, link, accept-post, accept-patch, retry-after',
  'access-control-max-age': '86400',
} as const;

export const whipWhep = (options: WhipWhepOptions) => async (app: FastifyInstance) => {
  const { media } = options;
  app.addHook('onRequest', async (_request, reply) => {
    // Without credentials: what speaks for a caller here is what they send, never a cookie.
    reply.headers(openToAll);
  });
  app.addHook('onError', async (_request, reply, error) => {
    const realm = error instanceof ProblemError ? bearerRealms[error.code] : undefined;
    if (realm) reply.header('www-authenticate', `Bearer realm="${realm}"`);
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    [sdpType, fragmentType],
    { parseAs: 'string', bodyLimit: limits.sdpBytesMax },
    (_request, body, done) => done(null, body),
  );

  const permitted = async (
    ask: WhipWhepOptions['mayPublish'],
    request: FastifyRequest,
    showId: string,
  ): Promise<Permission & { ok: true }> => {
    if (!id.safeParse(showId).success) throw new ProblemError('show-unknown');
    const permission = await ask(request, showId);
    if (!permission.ok) throw new ProblemError(permission.code);
    return permission;
  };

  /** A session of this door and show, or the problem that there is none: ids of others tell nothing. */
  const ownSession = (kind: Kind, showId: string, sessionId: string): MediaSession => {
    const session = media.session(sessionId);
    if (session?.showId !== showId || session.role !== roleOf[kind])
      throw new ProblemError('media-session-unknown');
    return session;
  };

  for (const kind of ['whip', 'whep'] as const) {
    app.post<{ Params: { show: string } }>(
      `/${kind}/:show`,
      { schema: { hide: true } },
      async (request, reply) => {
        const { show } = request.params;
        const ask = kind === 'whip' ? options.mayPublish : options.mayWatch;
        const { key } = await permitted(ask, request, show);
        if (mediaType(request) !== sdpType) throw new ProblemError('media-type-unsupported');
        const offer = request.body as string;
        const answer = await asProblem(() =>
          kind === 'whip'
            ? media.publish(show, offer, key?.takeOver ?? false)
            : media.watch(show, offer),
        );
        if (key)
          options.onKeySession?.({
            showId: show,
            sessionId: answer.sessionId,
            keyId: key.id,
            encoder: request.headers['user-agent']?.slice(0, encoderCharsMax) ?? null,
          });
        return created(reply, kind, show, answer);
      },
    );

    app.options<{ Params: { show: string } }>(
      `/${kind}/:show`,
      { schema: { hide: true } },
      (_request, reply) =>
        reply
          .code(200)
          .header('accept-post', sdpType)
          .header('allow', endpointMethods)
          .header('access-control-allow-methods', endpointMethods)
          .send(),
    );
    // RFC 9725 section 4.1: there is nothing to see, and to look is no mistake.
    app.get(`/${kind}/:show`, { schema: { hide: true } }, (_request, reply) =>
      reply.code(204).header('accept-post', sdpType).send(),
    );
    // Other methods are refused, not unknown.
    app.route({
      method: ['PUT', 'PATCH', 'DELETE'],
      url: `/${kind}/:show`,
      schema: { hide: true },
      handler: (_request, reply) =>
        sendProblem(reply.header('allow', endpointMethods), 'method-not-allowed'),
    });

    const session = `/${kind}/:show/:session`;
    type SessionParams = { Params: { show: string; session: string } };

    app.patch<SessionParams>(session, { schema: { hide: true } }, async (request, reply) => {
      const { show, session: sessionId } = request.params;
      const { iceUfrag } = ownSession(kind, show, sessionId);
      if (kind === 'whip') await permitted(options.isPublisher, request, show);
      if (mediaType(request) !== fragmentType) throw new ProblemError('media-type-unsupported');
      const fragment = request.body as string;
      if (!isFragment(fragment)) throw new ProblemError('media-fragment-invalid');
      // The session's own tag comes with candidates (RFC 9725 section 4.3.1), the star asks for a restart (4.3.3).
      const tag = request.headers['if-match'];
      if (tag === undefined) throw new ProblemError('media-precondition-needed');
      // The RFC's own example has the star in quotes.
      if (/^("?)\*\1$/.test(tag.trim())) throw new ProblemError('media-restart-unsupported');
      if (!tag.split(',').some((each) => each.trim() === etagOf(sessionId)))
        throw new ProblemError('media-precondition-failed');
      // Other credentials under the session's own tag ask for a restart as well.
      if (iceUfragsOf(fragment).some((each) => each !== iceUfrag))
        throw new ProblemError('media-restart-unsupported');
      // The answer carried every candidate of ours, and theirs are learned from what they send: nothing is needed.
      return reply.code(204).send();
    });

    app.delete<SessionParams>(session, { schema: { hide: true } }, async (request, reply) => {
      const { show, session: sessionId } = request.params;
      // A session that is over is unknown, whatever became of its show (RFC 9725 section 4.2).
      ownSession(kind, show, sessionId);
      // A viewer's unguessable id is their right; a publisher must still be who they were.
      if (kind === 'whip') await permitted(options.isPublisher, request, show);
      await asProblem(() => media.leave(sessionId));
      return reply.code(200).send();
    });

    app.get<SessionParams>(session, { schema: { hide: true } }, async (request, reply) => {
      ownSession(kind, request.params.show, request.params.session);
      return reply.code(204).header('accept-patch', fragmentType).send();
    });
    app.options<SessionParams>(session, { schema: { hide: true } }, (_request, reply) =>
      reply
        .code(200)
        .header('accept-patch', fragmentType)
        .header('allow', sessionMethods)
        .header('access-control-allow-methods', sessionMethods)
        .send(),
    );
    app.route({
      method: ['POST', 'PUT'],
      url: session,
      schema: { hide: true },
      handler: (_request, reply) =>
        sendProblem(reply.header('allow', sessionMethods), 'method-not-allowed'),
    });
  }
};

const etagOf = (sessionId: string): string => `"${sessionId}"`;

/** Lines of an SDP fragment (RFC 8840 section 9), and nothing else. */
const isFragment = (text: string): boolean => {
  const lines = text.split(/\r\n|\n/).filter((line) => line !== '');
  return lines.length > 0 && lines.every((line) => /^[am]=\S/.test(line));
};

const mediaType = (request: FastifyRequest): string =>
  (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();

const created = (
  reply: FastifyReply,
  kind: Kind,
  show: string,
  { sessionId, answerSdp }: MediaAnswer,
) =>
  reply
    .code(201)
    .header('location', `/${kind}/${show}/${sessionId}`)
    .header('etag', etagOf(sessionId))
    .header('accept-patch', fragmentType)
    .header('cache-control', 'no-store')
    .type(sdpType)
    .send(answerSdp);

/** Room for viewers comes as others leave; an engine that restarts is there again in a second. */
const detailOf = ({ code, message }: MediaFault): Readonly<Record<string, unknown>> => {
  if (code === 'media-sdp-invalid') return { reason: message };
  if (code === 'media-capacity') return { retryAfterMs: 10_000 };
  return code === 'media-unavailable' ? { retryAfterMs: 1000 } : {};
};

/**
 * The plane's faults carry codes of the problem table. What it says to operators stays inside; only what is wrong with
 * an offer is told to who made the offer.
 */
const asProblem = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof MediaFault) {
      throw new ProblemError(error.code, detailOf(error));
    }
    throw error;
  }
};
