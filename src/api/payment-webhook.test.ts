// The provider's notices over the real engine and the sandbox: who signed is heard, what is late or
// comes twice does nothing that wasn't done.

import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type CommandId,
  type HoldId,
  type OrderId,
  orderStream,
  type PersonId,
  showStream,
} from '../base/brand.ts';
import { VirtualClock } from '../base/virtual-time.ts';
import { type Actor, system } from '../domain/decider.ts';
import { type OrderCommand, orderDecider } from '../domain/order/order.ts';
import type { Engine } from '../engine/contract.ts';
import { createEngine } from '../engine/engine.ts';
import { sandboxPayments } from '../gateways/sandbox-payments.ts';
import { MemoryLog } from '../log/memory-log.ts';
import { paymentWebhook } from './payment-webhook.ts';
import { registerProblems } from './problem-reply.ts';

const eur = (minor: number) => ({ minor, currency: 'EUR' });
const order = orderStream('o1' as OrderId);
const ada: Actor = { kind: 'person', id: 'ada' as PersonId, name: 'Ada', role: 'shopper' };
const needsAction = '4000002760003184';

let app: FastifyInstance;
let engine: Engine;
let log: MemoryLog;
let payments: ReturnType<typeof sandboxPayments>;
let ids = 0;

beforeEach(async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 24, 18));
  log = new MemoryLog({ clock });
  engine = createEngine({ log, clock, node: 'a', deciders: [orderDecider] });
  payments = sandboxPayments();
  app = Fastify();
  registerProblems(app);
  await app.register(paymentWebhook({ engine, payments }));
  await send(
    {
      kind: 'PlaceOrder',
      hold: { stream: showStream('s1' as never), holdId: 'o1' as HoldId },
      showId: null,
      lines: [],
      totals: {
        goods: eur(4900),
        discount: eur(0),
        shipping: eur(0),
        tax: eur(0),
        total: eur(4900),
      },
      code: null,
      address: { name: 'A', line1: '1', line2: '', postcode: '1', city: 'V', country: 'IT' },
      email: 'ada@example.org',
    },
    ada,
  );
});
afterEach(async () => {
  await app.close();
  await engine.stop();
});

const send = (command: OrderCommand, by: Actor) =>
  engine.send(order, command, { commandId: `c${++ids}` as CommandId, by });
const kinds = async () => (await log.read(order, 2, 100)).map(({ kind }) => kind);
/** A try at paying that waits for the buyer's bank. */
const tryToPay = async (attempt: string) => {
  await send({ kind: 'StartPayment', attempt }, ada);
  const { paymentId } = await payments.start({
    orderId: 'o1',
    amount: eur(4900),
    description: 'Vase',
    idempotencyKey: attempt,
    methodToken: needsAction,
  });
  return paymentId;
};
const tell = ({ rawBody, signature }: { rawBody: Uint8Array; signature: string }) =>
  app.inject({
    method: 'POST',
    url: '/api/webhooks/payments',
    payload: Buffer.from(rawBody),
    headers: { 'content-type': 'application/json', 'stripe-signature': signature },
  });
const atBank = (paymentId: string, approve: boolean) =>
  payments.confirm(paymentId, approve) ?? expect.fail(`${paymentId} waits for nothing`);

test('[ORD-2] a payment that went through at the bank pays the order, also when it is told twice', async () => {
  const notice = atBank(await tryToPay('a1'), true);
  expect((await tell(notice)).json()).toEqual({ received: true });
  await tell(notice);
  expect(await kinds()).toEqual(['PaymentStarted', 'OrderPaid']);
});

test('[ORD-10] the money of a second payment is recorded and asked back', async () => {
  const first = await tryToPay('a1');
  await send({ kind: 'RecordDecline', attempt: 'a1', reason: 'card-declined' }, system);
  const second = await tryToPay('a2');
  await tell(atBank(second, true));
  await tell(atBank(first, true));
  expect((await kinds()).slice(3)).toEqual(['OrderPaid', 'PaymentDuplicated', 'RefundRequested']);
  expect((await log.read(order, 7, 1))[0]?.data).toEqual({
    paymentId: first,
    amount: eur(4900),
    reason: 'paid-twice',
  });
});

test('[ORD-3] a late decline of the try before leaves the next one under way', async () => {
  const first = await tryToPay('a1');
  await send({ kind: 'RecordDecline', attempt: 'a1', reason: 'card-declined' }, system);
  const second = await tryToPay('a2');
  await tell(atBank(first, false));
  expect((await kinds()).slice(2)).toEqual(['PaymentStarted']);
  await tell(atBank(second, false));
  expect((await kinds()).slice(2)).toEqual(['PaymentStarted', 'PaymentDeclined']);
});

test('[PAY-5] a notice that the provider didn’t sign does nothing', async () => {
  const notice = atBank(await tryToPay('a1'), true);
  const response = await tell({ ...notice, signature: 'x' });
  expect([response.statusCode, response.json().code]).toEqual([400, 'request-invalid']);
  expect(await kinds()).toEqual(['PaymentStarted']);
});
