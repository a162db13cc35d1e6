// Checkout and orders. A checkout is a row of commands under one key: place, begin the payment on the
// hold, charge, record. Every step can be repeated without doing it twice, so a buyer whose line broke
// sends the same request again and gets the same order.

import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { codeStream, type OrderId, orderStream } from '../base/brand.ts';
import type { Clock, Random } from '../base/ports.ts';
import { system } from '../domain/decider.ts';
import {
  noProvider,
  type OrderCode,
  type OrderCommand,
  type OrderLine,
  type Totals,
} from '../domain/order/order.ts';
import { joinsParcel } from '../domain/order/parcel.ts';
import { orderPrice, type PriceSettings } from '../domain/order/price.ts';
import type { Engine } from '../engine/contract.ts';
import type { Payments } from '../gateways/payments.ts';
import { checkoutBody, id, type OrderView, orderView, parcelAnswer } from '../protocol/http.ts';
import { type CodeDesk, codeTries, discountFor } from './code-routes.ts';
import { commandIdFor, keyOf, send } from './command-door.ts';
import type { HoldDesk } from './hold-routes.ts';
import type { OrderDesk } from './order-desk.ts';
import type { PlacedHold } from './placed-holds.ts';
import { ProblemError } from './problem-reply.ts';
import type { Spending } from './spending.ts';
import { owner, type Person, signedIn } from './visitor.ts';

export type OrderRoutesOptions = {
  readonly engine: Engine;
  readonly desk: OrderDesk;
  readonly holds: Pick<HoldDesk, 'placed'>;
  readonly codes: Pick<CodeDesk, 'find'>;
  readonly payments: Payments;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Random;
  readonly price: PriceSettings;
  /** Buyers' own limits; absent: nobody has any. */
  readonly spending?: Pick<Spending, 'refusalToPay'>;
};

const pageItems = 50;
const orderParams = z.object({ order: id });

export const orderRoutes = (options: OrderRoutesOptions) => async (instance: FastifyInstance) => {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { engine, desk, holds, random } = options;

  const shownView = async (orderId: OrderId, seq: number): Promise<OrderView> => {
    await desk.shown(orderStream(orderId), seq);
    const view = await desk.view(orderId);
    if (!view) throw new ProblemError('order-unknown');
    return view;
  };

  app.post(
    '/api/checkout',
    {
      config: codeTries,
      schema: { summary: 'Pay for a hold', body: checkoutBody, response: { 201: orderView } },
    },
    async (request, reply) => {
      const person = signedIn(request);
      const hold = await holds.placed(request.body.stream, request.body.holdId);
      if (!hold || hold.personId !== person.id) throw new ProblemError('hold-gone');
      const checkout = new Checkout(options, person, hold, keyOf(request, random), request.log);
      const { orderId, seq } = await checkout.run(request.body);
      return reply
        .code(201)
        .header('location', `/api/orders/${orderId}`)
        .send(await shownView(orderId, seq));
    },
  );

  app.get(
    '/api/shows/:show/parcel',
    {
      schema: {
        summary: 'My parcel of a show that more goods go into for nothing more',
        params: z.object({ show: id }),
        response: { 200: parcelAnswer },
      },
    },
    async (request) => ({
      parcel: await desk.parcelOf(signedIn(request).id, request.params.show, null),
    }),
  );

  app.get(
    '/api/orders/:order',
    { schema: { summary: 'One order', params: orderParams, response: { 200: orderView } } },
    async (request) => {
      const person = signedIn(request);
      const view = await desk.view(request.params.order);
      if (!view || !maySee(person, view)) throw new ProblemError('order-unknown');
      return view;
    },
  );

  app.get(
    '/api/orders',
    {
      schema: {
        summary: 'My orders, or the shop’s',
        querystring: z.object({
          mine: z.enum(['0', '1']).default('0'),
          page: z.coerce.number().int().min(0).max(100_000).default(0),
        }),
        response: { 200: z.object({ orders: z.array(orderView), more: z.boolean() }) },
      },
    },
    async (request) => {
      const person = signedIn(request);
      const all = request.query.mine === '0' && (person.role === 'owner' || person.role === 'host');
      const found = await desk.list({
        personId: all ? null : person.id,
        offset: request.query.page * pageItems,
        limit: pageItems + 1,
      });
      return { orders: found.slice(0, pageItems), more: found.length > pageItems };
    },
  );

  app.post(
    '/api/orders/:order/refund',
    {
      schema: { summary: 'Give the money back', params: orderParams, response: { 200: orderView } },
    },
    async (request) => {
      const person = owner(request);
      const orderId = request.params.order as OrderId;
      const commandId = commandIdFor(person.id, `refund ${orderId}`, keyOf(request, random));
      const command = { kind: 'RefundOrder', reason: 'crew' } as const;
      const { seq } = await send(engine, orderStream(orderId), command, { commandId, by: person });
      return shownView(orderId, seq);
    },
  );
};

const maySee = (person: Person, view: OrderView): boolean =>
  view.buyer.personId === person.id || person.role === 'owner' || person.role === 'host';

/** One run of a checkout. The order's id is the hold's: a hold leads to one order at most. */
class Checkout {
  readonly #options: OrderRoutesOptions;
  readonly #person: Person;
  readonly #hold: PlacedHold;
  readonly #key: string;
  readonly #log: FastifyBaseLogger;
  readonly #orderId: OrderId;

  constructor(
    options: OrderRoutesOptions,
    person: Person,
    hold: PlacedHold,
    key: string,
    log: FastifyBaseLogger,
  ) {
    this.#options = options;
    this.#person = person;
    this.#hold = hold;
    this.#key = key;
    this.#log = log;
    this.#orderId = hold.holdId as string as OrderId;
  }

  async run(body: z.infer<typeof checkoutBody>): Promise<{ orderId: OrderId; seq: number }> {
    const { payments, desk } = this.#options;
    const before = await desk.view(this.#orderId);
    // Asked again after its answer was lost: other orders may have changed what it would cost today.
    if (before?.phase === 'paid' && before.buyer.personId === this.#person.id)
      return { orderId: this.#orderId, seq: 0 };
    const line = await desk.lineOf(this.#hold.variantId);
    if (!line) throw new ProblemError('product-unknown');
    const lines: OrderLine[] = [
      {
        ...line,
        variantId: this.#hold.variantId,
        quantity: this.#hold.quantity,
        unitPrice: this.#hold.unitPrice,
      },
    ];
    const { totals, code } = await this.#totals(body, lines);
    if (totals.total.minor !== body.totalMinor) throw new ProblemError('price-changed', { totals });
    const refusal = await this.#options.spending?.refusalToPay(
      this.#person,
      this.#hold,
      totals.total,
    );
    if (refusal) throw new ProblemError(refusal.refused, refusal.detail ?? {});
    const { stream, holdId, showId } = this.#hold;
    const { address, email } = body;
    await this.#order({
      kind: 'PlaceOrder',
      hold: { stream, holdId },
      showId,
      lines,
      totals,
      code,
      address,
      email,
    });
    if (code !== null) await this.#reserveUse(code);
    const attempt = this.#commandId('attempt');
    await this.#beginPayment(attempt);
    // [ORD-11] There is nothing to charge.
    if (totals.total.minor === 0) {
      const paymentId = `free-${this.#orderId}`;
      return this.#order({ kind: 'RecordPayment', paymentId, provider: noProvider }, 'system');
    }
    const started = await this.#order({ kind: 'StartPayment', attempt });
    const charged = await payments
      .start({
        orderId: this.#orderId,
        amount: totals.total,
        description: lines.map(({ title, quantity }) => `${quantity} × ${title}`).join(', '),
        idempotencyKey: attempt,
        ...(body.paymentMethod === undefined ? {} : { methodToken: body.paymentMethod }),
        email,
      })
      .catch((error: unknown) => {
        this.#log.warn({ err: error, orderId: this.#orderId }, 'payment gateway failed');
        return null;
      });
    // Not knowing is not declining: the hold stays in `paying` until the gateway's word or its deadline.
    if (charged === null) throw new ProblemError('payment-unavailable');
    switch (charged.state) {
      case 'paid': {
        const provider = payments.sandbox ? 'sandbox' : 'stripe';
        return this.#order(
          { kind: 'RecordPayment', paymentId: charged.paymentId, provider },
          'system',
        );
      }
      case 'needs-action':
        throw new ProblemError('payment-needs-action', {
          orderId: this.#orderId,
          paymentId: charged.paymentId,
          clientSecret: charged.clientSecret,
        });
      case 'processing':
        // The provider's word comes by webhook; until then the order is `paying` and the hold stands.
        return { orderId: this.#orderId, seq: started.seq };
      case 'declined':
        await this.#order({ kind: 'RecordDecline', attempt, reason: charged.reason }, 'system');
        throw new ProblemError('payment-declined', { reason: charged.reason });
    }
  }

  /** What it costs now, as the page computed it before; and the code whose discount is in it. */
  async #totals(
    { address, codes: typed }: z.infer<typeof checkoutBody>,
    lines: readonly OrderLine[],
  ): Promise<{ totals: Totals; code: OrderCode | null }> {
    const { desk, codes, clock, price } = this.#options;
    const { showId } = this.#hold;
    const [first, ...more] = typed;
    if (more.length > 0) throw new ProblemError('codes-not-combinable');
    const promo =
      first === undefined ? null : await discountFor(codes, first, lines, clock.nowMs());
    const parcel =
      showId === null ? null : await desk.parcelOf(this.#person.id, showId, this.#orderId);
    const totals = orderPrice(
      lines,
      { discount: promo?.discount ?? null, joinsParcel: joinsParcel(parcel, address) },
      price,
    );
    const code = promo && { code: promo.terms.code, useId: this.#commandId('use') as string };
    return { totals, code };
  }

  /** The code's own stream has the last word; what was reserved goes back with the order (policies/code-use.ts). */
  async #reserveUse({ code, useId }: OrderCode): Promise<void> {
    const command = { kind: 'ReserveUse', orderId: this.#orderId, useId } as const;
    const options = { commandId: this.#commandId('ReserveUse'), by: this.#person };
    await send(this.#options.engine, codeStream(code), command, options);
  }

  /** The hold must be the buyer's still; from here on it can't expire while the gateway thinks. */
  async #beginPayment(attempt: string): Promise<void> {
    const { engine } = this.#options;
    const command = {
      kind: 'BeginPayment',
      holdId: this.#hold.holdId,
      orderId: this.#orderId,
      attempt,
    } as const;
    const options = { commandId: this.#commandId('BeginPayment'), by: this.#person };
    const outcome = await engine.send(this.#hold.stream, command, options);
    if (outcome.kind === 'done') return;
    if (outcome.reason === 'hold-gone')
      await this.#order({ kind: 'CancelOrder', reason: 'hold-gone' }, 'system');
    throw new ProblemError(outcome.reason, outcome.detail ?? {});
  }

  async #order(
    command: OrderCommand,
    by: 'buyer' | 'system' = 'buyer',
  ): Promise<{ orderId: OrderId; seq: number }> {
    const { seq } = await send(this.#options.engine, orderStream(this.#orderId), command, {
      commandId: this.#commandId(command.kind),
      by: by === 'buyer' ? this.#person : system,
    });
    return { orderId: this.#orderId, seq };
  }

  #commandId(purpose: string) {
    return commandIdFor(this.#person.id, `checkout ${this.#orderId} ${purpose}`, this.#key);
  }
}
