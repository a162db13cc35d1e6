// The doors of a show's drops and giveaways for its crew. The seeds are made here and stay secret until
// the log tells them. Entries come by the socket (live-commands.ts).

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { OfferId, VariantId } from '../base/brand.ts';
import { money } from '../base/money.ts';
import type { Random } from '../base/ports.ts';
import type { DropTerms } from '../domain/sale/drop.ts';
import type { Engine } from '../engine/contract.ts';
import { announceDropBody } from '../protocol/drops.ts';
import { id } from '../protocol/http.ts';
import { reasonBody } from '../protocol/lots.ts';
import { bundleVariants, itemsOf } from './bundle-terms.ts';
import { commandIdFor, keyOf, logPlace, placeOf, showTeller } from './command-door.ts';
import { ProblemError } from './problem-reply.ts';
import type { ShowDesk } from './show-desk.ts';
import { director } from './visitor.ts';

export type DropRoutesOptions = {
  readonly engine: Engine;
  readonly desk: Pick<ShowDesk, 'shelfItems' | 'referencePrices'>;
  readonly random: Random;
  readonly nonceOf: (...words: readonly string[]) => string;
  readonly shop: { readonly currency: string };
};

const showParams = z.object({ show: id });
const dropParams = showParams.extend({ drop: id });

/** A drop's id has room for the number of an entry behind it: that is the id of its hold. */
const dropIdLength = 22;

export const dropRoutes = (options: DropRoutesOptions) => async (instance: FastifyInstance) => {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { desk, random, shop, nonceOf } = options;

  const tell = showTeller(options);
  const itemsFor = itemsOf(desk);

  app.post(
    '/api/shows/:show/drops',
    {
      schema: {
        summary: 'Announce a drop or a giveaway',
        params: showParams,
        body: announceDropBody,
      },
    },
    async (request, reply) => {
      const person = director(request);
      const { show } = request.params;
      const { productId, variants, bundles, earlyAccess, ...rest } = request.body;
      const [item] = await itemsFor([productId]);
      if (!item) throw new ProblemError('product-unknown');
      const dropId = commandIdFor(person.id, `${show} drop id`, keyOf(request, random)).slice(
        0,
        dropIdLength,
      ) as OfferId;
      const references = await desk.referencePrices([item], dropId);
      const terms: DropTerms = {
        dropId,
        productId: item.productId,
        title: item.title,
        variants: [
          ...variants.map(({ variantId, priceMinor, quantity }) => {
            const variant = item.variants.find((other) => other.variantId === variantId);
            if (!variant) throw new ProblemError('variant-not-offered', { variantId });
            return {
              variantId: variantId as VariantId,
              title: variant.title,
              price: money(priceMinor, shop.currency),
              usualPrice: references.get(variant.variantId) ?? variant.price,
              quantity,
            };
          }),
          // Who is a member is served earlier, not cheaper.
          ...(await bundleVariants(
            { ...desk, itemsFor },
            bundles.map((bundle) => ({ ...bundle, membersPriceMinor: null })),
            { offerId: dropId, currency: shop.currency },
          )),
        ],
        earlyAccess: [...earlyAccess].sort((a, b) => b.earlierMs - a.earlierMs),
        ...rest,
      };
      const seeds = [...earlyAccess, null].map((_, stage) =>
        nonceOf('seed', show, dropId, String(stage)),
      );
      const outcome = await tell(request, person, show, { kind: 'AnnounceDrop', terms, seeds });
      // Accepted: the units are allocated first, and the room says whether there are as many.
      return reply.code(202).send({ dropId, ...placeOf(outcome) });
    },
  );

  app.post(
    '/api/shows/:show/drops/:drop/open',
    { schema: { summary: 'Open a drop now', params: dropParams, response: { 200: logPlace } } },
    async (request) => {
      const { show, drop } = request.params;
      const command = { kind: 'OpenDrop', dropId: drop as OfferId } as const;
      return placeOf(await tell(request, director(request), show, command, `OpenDrop ${drop}`));
    },
  );

  app.post(
    '/api/shows/:show/drops/:drop/cancel',
    {
      schema: {
        summary: 'Cancel a drop',
        params: dropParams,
        body: reasonBody,
        response: { 200: logPlace },
      },
    },
    async (request) => {
      const { show, drop } = request.params;
      const { reason } = request.body;
      const command = { kind: 'CancelDrop', dropId: drop as OfferId, reason } as const;
      return placeOf(await tell(request, director(request), show, command, `CancelDrop ${drop}`));
    },
  );
};
