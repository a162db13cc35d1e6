import { expect, test } from 'vitest';
import type { CommandId, StreamId } from '../../src/base/brand.ts';
import { openPostgresLog } from '../../src/log/postgres-log.ts';
import { databaseAt, freshDatabase } from '../../src/log/testing/postgres.ts';
import { checkStorage } from './storage.ts';

const states = async (address: string | null) =>
  (await checkStorage(address)).map(({ state, says }) => `${state}: ${says}`);

test('a sound log proves itself, and one with a changed event is named with its place', async () => {
  const { url, pool } = await freshDatabase();
  const log = await openPostgresLog({ pool });
  const lease = await log.take('stock-bowl' as StreamId, 'here');
  await log.append({
    stream: lease.stream,
    epoch: lease.epoch,
    expectedVersion: lease.version,
    headHash: lease.headHash,
    commands: [
      {
        commandId: 'count' as CommandId,
        bodyHash: 'x',
        atMs: 1,
        by: null,
        events: [
          { kind: 'StockCounted', data: { onHand: 3 } },
          { kind: 'StockCounted', data: { onHand: 4 } },
        ],
      },
    ],
  });
  expect((await states(url)).at(-1)).toBe(
    'well: the log proves itself: 2 events in the 1 newest streams',
  );

  await pool.query(`update events set data = '{"onHand":9}' where seq = 1`);
  expect((await states(url)).at(-1)).toBe(
    'ill: the log of stock-bowl does not prove itself from event 1 on (hash)',
  );
});

test('a database without tables is told from one that lacks some', async () => {
  const empty = await freshDatabase({ empty: true });
  expect((await states(empty.url)).at(-1)).toMatch(/^ill: no tables yet/);

  const { url, pool } = await freshDatabase();
  await pool.query('delete from migrations where number = 1');
  expect((await states(url)).at(-1)).toBe('ill: tables are behind: 0001-event-log.sql');
});

test('a database that does not answer ends the climb, and no database is passed over', async () => {
  const { url } = await freshDatabase();
  const outcomes = await states(databaseAt(url, 'nowhere'));
  expect(outcomes).toHaveLength(1);
  expect(outcomes[0]).toMatch(/^ill: the database does not answer/);
  expect((await states(null))[0]).toMatch(/^passed-over/);
});
