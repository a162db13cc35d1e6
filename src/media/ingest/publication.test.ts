// One encoder's stream as ffmpeg writes it, message by message through a publication, with the real codecs. That it
// arrives at viewers is tested in ingest.test.ts.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { EncoderReport } from '../../protocol/encoder.ts';
import type { TapClock, TapSession } from '../messages.ts';
import { parseRtp } from '../rtp/rtp-packet.ts';
import { readSequenceParameters } from '../rtp/sequence-parameters.ts';
import { runFfmpeg, smallPicture, tone, x264 } from './ffmpeg.fixture.ts';
import { readAudioTag, readVideoTag, splitUnits } from './flv-tag.ts';
import { OpusSound } from './opus-sound.ts';
import { Publication } from './publication.ts';
import { RemadePictures } from './remade-picture.ts';

const folder = mkdtempSync(join(tmpdir(), 'rialto-ingest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Message = { kind: 'video' | 'audio'; atMs: number; body: Buffer };

/** The media messages of an FLV file that ffmpeg makes: the same bodies that it sends by RTMP. */
const messagesOf = async (name: string, args: readonly string[]): Promise<Message[]> => {
  const path = join(folder, `${name}.flv`);
  const encoder = await runFfmpeg([...args, '-f', 'flv', path]);
  expect(await encoder.ended, encoder.output()).toBe(0);
  const file = readFileSync(path);
  const messages: Message[] = [];
  for (let at = 13; at + 11 <= file.length; ) {
    const bytes = file.readUIntBE(at + 1, 3);
    const atMs = file.readUIntBE(at + 4, 3) + file[at + 7]! * 2 ** 24;
    const kind = file[at] === 8 ? 'audio' : file[at] === 9 ? 'video' : null;
    if (kind && bytes > 0)
      messages.push({ kind, atMs, body: file.subarray(at + 11, at + 11 + bytes) });
    at += 11 + bytes + 4;
  }
  return messages;
};

const open = (options: { remaking?: boolean; bitsPerSecondMax?: number } = {}) => {
  const sessions: TapSession[] = [];
  const clocks: TapClock[] = [];
  const packets: { kind: 'video' | 'audio'; timestamp: number; marker: boolean }[] = [];
  const reports: EncoderReport[] = [];
  const ends: string[] = [];
  let nowMs = Date.UTC(2026, 10, 26);
  const remaking = { taken: 0, given: 0 };
  const publication = new Publication({
    showId: 'show',
    sessionId: 'session',
    codecs: { OpusSound, RemadePictures },
    bitsPerSecondMax: options.bitsPerSecondMax ?? 50_000_000,
    takeRemaking: () => {
      if (options.remaking === false) return false;
      remaking.taken += 1;
      return true;
    },
    giveRemaking: () => {
      remaking.given += 1;
    },
    line: {
      session: (session) => sessions.push(session),
      clock: (clock) => clocks.push(clock),
      packet: (kind, packet) => {
        const { timestamp, marker } = parseRtp(packet)!;
        packets.push({ kind, timestamp, marker });
      },
    },
    onReport: (report) => reports.push(report),
    onEnd: ({ code }) => ends.push(code),
    nowMs: () => nowMs,
  });
  return {
    ...{ publication, sessions, clocks, packets, reports, ends, remaking },
    arriveAt: (atMs: number) => {
      nowMs = atMs;
    },
    last: () => reports.at(-1)!,
  };
};

const second = ['-t', '3'];
const plain = await messagesOf('plain', [
  ...smallPicture,
  ...tone,
  ...x264,
  '-c:a',
  'aac',
  ...second,
]);

describe('a publication', () => {
  test('[ING-13] keeps sound and picture together however unevenly they arrive', () => {
    const { publication, clocks, packets, sessions, arriveAt } = open();
    const startMs = 1_000_000;
    plain.forEach(({ kind, atMs, body }, n) => {
      // Up to a third of a second late, never early.
      arriveAt(startMs + atMs + ((n * 7919) % 330));
      publication.take(kind, atMs, body);
    });
    publication.close();
    expect(sessions).toEqual([{ videoCodec: 'H264', audio: true }]);
    const wallOf = (kind: 'video' | 'audio', timestamp: number) => {
      const clock = clocks.findLast((each) => each.kind === kind)!;
      return clock.wallMs + (timestamp - clock.rtpTimestamp) / (kind === 'video' ? 90 : 48);
    };
    const firstOf = (kind: 'video' | 'audio') =>
      packets.find((each) => each.kind === kind)!.timestamp;
    const firstMs = (kind: 'video' | 'audio') =>
      plain.filter((each) => each.kind === kind)[1]!.atMs;
    for (const kind of ['video', 'audio'] as const) {
      const lateMs = wallOf(kind, firstOf(kind)) - (startMs + firstMs(kind));
      expect(lateMs).toBeGreaterThanOrEqual(-1);
      expect(lateMs).toBeLessThan(20);
    }
    // To the millisecond of the encoder's own count.
    const apart = wallOf('video', firstOf('video')) - wallOf('audio', firstOf('audio'));
    expect(Math.abs(apart - (firstMs('video') - firstMs('audio')))).toBeLessThanOrEqual(1);
  });

  test('[ING-12] [ING-13] sends each picture on as it is and sound as 20 ms of Opus', () => {
    const { publication, packets, last, ends } = open();
    for (const { kind, atMs, body } of plain) publication.take(kind, atMs, body);
    const pictures = packets.filter(({ kind, marker }) => kind === 'video' && marker);
    expect(pictures).toHaveLength(75);
    expect(
      pictures.map(
        ({ timestamp }, n) => timestamp - (pictures[n - 1]?.timestamp ?? timestamp - 3600),
      ),
    ).toEqual(pictures.map(() => expect.closeTo(3600, -2)));
    const sound = packets.filter(({ kind }) => kind === 'audio').map(({ timestamp }) => timestamp);
    expect(sound.length).toBeGreaterThan(145);
    expect(new Set(sound.slice(1).map((each, n) => each - sound[n]!))).toEqual(new Set([960]));
    publication.close();
    expect(last()).toMatchObject({
      state: 'ended',
      video: {
        profile: 'Constrained Baseline',
        size: { width: 320, height: 180 },
        keyIntervalMs: 1000,
        remade: false,
      },
      audio: { sampleRate: 44_100, channels: 1 },
      complaints: [],
    });
    expect(last().video?.framesPerSecond).toBeCloseTo(25, 0);
    expect(ends).toEqual([]);
  });

  test('[ING-13] a jump of the encoder’s time is one for sound too', () => {
    const { publication, packets } = open();
    for (const { kind, atMs, body } of plain)
      publication.take(kind, atMs > 1500 ? atMs + 5000 : atMs, body);
    const sound = packets.filter(({ kind }) => kind === 'audio').map(({ timestamp }) => timestamp);
    const jumps = sound
      .slice(1)
      .map((each, n) => (each - sound[n]!) / 48)
      .filter((ms) => ms !== 20);
    expect(jumps).toHaveLength(1);
    expect(jumps[0]).toBeGreaterThan(4950);
    expect(jumps[0]).toBeLessThan(5060);
  });

  test.each([
    ['b-frames', ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '25']],
    ['profile', [...x264, '-pix_fmt', 'yuv422p10le']],
  ] as const)(
    '[ING-12] with %s has its pictures encoded again, in the order of showing',
    async (code, args) => {
      const messages = await messagesOf(code, [...smallPicture, ...args, ...second]);
      const { publication, packets, remaking, last, ends } = open();
      for (const { kind, atMs, body } of messages) {
        publication.take(kind, atMs, body);
        // The line's own pace: what waits is bounded.
        await new Promise((resolve) => setImmediate(resolve));
        while ((publication.dump() as { waiting: number }).waiting > 10)
          await new Promise((resolve) => setImmediate(resolve));
      }
      while ((publication.dump() as { waiting: number }).waiting > 0)
        await new Promise((resolve) => setImmediate(resolve));
      const times = packets.filter(({ marker }) => marker).map(({ timestamp }) => timestamp);
      expect(times.length).toBeGreaterThan(60);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      publication.close();
      expect(last().complaints).toContainEqual(
        expect.objectContaining({ code, outcome: 'remade' }),
      );
      expect(last().video?.remade).toBe(true);
      expect(remaking).toEqual({ taken: 1, given: 1 });
      expect(ends).toEqual([]);
      const refused = open({ remaking: false });
      for (const { kind, atMs, body } of messages) refused.publication.take(kind, atMs, body);
      expect(refused.ends).toEqual(['too-many-remade']);
      expect(refused.packets).toEqual([]);
    },
  );

  test.each([
    ['interlaced', [...smallPicture, ...x264, '-flags', '+ildct+ilme', '-x264opts', 'tff=1']],
    ['too-large', ['-f', 'lavfi', '-i', 'color=size=3840x2160:rate=5', ...x264]],
    ['video-codec', [...smallPicture, '-c:v', 'flv']],
  ] as const)('[ING-12] with %s is refused by name', async (code, args) => {
    const messages = await messagesOf(code, [...args, '-t', '1']);
    const { publication, packets, last, ends } = open();
    for (const { kind, atMs, body } of messages) publication.take(kind, atMs, body);
    expect(ends).toEqual([code]);
    expect(packets).toEqual([]);
    expect(last()).toMatchObject({ state: 'ended', complaints: [{ code, outcome: 'ended' }] });
  });

  test('[ING-9] goes on without sound that can’t be taken, and says so', async () => {
    const messages = await messagesOf('mp3', [
      ...smallPicture,
      ...tone,
      ...x264,
      '-c:a',
      'libmp3lame',
      ...second,
    ]);
    const { publication, sessions, last } = open();
    for (const { kind, atMs, body } of messages) publication.take(kind, atMs, body);
    publication.close();
    expect(sessions).toEqual([{ videoCodec: 'H264', audio: false }]);
    expect(last().complaints).toEqual([
      { code: 'audio-codec', outcome: 'named', found: 'MP3', figure: null },
    ]);
  });

  test('[ING-9] names missing sound and key frames that are far apart', async () => {
    const messages = await messagesOf('far', [...smallPicture, ...x264, '-g', '1000', '-t', '8']);
    const { publication, last } = open();
    for (const { kind, atMs, body } of messages) publication.take(kind, atMs, body);
    publication.close();
    expect(
      last()
        .complaints.map(({ code }) => code)
        .sort(),
    ).toEqual(['key-interval', 'no-sound']);
    expect(last().complaints.find(({ code }) => code === 'key-interval')?.figure).toBeGreaterThan(
      4500,
    );
  });

  test('[ING-14] above the highest bit rate ends', () => {
    const { publication, ends, packets } = open({ bitsPerSecondMax: 100_000 });
    for (const { kind, atMs, body } of plain) publication.take(kind, atMs, body);
    expect(ends).toEqual(['bit-rate']);
    const { length } = packets;
    publication.take('video', 9000, plain.at(-1)!.body);
    expect(packets).toHaveLength(length);
  });

  test('[ING-14] ends also when the time that the encoder writes stands still, or runs ten times as fast', () => {
    const perSecond = plain.reduce((sum, { body }) => sum + body.length * 8, 0) / 3;
    const asWritten: ((atMs: number) => number)[] = [() => 0, (atMs) => atMs * 10];
    for (const written of asWritten) {
      const { publication, ends, arriveAt } = open({ bitsPerSecondMax: perSecond / 5 });
      // Five times what is allowed, for 24 s of ours.
      for (let round = 0; round < 8; round += 1)
        for (const { kind, atMs, body } of plain) {
          arriveAt(2_000_000 + round * 3000 + atMs);
          publication.take(kind, written(round * 3000 + atMs), body);
        }
      expect(ends).toEqual(['bit-rate']);
    }
  });

  test('[ING-14] goes on when a line that stood still gives all at once what it held', () => {
    const perSecond = plain.reduce((sum, { body }) => sum + body.length * 8, 0) / 3;
    const { publication, ends, arriveAt } = open({ bitsPerSecondMax: perSecond * 2 });
    for (let round = 0; round < 4; round += 1)
      for (const { kind, atMs, body } of plain) {
        arriveAt(2_000_000 + round * 3000 + 3000);
        publication.take(kind, round * 3000 + atMs, body);
      }
    expect(ends).toEqual([]);
  });

  test('[ING-12] a machine that doesn’t keep up leaves pictures out and doesn’t wait for a key frame', async () => {
    const bFrames = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '600'];
    const messages = await messagesOf('late', [...smallPicture, ...bFrames, '-t', '4']);
    const { publication, packets } = open();
    // Four seconds at once, with one key frame at their start.
    for (const { kind, atMs, body } of messages) publication.take(kind, atMs, body);
    while ((publication.dump() as { waiting: number }).waiting > 0)
      await new Promise((resolve) => setImmediate(resolve));
    const times = packets.filter(({ marker }) => marker).map(({ timestamp }) => timestamp);
    publication.close();
    expect((times.at(-1)! - times[0]!) / 90).toBeGreaterThan(3500);
    expect(times.length).toBeLessThan(50);
  });

  test('[ING-7] survives messages that are damaged', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(plain.length - 1), fc.nat(), fc.nat(255)), { maxLength: 30 }),
        fc.array(fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 60 })), { maxLength: 10 }),
        (changes, odd) => {
          const { publication } = open();
          const messages = plain
            .slice(0, 60)
            .map((each) => ({ ...each, body: Buffer.from(each.body) }));
          for (const [n, at, byte] of changes) {
            const body = messages[n % messages.length]!.body;
            body[at % body.length] = byte;
          }
          for (const { kind, atMs, body } of messages) publication.take(kind, atMs, body);
          for (const [isVideo, bytes] of odd)
            publication.take(isVideo ? 'video' : 'audio', 4000, Buffer.from(bytes));
          publication.close();
        },
      ),
      { numRuns: 25 },
    );
  });
});

test('[ING-7] bodies and parameter sets of any bytes are read without a fault', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 120 }),
      fc.constantFrom(1, 2, 3, 4),
      (bytes, lengthBytes) => {
        const body = Buffer.from(bytes);
        readVideoTag(body);
        readVideoTag(Buffer.concat([Buffer.from([0x17, 0, 0, 0, 0]), body]));
        readAudioTag(Buffer.concat([Buffer.from([0xaf, 0]), body]));
        splitUnits(body, lengthBytes);
        readSequenceParameters(Buffer.concat([Buffer.from([0x67, 100]), body]));
      },
    ),
    { numRuns: 1000 },
  );
});
