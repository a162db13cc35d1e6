// Which show a host's own stream key is for at the moment: the one that is live, else the next one that they planned.

import type { Kysely } from 'kysely';
import type { ViewTables } from './tables.ts';

/** A planned show that should have begun longer ago than this isn't going to. */
const lateMs = 12 * 3_600_000;

/** Null when the host has none that is live or to come. */
export const showOfHost = async (
  db: Kysely<ViewTables>,
  personId: string,
  nowMs: number,
): Promise<string | null> => {
  const row = await db
    .selectFrom('show_view')
    .select('show_id')
    .where('host_id', '=', personId)
    .where((where) =>
      where.or([
        where('phase', '=', 'live'),
        where.and([where('phase', '=', 'planned'), where('starts_at_ms', '>', nowMs - lateMs)]),
      ]),
    )
    // `live` before `planned`, and the soonest first.
    .orderBy('phase')
    .orderBy('starts_at_ms')
    .limit(1)
    .executeTakeFirst();
  return row?.show_id ?? null;
};
