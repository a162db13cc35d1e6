// Who people are: better-auth over the shop's own database, with one field for the role and one for
// guests. Passwords, links, cookies and sessions are better-auth's; names, roles and the owner's first
// link are ours. A session that can't be proven is no session.

import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import { getMigrations } from 'better-auth/db/migration';
import { magicLink } from 'better-auth/plugins';
import { Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';
import { assert } from '../base/assert.ts';
import type { Clock, Random } from '../base/ports.ts';
import { type Refusal, refuse } from '../base/result.ts';
import { nameKey, nameProblem, tidyName } from './display-name.ts';
import { guests, hashOfToken, isPlaceholder, ownerLinkId, placeholderEmail } from './guests.ts';
import { sessionCache } from './session-cache.ts';

/** What a person may do. Owner: everything; host: shows and catalogue; moderator: the room; shopper: buy. */
export type Role = 'owner' | 'host' | 'moderator' | 'shopper';
const roles: readonly Role[] = ['owner', 'host', 'moderator', 'shopper'];

/** Who is behind a request. `email` is null as long as a guest has given none. */
export type Session = {
  readonly personId: string;
  readonly name: string;
  readonly role: Role;
  readonly guest: boolean;
  readonly email: string | null;
  /** [ACC-11] Whether they have opened the link of a letter to this address. */
  readonly verified: boolean;
};

export type PersonRecord = Session & { readonly createdAt: Date };

/** Takes letters away; the accounts never wait for a mail server longer than for this promise. */
export type SendLetter = (letter: { to: string; subject: string; text: string }) => Promise<void>;

export interface Accounts {
  /** Everything under `/api/auth/`, as fetch's words. Errors are better-auth's `{ code, message }`. */
  handle(request: Request): Promise<Response>;
  /** Null without a valid session cookie. Cheap: a cookie that was seen within 30 s asks no database. */
  sessionOf(headers: { readonly cookie?: string | undefined }): Promise<Session | null>;
  person(personId: string): Promise<PersonRecord | null>;
  people(query: {
    search?: string;
    role?: Role;
    limit: number;
    offset: number;
  }): Promise<{ people: PersonRecord[]; total: number }>;
  /** Refuses `person-unknown`, `role-not-for-guests`, `last-owner`. Holds from the next request on. */
  setRole(personId: string, role: Role): Promise<PersonRecord | Refusal>;
  /** An address that signs the owner in once within 24 hours; every link made before is dead. */
  createOwnerLink(): Promise<string>;
  /** True until an owner has given an address and a password. */
  needsSetup(): Promise<boolean>;
  /** For seeds and tests: the person with this address, made or brought to this name and role. */
  ensurePerson(person: {
    name: string;
    email: string;
    password: string;
    role: Role;
  }): Promise<PersonRecord>;
  /** What better-auth would want of the database that isn't there; empty unless it was updated. */
  schemaGaps(): Promise<string[]>;
  /** For tools and tests in this process: a cookie header of a new session, without a password. */
  openSession(personId: string): Promise<{ cookie: string }>;
}

export type AccountsOptions = {
  readonly pool: Pool;
  /** At least 32 characters, kept secret and the same over restarts, or everybody is signed out. */
  readonly secret: string;
  /** Where the shop is reached (RIALTO_URL). With https cookies are sent over TLS only. */
  readonly baseUrl: string;
  readonly shopName: string;
  readonly sendLetter: SendLetter;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Random;
  /** A fault that nobody waits for: one line for the operator's log. */
  readonly onFault?: (message: string, error: unknown) => void;
};

/** The header in which `handle`'s caller names the address that a request came from. */
export const clientAddressHeader = 'x-rialto-client-address';

const daySeconds = 24 * 3600;
const sessionDays = 30;
const ownerLinkHours = 24;
const guestNumbersMax = 50;

type UserRow = {
  id: string;
  name: string;
  nameKey: string;
  email: string;
  emailVerified: boolean;
  role: string;
  guest: boolean;
  createdAt: Date;
};

export const createAccounts = (options: AccountsOptions): Accounts => {
  assert(options.secret.length >= 32, 'the secret of the accounts has at least 32 characters');
  const db = new Kysely<{ user: UserRow }>({
    dialect: new PostgresDialect({ pool: options.pool }),
  });
  const cache = sessionCache<Session>(options.clock);

  const nameFor = async (
    wish: string,
    who: { id: string | null; isCrew: boolean; mayNumber: boolean },
  ): Promise<{ name: string; nameKey: string }> => {
    const wanted = tidyName(wish);
    const problem = nameProblem(wanted, who.isCrew) ?? (await crewProblem(wanted, who.id));
    if (problem !== null) throw invalidName(problem);
    for (let n = 1; n <= (who.mayNumber ? guestNumbersMax : 1); n += 1) {
      const name =
        n === 1
          ? wanted
          : numbered(wanted, n < 10 ? n : 100 + Math.floor(options.random.fraction() * 9900));
      const twin = await db
        .selectFrom('user')
        .select('id')
        .where('nameKey', '=', nameKey(name))
        .executeTakeFirst();
      if (!twin || twin.id === who.id) return { name, nameKey: nameKey(name) };
    }
    throw invalidName('name-taken');
  };

  /** A crew's name is theirs with anything behind it too: “Mina Orsini 2” would pass for Mina Orsini. */
  const crewProblem = async (name: string, id: string | null): Promise<'name-taken' | null> => {
    const key = nameKey(name);
    const crew = await db
      .selectFrom('user')
      .select(['id', 'nameKey'])
      .where('role', '<>', 'shopper')
      .execute();
    return crew.some(
      (each) =>
        each.id !== id &&
        (key === each.nameKey || (each.nameKey.length >= 4 && key.startsWith(each.nameKey))),
    )
      ? 'name-taken'
      : null;
  };

  const ownerOrNew = async (): Promise<{ id: string }> => {
    const owner = await db
      .selectFrom('user')
      .select('id')
      .where('role', '=', 'owner')
      .orderBy('createdAt')
      .orderBy('id')
      .executeTakeFirst();
    if (owner) return owner;
    const { internalAdapter } = await auth.$context;
    const id = options.random.id();
    return internalAdapter.createUser(
      {
        email: placeholderEmail(`owner-${id}`),
        emailVerified: false,
        role: 'owner',
        guest: false,
        name: 'Owner',
        nameKey: nameKey(`Owner ${id}`),
      },
      { method: 'owner-link' },
    );
  };

  const letter = (to: string, subject: string, text: string): void => {
    // Not waited for: the time that a mail server takes would tell whether an address is known.
    options
      .sendLetter({ to, subject, text })
      .catch((error: unknown) => options.onFault?.('a letter was not sent', error));
  };

  const auth = betterAuth({
    appName: options.shopName,
    baseURL: options.baseUrl,
    basePath: '/api/auth',
    secret: options.secret,
    database: { db, type: 'postgres' },
    telemetry: { enabled: false },
    logger: {
      level: 'error',
      log: (_level, message, ...details) => options.onFault?.(message, details[0]),
    },
    onAPIError: {
      // What is answered to a person is no fault; better-auth would print it otherwise.
      onError: (error) => {
        if (!(error instanceof APIError)) options.onFault?.('the accounts failed', error);
      },
    },
    trustedOrigins: (request) => {
      // The shop may be opened by another of its names (an address in the local network): a page on the
      // very host that is asked is at home, and nobody else's page can be there.
      const host = request ? new URL(request.url).host : '';
      return host === '' ? [] : [`http://${host}`, `https://${host}`];
    },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 8,
      maxPasswordLength: 128,
      sendResetPassword: async ({ user, url }) => {
        if (isPlaceholder(user.email)) return;
        letter(
          user.email,
          `A new password for ${options.shopName}`,
          `Somebody, most likely you, wants a new password for ${options.shopName}. Set it here within an hour:\n\n${url}\n\nIf it wasn't you, nothing has to be done.`,
        );
      },
    },
    emailVerification: {
      expiresIn: 3600,
      sendVerificationEmail: async ({ user, url }) =>
        letter(
          user.email,
          `Is this your address? ${options.shopName}`,
          `Somebody, most likely you, says that this is their address at ${options.shopName}. If it is yours, open this within an hour:\n\n${url}\n\nIf it wasn't you, nothing has to be done.`,
        ),
    },
    session: { expiresIn: sessionDays * daySeconds, updateAge: daySeconds },
    user: {
      additionalFields: {
        role: { type: 'string', required: true, defaultValue: 'shopper', input: false },
        guest: { type: 'boolean', required: true, defaultValue: false, input: false },
        nameKey: { type: 'string', required: false, unique: true, input: false, returned: false },
      },
    },
    databaseHooks: {
      user: {
        create: {
          before: async (user) => {
            const named =
              typeof user.nameKey === 'string'
                ? {}
                : await nameFor(user.name || user.email.replace(/@.*$/, ''), {
                    id: null,
                    isCrew: false,
                    mayNumber: user.name === '',
                  });
            return { data: { ...user, image: null, ...named } };
          },
        },
        update: {
          before: async (change, ctx) => {
            if (change.name === undefined || typeof change.nameKey === 'string')
              return { data: withoutImage(change) };
            const current = ctx?.context.session?.user as { id: string; role?: string } | undefined;
            const named = await nameFor(change.name, {
              id: current?.id ?? null,
              isCrew: (current?.role ?? 'shopper') !== 'shopper',
              mayNumber: false,
            });
            return { data: { ...withoutImage(change), ...named } };
          },
          after: async (user) => cache.forget(user.id),
        },
        delete: { after: async (user) => cache.forget(user.id) },
      },
      session: { delete: { after: async (session) => cache.forget(session.userId) } },
    },
    rateLimit: {
      enabled: true,
      storage: 'memory',
      window: 10,
      max: 200,
      customRules: {
        '/sign-in/email': { window: 60, max: 10 },
        '/sign-up/email': { window: 60, max: 30 },
        '/sign-in/magic-link': { window: 60, max: 5 },
        '/request-password-reset': { window: 60, max: 5 },
        '/prove-address': { window: 60, max: 5 },
        '/verify-email': { window: 60, max: 20 },
        '/owner-link': { window: 60, max: 20 },
        '/complete': { window: 60, max: 20 },
        // A whole hall may come in through one address when a show begins.
        '/guest/sign-in': { window: 60, max: 300 },
      },
    },
    advanced: {
      // Said although it is the default: under a test runner better-auth would leave these checks out.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      cookiePrefix: 'rialto',
      useSecureCookies: options.baseUrl.startsWith('https:'),
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
    },
    disabledPaths: [
      // It sends letters to whoever a stranger names; `prove-address` asks for one's own alone.
      '/send-verification-email',
      '/sign-in/social',
      '/link-social',
      '/unlink-account',
      '/delete-user',
      '/delete-user/callback',
      '/change-email',
      '/callback/:id',
      '/refresh-token',
      '/get-access-token',
      '/account-info',
    ],
    plugins: [
      guests({ newId: () => options.random.id(), nameFor, owner: ownerOrNew }),
      magicLink({
        expiresIn: 15 * 60,
        storeToken: 'hashed',
        sendMagicLink: async ({ email, url }) => {
          if (isPlaceholder(email)) return;
          letter(
            email,
            `Your way into ${options.shopName}`,
            `Open this within 15 minutes to sign in to ${options.shopName}:\n\n${url}\n\nIt works once. If you didn't ask for it, nothing has to be done.`,
          );
        },
      }),
    ],
  });

  const cookieName = auth.$context.then((context) => context.authCookies.sessionToken.name);
  const find = async (id: string): Promise<PersonRecord | null> => {
    const row = await db.selectFrom('user').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? personOf(row) : null;
  };

  return {
    handle: (request) => auth.handler(request),
    async sessionOf({ cookie }) {
      const token = cookie === undefined ? null : cookieValue(cookie, await cookieName);
      if (token === null) return null;
      return cache.get(token, async () => {
        const found = await auth.api.getSession({
          headers: new Headers({ cookie: `${await cookieName}=${token}` }),
          query: { disableRefresh: true },
        });
        return found ? sessionFrom(found.user as unknown as UserRow) : null;
      });
    },
    person: find,
    async people({ search, role, limit, offset }) {
      let query = db.selectFrom('user');
      if (role !== undefined) query = query.where('role', '=', role);
      if (search !== undefined && search !== '') {
        const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
        query = query.where((eb) => eb.or([eb('name', 'ilike', like), eb('email', 'ilike', like)]));
      }
      const { total } = await query
        .select((eb) => eb.fn.countAll<string>().as('total'))
        .executeTakeFirstOrThrow();
      const rows = await query
        .selectAll()
        .orderBy('createdAt', 'desc')
        .orderBy('id')
        .limit(limit)
        .offset(offset)
        .execute();
      return { people: rows.map(personOf), total: Number(total) };
    },
    async setRole(personId, role) {
      const outcome = await db.transaction().execute(async (trx) => {
        // All owners are locked, so that two owners can't unmake each other at once.
        const owners = await trx
          .selectFrom('user')
          .select('id')
          .where('role', '=', 'owner')
          .orderBy('id')
          .forUpdate()
          .execute();
        const person = await trx
          .selectFrom('user')
          .selectAll()
          .where('id', '=', personId)
          .forUpdate()
          .executeTakeFirst();
        if (!person) return refuse('person-unknown');
        if (person.guest && role !== 'shopper') return refuse('role-not-for-guests');
        if (role !== 'owner' && owners.length === 1 && owners[0]?.id === personId)
          return refuse('last-owner');
        await trx.updateTable('user').set({ role }).where('id', '=', personId).execute();
        return personOf({ ...person, role });
      });
      cache.forget(personId);
      return outcome;
    },
    async createOwnerLink() {
      const { internalAdapter, baseURL } = await auth.$context;
      const token = options.random.id(40);
      await internalAdapter.deleteVerificationByIdentifier(ownerLinkId);
      await internalAdapter.createVerificationValue({
        identifier: ownerLinkId,
        value: hashOfToken(token),
        expiresAt: new Date(options.clock.nowMs() + ownerLinkHours * 3600_000),
      });
      return `${baseURL}/owner-link?token=${token}`;
    },
    async needsSetup() {
      const owners = await db
        .selectFrom('user')
        .select('email')
        .where('role', '=', 'owner')
        .execute();
      return owners.every((owner) => isPlaceholder(owner.email));
    },
    async ensurePerson({ name, email, password, role }) {
      const { internalAdapter, password: passwords } = await auth.$context;
      const known = await internalAdapter.findUserByEmail(email.toLowerCase());
      const named = { name, nameKey: nameKey(name) };
      const user =
        known?.user ??
        (await internalAdapter.createUser(
          { email: email.toLowerCase(), emailVerified: true, guest: false, role, ...named },
          { method: 'seed' },
        ));
      if (known) await internalAdapter.updateUser(user.id, { role, ...named });
      const hash = await passwords.hash(password);
      const credential = await internalAdapter.findCredentialAccount(user.id);
      if (credential) await internalAdapter.updateAccount(credential.id, { password: hash });
      else
        await internalAdapter.linkAccount({
          userId: user.id,
          providerId: 'credential',
          accountId: user.id,
          password: hash,
        });
      const person = await find(user.id);
      assert(person !== null, 'a person who was just made is there');
      return person;
    },
    async schemaGaps() {
      const { toBeCreated, toBeAdded } = await getMigrations(auth.options, {
        throwOnUnsafe: false,
      });
      return [...toBeCreated, ...toBeAdded].flatMap(({ table, fields }) =>
        Object.keys(fields).map((field) => `${table}.${field}`),
      );
    },
    async openSession(personId) {
      const { headers } = await auth.api.openSession({ body: { personId }, returnHeaders: true });
      return {
        cookie: headers
          .getSetCookie()
          .map((each) => each.split(';')[0] ?? '')
          .join('; '),
      };
    },
  };
};

const withoutImage = <T extends object>(change: T): Omit<T, 'image'> => {
  const { image: _, ...rest } = change as T & { image?: unknown };
  return rest;
};

const invalidName = (problem: string): APIError =>
  new APIError('UNPROCESSABLE_ENTITY', { code: 'NAME_INVALID', message: problem });

/** At most 24 characters with the number. */
const numbered = (name: string, n: number): string =>
  `${[...name]
    .slice(0, 24 - ` ${n}`.length)
    .join('')
    .trimEnd()} ${n}`;

const roleOf = (text: string): Role => roles.find((role) => role === text) ?? 'shopper';

const sessionFrom = (row: Omit<UserRow, 'nameKey' | 'createdAt'>): Session => ({
  personId: row.id,
  name: row.name,
  role: roleOf(row.role),
  guest: row.guest,
  email: isPlaceholder(row.email) ? null : row.email,
  verified: row.emailVerified && !isPlaceholder(row.email),
});

const personOf = (row: UserRow): PersonRecord => ({
  ...sessionFrom(row),
  createdAt: row.createdAt,
});

/** The value of one cookie as it stands in the header, or null. */
const cookieValue = (header: string, name: string): string | null => {
  for (const part of header.split(';')) {
    const [key, ...rest] = part.trim().split('=');
    if (key === name) return rest.join('=');
  }
  return null;
};
