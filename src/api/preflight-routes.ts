// The doors of the check before a show: how the shop stands, what a host's browser measured, kept with the show.
// What is good is judged in src/domain/preflight/. Rules: docs/rules/preflight.md.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Accounts } from '../accounts/accounts.ts';
import type { ProductId, ShowId } from '../base/brand.ts';
import type { Clock } from '../base/ports.ts';
import { judgeShop, type ShopFacts } from '../domain/preflight/shop.ts';
import { judge, verdictOf } from '../domain/preflight/verdict.ts';
import { undisclosed } from '../domain/show/disclosure.ts';
import { id } from '../protocol/http.ts';
import {
  type KeptPreflight,
  keepPreflightBody,
  type PreflightView,
  preflightView,
} from '../protocol/preflight.ts';
import type { Room } from '../protocol/room.ts';
import type { PreflightBook } from './preflight-book.ts';
import { ProblemError } from './problem-reply.ts';
import type { ShowDesk } from './show-desk.ts';
import { director } from './visitor.ts';

export type PreflightOptions = {
  readonly desk: Pick<ShowDesk, 'room' | 'segments' | 'shelfItems' | 'referencePrices'>;
  readonly book: PreflightBook;
  readonly accounts: Pick<Accounts, 'people'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly price: { readonly shippingMinor: number };
};

const showParams = z.object({ show: id });

export const preflightRoutes = (options: PreflightOptions) => async (instance: FastifyInstance) => {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { desk, book, accounts, clock } = options;

  const roomOf = async (request: FastifyRequest, showId: string): Promise<Room> => {
    director(request);
    const room = await desk.room(showId as ShowId);
    if (!room) throw new ProblemError('show-unknown');
    return room;
  };

  const shopOf = async (room: Room) => {
    const { total: moderators } = await accounts.people({
      role: 'moderator',
      limit: 1,
      offset: 0,
    });
    return judgeShop(await shopFacts(options, room, moderators));
  };

  const viewOf = async (showId: string, shop: PreflightView['shop']) => ({
    shop,
    kept: await book.of(showId),
  });

  app.get(
    '/api/shows/:show/preflight',
    {
      schema: {
        summary: 'How the shop stands before a show, and what its hosts’ devices measured',
        params: showParams,
        response: { 200: preflightView },
      },
    },
    async (request) => {
      const { show } = request.params;
      return viewOf(show, await shopOf(await roomOf(request, show)));
    },
  );

  app.put(
    '/api/shows/:show/preflight',
    {
      schema: {
        summary: 'Keep what a host’s devices measured; it is judged anew',
        params: showParams,
        body: keepPreflightBody,
        response: { 200: preflightView },
      },
    },
    async (request) => {
      const { show } = request.params;
      const room = await roomOf(request, show);
      if (room.phase === 'ended' || room.phase === 'cancelled')
        throw new ProblemError('show-ended');
      const person = director(request);
      const shop = await shopOf(room);
      const findings = judge(request.body, shop);
      const kept: KeptPreflight = {
        ...request.body,
        personId: person.id,
        name: person.name,
        atMs: clock.nowMs(),
        findings,
        verdict: verdictOf(findings),
      };
      await book.keep(show, kept);
      return viewOf(show, shop);
    },
  );
};

/** What the room and the catalogue know of a show's shop. */
export const shopFacts = async (
  { desk, price }: Pick<PreflightOptions, 'desk' | 'price'>,
  room: Room,
  moderators: number,
): Promise<ShopFacts> => {
  const availableOf = (variantId: string) => room.stock[variantId]?.available ?? 0;
  const items = await desk.shelfItems(room.shelf.map(({ productId }) => productId as ProductId));
  const references = await desk.referencePrices(items, null);
  const earning = room.shelf.filter(({ hostEarns }) => hostEarns);
  const titleOf = (productId: string) =>
    room.shelf.find((item) => item.productId === productId)?.title ?? '';
  const lots = room.lots.filter(({ figures }) => figures.phase === 'prepared');
  // Several lots of one variant need all of them; offers of it follow each other, and what one leaves the next one has.
  const lotUnits = (variantId: string) =>
    lots
      .filter((lot) => lot.variantId === variantId)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  const offers = (await desk.segments(room.showId as ShowId))
    .flatMap(({ cues }) => cues ?? [])
    .filter((cue) => cue.kind === 'offer');
  return {
    shelf: items.map(({ title, variants }) => ({
      title,
      variants: variants.map(({ variantId, price: asked }) => ({
        priceMinor: asked.minor,
        referenceMinor: references.get(variantId)?.minor ?? asked.minor,
        available: availableOf(variantId),
      })),
    })),
    planned: [
      ...lots.map(({ title, variantId }) => ({
        title,
        needed: lotUnits(variantId),
        available: availableOf(variantId),
      })),
      ...offers.flatMap(({ productId, variants }) =>
        variants.map(({ variantId, quantity }) => ({
          title: titleOf(productId),
          needed: quantity + lotUnits(variantId),
          available: availableOf(variantId),
        })),
      ),
    ],
    refused: room.drops
      .filter(({ figures }) => figures.phase === 'refused')
      .map(({ title }) => title),
    shippingMinor: price.shippingMinor,
    disclosure: room.plan.disclosure,
    undisclosed: undisclosed({
      disclosure: room.plan.disclosure,
      segments: room.segments,
      earning: earning.map(({ productId }) => productId),
    }).map((productId) => titleOf(productId)),
    moderators,
  };
};
