// How somebody simulated pays for a hold: the steps of a checkout, one after the other, in the rehearsal's own engine
// and at the rehearsal's own sandbox. It is given no other engine and no other gateway. Rules: docs/rules/rehearsal.md.

import {
  type CommandId,
  type HoldId,
  type OrderId,
  orderStream,
  type ProductId,
  type ShowId,
  type StreamId,
  type VariantId,
} from '../base/brand.ts';
import type { Money } from '../base/money.ts';
import { type Actor, system } from '../domain/decider.ts';
import { noProvider, type OrderCommand, type OrderLine } from '../domain/order/order.ts';
import { allInPrice, type PriceSettings } from '../domain/order/price.ts';
import type { Engine } from '../engine/contract.ts';
import type { Payments } from '../gateways/payments.ts';
import type { MyHold } from '../protocol/socket.ts';

export type TillOptions = {
  readonly engine: Pick<Engine, 'send'>;
  readonly payments: Payments;
  readonly price: PriceSettings;
  readonly showId: ShowId;
  readonly newId: () => string;
};

/** Cards of the sandbox: one that pays, one that is declined. */
const cards = { good: '4242424242424242', declined: '4000000000000002' };

export type Paid =
  | { readonly what: 'paid'; readonly total: Money }
  | { readonly what: 'declined' | 'gone' };

/** Pays for a hold, or fails to; a hold that is gone by then is no fault. */
export const payAtTill = async (
  { engine, payments, price, showId, newId }: TillOptions,
  by: Extract<Actor, { kind: 'person' }>,
  hold: MyHold,
  isDeclined: boolean,
): Promise<Paid> => {
  const orderId = hold.holdId as OrderId;
  const attempt = newId();
  const send = (stream: StreamId, command: Parameters<Engine['send']>[1], actor: Actor) =>
    engine.send(stream, command, { commandId: newId() as CommandId, by: actor });
  const order = (command: OrderCommand, actor: Actor) => send(orderStream(orderId), command, actor);
  const place = { stream: hold.stream as StreamId, holdId: hold.holdId as HoldId };
  const line: OrderLine = {
    productId: hold.productId as ProductId,
    variantId: hold.variantId as VariantId,
    title: hold.title,
    quantity: hold.quantity,
    unitPrice: hold.unitPrice,
  };
  const totals = allInPrice(hold.unitPrice, hold.quantity, price);
  const { total } = totals;
  const address = {
    ...{ name: by.name, line1: 'Invented street 4', line2: '' },
    ...{ postcode: '30100', city: 'Venezia', country: 'IT' },
  };
  const email = 'crowd@rehearsal.invalid';
  const asked = { kind: 'PlaceOrder', hold: place, showId, lines: [line], totals } as const;
  const placed = await order({ ...asked, code: null, address, email }, by);
  if (placed.kind === 'refused') return { what: 'gone' };
  const begun = await send(
    place.stream,
    { kind: 'BeginPayment', holdId: place.holdId, orderId, attempt },
    by,
  );
  if (begun.kind === 'refused') {
    await order({ kind: 'CancelOrder', reason: 'hold-gone' }, system);
    return { what: 'gone' };
  }
  if (total.minor === 0) {
    await order(
      { kind: 'RecordPayment', paymentId: `free-${orderId}`, provider: noProvider },
      system,
    );
    return { what: 'paid', total };
  }
  await order({ kind: 'StartPayment', attempt }, by);
  const charged = await payments.start({
    orderId,
    amount: total,
    description: hold.title,
    idempotencyKey: attempt,
    methodToken: isDeclined ? cards.declined : cards.good,
    email,
  });
  if (charged.state !== 'paid') {
    const reason = charged.state === 'declined' ? charged.reason : 'card-declined';
    await order({ kind: 'RecordDecline', attempt, reason }, system);
    return { what: 'declined' };
  }
  const { paymentId } = charged;
  await order({ kind: 'RecordPayment', paymentId, provider: 'sandbox' }, system);
  return { what: 'paid', total };
};
