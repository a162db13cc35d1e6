import { expect, test } from 'vitest';
import { complaintWords } from '../../../protocol/complaint-words.ts';
import { type Complaint, complaintCodes, type EncoderReport } from '../../../protocol/encoder.ts';
import { codecWords, pictureWords, soundWords } from './encoder-words.ts';

const report: EncoderReport = {
  ...{ showId: 's', sessionId: 'x', state: 'on', atMs: 1, encoder: 'obs', complaints: [] },
  video: {
    ...{ codec: 'H.264', profile: 'High', level: '4.0', remade: true },
    size: { width: 1280, height: 720 },
    ...{ framesPerSecond: 29.97, keyIntervalMs: 2002, bitsPerSecond: 2_412_000 },
  },
  audio: { codec: 'AAC', sampleRate: 44_100, channels: 2, bitsPerSecond: 128_000 },
};

test('an encoder’s figures are words', () => {
  expect([pictureWords(report), codecWords(report), soundWords(report)]).toEqual([
    '1280 × 720 · 30 pictures a second · 2.4 Mbit/s',
    'H.264 High 4.0 · key frame every 2 s · encoded again here',
    'AAC · 44.1 kHz · stereo · 128 kbit/s',
  ]);
});

test('what isn’t known isn’t said', () => {
  const { video, audio } = report;
  const young: EncoderReport = {
    ...report,
    video: {
      ...video!,
      framesPerSecond: null,
      keyIntervalMs: null,
      bitsPerSecond: 0,
      remade: false,
    },
    audio: { ...audio!, channels: 1, bitsPerSecond: 0 },
  };
  expect([pictureWords(young), codecWords(young), soundWords(young)]).toEqual([
    '1280 × 720',
    'H.264 High 4.0',
    'AAC · 44.1 kHz · mono',
  ]);
  const none: EncoderReport = { ...report, video: null, audio: null };
  expect([pictureWords(none), codecWords(none), soundWords(none)]).toEqual([
    'No picture',
    '',
    'No sound',
  ]);
});

test('[ING-9] each complaint names what to set', () => {
  for (const code of complaintCodes) {
    const one: Complaint = { code, outcome: 'named', found: null, figure: null };
    const { title, cure } = complaintWords(one);
    expect(title.length, code).toBeGreaterThan(10);
    expect(cure, code).toMatch(/\b(Set|Add|Switch|Start)\b/);
    expect(complaintWords({ ...one, outcome: 'remade' }).title).toBe(title);
  }
});
