// Who is a member, in which tier and for how long. The owner gives and takes memberships by hand; a membership that
// is over by the clock is none. What a tier is worth (a members' price, early access) is decided elsewhere.

import { Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';
import type { Clock } from '../base/ports.ts';
import { type Refusal, refuse } from '../base/result.ts';

export type Membership = {
  readonly tier: string;
  readonly sinceMs: number;
  /** Null: until it is taken back. */
  readonly untilMs: number | null;
};

export interface Memberships {
  /**
   * The membership that runs now, or null. Cheap: who was looked up within 30 s asks no database; a change by
   * another node holds after that time.
   */
  of(personId: string): Promise<Membership | null>;
  /** Those that run now, by person; straight from the table. */
  ofAll(personIds: readonly string[]): Promise<Map<string, Membership>>;
  /** Gives a membership from now on, or takes it (null). Refuses `person-unknown`, `membership-invalid`. */
  set(
    personId: string,
    wanted: { readonly tier: string; readonly untilMs: number | null } | null,
    by: string,
  ): Promise<Membership | null | Refusal>;
}

type Tables = {
  memberships: {
    person_id: string;
    tier: string;
    since: Date;
    until: Date | null;
    set_by: string;
  };
};

/** As long as a role that was taken away is still honoured by another node (session-cache.ts). */
const proofMs = 30_000;
const entriesMax = 50_000;
/** A tier as people say it: letters, digits, spaces, `_` and `-`, at most `tierNameMax`. */
const tierPattern = /^[\p{L}\p{N}][\p{L}\p{N} _-]{0,39}$/u;

/** Over the table of memberships; people with an account alone can have one. */
export const createMemberships = ({
  pool,
  clock,
}: {
  readonly pool: Pool;
  readonly clock: Pick<Clock, 'nowMs'>;
}): Memberships => {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const known = new Map<
    string,
    { readonly goodUntilMs: number; readonly found: Promise<Membership | null> }
  >();

  const running = (row: { tier: string; since: Date; until: Date | null }): Membership | null => {
    const untilMs = row.until?.getTime() ?? null;
    if (untilMs !== null && untilMs <= clock.nowMs()) return null;
    return { tier: row.tier, sinceMs: row.since.getTime(), untilMs };
  };
  const find = async (personId: string): Promise<Membership | null> => {
    const row = await db
      .selectFrom('memberships')
      .selectAll()
      .where('person_id', '=', personId)
      .executeTakeFirst();
    return row ? running(row) : null;
  };

  return {
    async of(personId) {
      const nowMs = clock.nowMs();
      const entry = known.get(personId);
      if (entry && entry.goodUntilMs > nowMs) {
        const found = await entry.found;
        return found && found.untilMs !== null && found.untilMs <= nowMs ? null : found;
      }
      const found = find(personId);
      known.delete(personId);
      known.set(personId, { goodUntilMs: nowMs + proofMs, found });
      found.catch(() => known.delete(personId));
      for (const [oldest, { goodUntilMs }] of known) {
        if (known.size <= entriesMax && goodUntilMs > nowMs) break;
        known.delete(oldest);
      }
      return found;
    },
    async ofAll(personIds) {
      if (personIds.length === 0) return new Map();
      const rows = await db
        .selectFrom('memberships')
        .selectAll()
        .where('person_id', 'in', personIds)
        .execute();
      return new Map(
        rows.flatMap((row) => {
          const membership = running(row);
          return membership ? [[row.person_id, membership] as const] : [];
        }),
      );
    },
    async set(personId, wanted, by) {
      known.delete(personId);
      if (wanted === null) {
        await db.deleteFrom('memberships').where('person_id', '=', personId).execute();
        return null;
      }
      const { tier, untilMs } = wanted;
      const nowMs = clock.nowMs();
      if (!tierPattern.test(tier)) return refuse('membership-invalid', { field: 'tier' });
      if (untilMs !== null && untilMs <= nowMs)
        return refuse('membership-invalid', { field: 'untilMs' });
      const row = {
        tier,
        since: new Date(nowMs),
        until: untilMs === null ? null : new Date(untilMs),
        set_by: by,
      };
      try {
        await db
          .insertInto('memberships')
          .values({ ...row, person_id: personId })
          .onConflict((on) => on.column('person_id').doUpdateSet(row))
          .execute();
      } catch (error) {
        if ((error as { code?: string }).code === '23503') return refuse('person-unknown');
        throw error;
      }
      known.delete(personId);
      return { tier, sinceMs: nowMs, untilMs };
    },
  };
};
