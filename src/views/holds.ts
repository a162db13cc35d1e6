// What is kept for whom right now, over all shows and the shelf. Thousands of holds a second come and
// go in a drop, so a page of the log becomes one insert, one update and one delete.

import { type Kysely, sql } from 'kysely';
import { idOfStream } from '../base/brand.ts';
import type { HoldEvent } from '../domain/sale/hold.ts';
import type { StockEvent } from '../domain/stock/stock.ts';
import type { View } from './projector.ts';
import type { HoldRow, ViewTables } from './tables.ts';

export const holdsView: View = {
  name: 'holds',
  async clear(tx) {
    await tx.deleteFrom('hold_view').execute();
  },
  async apply(tx, events) {
    const placed = new Map<string, HoldRow>();
    const gone = new Set<string>();
    const moved = new Map<string, { expires_at_ms: number; paying: boolean }>();
    for (const recorded of events) {
      const event = recorded as unknown as HoldEvent | StockEvent;
      switch (event.kind) {
        case 'HoldPlaced':
          placed.set(event.data.holdId, {
            hold_id: event.data.holdId,
            stream: recorded.stream,
            person_id: event.data.personId,
            show_id: idOfStream(recorded.stream),
            offer_id: event.data.offerId,
            variant_id: event.data.variantId,
            quantity: event.data.quantity,
            unit_price_minor: event.data.price.minor,
            currency: event.data.price.currency,
            expires_at_ms: event.data.expiresAtMs,
            paying: false,
          });
          break;
        case 'ShelfHoldPlaced':
          placed.set(event.data.holdId, {
            hold_id: event.data.holdId,
            stream: recorded.stream,
            person_id: event.data.personId,
            show_id: event.data.showId,
            offer_id: null,
            variant_id: idOfStream(recorded.stream),
            quantity: event.data.quantity,
            unit_price_minor: event.data.price.minor,
            currency: event.data.price.currency,
            expires_at_ms: event.data.expiresAtMs,
            paying: false,
          });
          break;
        case 'PaymentBegun':
        case 'ShelfPaymentBegun':
          moved.set(event.data.holdId, { expires_at_ms: event.data.untilMs, paying: true });
          break;
        case 'PaymentAbandoned':
        case 'ShelfPaymentAbandoned':
          moved.set(event.data.holdId, { expires_at_ms: event.data.expiresAtMs, paying: false });
          break;
        case 'HoldReleased':
        case 'HoldExpired':
        case 'HoldSettled':
        case 'ShelfHoldReleased':
        case 'ShelfHoldSettled':
          placed.delete(event.data.holdId);
          moved.delete(event.data.holdId);
          gone.add(event.data.holdId);
          break;
        default:
          break;
      }
    }
    for (const [holdId, change] of moved) {
      const row = placed.get(holdId);
      if (row) placed.set(holdId, { ...row, ...change });
      else await tx.updateTable('hold_view').set(change).where('hold_id', '=', holdId).execute();
    }
    if (gone.size > 0)
      await tx
        .deleteFrom('hold_view')
        .where('hold_id', '=', sql<string>`any(${[...gone]})`)
        .execute();
    if (placed.size > 0)
      await tx
        .insertInto('hold_view')
        .values([...placed.values()])
        .execute();
  },
};

/** What is held for a person now, soonest to expire first. */
export const holdsOf = (db: Kysely<ViewTables>, personId: string): Promise<HoldRow[]> =>
  db
    .selectFrom('hold_view')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('expires_at_ms')
    .limit(200)
    .execute();

/** A hold that stands now. */
export const holdById = (db: Kysely<ViewTables>, holdId: string): Promise<HoldRow | undefined> =>
  db.selectFrom('hold_view').selectAll().where('hold_id', '=', holdId).executeTakeFirst();
