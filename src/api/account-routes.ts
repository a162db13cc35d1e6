// The doors of accounts: better-auth's own under /api/auth, and people, roles and the mail sandbox for
// the office. Who somebody is, is decided there; here its errors become problem documents and the
// address that a request came from is put where strangers can't write it.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Accounts, clientAddressHeader, type PersonRecord } from '../accounts/accounts.ts';
import type { Membership, Memberships } from '../accounts/memberships.ts';
import { limits } from '../base/limits.ts';
import { isRefusal } from '../base/result.ts';
import type { Mail } from '../gateways/mail.ts';
import {
  keptMailSchema,
  meSchema,
  type Person,
  peoplePageSchema,
  peopleQuerySchema,
  personSchema,
  setMembershipSchema,
  setRoleSchema,
} from '../protocol/catalogue.ts';
import { ProblemError, refusalError, sendProblem } from './problem-reply.ts';
import { owner } from './visitor.ts';

export type AccountRoutesOptions = {
  readonly accounts: Accounts;
  readonly memberships: Memberships;
  readonly mail: Pick<Mail, 'sandbox' | 'kept'>;
  /** Where the shop is reached; its scheme is the one that cookies are made for. */
  readonly publicUrl: string;
};

export const accountRoutes =
  (options: AccountRoutesOptions) => async (instance: FastifyInstance) => {
    const { accounts, memberships, mail, publicUrl } = options;
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/api/me',
      { schema: { summary: 'Who you are', response: { 200: meSchema } } },
      async (request, reply) => {
        reply.header('cache-control', 'no-store');
        const session = await accounts.sessionOf(request.headers);
        if (session === null) return null;
        const { personId: id, name, email, role, guest, verified } = session;
        return { id, name, email, role, guest, verified };
      },
    );

    app.get(
      '/api/people',
      {
        schema: {
          summary: 'Everybody who has an account',
          querystring: peopleQuerySchema,
          response: { 200: peoplePageSchema },
        },
      },
      async (request) => {
        owner(request);
        const { limit, offset, search, role } = request.query;
        const found = await accounts.people({
          limit,
          offset,
          ...(search === undefined ? {} : { search }),
          ...(role === undefined ? {} : { role }),
        });
        const members = await memberships.ofAll(found.people.map(({ personId }) => personId));
        return {
          people: found.people.map((person) =>
            showPerson(person, members.get(person.personId) ?? null),
          ),
          total: found.total,
        };
      },
    );

    app.put(
      '/api/people/:person/role',
      {
        schema: {
          summary: 'Give a person a role',
          params: z.object({ person: z.string() }),
          body: setRoleSchema,
          response: { 200: personSchema },
        },
      },
      async (request) => {
        owner(request);
        const outcome = await accounts.setRole(request.params.person, request.body.role);
        if (isRefusal(outcome)) throw refusalError(outcome);
        return showPerson(outcome, await memberships.of(outcome.personId));
      },
    );

    app.put(
      '/api/people/:person/membership',
      {
        schema: {
          summary: 'Make a person a member, or no member any more',
          params: z.object({ person: z.string() }),
          body: setMembershipSchema,
          response: { 200: personSchema },
        },
      },
      async (request) => {
        const { id: by } = owner(request);
        const person = await accounts.person(request.params.person);
        if (person === null) throw new ProblemError('person-unknown');
        if (person.guest) throw new ProblemError('member-without-account');
        const outcome = await memberships.set(person.personId, request.body.membership, by);
        if (outcome !== null && isRefusal(outcome)) throw refusalError(outcome);
        return showPerson(person, outcome);
      },
    );

    app.get(
      '/api/mail',
      {
        schema: {
          summary: 'Letters that the sandbox kept instead of sending',
          response: { 200: keptMailSchema },
        },
      },
      async (request) => {
        owner(request);
        return {
          sandbox: mail.sandbox,
          letters: mail
            .kept()
            .map(({ to, subject, text, atMs, note }) => ({ to, subject, text, atMs, note })),
        };
      },
    );

    await instance.register(async (auth) => {
      auth.removeAllContentTypeParsers();
      // JSON alone: a form of another site can send everything else without asking.
      auth.addContentTypeParser(
        'application/json',
        { parseAs: 'buffer', bodyLimit: limits.authBytesMax },
        (_request, body, done) => done(null, body),
      );
      auth.route({
        method: ['GET', 'POST'],
        url: '/api/auth/*',
        schema: { hide: true },
        handler: async (request, reply) =>
          answer(request, reply, await accounts.handle(asFetch(request, publicUrl))),
      });
    });
  };

const showPerson = (
  { personId, name, email, role, guest, createdAt }: PersonRecord,
  membership: Membership | null,
): Person => ({
  id: personId,
  name,
  email,
  role,
  guest,
  createdAt: createdAt.toISOString(),
  membership,
});

/** Only these of a stranger's headers reach the accounts. */
const passedHeaders = [
  'cookie',
  'origin',
  'referer',
  'user-agent',
  'content-type',
  'accept',
  'accept-language',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
] as const;

const asFetch = (request: FastifyRequest, publicUrl: string): Request => {
  const { protocol } = new URL(publicUrl);
  const address = `${protocol}//${request.host}${request.url}`;
  if (!URL.canParse(address)) throw new ProblemError('request-invalid');
  const headers = new Headers({ [clientAddressHeader]: request.ip });
  for (const name of passedHeaders) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const body =
    Buffer.isBuffer(request.body) && request.body.length > 0 ? new Uint8Array(request.body) : null;
  if (body !== null && !isJson(body)) throw new ProblemError('request-invalid');
  return new Request(address, {
    method: request.method,
    headers,
    body: request.method === 'GET' ? null : body,
  });
};

const isJson = (body: Uint8Array): boolean => {
  try {
    JSON.parse(Buffer.from(body).toString('utf8'));
    return true;
  } catch {
    return false;
  }
};

const answer = async (
  request: FastifyRequest,
  reply: FastifyReply,
  response: Response,
): Promise<FastifyReply> => {
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) reply.header('set-cookie', cookies);
  reply.header('cache-control', 'no-store');
  if (response.status >= 400) {
    const { code, extra } = await problemFrom(response);
    // A link is opened by a person: an old one leads to where a new one can be asked for.
    if (request.method === 'GET' && request.headers.accept?.includes('text/html'))
      return reply.redirect(`/sign-in?problem=${code}`);
    return sendProblem(reply, code, extra);
  }
  const location = response.headers.get('location');
  if (location !== null) return reply.redirect(location, response.status);
  const type = response.headers.get('content-type');
  if (type !== null) reply.type(type);
  return reply.code(response.status).send(Buffer.from(await response.arrayBuffer()));
};

/** better-auth's codes in our words; what isn't here goes by its status. */
const authCodes: Readonly<Record<string, string>> = {
  INVALID_EMAIL_OR_PASSWORD: 'sign-in-refused',
  CREDENTIAL_ACCOUNT_NOT_FOUND: 'sign-in-refused',
  INVALID_EMAIL: 'email-invalid',
  USER_ALREADY_EXISTS: 'email-taken',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'email-taken',
  PASSWORD_TOO_SHORT: 'password-unsuitable',
  PASSWORD_TOO_LONG: 'password-unsuitable',
  INVALID_PASSWORD: 'sign-in-refused',
  NAME_INVALID: 'name-invalid',
  LINK_USED: 'link-used',
  INVALID_TOKEN: 'link-used',
  TOKEN_EXPIRED: 'link-used',
  ACCOUNT_COMPLETE: 'account-complete',
  ADDRESS_MISSING: 'account-needed',
};

const problemFrom = async (
  response: Response,
): Promise<{ code: string; extra: Record<string, unknown> }> => {
  const text = await response.text();
  const { code = '', message = '' } = (text.startsWith('{') ? JSON.parse(text) : {}) as {
    code?: string;
    message?: string;
  };
  const known = authCodes[code];
  // Its schema errors read `[body.email] Invalid email address`.
  const field = /\[body\.(\w+)\]/.exec(message)?.[1];
  if (field === 'email') return { code: 'email-invalid', extra: {} };
  if (known !== undefined)
    return { code: known, extra: known === 'name-invalid' ? { reason: message } : {} };
  switch (response.status) {
    case 401:
      return { code: 'sign-in-needed', extra: {} };
    case 403:
      return { code: 'origin-refused', extra: {} };
    case 404:
      return { code: 'not-found', extra: {} };
    case 405:
      return { code: 'method-not-allowed', extra: {} };
    case 429:
      return {
        code: 'too-many-requests',
        extra: { retryAfterMs: Number(response.headers.get('x-retry-after') ?? 60) * 1000 },
      };
    default:
      return response.status >= 500
        ? { code: 'bug', extra: {} }
        : {
            code: 'request-invalid',
            extra: { errors: [{ field: field === undefined ? 'body' : `body.${field}`, message }] },
          };
  }
};
