// The use of a promo code goes back when the order that it was reserved for is cancelled, placed anew without
// the code, or given back because its hold had gone. Rules: docs/rules/engine.md, POL-9.

import { codeStream, idOfStream, type OrderId } from '../../base/brand.ts';
import type { OrderEvent } from '../../domain/order/order.ts';
import type { RecordedEvent } from '../../log/event-log.ts';
import type { Policy } from '../policy.ts';

type Ending = Extract<OrderEvent, { kind: 'OrderPlaced' | 'OrderCancelled' | 'RefundRequested' }>;
type Placed = Extract<OrderEvent, { kind: 'OrderPlaced' }>;

/** An order's stream has tens of events at most: it is placed, tried, paid. */
const orderEventsMax = 1_000;

export const codeUse: Policy = {
  name: 'code-use',
  kinds: ['OrderPlaced', 'OrderCancelled', 'RefundRequested'],
  inOrder: false,
  async run(recorded, act) {
    const event = recorded as RecordedEvent & Ending;
    // What a buyer got and gave back was a use all the same.
    if (event.kind === 'RefundRequested' && event.data.reason !== 'hold-gone') return;
    const kept = event.kind === 'OrderPlaced' ? (event.data.code?.code ?? null) : null;
    // First of all that is placed: nothing was before it.
    if (event.seq === 1) return;
    const before = (await act.log.read(event.stream, 1, orderEventsMax)).filter(
      ({ kind, seq }) => kind === 'OrderPlaced' && seq < event.seq,
    );
    const usesOf = new Map<string, string[]>();
    for (const { data } of before) {
      const { code } = data as unknown as Placed['data'];
      if (code !== null && code.code !== kept)
        usesOf.set(code.code, [...(usesOf.get(code.code) ?? []), code.useId]);
    }
    const orderId = idOfStream(event.stream) as OrderId;
    for (const [nth, [code, useIds]] of [...usesOf].entries())
      await act.send(codeStream(code), { kind: 'ReturnUse', orderId, useIds }, `return-${nth}`);
  },
};
