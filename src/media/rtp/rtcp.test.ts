import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  makeBandwidthLimit,
  makeKeyFrameRequest,
  makeNack,
  makeReceiverReport,
  makeReferenceAnswer,
  makeReferenceTime,
  makeSenderReport,
  makeTransportFeedback,
  parseRtcp,
  roundTripMs,
  toNtp,
} from './rtcp.ts';

const ssrc = fc.integer({ min: 0, max: 0xffffffff });
const nowMs = Date.UTC(2026, 10, 24, 7, 0, 0);

describe('RTCP', () => {
  test('a sender report names the same instant when it is read', () => {
    fc.assert(
      fc.property(
        ssrc,
        fc.double({ min: nowMs, max: nowMs + 1e9, noNaN: true }),
        ssrc,
        (source, ntpMs, rtpTimestamp) => {
          const [report] = parseRtcp(
            makeSenderReport({ ssrc: source, ntpMs, rtpTimestamp, packets: 1, bytes: 2 }),
          );
          if (report?.type !== 'sender-report') throw new Error('no report');
          expect(Math.abs(report.ntpMs - ntpMs)).toBeLessThan(0.01);
          expect(report).toMatchObject({
            ssrc: source,
            rtpTimestamp,
            ntpMiddle: toNtp(ntpMs).middle,
          });
        },
      ),
    );
  });

  test('a NACK asks for exactly the sequences that it was made of, over the wrap too', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff }),
        fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 60 }),
        (base, distances) => {
          const sequences = distances
            .sort((a, b) => a - b)
            .map((distance) => (base + distance) & 0xffff);
          expect(parseRtcp(makeNack(1, 7, sequences))).toEqual([
            { type: 'nack', mediaSsrc: 7, sequences },
          ]);
        },
      ),
    );
  });

  test('a compound packet is read in its order', () => {
    const compound = Buffer.concat([
      makeReceiverReport(5, []),
      makeKeyFrameRequest(5, 9),
      makeBandwidthLimit(5, [9], 4_000_000),
      makeReferenceTime(5, nowMs),
      makeReferenceAnswer(9, 5, 1234, 1000),
    ]);
    expect(parseRtcp(compound)).toEqual([
      { type: 'receiver-report', ssrc: 5, reports: [] },
      { type: 'key-frame-request', mediaSsrc: 9 },
      { type: 'reference-time', ssrc: 5, ntpMiddle: toNtp(nowMs).middle },
      { type: 'reference-answer', lastReport: 1234, delaySinceLastReport: 65_536 },
    ]);
  });

  test('a receiver report keeps its blocks', () => {
    const block = {
      ssrc: 77,
      fractionLost: 0.25,
      totalLost: 12,
      highestSequence: 0x2ffff,
      jitter: 90,
      lastReport: 0x12345678,
      delaySinceLastReport: 655,
    };
    expect(parseRtcp(makeReceiverReport(1, [block]))).toEqual([
      { type: 'receiver-report', ssrc: 1, reports: [block] },
    ]);
  });

  test('the round trip is what passed less what the other side waited', () => {
    const sent = toNtp(nowMs).middle;
    const back = toNtp(nowMs + 150).middle;
    expect(roundTripMs(back, sent, Math.round((100 * 65_536) / 1000))).toBeCloseTo(50, 0);
    expect(roundTripMs(back, 0, 0)).toBeNull();
  });

  test('foreign bytes are never a reason to throw', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.constantFrom(200, 201, 203, 205, 206, 207),
        (bytes, type) => {
          const packet = Buffer.from([0x81, type, ...bytes]);
          parseRtcp(packet);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('transport feedback tells each arrival to a quarter of a millisecond', () => {
    const arrival = fc.option(fc.double({ min: 0, max: 200, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.array(arrival, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 0xffff }),
        (gaps, base) => {
          fc.pre(gaps.some((gap) => gap !== undefined));
          let clock = 1_000_000;
          const arrivalsMs = gaps.map((gap) => (gap === undefined ? undefined : (clock += gap)));
          const read = readFeedback(
            makeTransportFeedback({ ssrc: 1, mediaSsrc: 2, base, count: 3, arrivalsMs }),
          );
          expect(read.base).toBe(base);
          expect(read.arrivalsMs).toHaveLength(arrivalsMs.length);
          arrivalsMs.forEach((wanted, i) => {
            const told = read.arrivalsMs[i];
            if (wanted === undefined) expect(told).toBeUndefined();
            else expect(Math.abs(told! - wanted)).toBeLessThanOrEqual(0.126);
          });
        },
      ),
    );
  });
});

/** Reads what `makeTransportFeedback` makes, as the draft says it is read. */
function readFeedback(packet: Buffer): { base: number; arrivalsMs: (number | undefined)[] } {
  const count = packet.readUInt16BE(14);
  let clock = packet.readUIntBE(16, 3) * 64;
  const symbols: number[] = [];
  let at = 20;
  while (symbols.length < count) {
    const chunk = packet.readUInt16BE(at);
    at += 2;
    for (let j = 0; j < 7 && symbols.length < count; j += 1)
      symbols.push((chunk >> (12 - j * 2)) & 3);
  }
  const arrivalsMs = symbols.map((symbol) => {
    if (symbol === 0) return undefined;
    clock += (symbol === 1 ? packet[at]! : packet.readInt16BE(at)) / 4;
    at += symbol === 1 ? 1 : 2;
    return clock;
  });
  expect(packet.length - at).toBeLessThan(4);
  return { base: packet.readUInt16BE(12), arrivalsMs };
}
