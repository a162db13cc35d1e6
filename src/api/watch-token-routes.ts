// The door at which somebody gets a token for another player than the shop's pages (WHEP's bearer token), and who is
// behind one that a player shows. Rules: docs/rules/access.md, TKT-10.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Accounts } from '../accounts/accounts.ts';
import type { WatchTokens } from '../accounts/watch-tokens.ts';
import type { ShowId } from '../base/brand.ts';
import { id, watchToken } from '../protocol/http.ts';
import type { You } from '../protocol/socket.ts';
import { ProblemError } from './problem-reply.ts';
import type { ShowDoor } from './show-access.ts';
import type { ShowDesk } from './show-desk.ts';
import { signedIn } from './visitor.ts';

export type WatchTokenRoutesOptions = {
  readonly tokens: Pick<WatchTokens, 'make'>;
  readonly desk: Pick<ShowDesk, 'summary'>;
  readonly door: Pick<ShowDoor, 'admit'>;
  readonly publicUrl: string;
};

export const watchTokenRoutes =
  ({ tokens, desk, door, publicUrl }: WatchTokenRoutesOptions) =>
  async (instance: FastifyInstance) => {
    instance.withTypeProvider<ZodTypeProvider>().post(
      '/api/shows/:show/watch-token',
      {
        schema: {
          summary: 'Make a token with which another player watches a show by WHEP',
          params: z.object({ show: id }),
          response: { 201: watchToken },
        },
      },
      async (request, reply) => {
        const person = signedIn(request);
        const { show } = request.params;
        if (!(await desk.summary(show as ShowId))) throw new ProblemError('show-unknown');
        await door.admit(request.you, show);
        reply.header('cache-control', 'no-store');
        return reply
          .code(201)
          .send({ address: `${publicUrl}/whep/${show}`, ...tokens.make(person.id, show) });
      },
    );
  };

/** Who is behind a token at the door of a show; null when nobody is. */
export const watcherBehind =
  (tokens: Pick<WatchTokens, 'personOf'>, accounts: Pick<Accounts, 'person'>) =>
  async (token: string, showId: string): Promise<You | null> => {
    const personId = tokens.personOf(token, showId);
    const person = personId === null ? null : await accounts.person(personId);
    if (!person) return null;
    const { name, role, guest } = person;
    return { personId: person.personId, name, role, guest };
  };
