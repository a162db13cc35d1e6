// What stands ready in a segment, in words: an offer by its product and price, a lot or drop by its title, a
// poll by its question. Pure.

import { formatMoney } from '../../base/money.ts';
import type { SegmentCueBody } from '../../protocol/http.ts';
import type { Room } from '../../protocol/room.ts';

export type CueRoom = Pick<Room, 'shelf' | 'lots' | 'drops'>;

/** Null: it can't be fired, since what it is about is gone or fired already. */
export const cueWords = (cue: SegmentCueBody, { shelf, lots, drops }: CueRoom): string | null => {
  switch (cue.kind) {
    case 'offer': {
      const item = shelf.find(({ productId }) => productId === cue.productId);
      const [first] = cue.variants;
      const currency = item?.variants[0]?.price.currency;
      if (!item || !first || !currency) return null;
      const minutes = Math.round(cue.durationMs / 6_000) / 10;
      const units = cue.variants.reduce((sum, { quantity }) => sum + quantity, 0);
      const price = formatMoney({ minor: first.priceMinor, currency });
      return `Offer ${item.title}: ${price}, ${units} ${units === 1 ? 'unit' : 'units'}, ${minutes} min`;
    }
    case 'poll':
      return `Poll: ${cue.question}`;
    case 'lot': {
      const lot = lots.find(({ lotId }) => lotId === cue.id);
      return lot?.figures.phase === 'prepared' ? `Lot: ${lot.title}` : null;
    }
    case 'drop': {
      const drop = drops.find(({ dropId }) => dropId === cue.id);
      if (drop?.figures.phase !== 'announced') return null;
      return `${drop.isGiveaway ? 'Giveaway' : 'Drop'}: ${drop.title}`;
    }
  }
};
