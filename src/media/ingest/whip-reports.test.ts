import { beforeEach, expect, test } from 'vitest';
import type { MediaEvent, PublisherArrival } from '../media-plane.ts';
import type { SequenceParameters } from '../rtp/sequence-parameters.ts';
import { complaintsOf, WhipReports } from './whip-reports.ts';

const parameters: SequenceParameters = {
  ...{ profileIdc: 66, profile: 'Baseline', level: '3.1', chroma: '4:2:0', bitDepth: 8 },
  ...{ interlaced: false, width: 1280, height: 720, framesPerSecond: 30, reorderFrames: 0 },
};
const picture = { codec: 'H264', parameters, reordered: false } as const;
const sound = { bitsPerSecond: 96_000 };
const line = {
  ...{ bitsPerSecond: 2_096_000, framesPerSecond: 30, lossRatio: 0, rttMs: 20 },
  ...{ packetsSkipped: 0, packetsOverLimit: 0, keyIntervalMs: 2_000 },
};

let nowMs: number;
let tell: (event: MediaEvent) => void;
let reports: WhipReports;
beforeEach(() => {
  nowMs = 1_000;
  const media = { onEvent: (listener: typeof tell) => void (tell = listener) };
  reports = new WhipReports(media as never, () => nowMs);
});
const connected = (sessionId = 'a') =>
  tell({ type: 'publisher-connected', showId: 's', sessionId, atMs: nowMs });
const stats = (arrival: PublisherArrival) =>
  tell({ type: 'publisher-stats', showId: 's', ...line, arrival });

test('[ING-15] an encoder by WHIP has its figures told until it leaves', () => {
  expect(reports.report('s')).toBeNull();
  reports.began('s', 'a', 'OBS-Studio/30.2');
  connected();
  nowMs = 2_000;
  stats({ picture, sound });
  expect(reports.report('s')).toEqual({
    ...{ showId: 's', sessionId: 'a', state: 'on', atMs: 2_000, encoder: 'OBS-Studio/30.2' },
    video: {
      ...{ codec: 'H.264', profile: 'Baseline', level: '3.1', framesPerSecond: 30 },
      size: { width: 1280, height: 720 },
      ...{ keyIntervalMs: 2_000, bitsPerSecond: 2_000_000, remade: false },
    },
    audio: { codec: 'Opus', sampleRate: 48_000, channels: 2, bitsPerSecond: 96_000 },
    complaints: [],
  });
  nowMs = 3_000;
  tell({ type: 'publisher-lost', showId: 's', sessionId: 'a', left: true, atMs: nowMs });
  stats({ picture, sound });
  expect(reports.report('s')).toMatchObject({ state: 'ended', atMs: 3_000 });
});

test('[ING-15] what a browser sends is no encoder’s, and one that takes over ends it', () => {
  connected('browser');
  stats({ picture, sound });
  expect(reports.report('s')).toBeNull();
  reports.began('s', 'a', null);
  connected('a');
  connected('browser');
  stats({ picture, sound: null });
  expect(reports.report('s')).toMatchObject({ state: 'ended', audio: null, video: null });
});

test('[ING-15] an encoder that comes again is on again, and a forwarder that died ends it', () => {
  reports.began('s', 'a', null);
  connected();
  tell({ type: 'publisher-lost', showId: 's', sessionId: 'a', left: false, atMs: nowMs });
  connected();
  expect(reports.report('s')?.state).toBe('on');
  tell({ type: 'engine-restarted', atMs: nowMs });
  expect(reports.report('s')?.state).toBe('ended');
});

test('[ING-15] what is wrong is named, and the show goes on', () => {
  const codes = (
    arrival: Partial<PublisherArrival> = {},
    more: { keyIntervalMs?: number; packetsOverLimit?: number; ranMs?: number } = {},
  ) => {
    const found = complaintsOf({ picture, sound, ...arrival }, { ...line, ranMs: 9_000, ...more });
    expect(found.every(({ outcome }) => outcome === 'named')).toBe(true);
    return found.map(({ code }) => code);
  };
  const of = (change: Partial<SequenceParameters>) =>
    codes({ picture: { ...picture, parameters: { ...parameters, ...change } } });
  expect(codes()).toEqual([]);
  expect(codes({ sound: null })).toEqual(['no-sound']);
  expect(codes({ picture: null, sound: null }, { ranMs: 5_000 })).toEqual([]);
  expect(codes({ picture: null })).toEqual(['no-picture']);
  expect(codes({ picture: { ...picture, reordered: true } })).toEqual(['b-frames']);
  expect(codes({ picture: { codec: 'VP8', parameters: null, reordered: false } })).toEqual(['vp8']);
  expect(of({ chroma: '4:4:4' })).toEqual(['profile']);
  expect(of({ interlaced: true })).toEqual(['interlaced']);
  expect(of({ width: 3840, height: 2160 })).toEqual(['too-large']);
  expect(codes({}, { keyIntervalMs: 8_000 })).toEqual([]);
  expect(codes({}, { keyIntervalMs: 8_100 })).toEqual(['key-interval']);
  expect(codes({}, { packetsOverLimit: 1 })).toEqual(['bit-rate']);
});

test('[ING-15] so many shows are kept, the oldest go', () => {
  for (let n = 0; n <= 500; n += 1) reports.began(`show-${n}`, 'x', null);
  expect([reports.report('show-0'), reports.report('show-1')?.state]).toEqual([null, 'on']);
});
