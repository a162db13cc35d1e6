// PostgreSQL against the contract of the event log, and what only it can get wrong: killed connections,
// swallowed answers, transactions of others, a restored dump.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandId, StreamId } from '../base/brand.ts';
import { openPool } from './database.ts';
import { eventLogContract } from './event-log.contract.ts';
import { type Append, type PositionedEvent, startOfLog } from './event-log.ts';
import { genesisHash } from './hash-chain.ts';
import { openPostgresLog, PostgresLog } from './postgres-log.ts';
import { AnswerEater } from './testing/answer-eater.ts';
import type { LogUnderTest, StoredField } from './testing/log-under-test.ts';
import { freshDatabase } from './testing/postgres.ts';

const database = await freshDatabase({ connectionsMax: 20 });

const truncate = () =>
  database.pool.query(
    'truncate streams, events, snapshots, checkpoints, nodes; update log_base set base = 0',
  );

const columnOf: Record<StoredField, string> = {
  kind: 'kind',
  by: '"by"',
  commandId: 'command_id',
  dataText: 'data',
  withheldText: 'withheld',
  personalText: 'personal',
  salt: 'salt',
  personalHash: 'personal_hash',
  hash: 'hash',
  atMs: 'at_ms',
};

const changedSql = (field: StoredField): string => {
  const column = columnOf[field];
  if (field === 'atMs') return 'at_ms + 1';
  if (field === 'dataText') return "replace(data, '2', '3')";
  if (field === 'salt' || field === 'personalHash' || field === 'hash')
    return `set_byte(${column}, 0, get_byte(${column}, 0) # 1)`;
  return `left(${column}, -1) || 'x'`;
};

/**
 * Resolves once an append waits for a lock in this database. It asks outside of any transaction: inside
 * one, PostgreSQL answers each time with what it saw the first time.
 */
const waitingAppend = async (): Promise<number> => {
  for (;;) {
    const { rows } = await database.pool.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%append_batch%'`,
    );
    if (rows[0] !== undefined) return rows[0].pid;
  }
};

const open = async (): Promise<LogUnderTest> => {
  await truncate();
  const eater = await AnswerEater.start(Number(new URL(database.url).port));
  const relayed = new URL(database.url);
  relayed.port = String(eater.port);
  const pools = [
    openPool(relayed.href, { connectionsMax: 8 }),
    openPool(database.url, { connectionsMax: 8 }),
  ] as const;
  const [log, other] = [
    await openPostgresLog({ pool: pools[0] }),
    await openPostgresLog({ pool: pools[1] }),
  ];
  const changing = async (statement: string, stream: StreamId, seq: number) => {
    expect((await database.pool.query(statement, [stream, seq])).rowCount).toBe(1);
  };
  return {
    log,
    other,
    tamper: (stream, seq, field) =>
      changing(
        `update events set ${columnOf[field]} = ${changedSql(field)} where stream = $1 and seq = $2`,
        stream,
        seq,
      ),
    remove: (stream, seq) =>
      changing('delete from events where stream = $1 and seq = $2', stream, seq),
    async hold(batch) {
      const client = await database.pool.connect();
      await client.query('begin');
      await log.appendWithin(client, batch);
      const end = async (how: string) => {
        await client.query(how);
        client.release();
      };
      return { commit: () => end('commit'), abort: () => end('rollback') };
    },
    async lose(batch, when) {
      if (when === 'after') {
        eater.eat();
        const appended = log.append(batch);
        appended.catch(() => {});
        while ((await other.head(batch.stream)).version === batch.expectedVersion);
        eater.cut();
        return appended;
      }
      const client = await database.pool.connect();
      await client.query('begin');
      await client.query('select from streams where stream = $1 for update', [batch.stream]);
      const appended = log.append(batch);
      appended.catch(() => {});
      await client.query('select pg_terminate_backend($1)', [await waitingAppend()]);
      await appended.catch(() => {});
      await client.query('rollback');
      client.release();
      return appended;
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()));
      await eater.stop();
    },
  };
};

eventLogContract('PostgreSQL log', open);

describe('PostgreSQL log, on its own', () => {
  let log: PostgresLog;
  const show = 'show-a' as StreamId;
  const batchOf = (
    id: string,
    head: { version: number; headHash: string } = { version: 0, headHash: genesisHash },
    epoch = 1,
  ): Append => ({
    stream: show,
    epoch,
    expectedVersion: head.version,
    headHash: head.headHash,
    commands: [
      {
        commandId: id as CommandId,
        bodyHash: 'b',
        atMs: 1,
        by: null,
        events: [{ kind: 'A', data: id }],
      },
    ],
  });

  beforeAll(async () => {
    log = await openPostgresLog({ pool: database.pool });
  });

  test('[LOG-13] a checkpoint inside a transaction moves with it or not at all', async () => {
    await truncate();
    const client = await database.pool.connect();
    await client.query('begin');
    await log.setCheckpoint('views', '4:4', { expected: startOfLog, within: client });
    expect(await log.checkpoint('views')).toBe(startOfLog);
    await client.query('rollback');
    expect(await log.checkpoint('views')).toBe(startOfLog);
    await client.query('begin');
    await log.setCheckpoint('views', '4:4', { expected: startOfLog, within: client });
    await client.query('commit');
    client.release();
    expect(await log.checkpoint('views')).toBe('4:4');
  });

  test('[LOG-13] of runners that move a checkpoint from the same place one succeeds', async () => {
    await truncate();
    const moves = await Promise.allSettled(
      ['1:1', '2:2', '3:3'].map((position) =>
        log.setCheckpoint('views', position, { expected: startOfLog }),
      ),
    );
    expect(moves.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('[LOG-11] writers on many streams and readers at the same time: every reader sees every event once, in the same order', async () => {
    await truncate();
    const streams = Array.from({ length: 6 }, (_, i) => `show-${i}` as StreamId);
    let writing = true;
    const follow = async (): Promise<PositionedEvent[]> => {
      const seen: PositionedEvent[] = [];
      for (let position = startOfLog, last = false; ; ) {
        const page = await log.readAll(position, 7);
        seen.push(...page.events);
        position = page.position;
        if (page.events.length > 0) continue;
        if (last) return seen;
        last = !writing;
      }
    };
    const readers = [follow(), follow(), follow()];
    await Promise.all(
      streams.map(async (stream) => {
        let at = await log.take(stream, 'a');
        for (let i = 0; i < 40; i++)
          at = { ...at, ...(await log.append({ ...batchOf(`c${i}`, at), stream })) };
      }),
    );
    writing = false;
    const [first, ...others] = await Promise.all(readers);
    expect(first).toHaveLength(240);
    for (const other of others) expect(other).toEqual(first);
    for (const stream of streams)
      expect(first!.filter((event) => event.stream === stream).map(({ seq }) => seq)).toEqual(
        Array.from({ length: 40 }, (_, i) => i + 1),
      );
  });

  test('[LOG-10] after a restore into a younger cluster new events sort behind the old ones', async () => {
    await truncate();
    const lease = await log.take(show, 'a');
    const head = await log.append(batchOf('c1', lease));
    // As a dump of a cluster that was three thousand million transactions old.
    await database.pool.query(
      'update events set txn = txn + 3000000000; update streams set last_txn = last_txn + 3000000000',
    );
    await expect(log.append(batchOf('c2', head))).rejects.toMatchObject({
      code: 'log-unavailable',
      detail: { outcome: 'not-written' },
    });
    expect((await log.readAll(startOfLog, 9)).events).toEqual([]);
    await openPostgresLog({ pool: database.pool });
    await log.append(batchOf('c2', head));
    expect((await log.readAll(startOfLog, 9)).events.map(({ commandId }) => commandId)).toEqual([
      'c1',
      'c2',
    ]);
    const { rows } = await database.pool.query('select base from log_base');
    await openPostgresLog({ pool: database.pool });
    expect((await database.pool.query('select base from log_base')).rows).toEqual(rows);
  });

  test('[LOG-7] a database that is not there: nothing was written, and nobody pretends', async () => {
    const pool = openPool('postgres://rialto:x@127.0.0.1:1/rialto');
    await expect(new PostgresLog({ pool }).append(batchOf('c1'))).rejects.toMatchObject({
      code: 'log-unavailable',
      detail: { outcome: 'not-written' },
    });
    await expect(new PostgresLog({ pool }).read(show, 1, 1)).rejects.toMatchObject({
      code: 'log-unavailable',
    });
    await pool.end();
  });

  test('[LOG-7] a full disk is told apart, and leaves nothing', async () => {
    await truncate();
    const lease = await log.take(show, 'a');
    // What the server raises when a page can't be added to a table.
    await database.pool.query(`create function no_room() returns trigger language plpgsql as $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
      create trigger no_room before insert on events for each row execute function no_room()`);
    try {
      await expect(log.append(batchOf('c1', lease))).rejects.toMatchObject({
        code: 'storage-full',
      });
    } finally {
      await database.pool.query('drop trigger no_room on events; drop function no_room');
    }
    expect(await log.append(batchOf('c1', lease))).toMatchObject({ version: 1 });
  });

  test('[LOG-2] what is stored is the canonical text itself', async () => {
    await truncate();
    await log.take(show, 'a');
    await log.append({
      ...batchOf('c1'),
      commands: [
        { ...batchOf('c1').commands[0]!, events: [{ kind: 'A', data: { b: '\n\u0000', a: 1.0 } }] },
      ],
    });
    const { rows } = await database.pool.query('select withheld from events');
    expect(rows).toEqual([{ withheld: '{"a":1,"b":"\\n\\u0000"}' }]);
  });

  test('[LOG-1] a name that would break the columns of a batch is a bug before anything is written', async () => {
    await truncate();
    await log.take(show, 'a');
    for (const change of [
      { by: 'a\nb' },
      { by: '' },
      { commandId: 'a\nb' as CommandId },
      { bodyHash: '' },
    ]) {
      await expect(
        log.append({ ...batchOf('c1'), commands: [{ ...batchOf('c1').commands[0]!, ...change }] }),
      ).rejects.toMatchObject({ code: 'bug' });
    }
    expect(await log.head(show)).toMatchObject({ version: 0 });
  });

  afterAll(async () => {
    await log.close();
  });
});
