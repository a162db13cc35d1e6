// What a room can still tell one who was away: the last messages of each lane, and where each figure
// changed last. Figures need no list: the present one is all that counts. No sending here.

import { limits } from '../base/limits.ts';
import { isSlow, type Room, type RoomMessage } from '../protocol/room.ts';
import { type Written, write } from './frame.ts';
import { Ring } from './ring.ts';

export type Missed = { readonly fast: readonly Written[]; readonly slow: readonly Written[] };

export class History {
  readonly #fast: Ring;
  readonly #slow: Ring;
  /** The show's place when a figure changed last, by offer and variant. */
  readonly #offerFigures = new Map<string, number>();
  readonly #stockFigures = new Map<string, number>();
  readonly #lotFigures = new Map<string, number>();
  readonly #dropFigures = new Map<string, number>();

  /** Begins at a place: what came before isn't in it. */
  constructor(place: number) {
    this.#fast = new Ring(limits.roomRingMessages, place);
    this.#slow = new Ring(limits.roomRingMessages, place);
  }

  /** Remembers what was told when the show stood at `seq`; the message as it will be sent. */
  add(message: RoomMessage, seq: number): Written | null {
    switch (message.t) {
      case 'offer':
        this.#offerFigures.set(`${message.offerId} ${message.variantId}`, seq);
        return null;
      case 'drop':
        this.#dropFigures.set(message.dropId, seq);
        return null;
      case 'lot':
        this.#lotFigures.set(message.lotId, seq);
        return null;
      case 'stock':
        this.#stockFigures.set(message.variantId, seq);
        return null;
      case 'reactions':
      case 'votes':
      case 'viewers':
        return null;
      default: {
        const written = write(message);
        (isSlow(message) ? this.#slow : this.#fast).add(seq, written);
        return written;
      }
    }
  }

  /** [PUB-3] All that one missed who stood there; null when that can't be told any more. */
  missed(
    place: { readonly fast: number; readonly slow: number },
    room: Room,
    seq: number,
  ): Missed | null {
    if (place.fast > seq || place.slow > seq) return null;
    const fast = this.#fast.after(place.fast);
    const slow = this.slowAfter(place.slow);
    if (!fast || !slow) return null;
    const figures: RoomMessage[] = [];
    for (const { offerId, figures: byVariant } of room.offers) {
      for (const [variantId, now] of Object.entries(byVariant)) {
        // Not changed since the offer was opened, or since the room was: the message before has it.
        const at = this.#offerFigures.get(`${offerId} ${variantId}`) ?? 0;
        if (at > place.fast)
          figures.push({ t: 'offer', seq: at, offerId, variantId, figures: now });
      }
    }
    for (const { lotId, figures: now } of room.lots) {
      const at = this.#lotFigures.get(lotId) ?? 0;
      if (at > place.fast) figures.push({ t: 'lot', seq: at, lotId, figures: now });
    }
    for (const { dropId, figures: now } of room.drops) {
      // Told at its own pace: what changed when the log stood there may be unseen.
      const at = this.#dropFigures.get(dropId) ?? 0;
      if (at >= place.fast) figures.push({ t: 'drop', dropId, figures: now });
    }
    for (const [variantId, now] of Object.entries(room.stock)) {
      // Stock has no place in the show's log: what changed when the log stood there may be unseen.
      if ((this.#stockFigures.get(variantId) ?? seq) >= place.fast) {
        figures.push({ t: 'stock', variantId, figures: now });
      }
    }
    return { fast: [...fast, ...figures.map(write)], slow };
  }

  /** Chat after a place; null when it is gone, or so much that the newest lines say it better. */
  slowAfter(place: number): readonly Written[] | null {
    const slow = this.#slow.after(place);
    return slow && slow.length <= limits.chatWindowMax ? slow : null;
  }
}
