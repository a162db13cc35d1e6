// Keeps the latest check before a show of each host. An ordinary table: names of devices are personal and go with
// the person, and nobody's right hangs on it, so that it has no place in a show's log (docs/decisions/0014).

import { Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';
import { limits } from '../base/limits.ts';
import type { KeptPreflight } from '../protocol/preflight.ts';

export interface PreflightBook {
  /** In place of the person's former check of the show. */
  keep(showId: string, kept: KeptPreflight): Promise<void>;
  /** The newest first, at most `preflightsShownMax`. */
  of(showId: string): Promise<KeptPreflight[]>;
}

type Tables = {
  preflights: { show_id: string; person_id: string; at: Date; kept: string };
};

export const createPreflightBook = (pool: Pool): PreflightBook => {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    async keep(showId, kept) {
      const row = { at: new Date(kept.atMs), kept: JSON.stringify(kept) };
      await db
        .insertInto('preflights')
        .values({ ...row, show_id: showId, person_id: kept.personId })
        .onConflict((on) => on.columns(['show_id', 'person_id']).doUpdateSet(row))
        .execute();
    },
    async of(showId) {
      const rows = await db
        .selectFrom('preflights')
        .select('kept')
        .where('show_id', '=', showId)
        .orderBy('at', 'desc')
        .limit(limits.preflightsShownMax)
        .execute();
      // A jsonb column is read as what it holds.
      return rows.map(({ kept }) => kept as unknown as KeptPreflight);
    },
  };
};
