// The way of the prices of lots for a replay: of each second the last one, as it stood. Faster nobody reads it.

import type { RoomMessage } from '../protocol/room.ts';

const secondMs = 1_000;

export class LotPrices {
  readonly #told: { atMs: number; message: RoomMessage }[] = [];
  readonly #last = new Map<string, { atMs: number; minor: number | undefined; place: number }>();

  /** Takes what a lot's event says, if the price moved. */
  take(message: RoomMessage, atMs: number): void {
    if (message.t !== 'lot' || message.figures.phase !== 'open') return;
    const { lotId, figures } = message;
    const minor = figures.price?.minor;
    const last = this.#last.get(lotId);
    if (last?.minor === minor) return;
    const isSameSecond =
      last !== undefined && Math.floor(last.atMs / secondMs) === Math.floor(atMs / secondMs);
    const place = isSameSecond ? last.place : this.#told.length;
    this.#told[place] = { atMs, message };
    this.#last.set(lotId, { atMs, minor, place });
  }

  /** At most `max` of them, the last ones. */
  last(max: number): readonly { readonly atMs: number; readonly message: RoomMessage }[] {
    return this.#told.slice(-max);
  }
}
