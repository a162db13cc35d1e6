import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRtcp, makeRtp, parseRtp, readExtension } from './rtp-packet.ts';

const fields = fc.record({
  marker: fc.boolean(),
  payloadType: fc.integer({ min: 0, max: 127 }),
  sequence: fc.integer({ min: 0, max: 0xffff }),
  timestamp: fc.integer({ min: 0, max: 0xffffffff }),
  ssrc: fc.integer({ min: 0, max: 0xffffffff }),
});

describe('an RTP packet', () => {
  test('reads as it was made', () => {
    fc.assert(
      fc.property(fields, fc.uint8Array({ maxLength: 1300 }), (head, payload) => {
        const packet = makeRtp(head, payload);
        const read = parseRtp(packet)!;
        expect(read).toMatchObject(head);
        expect(packet.subarray(read.payloadStart, read.payloadEnd)).toEqual(Buffer.from(payload));
      }),
    );
  });

  test('keeps its payload under contributing sources, extension and padding', () => {
    fc.assert(
      fc.property(
        fields,
        fc.uint8Array({ maxLength: 100 }),
        fc.integer({ min: 0, max: 15 }),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 40 }),
        (head, payload, sources, words, padding) => {
          const bare = makeRtp(head, payload);
          const extension = Buffer.alloc(words === 0 ? 0 : 4 + words * 4);
          if (words > 0) extension.writeUInt16BE(words, 2);
          const tail = Buffer.alloc(padding);
          if (padding > 0) tail[padding - 1] = padding;
          const packet = Buffer.concat([
            bare.subarray(0, 12),
            Buffer.alloc(sources * 4),
            extension,
            payload,
            tail,
          ]);
          packet[0] = 0x80 | sources | (words > 0 ? 0x10 : 0) | (padding > 0 ? 0x20 : 0);
          const read = parseRtp(packet)!;
          expect(packet.subarray(read.payloadStart, read.payloadEnd)).toEqual(Buffer.from(payload));
        },
      ),
    );
  });

  test('is never a reason to throw, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.integer({ min: 1, max: 14 }),
        (bytes, id) => {
          const packet = Buffer.from(bytes);
          const read = parseRtp(packet);
          if (!read) return;
          expect(read.payloadStart).toBeLessThanOrEqual(read.payloadEnd);
          expect(read.payloadEnd).toBeLessThanOrEqual(packet.length);
          readExtension(packet, id);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('gives a one-byte and a two-byte header extension', () => {
    const bare = makeRtp(
      { marker: false, payloadType: 96, sequence: 1, timestamp: 2, ssrc: 3 },
      Buffer.from([9]),
    );
    const oneByte = Buffer.from([0xbe, 0xde, 0, 2, 0x10, 0xaa, 0x31, 0x12, 0x34, 0, 0, 0]);
    const twoByte = Buffer.from([0x10, 0x00, 0, 2, 1, 1, 0xaa, 3, 2, 0x12, 0x34, 0]);
    for (const extension of [oneByte, twoByte]) {
      const packet = Buffer.concat([bare.subarray(0, 12), extension, bare.subarray(12)]);
      packet[0] = 0x90;
      expect(readExtension(packet, 3)).toBe(0x1234);
      expect(readExtension(packet, 5)).toBeUndefined();
    }
  });

  test('is told from RTCP by its type', () => {
    expect(isRtcp(Buffer.from([0x80, 200]))).toBe(true);
    expect(isRtcp(Buffer.from([0x80, 0x80 | 96]))).toBe(false);
  });
});
