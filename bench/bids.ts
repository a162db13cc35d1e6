// Milliseconds until each of 1,000 bids on one lot is acknowledged, when 1,000 bidders send one each at once through
// WebSockets. Session, limits, proxy bidding, PostgreSQL, signed receipt, answer, and the price told to everybody are
// all in it. Then the same sockets bid as fast as they may, for a rate. The peer takes the same bids by `ws` and one
// SELECT … FOR UPDATE transaction each, with 32 connections. Goals: p99 at most 58 ms and the whole in at most 300 ms
// (the best public figures that we know: p99 58 ms, 505 ms); at least 5,000 bids a second on one lot. `value` is the
// p99; what a lot's state costs for each bidder is in the details, at a tenth and at all of the bidders.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/log/embedded-postgres.ts';
import { lotCost } from './bids/lot-cost.ts';
import type { FromBidders, FromServer, ToBidders, ToServer } from './bids/talk.ts';
import { ask, child, heard } from './children.ts';
import { type BenchOptions, type BenchResult, percentile, rounded } from './result.ts';

const full = { bidders: 1_000, each: 20, rounds: 5, cost: [1_000, 10_000] };
const short = { bidders: 200, each: 5, rounds: 1, cost: [100, 1_000] };
/** One process sends in the order of the amounts, so that few come too low; for the rate two offer more. */
const burstProcesses = 1;
const steadyProcesses = 2;

type Round = {
  readonly spentMs: number;
  readonly accepted: number;
  readonly decided: number;
  readonly waitsMs: readonly number[];
};

export default async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const size = quick ? short : full;
  const folder = await mkdtemp(join(tmpdir(), 'rialto-bench-'));
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
  try {
    const own = await measured('own-server.ts', postgres.url, size);
    const peer = await measured('peer-server.ts', postgres.url, size);
    const [few, many] = size.cost.map((bidders) => lotCost(bidders));
    return {
      bench: 'bids',
      value: rounded(own.p99Ms),
      unit: 'ms',
      p50: rounded(own.p50Ms),
      p99: rounded(own.p99Ms),
      peer: { name: 'ws, SELECT FOR UPDATE, 32 connections', value: rounded(peer.p99Ms) },
      ratio: rounded(own.p99Ms / peer.p99Ms),
      details: {
        bids: size.bidders,
        wholeMs: rounded(own.wholeMs),
        peerWholeMs: rounded(peer.wholeMs),
        acceptedShare: rounded(own.acceptedShare),
        peerAcceptedShare: rounded(peer.acceptedShare),
        sustainedPerSecond: rounded(own.perSecond),
        peerSustainedPerSecond: rounded(peer.perSecond),
        fewBidders: few!.bidders,
        fewBytesEach: rounded(few!.bytes),
        fewDecideUs: rounded(few!.decideUs),
        manyBidders: many!.bidders,
        manyBytesEach: rounded(many!.bytes),
        manyDecideUs: rounded(many!.decideUs),
      },
    };
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const measured = async (file: string, databaseUrl: string, size: typeof full) => {
  const bursts = await rounds(file, databaseUrl, size.bidders, 1, size.rounds, burstProcesses);
  const steady = await rounds(file, databaseUrl, size.bidders, size.each, 1, steadyProcesses);
  const waitsMs = bursts.flatMap((round) => round.waitsMs);
  const wholes = bursts.map(({ spentMs }) => spentMs);
  const decided = bursts.reduce((sum, round) => sum + round.decided, 0);
  const accepted = bursts.reduce((sum, round) => sum + round.accepted, 0);
  const [rate] = steady;
  const result = {
    p50Ms: percentile(waitsMs, 50),
    p99Ms: percentile(waitsMs, 99),
    wholeMs: percentile(wholes, 50),
    acceptedShare: accepted / decided,
    perSecond: rate!.decided / (rate!.spentMs / 1000),
  };
  console.log(
    `${file}: p99 ${Math.round(result.p99Ms)} ms, whole ${Math.round(result.wholeMs)} ms, ${Math.round(result.perSecond)} bids/s`,
  );
  return result;
};

/** A server and its bidders: one round to warm up, then those that count, each on a lot of its own. */
const rounds = async (
  file: string,
  databaseUrl: string,
  bidders: number,
  each: number,
  count: number,
  processes: number,
): Promise<Round[]> => {
  const server = child(processFile(file), { RIALTO_BENCH_DATABASE: databaseUrl });
  const crowd = Array.from({ length: processes }, (_, index) =>
    child(processFile('bidders.ts'), { RIALTO_BENCH_ADDRESS: `127.0.0.${index + 2}` }),
  );
  try {
    const { port, path } = await heard<FromServer, 'ready'>(server, 'ready');
    const open: ToBidders = { do: 'open', port, path, count: bidders / processes };
    await Promise.all(crowd.map((process) => ask<FromBidders, 'open'>(process, open, 'open')));
    const counted: Round[] = [];
    for (let round = 0; round <= count; round += 1) {
      const lotId = `l${each}_${round}`;
      const lot: ToServer = { do: 'open-lot', lotId };
      await ask<FromServer, 'opened'>(server, lot, 'opened');
      const answers = await Promise.all(
        crowd.map((process, index) => {
          const bid: ToBidders = { do: 'bid', lotId, each, process: index, processes };
          return ask<FromBidders, 'bid'>(process, bid, 'bid');
        }),
      );
      const accepted = answers.reduce((sum, answer) => sum + answer.accepted, 0);
      const decided = answers.reduce((sum, answer) => sum + answer.accepted + answer.tooLow, 0);
      if (decided !== bidders * each)
        throw new Error(`${decided} of ${bidders * each} bids decided`);
      if (round > 0)
        counted.push({
          accepted,
          decided,
          waitsMs: answers.flatMap(({ waitsMs }) => waitsMs),
          spentMs:
            Math.max(...answers.map(({ endedMs }) => endedMs)) -
            Math.min(...answers.map(({ beganMs }) => beganMs)),
        });
      // A socket may say so many messages a second; the bucket fills again.
      await new Promise((resolve) => setTimeout(resolve, 100 * each));
    }
    return counted;
  } finally {
    for (const process of [...crowd, server]) process.disconnect();
  }
};

const processFile = (file: string): string => join(import.meta.dirname, 'bids', file);
