// What variants were offered at in shows, and when: the past from which a reference price is computed. An
// offer counts from its opening to its closing; a drop from when everybody may have its units. What bidders
// made of a lot's price, what only members pay and what costs nothing are no prices that were asked of all.

import type { Kysely } from 'kysely';
import { money } from '../base/money.ts';
import type { OfferTerms } from '../domain/sale/offer.ts';
import type { AskedPrice } from '../domain/sale/reference-price.ts';
import type { ShowEvent } from '../domain/show/show.ts';
import type { View } from './projector.ts';
import type { AskedPriceRow, ViewTables } from './tables.ts';

export const askedPricesView: View = {
  name: 'asked-prices',
  async clear(tx) {
    await tx.deleteFrom('asked_price_view').execute();
  },
  async apply(tx, events) {
    for (const recorded of events) {
      if (!recorded.stream.startsWith('show-')) continue;
      const event = recorded as unknown as ShowEvent;
      switch (event.kind) {
        case 'OfferRequested': {
          const rows = rowsOf(event.data.terms);
          if (rows.length > 0) await tx.insertInto('asked_price_view').values(rows).execute();
          break;
        }
        case 'OfferOpened':
        case 'DropOpened': {
          const { data } = event;
          const isDrop = 'dropId' in data;
          // Early access is asked of some only.
          if (isDrop && data.tier !== null) break;
          await tx
            .updateTable('asked_price_view')
            .set({ from_ms: recorded.atMs, until_ms: data.closesAtMs })
            .where('offer_id', '=', isDrop ? data.dropId : data.offerId)
            .where('by_drop', '=', isDrop)
            .where('from_ms', 'is', null)
            .execute();
          break;
        }
        case 'OfferClosed':
          await tx
            .updateTable('asked_price_view')
            .set({ until_ms: recorded.atMs })
            .where('offer_id', '=', event.data.offerId)
            .where('from_ms', 'is not', null)
            .execute();
          break;
        default:
          break;
      }
    }
  },
};

const rowsOf = ({ offerId, by, variants }: OfferTerms): AskedPriceRow[] =>
  by === 'lot'
    ? []
    : variants
        .filter(({ price }) => price.minor > 0)
        .map(({ variantId, price }) => ({
          offer_id: offerId,
          variant_id: variantId,
          by_drop: by === 'drop',
          price_minor: price.minor,
          currency: price.currency,
          from_ms: null,
          until_ms: null,
        }));

/** What shows asked for these variants, by variant; `except` leaves one offer out. */
export const askedInShows = async (
  db: Kysely<ViewTables>,
  variantIds: readonly string[],
  except: string | null,
): Promise<Map<string, AskedPrice[]>> => {
  const asked = new Map<string, AskedPrice[]>();
  if (variantIds.length === 0) return asked;
  const rows = await db
    .selectFrom('asked_price_view')
    .selectAll()
    .where('variant_id', 'in', variantIds)
    .execute();
  for (const { offer_id, variant_id, price_minor, currency, from_ms, until_ms } of rows) {
    if (from_ms === null || offer_id === except) continue;
    const of = asked.get(variant_id) ?? [];
    of.push({ price: money(price_minor, currency), fromMs: from_ms, untilMs: until_ms });
    asked.set(variant_id, of);
  }
  return asked;
};
