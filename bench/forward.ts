// What a viewer costs the forwarders, and how soon and how late they see: 1,000 WHEP viewers at 600 kbit/s in other
// processes, of whom 20 watch and the others are a load, and one in Chromium that reads the clock in the picture back.
// The peer is Janus with its streaming plugin, fed with the same packets and watched by the same clients. Quick, and
// without Janus: 20 viewers at 2 Mbit/s, and the same packets sent by UDP from Node, without WebRTC and without encryption.

import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { signalOverHttp } from '../src/media/client/signal.ts';
import { ViewerClient } from '../src/media/client/viewer-client.ts';
import { isRtcp } from '../src/media/rtp/rtp-packet.ts';
import type { ClockPage } from './clock-page.ts';
import { openClockPage } from './clock-page.ts';
import type { Crowd } from './forward/crowd.ts';
import { fromChild, gather } from './forward/crowd.ts';
import { watchIn } from './forward/glass.ts';
import type { House } from './forward/house.ts';
import { openHouse } from './forward/house.ts';
import { JANUS_AUDIO_PORT, JANUS_VIDEO_PORT, startJanus } from './forward/janus.ts';
import type { PeerReport } from './forward/peer.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { percentile, rounded } from './result.ts';

/** Viewers come one after the other, as a link that is shared brings them. */
const APART_MS = 50;
/** So many watch as viewers do; of larger crowds one in 50. */
const WATCHING_MIN = 20;

export default async function run({ quick, viewers: wished }: BenchOptions): Promise<BenchResult> {
  const viewers = wished ?? (quick ? 20 : 1000);
  const seconds = quick ? 5 : 20;
  const bitsPerSecond = quick ? 2_000_000 : 600_000;
  const load = Math.max(0, viewers - Math.max(WATCHING_MIN, Math.ceil(viewers / 50)));
  const house = await openHouse(bitsPerSecond);
  let crowd: Crowd | undefined;
  let glass: ClockPage | undefined;
  try {
    // Before the crowd: on a machine that is full its start would be measured and not the picture.
    glass = await openClockPage(house.url);
    console.log(`${viewers} viewers come …`);
    crowd = await gather({ url: house.whep, viewers, apartMs: APART_MS, load });
    const watching = glass && watchIn(glass.page, house.whep, seconds);
    const cpu = await sampleCpu(house, viewers, seconds);
    const browser = await watching;
    const report = await crowd.report();
    const served = await crowd.served();
    crowd.stop();
    const forwarders = house.plane.forwarders.length;
    const share = (cpuMs: number): string =>
      `${Math.round((cpuMs / report.elapsedMs / availableParallelism()) * 100)} %`;
    const first = (p: number) => Math.round(percentile(report.firstPictureMs, p));
    const delay = (p: number) => Math.round(percentile(report.delaysMs, p));
    console.log(
      `${served} of ${viewers} viewers had whole pictures; first picture of those who watch: p50 ${first(50)} ms, p95 ${first(95)} ms; ${forwarders} forwarders`,
    );
    console.log(`from the camera to all of the packets: p50 ${delay(50)} ms, p95 ${delay(95)} ms`);
    if (browser) {
      console.log(
        `glass to glass in Chromium: p50 ${percentile(browser.delaysMs, 50)} ms, p95 ${percentile(browser.delaysMs, 95)} ms, first picture ${browser.firstPictureMs.toFixed(0)} ms`,
      );
    } else console.log('glass to glass: not measured, there is no Chromium');
    console.log(
      `of the machine's CPU time: forwarders ${share(cpu.forwardersMs)}, viewers ${share(report.cpuMs)}, camera ${share(cpu.cameraMs)}; the browser has the rest`,
    );
    console.log(`${report.lost} of ${report.missing} missing packets lost for good`);
    const peer =
      (quick ? undefined : await measureJanus(house, viewers, load, seconds)) ??
      (await measureUdp(viewers, bitsPerSecond, seconds));
    return {
      bench: 'forward',
      value: rounded(cpu.mean),
      unit: '% of a core per viewer',
      p50: rounded(percentile(cpu.samples, 50)),
      p99: rounded(percentile(cpu.samples, 99)),
      peer: { name: peer.name, value: rounded(peer.value) },
      ratio: rounded(cpu.mean / peer.value),
      details: {
        viewers,
        forwarders,
        served,
        bitsPerSecond: Math.round((report.bytes * 8000) / report.elapsedMs / (viewers - load)),
        picturesPerSecond: rounded((report.pictures * 1000) / report.elapsedMs / (viewers - load)),
        firstPictureP50Ms: first(50),
        firstPictureP95Ms: first(95),
        transitP50Ms: delay(50),
        transitP95Ms: delay(95),
        ...(browser
          ? {
              browserFirstPictureMs: Math.round(browser.firstPictureMs),
              glassToGlassP50Ms: percentile(browser.delaysMs, 50),
              glassToGlassP95Ms: percentile(browser.delaysMs, 95),
              glassToGlassSamples: browser.delaysMs.length,
            }
          : {}),
        lostPackets: report.lost,
        retries: report.retries,
        cpuForwarders: share(cpu.forwardersMs),
        cpuViewers: share(report.cpuMs),
        cpuCamera: share(cpu.cameraMs),
        ...peer.details,
        loadAverage: rounded(loadavg()[0] ?? 0),
      },
    };
  } finally {
    crowd?.stop();
    await glass?.close();
    await house.close();
  }
}

/** CPU time of the forwarders, once a second, in % of a core per viewer; and in all. */
async function sampleCpu(house: House, viewers: number, seconds: number) {
  const read = () => ({ ...house.cpuMs(), atMs: performance.now() });
  const samples: number[] = [];
  const first = read();
  let last = first;
  for (let second = 0; second < seconds; second += 1) {
    await wait(1000);
    const now = read();
    samples.push(((now.forwarders - last.forwarders) / (now.atMs - last.atMs) / viewers) * 100);
    last = now;
  }
  const forwardersMs = last.forwarders - first.forwarders;
  return {
    samples,
    mean: (forwardersMs / (last.atMs - first.atMs) / viewers) * 100,
    forwardersMs,
    cameraMs: last.camera - first.camera,
  };
}

type Peer = { name: string; value: number; details?: Record<string, number | string> };

/** The same packets through Janus. What it is fed with comes from the show, by a viewer that passes on what it gets. */
async function measureJanus(
  house: House,
  viewers: number,
  load: number,
  seconds: number,
): Promise<Peer | undefined> {
  const janus = await startJanus(house.folder);
  if (!janus) return undefined;
  const socket = createSocket('udp4');
  const feed = await ViewerClient.connect({
    signal: signalOverHttp(house.whep),
    onPacket: (kind, packet) => {
      if (!isRtcp(packet))
        socket.send(packet, kind === 'video' ? JANUS_VIDEO_PORT : JANUS_AUDIO_PORT, '127.0.0.1');
    },
  });
  let crowd: Crowd | undefined;
  try {
    console.log(`${viewers} viewers come to Janus …`);
    crowd = await gather({ url: 'janus', viewers, apartMs: APART_MS, load });
    await crowd.report();
    const before = janus.cpuMs();
    await wait(seconds * 1000);
    const report = await crowd.report();
    const cpuMs = janus.cpuMs() - before;
    const served = await crowd.served();
    const first = (p: number) => Math.round(percentile(report.firstPictureMs, p));
    return {
      name: 'Janus with its streaming plugin',
      value: (cpuMs / report.elapsedMs / viewers) * 100,
      details: {
        peerFirstPictureP50Ms: first(50),
        peerFirstPictureP95Ms: first(95),
        peerServed: served,
        peerPicturesPerSecond: rounded(
          (report.pictures * 1000) / report.elapsedMs / (viewers - load),
        ),
        peerLostPackets: report.lost,
        peerRetries: report.retries,
      },
    };
  } finally {
    crowd?.stop();
    feed.drop();
    socket.close();
    await janus.stop();
  }
}

/** The same packets by plain UDP. */
async function measureUdp(viewers: number, bitsPerSecond: number, seconds: number): Promise<Peer> {
  const peer = fork(
    new URL('./forward/peer.ts', import.meta.url),
    [String(viewers), String(bitsPerSecond), String(seconds)],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  try {
    const report = (await fromChild(peer)) as PeerReport;
    return {
      name: 'the same packets by plain UDP from Node, no encryption',
      value: (report.cpuMs / report.elapsedMs / viewers) * 100,
    };
  } finally {
    peer.kill();
  }
}
