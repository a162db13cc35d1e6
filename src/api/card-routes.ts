// A card on file: to put, to look after, to take away. Only its owner sees it, and of it the last four digits. What
// tells it apart from others is kept as a word that the shop's secret makes of it. Rules: docs/rules/accounts.md.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { CardOnFile, KeptCards } from '../accounts/kept-cards.ts';
import { limits } from '../base/limits.ts';
import type { Clock, Random } from '../base/ports.ts';
import type { CardSetup } from '../gateways/cards.ts';
import type { Payments } from '../gateways/payments.ts';
import type { SandboxCards } from '../gateways/sandbox-cards.ts';
import {
  bankBody,
  type CardAnswer,
  cardAnswer,
  cardView,
  keepCardBody,
} from '../protocol/cards.ts';
import { commandIdFor, keyOf } from './command-door.ts';
import { ProblemError } from './problem-reply.ts';
import { signedIn } from './visitor.ts';

export type CardRoutesOptions = {
  readonly cards: KeptCards;
  readonly payments: Pick<Payments, 'sandbox' | 'cards'>;
  readonly nonceOf: (...words: readonly string[]) => string;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Random;
  readonly publicUrl: string;
};

/** Slow enough that nobody tries stolen numbers here. */
const cardTries = {
  rateLimit: { max: limits.cardTriesPerMinute, timeWindow: '1 minute' },
} as const;

export const cardRoutes = (options: CardRoutesOptions) => async (instance: FastifyInstance) => {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { cards, payments, nonceOf, clock, random, publicUrl } = options;
  const returnUrl = new URL('/account?card=back', publicUrl).href;

  /** Keeps what the provider kept; the card before is the provider's to forget. */
  const took = async (personId: string, setup: CardSetup): Promise<CardAnswer> => {
    switch (setup.state) {
      case 'declined':
        await cards.waiting(personId, null);
        throw new ProblemError('card-refused', { reason: setup.reason });
      case 'needs-action':
        await cards.waiting(personId, setup.setupId);
        return { state: 'needs-action', url: setup.url || returnUrl };
      case 'kept': {
        const { methodId, fingerprint, brand, last4 } = setup.card;
        const mark = nonceOf('card', fingerprint);
        const card: CardOnFile = { methodId, mark, brand, last4, addedAtMs: clock.nowMs() };
        const before = await cards.keep(personId, card);
        if (before && before.methodId !== methodId) await payments.cards.forget(before.methodId);
        return { state: 'kept', card: shown(card) };
      }
    }
  };
  const waitingOf = async (personId: string): Promise<string> => {
    const setupId = (await cards.of(personId))?.setupId;
    if (!setupId) throw new ProblemError('card-unknown');
    return setupId;
  };

  app.get(
    '/api/me/card',
    { schema: { summary: 'My card on file', response: { 200: cardView } } },
    async (request) => {
      const record = await cards.of(signedIn(request).id);
      return {
        card: record?.card ? shown(record.card) : null,
        isWaiting: record?.setupId != null,
      };
    },
  );

  app.post(
    '/api/me/card',
    {
      config: cardTries,
      schema: {
        summary: 'Put a card on file; nothing is charged',
        body: keepCardBody,
        response: { 200: cardAnswer },
      },
    },
    async (request) => {
      const { id: personId } = signedIn(request);
      const known = await cards.of(personId);
      const customerId =
        known?.customerId ??
        (await cards.customer(personId, await payments.cards.customer(personId)));
      const { methodToken } = request.body;
      const setup = await payments.cards.keep({
        personId,
        customerId,
        idempotencyKey: commandIdFor(personId, 'card', keyOf(request, random)),
        returnUrl,
        ...(methodToken === undefined ? {} : { methodToken }),
      });
      return took(personId, setup);
    },
  );

  app.post(
    '/api/me/card/look',
    {
      config: cardTries,
      schema: { summary: 'What became of my card', response: { 200: cardAnswer } },
    },
    async (request) => {
      const { id: personId } = signedIn(request);
      const setup = await payments.cards.setup(await waitingOf(personId));
      if (!setup) throw new ProblemError('card-unknown');
      return took(personId, setup);
    },
  );

  if (payments.sandbox)
    app.post(
      '/api/me/card/bank',
      {
        config: cardTries,
        schema: {
          summary: 'The sandbox’s bank: agree to a card on file, or don’t',
          body: bankBody,
          response: { 200: cardAnswer },
        },
      },
      async (request) => {
        const { id: personId } = signedIn(request);
        const setupId = await waitingOf(personId);
        const bank = payments.cards as SandboxCards;
        const setup = bank.confirmCard(setupId, request.body.approve);
        if (!setup) throw new ProblemError('card-unknown');
        return took(personId, setup);
      },
    );

  app.delete(
    '/api/me/card',
    { schema: { summary: 'Take my card off file' } },
    async (request, reply) => {
      const before = await cards.remove(signedIn(request).id);
      if (before) await payments.cards.forget(before.methodId);
      return reply.code(204).send();
    },
  );
};

const shown = ({ brand, last4, addedAtMs }: CardOnFile) => ({ brand, last4, addedAtMs });
