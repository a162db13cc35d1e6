// Shows as a calendar takes them (RFC 5545): one show as a file, all of a shop or host as an address to
// subscribe to. An entry keeps its UID for ever; its sequence is the place in the show's log of the event that
// changed it last, so that a moved or cancelled show replaces what a calendar had. Times are in UTC: whoever
// reads sees their own.

import ical, { ICalAlarmType, ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { limits } from '../base/limits.ts';
import type { ShowRow } from '../views/tables.ts';

export type CalendarOptions = {
  readonly publicUrl: string;
  readonly shopName: string;
};

/** A calendar's text. `method` says what a single show's file means to a calendar that opens it. */
export type CalendarText = { readonly method: 'PUBLISH' | 'CANCEL'; readonly content: string };

const minutesOf = ({ segments }: ShowRow): number =>
  (JSON.parse(segments) as { minutes: number }[]).reduce((sum, { minutes }) => sum + minutes, 0) ||
  60;

const lengthMs = (show: ShowRow): number =>
  show.ended_at_ms !== null && show.started_at_ms !== null
    ? Math.max(60_000, show.ended_at_ms - show.started_at_ms)
    : minutesOf(show) * 60_000;

const calendarOf = (
  options: CalendarOptions,
  shows: readonly ShowRow[],
  teasers: ReadonlyMap<string, string>,
) => {
  const calendar = ical({
    name: options.shopName,
    prodId: { company: 'Rialto', product: 'Shows', language: 'EN' },
  });
  const { hostname } = new URL(options.publicUrl);
  for (const show of shows) {
    const url = new URL(`/shows/${show.show_id}`, options.publicUrl).href;
    const startMs = show.started_at_ms ?? show.starts_at_ms;
    const isOff = show.phase === 'cancelled';
    const event = calendar.createEvent({
      id: `${show.show_id}@${hostname}`,
      sequence: show.plan_seq,
      stamp: new Date(show.plan_at_ms || startMs),
      start: new Date(startMs),
      end: new Date(startMs + lengthMs(show)),
      summary: show.title,
      description: [teasers.get(show.show_id), `With ${show.host_name}.`, url]
        .filter(Boolean)
        .join('\n\n'),
      url,
      status: isOff ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    });
    if (!isOff)
      event.createAlarm({
        type: ICalAlarmType.display,
        trigger: limits.remindBeforeMs / 1_000,
        description: show.title,
      });
  }
  return calendar;
};

/** One show's file. */
export const showCalendar = (
  options: CalendarOptions,
  show: ShowRow,
  teaser: string,
): CalendarText => {
  const calendar = calendarOf(options, [show], new Map([[show.show_id, teaser]]));
  const method = show.phase === 'cancelled' ? 'CANCEL' : 'PUBLISH';
  calendar.method(method === 'CANCEL' ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH);
  return { method, content: calendar.toString() };
};

/** Many shows' calendar, to be asked for again every hour. */
export const feedCalendar = (
  options: CalendarOptions,
  shows: readonly ShowRow[],
  teasers: ReadonlyMap<string, string>,
): string => {
  const calendar = calendarOf(options, shows, teasers);
  calendar.ttl(3_600);
  return calendar.toString();
};
