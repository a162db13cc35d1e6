// A part of a crowd of WHEP viewers in a process of its own, so that what they cost isn't counted as the forwarder's.
// Started by `crowd.ts`: says when all are there, and reports when asked. Those who watch read each packet as it comes.
// Those who are there as a load decrypt all of it, stand back where the processor is short, and read at the end, when
// each must have had whole pictures.

import { setPriority } from 'node:os';
import { signalOverHttp } from '../../src/media/client/signal.ts';
import { ViewerClient } from '../../src/media/client/viewer-client.ts';
import { signalOverJanus } from './janus.ts';

export type ViewersReport = {
  firstPictureMs: number[];
  /** From the moment at which a picture was taken to that at which all of it had come; of one picture in fifteen. */
  delaysMs: number[];
  /** Connections that did not come up at once, and viewers who gave up in the end. */
  retries: number;
  failed: number;
  /** Of video, of all viewers together. */
  bytes: number;
  pictures: number;
  /** Packets that did not come at first, and those of them that never came. */
  missing: number;
  lost: number;
  /** CPU time of the viewers. */
  cpuMs: number;
  elapsedMs: number;
};

/** A handshake takes long on a machine that has much else to do; the time to the first picture tells. */
const CONNECT_TIMEOUT_MS = 120_000;
const SAMPLE_EVERY = 15;
const TRIES_MAX = 5;
/** What waits for a thousand is read within a second or two; a key frame more is waited for. */
const READ_WITHIN_MS = 20_000;

const [url = '', count = '0', apartMs = '50', afterMs = '0', mode = 'watch'] =
  process.argv.slice(2);
const isLoad = mode === 'load';
// A machine of their own would take nothing from the server.
if (isLoad) setPriority(19);
process.on('disconnect', () => process.exit(0));

let delaysMs: number[] = [];

let retries = 0;
let failed = 0;
const firstPictureMs: number[] = [];

/**
 * Comes, again if it must, as a page does; the time to the first picture counts from the first try. Undefined for who
 * gave up.
 */
async function come(): Promise<ViewerClient | undefined> {
  const startedAtMs = performance.now();
  for (let tries = 1; ; tries += 1) {
    try {
      const client = await connect();
      if (!isLoad) firstPictureMs.push(performance.now() - startedAtMs);
      return client;
    } catch {
      if (tries === TRIES_MAX) {
        failed += 1;
        return undefined;
      }
      retries += 1;
    }
  }
}

async function connect(): Promise<ViewerClient> {
  const seen = Promise.withResolvers<void>();
  let clock: { rtp: number; wallMs: number } | undefined;
  let pictures = 0;
  const client = await ViewerClient.connect({
    signal: url === 'janus' ? { offered: signalOverJanus() } : signalOverHttp(url),
    onSenderReport: ({ rtpTimestamp, ntpMs }, kind) => {
      // Janus' reports tell its own clock, not the camera's.
      if (kind === 'video' && url !== 'janus') clock = { rtp: rtpTimestamp, wallMs: ntpMs };
    },
    onPicture: ({ timestamp }) => {
      seen.resolve();
      pictures += 1;
      if (pictures % SAMPLE_EVERY !== 0 || !clock) return;
      const takenAtMs = clock.wallMs + ((timestamp - clock.rtp) | 0) / 90;
      delaysMs.push(Math.round(performance.timeOrigin + performance.now() - takenAtMs));
    },
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    unread: isLoad,
  });
  if (!isLoad) await seen.promise;
  return client;
}

const came = await Promise.all(
  Array.from({ length: Number(count) }, async (_, i) => {
    await new Promise((resolve) => setTimeout(resolve, Number(afterMs) + i * Number(apartMs)));
    return come();
  }),
);
const clients = came.filter((client) => client !== undefined);
const state = () => {
  const sum = (of: 'videoBytes' | 'pictures' | 'missing' | 'repeated') =>
    clients.reduce((total, client) => total + client.stats[of], 0);
  const { user, system } = process.cpuUsage();
  return {
    bytes: sum('videoBytes'),
    pictures: sum('pictures'),
    missing: sum('missing'),
    lost: sum('missing') - sum('repeated'),
    cpuMs: (user + system) / 1000,
    elapsedMs: performance.now(),
  };
};
let from = state();
delaysMs = [];
process.on('message', (message) => {
  if (message === 'read') {
    void readAtLast();
    return;
  }
  const now = state();
  const report: ViewersReport = {
    firstPictureMs,
    retries,
    failed,
    delaysMs,
    bytes: now.bytes - from.bytes,
    pictures: now.pictures - from.pictures,
    missing: now.missing - from.missing,
    lost: now.lost - from.lost,
    cpuMs: now.cpuMs - from.cpuMs,
    elapsedMs: now.elapsedMs - from.elapsedMs,
  };
  from = now;
  delaysMs = [];
  process.send?.(report);
});

/** How many of the clients have had whole pictures, those too that read only now. */
async function readAtLast(): Promise<void> {
  const served = () => clients.filter(({ stats }) => stats.pictures > 0).length;
  if (isLoad) for (const client of clients) client.read();
  const untilMs = performance.now() + READ_WITHIN_MS;
  while (served() < clients.length && performance.now() < untilMs)
    await new Promise((resolve) => setTimeout(resolve, 100));
  process.send?.(served());
}

process.send?.('watching');
