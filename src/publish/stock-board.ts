// The stock of the variants that watched shows have on their shelves, each kept once however many rooms
// show it. Loads a variant's state when the first room wants it, follows the committed events, and goes
// back to the log when one is missing. Which message it makes is in messages.ts.

import type { VariantId } from '../base/brand.ts';
import { stockStream } from '../base/brand.ts';
import type { JsonObject } from '../base/json.ts';
import { limits } from '../base/limits.ts';
import {
  type ShelfHold,
  type Stock,
  type StockEvent,
  stockDecider,
} from '../domain/stock/stock.ts';
import type { EventLog, RecordedEvent } from '../log/event-log.ts';
import { readStream } from '../log/event-log.ts';

/** A variant's stock at a place of its stream. The board owns it and changes it in place. */
export type StockAt = { readonly seq: number; readonly stock: Stock };

/** Reads variants' stock as it stands; one that was never counted stands at 0. */
export type StockOf = (
  variantIds: readonly VariantId[],
) => Promise<ReadonlyMap<VariantId, StockAt>>;

/** Stock from the log itself: the snapshot, then the events after it. */
export const stockFromLog =
  (log: Pick<EventLog, 'read' | 'loadSnapshot'>): StockOf =>
  async (variantIds) => {
    const found = new Map<VariantId, StockAt>();
    for (const variantId of variantIds) {
      const stream = stockStream(variantId);
      const snapshot = await log.loadSnapshot(stream);
      const usable = snapshot?.schemaVersion === stockDecider.stateVersion ? snapshot : null;
      let stock = usable
        ? stockDecider.load(usable.state as JsonObject)
        : stockDecider.initial(variantId);
      let seq = usable?.seq ?? 0;
      for await (const event of readStream(log, stream, seq + 1)) {
        stock = stockDecider.evolve(stock, event as unknown as StockEvent, event);
        seq = event.seq;
      }
      found.set(variantId, { seq, stock });
    }
    return found;
  };

/** What a room hears of its variants. */
export interface StockWatcher {
  /** The stock as it stands at a place of its stream; called when it is loaded, and again after a gap. */
  stockShown(stock: Stock, seq: number): void;
  /** One event, which `stock` has in it; `hold` is the hold that it is about, as it was before. */
  stockChanged(event: RecordedEvent, stock: Stock, hold: ShelfHold | undefined): void;
}

type Entry = {
  at: { seq: number; stock: Stock } | null;
  /** Events that came while the state was being read. */
  waiting: RecordedEvent[];
  readonly watchers: Set<StockWatcher>;
};

export class StockBoard {
  readonly #stockOf: StockOf;
  readonly #entries = new Map<VariantId, Entry>();
  /** Variants whose reading failed; tried again on the next sweep. */
  readonly #failed = new Set<VariantId>();
  #nextCheck = 0;

  constructor(stockOf: StockOf) {
    this.#stockOf = stockOf;
  }

  /** Makes a watcher hear of these variants and no others. Resolves when all of them were shown. */
  async watch(watcher: StockWatcher, variantIds: ReadonlySet<VariantId>): Promise<void> {
    for (const [variantId, entry] of this.#entries) {
      if (
        !variantIds.has(variantId) &&
        entry.watchers.delete(watcher) &&
        entry.watchers.size === 0
      ) {
        this.#entries.delete(variantId);
      }
    }
    const wanted: VariantId[] = [];
    for (const variantId of variantIds) {
      const entry = this.#entries.get(variantId);
      if (!entry) {
        this.#entries.set(variantId, { at: null, waiting: [], watchers: new Set([watcher]) });
        wanted.push(variantId);
      } else if (!entry.watchers.has(watcher)) {
        entry.watchers.add(watcher);
        if (entry.at) watcher.stockShown(entry.at.stock, entry.at.seq);
        else wanted.push(variantId);
      }
    }
    await this.#load(wanted);
  }

  /** Stops telling a watcher anything. */
  forget(watcher: StockWatcher): void {
    for (const [variantId, entry] of this.#entries) {
      if (entry.watchers.delete(watcher) && entry.watchers.size === 0)
        this.#entries.delete(variantId);
    }
  }

  /** The stock of a variant that somebody watches, once it is loaded. */
  stock(variantId: VariantId): Stock | undefined {
    return this.#entries.get(variantId)?.at?.stock;
  }

  /** Committed events of one variant's stream, in order. */
  committed(variantId: VariantId, events: readonly RecordedEvent[]): void {
    const entry = this.#entries.get(variantId);
    if (!entry) return;
    try {
      for (const event of events) this.#take(variantId, entry, event);
    } catch (error) {
      // What contradicts itself isn't shown any further: the sweep reads it again from the log.
      entry.at = null;
      entry.waiting = [];
      this.#failed.add(variantId);
      throw error;
    }
  }

  /** Reads again what couldn't be read, and the next few variants whose stream has grown unheard. */
  async check(log: Pick<EventLog, 'head'>): Promise<void> {
    const wanted = [...this.#failed].filter((variantId) => this.#entries.has(variantId));
    this.#failed.clear();
    const variantIds = [...this.#entries.keys()];
    const count = Math.min(variantIds.length, limits.roomCheckVariants);
    for (let step = 0; step < count; step += 1) {
      const variantId = variantIds[(this.#nextCheck + step) % variantIds.length]!;
      const { version } = await log.head(stockStream(variantId));
      const at = this.#entries.get(variantId)?.at;
      if (at && version > at.seq) wanted.push(variantId);
    }
    this.#nextCheck += count;
    await this.#load(wanted);
  }

  dump(): { variants: number; failed: number } {
    return { variants: this.#entries.size, failed: this.#failed.size };
  }

  #take(variantId: VariantId, entry: Entry, event: RecordedEvent): void {
    if (!entry.at) {
      entry.waiting.push(event);
      return;
    }
    if (event.seq <= entry.at.seq) return;
    if (event.seq > entry.at.seq + 1) {
      entry.at = null;
      entry.waiting.push(event);
      void this.#load([variantId]);
      return;
    }
    const stockEvent = event as unknown as StockEvent;
    const { stock } = entry.at;
    const hold = 'holdId' in stockEvent.data ? stock.holds.get(stockEvent.data.holdId) : undefined;
    const before = hold && { ...hold };
    entry.at = { seq: event.seq, stock: stockDecider.evolve(stock, stockEvent, event) };
    for (const watcher of entry.watchers) watcher.stockChanged(event, entry.at.stock, before);
  }

  async #load(variantIds: readonly VariantId[]): Promise<void> {
    if (variantIds.length === 0) return;
    let found: ReadonlyMap<VariantId, StockAt>;
    try {
      found = await this.#stockOf(variantIds);
    } catch {
      // The log doesn't answer. The crowd keeps the last figures; the sweep reads again.
      for (const variantId of variantIds) this.#failed.add(variantId);
      return;
    }
    for (const [variantId, { seq, stock }] of found) {
      const entry = this.#entries.get(variantId);
      if (!entry || (entry.at && entry.at.seq >= seq)) continue;
      entry.at = { seq, stock };
      for (const watcher of entry.watchers) watcher.stockShown(stock, seq);
      const waiting = entry.waiting.splice(0);
      for (const event of waiting) this.#take(variantId, entry, event);
    }
  }
}
