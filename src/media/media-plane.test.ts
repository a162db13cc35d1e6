// The media plane as its users see it, with real processes, real WebRTC over loopback and real files. What a single
// part does with odd input is tested beside that part.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Loop } from './camera/play-loop.ts';
import { playLoop } from './camera/play-loop.ts';
import { smallLoop } from './camera/small-loop.ts';
import type { ChildPlane } from './child-plane.ts';
import { startChildPlane } from './child-plane.ts';
import { PublisherClient } from './client/publisher-client.ts';
import type { Signal } from './client/signal.ts';
import type { ViewerClientOptions } from './client/viewer-client.ts';
import { ViewerClient } from './client/viewer-client.ts';
import type { MediaEvent } from './media-plane.ts';

let folder: string;
let plane: ChildPlane;
let loop: Loop;
const events: MediaEvent[] = [];
const waiters = new Set<() => void>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rialto-media-'));
  loop = smallLoop();
  plane = await startChildPlane({
    recordingsFolder: folder,
    bindAddress: '127.0.0.1',
    viewersMax: 8,
    forwardersMax: 1,
  });
  plane.onEvent((event) => {
    events.push(event);
    for (const waiter of waiters) waiter();
  });
}, 30_000);

afterAll(async () => {
  await plane.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The first event from `since` on that fits; waits for it. */
function event<T extends MediaEvent['type']>(
  type: T,
  fits: (each: MediaEvent & { type: T }) => boolean = () => true,
  since = 0,
): Promise<MediaEvent & { type: T }> {
  return new Promise((resolve) => {
    const look = (): void => {
      const found = events
        .slice(since)
        .find(
          (each): each is MediaEvent & { type: T } =>
            each.type === type && fits(each as MediaEvent & { type: T }),
        );
      if (!found) return;
      waiters.delete(look);
      resolve(found);
    };
    waiters.add(look);
    look();
  });
}

function publishTo(showId: string): Signal {
  return async (offer) => {
    const { answerSdp, sessionId } = await plane.publish(showId, offer);
    return { answerSdp, leave: async () => void (await plane.leave(sessionId)) };
  };
}

function watchOf(showId: string): Signal {
  return async (offer) => {
    const { answerSdp, sessionId } = await plane.watch(showId, offer);
    return { answerSdp, leave: async () => void (await plane.leave(sessionId)) };
  };
}

async function publish(showId: string): Promise<{ client: PublisherClient; stop: () => void }> {
  const client = await PublisherClient.connect({ signal: publishTo(showId) });
  return { client, stop: playLoop(client, loop) };
}

/** A viewer, and a way to wait until it has seen so many whole pictures. */
async function watch(showId: string, options: Partial<ViewerClientOptions> = {}) {
  let seen: (() => void) | undefined;
  const client = await ViewerClient.connect({
    signal: watchOf(showId),
    ...options,
    onPicture: (picture) => {
      options.onPicture?.(picture);
      seen?.();
    },
  });
  const pictures = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (client.stats.pictures >= count) resolve();
      };
      seen = look;
      look();
    });
  return { client, pictures };
}

test('a start that is given up leaves no child behind', async () => {
  const children = () =>
    process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap').length;
  const before = children();
  const notes: string[] = [];
  const giveUp = new AbortController();
  const starting = startChildPlane(
    { recordingsFolder: folder, bindAddress: '127.0.0.1', onNote: (note) => notes.push(note) },
    giveUp.signal,
  );
  // Once one of them is ready, while the other one loads.
  await vi.waitFor(() => expect(notes).not.toEqual([]), { interval: 1, timeout: 60_000 });
  giveUp.abort();
  await expect(starting).rejects.toMatchObject({ code: 'media-unavailable' });
  // A process that ended is off the list when its handle is closed, some turns of the loop later.
  await vi.waitFor(() => expect(children()).toBe(before));
});

describe('a show', { timeout: 60_000 }, () => {
  test('is seen by a viewer from a key frame on, picture and sound', async () => {
    const { client: host, stop } = await publish('first');
    await event('publisher-connected', (each) => each.showId === 'first');
    const { client: viewer, pictures } = await watch('first');
    await pictures(20);
    expect(viewer.stats).toMatchObject({ packetsBeforeKeyFrame: 0, badTimestamps: 0 });
    expect(viewer.stats.audioPackets).toBeGreaterThan(0);
    expect(plane.isLive('first')).toBe(true);
    expect(plane.viewers('first')).toBe(1);
    stop();
    await viewer.close();
    await event('viewers', (each) => each.showId === 'first' && each.count === 0);
    await host.close();
    const lost = await event('publisher-lost', (each) => each.showId === 'first');
    expect(lost.left).toBe(true);
  });

  test('is waited for by a viewer who came before the host', async () => {
    const { pictures, client: viewer } = await watch('early');
    const { client: host, stop } = await publish('early');
    await pictures(3);
    expect(viewer.stats.packetsBeforeKeyFrame).toBe(0);
    stop();
    await viewer.close();
    await host.close();
  });

  test('goes on for the same viewers when the host drops and comes back', async () => {
    const first = await publish('again');
    const { client: viewer, pictures } = await watch('again');
    await pictures(10);
    first.stop();
    first.client.drop();
    await event('publisher-lost', (each) => each.showId === 'again');
    const before = viewer.stats.pictures;
    const second = await publish('again');
    await pictures(before + 20);
    expect(viewer.isOpen).toBe(true);
    expect(viewer.stats).toMatchObject({ badTimestamps: 0, missing: viewer.stats.repeated });
    second.stop();
    await viewer.close();
    await second.client.close();
  });

  test('has one host: a second is refused while the first is on', async () => {
    const { client: host, stop } = await publish('taken');
    await event('publisher-connected', (each) => each.showId === 'taken');
    await expect(PublisherClient.connect({ signal: publishTo('taken') })).rejects.toMatchObject({
      code: 'media-publisher-exists',
    });
    stop();
    await host.close();
  });

  test('[ING-10] is not published by more pictures and sounds than are taken', async () => {
    const twice = (sdp: string) => {
      const at = sdp.indexOf('m=');
      const lines = sdp.slice(at);
      return sdp.slice(0, at) + lines + lines.replace(/^a=mid:/gm, 'a=mid:again');
    };
    const offered = publishTo('twice');
    const answered = PublisherClient.connect({ signal: (offer) => offered(twice(offer)) });
    await expect(answered).rejects.toMatchObject({
      code: 'media-sdp-invalid',
      message: expect.stringContaining('more than one'),
    });
  });

  test('is not published by text that is no session description', async () => {
    const chromium = 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';
    for (const garbage of [
      '',
      'hello',
      chromium,
      `${chromium}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`,
      '\0'.repeat(1000),
    ]) {
      await expect(plane.publish('garbage', garbage)).rejects.toMatchObject({
        code: 'media-sdp-invalid',
      });
      await expect(plane.watch('garbage', garbage)).rejects.toMatchObject({
        code: 'media-sdp-invalid',
      });
    }
  });

  test('outlives session descriptions that are broken in one place', async () => {
    const offers: string[] = [];
    await ViewerClient.connect({
      signal: async (offer) => {
        offers.push(offer);
        throw new Error('only the offer was wanted');
      },
    }).catch(() => undefined);
    const offer = offers[0]!;
    const { pid } = plane.forwarders[0]!;
    const broken = [
      offer.replace(/a=fingerprint:.*/g, 'a=fingerprint:sha-256 00'),
      offer.replace(/a=ice-ufrag:.*/g, 'a=ice-ufrag:'),
      offer.replace(/a=ice-pwd:.*\r\n/g, ''),
      offer.replace(/a=mid:.*/g, `a=mid:${'x'.repeat(10_000)}`),
      offer.replace(/a=group:BUNDLE.*/, 'a=group:BUNDLE 7 8 9'),
      offer.replace(/a=rtpmap:\d+/g, 'a=rtpmap:999999'),
      offer.replace(/a=setup:.*/g, 'a=setup:nothing'),
      offer.replaceAll('\r\n', '\0\r\n'),
      offer + 'm=video 9 UDP/TLS/RTP/SAVPF 96\r\n'.repeat(1000),
      ...Array.from({ length: 20 }, (_, n) => offer.slice(0, Math.floor((offer.length * n) / 20))),
    ];
    for (const each of broken) {
      const outcome = await plane.watch('broken', each).then(
        ({ sessionId }) => plane.leave(sessionId),
        (fault: { code: string }) => fault.code,
      );
      expect([true, 'media-sdp-invalid']).toContain(outcome);
    }
    expect(plane.forwarders[0]!.pid).toBe(pid);
  });

  test('[FWD-11] is lost while its host is connected and silent, and on again with the first packet', async () => {
    const { client: host, stop } = await publish('mute');
    const { client: viewer, pictures } = await watch('mute');
    await pictures(3);
    stop();
    const lost = await event('publisher-lost', (each) => each.showId === 'mute');
    expect(lost.left).toBe(false);
    expect(plane.isLive('mute')).toBe(false);
    const since = events.length;
    const again = playLoop(host, loop);
    await event('publisher-connected', (each) => each.showId === 'mute', since);
    await pictures(viewer.stats.pictures + 10);
    expect(viewer.stats.badTimestamps).toBe(0);
    again();
    await viewer.close();
    await host.close();
  });

  test('loses no picture on a line that loses packets on the way in and on the way out', async () => {
    // Every 31st packet: about 3 %, and never a repetition's.
    let sent = 0;
    const client = await PublisherClient.connect({
      signal: publishTo('lossy'),
      loses: () => ++sent % 31 === 0,
    });
    const stop = playLoop(client, loop);
    await event('publisher-connected', (each) => each.showId === 'lossy');
    let passed = 0;
    const line = await lossyLine(plane.forwarders[0]!.udpPort, () => ++passed % 29 === 0);
    const { client: viewer, pictures } = await watch('lossy', {
      signal: async (offer) => {
        const { answerSdp, leave } = await watchOf('lossy')(offer);
        return {
          answerSdp: answerSdp.replaceAll(String(plane.forwarders[0]!.udpPort), String(line.port)),
          leave,
        };
      },
    });
    await pictures(120);
    const stats = await event(
      'publisher-stats',
      (each) => each.showId === 'lossy' && each.lossRatio > 0,
    );
    expect(stats.lossRatio).toBeLessThan(0.5);
    expect(client.repeats).toBeGreaterThan(0);
    expect(viewer.stats.repeated).toBeGreaterThan(0);
    expect(viewer.stats.badTimestamps).toBe(0);
    stop();
    await viewer.close();
    await client.close();
    line.close();
  });

  test('tells its clock, so that a page knows how old its picture is', async () => {
    const { client: host, stop } = await publish('clock');
    const report = Promise.withResolvers<number>();
    const { client: viewer } = await watch('clock', {
      onSenderReport: ({ ntpMs }) => report.resolve(ntpMs),
    });
    // The host's clock is this machine's, so the report's time lies between its start and now.
    expect(Math.abs((await report.promise) - Date.now())).toBeLessThan(30_000);
    stop();
    await viewer.close();
    await host.close();
  });

  test('takes as many viewers as it may, and one more when one left', async () => {
    const crowd = await Promise.all(
      Array.from({ length: 8 }, () => ViewerClient.connect({ signal: watchOf('full') })),
    );
    await expect(ViewerClient.connect({ signal: watchOf('full') })).rejects.toMatchObject({
      code: 'media-capacity',
    });
    await crowd[0]!.close();
    crowd.push(await ViewerClient.connect({ signal: watchOf('full') }));
    for (const viewer of crowd) await viewer.close();
  });

  test('leaves a recording that plays, with its poster', async () => {
    await plane.startRecording('kept');
    const { client: host, stop } = await publish('kept');
    const { client: viewer, pictures } = await watch('kept');
    await pictures(60);
    const poster = await plane.poster('kept');
    expect(await sharp(poster!.whole).metadata()).toMatchObject({ width: 160, height: 288 });
    stop();
    await viewer.close();
    await host.close();
    const recording = await plane.stopRecording('kept');
    expect(recording).toMatchObject({ contentType: 'video/mp4', width: 160, height: 288 });
    expect(recording!.durationMs).toBeGreaterThan(1900);
    expect(readFileSync(recording!.posterPath!).subarray(0, 3)).toEqual(
      Buffer.from([0xff, 0xd8, 0xff]),
    );
    expect(await plane.stopRecording('kept')).toEqual(recording);
    expect(await plane.stopRecording('never recorded')).toBeNull();
    const streams = await probe(recording!.path);
    expect(streams.map((each) => each.codec)).toEqual(['h264', 'opus']);
    // A second of the loop has 30 pictures and 50 sounds; both tracks are as long as the file says.
    for (const stream of streams) {
      expect(Math.abs(stream.seconds * 1000 - recording!.durationMs)).toBeLessThan(500);
      expect(stream.packets).toBeGreaterThan(stream.seconds * (stream.codec === 'h264' ? 15 : 30));
      expect(stream.inOrder).toBe(true);
    }
  });

  test('has a poster ready before anyone asks for it, and none when the host has left', async () => {
    const { client: host, stop } = await publish('seen');
    await vi.waitUntil(() => plane.hasPoster('seen'), { timeout: 10_000 });
    const poster = await plane.poster('seen');
    expect(await sharp(poster!.upright).metadata()).toMatchObject({ format: 'jpeg', width: 480 });
    stop();
    const since = events.length;
    await host.close();
    await event('publisher-lost', (each) => each.showId === 'seen', since);
    expect(plane.hasPoster('seen')).toBe(false);
    expect(await plane.poster('seen')).toBeNull();
  });

  test('keeps the absence of a host as a gap on one timeline', async () => {
    await plane.startRecording('gap');
    const first = await publish('gap');
    const one = await watch('gap');
    await one.pictures(30);
    first.stop();
    const leftAtMs = Date.now();
    await first.client.close();
    await event('publisher-lost', (each) => each.showId === 'gap');
    const since = events.length;
    const second = await publish('gap');
    const back = await event('publisher-connected', (each) => each.showId === 'gap', since);
    await one.pictures(one.client.stats.pictures + 30);
    second.stop();
    await one.client.close();
    await second.client.close();
    const recording = await plane.stopRecording('gap');
    expect(recording!.startedAtMs).toBeLessThan(leftAtMs);
    expect(recording!.startedAtMs + recording!.durationMs).toBeGreaterThan(back.atMs);
    expect((await probe(recording!.path)).every((each) => each.inOrder)).toBe(true);
  });

  test('comes back when the forwarder is killed, and its recording goes on', async () => {
    await plane.startRecording('killed');
    const first = await publish('killed');
    const before = await watch('killed');
    await before.pictures(20);
    const startedPid = plane.forwarders[0]!.pid!;
    const since = events.length;
    process.kill(startedPid, 'SIGKILL');
    await event('publisher-lost', (each) => each.showId === 'killed', since);
    await event('engine-restarted', () => true, since);
    expect(plane.forwarders[0]!.pid).not.toBe(startedPid);
    expect(plane.isLive('killed')).toBe(false);
    first.stop();
    first.client.drop();
    before.client.drop();
    const second = await publish('killed');
    const after = await watch('killed');
    await after.pictures(20);
    second.stop();
    await after.client.close();
    await second.client.close();
    const recording = await plane.stopRecording('killed');
    const [video] = await probe(recording!.path);
    expect(video).toMatchObject({ codec: 'h264', inOrder: true });
    expect(video!.packets).toBeGreaterThan(30);
  });

  test('salvages what a killed recorder had written', async () => {
    await plane.startRecording('salvaged');
    const { client: host, stop } = await publish('salvaged');
    const { client: viewer, pictures } = await watch('salvaged');
    await pictures(60);
    process.kill(plane.recorderPid!, 'SIGKILL');
    await pictures(viewer.stats.pictures + 60);
    stop();
    await viewer.close();
    await host.close();
    // Another plane over the same folder, as after a restart of the whole server.
    const other = await startChildPlane({ recordingsFolder: folder, bindAddress: '127.0.0.1' });
    const recording = await plane
      .stopRecording('salvaged')
      .catch(() => other.stopRecording('salvaged'));
    await other.close();
    expect((await probe(recording!.path))[0]!.packets).toBeGreaterThan(30);
  });
});

type ProbedStream = { codec: string; packets: number; seconds: number; inOrder: boolean };

/** What a player would find in the file. */
async function probe(path: string): Promise<ProbedStream[]> {
  const { AV_CODEC_ID_H264, AV_CODEC_ID_OPUS, FormatContext, Packet } = await import('node-av');
  const input = new FormatContext();
  const packet = new Packet();
  packet.alloc();
  expect(await input.openInput(path)).toBeGreaterThanOrEqual(0);
  await input.findStreamInfo();
  const streams = input.streams.map((stream) => ({
    codec:
      { [AV_CODEC_ID_H264]: 'h264', [AV_CODEC_ID_OPUS]: 'opus' }[
        stream.codecpar.codecId as number
      ] ?? 'other',
    packets: 0,
    seconds: 0,
    inOrder: true,
    last: -1,
    base: stream.timeBase.num / stream.timeBase.den,
  }));
  while ((await input.readFrame(packet)) >= 0) {
    const stream = streams[packet.streamIndex]!;
    const at = Number(packet.pts) * stream.base;
    stream.packets += 1;
    if (at <= stream.last) stream.inOrder = false;
    stream.last = at;
    stream.seconds = at + Number(packet.duration) * stream.base;
    packet.unref();
  }
  packet.free();
  await input.closeInput();
  return streams.map(({ codec, packets, seconds, inOrder }) => ({
    codec,
    packets,
    seconds,
    inOrder,
  }));
}

/** A UDP line to the forwarder that loses packets on the way to the client. */
async function lossyLine(
  target: number,
  loses: () => boolean,
): Promise<{ port: number; close(): void }> {
  const near = createSocket('udp4');
  const far = createSocket('udp4');
  let client: { address: string; port: number } | undefined;
  near.on('message', (packet, from) => {
    client = from;
    far.send(packet, target, '127.0.0.1');
  });
  far.on('message', (packet) => {
    // RTP and RTCP only: the handshake is not what is tested.
    const isMedia = packet[0]! >= 128 && packet[0]! <= 191;
    if (client && !(isMedia && loses())) near.send(packet, client.port, client.address);
  });
  for (const socket of [near, far]) {
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
  }
  return {
    port: near.address().port,
    close: () => {
      near.close();
      far.close();
    },
  };
}
