// What it costs to tell a crowd: 2,000 sockets, 50 chat lines of 200 bytes and a stock change a second.
// Measured is the server's CPU for each message delivered to a socket, against Socket.IO with the same lines, clients
// and machine, in turns. Goals: at most 1/6 of the peer's CPU; p99 at most 120 ms for chat and 25 ms for stock; at
// most 15 KB for each further socket. `p50` and `p99` are milliseconds of chat from said to read.

import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { FromClients, FromServer, ToClients, ToServer } from './fanout/talk.ts';
import { type BenchOptions, type BenchResult, percentile, rounded } from './result.ts';

const full = { sockets: 2_000, fewer: 500, seconds: 15, rounds: 3 };
const short = { sockets: 400, fewer: 100, seconds: 3, rounds: 1 };
const warmSeconds = 3;
/** Two processes with most of the sockets, and one with those who read: one in twenty. */
const readersShare = 1 / 20;
/** They come in mixed, since a frame is written to one after the other. */
const steps = 10;
const ownSide: Side = { file: 'own-server.ts', hello: '{"t":"hello"}' };
const peerSide: Side = { file: 'peer-server.ts', hello: '40' };

type Round = {
  readonly microsPerDelivery: number;
  readonly chatMs: readonly number[];
  readonly stockMs: readonly number[];
  readonly cpuShare: number;
};

export default async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const size = quick ? short : full;
  process.env.RIALTO_BENCH_BASE_MS = String(Math.floor(performance.timeOrigin));
  const audience = Array.from({ length: 3 }, (_, index) =>
    child('listeners.ts', [], { RIALTO_BENCH_ADDRESS: `127.0.0.${index + 2}` }),
  );
  try {
    const own: Round[] = [];
    const peer: Round[] = [];
    for (let round = 0; round < size.rounds; round += 1) {
      own.push(await measure(ownSide, audience, size));
      peer.push(await measure(peerSide, audience, size));
      const now = (rounds: readonly Round[]) =>
        `${rounded(rounds.at(-1)?.microsPerDelivery ?? 0)} us`;
      console.log(`a delivery: own ${now(own)}, peer ${now(peer)}`);
    }
    const ownBytes = await furtherSocketBytes(ownSide, audience, size);
    const peerBytes = await furtherSocketBytes(peerSide, audience, size);
    const median = (rounds: readonly Round[], of: (round: Round) => number) =>
      percentile(rounds.map(of), 50);
    const value = median(own, ({ microsPerDelivery }) => microsPerDelivery);
    const peerValue = median(peer, ({ microsPerDelivery }) => microsPerDelivery);
    const all = (rounds: readonly Round[], of: (round: Round) => readonly number[]) =>
      rounds.flatMap(of);
    const chatMs = all(own, (round) => round.chatMs);
    const stockMs = all(own, (round) => round.stockMs);
    const peerChatMs = all(peer, (round) => round.chatMs);
    const peerStockMs = all(peer, (round) => round.stockMs);
    return {
      bench: 'fanout',
      value: rounded(value),
      unit: 'us CPU/delivery',
      p50: rounded(percentile(chatMs, 50)),
      p99: rounded(percentile(chatMs, 99)),
      peer: { name: 'Socket.IO 4.8', value: rounded(peerValue) },
      ratio: rounded(value / peerValue),
      details: {
        sockets: size.sockets,
        rounds: size.rounds,
        percentilesOf: 'ms of chat from said to read',
        stockP50Ms: rounded(percentile(stockMs, 50)),
        stockP99Ms: rounded(percentile(stockMs, 99)),
        peerChatP99Ms: rounded(percentile(peerChatMs, 99)),
        peerStockP99Ms: rounded(percentile(peerStockMs, 99)),
        furtherSocketBytes: ownBytes,
        peerFurtherSocketBytes: peerBytes,
        serverCpuPercent: rounded(100 * median(own, ({ cpuShare }) => cpuShare)),
        peerServerCpuPercent: rounded(100 * median(peer, ({ cpuShare }) => cpuShare)),
      },
    };
  } finally {
    for (const process of audience) process.disconnect();
  }
}

type House = {
  readonly ask: <T extends FromServer['is']>(
    message: ToServer,
    is: T,
  ) => Promise<Extract<FromServer, { is: T }>>;
  /** So many more of the audience come in. */
  readonly open: (count: number) => Promise<void>;
};

/** A fresh server with an empty house, for as long as `run` takes. */
const withServer = async <T>(
  { file, hello, flags }: { file: string; hello: string; flags: readonly string[] },
  audience: readonly ChildProcess[],
  run: (house: House) => Promise<T>,
): Promise<T> => {
  const server = child(file, flags);
  try {
    const { port, path } = await heard<FromServer, 'ready'>(server, 'ready');
    let sockets = 0;
    const ask: House['ask'] = (message, is) => {
      const answer = heard<FromServer, typeof is>(server, is);
      server.send(message);
      return answer;
    };
    const open = async (count: number) => {
      sockets += count;
      const perStep = count / steps;
      const readers = Math.max(1, Math.round(perStep * readersShare));
      const first = Math.floor((perStep - readers) / 2);
      const shares = [first, perStep - readers - first, readers];
      for (let step = 0; step < steps; step += 1) {
        await Promise.all(
          audience.map((process, index) => {
            const coming = {
              do: 'open',
              port,
              path,
              hello,
              count: shares[index] ?? 0,
              reads: index === 2,
            } as const;
            return told(process, coming, 'open');
          }),
        );
      }
      while ((await ask({ do: 'count' }, 'count')).sockets < sockets) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    return await run({ ask, open });
  } finally {
    await Promise.all(audience.map((process) => told(process, { do: 'end' }, 'ended')));
    server.disconnect();
  }
};

type Side = { readonly file: string; readonly hello: string };

const measure = (
  side: Side,
  audience: readonly ChildProcess[],
  { sockets, seconds }: typeof full,
) =>
  withServer({ ...side, flags: [] }, audience, async ({ ask, open }): Promise<Round> => {
    await open(sockets);
    await ask({ do: 'load', seconds: warmSeconds }, 'loaded');
    await Promise.all(audience.map((process) => told(process, { do: 'clear' }, 'clear')));
    const beganMs = performance.now();
    const { cpuMs, chat, stock } = await ask({ do: 'load', seconds }, 'loaded');
    const spentMs = performance.now() - beganMs;
    const { read, delivered } = await allRead(audience, chat, stock);
    return {
      microsPerDelivery: (cpuMs * 1000) / (delivered * sockets),
      chatMs: read.flatMap(({ chatMs }) => chatMs),
      stockMs: read.flatMap(({ stockMs }) => stockMs),
      cpuShare: cpuMs / spentMs,
    };
  });

/**
 * What each further socket takes of the server's memory, in use: after load and collection, more sockets against
 * fewer. The heap's nursery is kept small, whose size follows the traffic and not the number of sockets.
 */
const furtherSocketBytes = (
  side: Side,
  audience: readonly ChildProcess[],
  { sockets, fewer }: typeof full,
) =>
  withServer(
    { ...side, flags: ['--expose-gc', '--max-semi-space-size=1'] },
    audience,
    async ({ ask, open }) => {
      const resident = async (more: number) => {
        await open(more);
        await ask({ do: 'load', seconds: warmSeconds }, 'loaded');
        return (await ask({ do: 'memory' }, 'memory')).rssBytes;
      };
      const before = await resident(fewer);
      const after = await resident(sockets - fewer);
      return Math.round((after - before) / (sockets - fewer));
    },
  );

/**
 * What the audience read, once nothing comes any more. On a machine that is short of time lines are sampled and two
 * changes become one, as they should; what counts is what arrived. Much less than was said measures nothing.
 */
const allRead = async (audience: readonly ChildProcess[], chat: number, stock: number) => {
  let before = -1;
  for (;;) {
    const read = await Promise.all(
      audience.map((process) => told(process, { do: 'read' }, 'read')),
    );
    const chatCounts = read.flatMap((one) => one.chatCounts);
    const stockCounts = read.flatMap((one) => one.stockCounts);
    const sum = [...chatCounts, ...stockCounts].reduce((total, count) => total + count, 0);
    if (sum === before) {
      const lines = Math.min(...chatCounts);
      const changes = Math.min(...stockCounts);
      // Everyone gets the same, but for pings: those that only count bytes are checked by them.
      const isSame =
        lines === Math.max(...chatCounts) &&
        read.every(({ bytesMin, bytesMax }) => bytesMin > bytesMax * 0.99);
      if (!isSame || lines < chat * 0.95 || changes < stock * 0.8) {
        throw new Error(
          `of ${chat} lines and ${stock} changes a socket got ${lines} and ${changes}, another ${Math.max(...chatCounts)}`,
        );
      }
      return { read, delivered: lines + changes };
    }
    before = sum;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
};

const child = (
  file: string,
  execArgv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess => {
  const started = fork(join(import.meta.dirname, 'fanout', file), {
    execArgv: [...execArgv],
    serialization: 'advanced',
    env: { ...process.env, ...env },
  });
  started.setMaxListeners(50);
  return started;
};

/** The next message of a kind; rejects when the process ends before. */
const heard = <M extends { readonly is: string }, T extends M['is']>(
  from: ChildProcess,
  is: T,
): Promise<Extract<M, { is: T }>> =>
  new Promise((resolve, reject) => {
    const ended = () => reject(new Error(`a process of the bench ended before it was "${is}"`));
    const take = (message: M) => {
      if (message.is !== is) return;
      from.off('message', take);
      from.off('exit', ended);
      resolve(message as Extract<M, { is: T }>);
    };
    from.on('message', take);
    from.once('exit', ended);
  });

const told = <T extends FromClients['is']>(process: ChildProcess, message: ToClients, is: T) => {
  const answer = heard<FromClients, T>(process, is);
  process.send(message);
  return answer;
};
