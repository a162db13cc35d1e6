// Wall clocks and moments: what an evening at eight is in a time zone, also where clocks are put forward or
// back. The zones are those that the engine knows (IANA names); nothing else of calendars is here.

/** A day and a time as they stand on a wall, without a zone. `month` counts from 1. */
export type WallTime = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
};

const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
};

/** Whether a text names a time zone. */
export const isZone = (zone: string): boolean => {
  try {
    return zone.length <= 64 && formatOf(zone) !== null;
  } catch {
    return false;
  }
};

/** What the clock on a wall in `zone` shows at a moment. */
export const wallTimeOf = (atMs: number, zone: string): WallTime => {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<string, number>;
  return {
    year: parts.year ?? 0,
    month: parts.month ?? 1,
    day: parts.day ?? 1,
    hour: parts.hour ?? 0,
    minute: parts.minute ?? 0,
  };
};

const asUtcMs = ({ year, month, day, hour, minute }: WallTime): number =>
  Date.UTC(year, month - 1, day, hour, minute);

/** How far the wall clock in `zone` is ahead of UTC at a moment. */
export const zoneOffsetMs = (atMs: number, zone: string): number =>
  asUtcMs(wallTimeOf(atMs, zone)) - Math.floor(atMs / 60_000) * 60_000;

/**
 * The moment at which a wall clock in `zone` shows this. A time that is skipped when clocks go forward counts
 * by the offset before (02:30 becomes 03:30); one that comes twice is the first (RFC 5545, 3.3.5).
 */
export const momentIn = (wall: WallTime, zone: string): number => {
  const guessMs = asUtcMs(wall);
  const dayMs = 86_400_000;
  const before = zoneOffsetMs(guessMs - dayMs, zone);
  const after = zoneOffsetMs(guessMs + dayMs, zone);
  const shows = [...new Set([before, after])]
    .map((offset) => guessMs - offset)
    .filter((atMs) => asUtcMs(wallTimeOf(atMs, zone)) === guessMs);
  return shows.length > 0 ? Math.min(...shows) : guessMs - before;
};
