// The uses of promo codes and the orders that they stand in, with the real deciders on the log in memory.

import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type CommandId,
  codeStream,
  type HoldId,
  type OrderId,
  orderStream,
  type PersonId,
  type ShowId,
  showStream,
} from '../../base/brand.ts';
import { VirtualClock } from '../../base/virtual-time.ts';
import { type Actor, system } from '../../domain/decider.ts';
import { type OrderCode, orderDecider } from '../../domain/order/order.ts';
import { allInPrice } from '../../domain/order/price.ts';
import { type PromoCodeEvent, promoCodeDecider } from '../../domain/order/promo-code.ts';
import { showDecider } from '../../domain/show/show.ts';
import { stockDecider } from '../../domain/stock/stock.ts';
import { startOfLog } from '../../log/event-log.ts';
import { MemoryLog } from '../../log/memory-log.ts';
import type { Command, Engine } from '../contract.ts';
import { createEngine } from '../engine.ts';
import { startPolicies } from '../policies.ts';
import type { PolicyRunner } from '../policy.ts';

const startMs = Date.UTC(2026, 10, 24, 18);
const ada: Actor = { kind: 'person', id: 'ada' as PersonId, name: 'Ada', role: 'shopper' };
const bo: Actor = { kind: 'person', id: 'bo' as PersonId, name: 'Bo', role: 'shopper' };
const order = (id: string) => orderStream(id as OrderId);

let clock: VirtualClock;
let log: MemoryLog;
let engine: Engine;
let policies: PolicyRunner;
let ids = 0;

const start = () => {
  const deciders = [showDecider, stockDecider, orderDecider, promoCodeDecider];
  engine = createEngine({ log, clock, node: 'a', deciders });
  const gateway = {
    refund: async ({ paymentId }: { paymentId: string }) => ({
      state: 'refunded' as const,
      refundId: `re-${paymentId}`,
    }),
  };
  policies = startPolicies({ engine, log, clock, gateway });
};
const stop = async () => {
  const stopped = policies.stop().then(() => engine.stop());
  await pass(1_000);
  await stopped;
};
beforeEach(async () => {
  clock = new VirtualClock(startMs);
  log = new MemoryLog({ clock });
  start();
  await pass(0);
  for (const code of ['TENTH', 'FIVE'])
    await send(
      codeStream(code),
      {
        kind: 'MakeCode',
        terms: {
          code,
          off: { kind: 'percent', percent: 10 },
          currency: 'EUR',
          productIds: null,
          minimumMinor: 0,
          fromMs: startMs,
          untilMs: null,
          usesMax: 1,
          perPersonMax: 1,
        },
      },
      system,
    );
});
afterEach(stop);

const pass = (ms: number) => clock.runUntil(clock.nowMs() + ms);
const send = async (stream: Parameters<Engine['send']>[0], command: Command, by: Actor) => {
  const outcome = await engine.send(stream, command, { commandId: `c${++ids}` as CommandId, by });
  return outcome.kind === 'done' ? 'done' : outcome.reason;
};
const place = (id: string, code: OrderCode | null, by: Actor = ada) =>
  send(
    order(id),
    {
      kind: 'PlaceOrder',
      hold: { stream: showStream('s1' as ShowId), holdId: id as HoldId },
      showId: null,
      lines: [],
      totals: allInPrice({ minor: 8_600, currency: 'EUR' }, 1, {
        shippingMinor: 0,
        taxIncludedMilliPercent: 0,
      }),
      code,
      address: { name: 'Ada', line1: '1', line2: '', postcode: '1', city: 'V', country: 'IT' },
      email: 'ada@example.org',
    },
    by,
  );
const reserve = (id: string, { code, useId }: OrderCode, by: Actor = ada) =>
  send(codeStream(code), { kind: 'ReserveUse', orderId: id as OrderId, useId }, by);
const cancel = (id: string) => send(order(id), { kind: 'CancelOrder', reason: 'buyer' }, ada);
const kinds = async (stream: Parameters<Engine['send']>[0]) =>
  (await log.read(stream, 1, 100)).map(({ kind }) => kind);
const usesOf = async (code: string) => {
  let state = promoCodeDecider.initial(code);
  for (const event of await log.read(codeStream(code), 1, 100))
    state = promoCodeDecider.evolve(state, event as unknown as PromoCodeEvent, event);
  return [...state.uses.keys()];
};
const tenth = (nth: number): OrderCode => ({ code: 'TENTH', useId: `tenth-${nth}` });
const five = (nth: number): OrderCode => ({ code: 'FIVE', useId: `five-${nth}` });

test('[POL-9] [PRI-14] a cancelled order gives its use back, and somebody else has it', async () => {
  await place('o1', tenth(1));
  await reserve('o1', tenth(1));
  await place('o2', tenth(2), bo);
  expect(await reserve('o2', tenth(2), bo)).toBe('code-used-up');
  await cancel('o1');
  await pass(0);
  expect(await reserve('o2', tenth(2), bo)).toBe('done');
});

test('[POL-9] [PRI-14] an order that is placed without its code, or with another, gives the use back', async () => {
  await place('o1', tenth(1));
  await reserve('o1', tenth(1));
  await place('o1', five(2));
  await reserve('o1', five(2));
  await pass(0);
  expect([await usesOf('TENTH'), await usesOf('FIVE')]).toEqual([[], ['o1']]);
  await place('o1', null);
  await pass(0);
  expect(await usesOf('FIVE')).toEqual([]);
});

test('[POL-9] [PRI-13] an order that goes back to its first code keeps it, however late the policy comes', async () => {
  await policies.stop();
  await place('o1', tenth(1));
  await reserve('o1', tenth(1));
  await place('o1', five(2));
  await reserve('o1', five(2));
  await place('o1', tenth(3));
  await reserve('o1', tenth(3));
  await engine.stop();
  start();
  await pass(5_000);
  expect([await usesOf('TENTH'), await usesOf('FIVE')]).toEqual([['o1'], []]);
  await cancel('o1');
  await pass(0);
  expect(await usesOf('TENTH')).toEqual([]);
});

test('[POL-9] [PRI-14] a use that is asked for after the cancellation is refused', async () => {
  await place('o1', tenth(1));
  await cancel('o1');
  await pass(0);
  expect(await reserve('o1', tenth(1))).toBe('order-not-open');
  expect(await usesOf('TENTH')).toEqual([]);
});

test('[POL-9] [PRI-14] money that came too late brings the use back, a refund by the crew doesn’t', async () => {
  await place('o1', tenth(1));
  await reserve('o1', tenth(1));
  await send(order('o1'), { kind: 'RecordPayment', paymentId: 'p1', provider: 'x' }, system);
  // The show of this hold was never planned: settling it fails, and the money goes back.
  await pass(0);
  expect(await kinds(order('o1'))).toContain('OrderRefunded');
  expect(await usesOf('TENTH')).toEqual([]);
  await policies.stop();
  await place('o2', five(1));
  await reserve('o2', five(1));
  await send(order('o2'), { kind: 'RecordPayment', paymentId: 'p2', provider: 'x' }, system);
  await send(order('o2'), { kind: 'RefundOrder', reason: 'crew' }, system);
  await engine.stop();
  start();
  await pass(5_000);
  expect(await kinds(order('o2'))).toContain('OrderRefunded');
  expect(await usesOf('FIVE')).toEqual(['o2']);
});

test('[POL-9] [POL-1] all of it done again from the start of the log leaves no trace', async () => {
  await place('o1', tenth(1));
  await reserve('o1', tenth(1));
  await cancel('o1');
  await pass(0);
  await place('o2', tenth(2), bo);
  await reserve('o2', tenth(2), bo);
  const before = await kinds(codeStream('TENTH'));
  await stop();
  await log.setCheckpoint('selling', startOfLog);
  start();
  await pass(5_000);
  expect(await kinds(codeStream('TENTH'))).toEqual(before);
  expect(await usesOf('TENTH')).toEqual(['o2']);
});
