// The doors of a show: plan it, direct it, read it. What a host may do is decided by the show itself;
// this file only turns requests into commands and rooms into answers. The socket is live-socket.ts.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  type MessageId,
  type OfferId,
  type ProductId,
  type SegmentId,
  type ShowId,
  showStream,
  type VariantId,
} from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { money } from '../base/money.ts';
import type { Random } from '../base/ports.ts';
import type { Commissions } from '../catalogue/commissions.ts';
import { codeWordOf } from '../domain/room/code-word.ts';
import type { CommentTerms } from '../domain/sale/comment-sale.ts';
import type { OfferTerms } from '../domain/sale/offer.ts';
import type { ShelfItem } from '../domain/sale/shelf.ts';
import type { Material, ShowAccess } from '../domain/show/access.ts';
import type { ShowPlan } from '../domain/show/life.ts';
import type { Segment } from '../domain/show/run-of-show.ts';
import { templateFor } from '../domain/show/templates.ts';
import type { Engine } from '../engine/contract.ts';
import {
  changePlanBody,
  commentClaimsBody,
  enterSegmentBody,
  id,
  type OpenOfferBody,
  openOfferBody,
  type PlanShowBody,
  pinBody,
  planShowBody,
  referencePricesAnswer,
  type ShowDetail,
  segmentsBody,
  shelfBody,
  watchByBody,
} from '../protocol/http.ts';
import { bundleVariants, itemsOf } from './bundle-terms.ts';
import { commandIdFor, keyOf, logPlace, placeOf, send, showTeller } from './command-door.ts';
import { ProblemError } from './problem-reply.ts';
import { noteEarning, runRoutes, withEarning } from './run-routes.ts';
import type { ShowDoor } from './show-access.ts';
import type { ShowDesk } from './show-desk.ts';
import { showDetail } from './show-detail.ts';
import { director, owner, signedIn } from './visitor.ts';

export type ShowRoutesOptions = {
  readonly engine: Engine;
  readonly desk: ShowDesk;
  readonly random: Random;
  readonly door: ShowDoor;
  readonly commissions: Commissions;
  readonly shop: { readonly name: string; readonly currency: string };
};

/** Words as they are compared; one that can't be a code word goes on as it is, to be refused by its name. */
const commentTerms = ({ policy, codes }: NonNullable<OpenOfferBody['comments']>): CommentTerms => ({
  policy,
  codes: codes.map(({ variantId, word }) => ({
    variantId: variantId as VariantId,
    word: codeWordOf(word) ?? word,
  })),
});

const showParams = z.object({ show: id });

export const showRoutes = (options: ShowRoutesOptions) => async (instance: FastifyInstance) => {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { engine, desk, random, door, shop } = options;

  await instance.register(runRoutes(options));

  const tell = showTeller(options);

  const detailOf = async (request: FastifyRequest, showId: ShowId): Promise<ShowDetail> => {
    const detail = await showDetail(options, request.you, showId);
    if (!detail) throw new ProblemError('show-unknown');
    const crew = request.you !== null && request.you.role !== 'shopper';
    return { ...detail, segments: crew ? await desk.segments(showId) : null };
  };

  /** What a plan names must be there: a ticket that is for sale, materials of the shop's. */
  const checkPlan = async ({
    access,
    materials = [],
  }: Pick<PlanShowBody, 'access' | 'materials'>) => {
    if (access?.for === 'ticket') {
      const [item] = await itemsFor([access.productId]);
      if (!item?.variants.some(({ variantId }) => variantId === access.variantId))
        throw new ProblemError('variant-not-offered', { variantId: access.variantId });
    }
    await itemsFor([...new Set(materials.flatMap(({ productId }) => productId ?? []))]);
  };

  const itemsFor = itemsOf(desk);
  const noteEarnings = noteEarning(options);
  /** The shelf of a host's show, with what they earn from. */
  const shelfFor = async (hostId: string, productIds: readonly string[]): Promise<ShelfItem[]> =>
    withEarning(options.commissions, hostId, await itemsFor(productIds));

  app.get('/api/shows', { schema: { summary: 'All shows: live, coming, past' } }, async () => ({
    shows: await desk.list(limits.pageItemsMax),
  }));

  app.post(
    '/api/shows',
    { schema: { summary: 'Plan a show', body: planShowBody } },
    async (request, reply) => {
      const person = director(request);
      const { title, showKind, startsAtMs, disclosure, segments, productIds } = request.body;
      const key = keyOf(request, random);
      // The show's id comes from the key, so that a repeated request plans one show.
      const showId = commandIdFor(person.id, 'show id', key)
        .slice(2, 14)
        .replace(/^-/, '0') as ShowId;
      const { access, materials, watchBy, partner } = request.body;
      const items = await shelfFor(person.id, productIds);
      await checkPlan(request.body);
      const plan: ShowPlan = {
        title,
        showKind,
        startsAtMs,
        disclosure,
        hostId: person.id,
        hostName: person.name,
        shopName: shop.name,
        isDemo: false,
        ...(typeof request.body.minutes === 'number' ? { minutes: request.body.minutes } : {}),
        ...(access ? { access: access as ShowAccess } : {}),
        ...(materials ? { materials: materials as Material[] } : {}),
        ...(watchBy ? { watchBy } : {}),
        ...(partner ? { partner } : {}),
      };
      const run: readonly Segment[] =
        (segments as readonly Segment[] | undefined) ??
        templateFor(showKind, (index) => `s${index + 1}` as SegmentId);
      const stream = showStream(showId);
      const by = { by: person };
      await send(
        engine,
        stream,
        { kind: 'PlanShow', plan },
        { ...by, commandId: commandIdFor(person.id, 'PlanShow', key) },
      );
      const arranged = { kind: 'ArrangeSegments', segments: run } as const;
      const last = await send(engine, stream, arranged, {
        ...by,
        commandId: commandIdFor(person.id, 'ArrangeSegments', key),
      });
      const stocked = { kind: 'StockShelf', items } as const;
      const shelf =
        items.length === 0
          ? last
          : await send(engine, stream, stocked, {
              ...by,
              commandId: commandIdFor(person.id, 'StockShelf', key),
            });
      await desk.shown(stream, shelf.seq);
      const summary = await desk.summary(showId);
      if (!summary) throw new ProblemError('bug');
      return reply.code(201).header('location', `/api/shows/${showId}`).send(summary);
    },
  );

  app.get('/api/shows/:show', { schema: { summary: 'One show', params: showParams } }, (request) =>
    detailOf(request, request.params.show as ShowId),
  );

  app.put(
    '/api/shows/:show/plan',
    { schema: { summary: 'Change the plan of a show', params: showParams, body: changePlanBody } },
    async (request) => {
      const person = director(request);
      const showId = request.params.show as ShowId;
      const room = await desk.room(showId);
      if (!room) throw new ProblemError('show-unknown');
      await checkPlan(request.body);
      const {
        minutes = room.plan.minutes ?? null,
        partner = room.plan.partner,
        ...changes
      } = request.body;
      const { minutes: _, partner: __, ...before } = room.plan;
      const plan = {
        ...before,
        ...changes,
        ...(minutes === null ? {} : { minutes }),
        ...(partner ? { partner } : {}),
      } as ShowPlan;
      const { seq } = await tell(request, person, showId, { kind: 'ChangePlan', plan });
      await desk.shown(showStream(showId), seq);
      return detailOf(request, showId);
    },
  );

  app.put(
    '/api/shows/:show/watch-by',
    {
      schema: {
        summary: 'Choose the way by which viewers are given the picture first',
        params: showParams,
        body: watchByBody,
        response: { 200: logPlace },
      },
    },
    async (request) => {
      const command = { kind: 'ChooseWatchBy', watchBy: request.body.watchBy } as const;
      return placeOf(await tell(request, director(request), request.params.show, command));
    },
  );

  app.put(
    '/api/shows/:show/segments',
    { schema: { summary: 'Arrange the run of show', params: showParams, body: segmentsBody } },
    async (request) => {
      const segments = request.body.segments as unknown as Segment[];
      return placeOf(
        await tell(request, director(request), request.params.show, {
          kind: 'ArrangeSegments',
          segments,
        }),
      );
    },
  );

  app.put(
    '/api/shows/:show/shelf',
    { schema: { summary: 'Choose the products of a show', params: showParams, body: shelfBody } },
    async (request) => {
      const person = director(request);
      const room = await desk.room(request.params.show as ShowId);
      if (!room) throw new ProblemError('show-unknown');
      const items = await shelfFor(room.plan.hostId, request.body.productIds);
      return placeOf(
        await tell(request, person, request.params.show, { kind: 'StockShelf', items }),
      );
    },
  );

  const steps = [
    ['go-live', 'Start the show', { kind: 'GoLive' }],
    ['end', 'End the show', { kind: 'EndShow' }],
    ['cancel', 'Cancel a planned show', { kind: 'CancelShow', reason: '' }],
  ] as const;
  for (const [path, summary, command] of steps) {
    app.post(
      `/api/shows/:show/${path}`,
      { schema: { summary, params: showParams, response: { 200: logPlace } } },
      async (request) => {
        const { show } = request.params;
        const person = director(request);
        if (command.kind === 'GoLive') await noteEarnings(request, person, show);
        const outcome = await tell(request, person, show, command);
        await desk.shown(showStream(show as ShowId), outcome.seq);
        return placeOf(outcome);
      },
    );
  }

  app.post(
    '/api/shows/:show/segment',
    {
      schema: {
        summary: 'Enter a segment',
        params: showParams,
        body: enterSegmentBody,
        response: { 200: logPlace },
      },
    },
    async (request) =>
      placeOf(
        await tell(request, director(request), request.params.show, {
          kind: 'EnterSegment',
          segmentId: request.body.segmentId as SegmentId,
        }),
      ),
  );

  app.post(
    '/api/shows/:show/pin',
    {
      schema: {
        summary: 'Pin a product, or none',
        params: showParams,
        body: pinBody,
        response: { 200: logPlace },
      },
    },
    async (request) =>
      placeOf(
        await tell(request, director(request), request.params.show, {
          kind: 'PinProduct',
          productId: request.body.productId as ProductId | null,
        }),
      ),
  );

  app.get(
    '/api/products/:product/reference-prices',
    {
      schema: {
        summary: 'The lowest prices of the last 30 days, by variant',
        params: z.object({ product: id }),
        response: { 200: referencePricesAnswer },
      },
    },
    async (request) => {
      director(request);
      const items = await itemsFor([request.params.product]);
      const prices = [...(await desk.referencePrices(items, null))];
      return { prices: prices.map(([variantId, price]) => ({ variantId, price })) };
    },
  );

  app.post(
    '/api/shows/:show/offers',
    { schema: { summary: 'Open a live offer', params: showParams, body: openOfferBody } },
    async (request, reply) => {
      const person = director(request);
      const { show } = request.params;
      const { productId, perPersonMax, durationMs, holdMs, comments } = request.body;
      const { variants, bundles } = request.body;
      const [item] = await itemsFor([productId]);
      if (!item) throw new ProblemError('product-unknown');
      const offerId = commandIdFor(person.id, `${show} offer id`, keyOf(request, random)).slice(
        0,
        22,
      ) as OfferId;
      const references = await desk.referencePrices([item], offerId);
      const terms: OfferTerms = {
        offerId,
        productId: item.productId,
        title: item.title,
        variants: [
          ...variants.map(({ variantId, priceMinor, membersPriceMinor, quantity }) => {
            const variant = item.variants.find((other) => other.variantId === variantId);
            if (!variant) throw new ProblemError('variant-not-offered', { variantId });
            return {
              variantId: variantId as VariantId,
              title: variant.title,
              price: money(priceMinor, shop.currency),
              usualPrice: references.get(variant.variantId) ?? variant.price,
              ...(membersPriceMinor === null
                ? {}
                : { membersPrice: money(membersPriceMinor, shop.currency) }),
              quantity,
            };
          }),
          ...(await bundleVariants({ ...desk, itemsFor }, bundles, {
            offerId,
            currency: shop.currency,
          })),
        ],
        perPersonMax,
        durationMs,
        holdMs,
        ...(comments ? { comments: commentTerms(comments) } : {}),
      };
      const outcome = await tell(request, person, show, { kind: 'OpenOffer', terms });
      // Accepted, not open: the units are allocated first, and the room says when.
      return reply.code(202).send({ offerId, ...placeOf(outcome) });
    },
  );

  app.put(
    '/api/shows/:show/comment-claims',
    {
      schema: {
        summary: 'Switch claiming by comment on or off',
        params: showParams,
        body: commentClaimsBody,
        response: { 200: logPlace },
      },
    },
    async (request) => {
      const { isOn } = request.body;
      const command = { kind: 'SwitchCommentClaims', isOn } as const;
      return placeOf(await tell(request, owner(request), request.params.show, command));
    },
  );

  app.post(
    '/api/shows/:show/offers/:offer/close',
    {
      schema: {
        summary: 'Close a live offer',
        params: showParams.extend({ offer: id }),
        response: { 200: logPlace },
      },
    },
    async (request) => {
      const { show, offer } = request.params;
      const command = { kind: 'CloseOffer', offerId: offer as OfferId } as const;
      return placeOf(await tell(request, director(request), show, command, `CloseOffer ${offer}`));
    },
  );

  app.delete(
    '/api/shows/:show/messages/:message',
    {
      schema: {
        summary: 'Remove a chat message',
        params: showParams.extend({ message: id }),
        querystring: z.object({ reason: z.string().max(limits.noteMax).default('') }),
        response: { 200: logPlace },
      },
    },
    async (request) => {
      const { show, message } = request.params;
      const command = {
        kind: 'RemoveMessage',
        messageId: message as MessageId,
        reason: request.query.reason,
      } as const;
      return placeOf(
        await tell(request, signedIn(request), show, command, `RemoveMessage ${message}`),
      );
    },
  );

  app.get(
    '/api/shows/:show/replay',
    { schema: { summary: 'The replay: recording and moments', params: showParams } },
    async (request) => {
      await door.admit(request.you, request.params.show);
      const replay = await desk.replay(request.params.show as ShowId);
      if (!replay)
        throw new ProblemError(
          (await desk.summary(request.params.show as ShowId)) ? 'show-not-ended' : 'show-unknown',
        );
      return replay;
    },
  );
};
