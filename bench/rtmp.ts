// How soon viewers see an encoder that comes by RTMP, and what many encoders at once cost: from the start of ffmpeg to
// the first picture at a viewer who waits, and 20 encoders with a viewer each. The peer is the same picture by WHIP from
// a publisher of our own. Goal: 1.5 s. Encoders send a clip that was made before, so that no encoder is measured.

import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type ChildPlane, startChildPlane } from '../src/media/child-plane.ts';
import { PublisherClient } from '../src/media/client/publisher-client.ts';
import type { Signal } from '../src/media/client/signal.ts';
import { ViewerClient } from '../src/media/client/viewer-client.ts';
import { type Encoder, runFfmpeg } from '../src/media/ingest/ffmpeg.fixture.ts';
import { Ingest } from '../src/media/ingest/ingest.ts';
import { debianProgram } from '../tools/debian-program.ts';
import { cpuMsOf } from './forward/janus.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { percentile, rounded } from './result.ts';
import { accessUnits, makeClip, picturesPerSecond } from './rtmp/clip.ts';

/** Who sees no picture in this time never will, also where twenty programs start on two cores that do other things. */
const PATIENCE_MS = 120_000;
/** Many encoders come one after the other, as hosts do. */
const APART_MS = 250;

export default async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const rounds = quick ? 1 : 9;
  const publishers = quick ? 3 : 20;
  const seconds = quick ? 2 : 15;
  if ((await debianProgram('ffmpeg')) === undefined) throw new Error('There is no ffmpeg.');
  const house = await openHouse();
  try {
    const clip = makeClip(house.folder, quick ? 2 : 10, 0);
    const withBFrames = makeClip(house.folder, quick ? 2 : 10, 2);
    const units = accessUnits(clip);
    // The first encoder lets the ingest load FFmpeg: a figure of its own.
    const cold = await house.byRtmp(clip);
    const plain: RtmpTimes[] = [];
    const remade: RtmpTimes[] = [];
    const whipMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      plain.push(await house.byRtmp(clip));
      remade.push(await house.byRtmp(withBFrames));
      whipMs.push(await house.byWhip(units));
      console.log(
        `first picture: RTMP ${Math.round(plain.at(-1)!.allMs)} ms, with B-frames ${Math.round(remade.at(-1)!.allMs)} ms, WHIP ${Math.round(whipMs.at(-1)!)} ms`,
      );
    }
    console.log(`${publishers} encoders come …`);
    const many = await house.many(clip, publishers, seconds);
    const of = (times: readonly RtmpTimes[], part: keyof RtmpTimes, p = 50) =>
      Math.round(
        percentile(
          times.map((each) => each[part]),
          p,
        ),
      );
    const value = of(plain, 'allMs');
    const peerValue = Math.round(percentile(whipMs, 50));
    return {
      bench: 'rtmp',
      value,
      unit: 'ms to the first picture',
      p50: value,
      p99: of(plain, 'allMs', 99),
      peer: { name: 'the same picture by WHIP from a publisher of our own', value: peerValue },
      ratio: rounded(value / peerValue),
      details: {
        rounds,
        beforeItAsksP50Ms: of(plain, 'beforeMs'),
        fromItsKeyP50Ms: of(plain, 'fromKeyMs'),
        coldMs: Math.round(cold.allMs),
        coldFromItsKeyMs: Math.round(cold.fromKeyMs),
        joinP50Ms: of(plain, 'joinMs'),
        bFramesP50Ms: of(remade, 'allMs'),
        bFramesFromItsKeyP50Ms: of(remade, 'fromKeyMs'),
        publishers,
        ...many,
        loadAverage: rounded(loadavg()[0] ?? 0),
      },
    };
  } finally {
    await house.close();
  }
}

type RtmpTimes = {
  /** From the start of ffmpeg to the first picture. */
  readonly allMs: number;
  /** Until it asks to publish: its own start, the connection and RTMP's courtesies. */
  readonly beforeMs: number;
  /** From there to the first picture: what is ours. */
  readonly fromKeyMs: number;
  /** A viewer who comes while it sends: from their offer to their first picture. */
  readonly joinMs: number;
};

type House = {
  readonly folder: string;
  byRtmp(clip: string): Promise<RtmpTimes>;
  byWhip(units: readonly Buffer[]): Promise<number>;
  many(clip: string, count: number, seconds: number): Promise<Record<string, number>>;
  close(): Promise<void>;
};

async function openHouse(): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'rialto-bench-rtmp-'));
  const plane = await startChildPlane({ recordingsFolder: folder, bindAddress: '127.0.0.1' });
  const askedAtMs = new Map<string, number>();
  const ingest = new Ingest({
    media: plane,
    port: 0,
    host: '127.0.0.1',
    async askKey(key) {
      askedAtMs.set(key, performance.now());
      return { ok: true, keyId: key, showId: key, takeOver: false };
    },
    onSession: () => {},
    onNote: () => {},
    onFault: (what, error) => console.error(what, error),
  });
  await ingest.start();
  let shows = 0;
  const push = (clip: string, showId: string): Promise<Encoder> =>
    runFfmpeg([
      ...['-re', '-stream_loop', '-1', '-i', clip, '-c', 'copy', '-f', 'flv'],
      `rtmp://127.0.0.1:${ingest.port}/live/${showId}`,
    ]);

  return {
    folder,
    async byRtmp(clip) {
      const showId = `show-${++shows}`;
      const viewer = await watch(plane, showId);
      const startedMs = performance.now();
      const encoder = await push(clip, showId);
      try {
        const firstMs = await viewer.firstPicture;
        const askedMs = askedAtMs.get(showId) ?? Number.NaN;
        const comesMs = performance.now();
        const late = await watch(plane, showId);
        const joinMs = (await late.firstPicture) - comesMs;
        late.client.drop();
        return {
          allMs: firstMs - startedMs,
          beforeMs: askedMs - startedMs,
          fromKeyMs: firstMs - askedMs,
          joinMs,
        };
      } finally {
        await encoder.stop();
        viewer.client.drop();
      }
    },
    async byWhip(units) {
      const showId = `show-${++shows}`;
      const viewer = await watch(plane, showId);
      const startedMs = performance.now();
      const publisher = await PublisherClient.connect({ signal: toPublish(plane, showId) });
      let at = 0;
      const send = () => {
        const atMs = (at * 1000) / picturesPerSecond;
        if (publisher.nowMs() < atMs) return;
        publisher.sendVideo(units[at % units.length]!, publisher.nowMs());
        at += 1;
      };
      const timer = setInterval(send, 5);
      try {
        return (await viewer.firstPicture) - startedMs;
      } finally {
        clearInterval(timer);
        await publisher.close();
        viewer.client.drop();
      }
    },
    async many(clip, count, seconds) {
      const ids = Array.from({ length: count }, () => `show-${++shows}`);
      const viewers = await Promise.all(ids.map((showId) => watch(plane, showId)));
      const startedMs = performance.now();
      const encoders: Encoder[] = [];
      for (const showId of ids) {
        encoders.push(await push(clip, showId));
        await wait(APART_MS);
      }
      try {
        const firsts = await Promise.all(viewers.map((each) => each.firstPicture));
        const cpu = () => ({
          ingest: ingest.pid ? cpuMsOf(ingest.pid) : 0,
          forwarders: plane.forwarders.reduce((sum, { pid }) => sum + (pid ? cpuMsOf(pid) : 0), 0),
          pictures: viewers.reduce((sum, each) => sum + each.client.stats.pictures, 0),
          atMs: performance.now(),
        });
        const before = cpu();
        await wait(seconds * 1000);
        const after = cpu();
        const elapsedMs = after.atMs - before.atMs;
        const share = (part: 'ingest' | 'forwarders') =>
          rounded(((after[part] - before[part]) / elapsedMs / count) * 100);
        return {
          allLiveAfterMs: Math.round(Math.max(...firsts) - startedMs),
          ingestPercentOfACorePerPublisher: share('ingest'),
          forwarderPercentOfACorePerPublisher: share('forwarders'),
          picturesPerSecond: rounded(
            (after.pictures - before.pictures) / (elapsedMs / 1000) / count,
          ),
        };
      } finally {
        await Promise.all(encoders.map((encoder) => encoder.stop()));
        for (const viewer of viewers) viewer.client.drop();
      }
    },
    async close() {
      await ingest.close();
      await plane.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A viewer of the show, and when they saw their first picture. */
async function watch(plane: ChildPlane, showId: string) {
  const first = Promise.withResolvers<number>();
  const patience = setTimeout(
    () => first.reject(new Error(`No picture of ${showId}.`)),
    PATIENCE_MS,
  );
  first.promise.catch(() => undefined);
  const client = await ViewerClient.connect({
    signal: async (offer) => leaving(plane, await plane.watch(showId, offer)),
    onPicture: () => {
      clearTimeout(patience);
      first.resolve(performance.now());
    },
  });
  return { client, firstPicture: first.promise };
}

const toPublish =
  (plane: ChildPlane, showId: string): Signal =>
  async (offer) =>
    leaving(plane, await plane.publish(showId, offer));

const leaving = (
  plane: ChildPlane,
  { answerSdp, sessionId }: { answerSdp: string; sessionId: string },
) => ({
  answerSdp,
  leave: async () => {
    await plane.leave(sessionId);
  },
});
