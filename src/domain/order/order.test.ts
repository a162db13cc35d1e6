import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { money } from '../../base/money.ts';
import { system } from '../decider.ts';
import { ines, mina, person, startMs, testbed, tomasz } from '../testing/given.ts';
import { eur, hold, lagoon, personId, vase } from '../testing/show-cast.ts';
import { type OrderEvent, orderDecider } from './order.ts';
import { allInPrice } from './price.ts';

const { given, fold } = testbed(orderDecider);
const address = {
  name: 'Ines W',
  line1: 'Calle 1',
  line2: '',
  postcode: '30100',
  city: 'Venezia',
  country: 'IT',
};
const totals = allInPrice(eur(8600), 1, { shippingMinor: 590, taxIncludedMilliPercent: 22_000 });
const terms = {
  hold: { stream: 'show-s1' as StreamId, holdId: hold('h1') },
  showId: null,
  lines: [
    { productId: vase, variantId: lagoon, title: 'Lagoon vase', quantity: 1, unitPrice: eur(8600) },
  ],
  totals,
  code: null,
};
const place = { kind: 'PlaceOrder', ...terms, address, email: 'ines@example.com' } as const;
const placed: Extract<OrderEvent, { kind: 'OrderPlaced' }> = {
  kind: 'OrderPlaced',
  data: { personId: personId('ines'), ...terms },
  personal: { name: 'ines_w', address, email: 'ines@example.com' },
};
const paying: OrderEvent = { kind: 'PaymentStarted', data: { attempt: 'a1' } };
const paid: OrderEvent = { kind: 'OrderPaid', data: { paymentId: 'p1', provider: 'sandbox' } };
const cancelled: OrderEvent = { kind: 'OrderCancelled', data: { reason: 'hold-gone' } };
const refund = (reason: 'hold-gone' | 'crew' | 'paid-twice', paymentId = 'p1'): OrderEvent => ({
  kind: 'RefundRequested',
  data: { paymentId, amount: totals.total, reason },
});
const pay = { kind: 'RecordPayment', paymentId: 'p1', provider: 'sandbox' } as const;

const freeTerms = {
  ...terms,
  lines: [{ ...terms.lines[0]!, unitPrice: eur(0) }],
  totals: allInPrice(eur(0), 1, { shippingMinor: 590, taxIncludedMilliPercent: 22_000 }),
};
const free: OrderEvent = { ...placed, data: { ...placed.data, ...freeTerms } };
const paidNothing: OrderEvent = {
  kind: 'OrderPaid',
  data: { paymentId: 'free-h1', provider: 'none' },
};
const nothingBack = (reason: 'hold-gone' | 'crew'): OrderEvent[] => [
  { kind: 'RefundRequested', data: { paymentId: 'free-h1', amount: eur(0), reason } },
  { kind: 'OrderRefunded', data: { refundId: 'none' } },
];
const payNothing = { kind: 'RecordPayment', paymentId: 'free-h1', provider: 'none' } as const;

describe('an order of nothing to pay', () => {
  it('[ORD-7] goods that cost nothing are sent for nothing', () => {
    expect(freeTerms.totals).toEqual({
      goods: eur(0),
      discount: eur(0),
      shipping: eur(0),
      tax: eur(0),
      total: eur(0),
    });
  });
  it('[ORD-11] is paid without a provider, and nothing else is', () => {
    given(free).when(payNothing, system).then(paidNothing);
    given(free, paidNothing).when(payNothing, system).then();
    given(placed).when(payNothing, system).refused('payment-unknown');
    given(placed, paying).when(payNothing, system).refused('payment-unknown');
    given(free).when(payNothing, ines).refused('not-allowed');
  });
  it('[ORD-11] is given back in the same step, by the crew or because its hold had gone', () => {
    given(free, paidNothing)
      .when({ kind: 'RefundOrder', reason: 'crew' }, mina)
      .then(...nothingBack('crew'));
    given(free, cancelled)
      .when(payNothing, system)
      .then(paidNothing, ...nothingBack('hold-gone'));
    expect(fold([free, paidNothing, ...nothingBack('crew')], startMs).phase).toBe('refunded');
  });
});

describe('an order', () => {
  it('[ORD-1] is placed by a person, and again until it is paid for', () => {
    given().when(place, ines).then(placed);
    given().when(place, system).refused('sign-in-needed');
    given(placed).when(place, ines).then(placed);
    given(placed).when(place, tomasz).refused('not-allowed');
    given(placed, paying).when(place, ines).refused('order-not-open');
  });
  it('[ORD-2] is paid by its buyer, once', () => {
    given(placed).when({ kind: 'StartPayment', attempt: 'a1' }, ines).then(paying);
    given(placed).when({ kind: 'StartPayment', attempt: 'a1' }, tomasz).refused('not-allowed');
    given(placed, paying).when(pay, system).then(paid);
    given(placed, paying, paid).when(pay, system).then();
    given(placed, paying).when(pay, ines).refused('not-allowed');
  });
  it('[ORD-3] a declined card can be followed by another', () => {
    const declined: OrderEvent = {
      kind: 'PaymentDeclined',
      data: { attempt: 'a1', reason: 'card-declined' },
    };
    given(placed, paying)
      .when({ kind: 'RecordDecline', attempt: 'a1', reason: 'card-declined' }, system)
      .then(declined);
    given(placed, paying, declined)
      .when({ kind: 'StartPayment', attempt: 'a2' }, ines)
      .then({ kind: 'PaymentStarted', data: { attempt: 'a2' } });
  });
  it('[ORD-3] a decline of another try than the one under way changes nothing', () => {
    given(placed, paying)
      .when({ kind: 'RecordDecline', attempt: 'a0', reason: 'card-declined' }, system)
      .refused('payment-unknown');
  });
  it('[ORD-4] is cancelled when its hold is gone', () => {
    given(placed).when({ kind: 'CancelOrder', reason: 'hold-gone' }, system).then(cancelled);
    given(placed, paying)
      .when({ kind: 'CancelOrder', reason: 'buyer' }, ines)
      .refused('payment-under-way');
    given(placed, paying, paid)
      .when({ kind: 'CancelOrder', reason: 'hold-gone' }, system)
      .refused('order-not-open');
    given().when({ kind: 'CancelOrder', reason: 'hold-gone' }, system).refused('order-unknown');
  });
  it('[ORD-5] late money goes back', () => {
    given(placed, paying, cancelled).when(pay, system).then(paid, refund('hold-gone'));
  });
  it('[ORD-6] money goes back once, by an owner or host', () => {
    const back = { kind: 'RefundOrder', reason: 'crew' } as const;
    given(placed, paying, paid).when(back, person('otto', 'owner')).then(refund('crew'));
    given(placed, paying, paid).when(back, ines).refused('not-allowed');
    given(placed, paying, paid, refund('crew')).when(back, mina).refused('order-not-open');
    given(placed, paying, paid, refund('crew'))
      .when({ kind: 'RecordRefund', paymentId: 'p1', refundId: 'r1' }, system)
      .then({ kind: 'OrderRefunded', data: { refundId: 'r1' } });
  });
  it('[ORD-10] money of a second payment is kept in mind and goes back; the order stays as it is', () => {
    const payAgain = { ...pay, paymentId: 'p2' } as const;
    const twice: OrderEvent[] = [
      { kind: 'PaymentDuplicated', data: { paymentId: 'p2', provider: 'sandbox' } },
      refund('paid-twice', 'p2'),
    ];
    const back: OrderEvent = {
      kind: 'DuplicateRefunded',
      data: { paymentId: 'p2', refundId: 'r2' },
    };
    const refunded: OrderEvent = { kind: 'OrderRefunded', data: { refundId: 'r1' } };
    for (const before of [
      [placed, paying, paid],
      [placed, paying, paid, refund('crew')],
      [placed, paying, paid, refund('crew'), refunded],
    ]) {
      given(...before)
        .when(payAgain, system)
        .then(...twice);
      given(...before)
        .when(payAgain, ines)
        .refused('not-allowed');
      const { phase, paymentId } = fold(before, startMs);
      expect(fold([...before, ...twice, back], startMs)).toMatchObject({ phase, paymentId });
    }
    given(placed, paying, paid, ...twice)
      .when({ kind: 'RecordRefund', paymentId: 'p2', refundId: 'r2' }, system)
      .then(back);
    // The notice comes again, while the money is on its way and when it is back.
    given(placed, paying, paid, ...twice)
      .when(payAgain, system)
      .then();
    given(placed, paying, paid, ...twice, back)
      .when(payAgain, system)
      .then();
    // The payment that counts can still go back by the crew.
    given(placed, paying, paid, ...twice, back)
      .when({ kind: 'RefundOrder', reason: 'crew' }, mina)
      .then(refund('crew'));
  });
  it('[ORD-9] an unpaid order waits for an hour of hold and a payment, then it is cancelled', () => {
    const openUntilMs = startMs + limits.holdMsMax + limits.paymentMs;
    const due = { atMs: openUntilMs, command: { kind: 'CancelOrder', reason: 'hold-gone' } };
    expect(orderDecider.deadline(fold([placed], startMs))).toEqual(due);
    expect(orderDecider.deadline(fold([placed, paying], startMs))).toEqual(due);
    given(placed)
      .when({ kind: 'CancelOrder', reason: 'hold-gone' }, system, openUntilMs)
      .then(cancelled);
    for (const after of [
      [placed, paying, paid],
      [placed, cancelled],
    ])
      expect(orderDecider.deadline(fold(after, startMs))).toBeNull();
  });
  it('[ORD-8] nothing of a person stands in the hashed part', () => {
    const decided = orderDecider.decide(fold([], startMs), place, {
      commandId: 'c' as never,
      atMs: startMs,
      by: ines,
    });
    const data = JSON.stringify((decided as readonly OrderEvent[]).map((event) => event.data));
    for (const secret of ['Ines W', 'Calle', '30100', 'Venezia', 'example.com', 'ines_w'])
      expect(data).not.toContain(secret);
  });
});

describe('the all-in price', () => {
  it('[ORD-7] one vase at € 86.00 and a parcel at € 5.90 cost € 91.90, € 16.57 of it tax at 22 %', () => {
    expect(totals).toEqual({
      goods: eur(8600),
      discount: eur(0),
      shipping: eur(590),
      tax: eur(1657),
      total: eur(9190),
    });
  });
  it('[ORD-7] the total is goods and shipping, and tax is inside', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 0, max: 100_000 }),
        fc.integer({ min: 0, max: 100_000 }),
        (minor, quantity, shippingMinor, taxIncludedMilliPercent) => {
          const price = allInPrice(money(minor, 'EUR'), quantity, {
            shippingMinor,
            taxIncludedMilliPercent,
          });
          expect(price.total.minor).toBe(minor === 0 ? 0 : minor * quantity + shippingMinor);
          expect(price.tax.minor).toBeGreaterThanOrEqual(0);
          expect(price.tax.minor).toBeLessThanOrEqual(Math.ceil(price.total.minor / 2));
        },
      ),
    );
  });
});
