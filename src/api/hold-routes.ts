// The doors of a buyer's holds: claim from an offer, take from the shelf, look, price, release. The id
// of a hold is the id of the command that placed it, so that a repeated claim is the same hold and a
// hold is found in the log without an index of its own.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  type CommandId,
  type HoldId,
  type OfferId,
  type ShowId,
  type StreamId,
  showStream,
  stockStream,
  type VariantId,
} from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { Money } from '../base/money.ts';
import type { Clock, Random } from '../base/ports.ts';
import { allInPrice, type PriceSettings } from '../domain/order/price.ts';
import type { Engine } from '../engine/contract.ts';
import {
  type ClaimAnswer,
  claimAnswer,
  claimBody,
  holdFromShelfBody,
  id,
  totalsSchema,
} from '../protocol/http.ts';
import type { Room } from '../protocol/room.ts';
import { type MyHold, tierOf, type You } from '../protocol/socket.ts';
import { commandIdFor, type Done, doneOf, keyOf, send } from './command-door.ts';
import type { PlacedHold } from './placed-holds.ts';
import { ProblemError } from './problem-reply.ts';
import { isSoldOutside, type ShowDoor } from './show-access.ts';
import { offerPrice, type Spending } from './spending.ts';
import { signedIn } from './visitor.ts';

export interface HoldDesk {
  /** Finds a hold in the log by its stream and id. */
  placed(stream: string, holdId: string): Promise<PlacedHold | null>;
  /** What is held for a person now. */
  mine(personId: string): Promise<MyHold[]>;
  /** What a variant costs now and of which product it is, or null when it isn't for sale. */
  offered(variantId: VariantId): Promise<{ productId: string; price: Money } | null>;
}

export type HoldRoutesOptions = {
  readonly engine: Engine;
  readonly desk: HoldDesk;
  readonly random: Random;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly roomOf: (showId: ShowId) => Promise<Room | null>;
  readonly spending: Pick<Spending, 'promise'>;
  readonly door: Pick<ShowDoor, 'admit' | 'refusal'>;
  readonly price: PriceSettings;
};

/** The id of a claim and of the hold that it leads to. The socket and HTTP make the same one. */
export const holdIdFor = (personId: string, key: string): HoldId =>
  commandIdFor(personId as never, 'hold', key) as string as HoldId;

const streamParams = z.object({ stream: z.string().max(80), hold: id });

export const holdRoutes = (options: HoldRoutesOptions) => async (instance: FastifyInstance) => {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { engine, desk, random, clock, roomOf, spending, door, price } = options;

  /** [TKT-6, TKT-9] Into the show, or to what it sells to those outside. */
  const admitToShelf = async (
    you: You | null,
    showId: ShowId,
    wanted: { readonly variantId: string; readonly productId: string },
  ): Promise<void> => {
    const refused = await door.refusal(you, showId);
    if (refused === null) return;
    const room = await roomOf(showId);
    if (room === null || !isSoldOutside(room, wanted))
      throw new ProblemError(refused.refused, refused.detail ?? {});
  };

  const answerOf = (stream: StreamId, outcome: Done): ClaimAnswer => {
    const placed = outcome.events.find(
      ({ kind }) => kind === 'HoldPlaced' || kind === 'ShelfHoldPlaced',
    );
    if (!placed) throw new ProblemError('bug');
    const data = placed.data as {
      holdId: string;
      expiresAtMs: number;
      price: Money;
      quantity: number;
    };
    return {
      holdId: data.holdId,
      stream,
      seq: placed.seq,
      hash: placed.hash,
      expiresAtMs: data.expiresAtMs,
      unitPrice: data.price,
      quantity: data.quantity,
    };
  };

  app.post(
    '/api/shows/:show/claims',
    {
      schema: {
        summary: 'Claim units of a live offer',
        params: z.object({ show: id }),
        body: claimBody,
        response: { 201: claimAnswer },
      },
    },
    async (request, reply) => {
      const person = signedIn(request);
      const holdId = holdIdFor(person.id, keyOf(request, random));
      const { offerId, variantId, quantity } = request.body;
      const stream = showStream(request.params.show as ShowId);
      const command = {
        kind: 'Claim',
        offerId: offerId as OfferId,
        variantId: variantId as VariantId,
        quantity,
        holdId,
        tier: tierOf(request.you, clock.nowMs()),
      } as const;
      const showId = request.params.show as ShowId;
      await door.admit(request.you, showId);
      const outcome = await spending.promise(
        person,
        {
          place: { stream, holdId },
          showId,
          ask: holdId as string as CommandId,
          unitPrice: async () => offerPrice(await roomOf(showId), offerId, variantId),
          unknown: 'offer-unknown',
          quantity,
          isConfirmed: request.body.confirmed === true,
        },
        () =>
          engine.send(stream, command, { commandId: holdId as string as CommandId, by: person }),
      );
      return reply.code(201).send(answerOf(stream, doneOf(outcome)));
    },
  );

  app.post(
    '/api/holds',
    {
      schema: {
        summary: 'Keep units from the shelf or from a replay',
        body: holdFromShelfBody,
        response: { 201: claimAnswer },
      },
    },
    async (request, reply) => {
      const person = signedIn(request);
      const holdId = holdIdFor(person.id, keyOf(request, random));
      const { variantId, quantity, showId } = request.body;
      const offered = await desk.offered(variantId as VariantId);
      if (offered === null) throw new ProblemError('product-unknown');
      const unitPrice = offered.price;
      if (showId !== null)
        await admitToShelf(request.you, showId as ShowId, { variantId, ...offered });
      const stream = stockStream(variantId as VariantId);
      const command = {
        kind: 'HoldFromShelf',
        holdId,
        quantity,
        price: unitPrice,
        showId: showId as ShowId | null,
        holdMs: limits.holdMs,
      } as const;
      const outcome = await spending.promise(
        person,
        {
          place: { stream, holdId },
          showId: showId as ShowId | null,
          ask: holdId as string as CommandId,
          unitPrice: () => unitPrice,
          unknown: 'product-unknown',
          quantity,
          isConfirmed: request.body.confirmed === true,
        },
        () =>
          engine.send(stream, command, { commandId: holdId as string as CommandId, by: person }),
      );
      return reply.code(201).send(answerOf(stream, doneOf(outcome)));
    },
  );

  app.get('/api/holds', { schema: { summary: 'What is held for me' } }, async (request) => ({
    holds: await desk.mine(signedIn(request).id),
  }));

  app.delete(
    '/api/holds/:stream/:hold',
    {
      schema: {
        summary: 'Release a hold',
        params: streamParams,
        response: { 200: z.object({ seq: z.number() }) },
      },
    },
    async (request) => {
      const person = signedIn(request);
      const { stream, hold } = request.params;
      const placed = await desk.placed(stream, hold);
      if (!placed || placed.personId !== person.id) throw new ProblemError('hold-gone');
      const command = { kind: 'ReleaseHold', holdId: placed.holdId } as const;
      const commandId = commandIdFor(person.id, 'release', hold);
      const { seq } = await send(engine, placed.stream, command, { commandId, by: person });
      return { seq };
    },
  );

  app.get(
    '/api/holds/:stream/:hold/price',
    {
      schema: {
        summary: 'The all-in price of a hold',
        params: streamParams,
        response: { 200: totalsSchema },
      },
    },
    async (request) => {
      const person = signedIn(request);
      const placed = await desk.placed(request.params.stream, request.params.hold);
      if (!placed || placed.personId !== person.id) throw new ProblemError('hold-gone');
      return allInPrice(placed.unitPrice, placed.quantity, price);
    },
  );
};
