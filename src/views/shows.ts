// The list of shows: what stands in a calendar, on the front page and above a replay.

import type { Kysely } from 'kysely';
import { idOfStream } from '../base/brand.ts';
import { everybody, type ShowAccess } from '../domain/show/access.ts';
import type { ShowEvent } from '../domain/show/show.ts';
import type { RecordedEvent } from '../log/event-log.ts';
import type { View } from './projector.ts';
import type { ShowRow, ViewTables } from './tables.ts';

export const showsView: View = {
  name: 'shows',
  async clear(tx) {
    await tx.deleteFrom('show_view').execute();
  },
  async apply(tx, events) {
    for (const event of events) {
      if (!event.stream.startsWith('show-')) continue;
      const change = changeOf(event);
      if (change === null) continue;
      const showId = idOfStream(event.stream);
      if (event.kind === 'ShowPlanned') {
        await tx
          .insertInto('show_view')
          .values({ ...blank, ...change, show_id: showId } as ShowRow)
          .onConflict((conflict) => conflict.column('show_id').doUpdateSet(change))
          .execute();
      } else {
        await tx.updateTable('show_view').set(change).where('show_id', '=', showId).execute();
      }
    }
  },
};

const blank = {
  segments: '[]',
  started_at_ms: null,
  ended_at_ms: null,
  recording_url: null,
  poster_url: null,
  cover_url: null,
  partner: null,
};

const changeOf = (recorded: RecordedEvent): Partial<ShowRow> | null => {
  const event = recorded as unknown as ShowEvent;
  switch (event.kind) {
    case 'ShowPlanned':
    case 'PlanChanged': {
      const { plan } = event.data;
      return {
        title: plan.title,
        show_kind: plan.showKind,
        phase: 'planned',
        starts_at_ms: plan.startsAtMs,
        host_id: plan.hostId,
        host_name: plan.hostName,
        shop_name: plan.shopName,
        disclosure: plan.disclosure,
        is_demo: plan.isDemo,
        access: JSON.stringify(plan.access ?? everybody),
        cover_url: plan.coverUrl ?? null,
        partner: plan.partner ?? null,
        plan_seq: recorded.seq,
        plan_at_ms: recorded.atMs,
      };
    }
    case 'CoverChosen':
      return { cover_url: event.data.coverUrl };
    case 'SegmentsArranged':
      return { segments: JSON.stringify(event.data.segments) };
    case 'ShowStarted':
      return { phase: 'live', started_at_ms: recorded.atMs };
    case 'ShowEnded':
      return { phase: 'ended', ended_at_ms: recorded.atMs };
    case 'ShowCancelled':
      return { phase: 'cancelled', plan_seq: recorded.seq, plan_at_ms: recorded.atMs };
    case 'RecordingAttached':
      return { recording_url: event.data.url, poster_url: event.data.posterUrl };
    case 'RecordingDropped':
      return { recording_url: null, poster_url: null };
    default:
      return null;
  }
};

/** Live shows first, then those to come (soonest first), then the past (latest first). */
export const listShows = async (db: Kysely<ViewTables>, limit: number): Promise<ShowRow[]> => {
  const of = (phase: string, direction: 'asc' | 'desc') =>
    db
      .selectFrom('show_view')
      .selectAll()
      .where('phase', '=', phase)
      .orderBy('starts_at_ms', direction)
      .limit(limit)
      .execute();
  const [live, planned, ended] = await Promise.all([
    of('live', 'desc'),
    of('planned', 'asc'),
    of('ended', 'desc'),
  ]);
  return [...live, ...planned, ...ended].slice(0, limit);
};

export const showById = (db: Kysely<ViewTables>, showId: string): Promise<ShowRow | undefined> =>
  db.selectFrom('show_view').selectAll().where('show_id', '=', showId).executeTakeFirst();

/** Who may come into a show; null when there is none. */
export const accessOfShow = async (
  db: Kysely<ViewTables>,
  showId: string,
): Promise<ShowAccess | null> => {
  const row = await db
    .selectFrom('show_view')
    .select('access')
    .where('show_id', '=', showId)
    .executeTakeFirst();
  return row ? (JSON.parse(row.access) as ShowAccess) : null;
};

/** Shows in a phase, for what must go on after a restart. */
export const showsInPhase = (db: Kysely<ViewTables>, phase: string): Promise<ShowRow[]> =>
  db.selectFrom('show_view').selectAll().where('phase', '=', phase).execute();

/** Ended shows whose recording was not attached. */
export const showsWithoutRecording = (db: Kysely<ViewTables>): Promise<ShowRow[]> =>
  db
    .selectFrom('show_view')
    .selectAll()
    .where('phase', '=', 'ended')
    .where('recording_url', 'is', null)
    .execute();

/** Ended demo shows that still have a recording, latest first. */
export const recordedDemoShows = (db: Kysely<ViewTables>): Promise<ShowRow[]> =>
  db
    .selectFrom('show_view')
    .selectAll()
    .where('is_demo', '=', true)
    .where('phase', '=', 'ended')
    .where('recording_url', 'is not', null)
    .orderBy('ended_at_ms', 'desc')
    .execute();
