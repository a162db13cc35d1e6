// What is to be told and what was. The rule it guards: one row for a person, a show and an occasion, whoever
// writes it and how often; a row is sent by one node at a time; what was told is never due again.

import { type Kysely, sql, type Transaction } from 'kysely';
import { limits } from '../base/limits.ts';
import type { Occasion, RemindTables } from './tables.ts';

type Db = Kysely<RemindTables> | Transaction<RemindTables>;

/** One thing to be told. */
export type Due = {
  readonly outboxId: number;
  readonly personId: string;
  readonly showId: string;
  readonly occasion: Occasion;
  readonly mark: string;
  readonly fromMs: number | null;
  /** This one included. */
  readonly attempts: number;
};

export type Settled =
  | { readonly state: 'told'; readonly way: 'mail' | 'push' }
  | { readonly state: 'quiet' | 'dropped' | 'given-up'; readonly reason: string };

type Wanted = {
  readonly showId: string;
  readonly occasion: Occasion;
  readonly mark: string;
  readonly nowMs: number;
  readonly dueAtMs: number;
  readonly fromMs?: number | null;
};

/** Puts an occasion down for everybody who has one of the wishes; those who have it already keep theirs. */
export const tellWishes = async (
  db: Db,
  subjects: readonly string[],
  { showId, occasion, mark, nowMs, dueAtMs, fromMs = null }: Wanted,
  besides: string | null = null,
): Promise<void> => {
  await db
    .insertInto('remind_outbox')
    .columns(['person_id', 'show_id', 'occasion', 'mark', 'from_ms', 'made_at_ms', 'due_at_ms'])
    .expression((eb) =>
      eb
        .selectFrom('remind_wishes')
        .select([
          'person_id',
          sql<string>`${showId}`.as('show_id'),
          sql<Occasion>`${occasion}`.as('occasion'),
          sql<string>`${mark}`.as('mark'),
          sql<number>`${fromMs}::bigint`.as('from_ms'),
          sql<number>`${nowMs}::bigint`.as('made_at_ms'),
          sql<number>`${dueAtMs}::bigint`.as('due_at_ms'),
        ])
        .distinct()
        .where('subject', 'in', [...subjects])
        .where('since_ms', '<=', nowMs)
        .where('person_id', '<>', besides ?? ''),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};

/**
 * Puts an occasion down for everybody to whom the show was promised: who wants to be reminded of it, and who
 * was told of it before.
 */
export const tellPromised = async (
  db: Db,
  { showId, occasion, mark, nowMs, dueAtMs, fromMs = null }: Wanted,
): Promise<void> => {
  await sql`
    insert into remind_outbox (person_id, show_id, occasion, mark, from_ms, made_at_ms, due_at_ms)
    select person_id, ${showId}, ${occasion}, ${mark}, ${fromMs}::bigint, ${nowMs}::bigint, ${dueAtMs}::bigint
    from (
      select person_id from remind_wishes where subject = ${`show:${showId}`}
      union
      select person_id from remind_outbox
      where show_id = ${showId} and state in ('told', 'quiet')
    ) promised
    on conflict do nothing`.execute(db);
};

/** What is due of a show and these occasions is told no more. */
export const dropDue = async (
  db: Db,
  showId: string,
  occasions: readonly Occasion[],
  reason: string,
  besides: string | null = null,
): Promise<void> => {
  await db
    .updateTable('remind_outbox')
    .set({ state: 'dropped', reason })
    .where('show_id', '=', showId)
    .where('state', '=', 'due')
    .where('occasion', 'in', [...occasions])
    .where('mark', '<>', besides ?? '')
    .execute();
};

/** Takes what is due, for as long as the lease: another node doesn't see it until then. */
export const takeDue = async (db: Db, nowMs: number): Promise<readonly Due[]> => {
  const { rows } = await sql<{
    outbox_id: number;
    person_id: string;
    show_id: string;
    occasion: Occasion;
    mark: string;
    from_ms: number | null;
    attempts: number;
  }>`
    update remind_outbox set due_at_ms = ${nowMs + limits.reminderLeaseMs}::bigint, attempts = attempts + 1
    where outbox_id in (
      select outbox_id from remind_outbox where state = 'due' and due_at_ms <= ${nowMs}::bigint
      order by due_at_ms, outbox_id limit ${limits.remindersAtOnce} for update skip locked
    )
    returning outbox_id, person_id, show_id, occasion, mark, from_ms, attempts`.execute(db);
  return rows.map((row) => ({
    outboxId: Number(row.outbox_id),
    personId: row.person_id,
    showId: row.show_id,
    occasion: row.occasion,
    mark: row.mark,
    fromMs: row.from_ms,
    attempts: row.attempts,
  }));
};

/** Says how it went; nothing when the lease has passed to somebody else meanwhile. */
export const settle = async (db: Db, due: Due, settled: Settled): Promise<void> => {
  await db
    .updateTable('remind_outbox')
    .set({
      state: settled.state,
      way: settled.state === 'told' ? settled.way : null,
      reason: settled.state === 'told' ? null : settled.reason,
    })
    .where('outbox_id', '=', due.outboxId)
    .where('attempts', '=', due.attempts)
    .where('state', '=', 'due')
    .execute();
};

/** Is tried again at `dueAtMs`. */
export const putBack = async (db: Db, due: Due, dueAtMs: number, reason: string): Promise<void> => {
  await db
    .updateTable('remind_outbox')
    .set({ due_at_ms: dueAtMs, reason })
    .where('outbox_id', '=', due.outboxId)
    .where('attempts', '=', due.attempts)
    .where('state', '=', 'due')
    .execute();
};

/** Puts down that planned shows begin, for all that begin within `remindBeforeMs` from now. */
export const tellBeginning = async (db: Db, nowMs: number): Promise<void> => {
  await sql`
    insert into remind_outbox (person_id, show_id, occasion, mark, made_at_ms, due_at_ms)
    select distinct w.person_id, v.show_id, 'begins', v.starts_at_ms::text, ${nowMs}::bigint, ${nowMs}::bigint
    from show_view v
    join remind_wishes w on w.subject in ('shop', 'host:' || v.host_id, 'show:' || v.show_id)
    where v.phase = 'planned'
      and v.starts_at_ms > ${nowMs}::bigint and v.starts_at_ms <= ${nowMs + limits.remindBeforeMs}::bigint
      and w.person_id <> v.host_id
      and (not v.is_demo or w.subject = 'show:' || v.show_id)
    on conflict do nothing`.execute(db);
};

/** Forgets what was told long ago. */
export const forgetOld = async (db: Db, nowMs: number): Promise<void> => {
  await db
    .deleteFrom('remind_outbox')
    .where('state', '<>', 'due')
    .where('made_at_ms', '<', nowMs - limits.remindersKeptMs)
    .execute();
};
