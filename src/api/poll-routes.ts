// The doors of polls: the crew opens and closes one, whoever is in the room votes. Rules: docs/rules/poll.md.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { PollId } from '../base/brand.ts';
import type { Random } from '../base/ports.ts';
import type { Engine } from '../engine/contract.ts';
import { id } from '../protocol/http.ts';
import { pollTerms, voteBody } from '../protocol/polls.ts';
import { commandIdFor, keyOf, logPlace, placeOf, showTeller } from './command-door.ts';
import type { ShowDoor } from './show-access.ts';
import { signedIn } from './visitor.ts';

export type PollRoutesOptions = {
  readonly engine: Engine;
  readonly random: Random;
  readonly door: Pick<ShowDoor, 'admit'>;
};

const showParams = z.object({ show: id });
const pollParams = showParams.extend({ poll: id });

export const pollRoutes =
  (options: PollRoutesOptions) =>
  async (instance: FastifyInstance): Promise<void> => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const tell = showTeller(options);

    app.post(
      '/api/shows/:show/polls',
      {
        schema: {
          summary: 'Open a poll',
          params: showParams,
          body: pollTerms,
          response: { 201: logPlace.extend({ pollId: id }) },
        },
      },
      async (request, reply) => {
        const person = signedIn(request);
        const { show } = request.params;
        // The poll's id comes from the key, so that a repeated request opens one poll.
        const key = keyOf(request, options.random);
        const pollId = commandIdFor(person.id, `${show} poll id`, key) as string as PollId;
        const command = { kind: 'OpenPoll', pollId, ...request.body } as const;
        const done = await tell(request, person, show, command);
        return reply.code(201).send({ pollId, ...placeOf(done) });
      },
    );

    app.post(
      '/api/shows/:show/polls/:poll/close',
      {
        schema: { summary: 'Close a poll', params: pollParams, response: { 200: logPlace } },
      },
      async (request) => {
        const { show, poll } = request.params;
        const command = { kind: 'ClosePoll', pollId: poll as PollId } as const;
        return placeOf(await tell(request, signedIn(request), show, command));
      },
    );

    app.post(
      '/api/shows/:show/polls/:poll/vote',
      {
        schema: {
          summary: 'Vote in a poll',
          params: pollParams,
          body: voteBody,
          response: { 200: logPlace },
        },
      },
      async (request) => {
        const { show, poll } = request.params;
        const person = signedIn(request);
        await options.door.admit(request.you, show);
        const command = { kind: 'Vote', pollId: poll as PollId, ...request.body } as const;
        return placeOf(await tell(request, person, show, command));
      },
    );
  };
