import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IncomingPacket } from './show-stream.ts';
import { ShowStream } from './show-stream.ts';

const payload = Buffer.from([1, 2, 3]);
const packet = (index: number, rest: Partial<IncomingPacket> = {}): IncomingPacket => ({
  index,
  timestamp: index * 3000,
  marker: true,
  payload,
  startsKeyFrame: false,
  ...rest,
});
const key = (index: number, rest: Partial<IncomingPacket> = {}) =>
  packet(index, { startsKeyFrame: true, ...rest });

function taken(stream: ShowStream, incoming: IncomingPacket, nowMs: number) {
  const outcome = stream.take(incoming, nowMs);
  if (typeof outcome === 'string') throw new Error(`packet was ${outcome}`);
  return outcome;
}

describe("a show's stream", () => {
  test('begins with a key frame', () => {
    const stream = new ShowStream('video', 90_000, 64);
    expect(stream.take(packet(1), 0)).toBe('needs-key-frame');
    expect(taken(stream, key(2), 33).newKeyFrame).toBe(true);
  });

  test('goes on in number and time when another publisher comes, pause included', () => {
    const stream = new ShowStream('video', 90_000, 64);
    const last = taken(stream, key(100, { timestamp: 4_000_000_000 }), 1000).out;
    stream.startSource();
    expect(stream.take(packet(7), 3000)).toBe('needs-key-frame');
    const next = taken(stream, key(8, { timestamp: 55 }), 3000).out;
    expect(next.index).toBe(last.index + 1);
    expect(next.timestamp).toBe((last.timestamp + 2 * 90_000) >>> 0);
    expect(stream.toShowTimestamp(55 + 90)).toBe((next.timestamp + 90) >>> 0);
  });

  test('closes the gap of padding, and finds packets by the number that viewers know', () => {
    const stream = new ShowStream('video', 90_000, 64);
    const first = taken(stream, key(1), 0).out;
    expect(stream.take(packet(2, { payload: Buffer.alloc(0) }), 1)).toBe('dropped');
    const third = taken(stream, packet(3), 2).out;
    expect(third.index).toBe(first.index + 1);
    expect(stream.bySequence(third.packet.readUInt16BE(2))).toBe(third);
    expect(stream.bySequence((third.packet.readUInt16BE(2) + 1) & 0xffff)).toBeUndefined();
  });

  test('lets a viewer who joins start at the last key frame when all since then is there and young', () => {
    const stream = new ShowStream('video', 90_000, 64);
    const start = taken(stream, key(1), 0).out.index;
    taken(stream, packet(2), 33);
    expect(stream.replayStart(100, 1000, 50)).toBe(start);
    expect(stream.replayStart(2000, 1000, 50)).toBeUndefined();
    taken(stream, packet(4), 99);
    expect(stream.replayStart(100, 1000, 50)).toBeUndefined();
    taken(stream, packet(3), 100);
    expect(stream.replayStart(100, 1000, 50)).toBe(start);
    expect(stream.replayStart(100, 1000, 2)).toBeUndefined();
  });

  test('gives the newest key picture when it is whole', () => {
    const stream = new ShowStream('video', 90_000, 64);
    taken(stream, key(1, { marker: false, timestamp: 9 }), 0);
    expect(stream.keyPicture()).toBeUndefined();
    taken(stream, packet(2, { timestamp: 9 }), 1);
    expect(stream.keyPicture()).toEqual([payload, payload]);
  });

  test('never gives a number twice nor leaves one out, over any series of publishers and padding', () => {
    const publisher = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(publisher, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 0xffff }),
        (publishers, base) => {
          const stream = new ShowStream('video', 90_000, 256);
          const numbers: number[] = [];
          publishers.forEach((packets, n) => {
            stream.startSource();
            packets.forEach((media, i) => {
              const bytes = media ? payload : Buffer.alloc(0);
              const outcome = stream.take(
                key(base + n * 999 + i, { payload: bytes, timestamp: base + i }),
                n * 1000 + i,
              );
              if (typeof outcome !== 'string') numbers.push(outcome.out.index);
            });
          });
          numbers.forEach((each, i) => expect(each).toBe(numbers[0]! + i));
        },
      ),
    );
  });
});
