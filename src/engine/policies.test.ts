// What spans streams, with the real deciders on the log in memory: allocation, payment, holds that end,
// refunds; and that doing it twice, or by two processes, does it once. Rules: docs/rules/engine.md.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type CommandId,
  type HoldId,
  type OrderId,
  orderStream,
  type PersonId,
  type ProductId,
  type ShowId,
  showStream,
  stockStream,
  type VariantId,
} from '../base/brand.ts';
import { Fault } from '../base/fault.ts';
import { VirtualClock } from '../base/virtual-time.ts';
import { type Actor, system } from '../domain/decider.ts';
import { orderDecider } from '../domain/order/order.ts';
import { allInPrice } from '../domain/order/price.ts';
import { type Show, showDecider } from '../domain/show/show.ts';
import { type Stock, stockDecider } from '../domain/stock/stock.ts';
import { announce, dropTerms } from '../domain/testing/drop-cast.ts';
import {
  lagoon,
  ochre,
  offerId,
  plan,
  terms,
  vase,
  vaseItem,
} from '../domain/testing/show-cast.ts';
import { readStream, startOfLog } from '../log/event-log.ts';
import { MemoryLog } from '../log/memory-log.ts';
import type { Command, Engine, ReportLine } from './contract.ts';
import { createEngine } from './engine.ts';
import { startPolicies } from './policies.ts';
import type { PolicyRunner } from './policy.ts';

const show = showStream('s1' as ShowId);
const lagoonStock = stockStream(lagoon);
const startMs = Date.UTC(2026, 10, 24, 18);
const host: Actor = { kind: 'person', id: plan.hostId, name: 'Mina', role: 'host' };
const ada: Actor = { kind: 'person', id: 'ada' as PersonId, name: 'Ada', role: 'shopper' };

describe('policies', () => {
  let clock: VirtualClock;
  let log: MemoryLog;
  let engine: Engine;
  let policies: PolicyRunner;
  let refunds: { paymentId: string; idempotencyKey: string }[];
  let providerIsAway: boolean;
  let reports: ReportLine[];
  let ids = 0;

  const start = (): void => {
    engine = createEngine({
      log,
      clock,
      node: 'a',
      deciders: [showDecider, stockDecider, orderDecider],
      report: (line) => reports.push(line),
    });
    policies = startPolicies({ engine, log, clock, gateway, report: (line) => reports.push(line) });
  };
  const gateway = {
    async refund({ paymentId, idempotencyKey }: { paymentId: string; idempotencyKey: string }) {
      if (providerIsAway) throw new Fault('payment-unavailable', 'no answer');
      if (!refunds.some((known) => known.idempotencyKey === idempotencyKey))
        refunds.push({ paymentId, idempotencyKey });
      return { state: 'refunded' as const, refundId: `re-${paymentId}` };
    },
  };

  const send = (stream: Parameters<Engine['send']>[0], command: Command, by: Actor = host) =>
    engine.send(stream, command, { commandId: `c${++ids}` as CommandId, by });
  const pass = (ms: number) => clock.runUntil(clock.nowMs() + ms);
  const kinds = async (stream: Parameters<Engine['send']>[0]) =>
    (await log.read(stream, 1, 1_000)).map(({ kind }) => kind);
  const fold = async <S>(
    decider: typeof showDecider | typeof stockDecider,
    stream: Parameters<Engine['send']>[0],
  ): Promise<S> => {
    // biome-ignore lint/suspicious/noExplicitAny: one fold for deciders of any state.
    const any = decider as any;
    let state = any.initial(stream);
    for await (const event of readStream(log, stream)) state = any.evolve(state, event, event);
    return state as S;
  };
  const stock = () => fold<Stock>(stockDecider, lagoonStock);
  const sale = async () => (await fold<Show>(showDecider, show)).sale;

  const goLive = async (onHand = 10) => {
    await send(lagoonStock, { kind: 'CountStock', onHand });
    await send(show, { kind: 'PlanShow', plan });
    await send(show, { kind: 'StockShelf', items: [vaseItem] });
    await send(show, { kind: 'GoLive' });
  };
  const openOffer = async () => {
    await goLive();
    await send(show, { kind: 'OpenOffer', terms });
    await pass(0);
  };
  const claim = (holdId: string, by: Actor = ada) =>
    send(
      show,
      { kind: 'Claim', offerId, variantId: lagoon, quantity: 1, holdId: holdId as HoldId },
      by,
    );
  const place = async (holdId: string, minor = 8600) => {
    const totals = allInPrice({ minor, currency: 'EUR' }, 1, {
      shippingMinor: 500,
      taxIncludedMilliPercent: 22_000,
    });
    const line = {
      productId: vase as ProductId,
      variantId: lagoon as VariantId,
      title: 'Lagoon',
      quantity: 1,
      unitPrice: { minor, currency: 'EUR' },
    };
    await send(
      order(holdId),
      {
        kind: 'PlaceOrder',
        hold: { stream: show, holdId: holdId as HoldId },
        showId: 's1' as ShowId,
        lines: [line],
        totals,
        code: null,
        address: { name: 'Ada', line1: '1', line2: '', postcode: '1', city: 'V', country: 'IT' },
        email: 'ada@example.org',
      },
      ada,
    );
    await send(
      show,
      { kind: 'BeginPayment', holdId: holdId as HoldId, orderId: holdId as OrderId, attempt: '1' },
      ada,
    );
    await send(order(holdId), { kind: 'StartPayment', attempt: '1' }, ada);
  };
  const pay = (holdId: string) =>
    send(
      order(holdId),
      { kind: 'RecordPayment', paymentId: `pay-${holdId}`, provider: 'sandbox' },
      system,
    );
  const order = (id: string) => orderStream(id as OrderId);

  beforeEach(async () => {
    clock = new VirtualClock(startMs);
    log = new MemoryLog({ clock });
    refunds = [];
    reports = [];
    providerIsAway = false;
    start();
    await pass(0);
  });
  afterEach(async () => {
    const stopped = policies.stop().then(() => engine.stop());
    await pass(1_000);
    await stopped;
  });

  test('[POL-3] an offer opens with the units that stock allocated, without a poll in between', async () => {
    await openOffer();
    expect(await kinds(show)).toEqual([
      'ShowPlanned',
      'ShelfStocked',
      'ShowStarted',
      'OfferRequested',
      'OfferAllocated',
      'OfferOpened',
    ]);
    expect((await stock()).allocations.get(offerId)?.quantity).toBe(3);
    expect(clock.nowMs()).toBe(startMs);
  });

  test('[POL-3] when one variant is short the offer is refused and the units of the others go back', async () => {
    await goLive();
    await send(show, {
      kind: 'OpenOffer',
      terms: {
        ...terms,
        variants: [...terms.variants, { ...terms.variants[0]!, variantId: ochre }],
      },
    });
    await pass(0);
    expect((await kinds(show)).slice(3).sort()).toEqual([
      'OfferAllocated',
      'OfferRefused',
      'OfferRequested',
      'UnitsReleased',
    ]);
    expect((await stock()).allocations.size).toBe(0);
    expect(await sale()).toMatchObject({
      offers: new Map([[offerId, expect.objectContaining({ phase: 'refused' })]]),
    });
  });

  test('[POL-3, DRO-16] a drop of sets is refused once, by its scarcest part, and keeps no unit', async () => {
    await goLive();
    await send(stockStream(ochre), { kind: 'CountStock', onHand: 1 });
    const part = (variantId: VariantId, quantity: number) => ({
      variantId,
      productId: dropTerms.productId,
      title: variantId,
      quantity,
    });
    // Ten lagoons make three sets of three, one ochre none of two: both are short of four.
    const parts = [part(lagoon, 3), part(ochre, 2)];
    const set = {
      ...dropTerms.variants[0]!,
      variantId: 'bundle_1' as VariantId,
      quantity: 4,
      parts,
    };
    await send(show, announce({ variants: [set] }));
    await pass(0);
    expect((await kinds(show)).slice(3)).toEqual([
      'DropAnnounced',
      'OfferRequested',
      'OfferRefused',
      'DropRefused',
    ]);
    const events = await log.read(show, 1, 1_000);
    expect(events.at(-2)?.data).toMatchObject({ variantId: ochre, available: 1 });
    expect(events.at(-1)?.data).toEqual({ dropId: dropTerms.dropId, available: 0 });
    expect((await stock()).allocations.size).toBe(0);
  });

  test('[POL-3] a show that ends while its offer waits for units keeps none of them', async () => {
    await goLive();
    const opened = send(show, { kind: 'OpenOffer', terms });
    const ended = send(show, { kind: 'EndShow' });
    await Promise.all([opened, ended]);
    await pass(1_000);
    expect((await stock()).allocations.size).toBe(0);
    expect(await stock()).toMatchObject({ onHand: 10, sold: 0 });
  });

  test('[POL-4] sold units leave the house, unsold ones are there for others', async () => {
    await openOffer();
    await claim('h1');
    await place('h1');
    await pay('h1');
    await pass(0);
    await send(show, { kind: 'EndShow' });
    await pass(0);
    expect(await stock()).toMatchObject({ onHand: 9, sold: 1, allocations: new Map() });
    expect((await kinds(show)).slice(-4)).toEqual([
      'HoldSettled',
      'OfferClosed',
      'UnitsReleased',
      'ShowEnded',
    ]);
  });

  test('[POL-5] money for a hold that is gone goes back', async () => {
    await openOffer();
    await claim('h1');
    await place('h1');
    // The order misses the end of its hold: the policy that cancels it is held up, the payment is not.
    await policies.stop();
    await pass(300_000);
    await pay('h1');
    start();
    await pass(2_000);
    expect(await kinds(order('h1'))).toEqual([
      'OrderPlaced',
      'PaymentStarted',
      'OrderPaid',
      'RefundRequested',
      'OrderRefunded',
    ]);
    expect(refunds).toHaveLength(1);
    expect(await stock()).toMatchObject({ onHand: 10, sold: 0, allocations: new Map() });
  });

  test('[POL-5] money that comes after the end goes back and gets no units, although the hold still stands', async () => {
    await openOffer();
    await claim('h1');
    await place('h1');
    await policies.stop();
    await send(order('h1'), { kind: 'CancelOrder', reason: 'hold-gone' }, system);
    await pay('h1');
    start();
    await pass(2_000);
    expect(await kinds(order('h1'))).toEqual([
      'OrderPlaced',
      'PaymentStarted',
      'OrderCancelled',
      'OrderPaid',
      'RefundRequested',
      'OrderRefunded',
    ]);
    expect((await sale()).offers.get(offerId)?.pools.get(lagoon)).toEqual({
      allocated: 3,
      left: 3,
      held: 0,
      sold: 0,
    });
  });

  test('[POL-5] a second payment of a paid order goes back once, also when the process ends in between', async () => {
    await openOffer();
    await claim('h1');
    await place('h1');
    await pay('h1');
    await pass(0);
    const payAgain = () =>
      send(
        order('h1'),
        { kind: 'RecordPayment', paymentId: 'pay-twin', provider: 'sandbox' },
        system,
      );
    await policies.stop();
    await payAgain();
    await engine.stop();
    start();
    await pass(2_000);
    await payAgain();
    // As after a restore from an old backup of the checkpoint.
    await policies.stop();
    await engine.stop();
    await log.setCheckpoint('refunds', startOfLog);
    start();
    await pass(2_000);
    expect((await kinds(order('h1'))).slice(2)).toEqual([
      'OrderPaid',
      'PaymentDuplicated',
      'RefundRequested',
      'DuplicateRefunded',
    ]);
    expect(refunds.map(({ paymentId }) => paymentId)).toEqual(['pay-twin']);
    expect(await stock()).toMatchObject({ sold: 1 });
    expect(policies.isCaughtUp).toBe(true);
  });

  test('[POL-6] a declined card gives a short time, a cancelled order none', async () => {
    await openOffer();
    await claim('h1');
    await place('h1');
    await send(
      order('h1'),
      { kind: 'RecordDecline', attempt: '1', reason: 'card-declined' },
      system,
    );
    await pass(0);
    expect((await sale()).holds.get('h1' as HoldId)).toMatchObject({
      payingFor: null,
      expiresAtMs: startMs + 30_000,
    });
    await send(
      show,
      { kind: 'BeginPayment', holdId: 'h1' as HoldId, orderId: 'h1' as OrderId, attempt: '2' },
      ada,
    );
    await send(order('h1'), { kind: 'CancelOrder', reason: 'buyer' }, ada);
    await pass(0);
    expect((await kinds(show)).slice(-3)).toEqual([
      'PaymentBegun',
      'PaymentAbandoned',
      'HoldReleased',
    ]);
  });

  test('[POL-6] a decline that is dealt with late leaves the quick second try its time', async () => {
    await openOffer();
    await claim('h1');
    await place('h1');
    await policies.stop();
    await send(
      order('h1'),
      { kind: 'RecordDecline', attempt: '1', reason: 'card-declined' },
      system,
    );
    const ids = { holdId: 'h1' as HoldId, orderId: 'h1' as OrderId };
    await send(show, { kind: 'BeginPayment', ...ids, attempt: '2' }, ada);
    await send(order('h1'), { kind: 'StartPayment', attempt: '2' }, ada);
    start();
    await pass(60_000);
    await pay('h1');
    await pass(1_000);
    expect((await kinds(order('h1'))).at(-1)).toBe('OrderPaid');
    expect(await stock()).toMatchObject({ sold: 1 });
    expect(refunds).toEqual([]);
  });

  test('[POL-7] a hold that expires or is given back takes its order with it', async () => {
    await openOffer();
    await claim('h1');
    await claim('h2');
    await place('h1');
    await send(show, { kind: 'ReleaseHold', holdId: 'h2' as HoldId }, ada);
    await pass(300_000);
    expect((await kinds(order('h1'))).at(-1)).toBe('OrderCancelled');
    expect(await log.streams('order-', '', 10)).toEqual([order('h1')]);
    expect(await stock()).toMatchObject({ onHand: 10, allocations: new Map() });
  });

  test('[POL-7] a hold from the shelf as well', async () => {
    await goLive();
    await send(
      lagoonStock,
      {
        kind: 'HoldFromShelf',
        holdId: 'h1' as HoldId,
        quantity: 1,
        price: { minor: 1, currency: 'EUR' },
        showId: null,
        holdMs: 30_000,
      },
      ada,
    );
    await send(
      order('h1'),
      {
        kind: 'PlaceOrder',
        hold: { stream: lagoonStock, holdId: 'h1' as HoldId },
        showId: null,
        lines: [],
        email: '',
        totals: allInPrice({ minor: 1, currency: 'EUR' }, 1, {
          shippingMinor: 0,
          taxIncludedMilliPercent: 0,
        }),
        code: null,
        address: { name: 'Ada', line1: '1', line2: '', postcode: '1', city: 'V', country: 'IT' },
      },
      ada,
    );
    await pass(40_000);
    expect(await kinds(order('h1'))).toEqual(['OrderPlaced', 'OrderCancelled']);
  });

  test('[POL-8] a provider that is away is asked again with the same key and holds up nothing', async () => {
    providerIsAway = true;
    await openOffer();
    await claim('h1');
    await place('h1');
    await pay('h1');
    await pass(0);
    await send(order('h1'), { kind: 'RefundOrder', reason: 'crew' });
    await pass(3_600_000);
    expect(policies.isCaughtUp).toBe(false);
    await send(show, { kind: 'EndShow' });
    await pass(0);
    expect(await stock()).toMatchObject({ onHand: 9, sold: 1, allocations: new Map() });
    providerIsAway = false;
    await pass(61_000);
    expect((await kinds(order('h1'))).at(-1)).toBe('OrderRefunded');
    expect(refunds).toHaveLength(1);
    expect(policies.isCaughtUp).toBe(true);
    expect(reports.filter(({ what }) => what === 'policy-failed').length).toBeLessThan(15);
  });

  test('[ORD-11] what cost nothing is given back without asking a provider', async () => {
    providerIsAway = true;
    await openOffer();
    await claim('h1');
    await place('h1', 0);
    const nothing = { kind: 'RecordPayment', paymentId: 'free-h1', provider: 'none' } as const;
    await send(order('h1'), nothing, system);
    await pass(0);
    expect((await sale()).offers.get(offerId)?.pools.get(lagoon)).toMatchObject({ sold: 1 });
    await send(order('h1'), { kind: 'RefundOrder', reason: 'crew' });
    await pass(61_000);
    expect((await kinds(order('h1'))).slice(-2)).toEqual(['RefundRequested', 'OrderRefunded']);
    expect(refunds).toEqual([]);
    expect(reports.filter(({ what }) => what === 'policy-failed')).toEqual([]);
    expect(policies.isCaughtUp).toBe(true);
  });

  test('[POL-1] the checkpoint moves behind what is done only, and all of it is done twice without a trace', async () => {
    providerIsAway = true;
    await openOffer();
    await claim('h1');
    await place('h1');
    await pay('h1');
    await pass(0);
    await send(order('h1'), { kind: 'RefundOrder', reason: 'crew' });
    await pass(5_000);
    const { position } = await log.readAll(startOfLog, 1_000);
    expect(await log.checkpoint('selling')).toBe(position);
    const stuckAt = await log.checkpoint('refunds');
    expect((await log.readAll(stuckAt, 10)).events[0]?.kind).toBe('RefundRequested');
    await policies.stop();
    providerIsAway = false;
    // As after a restore from an old backup of the checkpoints: everything from the beginning.
    await log.setCheckpoint('selling', startOfLog);
    await log.setCheckpoint('refunds', startOfLog);
    const before = { show: await kinds(show), stock: await kinds(lagoonStock) };
    start();
    await pass(5_000);
    expect({ show: await kinds(show), stock: await kinds(lagoonStock) }).toEqual(before);
    expect(await log.checkpoint('refunds')).toBe((await log.readAll(startOfLog, 1_000)).position);
    expect(refunds).toHaveLength(1);
  });

  test('[POL-1] two runners do it once, and the slower one follows', async () => {
    const second = startPolicies({ engine, log, clock, gateway });
    await openOffer();
    await claim('h1');
    await place('h1');
    await pay('h1');
    await pass(5_000);
    expect((await kinds(show)).filter((kind) => kind === 'HoldSettled')).toHaveLength(1);
    expect((await kinds(lagoonStock)).filter((kind) => kind === 'AllocationSold')).toHaveLength(1);
    expect([policies.isCaughtUp, second.isCaughtUp]).toEqual([true, true]);
    const stopped = second.stop();
    await pass(1_000);
    await stopped;
  });

  test('[POL-1] a step that was done with other figures is not done again and holds up nothing', async () => {
    await goLive(1);
    await send(show, { kind: 'OpenOffer', terms });
    await pass(2_000);
    await policies.stop();
    // Between the two tries a unit was counted in: the refusal would name another figure.
    await send(lagoonStock, { kind: 'CountStock', onHand: 2 });
    await engine.stop();
    await log.setCheckpoint('selling', startOfLog);
    start();
    await pass(5_000);
    expect((await kinds(show)).slice(3)).toEqual(['OfferRequested', 'OfferRefused']);
    expect(policies.isCaughtUp).toBe(true);
  });

  test('[POL-2] an event that fails does not stop the ones after it', async () => {
    await openOffer();
    await claim('h1');
    await place('h1');
    const { send: real } = engine;
    let failing = true;
    engine.send = (stream, command, options) =>
      failing && command.kind === 'SettleHold'
        ? Promise.reject(new Fault('log-unavailable', 'not now'))
        : real(stream, command, options);
    await pay('h1');
    await send(show, { kind: 'CloseOffer', offerId });
    await pass(1_000);
    expect((await stock()).allocations.get(offerId)?.quantity).toBe(1);
    failing = false;
    await pass(60_000);
    expect(await stock()).toMatchObject({ sold: 1, allocations: new Map() });
  });
});
