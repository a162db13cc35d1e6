import { expect, test } from 'vitest';
import { checkKept, isShorter, keptFormOf } from './kept-form.ts';

const forEver = { recordingDays: null, clipDays: null, clipsWhileOnSale: true };

test('[RPL-13] what stands comes back as it was', () => {
  for (const rules of [forEver, { recordingDays: 30, clipDays: 3_650, clipsWhileOnSale: false }])
    expect(checkKept(keptFormOf(rules))).toEqual({ body: rules, problems: {} });
});

test('[RPL-13] days are whole, and there are some; what isn’t chosen isn’t looked at', () => {
  const form = { ...keptFormOf(forEver), recordings: 'days' as const };
  for (const recordingDays of ['', '0', '-1', '1.5', '3651', '1e3', 'a week'])
    expect(checkKept({ ...form, recordingDays })).toEqual({
      body: null,
      problems: { recordingDays: 'Whole days, from 1 to 3650.' },
    });
  expect(checkKept({ ...keptFormOf(forEver), clipDays: 'a week' }).body).toEqual(forEver);
});

test('[RPL-13] is shorter when something goes sooner than it would have', () => {
  const month = { recordingDays: 30, clipDays: 30, clipsWhileOnSale: true };
  expect(isShorter(forEver, month)).toBe(true);
  expect(isShorter(month, { ...month, clipDays: 29 })).toBe(true);
  expect(isShorter(month, { ...month, clipsWhileOnSale: false })).toBe(true);
  expect(isShorter(forEver, { ...forEver, clipsWhileOnSale: false })).toBe(false);
  expect([isShorter(month, month), isShorter(month, forEver)]).toEqual([false, false]);
});
