// The doors of promo codes: the owner makes and ends them, a buyer asks what one takes off a hold. What a code
// allows is decided by its own stream when the order is placed (order-routes.ts).

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  codeStream,
  type ProductId,
  type ShowId,
  type StreamId,
  type VariantId,
} from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { Money } from '../base/money.ts';
import type { Clock, Random } from '../base/ports.ts';
import { isRefusal } from '../base/result.ts';
import {
  type CodedLine,
  discountOf,
  normalCode,
  outOfTime,
  type PromoTerms,
} from '../domain/order/promo-code.ts';
import type { Engine } from '../engine/contract.ts';
import {
  type CodeQuote,
  type CodeView,
  codeQuote,
  codeView,
  makeCodeBody,
} from '../protocol/codes.ts';
import { id } from '../protocol/http.ts';
import type { Room } from '../protocol/room.ts';
import { tierOf } from '../protocol/socket.ts';
import type { ListedCode } from '../views/codes.ts';
import { commandIdFor, keyOf, send } from './command-door.ts';
import type { HoldDesk } from './hold-routes.ts';
import type { OrderDesk } from './order-desk.ts';
import { ProblemError, refusalError } from './problem-reply.ts';
import type { ShowDoor } from './show-access.ts';
import { director, owner, signedIn } from './visitor.ts';

export interface CodeDesk {
  /** By the code's normal form. */
  find(code: string): Promise<ListedCode | null>;
  list(): Promise<ListedCode[]>;
  /** In how many paid orders a person has a code, besides one. For hints: the code's own stream has the last word. */
  usesOf(code: string, personId: string, besides: string): Promise<number>;
  /** The lowest price of a variant in the 30 days before a time. */
  referenceOf(variantId: VariantId, unitPrice: Money, beganMs: number): Promise<Money>;
  /** Resolves when `find` and `list` show what was just done. */
  shown(stream: StreamId, seq: number): Promise<void>;
}

export type CodeRoutesOptions = {
  readonly engine: Engine;
  readonly desk: CodeDesk;
  readonly holds: Pick<HoldDesk, 'placed'>;
  readonly orders: Pick<OrderDesk, 'lineOf'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Random;
  readonly shop: { readonly currency: string };
  readonly roomOf: (showId: ShowId) => Promise<Room | null>;
  readonly door: Pick<ShowDoor, 'admit'>;
};

const holdParams = z.object({ stream: z.string().max(80), hold: id, code: z.string().max(64) });

/** So often may one person try codes: guessing takes longer than any code lasts. */
export const codeTries = {
  rateLimit: {
    max: limits.codeTriesPerMinute,
    timeWindow: '1 minute',
    keyGenerator: (request: FastifyRequest) => request.you?.personId ?? request.ip,
  },
};

/** A code that may be used now and what it takes off these goods, or the problem that stands against it. */
export const discountFor = async (
  desk: Pick<CodeDesk, 'find'>,
  typed: string,
  lines: readonly CodedLine[],
  nowMs: number,
): Promise<{ readonly terms: PromoTerms; readonly discount: Money }> => {
  const code = normalCode(typed);
  const found = code === null ? null : await desk.find(code);
  if (!found) throw new ProblemError('code-unknown');
  const late = outOfTime(found.terms, found.isEnded, nowMs);
  if (late) throw refusalError(late);
  const discount = discountOf(found.terms, lines);
  if (isRefusal(discount)) throw refusalError(discount);
  return { terms: found.terms, discount };
};

export const codeRoutes = (options: CodeRoutesOptions) => async (instance: FastifyInstance) => {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { engine, desk, holds, orders, clock, random, shop } = options;

  const shownCode = async (code: string, seq: number): Promise<CodeView> => {
    await desk.shown(codeStream(code), seq);
    const found = await desk.find(code);
    if (!found) throw new ProblemError('code-unknown');
    return viewOf(found);
  };

  /** What a code takes off now; `besides` names the order whose own use of it doesn't count. */
  const quoteFor = async (
    personId: string,
    code: string,
    line: CodedLine & { readonly variantId: VariantId },
    besides: string,
  ): Promise<CodeQuote> => {
    const { terms, discount } = await discountFor(desk, code, [line], clock.nowMs());
    const max = terms.perPersonMax;
    if (max !== null && (await desk.usesOf(terms.code, personId, besides)) >= max)
      throw new ProblemError('code-used', { max });
    const reference = await desk.referenceOf(line.variantId, line.unitPrice, terms.fromMs);
    return { code: terms.code, discount, reference };
  };

  app.get(
    '/api/codes',
    {
      schema: {
        summary: 'All promo codes, latest first',
        response: { 200: z.object({ codes: z.array(codeView) }) },
      },
    },
    async (request) => {
      director(request);
      return { codes: (await desk.list()).map(viewOf) };
    },
  );

  app.post(
    '/api/codes',
    { schema: { summary: 'Make a promo code', body: makeCodeBody, response: { 201: codeView } } },
    async (request, reply) => {
      const person = owner(request);
      const { code: typed, productIds, fromMs, ...rest } = request.body;
      const code = normalCode(typed);
      if (code === null) throw new ProblemError('code-invalid', { field: 'code' });
      const key = keyOf(request, random);
      const terms: PromoTerms = {
        ...rest,
        code,
        currency: shop.currency,
        productIds: productIds as ProductId[] | null,
        fromMs: fromMs ?? clock.nowMs(),
      };
      const made = await send(
        engine,
        codeStream(code),
        { kind: 'MakeCode', terms },
        { commandId: commandIdFor(person.id, `code ${code}`, key), by: person },
      );
      return reply.code(201).send(await shownCode(code, made.seq));
    },
  );

  app.post(
    '/api/codes/:code/end',
    {
      schema: {
        summary: 'End a promo code',
        params: z.object({ code: id }),
        response: { 200: codeView },
      },
    },
    async (request) => {
      const person = owner(request);
      const { code } = request.params;
      const commandId = commandIdFor(person.id, `end code ${code}`, keyOf(request, random));
      const by = { commandId, by: person };
      const { seq } = await send(engine, codeStream(code), { kind: 'EndCode' }, by);
      return shownCode(code, seq);
    },
  );

  app.get(
    '/api/holds/:stream/:hold/codes/:code',
    {
      config: codeTries,
      schema: {
        summary: 'What a promo code takes off a hold',
        params: holdParams,
        response: { 200: codeQuote },
      },
    },
    async (request) => {
      const person = signedIn(request);
      const { stream, hold, code } = request.params;
      const placed = await holds.placed(stream, hold);
      if (!placed || placed.personId !== person.id) throw new ProblemError('hold-gone');
      const line = await orders.lineOf(placed.variantId);
      if (!line) throw new ProblemError('product-unknown');
      const { variantId, unitPrice, quantity } = placed;
      return quoteFor(person.id, code, { ...line, variantId, unitPrice, quantity }, hold);
    },
  );

  app.get(
    '/api/shows/:show/offers/:offer/variants/:variant/codes/:code',
    {
      config: codeTries,
      schema: {
        summary: 'What a promo code takes off units of an offer that nobody keeps',
        params: z.object({ show: id, offer: id, variant: id, code: z.string().max(64) }),
        querystring: z.object({
          quantity: z.coerce.number().int().min(1).max(limits.claimQuantityMax).default(1),
        }),
        response: { 200: codeQuote },
      },
    },
    async (request) => {
      const person = signedIn(request);
      const { show, offer, variant, code } = request.params;
      await options.door.admit(request.you, show);
      const variantId = variant as VariantId;
      const asked = (await options.roomOf(show as ShowId))?.offers
        .find(({ offerId }) => offerId === offer)
        ?.variants.find((other) => other.variantId === variantId);
      if (!asked) throw new ProblemError('offer-unknown');
      const line = await orders.lineOf(variantId);
      if (!line) throw new ProblemError('product-unknown');
      const isMember = tierOf(request.you, clock.nowMs()) !== null;
      const unitPrice = (isMember && asked.membersPrice) || asked.price;
      const { quantity } = request.query;
      return quoteFor(person.id, code, { ...line, variantId, unitPrice, quantity }, '');
    },
  );
};

const viewOf = ({ terms, isEnded, uses }: ListedCode): CodeView => ({
  ...terms,
  productIds: terms.productIds === null ? null : [...terms.productIds],
  isEnded,
  uses,
});
