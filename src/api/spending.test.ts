// Limits across shows, with the real engine, deciders, policies and book on the log in memory: what the shows
// hold somebody to is compared with what they allowed themselves. Rules: docs/rules/limits.md.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BidId,
  type CommandId,
  type HoldId,
  type OfferId,
  type OrderId,
  orderStream,
  personStream,
  type ShowId,
  type StreamId,
  showStream,
  stockStream,
} from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { SeededRandom, VirtualClock } from '../base/virtual-time.ts';
import { type Actor, system } from '../domain/decider.ts';
import { orderDecider } from '../domain/order/order.ts';
import { allInPrice } from '../domain/order/price.ts';
import { type LimitsCommand, limitsDecider } from '../domain/person/limits.ts';
import { type Show, showDecider } from '../domain/show/show.ts';
import { stockDecider } from '../domain/stock/stock.ts';
import { ines, mina, otto, tomasz } from '../domain/testing/given.ts';
import { englishLot } from '../domain/testing/lot-cast.ts';
import { eur, lagoon, personId, plan, terms, vase, vaseItem } from '../domain/testing/show-cast.ts';
import type { Command, Engine, Outcome } from '../engine/contract.ts';
import { createEngine } from '../engine/engine.ts';
import { startPolicies } from '../engine/policies.ts';
import type { PolicyRunner } from '../engine/policy.ts';
import { readStream } from '../log/event-log.ts';
import { MemoryLog } from '../log/memory-log.ts';
import type { Room } from '../protocol/room.ts';
import { LimitsBook } from '../views/limits-book.ts';
import { Spending } from './spending.ts';
import type { Person } from './visitor.ts';

const startMs = Date.UTC(2026, 10, 24, 18);
const kiln = 'kiln' as ShowId;
const glass = 'glass' as ShowId;
const price = { shippingMinor: 500, taxIncludedMilliPercent: 22_000 };
const cost = (minor: number, quantity = 1) => allInPrice(eur(minor), quantity, price).total.minor;
const unit = 8_600;

type Kept = { readonly show: ShowId; readonly holdId: HoldId; readonly minor: number };

/** Two live shows, each with an offer of twenty vases and a lot; Ines has limits, Tomasz none. */
class House {
  readonly clock = new VirtualClock(startMs);
  readonly random = new SeededRandom(7);
  readonly log = new MemoryLog();
  engine!: Engine;
  book!: LimitsBook;
  spending!: Spending;
  policies!: PolicyRunner;
  /** Commands of person streams that the doors and policies sent. */
  personCommands = 0;
  paidMinor = 0;
  #ids = 0;
  readonly roomOf = async (showId: ShowId) =>
    ({
      offers: [{ offerId: `offer-${showId}`, variants: [{ variantId: lagoon, price: eur(unit) }] }],
      lots: [{ lotId: `lot-${showId}` }],
    }) as unknown as Room;

  start(): void {
    const { log, clock, random } = this;
    const deciders = [showDecider, stockDecider, orderDecider, limitsDecider];
    const engine = createEngine({ log, clock, node: 'a', deciders });
    this.engine = engine;
    const { book } = this.#openBook();
    const counting: Pick<Engine, 'send' | 'onCommitted'> = {
      onCommitted: engine.onCommitted,
      send: (stream, command, options) => {
        if (stream.startsWith('person-')) this.personCommands += 1;
        return engine.send(stream, command, options);
      },
    };
    const refund = async () => ({ state: 'refunded' as const, refundId: 're' });
    const gateway = { refund };
    this.policies = startPolicies({
      engine: counting,
      log,
      clock,
      gateway,
      spending: { book, price },
    });
    const report = (what: string) => expect.unreachable(what);
    const { roomOf } = this;
    this.spending = new Spending({ engine: counting, book, roomOf, price, clock, random, report });
  }
  #openBook() {
    const book = new LimitsBook({ log: this.log, onFault: () => expect.unreachable() });
    this.book = book;
    this.engine.onCommitted(({ stream, events }) => book.committed(stream, events));
    return { book };
  }
  async open(): Promise<this> {
    this.start();
    this.book.open([]);
    await this.send(stockStream(lagoon), { kind: 'CountStock', onHand: 1_000 });
    for (const showId of [kiln, glass]) {
      const show = showStream(showId);
      await this.send(show, { kind: 'PlanShow', plan });
      await this.send(show, { kind: 'StockShelf', items: [vaseItem] });
      await this.send(show, { kind: 'GoLive' });
      const [variant] = terms.variants;
      const offer = {
        ...terms,
        offerId: `offer-${showId}` as OfferId,
        variants: [{ ...variant!, quantity: 20 }],
        perPersonMax: null,
        durationMs: 3_600_000,
      };
      await this.send(show, { kind: 'OpenOffer', terms: offer });
      const lotId = `lot-${showId}` as OfferId;
      const lot = englishLot({ durationMs: 600_000 }, { lotId });
      await this.send(show, { kind: 'PrepareLot', terms: lot, reserve: null });
      await this.send(show, { kind: 'OpenLot', lotId });
      await this.pass(0);
    }
    return this;
  }
  /** The process ends and starts again: what was in memory is gone, the views are as the log. */
  async restart(): Promise<void> {
    const known = this.book.of('ines');
    await Promise.all([this.policies.stop(), this.pass(10)]);
    await Promise.all([this.engine.stop(), this.pass(10)]);
    this.start();
    let seq = 0;
    for await (const event of readStream(this.log, personStream(personId('ines')))) seq = event.seq;
    this.book.open([{ state: known, seq }]);
    await this.pass(limits.nodeLeaseMs);
  }

  send(stream: StreamId, command: Command, by: Actor = mina): Promise<Outcome> {
    return this.engine.send(stream, command, { commandId: `c${++this.#ids}` as CommandId, by });
  }
  set(wish: Partial<Extract<LimitsCommand, { kind: 'SetLimits' }>>) {
    const nothing = { dayMinor: null, showMinor: null, confirmAboveMinor: null };
    return this.send(
      personStream(personId('ines')),
      {
        kind: 'SetLimits',
        currency: 'EUR',
        ...nothing,
        watchMinutes: null,
        utcOffsetMinutes: null,
        ...wish,
      },
      ines,
    );
  }
  claim(show: ShowId, id: string, quantity = 1, by: Actor = ines, confirmed = false) {
    const stream = showStream(show);
    const offerId = `offer-${show}` as OfferId;
    const holdId = id as HoldId;
    return this.spending.promise(
      by as Person,
      {
        place: { stream, holdId },
        showId: show,
        ask: id as CommandId,
        unitPrice: async () => (await this.roomOf(show)).offers[0]!.variants[0]!.price,
        unknown: 'offer-unknown',
        quantity,
        isConfirmed: confirmed,
      },
      () =>
        this.engine.send(
          stream,
          { kind: 'Claim', offerId, variantId: lagoon, quantity, holdId },
          { commandId: id as CommandId, by },
        ),
    );
  }
  bid(show: ShowId, id: string, minor: number, by: Actor = ines) {
    const stream = showStream(show);
    const lotId = `lot-${show}` as OfferId;
    const max = eur(minor);
    return this.spending.promise(
      by as Person,
      {
        place: { stream, holdId: lotId },
        showId: show,
        ask: id as CommandId,
        unitPrice: () => max,
        unknown: 'lot-unknown',
        quantity: 1,
        isConfirmed: true,
      },
      () =>
        this.engine.send(
          stream,
          {
            kind: 'PlaceBid',
            lotId,
            bidId: id as BidId,
            max,
            nonce: `n-${id}`,
            isConfirmed: true,
          },
          { commandId: id as CommandId, by },
        ),
    );
  }
  async undo(show: ShowId): Promise<void> {
    const { auction } = (await this.#show(show)).sale;
    const lot = auction.lots.get(`lot-${show}` as OfferId);
    const bidId = lot?.undoable?.bidId;
    if (bidId)
      await this.send(showStream(show), { kind: 'UndoBid', lotId: lot.terms.lotId, bidId }, ines);
  }
  /** The whole of a checkout; what the limits refuse isn't begun. */
  async pay({ show, holdId, minor }: Kept): Promise<void> {
    const stream = showStream(show);
    const order = orderStream(holdId as string as OrderId);
    const offerId = holdId.startsWith('lot-') ? `lot-${show}` : `offer-${show}`;
    const { sale } = await this.#show(show);
    const quantity = sale.holds.get(holdId)?.quantity ?? 1;
    const totals = allInPrice(eur(minor), quantity, price);
    const at = { stream, holdId, showId: show, offerId };
    if (await this.spending.refusalToPay(ines as Person, at, totals.total)) return;
    const line = { productId: vase, variantId: lagoon, title: 'Lagoon', quantity };
    const address = { name: 'I', line1: '1', line2: '', postcode: '1', city: 'V', country: 'IT' };
    const placed = await this.send(
      order,
      {
        kind: 'PlaceOrder',
        hold: { stream, holdId },
        showId: show,
        lines: [{ ...line, unitPrice: eur(minor) }],
        totals,
        code: null,
        address,
        email: 'ines@example.org',
      },
      ines,
    );
    if (placed.kind === 'refused') return;
    const orderId = holdId as string as OrderId;
    const begun = await this.send(
      stream,
      { kind: 'BeginPayment', holdId, orderId, attempt: '1' },
      ines,
    );
    if (begun.kind === 'refused') return;
    await this.send(order, { kind: 'StartPayment', attempt: '1' }, ines);
    const paid = { kind: 'RecordPayment', paymentId: holdId, provider: 'sandbox' } as const;
    const recorded = await this.send(order, paid, system);
    if (recorded.kind === 'done') this.paidMinor += totals.total.minor;
  }
  pass = (ms: number) => this.clock.runUntil(this.clock.nowMs() + ms);

  async #show(show: ShowId): Promise<Show> {
    let state = showDecider.initial(show);
    for await (const event of readStream(this.log, showStream(show)))
      state = showDecider.evolve(state, event as never, event);
    return state;
  }
  /** What Ines holds and hasn't paid. */
  async holds(): Promise<Kept[]> {
    const kept: Kept[] = [];
    for (const show of [kiln, glass])
      for (const { holdId, personId: of, price: at } of (
        await this.#show(show)
      ).sale.holds.values())
        if (of === 'ines') kept.push({ show, holdId, minor: at.minor });
    return kept;
  }
  /** All that the shows could make Ines pay, by their own state: what she holds, and her highest bids. */
  async boundMinor(): Promise<number> {
    let sum = 0;
    for (const show of [kiln, glass]) {
      const { holds, auction } = (await this.#show(show)).sale;
      // A second chance isn't promised until she takes it.
      for (const hold of holds.values())
        if (hold.personId === 'ines' && !hold.holdId.endsWith('-2'))
          sum += cost(hold.price.minor, hold.quantity);
      const alias = auction.aliases.get(personId('ines'));
      for (const lot of auction.lots.values()) {
        const own = alias === undefined ? undefined : lot.maxima.get(alias);
        if (own !== undefined) sum += cost(lot.bids[own]!.maxMinor);
      }
    }
    return sum;
  }
  get promised(): number {
    const pledges = [...this.book.of('ines').pledges.values()];
    return pledges.filter(({ phase }) => phase === 'promised').length;
  }
  async stop(): Promise<void> {
    await Promise.all([this.policies.stop(), this.pass(10)]);
    await Promise.all([this.engine.stop(), this.pass(10)]);
  }
}

const reasonOf = (outcome: Outcome) => (outcome.kind === 'refused' ? outcome.reason : 'done');

describe('limits over several shows', () => {
  const opened = async (wish: Parameters<House['set']>[0]) => {
    const house = await new House().open();
    await house.set(wish);
    return house;
  };
  const spentToday = (house: House) => {
    let sum = 0;
    for (const { slices } of house.book.of('ines').pledges.values())
      for (const { minor } of slices) sum += minor;
    return sum;
  };

  it('[LIM-5] two claims at once in two shows: one of them is within the limit', async () => {
    const house = await opened({ dayMinor: cost(unit) });
    const both = await Promise.all([house.claim(kiln, 'h1'), house.claim(glass, 'h2')]);
    expect(both.map(reasonOf).sort()).toEqual(['done', 'spending-limit']);
    expect(both).toContainEqual(
      expect.objectContaining({ detail: { leftMinor: 0, currency: 'EUR', per: 'day' } }),
    );
    await house.stop();
  });
  it('[LIM-13] who has no limits sends nothing to a stream of their own', async () => {
    const house = await new House().open();
    await house.claim(kiln, 'h1');
    await house.bid(kiln, 'b1', 4_000);
    await house.pay((await house.holds())[0]!);
    await house.pass(3_600_000);
    expect(house.personCommands).toBe(0);
    await house.stop();
  });
  it('[LIM-8] what the show refuses goes back at once; another id is not needed', async () => {
    const house = await opened({ dayMinor: 1_000_000 });
    expect(reasonOf(await house.claim(kiln, 'h1', 21))).toBe('sold-out');
    expect(spentToday(house)).toBe(0);
    expect(reasonOf(await house.bid(kiln, 'b1', 10))).toBe('bid-too-low');
    expect(reasonOf(await house.claim(kiln, 'h2', -1))).toBe('quantity-invalid');
    expect(house.promised).toBe(0);
    await house.stop();
  });
  it('[LIM-8] [CCL-10] a message that claimed nothing gives back what it would have cost', async () => {
    const house = await opened({ dayMinor: cost(unit) });
    const comment = (id: string) =>
      house.spending.promise(
        ines as Person,
        {
          place: { stream: showStream(kiln), holdId: id as HoldId },
          showId: kiln,
          ask: id as CommandId,
          unitPrice: () => eur(unit),
          unknown: 'offer-unknown',
          quantity: 1,
          isConfirmed: false,
          isPromised: () => false,
        },
        () =>
          house.send(
            showStream(kiln),
            { kind: 'PostMessage', messageId: id as never, text: 'lagoon', replyTo: null },
            ines,
          ),
      );
    expect(reasonOf(await comment('m1'))).toBe('done');
    expect(reasonOf(await comment('m2'))).toBe('done');
    expect(spentToday(house)).toBe(0);
    expect(reasonOf(await house.claim(kiln, 'h1'))).toBe('done');
    await house.stop();
  });
  it('[LIM-7] [CCL-10] a hold by comment counts as long as it stands; one that nothing was reserved for counts when it is paid', async () => {
    const house = await opened({ dayMinor: cost(unit) });
    const show = showStream(kiln);
    await house.send(show, { kind: 'SwitchCommentClaims', isOn: true }, otto);
    const offerId = 'worded' as OfferId;
    const comments = { policy: 'hold', codes: [{ variantId: lagoon, word: 'LAGOON' }] } as const;
    const worded = { ...terms, offerId, comments, durationMs: 3_600_000, holdMs: 3_600_000 };
    await house.send(show, { kind: 'OpenOffer', terms: worded });
    await house.pass(0);
    const say = (holdId: HoldId) =>
      house.send(
        show,
        {
          kind: 'PostMessage',
          messageId: `m-${holdId}` as never,
          text: 'lagoon',
          replyTo: null,
          holdId,
        },
        ines,
      );
    await house.spending.promise(
      ines as Person,
      {
        place: { stream: show, holdId: 'h1' as HoldId },
        showId: kiln,
        ask: 'm1' as CommandId,
        unitPrice: () => eur(unit),
        unknown: 'offer-unknown',
        quantity: 1,
        isConfirmed: false,
      },
      () => say('h1' as HoldId),
    );
    await house.pass(2 * limits.spendingLapseMs);
    expect(await house.holds()).toHaveLength(1);
    expect(spentToday(house)).toBe(cost(unit));
    expect(reasonOf(await house.claim(glass, 'h2'))).toBe('spending-limit');
    await house.send(show, { kind: 'ReleaseHold', holdId: 'h1' as HoldId }, ines);
    await house.pass(0);
    expect(spentToday(house)).toBe(0);
    await say('h3' as HoldId);
    await house.pass(0);
    expect(await house.holds()).toHaveLength(1);
    expect(spentToday(house)).toBe(0);
    await house.stop();
  });
  it('[LIM-8] a hold that is released or expires goes back', async () => {
    const house = await opened({ dayMinor: 1_000_000 });
    await house.claim(kiln, 'h1');
    await house.claim(kiln, 'h2', 2);
    await house.pass(0);
    expect(spentToday(house)).toBe(cost(unit) + cost(unit, 2));
    await house.send(showStream(kiln), { kind: 'ReleaseHold', holdId: 'h1' as HoldId }, ines);
    await house.pass(0);
    expect(spentToday(house)).toBe(cost(unit, 2));
    await house.pass(terms.holdMs);
    expect(spentToday(house)).toBe(0);
    await house.stop();
  });
  it('[LIM-8] [LIM-6] an undone bid falls back to the one before; the hammer frees everybody but the winner', async () => {
    const house = await opened({ dayMinor: 1_000_000 });
    await house.bid(kiln, 'b1', 2_000);
    await house.bid(kiln, 'b2', 9_000);
    await house.bid(glass, 'b3', 3_000);
    await house.bid(glass, 't1', 5_000, tomasz);
    await house.pass(0);
    expect(spentToday(house)).toBe(cost(9_000) + cost(3_000));
    await house.undo(kiln);
    await house.pass(0);
    expect(spentToday(house)).toBe(cost(2_000) + cost(3_000));
    await house.pass(600_000);
    // Nobody bid against her: the lot is hers at its start.
    expect(spentToday(house)).toBe(cost(1_000));
    await house.stop();
  });
  it('[LIM-9] [LIM-12] what is paid stays counted, a refund takes it off; a won lot may be paid whatever the limit', async () => {
    const house = await opened({ dayMinor: cost(2_000) });
    await house.bid(kiln, 'b1', 2_000);
    await house.pass(600_000);
    await house.set({ dayMinor: 0 });
    const [won] = await house.holds();
    await house.pay(won!);
    await house.pass(0);
    expect(house.paidMinor).toBe(cost(1_000));
    expect(house.promised).toBe(0);
    expect(spentToday(house)).toBe(cost(1_000));
    await house.send(orderStream(won!.holdId as string as OrderId), {
      kind: 'RefundOrder',
      reason: 'crew',
    });
    await house.pass(100);
    expect(spentToday(house)).toBe(0);
    await house.stop();
  });
  it('[LIM-9] a lot that was won before there was a limit counts once it is paid, and may be paid', async () => {
    const house = await new House().open();
    await house.bid(kiln, 'b1', 2_000);
    await house.pass(600_000);
    await house.set({ dayMinor: cost(500) });
    const [won] = await house.holds();
    expect(spentToday(house)).toBe(0);
    await house.pay(won!);
    await house.pass(0);
    expect(house.paidMinor).toBe(cost(1_000));
    expect(house.promised).toBe(0);
    expect(spentToday(house)).toBe(cost(1_000));
    expect(reasonOf(await house.claim(glass, 'h1'))).toBe('spending-limit');
    await house.stop();
  });
  it('[LIM-12] what wasn’t reserved is reserved when it is paid, or can’t be paid', async () => {
    const house = await new House().open();
    await house.claim(kiln, 'h1');
    await house.claim(kiln, 'h2');
    await house.set({ dayMinor: cost(unit) });
    const [first, second] = await house.holds();
    await house.pay(first!);
    await house.pay(second!);
    expect(house.paidMinor).toBe(cost(unit));
    await house.stop();
  });
  it('[LIM-7] a door that ends between the reservation and the claim loses nothing for good', async () => {
    const house = await opened({ dayMinor: cost(unit) });
    const hangs = new Promise<Outcome>(() => undefined);
    const place = { stream: showStream(kiln), holdId: 'h1' };
    const wish = { place, showId: kiln, ask: 'h1' as CommandId, unknown: '', quantity: 1 };
    void house.spending.promise(
      ines as Person,
      { ...wish, unitPrice: () => eur(unit), isConfirmed: false },
      () => hangs,
    );
    await house.pass(0);
    expect(reasonOf(await house.claim(glass, 'h2'))).toBe('spending-limit');
    await house.restart();
    await house.pass(limits.spendingLapseMs);
    expect(reasonOf(await house.claim(glass, 'h3'))).toBe('done');
    await house.stop();
  });
  it('[LIM-10] [LIM-11] refusals of time and threshold come before the show is asked', async () => {
    const house = await opened({ confirmAboveMinor: cost(unit) - 1, watchMinutes: 1 });
    expect(await house.claim(kiln, 'h1')).toMatchObject({
      reason: 'needs-confirmation',
      detail: { aboveMinor: cost(unit) - 1 },
    });
    expect(reasonOf(await house.claim(kiln, 'h1', 1, ines, true))).toBe('done');
    expect(house.spending.timeRefusal('ines')).toBeNull();
    await house.send(personStream(personId('ines')), { kind: 'CountWatching', ms: 60_000 }, system);
    expect(await house.claim(kiln, 'h2', 1, ines, true)).toMatchObject({
      reason: 'time-limit',
      detail: { untilMs: Date.UTC(2026, 10, 25) },
    });
    expect(house.spending.timeRefusal('ines')).toMatchObject({ reason: 'time-limit' });
    expect(house.spending.timeRefusal('tomasz')).toBeNull();
    await house.stop();
  });

  const show = fc.constantFrom(kiln, glass);
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('claim'), show, n: fc.nat(2) }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('bid'), show, n: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('outbid'), show, n: fc.nat(20) }) },
    fc.record({ do: fc.constant('again'), show, n: fc.nat(9) }),
    fc.record({ do: fc.constant('undo'), show, n: fc.constant(0) }),
    fc.record({ do: fc.constant('release'), show, n: fc.nat(5) }),
    { weight: 2, arbitrary: fc.record({ do: fc.constant('pay'), show, n: fc.nat(5) }) },
    fc.record({ do: fc.constant('restart'), show, n: fc.constant(0) }),
    { weight: 3, arbitrary: fc.record({ do: fc.constant('pass'), show, n: fc.nat(40) }) },
  );
  it('[LIM-5] [LIM-7] [LIM-8] in whatever order, the shows never hold her to more than her limit; in the end time frees it all', async () => {
    const run = async (
      dayMinor: number,
      steps: readonly { do: string; show: ShowId; n: number }[],
    ) => {
      const house = await opened({ dayMinor });
      const asked: Promise<unknown>[] = [];
      const claims: [ShowId, string, number][] = [];
      for (const [at, { do: what, show: where, n }] of steps.entries()) {
        // What is only asked runs beside the next steps; everything settles when time passes.
        if (what === 'claim') {
          claims.push([where, `h${at}`, n + 1]);
          asked.push(house.claim(where, `h${at}`, n + 1));
        } else if (what === 'again') {
          const [of, id, quantity] = claims[n] ?? [];
          if (of !== undefined) asked.push(house.claim(of, id!, quantity));
        } else if (what === 'bid') asked.push(house.bid(where, `b${at}`, 1_000 + n * 900));
        else if (what === 'outbid') asked.push(house.bid(where, `t${at}`, 1_000 + n * 900, tomasz));
        else if (what === 'undo') asked.push(house.undo(where));
        else if (what === 'release' || what === 'pay') {
          const held = (await house.holds())[n];
          if (!held) continue;
          const { holdId } = held;
          asked.push(
            what === 'pay'
              ? house.pay(held)
              : house.send(showStream(held.show), { kind: 'ReleaseHold', holdId }, ines),
          );
        } else {
          await house.pass(0);
          await Promise.all(asked.splice(0));
          if (what === 'restart') await house.restart();
          else await house.pass(n * n * 500);
          expect((await house.boundMinor()) + house.paidMinor).toBeLessThanOrEqual(dayMinor);
        }
      }
      await house.pass(0);
      await Promise.all(asked);
      await house.pass(3 * 3_600_000);
      expect(house.promised).toBe(0);
      expect(spentToday(house)).toBe(house.paidMinor);
      expect(house.paidMinor).toBeLessThanOrEqual(dayMinor);
      await house.stop();
    };
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2_000, max: 30_000 }),
        fc.array(step, { minLength: 10, maxLength: 40 }),
        run,
      ),
      { numRuns: 25, seed: 42 },
    );
  });
});
