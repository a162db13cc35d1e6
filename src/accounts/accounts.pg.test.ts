import { beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock, systemRandom } from '../base/ports.ts';
import { freshDatabase } from '../log/testing/postgres.ts';
import { type Accounts, clientAddressHeader, createAccounts } from './accounts.ts';

const { pool } = await freshDatabase();
const baseUrl = 'http://shop.example:8080';

/** A clock that only moves when told. */
let nowMs = Date.now();
let addresses = 0;
let letters: { to: string; subject: string; text: string }[] = [];
let accounts: Accounts;

const open = (over: { baseUrl?: string } = {}): Accounts =>
  createAccounts({
    pool,
    secret: 'a secret of the tests, 32 characters and more',
    baseUrl: over.baseUrl ?? baseUrl,
    shopName: 'Laguna Ceramics',
    sendLetter: async (letter) => void letters.push(letter),
    clock: { nowMs: () => nowMs },
    random: systemRandom,
  });

beforeEach(async () => {
  await pool.query('truncate "user", session, account, verification cascade');
  nowMs = systemClock.nowMs();
  letters = [];
  accounts = open();
  addresses += 1;
});

type Answer = {
  status: number;
  body: Record<string, unknown> & { user?: { id: string; name: string } };
  cookie: string;
  location: string | null;
};

const request = async (
  path: string,
  body: object | null,
  {
    cookie = '',
    origin = baseUrl,
    on = accounts,
    host = baseUrl,
    address = `10.0.${addresses}.1`,
  } = {},
): Promise<Answer> => {
  const response = await on.handle(
    new Request(`${host}/api/auth${path}`, {
      method: body === null ? 'GET' : 'POST',
      headers: {
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...(cookie === '' ? {} : { cookie }),
        ...(origin === '' ? {} : { origin }),
        [clientAddressHeader]: address,
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  return {
    status: response.status,
    body: text.startsWith('{') ? JSON.parse(text) : {},
    cookie: response.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; '),
    location: response.headers.get('location'),
  };
};

const signUp = (name: string, email: string, password = 'correct horse') =>
  request('/sign-up/email', { name, email, password });

describe('sessions', () => {
  test('[ACC-8] the tables are those that better-auth wants', async () => {
    expect(await accounts.schemaGaps()).toEqual([]);
  });

  test('[ACC-1] a name, an address and a password make an account that is signed in at once', async () => {
    const { cookie, status } = await signUp('Ines', 'Ines@example.org');
    expect(status).toBe(200);
    expect(await accounts.sessionOf({ cookie })).toEqual({
      personId: expect.any(String),
      name: 'Ines',
      role: 'shopper',
      guest: false,
      email: 'ines@example.org',
      verified: false,
    });
    const again = await request('/sign-in/email', {
      email: 'ines@example.org',
      password: 'correct horse',
    });
    expect((await accounts.sessionOf({ cookie: again.cookie }))?.name).toBe('Ines');
  });

  test('[ACC-1] a wrong password, a forged, cut or borrowed cookie is no session', async () => {
    const { cookie } = await signUp('Ines', 'ines@example.org');
    expect(
      (await request('/sign-in/email', { email: 'ines@example.org', password: 'wrong horse' }))
        .status,
    ).toBe(401);
    const [name, value] = cookie.split('=') as [string, string];
    const [token, signature] = decodeURIComponent(value).split('.') as [string, string];
    const forged = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    for (const bad of [
      '',
      'x=y',
      `${name}=`,
      `${name}=${token}`,
      `${name}=${encodeURIComponent(`${token}.${forged}`)}`,
      `${name}=${encodeURIComponent(`other.${signature}`)}`,
      `${name}=%00`,
      `${name}=%`,
    ]) {
      expect(await accounts.sessionOf({ cookie: bad }), bad).toBeNull();
    }
    expect(await accounts.sessionOf({})).toBeNull();
    expect(await accounts.sessionOf({ cookie: `a=b; ${cookie}; c=d` })).not.toBeNull();
  });

  test('[ACC-1] signing out ends the session for the very next request', async () => {
    const { cookie } = await signUp('Ines', 'ines@example.org');
    expect(await accounts.sessionOf({ cookie })).not.toBeNull();
    await request('/sign-out', {}, { cookie });
    expect(await accounts.sessionOf({ cookie })).toBeNull();
  });

  test('[ACC-1] a session that is over in the database is over here when the proof is', async () => {
    const { cookie } = await signUp('Ines', 'ines@example.org');
    expect(await accounts.sessionOf({ cookie })).not.toBeNull();
    await pool.query(`update session set "expiresAt" = now() - interval '1 second'`);
    nowMs += 30_001;
    expect(await accounts.sessionOf({ cookie })).toBeNull();
  });

  test('[ACC-1] a hundred requests with one cookie ask the database once', async () => {
    const { cookie } = await signUp('Ines', 'ines@example.org');
    const asked = vi.spyOn(pool, 'connect');
    await Promise.all(Array.from({ length: 100 }, () => accounts.sessionOf({ cookie })));
    expect(asked.mock.calls.length).toBeLessThanOrEqual(2);
    asked.mockRestore();
  });

  test('[ACC-1] with https the cookie is for TLS alone', async () => {
    const secure = open({ baseUrl: 'https://shop.example' });
    const response = await secure.handle(
      new Request('https://shop.example/api/auth/guest/sign-in', {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: 'https://shop.example' },
        body: '{"name":"Ines"}',
      }),
    );
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Secure-rialto\.session_token=.*HttpOnly.*Secure|Secure.*HttpOnly/,
    );
  });

  test('[ACC-9] a page of another address can’t sign anybody in or out; the host that is asked can', async () => {
    const { cookie } = await signUp('Ines', 'ines@example.org');
    expect((await request('/sign-out', {}, { cookie, origin: 'http://evil.example' })).status).toBe(
      403,
    );
    expect(
      (await request('/sign-out', {}, { cookie, origin: 'http://shop.example:8080.evil.example' }))
        .status,
    ).toBe(403);
    expect(await accounts.sessionOf({ cookie })).not.toBeNull();
    const local = 'http://192.168.1.20:8080';
    expect((await request('/sign-out', {}, { cookie, origin: local, host: local })).status).toBe(
      200,
    );
  });

  test('[ACC-7] the eleventh password within a minute is not looked at', async () => {
    await signUp('Ines', 'ines@example.org');
    const tries = [];
    for (let i = 0; i < 11; i += 1)
      tries.push(
        (
          await request('/sign-in/email', {
            email: 'ines@example.org',
            password: `guess ${i} guess`,
          })
        ).status,
      );
    expect(tries).toEqual([...Array(10).fill(401), 429]);
    expect(
      (
        await request(
          '/sign-in/email',
          { email: 'ines@example.org', password: 'correct horse' },
          { address: '10.9.9.9' },
        )
      ).status,
    ).toBe(200);
  });
});

describe('guests', () => {
  test('[ACC-2] a name is enough; completing keeps the id', async () => {
    const { cookie, body } = await request('/guest/sign-in', { name: 'jo.m' });
    const guest = await accounts.sessionOf({ cookie });
    expect(guest).toEqual({
      personId: body.user?.id,
      name: 'jo.m',
      role: 'shopper',
      guest: true,
      email: null,
      verified: false,
    });
    expect(
      (await request('/complete', { email: 'jo@example.org', password: 'short' }, { cookie }))
        .status,
    ).toBe(400);
    expect(
      (
        await request(
          '/complete',
          { email: 'jo@example.org', password: 'correct horse', name: 'Jo M' },
          { cookie },
        )
      ).status,
    ).toBe(200);
    const complete = {
      personId: body.user?.id,
      name: 'Jo M',
      role: 'shopper',
      guest: false,
      email: 'jo@example.org',
      verified: false,
    };
    expect(await accounts.sessionOf({ cookie })).toEqual(complete);
    const again = await request('/sign-in/email', {
      email: 'jo@example.org',
      password: 'correct horse',
    });
    expect(await accounts.sessionOf({ cookie: again.cookie })).toEqual(complete);
    expect(
      (
        await request(
          '/complete',
          { email: 'other@example.org', password: 'correct horse' },
          { cookie },
        )
      ).status,
    ).toBe(409);
  });

  test('[ACC-2] an address that somebody has is refused, and the guest stays a guest', async () => {
    await signUp('Ines', 'ines@example.org');
    const { cookie } = await request('/guest/sign-in', { name: 'jo.m' });
    expect(
      (
        await request(
          '/complete',
          { email: 'INES@example.org', password: 'correct horse' },
          { cookie },
        )
      ).status,
    ).toBe(422);
    expect((await accounts.sessionOf({ cookie }))?.guest).toBe(true);
  });

  test('[ACC-2] who is signed in stays who they are', async () => {
    const { cookie, body } = await request('/guest/sign-in', { name: 'jo.m' });
    expect((await request('/guest/sign-in', { name: 'somebody' }, { cookie })).body.user).toEqual({
      id: body.user?.id,
      name: 'jo.m',
    });
  });

  test('[ACC-3] a guest with a taken name gets a number, an account is asked for another name', async () => {
    await signUp('Anna', 'anna@example.org');
    expect((await request('/guest/sign-in', { name: 'ANNA' })).body.user?.name).toBe('ANNA 2');
    expect((await request('/guest/sign-in', { name: 'Anna' })).body.user?.name).toBe('Anna 3');
    const second = await signUp('Ánna', 'anna2@example.org');
    expect([second.status, second.body.code, second.body.message]).toEqual([
      422,
      'NAME_INVALID',
      'name-taken',
    ]);
  });

  test('[ACC-3] nobody passes for the crew, neither new nor by renaming', async () => {
    await accounts.ensurePerson({
      name: 'Mina Orsini',
      email: 'mina@example.org',
      password: 'correct horse',
      role: 'host',
    });
    for (const name of [
      'Mina Orsini',
      'M1na 0rsini',
      'Mina Orsini 2',
      'MinaOrsini live',
      'Moderator',
      '<script>',
      'x',
    ]) {
      expect((await request('/guest/sign-in', { name })).status, name).toBe(422);
    }
    const { cookie } = await request('/guest/sign-in', { name: 'jo.m' });
    expect((await request('/update-user', { name: 'mina-orsini' }, { cookie })).status).toBe(422);
    expect((await request('/update-user', { name: 'Jo Mara' }, { cookie })).status).toBe(200);
    expect((await accounts.sessionOf({ cookie }))?.name).toBe('Jo Mara');
  });
});

describe('roles', () => {
  test('[ACC-5] nobody makes themselves somebody', async () => {
    const { cookie, body } = await request('/sign-up/email', {
      name: 'Ines',
      email: 'ines@example.org',
      password: 'correct horse',
      role: 'owner',
      guest: true,
      nameKey: 'x',
    });
    if (cookie !== '') expect((await accounts.sessionOf({ cookie }))?.role).toBe('shopper');
    const own = await signUp('Tomasz', 'tomasz@example.org');
    await request('/update-user', { role: 'owner' }, { cookie: own.cookie });
    expect((await accounts.sessionOf({ cookie: own.cookie }))?.role).toBe('shopper');
    expect(body.role).toBeUndefined();
  });

  test('[ACC-5] a role holds from the next request on and is taken away as fast', async () => {
    const { cookie, body } = await signUp('Ines', 'ines@example.org');
    const id = body.user?.id ?? '';
    expect((await accounts.sessionOf({ cookie }))?.role).toBe('shopper');
    expect(await accounts.setRole(id, 'moderator')).toMatchObject({ role: 'moderator' });
    expect((await accounts.sessionOf({ cookie }))?.role).toBe('moderator');
    await accounts.setRole(id, 'shopper');
    expect((await accounts.sessionOf({ cookie }))?.role).toBe('shopper');
  });

  test('[ACC-5] a guest gets no role, and neither does a stranger', async () => {
    const { body } = await request('/guest/sign-in', { name: 'jo.m' });
    expect(await accounts.setRole(body.user?.id ?? '', 'moderator')).toEqual({
      refused: 'role-not-for-guests',
    });
    expect(await accounts.setRole('nobody', 'moderator')).toEqual({ refused: 'person-unknown' });
  });

  test('[ACC-6] the last owner stays owner, also when two owners unmake each other at once', async () => {
    const a = await accounts.ensurePerson({
      name: 'Ada',
      email: 'ada@example.org',
      password: 'correct horse',
      role: 'owner',
    });
    expect(await accounts.setRole(a.personId, 'host')).toEqual({ refused: 'last-owner' });
    const b = await accounts.ensurePerson({
      name: 'Bo',
      email: 'bo@example.org',
      password: 'correct horse',
      role: 'owner',
    });
    const outcomes = await Promise.all([
      accounts.setRole(a.personId, 'host'),
      accounts.setRole(b.personId, 'host'),
    ]);
    expect(outcomes.filter((outcome) => 'refused' in outcome)).toEqual([{ refused: 'last-owner' }]);
    expect((await accounts.people({ role: 'owner', limit: 10, offset: 0 })).total).toBe(1);
  });

  test('[ACC-5] people are found by name, address and role', async () => {
    await accounts.ensurePerson({
      name: 'Ada',
      email: 'ada@example.org',
      password: 'correct horse',
      role: 'owner',
    });
    await request('/guest/sign-in', { name: 'jo_m' });
    expect(
      (await accounts.people({ search: '_m', limit: 10, offset: 0 })).people.map((each) => [
        each.name,
        each.email,
      ]),
    ).toEqual([['jo_m', null]]);
    expect((await accounts.people({ search: 'ada@', limit: 10, offset: 0 })).total).toBe(1);
    expect(
      (await accounts.people({ limit: 1, offset: 1 })).people.map((each) => each.name),
    ).toEqual(['Ada']);
  });

  test('[ACC-5] seeding a person twice makes one, with the newer role', async () => {
    const seed = { name: 'Mina Orsini', email: 'mina@example.org', password: 'correct horse' };
    const first = await accounts.ensurePerson({ ...seed, role: 'host' });
    expect(await accounts.ensurePerson({ ...seed, role: 'owner' })).toEqual({
      ...first,
      role: 'owner',
    });
    const { cookie } = await accounts.openSession(first.personId);
    expect((await accounts.sessionOf({ cookie }))?.role).toBe('owner');
  });
});

describe('links', () => {
  const follow = (link: string) =>
    request(link.slice(link.indexOf('/api/auth') + '/api/auth'.length), null, { origin: '' });

  test('[ACC-4] the first link makes the owner, signs in once and leads to the office', async () => {
    expect(await accounts.needsSetup()).toBe(true);
    const link = await accounts.createOwnerLink();
    expect(link).toMatch(
      /^http:\/\/shop\.example:8080\/api\/auth\/owner-link\?token=[0-9a-z]{40}$/,
    );
    const first = await follow(link);
    expect([first.status, first.location]).toEqual([302, `${baseUrl}/office`]);
    expect(await accounts.sessionOf({ cookie: first.cookie })).toMatchObject({
      name: 'Owner',
      role: 'owner',
      guest: false,
      email: null,
    });
    expect((await follow(link)).status).toBe(410);
    const complete = await request(
      '/complete',
      { name: 'Ada', email: 'ada@example.org', password: 'correct horse' },
      { cookie: first.cookie },
    );
    expect([complete.status, complete.body.user]).toMatchObject([
      200,
      { name: 'Ada', role: 'owner' },
    ]);
    expect(await accounts.needsSetup()).toBe(false);
    const later = await follow(await accounts.createOwnerLink());
    expect(await accounts.sessionOf({ cookie: later.cookie })).toMatchObject({
      name: 'Ada',
      role: 'owner',
    });
  });

  test('[ACC-4] of two requests at once with one link one signs in', async () => {
    const link = await accounts.createOwnerLink();
    const answers = await Promise.all([follow(link), follow(link), follow(link)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([302, 410, 410]);
    expect((await accounts.people({ role: 'owner', limit: 10, offset: 0 })).total).toBe(1);
  });

  test('[ACC-4] a newer link kills the older, a guess kills none, 24 hours end it', async () => {
    const old = await accounts.createOwnerLink();
    const link = await accounts.createOwnerLink();
    expect((await follow(old)).status).toBe(410);
    expect((await follow(`${baseUrl}/api/auth/owner-link?token=guess`)).status).toBe(410);
    expect((await follow(link)).status).toBe(302);
    nowMs -= 24 * 3600_000;
    expect((await follow(await accounts.createOwnerLink())).status).toBe(410);
  });

  test('[ACC-10] a sign-in link comes by letter and works once', async () => {
    await signUp('Ines', 'ines@example.org');
    expect((await request('/sign-in/magic-link', { email: 'ines@example.org' })).body).toEqual({
      status: true,
    });
    await vi.waitFor(() => expect(letters).toHaveLength(1));
    const [letter] = letters;
    expect(letter?.to).toBe('ines@example.org');
    const link = letter?.text.match(/http\S+/)?.[0] ?? '';
    const answer = await follow(link);
    expect((await accounts.sessionOf({ cookie: answer.cookie }))?.name).toBe('Ines');
    expect((await follow(link)).cookie).toBe('');
  });

  test('[ACC-10] asking for a new password answers the same whether the address is known or not', async () => {
    const { cookie } = await request('/guest/sign-in', { name: 'jo.m' });
    expect(cookie).not.toBe('');
    await signUp('Ines', 'ines@example.org');
    const known = await request('/request-password-reset', { email: 'ines@example.org' });
    const unknown = await request('/request-password-reset', { email: 'nobody@example.org' });
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
    await vi.waitFor(() =>
      expect(letters.map((letter) => letter.to)).toEqual(['ines@example.org']),
    );
  });
});

describe('a verified address', () => {
  const linkIn = (text: string | undefined): string => {
    const [link] = /http:\S+verify-email\S+/.exec(text ?? '') ?? [];
    return (link ?? expect.fail('no link in the letter')).replace(`${baseUrl}/api/auth`, '');
  };
  const asked = async (cookie: string) => {
    const answer = await request('/prove-address', {}, { cookie });
    return { answer, link: linkIn(letters.at(-1)?.text) };
  };
  const isVerified = async (cookie: string) => (await accounts.sessionOf({ cookie }))?.verified;

  test('[ACC-11] the link of the letter verifies it, once and for all', async () => {
    const { cookie } = await signUp('Ines', 'ines@example.org');
    expect(await isVerified(cookie)).toBe(false);
    const { answer, link } = await asked(cookie);
    expect(answer.body).toEqual({ state: 'sent' });
    expect(letters.at(-1)?.to).toBe('ines@example.org');
    // Opened where nobody is signed in: a mail program, another device.
    const opened = await request(link, null);
    expect([opened.status, opened.location]).toEqual([302, '/account?address=verified']);
    expect(await isVerified(cookie)).toBe(true);
    expect((await request(link, null)).location).toBe('/account?address=verified');
    const sent = letters.length;
    expect((await request('/prove-address', {}, { cookie })).body).toEqual({ state: 'verified' });
    expect(letters).toHaveLength(sent);
  });

  test('[ACC-11] a changed link verifies nothing and leads back with its problem', async () => {
    const { cookie } = await signUp('Ines', 'ines@example.org');
    const { link } = await asked(cookie);
    const changed = link.replace(/token=([^&]+)/, (_, token: string) => `token=${token}x`);
    expect((await request(changed, null)).location).toBe(
      '/account?address=verified&error=INVALID_TOKEN',
    );
    expect(await isVerified(cookie)).toBe(false);
  });

  test('[ACC-11] an hour later the link is too old', async () => {
    const { cookie } = await signUp('Ines', 'ines@example.org');
    const { link } = await asked(cookie);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_601_000 });
    try {
      expect((await request(link, null)).location).toContain('error=TOKEN_EXPIRED');
    } finally {
      vi.useRealTimers();
    }
    expect(await isVerified(cookie)).toBe(false);
  });

  test('[ACC-11] nobody asks for a letter to another’s address, and who has none is told so', async () => {
    await signUp('Ines', 'ines@example.org');
    expect((await request('/prove-address', {})).status).toBe(401);
    const stranger = { email: 'ines@example.org' };
    expect((await request('/send-verification-email', stranger)).status).toBe(404);
    const guest = await request('/guest/sign-in', { name: 'Nora' });
    const answer = await request('/prove-address', {}, { cookie: guest.cookie });
    expect([answer.status, answer.body.code]).toEqual([403, 'ADDRESS_MISSING']);
    expect(letters).toEqual([]);
  });

  test('[ACC-7] letters are asked for a few times a minute', async () => {
    const { cookie } = await signUp('Ines', 'ines@example.org');
    const statuses: number[] = [];
    for (let nth = 0; nth < 6; nth += 1)
      statuses.push((await request('/prove-address', {}, { cookie })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  });
});
