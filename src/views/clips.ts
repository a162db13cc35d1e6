// The clips that shows have, by product and by show: what product pages and receipts play. A clip that was taken away
// stays as a row that says so.

import type { Kysely } from 'kysely';
import { idOfStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { ClipEvent } from '../domain/show/clips.ts';
import type { View } from './projector.ts';
import type { ClipRow, ViewTables } from './tables.ts';

export const clipsView: View = {
  name: 'clips',
  async clear(tx) {
    await tx.deleteFrom('clip_view').execute();
    await tx.deleteFrom('clip_product_view').execute();
  },
  async apply(tx, events) {
    for (const recorded of events) {
      const event = recorded as unknown as ClipEvent;
      const showId = idOfStream(recorded.stream);
      if (event.kind === 'ClipAttached') {
        const { clip } = event.data;
        const row: ClipRow = {
          show_id: showId,
          clip_id: clip.clipId,
          lot_id: clip.of.kind === 'lot' ? clip.of.lotId : null,
          segment_id: clip.of.kind === 'segment' ? clip.of.segmentId : null,
          title: clip.title,
          disclosures: JSON.stringify(clip.disclosures),
          url: clip.url,
          poster_url: clip.posterUrl,
          started_at_ms: clip.startedAtMs,
          duration_ms: clip.durationMs,
          lead_ms: clip.leadMs,
          gone: null,
        };
        await tx
          .insertInto('clip_view')
          .values(row)
          .onConflict((conflict) => conflict.columns(['show_id', 'clip_id']).doUpdateSet(row))
          .execute();
        const products = [...new Set(clip.productIds)].map((productId) => ({
          product_id: productId,
          show_id: showId,
          clip_id: clip.clipId,
        }));
        if (products.length === 0) continue;
        await tx
          .insertInto('clip_product_view')
          .values(products)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      } else if (event.kind === 'ClipRemoved') {
        const { clipId, why } = event.data;
        await tx
          .updateTable('clip_view')
          .set({ gone: why })
          .where('show_id', '=', showId)
          .where('clip_id', '=', clipId)
          .execute();
      }
    }
  },
};

/** A clip with the show that it is from. */
export type FoundClip = ClipRow & {
  readonly show_title: string;
  readonly host_name: string;
  readonly shop_name: string;
  readonly partner: string | null;
};

const found = (db: Kysely<ViewTables>) =>
  db
    .selectFrom('clip_view')
    .innerJoin('show_view', 'show_view.show_id', 'clip_view.show_id')
    .selectAll('clip_view')
    .select([
      'show_view.title as show_title',
      'show_view.host_name',
      'show_view.shop_name',
      'show_view.partner',
    ]);

/** Clips that show a product and are there, newest first, at most `clipsShown`. */
export const clipsOfProduct = (db: Kysely<ViewTables>, productId: string): Promise<FoundClip[]> =>
  found(db)
    .innerJoin('clip_product_view', (join) =>
      join
        .onRef('clip_product_view.show_id', '=', 'clip_view.show_id')
        .onRef('clip_product_view.clip_id', '=', 'clip_view.clip_id'),
    )
    .where('clip_product_view.product_id', '=', productId)
    .where('clip_view.gone', 'is', null)
    .orderBy('clip_view.started_at_ms', 'desc')
    .limit(limits.clipsShown)
    .execute();

/** All clips of a show in order of time, those that are gone too. */
export const clipsOfShow = (db: Kysely<ViewTables>, showId: string): Promise<FoundClip[]> =>
  found(db)
    .where('clip_view.show_id', '=', showId)
    .orderBy('clip_view.started_at_ms')
    .limit(limits.clipsMax)
    .execute();

/** The clip of a lot, also when it is gone; undefined when none was made. */
export const clipOfLot = (
  db: Kysely<ViewTables>,
  showId: string,
  lotId: string,
): Promise<FoundClip | undefined> =>
  found(db)
    .where('clip_view.show_id', '=', showId)
    .where('clip_view.lot_id', '=', lotId)
    .executeTakeFirst();

/** Clips that are there and were taken before a time, oldest first, each with its products. */
export const clipsBefore = async (
  db: Kysely<ViewTables>,
  beforeMs: number,
  { limit, after = 0 }: { readonly limit: number; readonly after?: number },
): Promise<readonly (ClipRow & { readonly productIds: readonly string[] })[]> => {
  const rows = await db
    .selectFrom('clip_view')
    .selectAll()
    .where('gone', 'is', null)
    .where('started_at_ms', '<', beforeMs)
    .orderBy('started_at_ms')
    .orderBy('show_id')
    .orderBy('clip_id')
    .offset(after)
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const products = await db
    .selectFrom('clip_product_view')
    .selectAll()
    .where(
      'clip_id',
      'in',
      rows.map(({ clip_id }) => clip_id),
    )
    .execute();
  return rows.map((row) => ({
    ...row,
    productIds: products
      .filter(({ show_id, clip_id }) => show_id === row.show_id && clip_id === row.clip_id)
      .map(({ product_id }) => product_id),
  }));
};

/** Ended shows with a recording from before a time, oldest first. */
export const recordingsBefore = async (
  db: Kysely<ViewTables>,
  beforeMs: number,
  limit: number,
): Promise<readonly string[]> => {
  const rows = await db
    .selectFrom('show_view')
    .select('show_id')
    .where('phase', '=', 'ended')
    .where('recording_url', 'is not', null)
    .where('ended_at_ms', '<', beforeMs)
    .orderBy('ended_at_ms')
    .limit(limit)
    .execute();
  return rows.map(({ show_id }) => show_id);
};
