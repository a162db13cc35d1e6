// What the doors of receipts know of the shop, read from the views. Reading only.

import type { Kysely } from 'kysely';
import type { CommandId } from '../base/brand.ts';
import { money } from '../base/money.ts';
import { receiptAt, receiptsOf } from '../views/receipts.ts';
import { showById } from '../views/shows.ts';
import type { ViewTables } from '../views/tables.ts';
import type { ReceiptDesk } from './receipt-routes.ts';

/** Over the views; faults are the database’s. */
export const createReceiptDesk = (db: Kysely<ViewTables>): ReceiptDesk => ({
  phaseOf: async (showId) => (await showById(db, showId))?.phase ?? null,
  async list(personId, offset, limit) {
    const rows = await receiptsOf(db, { personId, offset, limit });
    return rows.map((row) => ({
      show: row.show_id,
      showTitle: row.show_title ?? '',
      seq: row.seq,
      hash: row.hash,
      kind: row.kind,
      atMs: row.at_ms,
      title: row.title,
      quantity: row.quantity,
      price:
        row.amount_minor === null || row.currency === null
          ? null
          : money(row.amount_minor, row.currency),
    }));
  },
  async commandOf(personId, showId, seq) {
    const row = await receiptAt(db, personId, showId, seq);
    return row ? { commandId: row.command_id as CommandId } : null;
  },
});
