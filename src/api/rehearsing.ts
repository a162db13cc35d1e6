// Rehearsals behind the doors of shows: the same addresses and the same socket, and what is said to a rehearsal goes to
// its own engine and room. The rule it guards: a request that names a rehearsal meets only what rehearsals have, only
// from the crew, only while it goes on; nothing named so ever reaches the shop's engine. Rules: docs/rules/rehearsal.md.

import { generateKeyPairSync, sign } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { idOfStream, type ShowId, typeOfStream, type VariantId } from '../base/brand.ts';
import type { Clock, Random } from '../base/ports.ts';
import { isRehearsal } from '../base/rehearsal-id.ts';
import type { PriceSettings } from '../domain/order/price.ts';
import type { Engine } from '../engine/contract.ts';
import type { MediaPlane } from '../media/media-plane.ts';
import type { SegmentBody, ShowSummary } from '../protocol/http.ts';
import { Notary } from '../receipts/notary.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { createRehearsalBook } from '../rehearsal/rehearsal-book.ts';
import { Rehearsals } from '../rehearsal/rehearsals.ts';
import { stockLevels } from '../views/stock.ts';
import { createShowDesk, type DeskOptions } from './desks.ts';
import type { Front } from './front.ts';
import { LiveDoor } from './live-socket.ts';
import { ProblemError } from './problem-reply.ts';
import { rehearsalRoutes } from './rehearsal-routes.ts';
import type { ShowDoor } from './show-access.ts';
import type { ShowDesk } from './show-desk.ts';
import { refuseUpgrade } from './upgrade-refusal.ts';
import { originAllowed, type SessionOf, signedIn } from './visitor.ts';

export type RehearsingOptions = DeskOptions & {
  readonly app: FastifyInstance;
  readonly engine: Engine;
  readonly pool: Pool;
  readonly media: Pick<MediaPlane, 'leave' | 'onEvent'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly price: PriceSettings;
  readonly front: Front;
  readonly sessionOf: SessionOf;
  readonly nonceOf: (...words: readonly string[]) => string;
  readonly showDoor: Pick<ShowDoor, 'refusal' | 'outside'>;
  readonly publicUrl: string;
  readonly logger: FastifyBaseLogger;
};

export type Rehearsing = {
  /** The shop's engine; a rehearsal's own for its show. */
  readonly engine: Engine;
  /** The shop's desk; of a rehearsal what it has. */
  readonly desk: ShowDesk;
  /** Takes a socket to a rehearsal; false when it is for a show. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  readonly stop: () => Promise<void>;
};

/** [RHS-3] The doors that a rehearsal has. Every other that names one answers `not-rehearsed`. */
export const rehearsedDoors: ReadonlySet<string> = new Set([
  'GET /api/shows/:show',
  'POST /api/shows/:show/go-live',
  'POST /api/shows/:show/end',
  'POST /api/shows/:show/cancel',
  'GET /api/shows/:show/segments',
  'PUT /api/shows/:show/segments',
  'PATCH /api/shows/:show/segments',
  'POST /api/shows/:show/segment',
  'POST /api/shows/:show/pin',
  'POST /api/shows/:show/disclosed',
  'POST /api/shows/:show/captions',
  'POST /api/shows/:show/polls',
  'POST /api/shows/:show/polls/:poll/close',
  'PUT /api/shows/:show/comment-claims',
  'POST /api/shows/:show/offers',
  'POST /api/shows/:show/offers/:offer/close',
  'DELETE /api/shows/:show/messages/:message',
  'POST /api/shows/:show/lots',
  'POST /api/shows/:show/lots/:lot/open',
  'POST /api/shows/:show/lots/:lot/pause',
  'POST /api/shows/:show/lots/:lot/resume',
  'POST /api/shows/:show/lots/:lot/cancel',
  'POST /api/shows/:show/lots/:lot/withdraw',
  'POST /api/shows/:show/lot-run',
  'DELETE /api/shows/:show/lot-run',
  'POST /api/shows/:show/barred',
  'POST /api/shows/:show/drops',
  'POST /api/shows/:show/drops/:drop/open',
  'POST /api/shows/:show/drops/:drop/cancel',
  'POST /whip/:show',
  'PATCH /whip/:show/:session',
  'DELETE /whip/:show/:session',
  'POST /whep/:show',
  'PATCH /whep/:show/:session',
  'DELETE /whep/:show/:session',
  'GET /media/posters/:file',
]);

/** Opens them: the guard of the doors at once, so before the doors; `app` is the server that has them. */
export const openRehearsing = async (options: RehearsingOptions): Promise<Rehearsing> => {
  const { app, engine, pool, clock, logger } = options;
  const shop = createShowDesk(options);
  const book = createRehearsalBook(pool);
  const sockets = new Map<string, LiveDoor>();
  const rehearsals = new Rehearsals({
    ...options,
    book,
    onHand: async (variantIds) =>
      new Map(
        (await stockLevels(options.db, variantIds)).map(({ variantId, onHand }) => [
          variantId as VariantId,
          onHand,
        ]),
      ),
    report: ({ level, what, ...figures }) => logger[level](figures, what),
    onGone: ({ rehearsalId }) => {
      void sockets.get(rehearsalId)?.close();
      sockets.delete(rehearsalId);
    },
  });

  /** The rehearsal of this id; a problem when it is over. */
  const at = (rehearsalId: string): Rehearsal => {
    const rehearsal = rehearsals.at(rehearsalId);
    if (!rehearsal) throw new ProblemError('rehearsal-unknown');
    return rehearsal;
  };

  app.addHook('onRequest', async (request) => {
    const rehearsalId = namedIn(request);
    if (rehearsalId === null) return;
    // [RHS-4]
    if (signedIn(request).role === 'shopper') throw new ProblemError('not-allowed');
    if (!rehearsedDoors.has(`${request.method} ${request.routeOptions.url}`))
      throw new ProblemError('not-rehearsed');
    at(rehearsalId);
  });
  await app.register(rehearsalRoutes({ rehearsals, book, desk: shop }));

  const doorOf = (rehearsal: Rehearsal): LiveDoor => {
    const known = sockets.get(rehearsal.rehearsalId);
    if (known) return known;
    const door = new LiveDoor({
      ...{ engine: rehearsal.engine, rooms: rehearsal.rooms, clock },
      ...{ front: options.front, sessionOf: options.sessionOf, random: options.random },
      allowOrigin: (origin, host) => originAllowed(origin, host, options.publicUrl),
      // Who rehearses has no limits of their own to keep, no card and no address: nothing is sold.
      nonceOf: options.nonceOf,
      notary: new Notary(passingKey()),
      showDoor: options.showDoor,
      report: (what, error) => logger.error({ err: error }, what),
    });
    sockets.set(rehearsal.rehearsalId, door);
    return door;
  };

  return {
    engine: {
      send: (stream, command, sent) =>
        typeOfStream(stream) === 'show' && isRehearsal(idOfStream(stream))
          ? at(idOfStream(stream)).engine.send(stream, command, sent)
          : engine.send(stream, command, sent),
      head: (stream) => engine.head(stream),
      onCommitted: (listener) => engine.onCommitted(listener),
      stop: () => engine.stop(),
      dump: () => engine.dump(),
    },
    desk: {
      ...shop,
      summary: async (showId) => {
        if (!isRehearsal(showId)) return shop.summary(showId);
        const rehearsal = rehearsals.at(showId);
        return rehearsal ? summaryOf(rehearsal) : null;
      },
      room: async (showId) =>
        isRehearsal(showId) ? (rehearsals.at(showId)?.room() ?? null) : shop.room(showId),
      segments: async (showId) =>
        isRehearsal(showId)
          ? ((rehearsals.at(showId)?.segments ?? []) as unknown as readonly SegmentBody[])
          : shop.segments(showId),
      replay: async (showId) => (isRehearsal(showId) ? null : shop.replay(showId)),
      // Nothing is folded from a rehearsal's log, so there is nothing to wait for.
      shown: async (stream, seq) =>
        isRehearsal(idOfStream(stream)) ? undefined : shop.shown(stream, seq),
    },
    upgrade(request, socket, head) {
      const showId = /^\/api\/shows\/([A-Za-z0-9_-]{1,64})\/live(?:\?|$)/.exec(
        request.url ?? '',
      )?.[1];
      if (showId === undefined || !isRehearsal(showId)) return false;
      const rehearsal = rehearsals.at(showId);
      if (rehearsal) return doorOf(rehearsal).upgrade(request, socket, head);
      socket.on('error', () => {});
      refuseUpgrade(socket, 'rehearsal-unknown');
      return true;
    },
    async stop() {
      await rehearsals.stop();
      await Promise.all([...sockets.values()].map((door) => door.close()));
      sockets.clear();
    },
  };
};

/** The rehearsal that a request is about; null for every other request. */
const namedIn = ({ params, routeOptions }: FastifyRequest): string | null => {
  const { show, file, '*': path } = (params ?? {}) as Readonly<Record<string, string | undefined>>;
  // Files of shows are in the media's folders; those of the pages may be called what they like.
  const isMedia = routeOptions.url?.startsWith('/media/') ?? false;
  const named = isMedia ? [file?.split('.', 1)[0], path?.split('/', 1)[0]] : [show];
  return named.find((one) => one !== undefined && isRehearsal(one)) ?? null;
};

const summaryOf = async (rehearsal: Rehearsal): Promise<ShowSummary | null> => {
  const room = await rehearsal.room();
  if (!room) return null;
  const { plan, phase, startedAtMs, endedAtMs } = room;
  return {
    ...{ showId: rehearsal.rehearsalId as ShowId, phase, startedAtMs, endedAtMs },
    title: plan.title,
    showKind: plan.showKind as ShowSummary['showKind'],
    startsAtMs: plan.startsAtMs,
    hostId: plan.hostId,
    hostName: plan.hostName,
    disclosure: plan.disclosure as ShowSummary['disclosure'],
    isDemo: false,
    viewers: rehearsal.viewers,
    posterUrl: null,
    coverUrl: null,
    hasRecording: false,
    access: 'everybody',
  };
};

/** Receipts of a rehearsal prove nothing: the key that signs them is listed nowhere and ends with it. */
const passingKey = () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    keyId: 'rehearsal',
    sign: (text: string) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
  };
};
