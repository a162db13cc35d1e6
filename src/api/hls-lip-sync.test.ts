// Sound and picture that were sent together are seen and heard together: a flash and a beep in one frame, published by
// WebRTC through real processes, measured in what ffmpeg plays by HLS over HTTP.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPUS_SAMPLES, PictureEncoder, SoundEncoder } from '../media/camera/encoders.ts';
import { type Loop, playLoop } from '../media/camera/play-loop.ts';
import { type ChildPlane, startChildPlane } from '../media/child-plane.ts';
import { PublisherClient } from '../media/client/publisher-client.ts';
import { HlsPlane } from '../media/hls/hls-plane.ts';
import { hlsRoutes } from './hls-routes.ts';
import { registerProblems } from './problem-reply.ts';

const loopMs = 2000;
const flashMs = 200;
/** What people don't notice, by the plan of this shop; ITU-R BT.1359 has 45 ms early and 125 ms late as detectable. */
const apartMsMax = 80;

/** Every two seconds a white picture, which alone is a key picture, and a beep begin in one frame. */
const flashLoop = (): Loop => {
  const [width, height, framesPerSecond] = [160, 96, 25];
  const bitsPerSecond = 200_000;
  const keyFrameEvery = (loopMs / 1000) * framesPerSecond;
  const encoder = new PictureEncoder({
    ...{ width, height, framesPerSecond, bitsPerSecond, keyFrameEvery },
    preset: 'ultrafast',
  });
  const pictures: Loop['pictures'] = [];
  for (let n = 0; n < keyFrameEvery; n += 1) {
    const yuv = Buffer.alloc((width * height * 3) / 2, 128);
    yuv.fill(n * 40 < flashMs ? 235 : 30, 0, width * height);
    pictures.push({ data: encoder.encode(yuv, n === 0), key: n === 0 });
  }
  encoder.close();
  const sound = new SoundEncoder(32_000);
  const sounds: Buffer[] = [];
  for (let n = 0; n * 20 < loopMs; n += 1) {
    const samples = new Float32Array(OPUS_SAMPLES * 2).map((_, i) =>
      n * 20 < flashMs ? 0.6 * Math.sin((2 * Math.PI * 1000 * (i >> 1)) / 48_000) : 0,
    );
    sounds.push(sound.encode(samples));
  }
  sound.close();
  return { width, height, framesPerSecond, pictures, sounds };
};

let folder: string;
let plane: ChildPlane;
let hls: HlsPlane;
let app: FastifyInstance;
let loop: Loop;
let stop = () => {};
let publisher: PublisherClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rialto-lips-'));
  loop = flashLoop();
  plane = await startChildPlane({ recordingsFolder: folder, bindAddress: '127.0.0.1' });
  hls = new HlsPlane({ media: plane });
  app = Fastify({ forceCloseConnections: true });
  registerProblems(app);
  app.decorateRequest('you', null);
  const door = { refusal: async () => null, isForEverybody: async () => true };
  await app.register(hlsRoutes({ hls, door, nowMs: Date.now }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  publisher = await PublisherClient.connect({
    signal: async (offer) => {
      const { answerSdp, sessionId } = await plane.publish('lips', offer);
      return { answerSdp, leave: async () => void (await plane.leave(sessionId)) };
    },
  });
  stop = playLoop(publisher, loop);
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
  const [light, loud] = [join(folder, 'light.txt'), join(folder, 'loud.txt')];
  const player = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-i', `http://127.0.0.1:${port}/hls/lips/index.m3u8`, '-t', '6'],
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
}, 120_000);

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
