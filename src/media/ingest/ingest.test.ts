// Encoders as they come: the real ffmpeg publishes by RTMP to the real ingest, forwarder and viewers, over loopback.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ChildPlane } from '../child-plane.ts';
import { startChildPlane } from '../child-plane.ts';
import { ViewerClient } from '../client/viewer-client.ts';
import type { MediaEvent } from '../media-plane.ts';
import { type Encoder, runFfmpeg, smallPicture, tone, x264 } from './ffmpeg.fixture.ts';
import type { KeyAnswer } from './ingest.ts';
import { Ingest } from './ingest.ts';

const patience = { timeout: 30_000, interval: 20 };
let folder: string;
let plane: ChildPlane;
let ingest: Ingest;
const events: MediaEvent[] = [];
const sessions: { sessionId: string; keyId: string }[] = [];
const running: Encoder[] = [];

/** `show-1`, `show-1-over`: the show is in the key, and whether it takes over. */
const askKey = async (key: string): Promise<KeyAnswer> => {
  const [, showId, over] = /^(show-\d+)(-over)?$/.exec(key) ?? [];
  return showId === undefined
    ? { ok: false, why: 'key' }
    : { ok: true, keyId: key, showId, takeOver: over !== undefined };
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rialto-rtmp-'));
  plane = await startChildPlane({ recordingsFolder: folder, bindAddress: '127.0.0.1' });
  plane.onEvent((event) => events.push(event));
  ingest = new Ingest({
    media: plane,
    port: 0,
    host: '127.0.0.1',
    askKey,
    onSession: (sessionId, keyId) => sessions.push({ sessionId, keyId }),
    onNote: () => {},
    onFault: (what, error) => expect.fail(`${what}: ${error}`),
  });
  await ingest.start();
}, 120_000);
afterEach(async () => {
  for (const encoder of running.splice(0)) await encoder.stop();
});
afterAll(async () => {
  await ingest?.close();
  await plane?.close();
  rmSync(folder, { recursive: true, force: true });
});

const push = async (key: string, ...args: readonly string[]): Promise<Encoder> => {
  const url = `rtmp://127.0.0.1:${ingest.port}/live/${key}`;
  const encoder = await runFfmpeg(['-re', ...args, '-f', 'flv', url]);
  running.push(encoder);
  return encoder;
};
const watch = (showId: string) =>
  ViewerClient.connect({
    signal: async (offer) => {
      const { answerSdp, sessionId } = await plane.watch(showId, offer);
      return { answerSdp, leave: async () => void (await plane.leave(sessionId)) };
    },
  });
const heard = (type: MediaEvent['type'], showId: string) =>
  events.filter((event) => event.type === type && 'showId' in event && event.showId === showId);
const onAir = (showId: string) =>
  vi.waitFor(() => expect(heard('publisher-connected', showId)).not.toEqual([]), patience);

describe('an encoder by RTMP', { timeout: 90_000 }, () => {
  test('[ING-12] [ING-13] is seen and heard by a viewer, has a poster and is recorded', async () => {
    const viewer = await watch('show-1');
    await plane.startRecording('show-1');
    const encoder = await push('show-1', ...smallPicture, ...tone, ...x264, '-c:a', 'aac');
    await vi.waitFor(() => {
      expect(viewer.stats.pictures).toBeGreaterThan(50);
      expect(viewer.stats.audioPackets).toBeGreaterThan(50);
    }, patience);
    expect(viewer.stats.badTimestamps).toBe(0);
    await vi.waitFor(() => expect(plane.hasPoster('show-1')).toBe(true), patience);
    await vi.waitFor(
      () =>
        expect(ingest.report('show-1')).toMatchObject({
          state: 'on',
          encoder: expect.stringMatching(/^Lavf/),
          video: {
            size: { width: 320, height: 180 },
            profile: 'Constrained Baseline',
            remade: false,
          },
          audio: { sampleRate: 44_100, channels: 1 },
          complaints: [],
        }),
      patience,
    );
    // Somebody who comes in between two key frames doesn't wait for the next one.
    const late = await watch('show-1');
    await vi.waitFor(() => expect(late.stats.pictures).toBeGreaterThan(5), patience);
    await encoder.stop();
    await vi.waitFor(
      () => expect(heard('publisher-lost', 'show-1')).toMatchObject([{ left: true }]),
      patience,
    );
    expect(ingest.report('show-1')?.state).toBe('ended');
    await viewer.close();
    await late.close();
    const recording = await plane.stopRecording('show-1');
    expect(recording).toMatchObject({ contentType: 'video/mp4', width: 320, height: 180 });
    expect(recording?.durationMs).toBeGreaterThan(1500);
  });

  test('[ING-9] [ING-12] with B-frames and without sound is seen, and told what to change', async () => {
    const viewer = await watch('show-2');
    await push(
      'show-2',
      ...smallPicture,
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-g',
      '25',
      '-bf',
      '2',
    );
    await vi.waitFor(() => expect(viewer.stats.pictures).toBeGreaterThan(50), patience);
    expect(viewer.stats.badTimestamps).toBe(0);
    expect(ingest.report('show-2')).toMatchObject({
      video: { profile: 'High', remade: true },
      complaints: expect.arrayContaining([expect.objectContaining({ code: 'b-frames' })]),
    });
    await viewer.close();
  });

  test('[ING-3] with a wrong key hears so, and ends', async () => {
    for (const key of ['show-x', 'x'.repeat(5000), '../show-1', 'show-1%2f..']) {
      const encoder = await push(key, ...smallPicture, ...x264);
      expect(await encoder.ended).not.toBe(0);
      expect(encoder.output()).toMatch(/not valid here|Broken pipe|Input\/output|Connection reset/);
    }
    expect(sessions.some(({ keyId }) => keyId.includes('x'))).toBe(false);
  });

  test('[ING-12] with pictures that can’t be taken is told why', async () => {
    const encoder = await push(
      'show-3',
      '-f',
      'lavfi',
      '-i',
      'color=size=3840x2160:rate=5',
      ...x264,
    );
    expect(await encoder.ended).not.toBe(0);
    expect(ingest.report('show-3')).toMatchObject({
      state: 'ended',
      complaints: [{ code: 'too-large', found: '3840 × 2160' }],
    });
    await vi.waitFor(() => expect(plane.isLive('show-3')).toBe(false), patience);
  });

  test('[ING-8] is refused while another sends, or takes over', async () => {
    const first = await push('show-4', ...smallPicture, ...x264);
    await onAir('show-4');
    const second = await push('show-4', ...smallPicture, ...x264);
    expect(await second.ended).not.toBe(0);
    expect(second.output()).toMatch(/Somebody else is on air/);
    await push('show-4-over', ...smallPicture, ...x264);
    expect(await first.ended).not.toBe(0);
    await vi.waitFor(() => {
      const { sessionId } = sessions.findLast(({ keyId }) => keyId === 'show-4-over')!;
      expect(heard('publisher-connected', 'show-4').at(-1)).toMatchObject({ sessionId });
    }, patience);
    expect(plane.isLive('show-4')).toBe(true);
  });

  test('[ING-5] ends when its session is taken down', async () => {
    const encoder = await push('show-5', ...smallPicture, ...x264);
    await onAir('show-5');
    expect(await plane.leave(sessions.at(-1)!.sessionId)).toBe(true);
    expect(await encoder.ended).not.toBe(0);
    expect(plane.isLive('show-5')).toBe(false);
  });

  test('[ING-14] that stands still is lost, and is back when it goes on', async () => {
    const encoder = await push('show-6', ...smallPicture, ...x264);
    await onAir('show-6');
    encoder.process.kill('SIGSTOP');
    await vi.waitFor(
      () => expect(heard('publisher-lost', 'show-6')).toMatchObject([{ left: false }]),
      patience,
    );
    encoder.process.kill('SIGCONT');
    await vi.waitFor(
      () => expect(heard('publisher-connected', 'show-6')).toHaveLength(2),
      patience,
    );
  });

  test('[ING-7] goes on while strangers come in crowds and say nothing or nonsense', async () => {
    await push('show-7', ...smallPicture, ...x264);
    await onAir('show-7');
    const strangers = await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        const socket = connect(ingest.port!, '127.0.0.1');
        socket.on('error', () => {});
        await once(socket, 'connect');
        if (n % 2 === 0) socket.write(Buffer.alloc(5000, n));
        return socket;
      }),
    );
    const dump = (await ingest.dump()) as { strangers: number; publications: unknown[] };
    expect(dump.strangers).toBeLessThanOrEqual(25);
    expect(dump.publications).toHaveLength(1);
    const viewer = await watch('show-7');
    await vi.waitFor(() => expect(viewer.stats.pictures).toBeGreaterThan(10), patience);
    await viewer.close();
    for (const socket of strangers) socket.destroy();
  });
});
