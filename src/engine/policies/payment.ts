// Money and units keep together: a paid order settles its hold, or gets its money back when the hold is
// gone; a declined or cancelled one lets the units go; a hold that ended takes its unpaid order with it.
// Rules: docs/rules/engine.md, POL-5 to POL-7.

import { assert } from '../../base/assert.ts';
import { idOfStream, type OrderId, orderStream } from '../../base/brand.ts';
import type { HoldPlace, OrderEvent } from '../../domain/order/order.ts';
import type { HoldEvent } from '../../domain/sale/hold.ts';
import type { StockEvent } from '../../domain/stock/stock.ts';
import type { RecordedEvent } from '../../log/event-log.ts';
import type { Act, Policy } from '../policy.ts';

/** An order's stream has tens of events at most: it is placed, tried, paid. */
const orderEventsMax = 1_000;

/** The hold that the order was placed from, as of this event; and whether its own command gave the money back. */
const orderAt = async (
  event: RecordedEvent,
  act: Act,
): Promise<{ hold: HoldPlace; isRefunded: boolean }> => {
  const events = await act.log.read(event.stream, 1, orderEventsMax);
  const placed = events.findLast(({ kind, seq }) => kind === 'OrderPlaced' && seq < event.seq);
  assert(placed !== undefined, `${event.stream} has ${event.kind} before it was placed`);
  const { hold } = placed.data as unknown as Extract<OrderEvent, { kind: 'OrderPlaced' }>['data'];
  const isRefunded = events.some(
    ({ kind, commandId }) => kind === 'RefundRequested' && commandId === event.commandId,
  );
  return { hold, isRefunded };
};

type PaymentEvent = Extract<
  OrderEvent,
  { kind: 'OrderPaid' | 'PaymentDeclined' | 'OrderCancelled' }
>;

export const payment: Policy = {
  name: 'payment',
  kinds: ['OrderPaid', 'PaymentDeclined', 'OrderCancelled'],
  inOrder: true,
  async run(recorded, act) {
    const event = recorded as RecordedEvent & PaymentEvent;
    const orderId = idOfStream(event.stream) as OrderId;
    const { hold, isRefunded } = await orderAt(event, act);
    const { stream, holdId } = hold;
    switch (event.kind) {
      case 'OrderPaid': {
        // The order was cancelled before the money came: it goes back, and no units are given for it.
        if (isRefunded) return;
        const settled = await act.send(stream, { kind: 'SettleHold', holdId, orderId }, 'settle');
        if (settled.kind === 'refused')
          await act.send(event.stream, { kind: 'RefundOrder', reason: 'hold-gone' }, 'refund');
        return;
      }
      case 'PaymentDeclined': {
        // Of this try only: the buyer may be at the next one already, and that one needs its time.
        const { attempt } = event.data;
        await act.send(stream, { kind: 'AbandonPayment', holdId, orderId, attempt }, 'abandon');
        return;
      }
      case 'OrderCancelled': {
        const released = await act.send(stream, { kind: 'ReleaseHold', holdId }, 'release');
        if (released.kind !== 'refused' || released.reason !== 'payment-under-way') return;
        await act.send(
          stream,
          { kind: 'AbandonPayment', holdId, orderId, attempt: null },
          'abandon',
        );
        await act.send(stream, { kind: 'ReleaseHold', holdId }, 'release-2');
        return;
      }
    }
  },
};

type GoneEvent =
  | Extract<HoldEvent, { kind: 'HoldExpired' | 'HoldReleased' }>
  | Extract<StockEvent, { kind: 'ShelfHoldReleased' }>;

/** An order has the id of its hold. Most holds that end never had one: `order-unknown` is the usual answer. */
export const holdGone: Policy = {
  name: 'hold-gone',
  kinds: ['HoldExpired', 'HoldReleased', 'ShelfHoldReleased'],
  inOrder: false,
  async run(recorded, act) {
    const { data } = recorded as RecordedEvent & GoneEvent;
    await act.send(
      orderStream(data.holdId as string as OrderId),
      { kind: 'CancelOrder', reason: 'hold-gone' },
      'cancel',
    );
  },
};
