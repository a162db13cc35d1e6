// Several forwarders as one: real processes, real WebRTC over loopback. Each forwarder takes two viewers here, so that a
// third one needs a further process.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { playLoop } from './camera/play-loop.ts';
import { smallLoop } from './camera/small-loop.ts';
import type { ChildPlane, ChildPlaneOptions } from './child-plane.ts';
import { startChildPlane } from './child-plane.ts';
import { PublisherClient } from './client/publisher-client.ts';
import type { Signal } from './client/signal.ts';
import { ViewerClient } from './client/viewer-client.ts';

const SHOW = 'crowded';
const loop = smallLoop();
const closing: (() => unknown)[] = [];
let folder: string;
let notes: string[];

beforeEach(() => {
  notes = [];
  folder = mkdtempSync(join(tmpdir(), 'rialto-pool-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: Partial<ChildPlaneOptions> = {}): Promise<ChildPlane> {
  const plane = await startChildPlane({
    recordingsFolder: folder,
    bindAddress: '127.0.0.1',
    viewersMax: 2,
    forwardersMax: 2,
    onNote: (note) => notes.push(note),
    ...options,
  });
  closing.push(() => plane.close());
  return plane;
}

const over =
  (
    open: (showId: string, offer: string) => Promise<{ answerSdp: string; sessionId: string }>,
    plane: ChildPlane,
  ): Signal =>
  async (offer) => {
    const { answerSdp, sessionId } = await open(SHOW, offer);
    return { answerSdp, leave: async () => void (await plane.leave(sessionId)) };
  };

async function publish(plane: ChildPlane, onKeyFrameRequest?: () => void) {
  const client = await PublisherClient.connect({
    signal: over((show, offer) => plane.publish(show, offer), plane),
    ...(onKeyFrameRequest ? { onKeyFrameRequest } : {}),
  });
  const stop = playLoop(client, loop);
  closing.push(() => {
    stop();
    client.drop();
  });
  await vi.waitUntil(() => plane.isLive(SHOW), { timeout: 30_000 });
  return client;
}

async function watch(plane: ChildPlane) {
  const client = await ViewerClient.connect({
    signal: over((show, offer) => plane.watch(show, offer), plane),
  });
  closing.push(() => client.drop());
  const pictures = async (count: number): Promise<void> => {
    const until = client.stats.pictures + count;
    await vi.waitUntil(() => client.stats.pictures >= until, { timeout: 30_000 });
  };
  return { client, pictures };
}

const clean = { packetsBeforeKeyFrame: 0, badTimestamps: 0, missing: 0 };

describe('forwarders', { timeout: 120_000 }, () => {
  test('[FWD-1] [FWD-3] [FWD-4] [FWD-5] grow to a second one, which loses nothing, and all viewers count', async () => {
    const plane = await start();
    await publish(plane);
    expect(plane.forwarders).toHaveLength(1);
    const crowd = [await watch(plane), await watch(plane), await watch(plane)];
    for (const viewer of crowd) await viewer.pictures(30);
    expect(plane.forwarders).toHaveLength(2);
    expect(crowd.map(({ client }) => client.stats)).toMatchObject([clean, clean, clean]);
    for (const { client } of crowd) expect(client.stats.audioPackets).toBeGreaterThan(0);
    expect(await plane.dump()).toMatchObject({
      shows: { [SHOW]: { home: 'forwarder', relays: ['forwarder 2'] } },
    });
    await vi.waitUntil(() => plane.viewers(SHOW) === 3, { timeout: 30_000 });
    crowd[2]!.client.drop();
    await vi.waitUntil(() => plane.viewers(SHOW) === 2, { timeout: 30_000 });
  });

  test('[FWD-6] refuse a viewer for whom none has room', async () => {
    const plane = await start();
    for (let i = 0; i < 4; i += 1) await watch(plane);
    await expect(watch(plane)).rejects.toMatchObject({ code: 'media-capacity' });
  });

  test('[FWD-4] pass a wish for a key frame to the host, and the host’s clock to the viewer', async () => {
    const plane = await start({ viewersMax: 1 });
    await watch(plane);
    let asked = 0;
    const host = await publish(plane, () => {
      asked += 1;
    });
    const report = Promise.withResolvers<number>();
    const far = await ViewerClient.connect({
      signal: over((show, offer) => plane.watch(show, offer), plane),
      onSenderReport: ({ ntpMs }) => report.resolve(ntpMs),
    });
    closing.push(() => far.drop());
    await vi.waitUntil(() => far.stats.pictures > 10, { timeout: 30_000 });
    const before = asked;
    // A key frame that comes by itself meanwhile makes a wish needless; so it is told again.
    const wish = (): boolean => {
      far.requestKeyFrame();
      return asked > before;
    };
    await vi.waitUntil(wish, { timeout: 30_000 });
    expect(host.keyFrameRequests).toBeGreaterThan(before);
    expect(Math.abs((await report.promise) - Date.now())).toBeLessThan(60_000);
  });

  test('[FWD-7] go on when the second one is killed: its viewers come back, the others see no gap', async () => {
    const plane = await start();
    await publish(plane);
    const near = [await watch(plane), await watch(plane)];
    const far = await watch(plane);
    await far.pictures(5);
    const [, second] = plane.forwarders;
    const { pid } = second!;
    process.kill(pid!, 'SIGKILL');
    await vi.waitUntil(() => plane.viewers(SHOW) === 2, { timeout: 30_000 });
    far.client.drop();
    await vi.waitUntil(
      () =>
        plane.forwarders[1]?.pid !== pid &&
        notes.filter((note) => note.includes('forwarder 2 is ready')).length === 2,
      { timeout: 60_000 },
    );
    const again = await watch(plane);
    await again.pictures(20);
    expect(again.client.stats).toMatchObject(clean);
    for (const { client } of near) expect(client.stats).toMatchObject(clean);
    expect(plane.isLive(SHOW)).toBe(true);
  });

  test('[FWD-7] go on when the home is killed: viewers on the second one stay and see the host who comes back', async () => {
    const plane = await start();
    const first = await publish(plane);
    await watch(plane);
    await watch(plane);
    const far = await watch(plane);
    await far.pictures(5);
    const { pid } = plane.forwarders[0]!;
    process.kill(pid!, 'SIGKILL');
    await vi.waitUntil(() => !plane.isLive(SHOW), { timeout: 30_000 });
    expect(plane.viewers(SHOW)).toBe(1);
    first.drop();
    await vi.waitUntil(
      () =>
        plane.forwarders[0]?.pid !== pid &&
        notes.filter((note) => note.includes('media forwarder is ready')).length === 2,
      { timeout: 60_000 },
    );
    await publish(plane);
    await far.pictures(20);
    expect(far.client.isOpen).toBe(true);
    expect(far.client.stats).toMatchObject({ ...clean, missing: far.client.stats.repeated });
  });

  test('[FWD-8] end when nobody needs them', async () => {
    const plane = await start({ forwarderIdleMs: 0 });
    const crowd = [await watch(plane), await watch(plane), await watch(plane)];
    expect(plane.forwarders).toHaveLength(2);
    for (const { client } of crowd) await client.close();
    await vi.waitUntil(() => plane.forwarders.length === 1, { timeout: 60_000 });
  });

  test('[FWD-3] stay one when the next port is taken, and say so', async () => {
    const taken = createSocket('udp4');
    taken.bind(0, '127.0.0.1');
    await once(taken, 'listening');
    closing.push(() => void taken.close());
    const plane = await start({ udpPort: taken.address().port - 1 });
    await watch(plane);
    await watch(plane);
    await expect(watch(plane)).rejects.toMatchObject({ code: 'media-capacity' });
    expect(plane.forwarders).toHaveLength(1);
    expect(notes.join('\n')).toContain(`UDP port ${taken.address().port} can't be opened`);
  });
});
