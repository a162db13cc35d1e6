// Events appended in a second to one stream of the PostgreSQL log, in batches of 100, hashed and durable.
// The peer writes the same events one transaction each, with 32 connections, to a plain table of the same
// server. Goal: 50,000 a second in batches of 100 and more on two cores that do nothing else.
// `p50` and `p99` are milliseconds of one append of 100.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import type { CommandId, StreamId } from '../src/base/brand.ts';
import { openPool } from '../src/log/database.ts';
import { startEmbeddedPostgres } from '../src/log/embedded-postgres.ts';
import type { CommandRecord } from '../src/log/event-log.ts';
import { genesisHash, sealBatch } from '../src/log/hash-chain.ts';
import { migrate } from '../src/log/migrate.ts';
import { openPostgresLog, type PostgresLog } from '../src/log/postgres-log.ts';
import { type BenchOptions, type BenchResult, percentile, rounded } from './result.ts';

const stream = 'show-bench' as StreamId;
const sizes = [1, 10, 100, 1_000] as const;
const measuredSize = 100;
const peerConnections = 32;

type Run = { readonly perSecond: number; readonly tookMs: readonly number[] };

export default async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'rialto-bench-'));
  const server = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
  const logPool = openPool(server.url, { connectionsMax: 2 });
  const peerPool = openPool(server.url, { connectionsMax: peerConnections });
  try {
    await migrate(logPool);
    const log = await openPostgresLog({ pool: logPool });
    const events = quick ? 2_000 : 60_000;
    // Compiled code and warm connections first.
    await appendRun(log, measuredSize, events);
    const runs = new Map<number, Run>();
    for (const size of sizes) {
      runs.set(size, await appendRun(log, size, Math.min(events, size * 1_000)));
      console.log(`batches of ${size}: ${Math.round(runs.get(size)?.perSecond ?? 0)} events/s`);
    }
    const readPerSecond = await readRun(log);
    const peer = await peerRun(peerPool, quick ? 500 : 10_000);
    const measured = runs.get(measuredSize) as Run;
    return {
      bench: 'append',
      value: rounded(measured.perSecond),
      unit: 'events/s',
      p50: rounded(percentile(measured.tookMs, 50)),
      p99: rounded(percentile(measured.tookMs, 99)),
      peer: {
        name: `one INSERT transaction an event, ${peerConnections} connections`,
        value: rounded(peer),
      },
      ratio: rounded(measured.perSecond / peer),
      details: {
        ...Object.fromEntries(
          [...runs].map(([size, { perSecond }]) => [
            `batchesOf${size}PerSecond`,
            rounded(perSecond),
          ]),
        ),
        sealedPerSecond: rounded(sealRun(quick ? 20 : 300)),
        readPerSecond: rounded(readPerSecond),
      },
    };
  } finally {
    await Promise.all([logPool.end(), peerPool.end()]);
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

let commands = 0;

/** What a claim leaves behind: about 220 bytes of data. */
const claim = (): CommandRecord => {
  commands += 1;
  const by = `person-${commands % 5_000}`;
  return {
    commandId: `claim-${commands}` as CommandId,
    bodyHash: '0123456789abcdef0123456789abcdef',
    atMs: 1_795_500_000_000 + commands,
    by,
    events: [
      {
        kind: 'HoldPlaced',
        data: {
          holdId: `hold-${commands}`,
          offerId: 'offer-1',
          variantId: 'variant-1',
          quantity: 1,
          personId: by,
          price: { minor: 3_000, currency: 'EUR' },
          expiresAtMs: 1_795_500_300_000,
        },
      },
    ],
  };
};

/** One batch after the other, as the writer of a stream does it. */
const appendRun = async (log: PostgresLog, size: number, events: number): Promise<Run> => {
  const batches = Array.from({ length: Math.ceil(events / size) }, () =>
    Array.from({ length: size }, claim),
  );
  const { epoch, version, headHash } = await log.take(stream, 'bench');
  let at = { version, headHash };
  const tookMs: number[] = [];
  const startMs = performance.now();
  for (const batch of batches) {
    const fromMs = performance.now();
    at = await log.append({
      stream,
      epoch,
      expectedVersion: at.version,
      headHash: at.headHash,
      commands: batch,
    });
    tookMs.push(performance.now() - fromMs);
  }
  return { perSecond: ((batches.length * size) / (performance.now() - startMs)) * 1_000, tookMs };
};

/** Hashing alone, without a database. */
const sealRun = (rounds: number): number => {
  const batch = Array.from({ length: 1_000 }, claim);
  const startMs = performance.now();
  for (let round = 0; round < rounds; round++) {
    sealBatch(
      { stream, epoch: 1, expectedVersion: 0, headHash: genesisHash, commands: batch },
      'key',
    );
  }
  return ((rounds * batch.length) / (performance.now() - startMs)) * 1_000;
};

/** Everything across streams, a thousand at a time. */
const readRun = async (log: PostgresLog): Promise<number> => {
  let [position, read] = ['0:0', 0];
  const startMs = performance.now();
  for (;;) {
    const page = await log.readAll(position, 1_000);
    if (page.events.length === 0) return (read / (performance.now() - startMs)) * 1_000;
    read += page.events.length;
    position = page.position;
  }
};

const peerRun = async (pool: pg.Pool, events: number): Promise<number> => {
  await pool.query(
    'create table peer_events (id bigint generated always as identity primary key, stream text not null, kind text not null, person text, command_id text not null unique, data jsonb not null, at timestamptz not null default now())',
  );
  let left = events;
  const writer = async () => {
    while (left-- > 0) {
      const { commandId, by, events: made } = claim();
      await pool.query({
        name: 'peer',
        text: 'insert into peer_events (stream, kind, person, command_id, data) values ($1, $2, $3, $4, $5)',
        values: [stream, made[0]?.kind, by, commandId, made[0]?.data],
      });
    }
  };
  const startMs = performance.now();
  await Promise.all(Array.from({ length: peerConnections }, writer));
  return (events / (performance.now() - startMs)) * 1_000;
};
