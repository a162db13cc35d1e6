// Claims and sales from the shelf, outside of offers, that a show's crew was told of: they stand in the streams of the
// variants, not in the show's. A room that is opened while a show runs reads them here, so that its figures don't
// depend on who was watching. The rule: each event is counted once, by its place in the variant's stream.

import type { HoldId, VariantId } from '../base/brand.ts';
import { stockStream } from '../base/brand.ts';
import type { ShelfHold, StockEvent } from '../domain/stock/stock.ts';
import type { EventLog, RecordedEvent } from '../log/event-log.ts';

/** A hold as far as the crew's figures need it. */
export type ShelfClaim = Pick<ShelfHold, 'personId' | 'quantity' | 'price' | 'showId'>;

export type ShelfSale = { readonly event: RecordedEvent; readonly claim: ShelfClaim };

/** Which part of a variant's stream is asked for. */
export type ShelfRange = {
  /** Holds that were placed before this are of no interest: no show's hold lasts from before its start. */
  readonly sinceMs: number;
  /** The last place that was counted. */
  readonly after: number;
  /** The last place that is to be counted; null for the stream's end. */
  readonly upTo: number | null;
};

const pageEvents = 1_000;

/** What became of the holds that `showId` placed on a variant's shelf, in order. Faults: the log's. */
export async function* shelfSales(
  log: Pick<EventLog, 'read' | 'head'>,
  variantId: VariantId,
  showId: string,
  { sinceMs, after, upTo }: ShelfRange,
): AsyncGenerator<ShelfSale> {
  const stream = stockStream(variantId);
  const end = upTo ?? (await log.head(stream)).version;
  if (end <= after) return;
  const claims = new Map<HoldId, ShelfClaim>();
  let next = await firstSince(log, stream, sinceMs, end);
  while (next <= end) {
    const page = await log.read(stream, next, Math.min(pageEvents, end - next + 1));
    if (page.length === 0) return;
    for (const event of page) {
      const claim = claimOf(event as unknown as StockEvent, claims);
      if (claim && claim.showId === showId && event.seq > after) yield { event, claim };
    }
    next += page.length;
  }
}

const claimOf = (event: StockEvent, claims: Map<HoldId, ShelfClaim>): ShelfClaim | undefined => {
  switch (event.kind) {
    case 'ShelfHoldPlaced':
      claims.set(event.data.holdId, event.data);
      return event.data;
    case 'ShelfHoldReleased':
    case 'ShelfHoldSettled': {
      const claim = claims.get(event.data.holdId);
      claims.delete(event.data.holdId);
      return claim;
    }
    default:
      return undefined;
  }
};

/** The first place that isn't before `sinceMs`, by halving: a variant may have years of other shows behind it. */
const firstSince = async (
  log: Pick<EventLog, 'read'>,
  stream: ReturnType<typeof stockStream>,
  sinceMs: number,
  end: number,
): Promise<number> => {
  let low = 1;
  let high = end + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [event] = await log.read(stream, middle, 1);
    if (event && event.atMs < sinceMs) low = middle + 1;
    else high = middle;
  }
  return low;
};
