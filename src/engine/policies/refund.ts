// Money that must go back: the gateway is asked, after commit, with a key that makes it once, until it
// answers. It has a runner of its own, so that a payment provider that is away holds up nothing else.
// Rules: docs/rules/engine.md, POL-8.

import { Fault } from '../../base/fault.ts';
import type { Money } from '../../base/money.ts';
import type { OrderEvent } from '../../domain/order/order.ts';
import type { RecordedEvent } from '../../log/event-log.ts';
import type { Policy } from '../policy.ts';

/** What the policy needs of a payment gateway. */
export interface RefundGateway {
  /** The same key gives the same refund. Throws when the provider doesn't answer. */
  refund(wish: {
    readonly paymentId: string;
    readonly amount: Money;
    readonly idempotencyKey: string;
  }): Promise<
    | { readonly state: 'refunded' | 'pending'; readonly refundId: string }
    | { readonly state: 'refused'; readonly reason: string }
  >;
}

export const refund = (gateway: RefundGateway): Policy => ({
  name: 'refund',
  kinds: ['RefundRequested'],
  inOrder: false,
  async run(recorded, act) {
    const event = recorded as RecordedEvent & Extract<OrderEvent, { kind: 'RefundRequested' }>;
    const { paymentId, amount } = event.data;
    // [ORD-11] Nothing was paid: the order has said itself that nothing is to come back.
    if (amount.minor === 0) return;
    const refunded = await gateway.refund({ paymentId, amount, idempotencyKey: act.key('money') });
    // Somebody's money is at stake: it stays on the operator's list and is tried again, never dropped.
    if (refunded.state === 'refused') {
      throw new Fault('refund-refused', `the provider refuses the refund: ${refunded.reason}`, {
        detail: { paymentId },
      });
    }
    const recordedRefund = await act.send(
      event.stream,
      { kind: 'RecordRefund', paymentId, refundId: refunded.refundId },
      'record',
    );
    if (recordedRefund.kind === 'refused') {
      throw new Fault(
        'refund-not-recorded',
        `${event.stream} refuses the refund: ${recordedRefund.reason}`,
      );
    }
  },
});
