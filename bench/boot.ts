// From `npm start` to a server that is ready, with everything installed and data in its folder.
// The peer starts PostgreSQL and a bare Fastify and nothing else, so the ratio says what Rialto adds. Goal: 4 s.

import { type BenchOptions, type BenchResult, percentile, rounded } from './result.ts';
import { startServer, temporaryData } from './server.ts';

/** Starts of each, in turn. */
const rounds = 7;
const roundsQuick = 2;

export default async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const data = temporaryData();
  const rialto = ['npm', 'start', '--', '--bare'] as const;
  const peer = [process.execPath, 'bench/boot-peer.ts'] as const;
  try {
    const firstMs = await once(rialto, data.path);
    await once(peer, data.path);
    console.log(`first start, on an empty folder: ${Math.round(firstMs)} ms`);

    const rialtoMs: number[] = [];
    const peerMs: number[] = [];
    for (let round = 0; round < (quick ? roundsQuick : rounds); round++) {
      rialtoMs.push(await once(rialto, data.path));
      peerMs.push(await once(peer, data.path));
      console.log(
        `npm start ${Math.round(rialtoMs.at(-1) ?? 0)} ms, peer ${Math.round(peerMs.at(-1) ?? 0)} ms`,
      );
    }
    const value = rounded(percentile(rialtoMs, 50));
    const peerValue = rounded(percentile(peerMs, 50));
    return {
      bench: 'boot',
      value,
      unit: 'ms',
      p50: value,
      p99: rounded(percentile(rialtoMs, 99)),
      peer: { name: 'PostgreSQL and a bare Fastify', value: peerValue },
      ratio: rounded(value / peerValue),
      details: { firstStartMs: rounded(firstMs) },
    };
  } finally {
    data.remove();
  }
}

/** One start and a clean stop; milliseconds until ready. */
async function once(command: readonly [string, ...string[]], dataFolder: string): Promise<number> {
  const server = await startServer({ command: [...command], dataFolder });
  const exitCode = await server.stop();
  if (exitCode !== 0) {
    throw new Error(`${command.join(' ')} ended with ${exitCode}:\n${server.output()}`);
  }
  return server.readyMs;
}
