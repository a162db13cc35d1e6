// Lets a checkpoint ride inside a transaction that Kysely runs. Only the translation of words is here.

import { CompiledQuery, type Transaction } from 'kysely';
import type { SqlTransaction } from './event-log.ts';

/** A Kysely transaction in the words of the event log's `within`. */
export const sqlWithin = <Schema>(transaction: Transaction<Schema>): SqlTransaction => ({
  async query(text, values) {
    const { rows, numAffectedRows } = await transaction.executeQuery(
      CompiledQuery.raw(text, values),
    );
    return {
      rows,
      rowCount: numAffectedRows === undefined ? rows.length : Number(numAffectedRows),
    };
  },
});
