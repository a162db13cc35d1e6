// Whose order lets them in, by what the log says of it: paid, and not on its way back.

import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type CommandId,
  type HoldId,
  type OrderId,
  orderStream,
  type ProductId,
  type ShowId,
  type StreamId,
  showStream,
  type VariantId,
} from '../base/brand.ts';
import { systemClock } from '../base/ports.ts';
import { type Actor, system } from '../domain/decider.ts';
import { orderDecider } from '../domain/order/order.ts';
import { allInPrice } from '../domain/order/price.ts';
import { showDecider } from '../domain/show/show.ts';
import { ines, mina } from '../domain/testing/given.ts';
import { eur, plan } from '../domain/testing/show-cast.ts';
import type { Command, Engine } from '../engine/contract.ts';
import { createEngine } from '../engine/engine.ts';
import { openDatabase } from '../log/database.ts';
import { openPostgresLog } from '../log/postgres-log.ts';
import { freshDatabase } from '../log/testing/postgres.ts';
import type { You } from '../protocol/socket.ts';
import { ordersView } from '../views/orders.ts';
import { Projector } from '../views/projector.ts';
import { showsView } from '../views/shows.ts';
import type { ViewTables } from '../views/tables.ts';
import { createShowDoor, showAccess } from './show-access.ts';

const { url } = await freshDatabase();
const database = await openDatabase<ViewTables>({ url });
let engine: Engine;
let projector: Projector;
let ids = 0;

beforeAll(async () => {
  const log = await openPostgresLog({ pool: database.pool });
  const deciders = [orderDecider, showDecider];
  engine = createEngine({ log, clock: systemClock, node: 'test', deciders });
  projector = new Projector({
    log,
    db: database.kysely,
    views: [ordersView, showsView],
    clock: systemClock,
    onFault: (error) => {
      throw error;
    },
  });
  await projector.start();
});
afterAll(async () => {
  await engine.stop();
  await projector.stop();
  await database.close();
});

const send = async (stream: StreamId, command: Command, by: Actor) => {
  const outcome = await engine.send(stream, command, { commandId: `c${++ids}` as CommandId, by });
  if (outcome.kind === 'refused') throw new Error(outcome.reason);
  await projector.reached(stream, outcome.seq);
};
const place = (name: string, variantId: string) => {
  const line = { productId: 'seat' as ProductId, title: 'Seat', quantity: 1 };
  return send(
    orderStream(name as OrderId),
    {
      kind: 'PlaceOrder',
      hold: { stream: 'stock-seat' as StreamId, holdId: name as HoldId },
      showId: null,
      lines: [{ ...line, variantId: variantId as VariantId, unitPrice: eur(4_000) }],
      totals: allInPrice(eur(4_000), 1, { shippingMinor: 0, taxIncludedMilliPercent: 0 }),
      code: null,
      address: { name: 'I', line1: '1', line2: '', postcode: '1', city: 'V', country: 'IT' },
      email: 'ines@example.org',
    },
    ines,
  );
};
const pay = (name: string) =>
  send(
    orderStream(name as OrderId),
    { kind: 'RecordPayment', paymentId: `p-${name}`, provider: 'sandbox' },
    system,
  );

test('[TKT-2] [TKT-7] a paid order of the very variant lets its buyer in, until its money goes back', async () => {
  const access = {
    for: 'ticket',
    productId: 'seat' as ProductId,
    variantId: 'seat_1' as VariantId,
  } as const;
  await send(showStream('kiln' as ShowId), { kind: 'PlanShow', plan: { ...plan, access } }, mina);
  const door = createShowDoor(
    showAccess({
      db: database.kysely,
      memberships: { of: async () => null, ofAll: async () => new Map() },
      roomAtHand: () => null,
    }),
  );
  const refusalOf = async (personId: string) =>
    (await door.refusal({ personId, name: '', role: 'shopper', guest: false }, 'kiln'))?.refused ??
    null;

  expect(await door.isForEverybody('kiln')).toBe(false);
  expect(await door.isForEverybody('unknown')).toBe(true);
  // An id that a pattern would take for the ticket's.
  await place('other', 'seatX1');
  await pay('other');
  await place('ticket', 'seat_1');
  expect(await refusalOf('ines')).toBe('ticket-needed');
  await pay('ticket');
  expect([await refusalOf('ines'), await refusalOf('teo')]).toEqual([null, 'ticket-needed']);
  const [holder, other] = ['ines', 'teo'].map((personId) => ({
    ...{ personId, name: '', guest: false },
    role: 'shopper' as const,
  })) as [You, You];
  expect(await door.outside([holder, holder, other], 'kiln')).toEqual(new Set([other]));
  await send(orderStream('ticket' as OrderId), { kind: 'RefundOrder', reason: 'crew' }, mina);
  expect(await refusalOf('ines')).toBe('ticket-needed');
  expect(await door.outside([holder, other], 'kiln')).toEqual(new Set([holder, other]));
});
