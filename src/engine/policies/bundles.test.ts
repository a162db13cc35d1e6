// A bundle from its offer to its sale, with the real deciders on the log in memory: its parts leave the stock
// together and come back together.

import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type CommandId,
  type HoldId,
  type OrderId,
  type PersonId,
  type ShowId,
  showStream,
  stockStream,
  type VariantId,
} from '../../base/brand.ts';
import { VirtualClock } from '../../base/virtual-time.ts';
import { type Actor, system } from '../../domain/decider.ts';
import { orderDecider } from '../../domain/order/order.ts';
import { showDecider } from '../../domain/show/show.ts';
import { availableOf, type StockEvent, stockDecider } from '../../domain/stock/stock.ts';
import { eur, offerId, plan, terms, vase, vaseItem } from '../../domain/testing/show-cast.ts';
import { startOfLog } from '../../log/event-log.ts';
import { MemoryLog } from '../../log/memory-log.ts';
import type { Command, Engine } from '../contract.ts';
import { createEngine } from '../engine.ts';
import { startPolicies } from '../policies.ts';
import type { PolicyRunner } from '../policy.ts';

const show = showStream('s1' as ShowId);
const host: Actor = { kind: 'person', id: plan.hostId, name: 'Mina', role: 'host' };
const ada: Actor = { kind: 'person', id: 'ada' as PersonId, name: 'Ada', role: 'shopper' };
const [cup, spoon, set] = ['cup', 'spoon', 'set'] as VariantId[] as [
  VariantId,
  VariantId,
  VariantId,
];

let clock: VirtualClock;
let log: MemoryLog;
let engine: Engine;
let policies: PolicyRunner;
let ids = 0;

const start = () => {
  engine = createEngine({
    log,
    clock,
    node: 'a',
    deciders: [showDecider, stockDecider, orderDecider],
  });
  const gateway = { refund: async () => ({ state: 'refunded' as const, refundId: 'r' }) };
  policies = startPolicies({ engine, log, clock, gateway });
};
const stop = async () => {
  const stopped = policies.stop().then(() => engine.stop());
  await pass(1_000);
  await stopped;
};
const pass = (ms: number) => clock.runUntil(clock.nowMs() + ms);
const send = async (stream: Parameters<Engine['send']>[0], command: Command, by: Actor = host) => {
  const outcome = await engine.send(stream, command, { commandId: `c${++ids}` as CommandId, by });
  return outcome.kind === 'done' ? 'done' : outcome.reason;
};
const stockOf = async (variantId: VariantId) => {
  const events = await log.read(stockStream(variantId), 1, 1_000);
  const stock = events.reduce(
    (state, event) => stockDecider.evolve(state, event as unknown as StockEvent, event),
    stockDecider.initial(variantId),
  );
  return { onHand: stock.onHand, sold: stock.sold, available: availableOf(stock) };
};
const kinds = async () => (await log.read(show, 1, 1_000)).map(({ kind }) => kind);

beforeEach(async () => {
  clock = new VirtualClock(Date.UTC(2026, 10, 24, 18));
  log = new MemoryLog({ clock });
  start();
  await pass(0);
  await send(show, { kind: 'PlanShow', plan });
  await send(show, { kind: 'StockShelf', items: [vaseItem] });
  await send(show, { kind: 'GoLive' });
});
afterEach(stop);

const open = async (cups: number, spoons: number) => {
  await send(stockStream(cup), { kind: 'CountStock', onHand: cups });
  await send(stockStream(spoon), { kind: 'CountStock', onHand: spoons });
  const part = (variantId: VariantId, quantity: number) => ({
    variantId,
    productId: vase,
    title: variantId,
    quantity,
  });
  const tea = {
    variantId: set,
    title: 'Tea for two',
    price: eur(9_000),
    usualPrice: eur(11_000),
    quantity: 3,
    parts: [part(cup, 2), part(spoon, 1)],
  };
  await send(show, { kind: 'OpenOffer', terms: { ...terms, variants: [tea] } });
  await pass(0);
};
const claim = (quantity: number) =>
  send(show, { kind: 'Claim', offerId, variantId: set, quantity, holdId: 'h1' as HoldId }, ada);
const settle = () =>
  send(show, { kind: 'SettleHold', holdId: 'h1' as HoldId, orderId: 'h1' as OrderId }, system);

test('[PRI-19] [PRI-20] the parts are allocated together, leave the house together and come back together', async () => {
  await open(10, 5);
  expect(await kinds()).toContain('OfferOpened');
  expect(await stockOf(cup)).toEqual({ onHand: 10, sold: 0, available: 4 });
  expect(await stockOf(spoon)).toEqual({ onHand: 5, sold: 0, available: 2 });
  expect([await claim(2), await settle()]).toEqual(['done', 'done']);
  await pass(0);
  expect(await stockOf(cup)).toEqual({ onHand: 6, sold: 4, available: 4 });
  expect(await stockOf(spoon)).toEqual({ onHand: 3, sold: 2, available: 2 });
  await send(show, { kind: 'CloseOffer', offerId });
  await pass(0);
  expect(await stockOf(cup)).toEqual({ onHand: 6, sold: 4, available: 6 });
  expect(await stockOf(spoon)).toEqual({ onHand: 3, sold: 2, available: 3 });
});

test('[PRI-20] when one part is short nothing stays allocated', async () => {
  await open(10, 2);
  expect(await kinds()).toContain('OfferRefused');
  expect(await stockOf(cup)).toEqual({ onHand: 10, sold: 0, available: 10 });
  expect(await stockOf(spoon)).toEqual({ onHand: 2, sold: 0, available: 2 });
});

test('[PRI-20] a hold that expires in a closed offer brings every part back, also done twice', async () => {
  await open(10, 5);
  await claim(1);
  await send(show, { kind: 'CloseOffer', offerId });
  await pass(terms.holdMs + 1_000);
  const back = [await stockOf(cup), await stockOf(spoon)];
  expect(back.map(({ available }) => available)).toEqual([10, 5]);
  await stop();
  await log.setCheckpoint('selling', startOfLog);
  start();
  await pass(5_000);
  expect([await stockOf(cup), await stockOf(spoon)]).toEqual(back);
});
