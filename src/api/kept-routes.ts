// The doors to clips and to what is kept: product pages and receipts play clips, the owner takes recordings and clips
// away and says how long they stay. Rules: docs/rules/replay.md.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { type ShowId, showStream } from '../base/brand.ts';
import { labelOf } from '../base/disclosure.ts';
import { limits } from '../base/limits.ts';
import type { Random } from '../base/ports.ts';
import type { Disclosure } from '../base/words.ts';
import type { Engine } from '../engine/contract.ts';
import type { Keeping } from '../keeping/keeping.ts';
import type { EventLog } from '../log/event-log.ts';
import { id } from '../protocol/http.ts';
import {
  type ClipView,
  clipId,
  clipsAnswer,
  keptClipsAnswer,
  keptRulesBody,
  momentAnswer,
} from '../protocol/kept.ts';
import type { You } from '../protocol/socket.ts';
import { clipOfLot, clipsOfProduct, clipsOfShow, type FoundClip } from '../views/clips.ts';
import type { ViewTables } from '../views/tables.ts';
import { logPlace, placeOf, showTeller } from './command-door.ts';
import type { OrderDesk } from './order-desk.ts';
import { ProblemError } from './problem-reply.ts';
import type { ShowDoor } from './show-access.ts';
import type { ShowDesk } from './show-desk.ts';
import { director, owner, signedIn } from './visitor.ts';
import { wonMomentOf } from './won-moment.ts';

export type KeptRoutesOptions = {
  readonly engine: Engine;
  readonly random: Random;
  readonly db: Kysely<ViewTables>;
  readonly log: EventLog;
  readonly desk: Pick<ShowDesk, 'shown'>;
  readonly orders: Pick<OrderDesk, 'view'>;
  readonly door: Pick<ShowDoor, 'refusal'>;
  readonly keeping: Pick<Keeping, 'rules' | 'setRules'>;
};

const viewOf = (row: FoundClip): ClipView => ({
  clipId: row.clip_id,
  kind: row.lot_id === null ? 'demo' : 'lot',
  title: row.title,
  url: row.url,
  posterUrl: row.poster_url,
  startedAtMs: row.started_at_ms,
  durationMs: row.duration_ms,
  leadMs: row.lead_ms,
  showId: row.show_id,
  showTitle: row.show_title,
  labels: (JSON.parse(row.disclosures) as Disclosure[]).map((disclosure) =>
    labelOf(disclosure, row.host_name, row.partner),
  ),
});

const reasonQuery = z.object({ reason: z.string().trim().min(1).max(limits.reasonMax) });

export const keptRoutes = (options: KeptRoutesOptions) => async (instance: FastifyInstance) => {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { db, log, desk, orders, door, keeping } = options;
  const tell = showTeller(options);

  /** Clips of shows that somebody may come into: one question a show. */
  const forVisitor = async (you: You | null, rows: readonly FoundClip[]): Promise<ClipView[]> => {
    const open = new Map<string, boolean>();
    for (const { show_id } of rows)
      if (!open.has(show_id)) open.set(show_id, (await door.refusal(you, show_id)) === null);
    return rows.filter(({ show_id }) => open.get(show_id)).map(viewOf);
  };

  app.get(
    '/api/products/:product/clips',
    {
      schema: {
        summary: 'Clips that show a product, newest first',
        params: z.object({ product: id }),
        response: { 200: clipsAnswer },
      },
    },
    async (request) => ({
      clips: await forVisitor(request.you, await clipsOfProduct(db, request.params.product)),
    }),
  );

  app.get(
    '/api/shows/:show/clips',
    {
      schema: {
        summary: 'The clips of a show, those that are gone too',
        params: z.object({ show: id }),
        response: { 200: keptClipsAnswer },
      },
    },
    async (request) => {
      director(request);
      const rows = await clipsOfShow(db, request.params.show);
      return {
        clips: rows.map((row) => ({ ...viewOf(row), gone: row.gone as 'demo' | null })),
      };
    },
  );

  app.get(
    '/api/orders/:order/moment',
    {
      schema: {
        summary: 'The moment that an order was won at: clip and bids',
        params: z.object({ order: id }),
        response: { 200: momentAnswer },
      },
      config: { rateLimit: { max: limits.receiptFilesPerMinute, timeWindow: '1 minute' } },
    },
    async (request) => {
      const person = signedIn(request);
      const view = await orders.view(request.params.order);
      const maySee =
        view && (view.buyer.personId === person.id || ['owner', 'host'].includes(person.role));
      if (!view || !maySee) throw new ProblemError('order-unknown');
      const won = await wonMomentOf(log, view);
      if (!won || view.showId === null) return { moment: null };
      const { clipFailed, ...moment } = won;
      const row = await clipOfLot(db, view.showId, won.lotId);
      const gone = row?.gone as 'demo' | null | undefined;
      const missing = clipFailed ? ('none' as const) : ('coming' as const);
      const noClip = row ? (gone ?? null) : missing;
      return { moment: { ...moment, clip: row && !gone ? viewOf(row) : null, noClip } };
    },
  );

  app.delete(
    '/api/shows/:show/recording',
    {
      schema: {
        summary: 'Take the recording of a show away',
        params: z.object({ show: id }),
        querystring: reasonQuery,
        response: { 200: logPlace },
      },
    },
    async (request) => {
      const { show } = request.params;
      const { reason } = request.query;
      const command = { kind: 'DropRecording', why: 'by-the-shop', reason } as const;
      const done = await tell(request, owner(request), show, command);
      await desk.shown(showStream(show as ShowId), done.seq);
      return placeOf(done);
    },
  );

  app.delete(
    '/api/shows/:show/clips/:clip',
    {
      schema: {
        summary: 'Take a clip away',
        params: z.object({ show: id, clip: clipId }),
        querystring: reasonQuery,
        response: { 200: logPlace },
      },
    },
    async (request) => {
      const { show, clip } = request.params;
      const { reason } = request.query;
      const command = { kind: 'RemoveClip', clipId: clip, why: 'by-the-shop', reason } as const;
      const done = await tell(request, owner(request), show, command, `RemoveClip ${clip}`);
      await desk.shown(showStream(show as ShowId), done.seq);
      return placeOf(done);
    },
  );

  app.get(
    '/api/kept-rules',
    {
      schema: {
        summary: 'How long recordings and clips are kept',
        response: { 200: keptRulesBody },
      },
    },
    async (request) => {
      director(request);
      return keeping.rules();
    },
  );

  app.put(
    '/api/kept-rules',
    {
      schema: {
        summary: 'Say how long recordings and clips are kept',
        body: keptRulesBody,
        response: { 200: keptRulesBody },
      },
    },
    async (request) => {
      owner(request);
      await keeping.setRules(request.body);
      return keeping.rules();
    },
  );
};
