// Keeps the reports of rehearsals with their show: who, when, with which seed, what it came to. An ordinary table that
// no view, policy or published log reads; it names nobody but who rehearsed. Rules: docs/rules/rehearsal.md.

import { Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';
import { limits } from '../base/limits.ts';
import type { RehearsalView } from '../protocol/rehearsal.ts';

export interface RehearsalBook {
  /** Only what has ended; at most `rehearsalsKeptMax` of a show stay. */
  keep(view: RehearsalView): Promise<void>;
  /** The newest first. */
  of(showId: string): Promise<RehearsalView[]>;
  /** The report and the one before it of the same show; null when there is no such rehearsal. */
  at(
    rehearsalId: string,
  ): Promise<{ rehearsal: RehearsalView; before: RehearsalView | null } | null>;
}

type Tables = {
  rehearsals: {
    rehearsal_id: string;
    show_id: string;
    person_id: string;
    began_at: Date;
    kept: string;
  };
};

export const createRehearsalBook = (pool: Pool): RehearsalBook => {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const ofShow = (showId: string) =>
    db
      .selectFrom('rehearsals')
      .select('kept')
      .where('show_id', '=', showId)
      .orderBy('began_at', 'desc')
      .orderBy('rehearsal_id');
  // A jsonb column is read as what it holds.
  const viewIn = ({ kept }: { kept: string }) => kept as unknown as RehearsalView;
  return {
    async keep(view) {
      await db
        .insertInto('rehearsals')
        .values({
          rehearsal_id: view.rehearsalId,
          show_id: view.showId,
          person_id: view.by.personId,
          began_at: new Date(view.beganAtMs),
          kept: JSON.stringify(view),
        })
        .onConflict((on) => on.column('rehearsal_id').doNothing())
        .execute();
      const old = await ofShow(view.showId)
        .clearSelect()
        .select('rehearsal_id')
        .offset(limits.rehearsalsKeptMax)
        .execute();
      if (old.length === 0) return;
      await db
        .deleteFrom('rehearsals')
        .where(
          'rehearsal_id',
          'in',
          old.map(({ rehearsal_id }) => rehearsal_id),
        )
        .execute();
    },
    async of(showId) {
      const rows = await ofShow(showId).limit(limits.rehearsalsKeptMax).execute();
      return rows.map(viewIn);
    },
    async at(rehearsalId) {
      const row = await db
        .selectFrom('rehearsals')
        .select(['kept', 'show_id', 'began_at'])
        .where('rehearsal_id', '=', rehearsalId)
        .executeTakeFirst();
      if (!row) return null;
      const before = await ofShow(row.show_id)
        .where('began_at', '<', row.began_at)
        .limit(1)
        .executeTakeFirst();
      return { rehearsal: viewIn(row), before: before ? viewIn(before) : null };
    },
  };
};
