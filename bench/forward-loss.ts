// Freezes and delay on a bad line: 1 % of the packets lost each way and 50 ms round trip between forwarder and viewers,
// one of them Chromium. The peer is the same viewers on a line without loss and delay, in the same run.

import { loadavg } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { openBadLine } from './forward/bad-line.ts';
import { gather } from './forward/crowd.ts';
import type { Glass } from './forward/glass.ts';
import { glassToGlass } from './forward/glass.ts';
import { openHouse } from './forward/house.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { percentile, rounded } from './result.ts';

const LOSS = 0.01;
const DELAY_MS = 25;
const BITS_PER_SECOND = 2_000_000;

export default async function run({ quick, viewers: wished }: BenchOptions): Promise<BenchResult> {
  const viewers = wished ?? 10;
  const seconds = quick ? 10 : 60;
  const house = await openHouse(BITS_PER_SECOND, { forwardersMax: 1 });
  const line = await openBadLine({
    target: house.plane.forwarders[0]!.udpPort,
    loss: LOSS,
    delayMs: DELAY_MS,
  });
  /** Ten clients of ours and a browser, for so long. */
  const watch = async () => {
    const crowd = await gather({ url: house.whep, viewers, apartMs: 50 });
    try {
      const [glass] = await Promise.all([
        glassToGlass(house.url, house.whep, seconds),
        wait(seconds * 1000),
      ]);
      if (!glass) throw new Error('There is no Chromium: nothing to measure freezes with.');
      return { glass, report: await crowd.report() };
    } finally {
      crowd.stop();
    }
  };
  try {
    console.log('on a line without loss …');
    const good = await watch();
    house.watchThrough(line.port);
    console.log(`with ${LOSS * 100} % loss and ${2 * DELAY_MS} ms round trip …`);
    const bad = await watch();
    const p = (of: Glass, share: number) => percentile(of.delaysMs, share);
    const frozen = (of: Glass) => rounded((of.frozenMs / of.watchedMs) * 100);
    console.log(
      `glass to glass in Chromium: p50 ${p(bad.glass, 50)} ms, p95 ${p(bad.glass, 95)} ms; frozen ${frozen(bad.glass)} % of the time`,
    );
    console.log(
      `our own clients: ${bad.report.missing} packets missing at first, ${bad.report.lost} for good`,
    );
    return {
      bench: 'forward-loss',
      value: p(bad.glass, 95),
      unit: 'ms glass to glass, p95',
      p50: p(bad.glass, 50),
      p99: p(bad.glass, 99),
      peer: { name: 'the same without loss and delay', value: p(good.glass, 95) },
      ratio: rounded(p(bad.glass, 95) / p(good.glass, 95)),
      details: {
        frozenPercent: frozen(bad.glass),
        peerFrozenPercent: frozen(good.glass),
        firstPictureMs: Math.round(bad.glass.firstPictureMs),
        picturesPerSecond: rounded((bad.glass.delaysMs.length * 1000) / bad.glass.watchedMs),
        missingPackets: bad.report.missing,
        lostPackets: bad.report.lost,
        clientFirstPictureP95Ms: Math.round(percentile(bad.report.firstPictureMs, 95)),
        loadAverage: rounded(loadavg()[0] ?? 0),
      },
    };
  } finally {
    line.stop();
    await house.close();
  }
}
