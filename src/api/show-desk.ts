// What the doors of a show need to know about the rest of the shop; desks.ts answers it.

import type { OfferId, ProductId, ShowId, StreamId, VariantId } from '../base/brand.ts';
import type { Money } from '../base/money.ts';
import type { ShelfItem } from '../domain/sale/shelf.ts';
import type { Replay, SegmentBody, ShowSummary } from '../protocol/http.ts';
import type { Room } from '../protocol/room.ts';

export interface ShowDesk {
  /** Live, coming and past shows, at most `limit`. */
  list(limit: number): Promise<ShowSummary[]>;
  summary(showId: ShowId): Promise<ShowSummary | null>;
  /** The room as the crowd sees it; null for a show that was never planned. */
  room(showId: ShowId): Promise<Room | null>;
  /** The run of show with the crew's notes. */
  segments(showId: ShowId): Promise<readonly SegmentBody[]>;
  replay(showId: ShowId): Promise<Replay | null>;
  /** Products of the catalogue as a shelf carries them, in the order asked; unknown ones are missing. */
  shelfItems(productIds: readonly ProductId[]): Promise<ShelfItem[]>;
  /**
   * The lowest price that was asked for each variant in the 30 days before now (docs/rules/price.md).
   * `except`: an offer that a repeated request has opened already, which is no past of its own.
   */
  referencePrices(
    items: readonly Pick<ShelfItem, 'variants'>[],
    except: OfferId | null,
  ): Promise<ReadonlyMap<VariantId, Money>>;
  /** Resolves when lists and summaries show what was just done. */
  shown(stream: StreamId, seq: number): Promise<void>;
}
