import { expect, test } from 'vitest';
import { type HealthView, healthTroubles } from './health.ts';

const good: HealthView = {
  line: {
    ...{ bitsPerSecond: 2_500_000, framesPerSecond: 30, lossRatio: 0.001, rttMs: 40 },
    ...{ keyIntervalMs: 2_000, packetsSkipped: 0, packetsOverLimit: 0 },
  },
  viewers: { webrtc: 3, hls: 2, all: 5, delayP50Ms: 200, delayP95Ms: 2_500 },
};
const withLine = (change: Partial<NonNullable<HealthView['line']>>): HealthView => ({
  ...good,
  line: { ...good.line!, ...change },
});

test('[HEA-2] a good line has nothing said of it, and nobody’s line neither', () => {
  expect(healthTroubles(good)).toEqual([]);
  expect(healthTroubles({ ...good, line: null })).toEqual([]);
  // Sound alone has no pictures to miss.
  expect(healthTroubles(withLine({ framesPerSecond: 0, bitsPerSecond: 64_000 }))).toEqual([]);
  expect(healthTroubles(withLine({ rttMs: null, keyIntervalMs: null }))).toEqual([]);
});

test('[HEA-5] silence is said from half a minute on, and of nobody who sends nothing', () => {
  const said = (silentForMs: number | null) => healthTroubles(good, { silentForMs });
  expect([said(null), said(0), said(29_999)]).toEqual([[], [], []]);
  expect(said(31_500)).toEqual([
    'No sound has gone out for 31 s: if you speak, look at the microphone’s own switch, or choose another one.',
  ]);
  expect(healthTroubles({ ...good, line: null }, { silentForMs: 60_000 })).toEqual([]);
});

test('[HEA-2] each trouble is said from its threshold on, with what to do', () => {
  const said = (change: Parameters<typeof withLine>[0]) => healthTroubles(withLine(change));
  expect(said({ lossRatio: 0.029 })).toEqual([]);
  expect(said({ lossRatio: 0.04 })).toEqual([
    'Your line loses 4 % of packets: move nearer to the router, or use a cable.',
  ]);
  expect([said({ rttMs: 299 }), said({ rttMs: 300 })].map(({ length }) => length)).toEqual([0, 1]);
  expect(said({ framesPerSecond: 14.9 })[0]).toContain('15 pictures a second');
  expect(said({ bitsPerSecond: 399_999 })).toHaveLength(1);
  expect(
    [said({ keyIntervalMs: 8_000 }), said({ keyIntervalMs: 8_001 })].map(({ length }) => length),
  ).toEqual([0, 1]);
  expect(said({ packetsSkipped: 1, packetsOverLimit: 1 })).toHaveLength(2);
  const late = { ...good, viewers: { ...good.viewers, delayP95Ms: 7_200 } };
  expect(healthTroubles(late)).toEqual([
    'Some viewers see you 7 s late: leave them time to answer.',
  ]);
});
