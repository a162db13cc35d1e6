// People's own limits with what counts against them: each person's state as their stream has it. The doors
// read it from the book (limits-book.ts), which is opened from here when the program starts.

import { type Kysely, sql } from 'kysely';
import { idOfStream, typeOfStream } from '../base/brand.ts';
import type { JsonObject } from '../base/json.ts';
import { type BuyerLimits, type LimitsEvent, limitsDecider } from '../domain/person/limits.ts';
import type { RecordedEvent } from '../log/event-log.ts';
import type { View } from './projector.ts';
import type { ViewTables } from './tables.ts';

/** A person's limits as of an event of their stream. */
export type LimitsAt = { readonly state: BuyerLimits; readonly seq: number };

/** Where a person’s stream begins. */
export const noLimits = (personId: string): LimitsAt => ({
  state: limitsDecider.initial(personId),
  seq: 0,
});

/** Folds the next event of a person's stream; one that was folded before changes nothing. */
export const foldLimits = (at: LimitsAt, event: RecordedEvent): LimitsAt =>
  event.seq <= at.seq
    ? at
    : {
        state: limitsDecider.evolve(at.state, event as unknown as LimitsEvent, event),
        seq: event.seq,
      };

export const limitsView: View = {
  name: 'limits',
  async clear(tx) {
    await tx.deleteFrom('limits_view').execute();
  },
  async apply(tx, events) {
    const byPerson = Map.groupBy(
      events.filter(({ stream }) => typeOfStream(stream) === 'person'),
      ({ stream }) => idOfStream(stream),
    );
    if (byPerson.size === 0) return;
    const rows = await tx
      .selectFrom('limits_view')
      .selectAll()
      .where('person_id', 'in', [...byPerson.keys()])
      .execute();
    const known = new Map(rows.map((row) => [row.person_id, limitsAt(row)]));
    await tx
      .insertInto('limits_view')
      .values(
        [...byPerson].map(([personId, own]) => {
          const { state, seq } = own.reduce(foldLimits, known.get(personId) ?? noLimits(personId));
          const saved = JSON.stringify(limitsDecider.save(state));
          return { person_id: personId, seq, state: saved };
        }),
      )
      .onConflict((conflict) =>
        conflict.column('person_id').doUpdateSet({
          seq: sql<number>`excluded.seq`,
          state: sql<string>`excluded.state`,
        }),
      )
      .execute();
  },
};

const limitsAt = ({ seq, state }: { seq: number; state: string }): LimitsAt => ({
  seq,
  state: limitsDecider.load(JSON.parse(state) as JsonObject),
});

/** Everybody who has ever set a limit. */
export const allLimits = async (db: Kysely<ViewTables>): Promise<readonly LimitsAt[]> =>
  (await db.selectFrom('limits_view').selectAll().execute()).map(limitsAt);
