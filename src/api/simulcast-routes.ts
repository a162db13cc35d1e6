// The doors of simulcast: the shop's destinations, for its owner, and where each stands in a show, for those who direct
// it. The rule: a key comes in and never goes out. Rules: docs/rules/simulcast.md.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Destinations } from '../accounts/destinations.ts';
import { limits } from '../base/limits.ts';
import type { PushPlane } from '../media/push/push-plane.ts';
import { id, type ShowSummary } from '../protocol/http.ts';
import {
  changeDestinationBody,
  type DestinationInShow,
  destinationList,
  destinationTrial,
  destinationView,
  makeDestinationBody,
  simulcastOfShow,
  switchDestinationBody,
} from '../protocol/simulcast.ts';
import { ProblemError, refusalError } from './problem-reply.ts';
import { director, owner } from './visitor.ts';

export type SimulcastRoutesOptions = {
  readonly destinations: Destinations;
  readonly pushes: Pick<PushPlane, 'changed' | 'state' | 'try'>;
  readonly summary: (showId: string) => Promise<ShowSummary | null>;
  readonly nowMs: () => number;
};

export const simulcastRoutes =
  ({ destinations, pushes, summary, nowMs }: SimulcastRoutesOptions) =>
  async (instance: FastifyInstance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const path = '/api/simulcast';
    const one = z.object({ destination: id });
    const inShow = z.object({ show: id });

    app.get(
      path,
      { schema: { summary: 'Destinations of the shop', response: { 200: destinationList } } },
      async (request) => {
        owner(request);
        return { destinations: await destinations.all(), perShowMax: limits.simulcastPerShowMax };
      },
    );
    app.post(
      path,
      {
        schema: {
          summary: 'Add a destination',
          body: makeDestinationBody,
          response: { 201: destinationView },
        },
      },
      async (request, reply) => {
        owner(request);
        const made = await destinations.make(request.body);
        if ('refused' in made) throw refusalError(made);
        void pushes.changed();
        return reply.code(201).send(made);
      },
    );
    app.put(
      `${path}/:destination`,
      {
        schema: {
          summary: 'Change a destination; without a key its key stays',
          params: one,
          body: changeDestinationBody,
          response: { 200: destinationView },
        },
      },
      async (request) => {
        owner(request);
        const { destination } = request.params;
        const before = await destinations.open(destination);
        // A kept key goes to the address that it was given for and nowhere else.
        if (before && request.body.key === null && before.address !== request.body.address)
          throw new ProblemError('destination-key-needed');
        const changed = await destinations.change(destination, request.body);
        if (!changed) throw new ProblemError('destination-unknown');
        void pushes.changed();
        return changed;
      },
    );
    app.delete(
      `${path}/:destination`,
      { schema: { summary: 'Remove a destination', params: one, response: { 204: z.null() } } },
      async (request, reply) => {
        owner(request);
        if (!(await destinations.remove(request.params.destination)))
          throw new ProblemError('destination-unknown');
        void pushes.changed();
        return reply.code(204).send(null);
      },
    );
    app.post(
      `${path}/:destination/try`,
      {
        schema: {
          summary: 'Ask a destination for leave to publish; nothing is sent',
          params: one,
          response: { 200: destinationTrial },
        },
      },
      async (request) => {
        owner(request);
        const found = await destinations.open(request.params.destination);
        if (!found) throw new ProblemError('destination-unknown');
        const trial = await pushes.try(found);
        if (!trial) throw new ProblemError('destination-trials-full');
        return trial;
      },
    );

    const known = async (showId: string) => {
      if (!(await summary(showId))) throw new ProblemError('show-unknown');
    };
    app.get(
      '/api/shows/:show/simulcast',
      {
        schema: {
          summary: 'Where each destination of a show stands',
          params: inShow,
          response: { 200: simulcastOfShow },
        },
      },
      async (request) => {
        director(request);
        const { show } = request.params;
        await known(show);
        const found = await destinations.ofShow(show);
        const atMs = nowMs();
        return {
          destinations: found.map(({ id, name, isOn }): DestinationInShow => {
            const state = isOn ? pushes.state(show, id) : undefined;
            return {
              ...{ id, name, isOn },
              state: state?.state ?? (isOn ? 'waiting' : 'off'),
              bitsPerSecond: state?.bitsPerSecond ?? 0,
              liveForMs: forMs(atMs, state?.liveSinceMs),
              againInMs: state?.nextAtMs == null ? null : Math.max(0, state.nextAtMs - atMs),
              droppedPictures: state?.droppedPictures ?? 0,
              last: state?.last ?? null,
            };
          }),
        };
      },
    );
    app.put(
      '/api/shows/:show/simulcast/:destination',
      {
        schema: {
          summary: 'Switch a destination of a show on or off, while it is live too',
          params: inShow.extend(one.shape),
          body: switchDestinationBody,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        director(request);
        const { show, destination } = request.params;
        await known(show);
        const refused = await destinations.switch(show, destination, request.body.isOn);
        if (refused) throw refusalError(refused);
        void pushes.changed();
        return reply.code(204).send(null);
      },
    );
  };

const forMs = (atMs: number, sinceMs: number | null | undefined): number | null =>
  sinceMs == null ? null : Math.max(0, atMs - sinceMs);
