// Time on screen: true countdowns on the server's clock, durations and moments. Components re-render at
// the second's edge, all from one timer, and only while they are seen.

import { useEffect, useState, useSyncExternalStore } from 'react';

const ticks = new Set<() => void>();
let isTicking = false;
let tickCount = 0;

const tick = () => {
  tickCount += 1;
  for (const listener of ticks) listener();
  isTicking = ticks.size > 0;
  if (isTicking) setTimeout(tick, 250);
};

const subscribe = (listener: () => void) => {
  ticks.add(listener);
  if (!isTicking) setTimeout(tick, 250);
  isTicking = true;
  return () => {
    ticks.delete(listener);
  };
};

/** Re-renders four times a second: enough that no second is shown late or skipped. */
export const useTick = (): void => {
  useSyncExternalStore(
    subscribe,
    () => tickCount,
    () => 0,
  );
};

const secondsLeft = (atMs: number, offsetMs: number): number =>
  Math.max(0, Math.ceil((atMs - Date.now() - offsetMs) / 1000));

/** Whole seconds to `atMs`, rounded up and never below 0; re-renders only when the second changes. */
export const useSecondsLeft = (atMs: number, offsetMs: number): number => {
  const [seconds, setSeconds] = useState(() => secondsLeft(atMs, offsetMs));
  useEffect(() => {
    const update = () => setSeconds(secondsLeft(atMs, offsetMs));
    update();
    return subscribe(update);
  }, [atMs, offsetMs]);
  return seconds;
};

/** 67 → "1:07"; 3,725 → "1:02:05". */
export const durationText = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown
    .map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0')))
    .join(':');
};

/** Time left for people: "2 d 4 h", "3 h 20 min", "12 min", from ten minutes on "10:00", "9:59". */
export const timeLeftText = (seconds: number): string => {
  if (seconds <= 600) return durationText(seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0
    ? `${Math.floor(hours / 24)} d`
    : `${Math.floor(hours / 24)} d ${hours % 24} h`;
};

/** A true countdown. `offsetMs`: how far the server's clock is ahead of this one's. */
export function Countdown({
  atMs,
  offsetMs = 0,
  className,
}: {
  atMs: number;
  offsetMs?: number;
  className?: string;
}) {
  const seconds = useSecondsLeft(atMs, offsetMs);
  return (
    <time role="timer" aria-live="off" className={className} dateTime={`PT${seconds}S`}>
      {timeLeftText(seconds)}
    </time>
  );
}

/** Time since a moment, running: "00:41:12" as "41:12". */
export function Elapsed({
  sinceMs,
  offsetMs = 0,
  className,
}: {
  sinceMs: number;
  offsetMs?: number;
  className?: string;
}) {
  useTick();
  return (
    <time className={className}>{durationText((Date.now() + offsetMs - sinceMs) / 1000)}</time>
  );
}

const moment = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
});
const shortMoment = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** "Sunday 22 November at 21:00", in the reader's time zone. */
export const momentText = (atMs: number): string => moment.format(atMs);
/** "Sun 22 Nov, 21:00". */
export const shortMomentText = (atMs: number): string => shortMoment.format(atMs);
/** "21:00". */
export const timeText = (atMs: number): string => timeOfDay.format(atMs);
