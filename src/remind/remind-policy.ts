// Reads the log for what people are to be told of shows, and puts it into the outbox. Each event is dealt with
// in one transaction that may run again: the outbox takes an occasion once. Rules: docs/rules/remind.md.

import type { Kysely } from 'kysely';
import { idOfStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { ShowEvent } from '../domain/show/show.ts';
import type { Policy } from '../engine/policy.ts';
import { dropDue, tellPromised, tellWishes } from './outbox.ts';
import type { RemindTables } from './tables.ts';

type Told = Extract<
  ShowEvent,
  { kind: 'ShowPlanned' | 'PlanChanged' | 'ShowStarted' | 'ShowCancelled' }
>;

/** `poke` is called when something may be due. */
export const remindPolicy = (db: Kysely<RemindTables>, poke: () => void): Policy => ({
  name: 'remind',
  kinds: ['ShowPlanned', 'PlanChanged', 'ShowStarted', 'ShowCancelled'],
  inOrder: true,
  async run(recorded) {
    const event = recorded as unknown as Told;
    const { seq, atMs } = recorded;
    const showId = idOfStream(recorded.stream);
    await db.transaction().execute(async (tx) => {
      const before = await tx
        .selectFrom('remind_shows')
        .selectAll()
        .where('show_id', '=', showId)
        .forUpdate()
        .executeTakeFirst();
      // Read before, by another node or before a crash.
      if (before && before.seq >= seq) return;
      const told = { showId, nowMs: atMs };
      switch (event.kind) {
        case 'ShowPlanned':
        case 'PlanChanged': {
          const { startsAtMs, hostId, isDemo } = event.data.plan;
          const row = { seq, host_id: hostId, starts_at_ms: startsAtMs };
          await tx
            .insertInto('remind_shows')
            .values({ show_id: showId, ...row })
            .onConflict((conflict) => conflict.column('show_id').doUpdateSet(row))
            .execute();
          if (event.kind === 'ShowPlanned') {
            // [REM-8] A series is announced by its first show.
            const later = await tx
              .selectFrom('series_shows')
              .select('nth')
              .where('show_id', '=', showId)
              .where('nth', '>', 0)
              .executeTakeFirst();
            if (isDemo || later) return;
            await tellWishes(
              tx,
              ['shop', `host:${hostId}`],
              { ...told, occasion: 'announced', mark: '', dueAtMs: atMs + limits.announceDelayMs },
              hostId,
            );
          } else if (before && before.starts_at_ms !== startsAtMs) {
            const waiting = await tx
              .selectFrom('remind_outbox')
              .select('from_ms')
              .where('show_id', '=', showId)
              .where('occasion', '=', 'moved')
              .where('state', '=', 'due')
              .where('attempts', '=', 0)
              .executeTakeFirst();
            const mark = String(seq);
            await tellPromised(tx, {
              ...told,
              occasion: 'moved',
              mark,
              fromMs: waiting?.from_ms ?? before.starts_at_ms,
              dueAtMs: atMs + limits.moveDelayMs,
            });
            await dropDue(tx, showId, ['moved'], 'moved-again', mark);
            await dropDue(tx, showId, ['begins'], 'moved', String(startsAtMs));
          }
          return;
        }
        case 'ShowStarted': {
          if (!before) return;
          await tellWishes(
            tx,
            ['shop', `host:${before.host_id}`, `show:${showId}`],
            { ...told, occasion: 'begins', mark: String(before.starts_at_ms), dueAtMs: atMs },
            before.host_id,
          );
          await dropDue(tx, showId, ['announced', 'moved'], 'began');
          break;
        }
        case 'ShowCancelled':
          await dropDue(tx, showId, ['announced', 'moved', 'begins'], 'cancelled');
          await tellPromised(tx, { ...told, occasion: 'cancelled', mark: '', dueAtMs: atMs });
          break;
      }
      await tx.updateTable('remind_shows').set({ seq }).where('show_id', '=', showId).execute();
    });
    poke();
  },
});
