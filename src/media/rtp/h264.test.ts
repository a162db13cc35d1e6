import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  h264ParameterSets,
  isH264KeyFrame,
  joinH264,
  packetizeH264,
  splitAnnexB,
  startsH264KeyFrame,
} from './h264.ts';

const START = Buffer.from([0, 0, 0, 1]);
/** A NAL unit without zeros, so that no start code appears in it. */
const nal = (type: number) =>
  fc
    .uint8Array({ minLength: 1, maxLength: 3000 })
    .map((bytes) => Buffer.from([0x60 | type, ...bytes.map((each) => each || 1)]));
const keyFrame = fc
  .tuple(nal(7), nal(8), nal(5), nal(5))
  .map((nals) => Buffer.concat(nals.flatMap((each) => [START, each])));
const otherFrame = nal(1).map((each) => Buffer.concat([START, each]));

describe('H.264 in RTP', () => {
  test('an access unit comes out of its packets as it went in', () => {
    fc.assert(
      fc.property(
        fc.oneof(keyFrame, otherFrame),
        fc.integer({ min: 100, max: 1200 }),
        (unit, max) => {
          const payloads = packetizeH264(unit, max);
          const aggregated = payloads.filter((payload) => (payload[0]! & 0x1f) === 24);
          for (const payload of payloads)
            if (!aggregated.includes(payload))
              expect(payload.length).toBeLessThanOrEqual(Math.max(max, 3002));
          expect(joinH264(payloads)).toEqual(unit);
        },
      ),
    );
  });

  test('the first packet of a key frame is known as such, those of other pictures are not', () => {
    fc.assert(
      fc.property(keyFrame, otherFrame, (key, other) => {
        const starts = (unit: Buffer) =>
          packetizeH264(unit, 500).map((each) => startsH264KeyFrame(each, 0, each.length));
        expect(starts(key)[0]).toBe(true);
        expect(starts(other)).not.toContain(true);
        expect([isH264KeyFrame(key), isH264KeyFrame(other)]).toEqual([true, false]);
      }),
    );
  });

  test('a unit whose beginning is missing is not put together', () => {
    const unit = Buffer.concat([START, Buffer.from([0x65]), Buffer.alloc(3000, 7)]);
    const payloads = packetizeH264(unit, 1000);
    expect(joinH264(payloads.slice(1))).toBeUndefined();
    expect(joinH264(payloads.slice(0, -1))).toBeUndefined();
  });

  test('foreign bytes are never a reason to throw', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (packets) => {
        const payloads = packets.map((each) => Buffer.from(each));
        joinH264(payloads);
        for (const each of payloads) startsH264KeyFrame(each, 0, each.length);
        splitAnnexB(Buffer.concat(payloads));
        h264ParameterSets(Buffer.concat(payloads));
      }),
      { numRuns: 500 },
    );
  });
});
