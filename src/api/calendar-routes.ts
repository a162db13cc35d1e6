// The doors of the calendar: what comes and what it sells for everybody, files and addresses for calendars,
// and for directors planning by the day: notices, series, moving and calling off. A show is planned and
// changed by its own commands; this file only carries a change on to those that follow.

import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ShowId, type StreamId, showStream } from '../base/brand.ts';
import type { Clock, Random } from '../base/ports.ts';
import { isRefusal } from '../base/result.ts';
import { isZone } from '../base/zone.ts';
import type { Engine } from '../engine/contract.ts';
import { id } from '../protocol/http.ts';
import {
  type Coming,
  callOffBody,
  noticeBody,
  rangeQuery,
  repeatBody,
  rescheduleBody,
  searchQuery,
} from '../protocol/remind.ts';
import { type CalendarOptions, feedCalendar, showCalendar } from '../remind/calendar.ts';
import type { Reminders } from '../remind/reminders.ts';
import { comingItems, comingShows, showsBetween } from '../views/show-items.ts';
import type { ShowRow } from '../views/tables.ts';
import { calendarEntries, lateMs } from './calendar-entries.ts';
import { keyOf, showTeller } from './command-door.ts';
import { ProblemError, refusalError } from './problem-reply.ts';
import { director, signedIn } from './visitor.ts';

export type CalendarRoutesOptions = CalendarOptions & {
  readonly reminders: Pick<Reminders, 'series' | 'db'>;
  readonly engine: Engine;
  readonly random: Random;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Resolves when lists and summaries show what was just done. */
  readonly shown: (stream: StreamId, seq: number) => Promise<void>;
};

const showParams = z.object({ show: id });
const dayMs = 24 * 3_600_000;
const rangeMsMax = 400 * dayMs;
const feedBackMs = 30 * dayMs;
const feedAheadMs = 400 * dayMs;

export const calendarRoutes =
  (options: CalendarRoutesOptions) => async (instance: FastifyInstance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const { reminders, clock, shown } = options;
    const { db, series } = reminders;
    // The same tables, in the words of the views.
    const views = db as unknown as Parameters<typeof comingShows>[0];
    const tell = showTeller(options);

    const rowOf = async (showId: string): Promise<ShowRow> => {
      const row = await db
        .selectFrom('show_view')
        .selectAll()
        .where('show_id', '=', showId)
        .executeTakeFirst();
      if (!row) throw new ProblemError('show-unknown');
      return row;
    };

    const entries = (rows: readonly ShowRow[]) => calendarEntries(db, rows);
    const teasers = async (rows: readonly ShowRow[]) =>
      new Map((await entries(rows)).map(({ showId, teaser }) => [showId, teaser]));

    app.get(
      '/api/coming',
      {
        schema: { summary: 'Coming shows, or those that sell something', querystring: searchQuery },
      },
      async (request): Promise<Coming> => {
        const { q, host } = request.query;
        const fromMs = clock.nowMs() - lateMs;
        if (q.trim() === '') {
          const rows = await comingShows(views, fromMs, host ?? null);
          return { shows: (await entries(rows)).map((show) => ({ ...show, items: [] })) };
        }
        const found = await comingItems(views, fromMs, q);
        const rows = [...new Map(found.map(({ show }) => [show.show_id, show])).values()];
        return {
          shows: (await entries(rows)).map((show) => ({
            ...show,
            items: found
              .filter(({ item }) => item.show_id === show.showId)
              .map(({ item }) => ({
                productId: item.product_id,
                title: item.title,
                imageUrl: item.image_url,
                price:
                  item.price_minor === null || item.currency === null
                    ? null
                    : { minor: item.price_minor, currency: item.currency },
              })),
          })),
        };
      },
    );

    /** A calendar asks again and again: what hasn't changed isn't sent. */
    const sendCalendar = (
      reply: FastifyReply,
      text: string,
      type: string,
      fileName: string | null,
    ) => {
      const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
      reply.header('etag', tag).header('cache-control', 'public, max-age=300');
      if (reply.request.headers['if-none-match'] === tag) return reply.code(304).send();
      if (fileName) reply.header('content-disposition', `attachment; filename="${fileName}"`);
      return reply.type(type).send(text);
    };

    app.get(
      '/api/shows/:show/calendar.ics',
      { schema: { summary: 'One show as a calendar’s file', params: showParams } },
      async (request, reply) => {
        const row = await rowOf(request.params.show);
        const teaser = (await teasers([row])).get(row.show_id) ?? '';
        const { method, content } = showCalendar(options, row, teaser);
        const type = `text/calendar; charset=utf-8; method=${method}`;
        return sendCalendar(reply, content, type, `${row.show_id}.ics`);
      },
    );

    app.get(
      '/api/calendar.ics',
      {
        schema: {
          summary: 'All shows, or those of a host, for a calendar to subscribe to',
          querystring: z.object({ host: id.optional() }),
        },
      },
      async (request, reply) => {
        const nowMs = clock.nowMs();
        const rows = await showsBetween(views, {
          fromMs: nowMs - feedBackMs,
          toMs: nowMs + feedAheadMs,
          hostId: request.query.host ?? null,
        });
        const own = rows.filter(({ is_demo }) => !is_demo);
        const text = feedCalendar(options, own, await teasers(own));
        return sendCalendar(reply, text, 'text/calendar; charset=utf-8', null);
      },
    );

    app.get(
      '/api/calendar',
      { schema: { summary: 'Shows of a time, for the crew', querystring: rangeQuery } },
      async (request) => {
        if (signedIn(request).role === 'shopper') throw new ProblemError('not-allowed');
        const { fromMs, toMs } = request.query;
        const until = Math.min(toMs, fromMs + rangeMsMax);
        return { shows: await entries(await showsBetween(views, { fromMs, toMs: until })) };
      },
    );

    app.get(
      '/api/shows/:show/notice',
      { schema: { summary: 'What a show’s announcement says', params: showParams } },
      async (request) => {
        const [entry] = await entries([await rowOf(request.params.show)]);
        return { ...entry, series: await series.of(request.params.show) };
      },
    );

    app.put(
      '/api/shows/:show/notice',
      {
        schema: {
          summary: 'Write a show’s announcement, and say its time zone',
          params: showParams,
          body: noticeBody,
        },
      },
      async (request) => {
        director(request);
        const { show } = request.params;
        const { teaser, timeZone } = request.body;
        if (!isZone(timeZone)) throw new ProblemError('zone-unknown');
        await rowOf(show);
        const change = { teaser, time_zone: timeZone };
        await db
          .insertInto('show_notices')
          .values({ show_id: show, ...change })
          .onConflict((conflict) => conflict.column('show_id').doUpdateSet(change))
          .execute();
        return { teaser, timeZone };
      },
    );

    app.put(
      '/api/shows/:show/repeat',
      { schema: { summary: 'Let a show come again', params: showParams, body: repeatBody } },
      async (request) => {
        director(request);
        const { timeZone, ...rule } = request.body;
        if (!isZone(timeZone)) throw new ProblemError('zone-unknown');
        const begun = await series.begin(request.params.show, rule, timeZone);
        if (isRefusal(begun)) throw refusalError(begun);
        return begun;
      },
    );

    app.put(
      '/api/shows/:show/time',
      {
        schema: {
          summary: 'Move a show, alone or with those that follow it',
          params: showParams,
          body: rescheduleBody,
        },
      },
      async (request) => {
        const person = director(request);
        const { show } = request.params;
        const { startsAtMs, title, following } = request.body;
        const model = await series.model(show);
        if (!model) throw new ProblemError('show-unknown');
        const plan = { ...model.plan, startsAtMs, ...(title === undefined ? {} : { title }) };
        const key = keyOf(request, options.random);
        const { seq } = await tell(request, person, show, { kind: 'ChangePlan', plan });
        if (following) await series.carryOn(show, person, key);
        await shown(showStream(show as ShowId), seq);
        const [entry] = await entries([await rowOf(show)]);
        return entry;
      },
    );

    app.post(
      '/api/shows/:show/hand-on',
      {
        schema: {
          summary: 'Give the shows that follow in a series the plan of this one',
          params: showParams,
          response: { 200: z.object({ shows: z.number() }) },
        },
      },
      async (request) => {
        const person = director(request);
        const { show } = request.params;
        if (!(await series.of(show))) throw new ProblemError('series-unknown');
        return { shows: await series.handOn(show, person, keyOf(request, options.random)) };
      },
    );

    app.post(
      '/api/shows/:show/call-off',
      {
        schema: {
          summary: 'Call a show off, alone or with those that follow it',
          params: showParams,
          body: callOffBody,
        },
      },
      async (request) => {
        const person = director(request);
        const { show } = request.params;
        const { reason, following } = request.body;
        const key = keyOf(request, options.random);
        const { seq } = await tell(request, person, show, { kind: 'CancelShow', reason });
        if (following) await series.endAfter(show, person, key);
        await shown(showStream(show as ShowId), seq);
        const [entry] = await entries([await rowOf(show)]);
        return entry;
      },
    );
  };
