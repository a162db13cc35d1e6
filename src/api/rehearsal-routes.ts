// The doors of rehearsals: begin one from a planned show, look at how it stands, read its report. What is done in a
// rehearsal goes through the doors of shows (rehearsing.ts). Rules: docs/rules/rehearsal.md.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ShowId } from '../base/brand.ts';
import { isRefusal } from '../base/result.ts';
import { id } from '../protocol/http.ts';
import {
  rehearsalAnswer,
  rehearsalsAnswer,
  rehearsalView,
  startRehearsalBody,
  type Tempo,
} from '../protocol/rehearsal.ts';
import type { RehearsalBook } from '../rehearsal/rehearsal-book.ts';
import type { Rehearsals } from '../rehearsal/rehearsals.ts';
import { ProblemError, refusalError } from './problem-reply.ts';
import type { ShowDesk } from './show-desk.ts';
import { director, signedIn } from './visitor.ts';

export type RehearsalRoutesOptions = {
  readonly rehearsals: Pick<Rehearsals, 'begin' | 'of' | 'view'>;
  readonly book: Pick<RehearsalBook, 'at' | 'of'>;
  readonly desk: Pick<ShowDesk, 'summary'>;
};

const showParams = z.object({ show: id });

/** [RHS-4] The crew's alone; a moderator may look. */
const crew = (request: FastifyRequest): void => {
  if (signedIn(request).role === 'shopper') throw new ProblemError('not-allowed');
};

export const rehearsalRoutes =
  ({ rehearsals, book, desk }: RehearsalRoutesOptions) =>
  async (instance: FastifyInstance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.post(
      '/api/shows/:show/rehearsals',
      {
        schema: {
          summary: 'Rehearse a planned show',
          params: showParams,
          body: startRehearsalBody,
          response: { 201: rehearsalView },
        },
      },
      async (request, reply) => {
        const { id: personId, name } = director(request);
        const showId = request.params.show as ShowId;
        const show = await desk.summary(showId);
        if (!show) throw new ProblemError('show-unknown');
        if (show.phase !== 'planned') throw new ProblemError('show-not-planned');
        const { crowd, tempo, seed } = request.body;
        const wish = { showId, by: { personId, name }, crowd, tempo: tempo as Tempo, seed };
        const begun = await rehearsals.begin(wish);
        if (isRefusal(begun)) throw refusalError(begun);
        return reply
          .code(201)
          .header('location', `/api/rehearsals/${begun.rehearsalId}`)
          .send(begun);
      },
    );

    app.get(
      '/api/shows/:show/rehearsals',
      {
        schema: {
          summary: 'The rehearsals of a show: under way, then those that are over',
          params: showParams,
          response: { 200: rehearsalsAnswer },
        },
      },
      async (request) => {
        crew(request);
        return { rehearsals: await rehearsals.of(request.params.show) };
      },
    );

    app.get(
      '/api/rehearsals/:rehearsal',
      {
        schema: {
          summary: 'One rehearsal, with the one before it',
          params: z.object({ rehearsal: id }),
          response: { 200: rehearsalAnswer },
        },
      },
      async (request) => {
        crew(request);
        const { rehearsal: rehearsalId } = request.params;
        const kept = await book.at(rehearsalId);
        if (kept) return kept;
        const running = rehearsals.view(rehearsalId);
        if (!running) throw new ProblemError('rehearsal-unknown');
        const [before = null] = await book.of(running.showId);
        return { rehearsal: running, before };
      },
    );
  };
