// The doors of simulcast over the real tables: who may, what is told of keys, and what a wish must be.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDestinations } from '../accounts/destinations.ts';
import { limits } from '../base/limits.ts';
import { systemRandom } from '../base/ports.ts';
import { freshDatabase } from '../log/testing/postgres.ts';
import type { PushState } from '../media/push/push-line.ts';
import type { ShowSummary } from '../protocol/http.ts';
import { frontOf } from './front.ts';
import { createServer } from './server.ts';
import { simulcastRoutes } from './simulcast-routes.ts';

const { pool } = await freshDatabase();
let nowMs = Date.UTC(2026, 10, 26);
const destinations = createDestinations({
  ...{ pool, secret: 'secret', random: systemRandom },
  clock: { nowMs: () => (nowMs += 1) },
});
let changes = 0;
let states: Record<string, PushState> = {};
const tried: object[] = [];
const roles = ['owner', 'host', 'moderator', 'shopper'] as const;
let app: Awaited<ReturnType<typeof createServer>>;

beforeAll(async () => {
  app = await createServer({
    ...{ logger: false, publicUrl: 'http://shop.example', front: frontOf(null), version: 'test' },
    sessionOf: async ({ cookie }) => {
      const role = roles.find((one) => one === cookie);
      return role ? { personId: role, name: role, role, guest: false } : null;
    },
    ...{ readiness: async () => [], metrics: () => '' },
  });
  await app.register(
    simulcastRoutes({
      destinations,
      pushes: {
        changed: async () => void (changes += 1),
        state: (_showId, id) => states[id],
        try: async ({ address, key }) => {
          tried.push({ address, key });
          return { end: null, words: 'It takes the picture.' };
        },
      },
      summary: async (showId) => (showId === 'show-1' ? ({} as ShowSummary) : null),
      nowMs: () => nowMs,
    }),
  );
});
beforeEach(async () => {
  await pool.query('truncate simulcast_destinations cascade');
  changes = 0;
  states = {};
});
afterAll(() => app.close());

const ask = async (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  body?: object,
  who = 'owner',
) => {
  const reply = await app.inject({
    ...{ method, url, headers: { cookie: who } },
    ...(body ? { payload: body } : {}),
  });
  return { status: reply.statusCode, text: reply.body, body: reply.body ? reply.json() : null };
};
const wish = {
  ...{ name: 'Video site', address: 'rtmp://live.example.com/app', key: 'live_0123456789' },
  everyShow: true,
};
const make = async (more: object = {}) =>
  (await ask('POST', '/api/simulcast', { ...wish, ...more })).body.id as string;

test('[SIM-2] a key goes in and never comes out again', async () => {
  const made = await ask('POST', '/api/simulcast', wish);
  expect(made).toMatchObject({ status: 201, body: { ending: '6789', everyShow: true } });
  const { id } = made.body;
  const short = await ask('POST', '/api/simulcast', { ...wish, key: 'secret' });
  expect(short.body.ending).toBe('');
  const texts = [
    made.text,
    (await ask('GET', '/api/simulcast')).text,
    (await ask('GET', '/api/shows/show-1/simulcast')).text,
    (await ask('PUT', `/api/simulcast/${id}`, { ...wish, key: null, name: 'Other' })).text,
  ];
  for (const text of texts) expect(text).not.toContain(wish.key);
  const kept = await pool.query('select key_sealed, ending from simulcast_destinations');
  for (const { key_sealed } of kept.rows) expect(key_sealed.includes(wish.key)).toBe(false);
  expect(await destinations.open(id)).toMatchObject({ name: 'Other', key: wish.key });
});

test('[SIM-2] a kept key goes to no other address', async () => {
  const id = await make();
  const elsewhere = { ...wish, address: 'rtmp://thief.example/app', key: null };
  expect(await ask('PUT', `/api/simulcast/${id}`, elsewhere)).toMatchObject({
    ...{ status: 422, body: { code: 'destination-key-needed' } },
  });
  expect((await ask('PUT', `/api/simulcast/${id}`, { ...elsewhere, key: 'another' })).status).toBe(
    200,
  );
  expect(await destinations.open(id)).toMatchObject({ key: 'another' });
});

test('[SIM-2] owners make and try destinations, who directs switches them, nobody else sees them', async () => {
  const id = await make();
  const doors = [
    ['GET', '/api/simulcast', undefined, 200],
    ['POST', `/api/simulcast/${id}/try`, undefined, 200],
    ['PUT', `/api/simulcast/${id}`, wish, 200],
    ['DELETE', `/api/simulcast/${id}`, undefined, 204],
  ] as const;
  for (const [method, url, body, status] of doors) {
    for (const who of ['host', 'moderator', 'shopper'])
      expect((await ask(method, url, body, who)).status, `${who} ${method} ${url}`).toBe(403);
    expect((await ask(method, url, body, 'nobody')).status).toBe(401);
    expect((await ask(method, url, body)).status).toBe(status);
  }
  expect(tried).toEqual([{ address: wish.address, key: wish.key }]);
  const again = await make();
  const ofShow = '/api/shows/show-1/simulcast';
  for (const who of ['moderator', 'shopper']) {
    expect((await ask('GET', ofShow, undefined, who)).status).toBe(403);
    expect((await ask('PUT', `${ofShow}/${again}`, { isOn: false }, who)).status).toBe(403);
  }
  expect((await ask('PUT', `${ofShow}/${again}`, { isOn: false }, 'host')).status).toBe(204);
});

test('a wish says an address alone, and what is wrong with it', async () => {
  const wrong = [
    ...['http://live.example.com/app', 'rtmp://live.example.com', 'rtmp://live.example.com/'],
    ...['rtmp://me:pw@live.example.com/app', 'rtmp://live.example.com/app?key=1', 'file:///etc'],
    ...['', `rtmp://live.example.com/${'a'.repeat(400)}`, 'rtmp:///app'],
  ];
  for (const address of wrong)
    expect((await ask('POST', '/api/simulcast', { ...wish, address })).status, address).toBe(400);
  for (const key of ['', 'a b', 'ключ', 'k'.repeat(501)])
    expect((await ask('POST', '/api/simulcast', { ...wish, key })).status, key).toBe(400);
  expect((await ask('POST', '/api/simulcast', { ...wish, name: 'a\u0000b' })).status).toBe(400);
  expect(await destinations.all()).toEqual([]);
});

test('[SIM-9] there are limits of a shop and of a show, and switches of a show go before', async () => {
  for (let i = 0; i < limits.simulcastDestinationsMax; i += 1) await make({ everyShow: false });
  expect(await ask('POST', '/api/simulcast', wish)).toMatchObject({
    ...{ status: 409, body: { code: 'destinations-full' } },
  });
  const all = await destinations.all();
  const turn = (id: string, isOn: boolean) =>
    ask('PUT', `/api/shows/show-1/simulcast/${id}`, { isOn });
  for (const { id } of all.slice(0, limits.simulcastPerShowMax))
    expect((await turn(id, true)).status).toBe(204);
  const next = all[limits.simulcastPerShowMax]!;
  expect((await turn(next.id, true)).body.code).toBe('destinations-of-show-full');
  await turn(all[0]!.id, false);
  expect((await turn(next.id, true)).status).toBe(204);
  expect(await destinations.openOf('show-1')).toHaveLength(limits.simulcastPerShowMax);
  expect(await destinations.openOf('show-2')).toEqual([]);
  expect(changes).toBeGreaterThan(limits.simulcastPerShowMax);
  expect((await turn('nowhere', true)).status).toBe(404);
  expect((await ask('GET', '/api/shows/show-9/simulcast')).status).toBe(404);
});

test('where a destination stands is told in times that need no clock of theirs', async () => {
  const [live, dead, off] = [await make(), await make(), await make({ everyShow: false })];
  const common = { bitsPerSecond: 0, droppedPictures: 3, attempts: 1, last: null };
  states = {
    [live]: { ...common, state: 'live', liveSinceMs: nowMs - 5_000, nextAtMs: null },
    [dead]: {
      ...{ ...common, state: 'refused', liveSinceMs: null, nextAtMs: nowMs + 9_000 },
      last: { end: 'refused', words: 'Bad key.', atMs: nowMs },
    },
  };
  const { body } = await ask('GET', '/api/shows/show-1/simulcast');
  expect(body.destinations).toMatchObject([
    { id: live, isOn: true, state: 'live', liveForMs: 5_000, againInMs: null, droppedPictures: 3 },
    { id: dead, isOn: true, state: 'refused', againInMs: 9_000, last: { words: 'Bad key.' } },
    { id: off, isOn: false, state: 'off', liveForMs: null, last: null },
  ]);
});
