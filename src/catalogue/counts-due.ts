// Counts of an import on their way to the stock streams: noted with the import's products, forgotten when the
// stream has answered. The rule it guards: a crash in between delays a count and never loses it.

import { sql } from 'kysely';
import type { PersonId } from '../base/brand.ts';
import type { Role } from '../base/words.ts';
import type { Actor } from '../domain/decider.ts';
import type { Db, Trx } from './tables.ts';

/** What a stock stream is told: that many are on hand, as that row of the file says. */
export type CountedStock = {
  readonly variantId: string;
  readonly onHand: number;
  readonly row: number;
};

/** Who imports, and the key that makes their counts once. */
export type ImportWish = {
  readonly by: Extract<Actor, { kind: 'person' }>;
  readonly key: string;
};

export type CountDue = ImportWish & { readonly variantId: string; readonly onHand: number };

/** Rows of one statement: PostgreSQL takes 65,535 parameters. */
const rowsAtOnce = 5_000;
/** So many counts that can't be told, and the rest waits too: the log is away, not one stream. */
const failuresMax = 3;

/** A later count of a variant takes the place of one that is still due. */
export const noteCounts = async (
  trx: Trx,
  counts: readonly CountedStock[],
  { by, key }: ImportWish,
): Promise<void> => {
  const rows = counts
    .map(({ variantId, onHand }) => ({
      variant_id: variantId,
      on_hand: onHand,
      key,
      person_id: by.id,
      person_name: by.name,
      person_role: by.role,
    }))
    // Rows are locked in one order everywhere, or an import and the end of another would wait for each other.
    .sort((a, b) => (a.variant_id < b.variant_id ? -1 : 1));
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    await trx
      .insertInto('stock_counts_due')
      .values(rows.slice(at, at + rowsAtOnce))
      .onConflict((conflict) =>
        conflict.column('variant_id').doUpdateSet((row) => ({
          on_hand: row.ref('excluded.on_hand'),
          key: row.ref('excluded.key'),
          person_id: row.ref('excluded.person_id'),
          person_name: row.ref('excluded.person_name'),
          person_role: row.ref('excluded.person_role'),
        })),
      )
      .execute();
  }
};

/** Forgets counts that were told, or, with `key` null, that somebody's own count takes the place of. */
export const forgetCounts = async (
  db: Db,
  variantIds: readonly string[],
  key: string | null,
): Promise<void> => {
  await db
    .deleteFrom('stock_counts_due')
    .where('variant_id', 'in', (rows) =>
      rows
        .selectFrom('stock_counts_due')
        .select('variant_id')
        .where(sql<boolean>`variant_id = any(${variantIds})`)
        .$if(key !== null, (query) => query.where('key', '=', key))
        .orderBy('variant_id')
        .forUpdate(),
    )
    .execute();
};

/**
 * Tells every count that is still due, one after the other, and forgets what was told. One that throws stays.
 * While one is told, `forgetCounts` of the same variant waits, so that a newer count comes after it.
 */
export const tellCounts = async (
  db: Db,
  tell: (due: CountDue) => Promise<void>,
  onFault: (due: CountDue, error: unknown) => void,
): Promise<void> => {
  const all = await db
    .selectFrom('stock_counts_due')
    .select('variant_id')
    .orderBy('variant_id')
    .execute();
  let failures = 0;
  for (const { variant_id } of all) {
    if (failures >= failuresMax) return;
    await db.transaction().execute(async (trx) => {
      const row = await trx
        .selectFrom('stock_counts_due')
        .selectAll()
        .where('variant_id', '=', variant_id)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined) return;
      const due: CountDue = {
        variantId: variant_id,
        onHand: row.on_hand,
        key: row.key,
        by: {
          kind: 'person',
          id: row.person_id as PersonId,
          name: row.person_name,
          role: row.person_role as Role,
        },
      };
      try {
        await tell(due);
      } catch (error) {
        failures += 1;
        onFault(due, error);
        return;
      }
      await trx.deleteFrom('stock_counts_due').where('variant_id', '=', variant_id).execute();
    });
  }
};
