// What the calendar reads from the shop and asks of it. The office's other requests are in
// crew/shop-data.ts.

import { queryOptions } from '@tanstack/react-query';
import type { RepeatRule } from '../../domain/show/repeats.ts';
import type { PlanShowBody, ShowSummary } from '../../protocol/http.ts';
import type {
  CalendarShow,
  CallOffBody,
  NoticeBody,
  RepeatBody,
  RescheduleBody,
} from '../../protocol/remind.ts';
import { http } from '../live/http-client.ts';

const at = encodeURIComponent;

/** Shows that begin in a time, soonest first. */
export const calendarQuery = (fromMs: number, toMs: number) =>
  queryOptions({
    queryKey: ['shows', 'calendar', fromMs, toMs],
    queryFn: async ({ signal }) =>
      (
        await http.get<{ shows: CalendarShow[] }>(`/api/calendar?fromMs=${fromMs}&toMs=${toMs}`, {
          signal,
        })
      ).shows,
  });

export type Announcement = CalendarShow & {
  readonly series: {
    readonly rule: RepeatRule;
    readonly nth: number;
    readonly hasEnded: boolean;
  } | null;
};
export const announcementQuery = (showId: string) =>
  queryOptions({
    queryKey: ['shows', showId, 'notice'],
    queryFn: ({ signal }) => http.get<Announcement>(`/api/shows/${at(showId)}/notice`, { signal }),
  });

export const askCalendar = {
  plan: (body: PlanShowBody, key: string) =>
    http.post<ShowSummary>('/api/shows', body, { idempotencyKey: key }),
  announce: (showId: string, body: NoticeBody) => http.put(`/api/shows/${at(showId)}/notice`, body),
  repeat: (showId: string, body: RepeatBody) => http.put(`/api/shows/${at(showId)}/repeat`, body),
  move: (showId: string, body: RescheduleBody, key: string) =>
    http.put<CalendarShow>(`/api/shows/${at(showId)}/time`, body, { idempotencyKey: key }),
  handOn: (showId: string, key: string) =>
    http.post<{ shows: number }>(`/api/shows/${at(showId)}/hand-on`, undefined, {
      idempotencyKey: key,
    }),
  callOff: (showId: string, body: CallOffBody, key: string) =>
    http.post(`/api/shows/${at(showId)}/call-off`, body, { idempotencyKey: key }),
};
