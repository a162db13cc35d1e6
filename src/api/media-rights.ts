// Who may publish a show's picture and who may watch it. The demo's camera has a token of its own, that
// only the process which started it knows; an encoder has a stream key, a player of another program a watch token.

import type { FastifyRequest } from 'fastify';
import type { ShowSummary } from '../protocol/http.ts';
import type { You } from '../protocol/socket.ts';
import type { ShowDoor } from './show-access.ts';
import type { StreamKeyDesk } from './stream-key-desk.ts';
import type { Permission } from './whip-whep.ts';

/** `summary` gives a show by its id, or null. */
export const mediaRights = (
  cameraToken: string,
  summary: (showId: string) => Promise<ShowSummary | null>,
  door: Pick<ShowDoor, 'refusal'>,
  keys: Pick<StreamKeyDesk, 'askAt'>,
  /** Who is behind a watch token at this show's door. */
  watcherBehind: (token: string, showId: string) => Promise<You | null>,
) => {
  const publisherOf = async (
    request: FastifyRequest,
    showId: string,
    anyPhase: boolean,
  ): Promise<Permission> => {
    const show = await summary(showId);
    const bearer = bearerOf(request);
    if (show?.isDemo && bearer === cameraToken)
      return anyPhase || isOpen(show) ? { ok: true } : { ok: false, code: 'show-ended' };
    // [ING-4] A token speaks for itself: whoever else is signed in on that browser doesn't count.
    if (bearer !== null) return keyPermission(keys, request, bearer, showId, anyPhase);
    if (!show) return { ok: false, code: 'show-unknown' };
    if (!anyPhase && !isOpen(show)) return { ok: false, code: 'show-ended' };
    if (request.you === null) return { ok: false, code: 'sign-in-needed' };
    const mayDirect = request.you.role === 'owner' || request.you.role === 'host';
    return mayDirect ? { ok: true } : { ok: false, code: 'not-allowed' };
  };
  return {
    /** A show that is planned or live. */
    mayPublish: (request: FastifyRequest, showId: string) => publisherOf(request, showId, false),
    /** Also after the end: whoever published may take their session down. */
    isPublisher: (request: FastifyRequest, showId: string) => publisherOf(request, showId, true),
    mayWatch: async (request: FastifyRequest, showId: string): Promise<Permission> => {
      if (!(await summary(showId))) return { ok: false, code: 'show-unknown' };
      // [TKT-10] As with encoders: a token speaks for itself.
      const bearer = bearerOf(request);
      const you = bearer === null ? request.you : await watcherBehind(bearer, showId);
      if (bearer !== null && you === null) return { ok: false, code: 'watch-token-invalid' };
      const refused = await door.refusal(you, showId);
      return refused ? { ok: false, code: refused.refused } : { ok: true };
    },
  };
};

const isOpen = ({ phase }: ShowSummary): boolean => phase === 'planned' || phase === 'live';

/** The token of an `Authorization: Bearer …`; null when there is none. */
const bearerOf = (request: FastifyRequest): string | null =>
  /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;

const codes = {
  key: 'stream-key-invalid',
  elsewhere: 'stream-key-elsewhere',
  'show-ended': 'show-ended',
  'too-many': 'too-many-requests',
} as const;

const keyPermission = async (
  keys: Pick<StreamKeyDesk, 'askAt'>,
  request: FastifyRequest,
  bearer: string,
  showId: string,
  anyPhase: boolean,
): Promise<Permission> => {
  const answer = await keys.askAt(bearer, request.ip, showId, { anyPhase });
  return answer.ok
    ? { ok: true, key: { id: answer.keyId, takeOver: answer.takeOver } }
    : { ok: false, code: codes[answer.why] };
};
