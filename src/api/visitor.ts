// Who knocks: the session of a request as an actor for the deciders. Reads the session once a request,
// and guards against pages of other sites that ride on a visitor's cookie.

import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { Memberships } from '../accounts/memberships.ts';
import type { PersonId } from '../base/brand.ts';
import type { Actor } from '../domain/decider.ts';
import type { You } from '../protocol/socket.ts';
import type { Front } from './front.ts';
import { ProblemError } from './problem-reply.ts';

export type Person = Extract<Actor, { kind: 'person' }>;

export type SessionOf = (headers: IncomingHttpHeaders) => Promise<You | null>;

/** Whose session a request's cookie is, without what only the accounts need to know of it. */
export const sessionsOf =
  (accounts: Pick<Accounts, 'sessionOf'>, memberships: Pick<Memberships, 'of'>): SessionOf =>
  async ({ cookie }) => {
    const session = await accounts.sessionOf({ cookie });
    if (session === null) return null;
    const { personId, name, role, guest } = session;
    return { personId, name, role, guest, membership: await memberships.of(personId) };
  };

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for a visitor without an account, or with a forged or expired session. */
    you: You | null;
  }
}

export const actorOf = (you: You): Person => ({
  kind: 'person',
  id: you.personId as PersonId,
  name: you.name,
  role: you.role,
});

/** Sets `request.you` on every API request. */
export const registerVisitor = (app: FastifyInstance, sessionOf: SessionOf): void => {
  app.decorateRequest('you', null);
  app.addHook('onRequest', async (request) => {
    // Files and pages of strangers need no look at the session.
    if (request.headers.cookie || request.headers.authorization)
      request.you = await sessionOf(request.headers);
  });
};

/** The signed-in person, or the problem `sign-in-needed`. */
export const signedIn = (request: FastifyRequest): Person => {
  if (request.you === null) throw new ProblemError('sign-in-needed');
  return actorOf(request.you);
};

/** An owner or host, or the problem `not-allowed`. */
export const director = (request: FastifyRequest): Person => {
  const person = signedIn(request);
  if (person.role !== 'owner' && person.role !== 'host') throw new ProblemError('not-allowed');
  return person;
};

export const owner = (request: FastifyRequest): Person => {
  const person = signedIn(request);
  if (person.role !== 'owner') throw new ProblemError('not-allowed');
  return person;
};

/**
 * True when a browser's `Origin` is this shop: its public address, or the very host that was asked.
 * No origin (a program, not a page) is fine: it carries no visitor's cookie by accident.
 */
export const originAllowed = (
  origin: string | undefined,
  host: string | undefined,
  publicUrl: string,
): boolean => {
  if (origin === undefined) return true;
  try {
    const { host: originHost, origin: clean } = new URL(origin);
    return clean === new URL(publicUrl).origin || (host !== undefined && originHost === host);
  } catch {
    return false;
  }
};

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Encoders and players of other sites: at the doors of media, what comes without a cookie or with a token of its own has
 * nobody's rights to ride on. A page of another site can send a token only after asking (CORS), and then no cookie.
 */
const speaksForItself = ({ url, headers }: FastifyRequest): boolean =>
  /^\/wh(?:i|e)p\//.test(url) &&
  (headers.cookie === undefined || /^bearer /i.test(headers.authorization ?? ''));

/** Refuses changes that a page of another site asks for. */
export const registerOriginGuard = (
  app: FastifyInstance,
  front: Front,
  publicUrl: string,
): void => {
  app.addHook('onRequest', async (request) => {
    if (safeMethods.has(request.method) || speaksForItself(request)) return;
    if (!originAllowed(request.headers.origin, front.hostOf(request.raw), publicUrl)) {
      throw new ProblemError('origin-refused');
    }
  });
};
