import { expect, test } from 'vitest';
import { silentSince, soundWords } from './own-sound.ts';

const sending = { isOn: true, muted: false, soundDb: -30 };
const silent = { ...sending, soundDb: -96 };

test('[HEA-5] silence counts from its first moment, and ends with the first sound', () => {
  expect(silentSince(null, sending, 1_000)).toBeNull();
  expect(silentSince(null, silent, 2_000)).toBe(2_000);
  expect(silentSince(2_000, silent, 9_000)).toBe(2_000);
  expect(silentSince(2_000, sending, 10_000)).toBeNull();
});

test('[HEA-5] who is muted, off air, or sends from a browser that doesn’t tell, isn’t silent', () => {
  for (const change of [{ muted: true }, { isOn: false }, { soundDb: null }])
    expect(silentSince(2_000, { ...silent, ...change }, 9_000)).toBeNull();
});

test('[HEA-5] is told in words', () => {
  expect(soundWords({ ...sending, soundDb: -23.4 })).toBe('−23 dB');
  expect(soundWords(silent)).toBe('silent');
  expect(soundWords({ ...silent, muted: true })).toBe('muted');
  expect(soundWords({ ...sending, soundDb: null })).toBe('–');
});
