// A buyer's own limits: to see and to set. Nobody else has a door to them. Rules: docs/rules/limits.md.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { CommandId } from '../base/brand.ts';
import { personStream } from '../base/brand.ts';
import type { Clock, Random } from '../base/ports.ts';
import {
  type BuyerLimits,
  dayBeginMs,
  dayEndMs,
  type LimitKind,
  leftMinor,
  limitOf,
  watchedMs,
} from '../domain/person/limits.ts';
import { sumOf } from '../domain/person/pledge.ts';
import type { Engine } from '../engine/contract.ts';
import { type LimitsView, limitsBody, limitsView } from '../protocol/limits.ts';
import { commandIdFor, keyOf, send } from './command-door.ts';
import { signedIn } from './visitor.ts';

export type LimitsRoutesOptions = {
  readonly engine: Engine;
  readonly book: { of(personId: string): BuyerLimits };
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Random;
  readonly currency: string;
};

export const limitsRoutes = (options: LimitsRoutesOptions) => async (instance: FastifyInstance) => {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { engine, book, clock, random, currency } = options;
  const view = (personId: string) => viewOf(book.of(personId), currency, clock.nowMs());

  app.get(
    '/api/me/limits',
    { schema: { summary: 'My own limits', response: { 200: limitsView } } },
    async (request) => view(signedIn(request).id),
  );

  app.put(
    '/api/me/limits',
    {
      schema: {
        summary: 'Set my own limits: tighter counts at once, looser after 24 hours',
        body: limitsBody,
        response: { 200: limitsView },
      },
    },
    async (request) => {
      const person = signedIn(request);
      const { utcOffsetMinutes = null, ...wish } = request.body;
      const commandId: CommandId = commandIdFor(person.id, 'limits', keyOf(request, random));
      await send(
        engine,
        personStream(person.id),
        { kind: 'SetLimits', currency, utcOffsetMinutes, ...wish },
        { commandId, by: person },
      );
      return view(person.id);
    },
  );
};

const fieldOf = {
  day: 'dayMinor',
  show: 'showMinor',
  confirm: 'confirmAboveMinor',
  watch: 'watchMinutes',
  'day-offset': 'utcOffsetMinutes',
} as const satisfies Record<LimitKind, LimitsView['pending'][number]['limit']>;

const viewOf = (state: BuyerLimits, currency: string, nowMs: number): LimitsView => {
  const sinceMs = dayBeginMs(state, nowMs);
  const pledges = [...state.pledges.values()];
  return {
    currency,
    limits: {
      dayMinor: limitOf(state, 'day', currency),
      showMinor: limitOf(state, 'show', currency),
      confirmAboveMinor: limitOf(state, 'confirm', currency),
      watchMinutes: limitOf(state, 'watch'),
      utcOffsetMinutes: limitOf(state, 'day-offset') ?? 0,
    },
    pending: [...state.pending.values()]
      .filter((change) => change.currency === null || change.currency === currency)
      .map(({ limit, value, fromMs }) => ({ limit: fieldOf[limit], value, fromMs })),
    today: {
      promisedMinor: sumOf(pledges, currency, { sinceMs, phase: 'promised' }),
      spentMinor: sumOf(pledges, currency, { sinceMs, phase: 'spent' }),
      leftMinor: leftMinor(state, currency, { sinceMs }),
      watchedMs: watchedMs(state, nowMs),
      endsAtMs: dayEndMs(state, nowMs),
    },
  };
};
