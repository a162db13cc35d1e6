// Claims decided in a second when 2,000 buyers want 1,000 units through WebSockets, ten times each. Socket, session,
// limits, decision, PostgreSQL, answer, and the figures told to everybody are all in it. The peer takes the same claims
// by `ws` and one conditional UPDATE transaction each, with 32 connections. Goal: at least 5,000 decisions a second;
// exactly 1,000 held, always. `p50` and `p99` are milliseconds from claim to answer when all claim at once.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/log/embedded-postgres.ts';
import { ask, child, heard } from './children.ts';
import type { FromBuyers, FromServer, ToBuyers, ToServer } from './claims-sockets/talk.ts';
import { type BenchOptions, type BenchResult, percentile, rounded } from './result.ts';

const full = { buyers: 2_000, each: 10, units: 1_000, rounds: 3 };
const short = { buyers: 200, each: 10, units: 100, rounds: 1 };
const buyerProcesses = 2;

type Round = { readonly perSecond: number; readonly waitsMs: readonly number[] };

export default async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const size = quick ? short : full;
  const folder = await mkdtemp(join(tmpdir(), 'rialto-bench-'));
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
  try {
    const own = await rounds('own-server.ts', postgres.url, size);
    const peer = await rounds('peer-server.ts', postgres.url, size);
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
      bench: 'claims-sockets',
      value: rounded(value),
      unit: 'claims/s',
      p50: rounded(percentile(waitsMs, 50)),
      p99: rounded(percentile(waitsMs, 99)),
      peer: { name: 'ws, conditional UPDATE, 32 connections', value: rounded(peerValue) },
      ratio: rounded(value / peerValue),
      details: {
        sockets: size.buyers,
        claims: size.buyers * size.each,
        heldEachRound: size.units,
        percentilesOf: 'ms from claim to answer, all claims at once',
        peerP50Ms: rounded(percentile(peerWaitsMs, 50)),
        peerP99Ms: rounded(percentile(peerWaitsMs, 99)),
      },
    };
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A server and its buyers: one round to warm up, then those that count. */
const rounds = async (file: string, databaseUrl: string, size: typeof full): Promise<Round[]> => {
  const server = child(processFile(file), { RIALTO_BENCH_DATABASE: databaseUrl });
  const buyers = Array.from({ length: buyerProcesses }, (_, index) =>
    child(processFile('buyers.ts'), { RIALTO_BENCH_ADDRESS: `127.0.0.${index + 2}` }),
  );
  try {
    const { port, path } = await heard<FromServer, 'ready'>(server, 'ready');
    const open: ToBuyers = { do: 'open', port, path, count: size.buyers / buyerProcesses };
    await Promise.all(buyers.map((process) => ask<FromBuyers, 'open'>(process, open, 'open')));
    const measured: Round[] = [];
    for (let round = 0; round <= size.rounds; round += 1) {
      const offerId = `o${round}`;
      const offer: ToServer = { do: 'open-offer', offerId, units: size.units };
      await ask<FromServer, 'opened'>(server, offer, 'opened');
      const claim: ToBuyers = { do: 'claim', offerId, each: size.each };
      const answers = await Promise.all(
        buyers.map((process) => ask<FromBuyers, 'claimed'>(process, claim, 'claimed')),
      );
      const held = answers.reduce((sum, answer) => sum + answer.held, 0);
      const decided = answers.reduce((sum, answer) => sum + answer.held + answer.refused, 0);
      if (held !== size.units || decided !== size.buyers * size.each) {
        throw new Error(`${held} of ${size.units} units held by ${decided} claims`);
      }
      const spentMs =
        Math.max(...answers.map(({ endedMs }) => endedMs)) -
        Math.min(...answers.map(({ beganMs }) => beganMs));
      if (round === 0) continue;
      measured.push({
        perSecond: decided / (spentMs / 1000),
        waitsMs: answers.flatMap(({ waitsMs }) => waitsMs),
      });
      console.log(`${file}: ${Math.round(measured.at(-1)?.perSecond ?? 0)} claims/s`);
      // A socket may say so many messages a second; the bucket fills again.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
    }
    return measured;
  } finally {
    for (const process of [...buyers, server]) process.disconnect();
  }
};

const processFile = (file: string): string => join(import.meta.dirname, 'claims-sockets', file);
