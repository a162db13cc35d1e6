// Checkout over the real engine, deciders and sandbox: the sum that a page computes from what the doors tell
// it is the sum that is charged, whatever is bought.

import rateLimit from '@fastify/rate-limit';
import fc from 'fast-check';
import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  codeStream,
  type HoldId,
  idOfStream,
  type OrderId,
  orderStream,
  type PersonId,
  type ProductId,
  type ShowId,
  showStream,
} from '../base/brand.ts';
import type { Money } from '../base/money.ts';
import { systemRandom } from '../base/ports.ts';
import { VirtualClock } from '../base/virtual-time.ts';
import { type Actor, system } from '../domain/decider.ts';
import { type OrderEvent, orderDecider } from '../domain/order/order.ts';
import { joinsParcel } from '../domain/order/parcel.ts';
import { orderPrice } from '../domain/order/price.ts';
import { type PromoCodeEvent, promoCodeDecider } from '../domain/order/promo-code.ts';
import { showDecider } from '../domain/show/show.ts';
import { lagoon, offerId, plan, terms, vaseItem } from '../domain/testing/show-cast.ts';
import type { Command, Engine } from '../engine/contract.ts';
import { createEngine } from '../engine/engine.ts';
import { type SandboxPayments, sandboxPayments } from '../gateways/sandbox-payments.ts';
import { MemoryLog } from '../log/memory-log.ts';
import type { CodeQuote } from '../protocol/codes.ts';
import type { OrderView, ParcelAnswer } from '../protocol/http.ts';
import type { Room } from '../protocol/room.ts';
import { type CodeDesk, codeRoutes } from './code-routes.ts';
import type { OrderDesk } from './order-desk.ts';
import { orderRoutes } from './order-routes.ts';
import type { PlacedHold } from './placed-holds.ts';
import { registerProblems } from './problem-reply.ts';
import { registerVisitor } from './visitor.ts';

const eur = (minor: number) => ({ minor, currency: 'EUR' });
const show = showStream('s1' as ShowId);
const startMs = Date.UTC(2026, 10, 24, 18);
const host: Actor = { kind: 'person', id: plan.hostId, name: 'Mina', role: 'host' };
const ada: Actor = { kind: 'person', id: 'ada' as PersonId, name: 'Ada', role: 'shopper' };
const price = { shippingMinor: 590, taxIncludedMilliPercent: 22_000 };
const home = {
  name: 'Ada Byron',
  line1: 'Calle Larga 1',
  line2: '',
  postcode: '30100',
  city: 'Venezia',
  country: 'IT',
};
const aunt = { ...home, name: 'Zia Rosa', line1: 'Calle Stretta 2' };
const goodCard = '4242424242424242';
const badCard = '4000000000000002';

let app: FastifyInstance;
let engine: Engine;
let log: MemoryLog;
let payments: SandboxPayments;
let charged: Money[];
let ids = 0;
const deciders = [showDecider, orderDecider, promoCodeDecider];

beforeEach(async () => {
  const clock = new VirtualClock(startMs);
  log = new MemoryLog({ clock });
  engine = createEngine({ log, clock, node: 'a', deciders });
  charged = [];
  const sandbox = sandboxPayments();
  payments = {
    ...sandbox,
    async start(wish) {
      const payment = await sandbox.start(wish);
      if (payment.state === 'paid') charged.push(wish.amount);
      return payment;
    },
  };
  app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  registerProblems(app);
  registerVisitor(app, async ({ cookie }) => ({
    personId: `${cookie}`,
    name: `${cookie}`,
    role: cookie === 'otto' ? 'owner' : cookie === 'mina' ? 'host' : 'shopper',
    guest: false,
  }));
  const random = systemRandom;
  await app.register(
    orderRoutes({ engine, desk, holds: { placed }, codes, payments, clock, random, price }),
  );
  await app.register(codeRoutes(codeDoors()));
  await tell({ kind: 'PlanShow', plan });
  await tell({ kind: 'StockShelf', items: [vaseItem] });
  await tell({ kind: 'GoLive' });
});
afterEach(async () => {
  await app.close();
  await engine.stop();
});

const tell = async (command: Command, by: Actor = host) => {
  const outcome = await engine.send(show, command, { commandId: `c${++ids}` as never, by });
  if (outcome.kind === 'refused') throw new Error(`${command.kind}: ${outcome.reason}`);
};

/** A hold of so many vases at a price, out of an offer of its own. */
const held = async (unitPrice: Money, quantity: number): Promise<PlacedHold> => {
  const name = `o${++ids}` as typeof offerId;
  const holdId = `h${ids}` as HoldId;
  const variant = { ...terms.variants[0]!, price: unitPrice, quantity };
  await tell({
    kind: 'OpenOffer',
    terms: { ...terms, offerId: name, variants: [variant], perPersonMax: null },
  });
  const at = { offerId: name, variantId: lagoon, quantity };
  await tell({ kind: 'ConfirmAllocation', ...at }, system);
  await tell({ kind: 'Claim', ...at, holdId }, ada);
  await tell({ kind: 'CloseOffer', offerId: name });
  const hold: PlacedHold = {
    stream: show,
    holdId,
    personId: 'ada',
    showId: 's1' as ShowId,
    offerId: name,
    variantId: lagoon,
    quantity,
    unitPrice,
  };
  placedHolds.set(holdId, hold);
  return hold;
};
const placedHolds = new Map<string, PlacedHold>();
const placed = async (_stream: string, holdId: string) => placedHolds.get(holdId) ?? null;

/** What the views say, straight from the log. */
const viewOf = async (orderId: string): Promise<OrderView | null> => {
  const events = (await log.read(
    orderStream(orderId as OrderId),
    1,
    100,
  )) as unknown as (OrderEvent & {
    atMs: number;
    seq: number;
  })[];
  const order = events.reduce(
    (state, event) => orderDecider.evolve(state, event, event),
    orderDecider.initial(orderId),
  );
  const personal = events.findLast(({ kind }) => kind === 'OrderPlaced') as
    | Extract<OrderEvent, { kind: 'OrderPlaced' }>
    | undefined;
  if (!personal || order.totals === null || order.phase === 'none') return null;
  return {
    orderId,
    number: 'R-1001',
    phase: order.phase,
    placedAtMs: startMs,
    paidAtMs: null,
    showId: order.showId,
    showTitle: null,
    buyer: { personId: `${order.personId}`, name: '', email: '' },
    address: personal.personal?.address ?? null,
    lines: order.lines.map((line) => ({ ...line, imageUrl: null })),
    totals: order.totals,
    code: order.code?.code ?? null,
    reason: null,
    sandbox: true,
  };
};
const desk: OrderDesk = {
  view: viewOf,
  list: async () => [],
  async parcelOf(personId, _showId, except) {
    for (const { orderId, address, buyer, totals, phase } of await allOrders())
      if (
        phase === 'paid' &&
        buyer.personId === personId &&
        orderId !== except &&
        totals.shipping.minor > 0 &&
        address
      )
        return { orderId, address: { ...address, line2: address.line2 ?? '' } };
    return null;
  },
  lineOf: async () => ({ productId: 'vase' as ProductId, title: 'Lagoon vase' }),
  shown: async () => undefined,
};
const allOrders = async () => {
  const views = await Promise.all([...placedHolds.keys()].map(viewOf));
  return views.filter((view) => view !== null);
};

const codeOf = async (name: string) => {
  const events = await log.read(codeStream(name), 1, 1_000);
  return events.reduce(
    (state, event) => promoCodeDecider.evolve(state, event as unknown as PromoCodeEvent, event),
    promoCodeDecider.initial(name),
  );
};
const shopper = { name: 'x', role: 'shopper', guest: false } as const;
const codeDoors = () => ({
  engine,
  desk: codes,
  holds: { placed },
  orders: desk,
  clock: { nowMs: () => startMs },
  random: systemRandom,
  shop: { currency: 'EUR' },
  roomOf: async () => room,
  door: { admit: async () => undefined },
});
/** What the crowd sees on offer: nothing, unless a test says otherwise. */
let room: Room | null = null;
const codes: CodeDesk = {
  async find(name) {
    const { terms: made, isEnded, uses } = await codeOf(name);
    return made && { terms: made, isEnded, uses: uses.size, madeAtMs: startMs };
  },
  list: async () => [],
  usesOf: async (code, personId, besides) =>
    (await allOrders()).filter(
      ({ code: used, buyer, orderId, phase }) =>
        phase === 'paid' && used === code && buyer.personId === personId && orderId !== besides,
    ).length,
  // Of the code's beginning, and of nothing else.
  referenceOf: async (_variantId, _unitPrice, beganMs) => eur(beganMs - startMs + 9_800),
  shown: async () => undefined,
};

const ask = async (method: 'GET' | 'POST', path: string, payload?: object, cookie = 'ada') => {
  const headers = { cookie };
  const answer = await app.inject({ method, url: path, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.json() };
};
const get = async <T>(path: string): Promise<T> => (await ask('GET', path)).body;
const make = (code: string, body: object) => ask('POST', '/api/codes', { code, ...body }, 'otto');
const tenth = { off: { kind: 'percent', percent: 10 }, perPersonMax: null };
const pay = async (hold: PlacedHold, body: object, key = `key${++ids}`) => {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/checkout',
    headers: { cookie: 'ada', 'idempotency-key': key },
    payload: {
      stream: hold.stream,
      holdId: hold.holdId,
      email: 'ada@example.org',
      address: home,
      paymentMethod: goodCard,
      ...body,
    },
  });
  return { status: answer.statusCode, body: answer.json() };
};

/** The sum on the button, from what the doors tell a page and by the function that it uses. */
const button = async (hold: PlacedHold, address: typeof home, code?: string): Promise<number> => {
  const { parcel } = await get<ParcelAnswer>('/api/shows/s1/parcel');
  const joins = joinsParcel(parcel && { ...parcel }, address);
  const quoted =
    code === undefined
      ? null
      : await get<CodeQuote>(`/api/holds/${hold.stream}/${hold.holdId}/codes/${code}`);
  const howMuch = { discount: quoted?.discount ?? null, joinsParcel: joins };
  return orderPrice([hold], howMuch, price).total.minor;
};

test('[PRI-6] [PRI-7] whatever is bought, one after the other: the charge is the sum on the button', async () => {
  const purchase = fc.record({
    unitPrice: fc.integer({ min: 1, max: 100_000 }).map(eur),
    quantity: fc.integer({ min: 1, max: 9 }),
    address: fc.constantFrom(home, aunt),
    declinedFirst: fc.boolean(),
    code: fc.constantFrom(undefined, undefined, 'TENTH', 'all-off', 'vase5'),
  });
  await make('tenth', tenth);
  await make('ALL-OFF', { off: { kind: 'percent', percent: 100 }, perPersonMax: null });
  await make('vase5', { off: { kind: 'amount', minor: 500 }, perPersonMax: null });
  await fc.assert(
    fc.asyncProperty(fc.array(purchase, { minLength: 1, maxLength: 4 }), async (evening) => {
      placedHolds.clear();
      for (const { unitPrice, quantity, address, declinedFirst, code } of evening) {
        const hold = await held(unitPrice, quantity);
        const totalMinor = await button(hold, address, code);
        const body = { address, totalMinor, codes: code ? [code] : [] };
        if (declinedFirst && totalMinor > 0) {
          const declined = await pay(hold, { ...body, paymentMethod: badCard });
          expect(declined.body).toMatchObject({ code: 'payment-declined' });
          // What a policy does after the decline.
          const orderId = hold.holdId as string as OrderId;
          await tell(
            { kind: 'AbandonPayment', holdId: hold.holdId, orderId, attempt: null },
            system,
          );
        }
        charged = [];
        const { status, body: order } = await pay(hold, body);
        expect([status, order.phase]).toEqual([201, 'paid']);
        expect(charged).toEqual(totalMinor > 0 ? [eur(totalMinor)] : []);
      }
    }),
    { numRuns: 40 },
  );
});

test('[PRI-7] the second order of an evening goes into the parcel, one for somebody else doesn’t', async () => {
  const total = async (address: typeof home) => {
    const hold = await held(eur(8_600), 1);
    const totalMinor = await button(hold, address);
    expect(await pay(hold, { address, totalMinor })).toMatchObject({ status: 201 });
    return totalMinor;
  };
  expect([await total(home), await total(home), await total(aunt)]).toEqual([9_190, 8_600, 9_190]);
});

test('[PRI-6] another sum than the one that was shown is refused, and nothing is charged', async () => {
  const hold = await held(eur(8_600), 1);
  const { status, body } = await pay(hold, { totalMinor: 8_600 });
  expect([status, body.code, body.totals.total]).toEqual([409, 'price-changed', eur(9_190)]);
  expect(charged).toEqual([]);
  expect(
    await log.read(orderStream(idOfStream(`order-${hold.holdId}` as never) as OrderId), 1, 9),
  ).toEqual([]);
});

test('[PRI-7] a checkout that is sent again is answered as the first time, though a parcel came meanwhile', async () => {
  const [first, second] = [await held(eur(8_600), 1), await held(eur(2_400), 1)];
  const sum = { totalMinor: 9_190 };
  const paid = await pay(first, sum, 'once');
  await pay(second, { totalMinor: await button(second, aunt), address: aunt });
  charged = [];
  const again = await pay(first, sum, 'once');
  expect([again.status, again.body]).toEqual([201, paid.body]);
  expect(charged).toEqual([]);
});

describe('promo codes', () => {
  const quote = (hold: PlacedHold, code: string) =>
    ask('GET', `/api/holds/${hold.stream}/${hold.holdId}/codes/${code}`);

  test('[PRI-9] the owner makes them, nobody else', async () => {
    expect(await make('tenth', tenth)).toMatchObject({
      status: 201,
      body: { code: 'TENTH', off: tenth.off, uses: 0, isEnded: false, fromMs: startMs },
    });
    for (const cookie of ['mina', 'ada']) {
      const { status, body } = await ask('POST', '/api/codes', { code: 'other', ...tenth }, cookie);
      expect([status, body.code]).toEqual([403, 'not-allowed']);
    }
    expect((await make('a b', tenth)).body).toMatchObject({ code: 'code-invalid', field: 'code' });
    expect((await make('TENTH', tenth)).body).toMatchObject({ code: 'code-exists' });
  });

  test('[PRI-12] two of them at once are refused, and nothing is charged', async () => {
    await make('tenth', tenth);
    await make('fifth', { off: { kind: 'percent', percent: 20 } });
    const hold = await held(eur(8_600), 1);
    const body = { totalMinor: 6_192 + 590, codes: ['TENTH', 'FIFTH'] };
    const { status, body: problem } = await pay(hold, body);
    expect([status, problem.code, charged]).toEqual([409, 'codes-not-combinable', []]);
  });

  test('[PRI-11] [PRI-10] what can’t be used is said when it is typed, and charged never', async () => {
    await make('other', { ...tenth, productIds: ['bowl'] });
    await make('large', { ...tenth, minimumMinor: 8_601 });
    await make('later', { ...tenth, fromMs: startMs + 1 });
    await make('gone', tenth);
    await ask('POST', '/api/codes/GONE/end', {}, 'otto');
    const hold = await held(eur(8_600), 1);
    for (const [code, problem, extra] of [
      ['nosuch', 'code-unknown', {}],
      ['?!', 'code-unknown', {}],
      ['other', 'code-not-for-these', {}],
      ['large', 'code-minimum', { minimumMinor: 8_601 }],
      ['later', 'code-not-begun', { fromMs: startMs + 1 }],
      ['gone', 'code-over', {}],
    ] as const) {
      expect((await quote(hold, encodeURIComponent(code))).body).toMatchObject({
        code: problem,
        ...extra,
      });
      const { body } = await pay(hold, { totalMinor: 9_190, codes: [code] });
      expect(body).toMatchObject({ code: problem });
    }
    expect(charged).toEqual([]);
  });

  test('[PRI-11] what it takes off units that nobody keeps is said before they are taken, a member’s too', async () => {
    await make('tenth', tenth);
    const variant = { variantId: lagoon, price: eur(8_600), membersPrice: eur(8_000) };
    room = { offers: [{ offerId, variants: [variant] }] } as unknown as Room;
    const url = `/api/shows/s1/offers/${offerId}/variants/${lagoon}/codes`;
    const answer = await ask('GET', `${url}/tenth?quantity=2`);
    expect(answer.body).toMatchObject({ code: 'TENTH', discount: eur(1_720) });
    expect((await ask('GET', `${url}/nosuch`)).body.code).toBe('code-unknown');
    expect((await ask('GET', `${url}/tenth?quantity=0`)).status).toBe(400);
    room = null;
    expect((await ask('GET', `${url}/tenth`)).body.code).toBe('offer-unknown');
  });

  test('[PRI-13] the last use goes to one of two, and the other one is charged nothing', async () => {
    await make('last', { ...tenth, usesMax: 1 });
    const holds = [await held(eur(8_600), 1), await held(eur(8_600), 1)];
    const totalMinor = 7_740 + 590;
    // To different addresses, so that neither goes into the other's parcel.
    const answers = await Promise.all(
      holds.map((hold, nth) =>
        pay(hold, { totalMinor, codes: ['last'], address: nth === 0 ? home : aunt }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 410]);
    expect(answers.find(({ status }) => status === 410)?.body.code).toBe('code-used-up');
    expect(charged).toEqual([eur(totalMinor)]);
    expect((await codeOf('LAST')).uses.size).toBe(1);
  });

  test('[PRI-13] a person’s limit holds, and a try after a declined card keeps the use', async () => {
    await make('once', { ...tenth, perPersonMax: 1 });
    const [first, second] = [await held(eur(8_600), 1), await held(eur(8_600), 1)];
    const body = { totalMinor: 7_740 + 590, codes: ['once'] };
    const declined = await pay(first, { ...body, paymentMethod: badCard });
    expect(declined.body.code).toBe('payment-declined');
    const orderId = first.holdId as string as OrderId;
    await tell({ kind: 'AbandonPayment', holdId: first.holdId, orderId, attempt: null }, system);
    expect((await pay(second, body)).body).toMatchObject({ code: 'code-used', max: 1 });
    expect((await quote(first, 'once')).body).toMatchObject({ code: 'ONCE' });
    const { status, body: order } = await pay(first, body);
    expect([status, order.code, order.totals.discount]).toEqual([201, 'ONCE', eur(860)]);
    expect((await quote(second, 'once')).body).toMatchObject({ code: 'code-used', max: 1 });
    expect(await button(second, home)).toBe(8_600);
    expect(await pay(second, { totalMinor: 8_600 })).toMatchObject({ status: 201 });
  });

  test('[PRI-16] twenty tries of a person in a minute are answered, the next are not; others are', async () => {
    const limited = Fastify();
    limited.setValidatorCompiler(validatorCompiler);
    limited.setSerializerCompiler(serializerCompiler);
    registerProblems(limited);
    await limited.register(rateLimit, { max: 1_000_000, timeWindow: '1 minute' });
    registerVisitor(limited, async ({ cookie }) => ({ ...shopper, personId: `${cookie}` }));
    await limited.register(codeRoutes(codeDoors()));
    const hold = await held(eur(8_600), 1);
    const url = `/api/holds/${hold.stream}/${hold.holdId}/codes/guess`;
    const guess = async (cookie: string) =>
      (await limited.inject({ method: 'GET', url, headers: { cookie } })).json().code;
    const answers = [];
    for (let tries = 0; tries < 22; tries += 1) answers.push(await guess('ada'));
    expect(answers).toEqual([
      ...Array(20).fill('code-unknown'),
      'too-many-requests',
      'too-many-requests',
    ]);
    expect(await guess('bo')).toBe('hold-gone');
    await limited.close();
  });

  test('[PRI-15] says the price that the reduction is compared with', async () => {
    await make('tenth', { ...tenth, fromMs: startMs - 3 });
    const hold = await held(eur(8_600), 1);
    expect((await quote(hold, 'tenth')).body).toEqual({
      code: 'TENTH',
      discount: eur(860),
      reference: eur(9_800 - 3),
    });
  });
});
