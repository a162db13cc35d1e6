// True stock figures by variant: on hand, in offers' escrow, in carts, sold. Each row says up to which
// event of the variant's stream it counts, so that a room can go on counting from there.

import { type Kysely, sql } from 'kysely';
import { idOfStream } from '../base/brand.ts';
import type { StockEvent } from '../domain/stock/stock.ts';
import type { View } from './projector.ts';
import type { StockRow, ViewTables } from './tables.ts';

export const stockView: View = {
  name: 'stock',
  async clear(tx) {
    await tx.deleteFrom('stock_view').execute();
  },
  async apply(tx, events) {
    const rows = new Map<string, StockRow>();
    const touched = [
      ...new Set(
        events
          .filter(({ stream }) => stream.startsWith('stock-'))
          .map(({ stream }) => idOfStream(stream)),
      ),
    ];
    if (touched.length === 0) return;
    const known = await tx
      .selectFrom('stock_view')
      .selectAll()
      .where('variant_id', 'in', touched)
      .execute();
    for (const row of known) rows.set(row.variant_id, row);
    for (const event of events) {
      if (!event.stream.startsWith('stock-')) continue;
      const variantId = idOfStream(event.stream);
      const row = rows.get(variantId) ?? {
        variant_id: variantId,
        seq: 0,
        on_hand: 0,
        allocated: 0,
        held: 0,
        sold: 0,
      };
      count(row, event as unknown as StockEvent);
      row.seq = event.seq;
      rows.set(variantId, row);
    }
    await tx
      .insertInto('stock_view')
      .values([...rows.values()])
      .onConflict((conflict) =>
        conflict.column('variant_id').doUpdateSet({
          seq: sql`excluded.seq`,
          on_hand: sql`excluded.on_hand`,
          allocated: sql`excluded.allocated`,
          held: sql`excluded.held`,
          sold: sql`excluded.sold`,
        }),
      )
      .execute();
  },
};

const count = (row: StockRow, event: StockEvent): void => {
  switch (event.kind) {
    case 'StockCounted':
      row.on_hand = event.data.onHand;
      return;
    case 'StockAllocated':
      row.allocated += event.data.quantity;
      return;
    case 'AllocationReturned':
      row.allocated -= event.data.quantity;
      return;
    case 'AllocationSold':
      row.allocated -= event.data.quantity;
      row.on_hand -= event.data.quantity;
      row.sold += event.data.quantity;
      return;
    case 'ShelfHoldPlaced':
      row.held += event.data.quantity;
      return;
    case 'ShelfHoldReleased':
      row.held -= event.data.quantity;
      return;
    case 'ShelfHoldSettled':
      row.held -= event.data.quantity;
      row.on_hand -= event.data.quantity;
      row.sold += event.data.quantity;
      return;
    case 'ShelfPaymentBegun':
    case 'ShelfPaymentAbandoned':
      return;
  }
};

export type StockLevel = {
  readonly variantId: string;
  readonly seq: number;
  readonly onHand: number;
  readonly allocated: number;
  readonly held: number;
  readonly sold: number;
  /** What anyone may still claim: on hand, less escrow, less carts. */
  readonly available: number;
};

/** Levels of the variants that were ever counted; the others are missing from the answer. */
export const stockLevels = async (
  db: Kysely<ViewTables>,
  variantIds: readonly string[],
): Promise<StockLevel[]> => {
  if (variantIds.length === 0) return [];
  const rows = await db
    .selectFrom('stock_view')
    .selectAll()
    .where('variant_id', 'in', variantIds)
    .execute();
  return rows.map((row) => ({
    variantId: row.variant_id,
    seq: row.seq,
    onHand: row.on_hand,
    allocated: row.allocated,
    held: row.held,
    sold: row.sold,
    available: row.on_hand - row.allocated - row.held,
  }));
};
