// When a show comes again: every so many weeks or days, or each month on a weekday, until a day or so many
// times. Pure: days are counted on the wall of the show's own zone, so that eight in the evening stays eight
// when the clocks change. Making the shows is the series' business (src/remind/series.ts).

import { limits } from '../../base/limits.ts';
import { momentIn, type WallTime, wallTimeOf } from '../../base/zone.ts';

export type Rhythm =
  | { readonly every: 'weeks' | 'days'; readonly step: number }
  /** On the weekday of the first one, in the same week of the month; the fifth is the last. */
  | { readonly every: 'months'; readonly step: number };

export type RepeatRule = Rhythm & {
  /** The last moment at which one may begin; null: no such end. */
  readonly untilMs: number | null;
  /** How many there are with the first; null: no such end. */
  readonly count: number | null;
};

/** The name of what can't be, or null. A series has an end. */
export const wrongRule = (rule: RepeatRule, startsAtMs: number): 'step' | 'end' | null => {
  const most = { days: 90, weeks: 12, months: 12 }[rule.every];
  if (!Number.isSafeInteger(rule.step) || rule.step < 1 || rule.step > most) return 'step';
  if (rule.untilMs === null && rule.count === null) return 'end';
  if (rule.untilMs !== null && rule.untilMs < startsAtMs) return 'end';
  if (rule.count !== null && (rule.count < 2 || rule.count > limits.seriesShowsMax)) return 'end';
  return null;
};

/** Which one of a series, from 0, and when it begins. */
export type Occurrence = { readonly nth: number; readonly startsAtMs: number };

/**
 * The occurrences that begin at most at `toMs`, from the first on. A month without a fifth weekday has its last
 * one instead.
 */
export const occurrences = (
  rule: RepeatRule,
  startsAtMs: number,
  zone: string,
  toMs: number,
): readonly Occurrence[] => {
  const first = wallTimeOf(startsAtMs, zone);
  const most = Math.min(rule.count ?? limits.seriesShowsMax, limits.seriesShowsMax);
  const lastMs = Math.min(toMs, rule.untilMs ?? Number.POSITIVE_INFINITY);
  // Wall clocks of people have no seconds; what a moment has of them stays.
  const secondsMs = startsAtMs % 60_000;
  const found: Occurrence[] = [];
  for (let nth = 0; nth < most; nth += 1) {
    const atMs = nth === 0 ? startsAtMs : momentIn(nthWall(rule, first, nth), zone) + secondsMs;
    if (atMs > lastMs) break;
    found.push({ nth, startsAtMs: atMs });
  }
  return found;
};

const nthWall = (rule: Rhythm, first: WallTime, nth: number): WallTime => {
  if (rule.every === 'months') return nthMonth(first, nth * rule.step);
  const days = nth * rule.step * (rule.every === 'weeks' ? 7 : 1);
  return onDay(first, Date.UTC(first.year, first.month - 1, first.day + days));
};

const onDay = ({ hour, minute }: WallTime, utcDayMs: number): WallTime => {
  const day = new Date(utcDayMs);
  return {
    year: day.getUTCFullYear(),
    month: day.getUTCMonth() + 1,
    day: day.getUTCDate(),
    hour,
    minute,
  };
};

const nthMonth = (first: WallTime, months: number): WallTime => {
  const weekday = new Date(Date.UTC(first.year, first.month - 1, first.day)).getUTCDay();
  const week = Math.ceil(first.day / 7);
  const monthBegins = new Date(Date.UTC(first.year, first.month - 1 + months, 1));
  const days = new Date(
    Date.UTC(monthBegins.getUTCFullYear(), monthBegins.getUTCMonth() + 1, 0),
  ).getUTCDate();
  const firstSuch = 1 + ((weekday - monthBegins.getUTCDay() + 7) % 7);
  const wanted = firstSuch + (week - 1) * 7;
  const day = wanted > days ? wanted - 7 : wanted;
  return onDay(first, Date.UTC(monthBegins.getUTCFullYear(), monthBegins.getUTCMonth(), day));
};
