// What better-auth lacks for a crowd, as a plugin of it: coming in with a name alone, completing such an
// account later without becoming somebody else (claims and messages hang on the person's id), and the
// owner's one-time link. Passwords, cookies and sessions stay better-auth's.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { BetterAuthPlugin } from 'better-auth';
import {
  APIError,
  createAuthEndpoint,
  getSessionFromCtx,
  sendVerificationEmailFn,
  sessionMiddleware,
} from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { z } from 'zod';

/** Addresses that stand in for a missing one: `.invalid` never belongs to anybody. */
const placeholderDomain = 'rialto.invalid';
export const placeholderEmail = (id: string): string => `${id}@${placeholderDomain}`.toLowerCase();
export const isPlaceholder = (email: string): boolean => email.endsWith(`@${placeholderDomain}`);

/** Under this name better-auth keeps the hash of the newest owner's link; an older one is dead. */
export const ownerLinkId = 'rialto-owner-link';
export const hashOfToken = (token: string): string =>
  createHash('sha256').update(token).digest('hex');

type People = {
  newId: () => string;
  /** The name as it may be stored, with its key; throws an `APIError` when it can't be used. */
  nameFor: (
    wish: string,
    who: { id: string | null; isCrew: boolean; mayNumber: boolean },
  ) => Promise<{ name: string; nameKey: string }>;
  /** The first owner, made if the shop has none. */
  owner: () => Promise<{ id: string }>;
};

const nameBody = z.string().max(200);

export const guests = (people: People) =>
  ({
    id: 'rialto-guests',
    endpoints: {
      /** A name is enough to chat and to claim. Who is signed in already stays who they are. */
      guestSignIn: createAuthEndpoint(
        '/guest/sign-in',
        { method: 'POST', body: z.object({ name: nameBody }) },
        async (ctx) => {
          const current = await getSessionFromCtx(ctx);
          if (current) return ctx.json({ user: { id: current.user.id, name: current.user.name } });
          const { internalAdapter } = ctx.context;
          const named = await people.nameFor(ctx.body.name, {
            id: null,
            isCrew: false,
            mayNumber: true,
          });
          const user = await internalAdapter.createUser(
            {
              email: placeholderEmail(`guest-${people.newId()}`),
              emailVerified: false,
              guest: true,
              role: 'shopper',
              ...named,
            },
            { method: 'guest' },
          );
          const session = await internalAdapter.createSession(user.id);
          await setSessionCookie(ctx, { session, user });
          return ctx.json({ user: { id: user.id, name: user.name } });
        },
      ),

      /** A guest, or an owner who came by the link, gets an address and a password and keeps their id. */
      complete: createAuthEndpoint(
        '/complete',
        {
          method: 'POST',
          use: [sessionMiddleware],
          body: z.object({
            email: z.email().max(200),
            password: z.string(),
            name: nameBody.optional(),
          }),
        },
        async (ctx) => {
          const { internalAdapter, password } = ctx.context;
          const user = ctx.context.session.user as { id: string; email: string; role?: string };
          const email = ctx.body.email.toLowerCase();
          const { minPasswordLength, maxPasswordLength } = password.config;
          if (!isPlaceholder(user.email)) {
            throw new APIError('CONFLICT', {
              code: 'ACCOUNT_COMPLETE',
              message: 'This account has an address already',
            });
          }
          if (ctx.body.password.length < minPasswordLength)
            throw new APIError('BAD_REQUEST', { code: 'PASSWORD_TOO_SHORT' });
          if (ctx.body.password.length > maxPasswordLength)
            throw new APIError('BAD_REQUEST', { code: 'PASSWORD_TOO_LONG' });
          if (isPlaceholder(email)) throw new APIError('BAD_REQUEST', { code: 'INVALID_EMAIL' });
          const taken = () =>
            new APIError('UNPROCESSABLE_ENTITY', { code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL' });
          if (await internalAdapter.findUserByEmail(email)) throw taken();
          const named =
            ctx.body.name === undefined
              ? {}
              : await people.nameFor(ctx.body.name, {
                  id: user.id,
                  isCrew: (user.role ?? 'shopper') !== 'shopper',
                  mayNumber: false,
                });
          // The password first: should the address be taken in this moment, a repeat begins where this
          // ended, and nobody is left with an address and no way in.
          const hash = await password.hash(ctx.body.password);
          const credential = await internalAdapter.findCredentialAccount(user.id);
          if (credential) await internalAdapter.updateAccount(credential.id, { password: hash });
          else
            await internalAdapter.linkAccount({
              userId: user.id,
              providerId: 'credential',
              accountId: user.id,
              password: hash,
            });
          try {
            const updated = await internalAdapter.updateUser(user.id, {
              email,
              emailVerified: false,
              guest: false,
              ...named,
            });
            return ctx.json({
              user: {
                id: updated.id,
                name: updated.name,
                email: updated.email,
                role: user.role ?? 'shopper',
              },
            });
          } catch (error) {
            if ((error as { code?: string }).code === '23505') throw taken();
            throw error;
          }
        },
      ),

      /** [ACC-11] A letter to one's own address, with the link that verifies it; it leads to `/account`. */
      proveAddress: createAuthEndpoint(
        '/prove-address',
        { method: 'POST', use: [sessionMiddleware], body: z.object({}) },
        async (ctx) => {
          const { user: known } = ctx.context.session;
          // Asked anew: the session may be older than what became of the address.
          const user = await ctx.context.internalAdapter.findUserById(known.id);
          if (!user || isPlaceholder(user.email))
            throw new APIError('FORBIDDEN', { code: 'ADDRESS_MISSING' });
          if (user.emailVerified) return ctx.json({ state: 'verified' as const });
          const callbackURL = '/account?address=verified';
          await sendVerificationEmailFn({ ...ctx, body: { callbackURL } } as never, user);
          return ctx.json({ state: 'sent' as const });
        },
      ),

      /** Signs the owner in, once. Only the newest link counts, whatever happened to the ones before. */
      ownerLink: createAuthEndpoint(
        '/owner-link',
        { method: 'GET', query: z.object({ token: z.string().max(200) }) },
        async (ctx) => {
          const { internalAdapter } = ctx.context;
          const hash = hashOfToken(ctx.query.token);
          const refuse = () =>
            new APIError('GONE', {
              code: 'LINK_USED',
              message: 'This link was used or is too old',
            });
          const isTheOne = (value: string | undefined) =>
            value !== undefined &&
            value.length === hash.length &&
            timingSafeEqual(Buffer.from(value), Buffer.from(hash));
          const waiting = await internalAdapter.findVerificationValue(ownerLinkId);
          // Looked at before it is taken, or a stranger's guess would use up the owner's link.
          if (!isTheOne(waiting?.value) || !waiting || waiting.expiresAt < new Date())
            throw refuse();
          const taken = await internalAdapter.consumeVerificationValue(ownerLinkId);
          if (!isTheOne(taken?.value)) throw refuse();
          const owner = await people.owner();
          const user = await internalAdapter.findUserById(owner.id);
          if (!user) throw refuse();
          const session = await internalAdapter.createSession(user.id);
          await setSessionCookie(ctx, { session, user });
          throw ctx.redirect(new URL('/office', ctx.context.baseURL).href);
        },
      ),

      /** For tools and tests in this process: a session without a password. No route leads here. */
      openSession: createAuthEndpoint.serverOnly(
        { method: 'POST', body: z.object({ personId: z.string() }) },
        async (ctx) => {
          const user = await ctx.context.internalAdapter.findUserById(ctx.body.personId);
          if (!user) throw new APIError('NOT_FOUND', { code: 'USER_NOT_FOUND' });
          const session = await ctx.context.internalAdapter.createSession(user.id);
          await setSessionCookie(ctx, { session, user });
          return ctx.json({ token: session.token });
        },
      ),
    },
  }) satisfies BetterAuthPlugin;
