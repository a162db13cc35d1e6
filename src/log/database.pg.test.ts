// Opening a database: what works, and the sentence a person reads when it doesn't.

import { createServer, type Socket } from 'node:net';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { startOfLog } from './event-log.ts';
import { openPostgresLog } from './postgres-log.ts';
import { sqlWithin } from './sql-within.ts';
import { freshDatabase } from './testing/postgres.ts';

const fresh = await freshDatabase();

const changed = (change: (url: URL) => void): string => {
  const url = new URL(fresh.url);
  url.password = 'very-secret';
  change(url);
  return url.href;
};

test('[LOG-19] an address that works gives a pool and Kysely over it; bigints are numbers', async () => {
  const database = await openDatabase({ url: fresh.url, connectionsMax: 2, name: 'rialto test' });
  expect(
    (
      await database.pool.query(
        'select count(*) as n, application_name from pg_stat_activity where pid = pg_backend_pid() group by 2',
      )
    ).rows,
  ).toEqual([{ n: 1, application_name: 'rialto test' }]);
  expect((await sql`select 9007199254740991::bigint as n`.execute(database.kysely)).rows).toEqual([
    { n: Number.MAX_SAFE_INTEGER },
  ]);
  expect(database.embedded).toBeNull();
  await database.close();
  await database.close();
});

test('[LOG-19] nobody listens there: DATABASE_URL with host and port, never the password', async () => {
  const url = changed((at) => Object.assign(at, { port: '1' }));
  const fault = await openDatabase({ url }).catch((error: unknown) => error as Error);
  expect(fault).toMatchObject({
    code: 'database-unreachable',
    message: 'DATABASE_URL: the database at 127.0.0.1:1 does not answer (connection refused)',
  });
  expect(JSON.stringify(fault) + String((fault as Error).cause)).not.toContain('very-secret');
});

test('[LOG-19] somebody listens there and never answers', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
  const url = changed((at) =>
    Object.assign(at, { port: String((silent.address() as { port: number }).port) }),
  );
  await expect(openDatabase({ url })).rejects.toMatchObject({
    code: 'database-unreachable',
    message: expect.stringContaining('does not answer (within 5 s)'),
  });
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
});

test.each([
  ['a wrong password', changed(() => {}), 'refuses the user or the password'],
  [
    'a database that is not there',
    fresh.url.replace(/\/[^/]*$/, '/nowhere'),
    'has no database of that name',
  ],
])('[LOG-19] %s', async (_what, url, sentence) => {
  await expect(openDatabase({ url })).rejects.toMatchObject({
    code: 'database-unreachable',
    message: expect.stringMatching(new RegExp(`^DATABASE_URL: .*${sentence}`)),
  });
});

test.each([
  'not an address',
  'mysql://user:very-secret@host/db',
  'postgres://user:very-secret@host:99999999/db',
])('[LOG-19] no address at all: %s', async (url) => {
  const fault = await openDatabase({ url }).catch((error: unknown) => error as Error);
  expect(fault).toMatchObject({
    code: 'database-unreachable',
    message: expect.stringContaining('DATABASE_URL'),
  });
  expect(`${(fault as Error).message} ${(fault as Error).cause}`).not.toContain('very-secret');
});

test('[LOG-13] a checkpoint rides in a Kysely transaction', async () => {
  const database = await openDatabase({ url: fresh.url });
  const log = await openPostgresLog({ pool: database.pool });
  const moving = (fail: boolean) =>
    database.kysely.transaction().execute(async (transaction) => {
      await log.setCheckpoint('views', '3:3', {
        expected: startOfLog,
        within: sqlWithin(transaction),
      });
      if (fail) throw new Error('rolled back');
    });
  await expect(moving(true)).rejects.toThrow('rolled back');
  expect(await log.checkpoint('views')).toBe(startOfLog);
  await moving(false);
  expect(await log.checkpoint('views')).toBe('3:3');
  await expect(moving(false)).rejects.toMatchObject({ code: 'checkpoint-moved' });
  await database.close();
});
