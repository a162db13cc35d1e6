// Shows as calendars, searches and announcements list them: the view's row with what its announcement says and
// whether it comes again.

import type { Kysely } from 'kysely';
import type { CalendarShow } from '../protocol/remind.ts';
import type { RemindTables } from '../remind/tables.ts';
import type { ShowRow } from '../views/tables.ts';

/** A planned show that is late is still to come for so long. */
export const lateMs = 6 * 3_600_000;

/** In the order of the rows. */
export const calendarEntries = async (
  db: Kysely<RemindTables>,
  rows: readonly ShowRow[],
): Promise<CalendarShow[]> => {
  if (rows.length === 0) return [];
  const ids = rows.map(({ show_id }) => show_id);
  const [notices, repeating] = await Promise.all([
    db.selectFrom('show_notices').selectAll().where('show_id', 'in', ids).execute(),
    db.selectFrom('series_shows').select('show_id').where('show_id', 'in', ids).execute(),
  ]);
  const noticeOf = new Map(notices.map((notice) => [notice.show_id, notice]));
  const repeats = new Set(repeating.map(({ show_id }) => show_id));
  return rows.map((row) => ({
    showId: row.show_id,
    title: row.title,
    showKind: row.show_kind,
    phase: row.phase as CalendarShow['phase'],
    startsAtMs: row.starts_at_ms,
    minutes:
      (JSON.parse(row.segments) as { minutes: number }[]).reduce(
        (sum, { minutes }) => sum + minutes,
        0,
      ) || 60,
    hostId: row.host_id,
    hostName: row.host_name,
    access: (JSON.parse(row.access) as { for: CalendarShow['access'] }).for,
    isDemo: row.is_demo,
    timeZone: noticeOf.get(row.show_id)?.time_zone ?? 'UTC',
    teaser: noticeOf.get(row.show_id)?.teaser ?? '',
    repeats: repeats.has(row.show_id),
    coverUrl: row.cover_url,
  }));
};
