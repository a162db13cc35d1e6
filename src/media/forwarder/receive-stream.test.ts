import { describe, expect, test } from 'vitest';
import { NACK_ATTEMPTS, NACK_INTERVAL_MS, ReceiveStream } from './receive-stream.ts';

function stream(): ReceiveStream {
  return new ReceiveStream(7, 90_000);
}

describe('a received stream', () => {
  test('asks for what is missing at once, then six times in all, then gives up', () => {
    const received = stream();
    received.receive(10, 0, 0);
    received.receive(13, 0, 5);
    const asked: number[] = [];
    for (let nowMs = 5; nowMs < 1000; nowMs += 5) {
      const { sequences, gaveUp } = received.due(nowMs);
      if (sequences.length > 0) {
        expect(sequences).toEqual([11, 12]);
        asked.push(nowMs);
      }
      if (gaveUp) {
        expect(nowMs).toBe(5 + NACK_ATTEMPTS * NACK_INTERVAL_MS);
        break;
      }
    }
    expect(asked).toEqual([5, 45, 85, 125, 165, 205]);
    expect(received.hasMissing).toBe(false);
  });

  test('asks no more for what came', () => {
    const received = stream();
    received.receive(0xfffe, 0, 0);
    received.receive(1, 0, 1);
    expect(received.due(1).sequences).toEqual([0xffff, 0]);
    received.receive(0, 0, 20);
    expect(received.due(41).sequences).toEqual([0xffff]);
    received.receive(0xffff, 0, 50);
    expect(received.hasMissing).toBe(false);
  });

  test('knows a repetition of what it has', () => {
    const received = stream();
    expect(received.receive(5, 0, 0).fresh).toBe(true);
    expect(received.receive(5, 0, 1).fresh).toBe(false);
    expect(received.receive(7, 0, 2).fresh).toBe(true);
    expect(received.receive(6, 0, 3).fresh).toBe(true);
    expect(received.receive(6, 0, 4).fresh).toBe(false);
  });

  test('does not ask after an outage', () => {
    const received = stream();
    received.receive(0, 0, 0);
    received.receive(5000, 0, 10);
    expect(received.hasMissing).toBe(false);
  });

  test('reports what was lost since the last report, and what was lost before repair', () => {
    const received = stream();
    for (const sequence of [0, 1, 2, 4, 5, 6, 7]) received.receive(sequence, 0, sequence);
    expect(received.report(1000)).toMatchObject({
      ssrc: 7,
      fractionLost: 1 / 8,
      totalLost: 1,
      highestSequence: 7,
    });
    expect(received.takeLossRatio()).toBe(1 / 8);
    received.receive(3, 0, 1001);
    received.receive(8, 0, 1002);
    expect(received.report(2000)).toMatchObject({ fractionLost: 0, totalLost: 0 });
    expect(received.takeLossRatio()).toBe(0);
  });
});
