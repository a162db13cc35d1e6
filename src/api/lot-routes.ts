// The doors of a show's auctions for its crew. Prices of the catalogue and titles are filled in here: a
// host names a variant and how it is sold. A bid comes by the socket (live-commands.ts).

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { OfferId, PersonId, ProductId, VariantId } from '../base/brand.ts';
import { currencyDigits, money } from '../base/money.ts';
import type { Random } from '../base/ports.ts';
import { usualSteps } from '../domain/sale/bidding.ts';
import type { Secret } from '../domain/sale/commitment.ts';
import type { LotTerms } from '../domain/sale/lot-terms.ts';
import type { Engine } from '../engine/contract.ts';
import { id } from '../protocol/http.ts';
import { barBody, lotRunBody, prepareLotBody, reasonBody } from '../protocol/lots.ts';
import { commandIdFor, keyOf, logPlace, placeOf, showTeller } from './command-door.ts';
import { ProblemError } from './problem-reply.ts';
import type { ShowDesk } from './show-desk.ts';
import { director, signedIn } from './visitor.ts';

export type LotRoutesOptions = {
  readonly engine: Engine;
  readonly desk: Pick<ShowDesk, 'shelfItems' | 'referencePrices'>;
  readonly random: Random;
  readonly nonceOf: (...words: readonly string[]) => string;
  readonly shop: { readonly currency: string };
};

const showParams = z.object({ show: id });
const lotParams = showParams.extend({ lot: id });

/** A lot's id has room for the `-2` of a second chance's hold. */
const lotIdLength = 22;

export const lotRoutes = (options: LotRoutesOptions) => async (instance: FastifyInstance) => {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { desk, random, shop, nonceOf } = options;

  const tell = showTeller(options);

  app.post(
    '/api/shows/:show/lots',
    { schema: { summary: 'Prepare a lot', params: showParams, body: prepareLotBody } },
    async (request, reply) => {
      const person = director(request);
      const { show } = request.params;
      const { productId, variantId, quantity, payMs, secondChance, bidding } = request.body;
      const [item] = await desk.shelfItems([productId as ProductId]);
      if (!item) throw new ProblemError('product-unknown');
      const variant = item.variants.find((other) => other.variantId === variantId);
      if (!variant) throw new ProblemError('variant-not-offered', { variantId });
      const lotId = commandIdFor(person.id, `${show} lot id`, keyOf(request, random)).slice(
        0,
        lotIdLength,
      ) as OfferId;
      const reserveMinor = bidding.format === 'english' ? bidding.reserveMinor : null;
      const reserve: Secret | null =
        reserveMinor === null
          ? null
          : { minor: reserveMinor, nonce: nonceOf('reserve', show, lotId) };
      const references = await desk.referencePrices([item], lotId);
      const terms: LotTerms = {
        lotId,
        productId: item.productId,
        variantId: variantId as VariantId,
        title: variant.title ? `${item.title} · ${variant.title}` : item.title,
        usualPrice: references.get(variant.variantId) ?? variant.price,
        quantity,
        payMs,
        secondChance,
        bidding: biddingOf(bidding, shop.currency),
      };
      const outcome = await tell(request, person, show, { kind: 'PrepareLot', terms, reserve });
      return reply.code(201).send({ lotId, ...placeOf(outcome) });
    },
  );

  for (const [path, kind, summary] of [
    ['open', 'OpenLot', 'Open a prepared lot'],
    ['resume', 'ResumeLot', 'Let a paused lot go on'],
  ] as const) {
    app.post(
      `/api/shows/:show/lots/:lot/${path}`,
      { schema: { summary, params: lotParams, response: { 200: logPlace } } },
      async (request) => {
        const { show, lot } = request.params;
        const command = { kind, lotId: lot as OfferId } as const;
        return placeOf(await tell(request, director(request), show, command, `${kind} ${lot}`));
      },
    );
  }

  for (const [path, kind, summary] of [
    ['pause', 'PauseLot', 'Pause an open lot'],
    ['cancel', 'CancelLot', 'Cancel a running lot'],
    ['withdraw', 'WithdrawLot', 'Take a prepared lot back'],
  ] as const) {
    app.post(
      `/api/shows/:show/lots/:lot/${path}`,
      { schema: { summary, params: lotParams, body: reasonBody, response: { 200: logPlace } } },
      async (request) => {
        const { show, lot } = request.params;
        const command = { kind, lotId: lot as OfferId, reason: request.body.reason } as const;
        return placeOf(await tell(request, director(request), show, command, `${kind} ${lot}`));
      },
    );
  }

  app.post(
    '/api/shows/:show/lot-run',
    {
      schema: {
        summary: 'Open lots one after the other',
        params: showParams,
        body: lotRunBody,
        response: { 200: logPlace },
      },
    },
    async (request) => {
      const lotIds = request.body.lotIds as OfferId[];
      const command = { kind: 'RunLots', lotIds, gapMs: request.body.gapMs } as const;
      return placeOf(await tell(request, director(request), request.params.show, command));
    },
  );

  app.delete(
    '/api/shows/:show/lot-run',
    {
      schema: { summary: 'Stop the run of lots', params: showParams, response: { 200: logPlace } },
    },
    async (request) =>
      placeOf(await tell(request, director(request), request.params.show, { kind: 'StopLotRun' })),
  );

  app.post(
    '/api/shows/:show/barred',
    {
      schema: {
        summary: 'Bar somebody from buying in a show, or let them again',
        params: showParams,
        body: barBody,
        response: { 200: logPlace },
      },
    },
    async (request) => {
      const { personId, isBarred, reason } = request.body;
      const command = {
        kind: 'BarBuyer',
        personId: personId as PersonId,
        isBarred,
        reason,
      } as const;
      return placeOf(
        await tell(request, signedIn(request), request.params.show, command, `Bar ${personId}`),
      );
    },
  );
};

const biddingOf = (
  bidding: z.output<typeof prepareLotBody>['bidding'],
  currency: string,
): LotTerms['bidding'] => {
  const start = money(bidding.startMinor, currency);
  if (bidding.format === 'dutch') {
    const { floorMinor, stepMinor, stepMs, floorMs } = bidding;
    return {
      format: 'dutch',
      start,
      floor: money(floorMinor, currency),
      stepMinor,
      stepMs,
      floorMs,
    };
  }
  const { buyNowMinor, durationMs, softCloseMs, extensionMsMax, undoMs, takesEarlyBids } = bidding;
  return {
    format: 'english',
    start,
    steps: bidding.steps ?? usualSteps(currencyDigits(currency)),
    buyNow: buyNowMinor === null ? null : money(buyNowMinor, currency),
    durationMs,
    softCloseMs,
    extensionMsMax,
    undoMs,
    takesEarlyBids,
    hasReserve: bidding.reserveMinor !== null,
  };
};
