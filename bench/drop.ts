// Entries taken in a second while 20,000 people enter a drop of 500 units, through the engine on PostgreSQL, with all of
// them in its room. Then the drop opens: everybody is put in order, 500 get a hold and are told, and the line goes on
// for a while as holds come back. The peer is a queue on the same server: one INSERT … ON CONFLICT transaction an entry,
// one UPDATE … SKIP LOCKED a served one, 32 connections; it chains, tells and proves nothing. Goals: no slower than that;
// the 500 told within half a second; exactly those whose turn it is, none twice, always; a person's cost flat from 2,000
// to 20,000, and at most five messages a second while they wait. `p50` and `p99` are milliseconds from an entry to
// its acknowledgement, when all come at once.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { assert } from '../src/base/assert.ts';
import { type CommandId, type HoldId, type ShowId, showStream } from '../src/base/brand.ts';
import { systemClock } from '../src/base/ports.ts';
import type { DropEvent } from '../src/domain/sale/drop.ts';
import { LineRecount } from '../src/domain/sale/recount.ts';
import { showDecider } from '../src/domain/show/show.ts';
import type { Engine } from '../src/engine/contract.ts';
import { createEngine } from '../src/engine/engine.ts';
import { openPool } from '../src/log/database.ts';
import { startEmbeddedPostgres } from '../src/log/embedded-postgres.ts';
import { type EventLog, readStream } from '../src/log/event-log.ts';
import { migrate } from '../src/log/migrate.ts';
import { openPostgresLog } from '../src/log/postgres-log.ts';
import { Rooms } from '../src/publish/rooms.ts';
import { announced, dropId, enter, host, personOf, variantId } from './drop/announced.ts';
import { Crowd } from './drop/crowd.ts';
import { lineCost } from './drop/line-cost.ts';
import { type PeerRound, peerRound, peerTables } from './drop/peer.ts';
import { type BenchOptions, type BenchResult, percentile, rounded } from './result.ts';

const full = { people: 20_000, units: 500, rounds: 3, watchedMs: 5_000, cost: [2_000, 20_000] };
const short = { people: 2_000, units: 50, rounds: 1, watchedMs: 1_000, cost: [200, 2_000] };
const peerConnections = 32;
/** While the line is watched so many holds come back in a second. */
const backPerSecond = 50;

type Round = {
  readonly perSecond: number;
  readonly waitsMs: readonly number[];
  readonly toldMs: number;
  readonly framesPerSecond: number;
  readonly bytesPerSecond: number;
};

export default async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const size = quick ? short : full;
  setFlagsFromString('--expose_gc');
  globalThis.gc = runInNewContext('gc') as typeof gc;
  const [few, many] = size.cost.map((people) => lineCost(people));
  const folder = await mkdtemp(join(tmpdir(), 'rialto-bench-'));
  const server = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
  const logPool = openPool(server.url, { connectionsMax: 4 });
  const peerPool = openPool(server.url, { connectionsMax: peerConnections });
  try {
    await migrate(logPool);
    const log = await openPostgresLog({ pool: logPool });
    await peerPool.query(peerTables);
    const peerOf = (name: string) =>
      peerRound(peerPool, name, size.people, size.units, peerConnections);

    // Both once unmeasured: compiled code, warm connections.
    await ownRound(log, 'warm', size);
    await peerOf('warm');
    const own: Round[] = [];
    const peer: PeerRound[] = [];
    for (let round = 0; round < size.rounds; round += 1) {
      own.push(await ownRound(log, `show${round}`, size));
      peer.push(await peerOf(`show${round}`));
      console.log(
        `engine ${Math.round(own.at(-1)!.perSecond)} entries/s, told in ${Math.round(own.at(-1)!.toldMs)} ms; ` +
          `peer ${Math.round(peer.at(-1)!.perSecond)}/s, served in ${Math.round(peer.at(-1)!.servedMs)} ms`,
      );
    }
    const median = <T>(rounds: readonly T[], of: (round: T) => number) =>
      percentile(rounds.map(of), 50);
    const value = median(own, ({ perSecond }) => perSecond);
    const peerValue = median(peer, ({ perSecond }) => perSecond);
    const waitsMs = own.flatMap((round) => round.waitsMs);
    return {
      bench: 'drop',
      value: rounded(value),
      unit: 'entries/s',
      p50: rounded(percentile(waitsMs, 50)),
      p99: rounded(percentile(waitsMs, 99)),
      peer: {
        name: `INSERT ON CONFLICT, then UPDATE SKIP LOCKED, ${peerConnections} connections`,
        value: rounded(peerValue),
      },
      ratio: rounded(value / peerValue),
      details: {
        people: size.people,
        units: size.units,
        percentilesOf: 'ms from entry to acknowledgement, all at once',
        openingToLastHoldToldMs: rounded(median(own, ({ toldMs }) => toldMs)),
        peerServedMs: rounded(median(peer, ({ servedMs }) => servedMs)),
        holdsBackPerSecond: backPerSecond,
        waitingFramesPerSecond: rounded(median(own, (round) => round.framesPerSecond)),
        waitingBytesPerSecond: rounded(median(own, (round) => round.bytesPerSecond)),
        fewPeople: few!.people,
        fewBytesEach: rounded(few!.bytes),
        fewEntryUs: rounded(few!.entryUs),
        fewOrderUsEach: rounded(few!.orderUs),
        manyPeople: many!.people,
        manyBytesEach: rounded(many!.bytes),
        manyEntryUs: rounded(many!.entryUs),
        manyOrderUsEach: rounded(many!.orderUs),
      },
    };
  } finally {
    await Promise.all([logPool.end(), peerPool.end()]);
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One show from the announcement on; an engine and rooms of its own, so that no round pays for another's memory. */
const ownRound = async (log: EventLog, name: string, size: typeof full): Promise<Round> => {
  const { people, units, watchedMs } = size;
  const showId = name as ShowId;
  const stream = showStream(showId);
  const engine = createEngine({ log, clock: systemClock, node: 'bench', deciders: [showDecider] });
  const rooms = new Rooms({ log, epoch: 1, countReactions: async () => {} });
  engine.onCommitted((batch) => rooms.committed(batch.stream, batch.events));
  let ids = 0;
  const send = async (...[command, by]: ReturnType<typeof announced>[number]) => {
    const outcome = await engine.send(stream, command, { commandId: `b${++ids}` as CommandId, by });
    assert(outcome.kind === 'done', `${command.kind} was refused`);
  };
  for (const step of announced(units)) await send(...step);
  const crowd = new Crowd((await rooms.open(showId))!, rooms, people);
  await nextTurn();

  const waitsMs: number[] = [];
  const startMs = performance.now();
  await Promise.all(
    Array.from({ length: people }, async (_, nth) => {
      const fromMs = performance.now();
      await send(enter(nth), personOf(nth));
      waitsMs.push(performance.now() - fromMs);
    }),
  );
  const perSecond = (people / (performance.now() - startMs)) * 1_000;

  const openingMs = performance.now();
  const told = crowd.told(units);
  await send({ kind: 'OpenDrop', dropId }, host);
  await told;
  const toldMs = performance.now() - openingMs;

  const before = crowd.waiting();
  const seconds = await letPass(engine, log, showId, watchedMs);
  const after = crowd.waiting();
  await servedInOrder(log, showId, units);
  rooms.close();
  await engine.stop();
  return {
    perSecond,
    waitsMs,
    toldMs,
    framesPerSecond: (after.frames - before.frames) / seconds,
    bytesPerSecond: (after.bytes - before.bytes) / seconds,
  };
};

const nextTurn = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Holds that come back, a few at a time: the next in the line get them. Resolves to the seconds that it took. */
const letPass = async (engine: Engine, log: EventLog, showId: ShowId, ms: number) => {
  const stream = showStream(showId);
  const holds: HoldId[] = [];
  for await (const { kind, data } of readStream(log, stream))
    if (kind === 'HoldPlaced') holds.push((data as unknown as { holdId: HoldId }).holdId);
  const startMs = performance.now();
  let back = 0;
  while (performance.now() - startMs < ms) {
    const due = Math.min(holds.length, ((performance.now() - startMs) / 1_000) * backPerSecond);
    const sent: Promise<unknown>[] = [];
    for (; back < due; back += 1) {
      const command = { kind: 'ReleaseHold', holdId: holds[back]! } as const;
      const commandId = `release-${back}` as CommandId;
      sent.push(engine.send(stream, command, { commandId, by: host }));
    }
    await Promise.all(sent);
    await new Promise((resolve) => void setTimeout(resolve, 5));
  }
  return (performance.now() - startMs) / 1_000;
};

/** Everybody who was served, in the exact order that the seed and the words make, none twice. */
const servedInOrder = async (log: EventLog, showId: ShowId, units: number): Promise<void> => {
  let recount: LineRecount | null = null;
  let served = 0;
  let [placed, gone] = [0, 0];
  for await (const recorded of readStream(log, showStream(showId))) {
    const event = recorded as unknown as DropEvent;
    if (event.kind === 'DropAnnounced') {
      const { seedCommitments } = event.data;
      recount = new LineRecount({ dropId, variantIds: [variantId], tiers: [], seedCommitments });
    }
    if (recorded.kind === 'HoldPlaced') placed += 1;
    if (recorded.kind === 'HoldReleased') gone += 1;
    const why =
      event.kind === 'DropEntered'
        ? recount!.entered(event.data)
        : event.kind === 'DropOpened'
          ? recount!.opened(event.data)
          : event.kind === 'DropServed'
            ? recount!.served(event.data)
            : null;
    assert(why === null, why ?? '');
    if (event.kind === 'DropServed') served += 1;
  }
  assert(
    served === placed && placed - gone === units,
    `${units} units, ${served} served, ${placed} holds placed, ${gone} of them back`,
  );
};
