// The doors of encoders: a show's and a host's stream keys, made, given another secret and withdrawn, and what the
// encoder of a show sends. Who directs shows may; media itself never passes here. Rules: docs/rules/ingest.md.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { StreamKey, StreamKeys } from '../accounts/stream-keys.ts';
import type { Ingest } from '../media/ingest/ingest.ts';
import type { WhipReports } from '../media/ingest/whip-reports.ts';
import {
  type EncoderReport,
  encoderState,
  type StreamKeyView,
  streamKeyList,
  streamKeyMade,
  streamKeyView,
  streamKeyWish,
} from '../protocol/encoder.ts';
import { id, type ShowSummary } from '../protocol/http.ts';
import { ProblemError, refusalError } from './problem-reply.ts';
import type { StreamKeyDesk } from './stream-key-desk.ts';
import { director, type Person } from './visitor.ts';

export type EncoderRoutesOptions = {
  readonly keys: StreamKeys;
  readonly desk: Pick<StreamKeyDesk, 'onAir' | 'end'>;
  /** Null where RTMP is off. */
  readonly ingest: Pick<Ingest, 'port' | 'report'> | null;
  readonly whip: Pick<WhipReports, 'report'>;
  readonly summary: (showId: string) => Promise<ShowSummary | null>;
  readonly publicUrl: string;
};

/** Whose keys a door is about. */
type Place = { readonly showId: string | null; readonly person: Person };

export const encoderRoutes =
  (options: EncoderRoutesOptions) => async (instance: FastifyInstance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const { keys, desk, ingest, whip, summary, publicUrl } = options;

    const viewOf = (key: StreamKey): StreamKeyView => ({
      id: key.id,
      kind: key.showId === null ? 'host' : 'show',
      ending: key.ending,
      takeOver: key.takeOver,
      createdAtMs: key.createdAtMs,
      lastUsedAtMs: key.lastUsedAtMs,
      onAir: desk.onAir(key.id),
    });
    const addresses = (showId: string | null) => ({
      rtmp: ingest?.port ? `rtmp://${new URL(publicUrl).hostname}:${ingest.port}/live` : null,
      whip: showId === null ? null : `${publicUrl}/whip/${showId}`,
    });
    const ownKey = async ({ showId, person }: Place, keyId: string): Promise<StreamKey> => {
      const key = await keys.get(keyId);
      const isHere =
        key && key.showId === showId && (showId !== null || key.personId === person.id);
      if (!isHere) throw new ProblemError('stream-key-unknown');
      return key;
    };

    const doors = <P extends z.ZodObject>(
      path: string,
      params: P,
      whose: string,
      placeOf: (request: FastifyRequest) => Promise<Place>,
    ) => {
      const withKey = params.extend({ key: id });
      const keyIdOf = (request: FastifyRequest) => (request.params as { key: string }).key;

      app.get(
        path,
        {
          schema: { summary: `Stream keys of ${whose}`, params, response: { 200: streamKeyList } },
        },
        async (request) => {
          const { showId, person } = await placeOf(request);
          const found = await (showId === null ? keys.ofHost(person.id) : keys.ofShow(showId));
          return { keys: found.map(viewOf), addresses: addresses(showId) };
        },
      );
      app.post(
        path,
        {
          schema: {
            summary: `Make a stream key of ${whose}; its secret is told once`,
            params,
            body: streamKeyWish,
            response: { 201: streamKeyMade },
          },
        },
        async (request, reply) => {
          const { showId, person } = await placeOf(request);
          const { takeOver } = request.body as z.infer<typeof streamKeyWish>;
          const made = await keys.make({ showId, personId: person.id, takeOver });
          if ('refused' in made) throw refusalError(made);
          reply.header('cache-control', 'no-store');
          return reply.code(201).send({ ...viewOf(made.key), secret: made.secret });
        },
      );
      app.patch(
        `${path}/:key`,
        {
          schema: {
            summary: 'Say whether a stream key takes over from another publisher',
            params: withKey,
            body: streamKeyWish,
            response: { 200: streamKeyView },
          },
        },
        async (request) => {
          const key = await ownKey(await placeOf(request), keyIdOf(request));
          const { takeOver } = request.body as z.infer<typeof streamKeyWish>;
          return viewOf((await keys.setTakeOver(key.id, takeOver)) ?? key);
        },
      );
      app.post(
        `${path}/:key/rotate`,
        {
          schema: {
            summary: 'Give a stream key another secret; the old one and its publication end',
            params: withKey,
            response: { 200: streamKeyMade },
          },
        },
        async (request, reply) => {
          const key = await ownKey(await placeOf(request), keyIdOf(request));
          const made = await keys.rotate(key.id);
          if (!made) throw new ProblemError('stream-key-unknown');
          await desk.end(key.id);
          reply.header('cache-control', 'no-store');
          return { ...viewOf(made.key), secret: made.secret };
        },
      );
      app.delete(
        `${path}/:key`,
        {
          schema: {
            summary: 'Withdraw a stream key; what is published with it ends',
            params: withKey,
            response: { 204: z.null() },
          },
        },
        async (request, reply) => {
          const key = await ownKey(await placeOf(request), keyIdOf(request));
          await keys.revoke(key.id);
          await desk.end(key.id);
          return reply.code(204).send(null);
        },
      );
    };

    const showParams = z.object({ show: id });
    const showOf = async (request: FastifyRequest): Promise<Place> => {
      const person = director(request);
      const { show } = request.params as z.infer<typeof showParams>;
      if (!(await summary(show))) throw new ProblemError('show-unknown');
      return { showId: show, person };
    };
    doors('/api/shows/:show/stream-keys', showParams, 'a show', showOf);
    doors(
      '/api/me/stream-keys',
      z.object({}),
      'mine, for the shows that I host',
      async (request) => ({
        showId: null,
        person: director(request),
      }),
    );

    app.get(
      '/api/shows/:show/encoder',
      {
        schema: {
          summary: 'What the encoder of a show sends, and what is wrong with it',
          params: showParams,
          response: { 200: encoderState },
        },
      },
      async (request) => {
        const { showId } = await showOf(request);
        return { report: newest(ingest?.report(showId ?? ''), whip.report(showId ?? '')) };
      },
    );
  };

/** Of an encoder by RTMP and one by WHIP: the one that sends, else the one that sent last. */
const newest = (
  rtmp: EncoderReport | null | undefined,
  whip: EncoderReport | null,
): EncoderReport | null => {
  if (!rtmp || !whip) return rtmp ?? whip;
  if (rtmp.state !== whip.state) return rtmp.state === 'on' ? rtmp : whip;
  return rtmp.atMs > whip.atMs ? rtmp : whip;
};
