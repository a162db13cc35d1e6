// The orders as the office and their buyers read them: one row an order, with its state.

import { type Kysely, sql, type Transaction } from 'kysely';
import { idOfStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { OrderEvent, OrderLine, PostalAddress, Totals } from '../domain/order/order.ts';
import type { RecordedEvent } from '../log/event-log.ts';
import type { View } from './projector.ts';
import type { OrderRow, ViewTables } from './tables.ts';

/** The first number: three digits would tell a customer that they are the first one. */
const firstNumber = 1001;

export const ordersView: View = {
  name: 'orders',
  async clear(tx) {
    await tx.deleteFrom('order_view').execute();
  },
  async apply(tx, events) {
    for (const event of events) {
      if (event.stream.startsWith('order-')) await fold(tx, event);
    }
  },
};

const fold = async (tx: Transaction<ViewTables>, recorded: RecordedEvent): Promise<void> => {
  const event = recorded as unknown as OrderEvent;
  const orderId = idOfStream(recorded.stream);
  if (event.kind === 'OrderPlaced') {
    const { data, personal } = event;
    const row = {
      phase: 'placed',
      person_id: data.personId,
      buyer_name: personal?.name ?? '',
      show_id: data.showId,
      placed_at_ms: recorded.atMs,
      lines: JSON.stringify(data.lines),
      totals: JSON.stringify(data.totals),
      code: data.code?.code ?? null,
      address: personal ? JSON.stringify(personal.address) : null,
      email: personal?.email ?? null,
      reason: null,
    };
    await tx
      .insertInto('order_view')
      .values({
        ...row,
        order_id: orderId,
        number: sql<number>`(select coalesce(max(number), ${sql.lit(firstNumber - 1)}) + 1 from order_view)`,
        paid_at_ms: null,
        payment_provider: null,
      })
      .onConflict((conflict) => conflict.column('order_id').doUpdateSet(row))
      .execute();
    return;
  }
  const change = changeOf(event, recorded.atMs);
  if (change === null) return;
  await tx.updateTable('order_view').set(change).where('order_id', '=', orderId).execute();
};

/** Null: nothing that an order's row shows. */
const changeOf = (
  event: Exclude<OrderEvent, { kind: 'OrderPlaced' }>,
  atMs: number,
): Partial<OrderRow> | null => {
  switch (event.kind) {
    case 'PaymentStarted':
      return { phase: 'paying', reason: null };
    case 'PaymentDeclined':
      return { phase: 'placed', reason: event.data.reason };
    case 'OrderPaid':
      return {
        phase: 'paid',
        paid_at_ms: atMs,
        payment_provider: event.data.provider,
        reason: null,
      };
    case 'OrderCancelled':
      return { phase: 'cancelled', reason: event.data.reason };
    case 'RefundRequested':
      // A payment too many goes back beside the order, which stays paid or refunded as it was.
      if (event.data.reason === 'paid-twice') return null;
      return { phase: 'refunding', reason: event.data.reason };
    case 'OrderRefunded':
      return { phase: 'refunded' };
    case 'PaymentDuplicated':
    case 'DuplicateRefunded':
      return null;
  }
};

export const orderById = (db: Kysely<ViewTables>, orderId: string): Promise<OrderRow | undefined> =>
  db.selectFrom('order_view').selectAll().where('order_id', '=', orderId).executeTakeFirst();

/**
 * A person's paid orders of a show that have paid their parcel's way, latest first, with where they go. Orders of
 * erased people aren't among them.
 */
export const shippedOrders = async (
  db: Kysely<ViewTables>,
  personId: string,
  showId: string,
): Promise<{ orderId: string; address: PostalAddress }[]> => {
  const rows = await db
    .selectFrom('order_view')
    .select(['order_id', 'address', 'totals'])
    .where('person_id', '=', personId)
    .where('show_id', '=', showId)
    .where('phase', '=', 'paid')
    .orderBy('paid_at_ms', 'desc')
    .limit(limits.pageItemsMax)
    .execute();
  return rows.flatMap(({ order_id, address, totals }) =>
    address !== null && (JSON.parse(totals) as Totals).shipping.minor > 0
      ? [{ orderId: order_id, address: JSON.parse(address) as PostalAddress }]
      : [],
  );
};

/** [TKT-2] Whether a variant is in a paid order of a person; one whose money goes back counts no more. */
export const paidBy = async (
  db: Kysely<ViewTables>,
  personIds: readonly string[],
  variantId: string,
): Promise<ReadonlySet<string>> => {
  if (personIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('order_view')
    .select(['person_id', 'lines'])
    .where('person_id', 'in', personIds)
    .where('phase', '=', 'paid')
    // Ids are letters, digits, `_` and `-`: a pattern's `_` finds too much, never too little.
    .where('lines', 'like', `%"${variantId}"%`)
    .execute();
  const paid = rows.filter(({ lines }) =>
    (JSON.parse(lines) as OrderLine[]).some((line) => line.variantId === variantId),
  );
  return new Set(paid.map((row) => row.person_id));
};

/** In how many paid orders of a person a promo code stands, one order left out. */
export const codeUsesOf = async (
  db: Kysely<ViewTables>,
  wanted: { readonly code: string; readonly personId: string; readonly besides: string },
): Promise<number> => {
  const { count } = await db
    .selectFrom('order_view')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('person_id', '=', wanted.personId)
    .where('code', '=', wanted.code)
    .where('phase', 'in', ['paid', 'refunding', 'refunded'])
    .where('order_id', '<>', wanted.besides)
    .executeTakeFirstOrThrow();
  return Number(count);
};

/** Latest first. `personId` null: everyone's. */
export const listOrders = (
  db: Kysely<ViewTables>,
  options: { readonly personId: string | null; readonly offset: number; readonly limit: number },
): Promise<OrderRow[]> => {
  let query = db.selectFrom('order_view').selectAll();
  if (options.personId !== null) query = query.where('person_id', '=', options.personId);
  return query
    .orderBy('placed_at_ms', 'desc')
    .orderBy('order_id')
    .offset(options.offset)
    .limit(options.limit)
    .execute();
};
