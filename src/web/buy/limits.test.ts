// The form of a buyer's own limits, and what they read when one refuses them.

import { describe, expect, it } from 'vitest';
import type { LimitsView } from '../../protocol/limits.ts';
import { momentText } from '../design/clock.tsx';
import { moneyText } from '../design/money.tsx';
import { limitWords } from './limit-words.ts';
import { bodyOf, durationWords, formOf, valueWords } from './limits-form.ts';

const eur = (minor: number) => moneyText({ minor, currency: 'EUR' });

const view: LimitsView = {
  currency: 'EUR',
  limits: {
    dayMinor: 10_000,
    showMinor: null,
    confirmAboveMinor: 5_050,
    watchMinutes: 90,
    utcOffsetMinutes: 60,
  },
  pending: [],
  today: { promisedMinor: 0, spentMinor: 0, leftMinor: 10_000, watchedMs: 0, endsAtMs: 0 },
};

describe('the form', () => {
  it('saved as it stands it changes nothing', () => {
    expect(bodyOf(formOf(view), 'EUR')).toEqual({
      body: { dayMinor: 10_000, showMinor: null, confirmAboveMinor: 5_050, watchMinutes: 90 },
    });
  });
  it('[LIM-2] shows what will count, so that saving again doesn’t take it back', () => {
    const raised: LimitsView = {
      ...view,
      pending: [
        { limit: 'dayMinor', value: 20_000, fromMs: 1 },
        { limit: 'watchMinutes', value: null, fromMs: 1 },
      ],
    };
    expect(formOf(raised)).toMatchObject({ dayMinor: '200.00', watchMinutes: '' });
  });
  it('reads amounts as people type them and says what is wrong at its field', () => {
    const form = {
      dayMinor: ' 12,5 €',
      showMinor: '0',
      confirmAboveMinor: '',
      watchMinutes: '1440',
    };
    expect(bodyOf(form, 'EUR')).toEqual({
      body: { dayMinor: 1_250, showMinor: 0, confirmAboveMinor: null, watchMinutes: 1_440 },
    });
    const wrong = { ...form, showMinor: 'many', watchMinutes: '1441' };
    expect(bodyOf(wrong, 'EUR')).toEqual({
      errors: {
        showMinor: 'An amount such as 50.00, or nothing.',
        watchMinutes: 'Whole minutes, at most 1440, or nothing.',
      },
    });
  });
  it('says values in words', () => {
    expect(valueWords('dayMinor', 5_000, 'EUR')).toBe(eur(5_000));
    expect(valueWords('dayMinor', null, 'EUR')).toBe('no limit');
    expect(valueWords('confirmAboveMinor', null, 'EUR')).toBe('never');
    expect([45, 60, 90].map(durationWords)).toEqual(['45 min', '1 h', '1 h 30 min']);
  });
});

describe('a refusal', () => {
  it('[LIM-5] says of which limit how much is left', () => {
    const problem = { code: 'spending-limit', leftMinor: 1_400, currency: 'EUR', per: 'show' };
    expect(limitWords(problem)).toEqual({
      title: 'Above your own limit for this show',
      detail: `${eur(1_400)} of it is left.`,
    });
    expect(limitWords({ ...problem, per: 'day', leftMinor: 0 } as never)?.detail).toBe(
      'Nothing of it is left.',
    );
  });
  it('[LIM-10] [LIM-11] says until when, and above what', () => {
    expect(limitWords({ code: 'time-limit', untilMs: 0 } as never)?.detail).toContain(
      momentText(0),
    );
    expect(
      limitWords({ code: 'needs-confirmation', aboveMinor: 5_000, currency: 'EUR' } as never)
        ?.title,
    ).toBe(`This may come to more than ${eur(5_000)}`);
  });
  it('leaves other problems to others', () => {
    expect(limitWords({ code: 'sold-out' })).toBeNull();
  });
});
