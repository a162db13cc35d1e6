// Sound and picture that were sent together are seen and heard together: a flash and a beep in one frame, published by
// WebRTC through real processes, measured in what ffmpeg plays by HLS over HTTP and in the recording. What a browser
// shows by WHEP is measured in e2e/lip-sync.e2e.ts.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flashLoop, flashLoopMs } from '../media/camera/flash-loop.fixture.ts';
import { playLoop } from '../media/camera/play-loop.ts';
import { type ChildPlane, startChildPlane } from '../media/child-plane.ts';
import { PublisherClient } from '../media/client/publisher-client.ts';
import { HlsPlane } from '../media/hls/hls-plane.ts';
import { hlsRoutes } from './hls-routes.ts';
import { registerProblems } from './problem-reply.ts';

/** What people don't notice, by the plan of this shop; ITU-R BT.1359 has 45 ms early and 125 ms late as detectable. */
const apartMsMax = 80;

let folder: string;
let plane: ChildPlane;
let hls: HlsPlane;
let app: FastifyInstance;
let stop = () => {};
let publisher: PublisherClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rialto-lips-'));
  plane = await startChildPlane({ recordingsFolder: folder, bindAddress: '127.0.0.1' });
  hls = new HlsPlane({ media: plane });
  app = Fastify({ forceCloseConnections: true });
  registerProblems(app);
  app.decorateRequest('you', null);
  const door = { refusal: async () => null, isForEverybody: async () => true };
  await app.register(hlsRoutes({ hls, door, nowMs: Date.now }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  await plane.startRecording('lips');
  publisher = await PublisherClient.connect({
    signal: async (offer) => {
      const { answerSdp, sessionId } = await plane.publish('lips', offer);
      return { answerSdp, leave: async () => void (await plane.leave(sessionId)) };
    },
  });
  stop = playLoop(publisher, flashLoop());
}, 60_000);

afterAll(async () => {
  stop();
  await publisher?.close();
  await app?.close();
  await hls?.close();
  await plane?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('[HLS-2] by HLS, as ffmpeg plays the living show, they are seen and heard together', async () => {
  const whole = () => hls.store('lips')?.window.segments.filter(({ isWhole }) => isWhole).length;
  await expect.poll(whole, { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
  const { port } = app.server.address() as AddressInfo;
  await seesAndHearsTogether(`http://127.0.0.1:${port}/hls/lips/index.m3u8`);
}, 120_000);

test('[RPL-2] in the recording they stand together', async () => {
  const recording = await plane.stopRecording('lips');
  expect(recording?.durationMs).toBeGreaterThan(3 * flashLoopMs);
  await seesAndHearsTogether(recording!.path);
}, 120_000);

/** Plays six seconds and compares when the picture turns white with when the beep begins. */
const seesAndHearsTogether = async (source: string): Promise<void> => {
  const [light, loud] = [join(folder, 'light.txt'), join(folder, 'loud.txt')];
  const player = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-i', source, '-t', '6'],
      ...['-vf', `signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=${light}`],
      ...[
        '-af',
        `astats=metadata=1:reset=1,ametadata=print:key=lavfi.astats.1.RMS_level:file=${loud}`,
      ],
      ...['-f', 'null', '-'],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [code] = await once(player, 'exit');
  expect(code).toBe(0);
  const flashes = risesOf(readFileSync(light, 'utf8'), 150);
  const beeps = risesOf(readFileSync(loud, 'utf8'), -30);
  expect(flashes.length).toBeGreaterThanOrEqual(2);
  expect(beeps.length).toBeGreaterThanOrEqual(2);
  for (const flash of flashes)
    expect(Math.min(...beeps.map((beep) => Math.abs(beep - flash)))).toBeLessThanOrEqual(
      apartMsMax,
    );
};

/** When a figure that ffmpeg printed for each frame rose above `bound`, in ms; what was above from the start isn't a rise. */
const risesOf = (text: string, bound: number): readonly number[] => {
  const rises: number[] = [];
  let wasAbove = true;
  for (const [, time, value] of text.matchAll(/pts_time:(\S+)\s*\n[^=\n]*=(\S+)/g)) {
    const isAbove = Number(value) > bound;
    if (isAbove && !wasAbove) rises.push(Number(time) * 1000);
    wasAbove = isAbove;
  }
  return rises;
};
