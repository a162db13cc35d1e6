// A buyer's own limits through their doors, and found again by a program that starts anew.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PersonId, personStream } from '../base/brand.ts';
import { systemClock, systemRandom } from '../base/ports.ts';
import { limitsDecider } from '../domain/person/limits.ts';
import type { Engine } from '../engine/contract.ts';
import { createEngine } from '../engine/engine.ts';
import { openDatabase } from '../log/database.ts';
import { openPostgresLog, type PostgresLog } from '../log/postgres-log.ts';
import { freshDatabase } from '../log/testing/postgres.ts';
import type { LimitsView } from '../protocol/limits.ts';
import { allLimits, limitsView } from '../views/limits.ts';
import { LimitsBook } from '../views/limits-book.ts';
import { Projector } from '../views/projector.ts';
import type { ViewTables } from '../views/tables.ts';
import { frontOf } from './front.ts';
import { limitsRoutes } from './limits-routes.ts';
import { createServer } from './server.ts';

const { url } = await freshDatabase();
const database = await openDatabase<ViewTables>({ url });
let log: PostgresLog;
let engine: Engine;
let projector: Projector;
let book: LimitsBook;
let app: Awaited<ReturnType<typeof createServer>>;

const onFault = (error: unknown) => {
  throw error;
};
const bookOf = (from: Engine) => {
  const made = new LimitsBook({ log, onFault });
  from.onCommitted(({ stream, events }) => made.committed(stream, events));
  return made;
};

beforeAll(async () => {
  log = await openPostgresLog({ pool: database.pool });
  engine = createEngine({ log, clock: systemClock, node: 'test', deciders: [limitsDecider] });
  book = bookOf(engine);
  book.open([]);
  projector = new Projector({
    log,
    db: database.kysely,
    views: [limitsView],
    clock: systemClock,
    onFault,
  });
  await projector.start();
  app = await createServer({
    logger: false,
    publicUrl: 'http://shop.example',
    front: frontOf(null),
    version: 'test',
    sessionOf: async ({ cookie }) =>
      cookie === undefined
        ? null
        : { personId: cookie, name: cookie, role: 'shopper', guest: false },
    readiness: async () => [],
    metrics: () => '',
  });
  const clock = systemClock;
  await app.register(limitsRoutes({ engine, book, clock, random: systemRandom, currency: 'EUR' }));
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await engine.stop();
  await projector.stop();
  await database.close();
});

const ask = async (method: 'GET' | 'PUT', cookie: string | null, payload?: object) => {
  const headers = cookie === null ? {} : { cookie };
  const answer = await app.inject({
    method,
    url: '/api/me/limits',
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, body: answer.json() };
};
const wish = {
  dayMinor: 20_000,
  showMinor: null,
  confirmAboveMinor: 5_000,
  watchMinutes: 90,
  utcOffsetMinutes: 60,
};

test('[LIM-1] [LIM-2] [LIM-3] somebody sets limits and sees what counts and what will; nobody else does', async () => {
  expect((await ask('GET', null)).status).toBe(401);
  expect((await ask('PUT', null, wish)).status).toBe(401);
  expect(await ask('PUT', 'ines', { ...wish, dayMinor: -1 })).toMatchObject({
    status: 422,
    body: { code: 'limits-invalid', field: 'dayMinor' },
  });
  const set = (await ask('PUT', 'ines', wish)).body as LimitsView;
  expect(set).toMatchObject({ limits: wish, pending: [], today: { leftMinor: 20_000 } });
  const raised = (await ask('PUT', 'ines', { ...wish, dayMinor: null })).body as LimitsView;
  expect(raised.limits).toEqual(wish);
  expect(raised.pending).toEqual([{ limit: 'dayMinor', value: null, fromMs: expect.any(Number) }]);
  expect((await ask('GET', 'ines')).body).toMatchObject({ pending: raised.pending });
  expect((await ask('GET', 'tomasz')).body).toMatchObject({
    limits: { dayMinor: null, watchMinutes: null },
    pending: [],
  });
  const kept = (await ask('PUT', 'ines', wish)).body as LimitsView;
  expect(kept.pending).toEqual([]);
});

test('[LIM-3] what is no limit at all is refused before it is asked', async () => {
  expect((await ask('PUT', 'ines', { dayMinor: '12' })).status).toBe(400);
});

test('the book of a program that starts anew is what the log says, also of what was committed meanwhile', async () => {
  const ines = personStream('ines' as PersonId);
  const { seq } = await engine.head(ines);
  await projector.reached(ines, seq);
  const known = await allLimits(database.kysely);
  const late = bookOf(engine);
  await ask('PUT', 'ines', { ...wish, dayMinor: 10_000 });
  expect(late.has('ines')).toBe(false);
  late.open(known);
  expect(late.of('ines')).toEqual(book.of('ines'));
  expect(late.has('ines')).toBe(true);
  // Another node wrote what this one was never told.
  const behind = bookOf(engine);
  behind.open([]);
  await ask('PUT', 'ines', { ...wish, dayMinor: 9_000 });
  await expect.poll(() => behind.of('ines')).toEqual(book.of('ines'));
});
