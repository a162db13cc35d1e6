// A show in a process that doesn't keep up: packets of a publisher and what its viewers get, on a clock that stands
// still. That media flows over real connections is tested in `../media-plane.test.ts`.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseRtcp } from '../rtp/rtcp.ts';
import { isRtcp, makeRtp, parseRtp } from '../rtp/rtp-packet.ts';
import { LOOP_TICK_MS, LoopWatch } from './loop-watch.ts';
import { Publisher } from './publisher.ts';
import type { RtcSession } from './rtc-session.ts';
import { ShowRoom } from './show-room.ts';
import { Viewer } from './viewer.ts';

const H264 = 96;
const OPUS = 111;
/** NAL units of a key picture and of another one (RFC 6184). */
const idr = Buffer.from([0x65, 1, 2, 3]);
const slice = Buffer.from([0x41, 1, 2, 3]);

let watch: LoopWatch;
let room: ShowRoom;
let publisher: Publisher;
let asked: Buffer[];
let sent: Buffer[];

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  watch = new LoopWatch(Date.now());
  room = new ShowRoom('s1', () => undefined);
  const session = (to: Buffer[]) =>
    ({
      send: (packet: Buffer) => to.push(Buffer.from(packet)) > 0,
      close: () => undefined,
    }) as unknown as RtcSession;
  asked = [];
  sent = [];
  const formats = {
    video: { payloadType: H264, codec: 'H264' as const },
    audio: { payloadType: OPUS },
  };
  publisher = new Publisher('p', session(asked), formats, 1e6, room.sinkFor('p'), watch);
  room.setPublisher(publisher);
  room.join(new Viewer('v', session(sent), { H264, audio: OPUS }, () => undefined));
});
afterEach(() => {
  room.close();
  vi.useRealTimers();
});

const receive = (payloadType: number, sequence: number, payload: Buffer) =>
  publisher.receive(
    makeRtp(
      { marker: true, payloadType, sequence, timestamp: sequence * 3000, ssrc: payloadType },
      payload,
    ),
  );
const video = (sequence: number, payload = slice) => receive(H264, sequence, payload);
const audio = (sequence: number) => receive(OPUS, sequence, Buffer.from([1]));
/** Numbers of the packets of one kind that the viewer got. */
const got = (payloadType: number) =>
  sent
    .filter((packet) => !isRtcp(packet))
    .map((packet) => parseRtp(packet)!)
    .filter((header) => header.payloadType === payloadType)
    .map(({ sequence }) => sequence);
const keyFramesAsked = () =>
  asked
    .filter(isRtcp)
    .flatMap((packet) => parseRtcp(packet))
    .filter(({ type }) => type === 'key-frame-request').length;
const tickInTime = () => {
  vi.setSystemTime(Date.now() + LOOP_TICK_MS);
  watch.tick(Date.now());
};

test('a process that is a second late throws away what waits and goes on at a key frame, without a gap', () => {
  video(1, idr);
  video(2);
  audio(1);
  const before = { video: got(H264), audio: got(OPUS) };
  expect([before.video.length, before.audio.length]).toEqual([2, 1]);

  // The loop works off its queue and doesn't come round.
  vi.setSystemTime(Date.now() + 1_001);
  for (let sequence = 3; sequence <= 5_000; sequence += 1) video(sequence);
  for (let sequence = 2; sequence <= 50; sequence += 1) audio(sequence);
  expect({ video: got(H264), audio: got(OPUS) }).toEqual(before);
  expect(publisher.packetsSkipped).toBe(5_047);

  // It comes round, late; from the next time in time it keeps up again.
  watch.tick(Date.now());
  video(5_001);
  expect(publisher.packetsSkipped).toBe(5_048);
  tickInTime();
  const asksBefore = keyFramesAsked();
  video(5_002);
  expect(keyFramesAsked()).toBe(asksBefore + 1);
  audio(51);
  video(5_003, idr);
  video(5_004);
  expect(got(H264)).toEqual([0, 1, 2, 3].map((nth) => (before.video[0]! + nth) & 0xffff));
  expect(got(OPUS)).toEqual([0, 1].map((nth) => (before.audio[0]! + nth) & 0xffff));
  expect(publisher.packetsSkipped).toBe(5_048);
});

test('a hiccup of half a second costs nothing', () => {
  video(1, idr);
  vi.setSystemTime(Date.now() + 500);
  video(2);
  watch.tick(Date.now());
  video(3);
  expect(got(H264)).toHaveLength(3);
  expect(publisher.packetsSkipped).toBe(0);
});

test('[FWD-10] packets of another source and of no format that was agreed change nothing for viewers', () => {
  video(1, idr);
  const foreign = (payloadType: number, ssrc: number, sequence: number) =>
    publisher.receive(makeRtp({ marker: true, payloadType, sequence, timestamp: 9, ssrc }, idr));
  for (let sequence = 40_000; sequence < 40_100; sequence += 1) {
    foreign(H264, 0xbad, sequence);
    foreign(77, H264, sequence);
  }
  video(2);
  const [first] = got(H264);
  expect(got(H264)).toEqual([first, (first! + 1) & 0xffff]);
  expect(asked.filter(isRtcp).flatMap((packet) => parseRtcp(packet))).not.toContainEqual(
    expect.objectContaining({ type: 'nack' }),
  );
});

test('[FWD-10] another source takes over when the first one is silent, from a key frame on', () => {
  video(1, idr);
  vi.setSystemTime(Date.now() + 600);
  watch.tick(Date.now());
  const other = (sequence: number, payload: Buffer) =>
    publisher.receive(
      makeRtp({ marker: true, payloadType: H264, sequence, timestamp: 9, ssrc: 0xbee }, payload),
    );
  other(7, slice);
  expect(got(H264)).toHaveLength(1);
  other(8, idr);
  const [first, second] = got(H264);
  expect(second).toBe((first! + 1) & 0xffff);
});

test('[FWD-9] a picture that is far too much stands still and goes on at a key frame, without a gap', () => {
  const large = Buffer.concat([slice, Buffer.alloc(1100)]);
  video(1, idr);
  let sequence = 1;
  const asksBefore = keyFramesAsked();
  // 50 Mbit/s for two seconds; told was 1.
  for (let ms = 0; ms < 2_000; ms += 1) {
    vi.setSystemTime(Date.now() + 1);
    watch.tick(Date.now());
    for (let n = 0; n < 6; n += 1) video((sequence += 1), large);
  }
  const passed = got(H264).length;
  expect(passed).toBeGreaterThan(600);
  expect(passed).toBeLessThan(1_500);
  expect(publisher.packetsOverLimit).toBe(sequence - passed);
  vi.setSystemTime(Date.now() + 1_500);
  watch.tick(Date.now());
  watch.tick(Date.now());
  video((sequence += 1));
  expect(keyFramesAsked()).toBeGreaterThan(asksBefore);
  video((sequence += 1), idr);
  const numbers = got(H264);
  expect(numbers).toHaveLength(passed + 1);
  expect(numbers.at(-1)).toBe((numbers[0]! + passed) & 0xffff);
});
