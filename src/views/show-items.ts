// The items on the shelves of shows, to be found before a show: "which coming show has a signet ring". Only
// shows for everybody are searched by what they sell; the shelf of the others is for those inside.

import type { Kysely } from 'kysely';
import { idOfStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { ShowEvent } from '../domain/show/show.ts';
import type { View } from './projector.ts';
import type { ShowItemRow, ShowRow, ViewTables } from './tables.ts';

export const showItemsView: View = {
  name: 'show-items',
  async clear(tx) {
    await tx.deleteFrom('show_item_view').execute();
  },
  async apply(tx, events) {
    for (const recorded of events) {
      if (recorded.kind !== 'ShelfStocked') continue;
      const event = recorded as unknown as Extract<ShowEvent, { kind: 'ShelfStocked' }>;
      const showId = idOfStream(recorded.stream);
      await tx.deleteFrom('show_item_view').where('show_id', '=', showId).execute();
      const rows = event.data.items.map((item, place): ShowItemRow => {
        const [variant] = item.variants;
        const { maker = '', materials = '', origin = '' } = item.provenance ?? {};
        return {
          show_id: showId,
          product_id: item.productId,
          place,
          title: item.title,
          image_url: item.imageUrl,
          price_minor: variant?.price.minor ?? null,
          currency: variant?.price.currency ?? null,
          words: normalWords([item.title, maker, materials, origin].join(' ')),
        };
      });
      if (rows.length > 0)
        await tx
          .insertInto('show_item_view')
          .values(rows)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
    }
  },
};

/** Text as it is compared: lower case, without accents and signs. */
export const normalWords = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** The words of a search; a plural is searched by its singular. */
export const searchWords = (text: string): readonly string[] =>
  normalWords(text.slice(0, limits.searchTextMax))
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, limits.searchWordsMax)
    .map((word) => (word.length > 3 && word.endsWith('s') ? word.slice(0, -1) : word));

/** An item of a coming show, with its show. */
export type ComingItem = { readonly show: ShowRow; readonly item: ShowItemRow };

/** Shows that run or come, soonest first; `fromMs` leaves out planned ones that were due long ago. */
export const comingShows = (
  db: Kysely<ViewTables>,
  fromMs: number,
  hostId: string | null = null,
): Promise<ShowRow[]> => {
  let query = db
    .selectFrom('show_view')
    .selectAll()
    .where('phase', 'in', ['planned', 'live'])
    .where('starts_at_ms', '>=', fromMs);
  if (hostId !== null) query = query.where('host_id', '=', hostId);
  return query.orderBy('starts_at_ms').limit(limits.calendarShowsMax).execute();
};

/** What coming shows for everybody have on their shelves that every word of the search is found in, soonest first. */
export const comingItems = async (
  db: Kysely<ViewTables>,
  fromMs: number,
  text: string,
): Promise<readonly ComingItem[]> => {
  const words = searchWords(text);
  if (words.length === 0) return [];
  const shows = (await comingShows(db, fromMs)).filter(
    ({ access }) => (JSON.parse(access) as { for: string }).for === 'everybody',
  );
  if (shows.length === 0) return [];
  let query = db
    .selectFrom('show_item_view')
    .selectAll()
    .where(
      'show_id',
      'in',
      shows.map(({ show_id }) => show_id),
    );
  // Words hold letters and digits alone: nothing in them is a pattern.
  for (const word of words) query = query.where('words', 'like', `%${word}%`);
  const items = await query.orderBy('place').limit(1_000).execute();
  const found = shows.flatMap((show) =>
    items.filter(({ show_id }) => show_id === show.show_id).map((item) => ({ show, item })),
  );
  return found.slice(0, limits.comingItemsMax);
};

/** All of a time, of every phase, for the office's calendar and for calendars that are subscribed to. */
export const showsBetween = (
  db: Kysely<ViewTables>,
  range: { readonly fromMs: number; readonly toMs: number; readonly hostId?: string | null },
): Promise<ShowRow[]> => {
  let query = db
    .selectFrom('show_view')
    .selectAll()
    .where('starts_at_ms', '>=', range.fromMs)
    .where('starts_at_ms', '<', range.toMs);
  if (range.hostId) query = query.where('host_id', '=', range.hostId);
  return query.orderBy('starts_at_ms').limit(limits.calendarShowsMax).execute();
};
