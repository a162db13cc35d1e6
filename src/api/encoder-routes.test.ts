// The doors of stream keys and the rights that a key gives, over keys in memory: who may, whose they are, what a wrong
// one gets. That real encoders come in with them is in e2e/encoder.e2e.ts.

import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StreamKey, StreamKeys } from '../accounts/stream-keys.ts';
import { limits } from '../base/limits.ts';
import type { EncoderReport } from '../protocol/encoder.ts';
import type { ShowSummary } from '../protocol/http.ts';
import type { You } from '../protocol/socket.ts';
import { encoderRoutes } from './encoder-routes.ts';
import { frontOf } from './front.ts';
import { mediaRights } from './media-rights.ts';
import { registerProblems } from './problem-reply.ts';
import { StreamKeyDesk } from './stream-key-desk.ts';
import { registerOriginGuard } from './visitor.ts';
import { whipWhep } from './whip-whep.ts';

/** The contract of the table, kept in a list; the table's own test is stream-keys.pg.test.ts. */
const keysInMemory = (): StreamKeys & { readonly secrets: Map<string, StreamKey> } => {
  const secrets = new Map<string, StreamKey>();
  let count = 0;
  const all = () => [...secrets.values()];
  const put = (key: StreamKey) => {
    const secret = `rk_${String(++count).padStart(32, '0')}`;
    const made = { ...key, ending: secret.slice(-4) };
    secrets.set(secret, made);
    return { key: made, secret };
  };
  const drop = (keyId: string) => {
    const found = [...secrets].find(([, key]) => key.id === keyId);
    if (found) secrets.delete(found[0]);
    return found?.[1];
  };
  return {
    secrets,
    ofShow: async (showId) => all().filter((key) => key.showId === showId),
    ofHost: async (personId) =>
      all().filter((key) => key.showId === null && key.personId === personId),
    get: async (keyId) => all().find((key) => key.id === keyId) ?? null,
    find: async (secret) => secrets.get(secret) ?? null,
    make: async (wanted) =>
      put({ ...wanted, id: `key-${count}`, ending: '', createdAtMs: 1, lastUsedAtMs: null }),
    async rotate(keyId) {
      const key = drop(keyId);
      return key ? put(key) : null;
    },
    async setTakeOver(keyId, takeOver) {
      for (const [secret, key] of secrets)
        if (key.id === keyId) secrets.set(secret, { ...key, takeOver });
      return all().find((key) => key.id === keyId) ?? null;
    },
    revoke: async (keyId) => drop(keyId) !== undefined,
    used: async () => {},
  };
};

const you = (personId: string, role: You['role']): You =>
  ({ personId, name: personId, role, guest: false, membership: null }) as You;
const shows: Record<string, Pick<ShowSummary, 'phase' | 'hostId' | 'isDemo'>> = {
  'show-1': { phase: 'live', hostId: 'mina', isDemo: false },
  'show-2': { phase: 'planned', hostId: 'otto', isDemo: false },
  'show-old': { phase: 'ended', hostId: 'mina', isDemo: false },
};

let app: FastifyInstance;
let keys: ReturnType<typeof keysInMemory>;
let desk: StreamKeyDesk;
let roles: Record<string, string>;
let who: You | null;
let sessions: Map<string, string>;
let nowMs: number;
let report: EncoderReport | null;
let whipReport: EncoderReport | null;

beforeEach(async () => {
  keys = keysInMemory();
  roles = { mina: 'host', otto: 'owner' };
  who = you('mina', 'host');
  sessions = new Map();
  nowMs = 1_000_000;
  report = null;
  whipReport = null;
  const summary = async (showId: string) => (shows[showId] as ShowSummary | undefined) ?? null;
  const media = {
    leave: async (sessionId: string) => sessions.delete(sessionId),
    session: (sessionId: string) =>
      sessions.has(sessionId)
        ? { showId: sessions.get(sessionId)!, role: 'publisher' as const, iceUfrag: null }
        : undefined,
  };
  desk = new StreamKeyDesk({
    keys,
    media,
    accounts: {
      person: async (personId) => ({ id: personId, role: roles[personId] ?? 'shopper' }) as never,
    },
    summary,
    showOfHost: async (personId) =>
      Object.keys(shows).find(
        (id) => shows[id]?.hostId === personId && shows[id]?.phase !== 'ended',
      ) ?? null,
    clock: { nowMs: () => nowMs },
  });
  app = Fastify() as unknown as FastifyInstance;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  registerProblems(app);
  registerOriginGuard(app, frontOf(null), 'https://shop.example');
  app.decorateRequest('you', null);
  app.addHook('onRequest', async (request) => {
    request.you = who;
  });
  await app.register(
    encoderRoutes({
      ...{ keys, desk, summary },
      ingest: { port: 1935, report: (showId) => (showId === 'show-1' ? report : null) },
      whip: { report: (showId) => (showId === 'show-1' ? whipReport : null) },
      publicUrl: 'https://shop.example',
    }),
  );
  const door = { refusal: async () => null };
  await app.register(
    whipWhep({
      media: {
        ...media,
        publish: async (showId) => {
          const sessionId = `session-${sessions.size + 1}`;
          sessions.set(sessionId, showId);
          return { sessionId, answerSdp: 'v=0\r\n' };
        },
        watch: async () => ({ sessionId: 'viewer', answerSdp: 'v=0\r\n' }),
      },
      ...mediaRights('camera', summary, door, desk, async () => null),
      onKeySession: ({ sessionId, keyId }) => desk.began(sessionId, keyId),
    }),
  );
});
afterEach(() => app.close());

const ask = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
  app.inject({ method, url, ...(payload ? { payload } : {}) });
const makeKey = async (
  show = 'show-1',
  takeOver = false,
): Promise<{ id: string; secret: string }> => {
  const made = await ask('POST', `/api/shows/${show}/stream-keys`, { takeOver });
  expect(made.statusCode).toBe(201);
  return made.json();
};
const whip = (show: string, bearer: string | null, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: `/whip/${show}`,
    payload: 'v=0\r\n',
    headers: {
      'content-type': 'application/sdp',
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...headers,
    },
  });

describe('the doors of keys', () => {
  test('[ING-1] tell the secret once, and where an encoder sends to', async () => {
    const made = await ask('POST', '/api/shows/show-1/stream-keys', { takeOver: true });
    expect(made.headers['cache-control']).toBe('no-store');
    const { secret } = made.json();
    expect(secret).toMatch(/^rk_/);
    const list = await ask('GET', '/api/shows/show-1/stream-keys');
    expect(list.json()).toEqual({
      keys: [
        expect.objectContaining({
          kind: 'show',
          ending: secret.slice(-4),
          takeOver: true,
          onAir: false,
        }),
      ],
      addresses: {
        rtmp: 'rtmp://shop.example:1935/live',
        whip: 'https://shop.example/whip/show-1',
      },
    });
    expect(list.body).not.toContain(secret);
  });

  test.each([
    ['a stranger', null, 401],
    ['a shopper', you('ines', 'shopper'), 403],
    ['a moderator', you('mo', 'moderator'), 403],
  ] as const)('[ING-2] are closed to %s', async (_who, visitor, status) => {
    const { id } = await makeKey();
    who = visitor;
    for (const [method, url] of [
      ['GET', '/api/shows/show-1/stream-keys'],
      ['POST', '/api/shows/show-1/stream-keys'],
      ['POST', `/api/shows/show-1/stream-keys/${id}/rotate`],
      ['PATCH', `/api/shows/show-1/stream-keys/${id}`],
      ['DELETE', `/api/shows/show-1/stream-keys/${id}`],
      ['GET', '/api/me/stream-keys'],
      ['GET', '/api/shows/show-1/encoder'],
    ] as const) {
      const answer = await ask(
        method,
        url,
        method === 'POST' || method === 'PATCH' ? {} : undefined,
      );
      expect([url, answer.statusCode]).toEqual([url, status]);
    }
    expect(keys.secrets.size).toBe(1);
  });

  test('[ING-2] don’t reach keys of another show or another host', async () => {
    const { id } = await makeKey();
    const own = (await ask('POST', '/api/me/stream-keys', {})).json();
    who = you('otto', 'owner');
    for (const url of [
      `/api/shows/show-2/stream-keys/${id}`,
      `/api/me/stream-keys/${id}`,
      `/api/me/stream-keys/${own.id}`,
      `/api/shows/show-1/stream-keys/${own.id}`,
    ]) {
      const answer = await ask('DELETE', url);
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'stream-key-unknown']);
    }
    expect((await ask('GET', '/api/me/stream-keys')).json().keys).toEqual([]);
    expect((await ask('POST', '/api/shows/nowhere/stream-keys', {})).json().code).toBe(
      'show-unknown',
    );
    expect(
      (await ask('DELETE', `/api/shows/show-1/stream-keys/${encodeURIComponent('../x')}`))
        .statusCode,
    ).toBe(400);
  });

  test('[ING-9] give what the show’s encoder sends', async () => {
    expect((await ask('GET', '/api/shows/show-1/encoder')).json()).toEqual({ report: null });
    report = {
      ...{
        showId: 'show-1',
        sessionId: 's',
        state: 'on',
        atMs: 1,
        encoder: 'obs',
        video: null,
        audio: null,
      },
      complaints: [{ code: 'b-frames', outcome: 'remade', found: null, figure: null }],
    };
    expect((await ask('GET', '/api/shows/show-1/encoder')).json()).toEqual({ report });
    expect((await ask('GET', '/api/shows/show-2/encoder')).json()).toEqual({ report: null });
    const shown = async () => (await ask('GET', '/api/shows/show-1/encoder')).json().report;
    whipReport = { ...report, sessionId: 'by-whip', atMs: report.atMs - 1 };
    expect((await shown()).sessionId).toBe(report.sessionId);
    report = { ...report, state: 'ended', atMs: report.atMs + 1 };
    expect((await shown()).sessionId).toBe('by-whip');
    whipReport = { ...whipReport, state: 'ended' };
    expect((await shown()).sessionId).toBe(report.sessionId);
  });
});

describe('a key', () => {
  test('[ING-4] publishes its show by WHIP, whoever is signed in beside it', async () => {
    const { id, secret } = await makeKey();
    who = you('ines', 'shopper');
    const answer = await whip('show-1', secret);
    expect(answer.statusCode).toBe(201);
    expect(desk.onAir(id)).toBe(true);
    const session = answer.headers.location as string;
    who = null;
    expect((await app.inject({ method: 'DELETE', url: session })).statusCode).toBe(401);
    const ended = await app.inject({
      method: 'DELETE',
      url: session,
      headers: { authorization: `bearer ${secret}` },
    });
    expect(ended.statusCode).toBe(200);
    expect(desk.onAir(id)).toBe(false);
  });

  test('[ING-3] [ING-4] publishes nothing else', async () => {
    const { secret } = await makeKey();
    const old = await makeKey('show-old');
    const cases = [
      ['show-2', secret, 403, 'stream-key-elsewhere'],
      ['nowhere', secret, 403, 'stream-key-elsewhere'],
      ['show-old', old.secret, 409, 'show-ended'],
      ['show-1', 'rk_wrong', 401, 'stream-key-invalid'],
      ['show-1', 'x'.repeat(10_000), 401, 'stream-key-invalid'],
      // The demo's camera is nobody in a show that isn't the demo's.
      ['show-1', 'camera', 401, 'stream-key-invalid'],
    ] as const;
    for (const [show, bearer, status, code] of cases) {
      const answer = await whip(show, bearer);
      expect([show, answer.statusCode, answer.json().code]).toEqual([show, status, code]);
    }
    roles.mina = 'shopper';
    expect((await whip('show-1', secret)).json().code).toBe('stream-key-invalid');
    expect(sessions.size).toBe(0);
  });

  test('[ING-3] says of an encoder without a show which it may, or why not', async () => {
    const { secret, id } = await makeKey();
    const old = await makeKey('show-old');
    const own = (await ask('POST', '/api/me/stream-keys', { takeOver: true })).json();
    expect(await desk.ask(secret, '1.2.3.4')).toEqual({
      ok: true,
      keyId: id,
      showId: 'show-1',
      takeOver: false,
    });
    expect(await desk.ask(own.secret, '1.2.3.4')).toMatchObject({
      showId: 'show-1',
      takeOver: true,
    });
    expect(await desk.ask(old.secret, '1.2.3.4')).toEqual({ ok: false, why: 'show-ended' });
    expect(await desk.ask('rk_wrong', '1.2.3.4')).toEqual({ ok: false, why: 'key' });
  });

  test('[ING-2] of a host is for the shows that they host', async () => {
    const own = (await ask('POST', '/api/me/stream-keys', {})).json();
    expect((await whip('show-1', own.secret)).statusCode).toBe(201);
    expect((await whip('show-2', own.secret)).json().code).toBe('stream-key-elsewhere');
  });

  test.each([
    ['withdrawn', (id: string) => ask('DELETE', `/api/shows/show-1/stream-keys/${id}`), 204],
    [
      'given another secret',
      (id: string) => ask('POST', `/api/shows/show-1/stream-keys/${id}/rotate`),
      200,
    ],
  ] as const)(
    '[ING-5] that is %s ends what is published with it, and no other',
    async (_what, change, status) => {
      const { id, secret } = await makeKey();
      const other = await makeKey('show-1');
      await whip('show-1', secret);
      await whip('show-1', other.secret);
      expect(
        (await ask('GET', '/api/shows/show-1/stream-keys'))
          .json()
          .keys.map((key: { onAir: boolean }) => key.onAir),
      ).toEqual([true, true]);
      expect((await change(id)).statusCode).toBe(status);
      expect([...sessions.keys()]).toEqual(['session-2']);
      expect((await whip('show-1', secret)).json().code).toBe('stream-key-invalid');
    },
  );

  test('[ING-6] isn’t asked after too many wrong ones from an address, for a while', async () => {
    const { secret } = await makeKey();
    for (let count = 0; count < limits.wrongStreamKeysMax; count++)
      expect((await desk.ask(`rk_wrong${count}`, '6.6.6.6')).ok).toBe(false);
    expect(await desk.ask(secret, '6.6.6.6')).toEqual({ ok: false, why: 'too-many' });
    expect((await desk.ask(secret, '7.7.7.7')).ok).toBe(true);
    nowMs += limits.wrongStreamKeysMs;
    expect((await desk.ask(secret, '6.6.6.6')).ok).toBe(true);
  });

  test('[ING-11] comes from a page of another site too; a cookie alone doesn’t', async () => {
    const { secret } = await makeKey();
    const elsewhere = { origin: 'https://elsewhere.example' };
    expect((await whip('show-1', secret, elsewhere)).statusCode).toBe(201);
    expect((await whip('show-1', secret, { ...elsewhere, cookie: 'a=b' })).statusCode).toBe(201);
    const ridden = await whip('show-1', null, { ...elsewhere, cookie: 'a=b' });
    expect([ridden.statusCode, ridden.json().code]).toEqual([403, 'origin-refused']);
    const other = await app.inject({
      method: 'POST',
      url: '/api/shows/show-1/stream-keys',
      payload: {},
      headers: { ...elsewhere, authorization: `Bearer ${secret}` },
    });
    expect(other.json().code).toBe('origin-refused');
  });
});
