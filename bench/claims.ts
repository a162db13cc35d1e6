// Claims decided in a second while 20,000 people want 1,000 units, through the engine on PostgreSQL.
// The peer is what shops do: one conditional UPDATE transaction for each claim, with 32 connections, on
// the same server. Goal: at least 15 times as many; aim: 50,000 a second; exactly 1,000 sold, always.
// `p50` and `p99` are milliseconds from the claim to its acknowledgement, when all come at once.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { assert } from '../src/base/assert.ts';
import {
  type CommandId,
  type HoldId,
  type OfferId,
  type PersonId,
  type ProductId,
  type ShowId,
  type StreamId,
  showStream,
  type VariantId,
} from '../src/base/brand.ts';
import { systemClock } from '../src/base/ports.ts';
import { type Actor, system } from '../src/domain/decider.ts';
import { showDecider } from '../src/domain/show/show.ts';
import type { Engine } from '../src/engine/contract.ts';
import { createEngine } from '../src/engine/engine.ts';
import { openPool } from '../src/log/database.ts';
import { startEmbeddedPostgres } from '../src/log/embedded-postgres.ts';
import { migrate } from '../src/log/migrate.ts';
import { openPostgresLog } from '../src/log/postgres-log.ts';
import { type BenchOptions, type BenchResult, percentile, rounded } from './result.ts';

const crowd = { claims: 20_000, units: 1_000 };
const crowdQuick = { claims: 2_000, units: 100 };
const peerConnections = 32;
const rounds = 5;
/** Claims a second of the steady load, and for how long. */
const steady = { perSecond: 10_000, seconds: 3 };

const variantId = 'variant' as VariantId;
const host: Actor = { kind: 'person', id: 'host' as PersonId, name: 'Host', role: 'host' };

interface Round {
  readonly perSecond: number;
  readonly waitsMs: readonly number[];
}

export default async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const { claims, units } = quick ? crowdQuick : crowd;
  const folder = await mkdtemp(join(tmpdir(), 'rialto-bench-'));
  const server = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
  const logPool = openPool(server.url, { connectionsMax: 4 });
  const peerPool = openPool(server.url, { connectionsMax: peerConnections });
  try {
    await migrate(logPool);
    const log = await openPostgresLog({ pool: logPool });
    const engine = createEngine({
      log,
      clock: systemClock,
      node: 'bench',
      deciders: [showDecider],
    });
    await peerPool.query(
      'create table peer_offers (id text primary key, units_left integer not null)',
    );
    await peerPool.query(
      'create table peer_claims (id text primary key, offer text not null, person text not null, at timestamptz not null default now())',
    );

    // Both once unmeasured: compiled code, warm connections.
    await engineRound(engine, logPool, 'warm', claims, units);
    await peerRound(peerPool, 'warm', claims, units);
    const own: Round[] = [];
    const peer: Round[] = [];
    for (let round = 0; round < (quick ? 1 : rounds); round++) {
      own.push(await engineRound(engine, logPool, `show${round}`, claims, units));
      peer.push(await peerRound(peerPool, `show${round}`, claims, units));
      console.log(
        `engine ${Math.round(own.at(-1)!.perSecond)}/s, peer ${Math.round(peer.at(-1)!.perSecond)}/s`,
      );
    }
    const steadyMs = await steadyRound(engine, logPool, quick);
    await engine.stop();

    const value = percentile(
      own.map(({ perSecond }) => perSecond),
      50,
    );
    const peerValue = percentile(
      peer.map(({ perSecond }) => perSecond),
      50,
    );
    const waitsMs = own.flatMap((round) => round.waitsMs);
    const peerWaitsMs = peer.flatMap((round) => round.waitsMs);
    return {
      bench: 'claims',
      value: rounded(value),
      unit: 'claims/s',
      p50: rounded(percentile(waitsMs, 50)),
      p99: rounded(percentile(waitsMs, 99)),
      peer: {
        name: `conditional UPDATE, ${peerConnections} connections`,
        value: rounded(peerValue),
      },
      ratio: rounded(value / peerValue),
      details: {
        claims,
        units,
        soldEachRound: units,
        percentilesOf: 'ms from claim to acknowledgement, all claims at once',
        peerP50Ms: rounded(percentile(peerWaitsMs, 50)),
        peerP99Ms: rounded(percentile(peerWaitsMs, 99)),
        steadyClaimsPerSecond: steady.perSecond,
        steadyP50Ms: rounded(percentile(steadyMs, 50)),
        steadyP99Ms: rounded(percentile(steadyMs, 99)),
      },
    };
  } finally {
    await Promise.all([logPool.end(), peerPool.end()]);
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A live show with an open offer of so many units, one a person. */
const openOffer = async (engine: Engine, name: string, units: number): Promise<StreamId> => {
  const stream = showStream(name as ShowId);
  const productId = 'product' as ProductId;
  const offerId = 'offer' as OfferId;
  const price = { minor: 8600, currency: 'EUR' };
  const steps: [Parameters<Engine['send']>[1], Actor][] = [
    [
      {
        kind: 'PlanShow',
        plan: {
          title: 'Bench',
          showKind: 'demonstration',
          startsAtMs: 0,
          hostId: 'host' as PersonId,
          hostName: 'Host',
          shopName: 'Bench',
          disclosure: 'none',
          isDemo: false,
        },
      },
      host,
    ],
    [
      {
        kind: 'StockShelf',
        items: [
          {
            productId,
            title: 'Vase',
            imageUrl: null,
            provenance: null,
            variants: [{ variantId, title: '', price }],
          },
        ],
      },
      host,
    ],
    [{ kind: 'GoLive' }, host],
    [
      {
        kind: 'OpenOffer',
        terms: {
          offerId,
          productId,
          title: 'Vase',
          perPersonMax: 1,
          durationMs: 3_600_000,
          holdMs: 3_600_000,
          variants: [{ variantId, title: '', price, usualPrice: price, quantity: units }],
        },
      },
      host,
    ],
    [{ kind: 'ConfirmAllocation', offerId, variantId, quantity: units }, system],
  ];
  for (const [nth, [command, by]] of steps.entries()) {
    const outcome = await engine.send(stream, command, {
      commandId: `open-${nth}` as CommandId,
      by,
    });
    assert(outcome.kind === 'done', `${command.kind} was refused`);
  }
  return stream;
};

const claimBy = (engine: Engine, stream: StreamId, nth: number) =>
  engine.send(
    stream,
    {
      kind: 'Claim',
      offerId: 'offer' as OfferId,
      variantId,
      quantity: 1,
      holdId: `hold-${nth}` as HoldId,
    },
    {
      commandId: `claim-${nth}` as CommandId,
      by: {
        kind: 'person',
        id: `person-${nth}` as PersonId,
        name: `Person ${nth}`,
        role: 'shopper',
      },
    },
  );

/** Everybody at once; every claim is acknowledged after what it rests on is on the disk. */
const engineRound = async (
  engine: Engine,
  pool: pg.Pool,
  name: string,
  claims: number,
  units: number,
): Promise<Round> => {
  const stream = await openOffer(engine, name, units);
  const waitsMs: number[] = [];
  let won = 0;
  const startMs = performance.now();
  await Promise.all(
    Array.from({ length: claims }, async (_, nth) => {
      const fromMs = performance.now();
      const { kind } = await claimBy(engine, stream, nth);
      waitsMs.push(performance.now() - fromMs);
      if (kind === 'done') won += 1;
    }),
  );
  const tookMs = performance.now() - startMs;
  const { rows } = await pool.query(
    `select count(*)::integer as sold from events where stream = $1 and kind = 'HoldPlaced'`,
    [stream],
  );
  const { sold } = rows[0] as { sold: number };
  assert(
    won === units && sold === units,
    `${units} units, ${won} told that they won, ${sold} in the log`,
  );
  return { perSecond: (claims / tookMs) * 1_000, waitsMs };
};

/** The same crowd, each claim one statement and one transaction: its best form, one round trip. */
const peerRound = async (
  pool: pg.Pool,
  name: string,
  claims: number,
  units: number,
): Promise<Round> => {
  await pool.query('insert into peer_offers values ($1, $2)', [name, units]);
  const waitsMs: number[] = [];
  let won = 0;
  let next = 0;
  const startMs = performance.now();
  const connection = async (): Promise<void> => {
    const client = await pool.connect();
    while (next < claims) {
      const nth = next++;
      const { rowCount } = await client.query({
        name: 'peer-claim',
        text: `with won as (update peer_offers set units_left = units_left - 1 where id = $1 and units_left >= 1 returning id)
               insert into peer_claims (id, offer, person) select $2, id, $3 from won`,
        values: [name, `${name}-claim-${nth}`, `person-${nth}`],
      });
      // Everybody came at once: who waits for a connection waits too.
      waitsMs.push(performance.now() - startMs);
      won += rowCount ?? 0;
    }
    client.release();
  };
  await Promise.all(Array.from({ length: peerConnections }, connection));
  const tookMs = performance.now() - startMs;
  assert(won === units, `the peer sold ${won} of ${units}`);
  return { perSecond: (claims / tookMs) * 1_000, waitsMs };
};

/** Claims that keep coming at one rate: what a buyer waits while the crowd is there, not at its worst instant. */
const steadyRound = async (engine: Engine, pool: pg.Pool, quick: boolean): Promise<number[]> => {
  const seconds = quick ? 1 : steady.seconds;
  const claims = steady.perSecond * seconds;
  const units = claims / 2;
  const stream = await openOffer(engine, 'steady', units);
  const waitsMs: number[] = [];
  const sent: Promise<void>[] = [];
  const startMs = performance.now();
  while (sent.length < claims) {
    const due = Math.min(
      claims,
      Math.floor(((performance.now() - startMs) / 1_000) * steady.perSecond),
    );
    while (sent.length < due) {
      const fromMs = performance.now();
      sent.push(
        claimBy(engine, stream, sent.length).then(
          () => void waitsMs.push(performance.now() - fromMs),
        ),
      );
    }
    await new Promise((resolve) => void setTimeout(resolve, 1));
  }
  await Promise.all(sent);
  const { rows } = await pool.query(
    `select count(*)::integer as sold from events where stream = $1 and kind = 'HoldPlaced'`,
    [stream],
  );
  assert(
    (rows[0] as { sold: number }).sold === units,
    'the steady crowd bought another number of units than there were',
  );
  return waitsMs;
};
