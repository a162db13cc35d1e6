// Simulcast over loopback with real peers: ffmpeg publishes by RTMP into the real forwarder, and the real push processes
// send on to ffmpeg, to our own ingest, and to servers that behave as no server should.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from '../../base/free-port.ts';
import { type ChildPlane, startChildPlane } from '../child-plane.ts';
import { type Encoder, runFfmpeg, smallPicture, tone, x264 } from '../ingest/ffmpeg.fixture.ts';
import { Ingest } from '../ingest/ingest.ts';
import { RtmpConnection } from '../ingest/rtmp-connection.ts';
import { PushPlane, type PushTarget } from './push-plane.ts';

const patience = { timeout: 100_000, interval: 50 };
let folder: string;
let media: ChildPlane;
let ingest: Ingest;
const running: Encoder[] = [];
const planes: PushPlane[] = [];
const servers: Server[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rialto-push-'));
  media = await startChildPlane({ recordingsFolder: folder, bindAddress: '127.0.0.1' });
  ingest = new Ingest({
    ...{ media, port: 0, host: '127.0.0.1', onSession: () => {}, onNote: () => {} },
    askKey: async (key) =>
      /^show-[a-z]+$/.test(key)
        ? { ok: true, keyId: key, showId: key, takeOver: false }
        : { ok: false, why: 'key' },
    onFault: (what, error) => expect.fail(`${what}: ${error}`),
  });
  await ingest.start();
}, 120_000);
afterEach(async () => {
  for (const encoder of running.splice(0)) await encoder.stop();
  for (const plane of planes.splice(0)) await plane.close();
  for (const server of servers.splice(0)) server.close();
});
afterAll(async () => {
  await ingest?.close();
  await media?.close();
  rmSync(folder, { recursive: true, force: true });
});

const publish = async (showId: string, ...more: readonly string[]): Promise<Encoder> => {
  const args = ['-re', ...smallPicture, ...tone, ...x264, ...more, '-c:a', 'aac', '-f', 'flv'];
  const encoder = await runFfmpeg([...args, `rtmp://127.0.0.1:${ingest.port}/live/${showId}`]);
  running.push(encoder);
  return encoder;
};
const pushTo = (targets: PushTarget[], inside = true): PushPlane => {
  const plane = new PushPlane({
    ...{ media, inside, onNote: () => {} },
    isLive: (showId) => media.isLive(showId),
    targets: async () => targets,
  });
  planes.push(plane);
  return plane;
};
const to = (id: string, address: string, key = 'a-key'): PushTarget => ({
  ...{ id, name: id, address, key },
});
const ours = () => `rtmp://127.0.0.1:${ingest.port}/live`;
const portOf = async (server: Server): Promise<number> => {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
};
/** A server that says yes to every publisher; `then` is called with the first media. */
const taker = (then: (socket: Socket) => void): Server =>
  createServer((socket) => {
    socket.on('error', () => {});
    const rtmp = new RtmpConnection({
      send: (bytes) => void socket.write(bytes),
      wish: () => rtmp.accept(),
      media: () => then(socket),
      encoder: () => {},
      unpublish: () => {},
    });
    socket.on('data', (bytes: Buffer) => rtmp.take(bytes));
  });

describe('simulcast', { timeout: 240_000 }, () => {
  test('[SIM-1] [SIM-5] [SIM-10] ffmpeg gets H.264 as it is and AAC, over an absence of the publisher, on one timeline', async () => {
    const file = join(folder, 'taken.mkv');
    const port = await freePort();
    const url = `rtmp://127.0.0.1:${port}/app/a-key`;
    const taken = await runFfmpeg(['-listen', '1', '-i', url, '-c', 'copy', file]);
    running.push(taken);
    const plane = pushTo([to('peer', `rtmp://127.0.0.1:${port}/app`)]);
    plane.started('show-a');
    // A host who isn't live yet is pushed nowhere.
    const early = pushTo([to('early', `rtmp://127.0.0.1:${port}/app`)]);
    const first = await publish('show-a');
    const live = async () =>
      vi.waitFor(
        () => expect(plane.state('show-a', 'peer')?.bitsPerSecond).toBeGreaterThan(50_000),
        patience,
      );
    await live();
    expect(early.state('show-a', 'early')).toBeUndefined();
    await first.stop();
    await vi.waitFor(() => expect(media.isLive('show-a')).toBe(false), patience);
    await vi.waitFor(
      () => expect(plane.state('show-a', 'peer')?.bitsPerSecond).toBeLessThan(20_000),
      patience,
    );
    await publish('show-a', '-s', '480x270');
    await live();
    expect(plane.state('show-a', 'peer')).toMatchObject({ state: 'live', attempts: 1, last: null });
    await plane.close();
    expect(await taken.ended, taken.output()).toBe(0);
    const { streams, packets } = await probe(file);
    expect(streams).toMatchObject([
      { codec_name: 'h264', width: 320 },
      { codec_name: 'aac', sample_rate: '48000', channels: 2 },
    ]);
    const times = packets
      .filter(({ codec_type }) => codec_type === 'video')
      .map(({ pts_time }) => Number(pts_time));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    // Nobody sent pictures for a while, and what came then stands after it.
    const gap = Math.max(...times.slice(1).map((time, i) => time - times[i]!));
    expect(gap).toBeGreaterThan(1);
    expect(new Set(times).size).toBe(times.length);
  });

  test('[SIM-3] [SIM-6] [SIM-7] dead and slow destinations disturb neither the show nor the one beside them', async () => {
    const silent = await portOf(createServer((socket) => socket.on('error', () => {})));
    const deaf = await portOf(taker((socket) => socket.pause()));
    let resets = 0;
    const rude = await portOf(
      taker((socket) => {
        resets += 1;
        if (resets === 1) socket.resetAndDestroy();
      }),
    );
    const nothing = await freePort();
    const plane = pushTo([
      to('good', ours(), 'show-copy'),
      to('key', ours(), 'no-such-key'),
      to('silent', `rtmp://127.0.0.1:${silent}/app`),
      to('deaf', `rtmp://127.0.0.1:${deaf}/app`),
      to('rude', `rtmp://127.0.0.1:${rude}/app`),
      to('nothing', `rtmp://127.0.0.1:${nothing}/app`),
      to('name', 'rtmp://nobody.invalid/app'),
      to('tls', `rtmps://127.0.0.1:${ingest.port}/live`),
    ]);
    plane.started('show-b');
    await publish(
      'show-b',
      '-b:v',
      '6M',
      '-minrate',
      '6M',
      '-vf',
      'noise=alls=60:allf=t',
      '-s',
      '640x360',
    );
    const state = (id: string) => plane.state('show-b', id);
    const ends = (id: string, end: string) =>
      vi.waitFor(() => expect(state(id)?.last?.end).toBe(end), patience);
    await ends('key', 'refused');
    expect(state('key')).toMatchObject({
      state: 'refused',
      last: { words: 'This stream key is not valid here.' },
    });
    await ends('nothing', 'unreachable');
    await ends('name', 'unknown-host');
    await ends('tls', 'unreachable');
    await ends('rude', 'reset');
    await vi.waitFor(() => expect(state('rude')?.state).toBe('live'), patience);
    await ends('silent', 'unreachable');
    await ends('deaf', 'stuck');
    expect(state('deaf')?.droppedPictures).toBeGreaterThan(0);
    expect(state('good')).toMatchObject({
      state: 'live',
      attempts: 1,
      last: null,
    });
    expect(media.isLive('show-b')).toBe(true);
    // What the destination of ours got is a show like any other.
    expect(media.isLive('show-copy')).toBe(true);
    expect(ingest.report('show-copy')).toMatchObject({
      complaints: [],
      audio: { codec: 'AAC', sampleRate: 48_000, channels: 2 },
      video: { size: { width: 640, height: 360 }, remade: false },
    });
    plane.ended('show-b');
    await vi.waitFor(() => expect(media.isLive('show-copy')).toBe(false), patience);
  });

  test('[SIM-4] an address inside is refused, by name too, before anything is dialled', async () => {
    let dialled = 0;
    const port = await portOf(createServer(() => (dialled += 1)));
    const plane = pushTo([], false);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433'])
      expect(
        await plane.try({ address: `rtmp://${host}:${port}/app`, key: 'k' }),
        host,
      ).toMatchObject({
        end: 'inside',
      });
    expect(dialled).toBe(0);
  });

  test('[SIM-8] a try asks for leave and sends nothing', async () => {
    let bodies = 0;
    const port = await portOf(taker(() => (bodies += 1)));
    const plane = pushTo([]);
    const address = `rtmp://127.0.0.1:${port}/app`;
    expect(await plane.try({ address, key: 'k' })).toEqual({
      end: null,
      words: 'It takes the picture.',
    });
    expect(await plane.try({ address: ours(), key: 'wrong' })).toEqual({
      ...{ end: 'refused', words: 'This stream key is not valid here.' },
    });
    expect(bodies).toBe(0);
  });
});

type Probe = {
  streams: Record<string, unknown>[];
  packets: { codec_type: string; pts_time: string }[];
};
const probe = async (file: string): Promise<Probe> => {
  const args = ['-v', 'error', '-show_streams', '-show_packets', '-of', 'json', file];
  const { stdout } = await promisify(execFile)('ffprobe', args, { maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as Probe;
};
