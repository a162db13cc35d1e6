// An hour of viewers who come and go (`--minutes N` for another time): 50 at most, one leaves and one comes each second,
// half of them without a word. Memory of each process is measured as a slope, open descriptors at the end of the first
// tenth and of the whole. On demand, not in CI. The peer is the first tenth of the same run.

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { signalOverHttp } from '../src/media/client/signal.ts';
import { ViewerClient } from '../src/media/client/viewer-client.ts';
import { openHouse } from './forward/house.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { rounded } from './result.ts';

const TURN_MS = 1000;
const SAMPLE_MS = 5000;

type Sample = { atMinutes: number; rssMiB: number; descriptors: number };

export default async function run({
  quick,
  viewers = quick ? 10 : 50,
  minutes = quick ? 0.3 : 60,
}: BenchOptions): Promise<BenchResult> {
  const house = await openHouse(600_000);
  const { plane } = house;
  await plane.startRecording('bench');
  const samples = new Map<string, Sample[]>();
  const startedAtMs = performance.now();
  const elapsed = (): number => (performance.now() - startedAtMs) / 60_000;
  const look = (): void => {
    const processes = new Map<string, number | undefined>([
      ['main and viewers', process.pid],
      ['recorder', plane.recorderPid],
      ...plane.forwarders.map(({ pid }, i) => [`forwarder ${i + 1}`, pid] as const),
    ]);
    for (const [name, pid] of processes) {
      if (pid === undefined) continue;
      const list = samples.get(name) ?? [];
      list.push({ atMinutes: elapsed(), ...measure(pid) });
      samples.set(name, list);
    }
  };
  const crowd: ViewerClient[] = [];
  let came = 0;
  let failed = 0;
  try {
    const looking = setInterval(look, SAMPLE_MS);
    let turns = 0;
    while (elapsed() < minutes) {
      const turn = wait(TURN_MS);
      turns += 1;
      if (crowd.length >= viewers) {
        const gone = crowd.shift()!;
        if (turns % 2 === 0) await gone.close();
        else gone.drop();
      }
      const client = await ViewerClient.connect({ signal: signalOverHttp(house.whep) }).catch(
        () => undefined,
      );
      if (client) {
        came += 1;
        crowd.push(client);
      } else failed += 1;
      // Those who come first come faster, so that the crowd is whole within the first tenth.
      if (crowd.length >= viewers) await turn;
    }
    look();
    clearInterval(looking);
    for (const client of crowd) await client.close();
    const flat = [...samples].map(([name, list]) => ({ name, ...slopeOf(list, minutes) }));
    for (const { name, slope, from, to } of flat) {
      console.log(
        `${name}: ${rounded(slope)} MiB a minute (${Math.round(from.rssMiB)} to ${Math.round(to.rssMiB)} MiB), descriptors ${from.descriptors} to ${to.descriptors}`,
      );
    }
    const worst = flat.find(({ name }) => name === 'forwarder 1')!;
    return {
      bench: 'soak',
      value: rounded(worst.to.rssMiB),
      unit: 'MiB of the first forwarder at the end',
      p50: rounded(median(samples.get('forwarder 1')!.map(({ rssMiB }) => rssMiB))),
      p99: rounded(Math.max(...samples.get('forwarder 1')!.map(({ rssMiB }) => rssMiB))),
      peer: { name: 'after the first tenth', value: rounded(worst.from.rssMiB) },
      ratio: rounded(worst.to.rssMiB / worst.from.rssMiB),
      details: {
        minutes,
        viewersCame: came,
        viewersFailed: failed,
        ...Object.fromEntries(
          flat.flatMap(({ name, slope, from, to }) => [
            [`${name}: MiB a minute`, rounded(slope)],
            [`${name}: descriptors`, `${from.descriptors} to ${to.descriptors}`],
          ]),
        ),
      },
    };
  } finally {
    for (const client of crowd) client.drop();
    await house.close();
  }
}

function measure(pid: number): { rssMiB: number; descriptors: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    rssMiB: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}

/** The line of least squares through all samples after the first tenth. */
function slopeOf(list: readonly Sample[], minutes: number) {
  const after = list.filter(({ atMinutes }) => atMinutes >= minutes / 10);
  const used = after.length > 1 ? after : list;
  const mean = (of: (sample: Sample) => number): number =>
    used.reduce((sum, sample) => sum + of(sample), 0) / used.length;
  const x = mean(({ atMinutes }) => atMinutes);
  const y = mean(({ rssMiB }) => rssMiB);
  const across = used.reduce((sum, each) => sum + (each.atMinutes - x) * (each.rssMiB - y), 0);
  const along = used.reduce((sum, each) => sum + (each.atMinutes - x) ** 2, 0);
  return { slope: along > 0 ? across / along : 0, from: used[0]!, to: used.at(-1)! };
}

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
}
