// What `npm run verify` looks at beyond the chain: what a whole chain can still get wrong. Each check reads
// the published events alone.

import type { LogCheck } from '../../src/receipts/verify-log.ts';
import { auctions } from './auctions.ts';
import { draws } from './draws.ts';

type Hold = {
  readonly holdId: string;
  readonly offerId: string;
  readonly variantId: string;
  readonly quantity: number;
  readonly personId: string;
};

type Units = Pick<Hold, 'variantId' | 'quantity'>;

/** What an offer says of its variants; `parts` of one bundle. */
type Offered = {
  readonly offerId: string;
  readonly variants: readonly { readonly variantId: string; readonly parts?: readonly Units[] }[];
};

/** Time in a show never runs backwards, whatever the machine's clock does (ENG-5). */
const time: LogCheck = {
  name: 'time never runs backwards',
  begin() {
    let beforeMs = 0;
    return {
      event({ atMs }) {
        const earlier = atMs < beforeMs;
        beforeMs = atMs;
        return earlier ? 'it is earlier than the event before' : null;
      },
      end: () => null,
    };
  },
};

type Pool = { given: number; held: number; sold: number; back: number };

/**
 * Units in carts, sold and given back are never more than the offer was given (OFF). Counted as the stock
 * has them: a bundle is as many units as its parts are (PRI-19).
 */
const units: LogCheck = {
  name: 'no unit was promised twice',
  begin() {
    const pools = new Map<string, Pool>();
    const partsOf = new Map<string, readonly Units[]>();
    const holds = new Map<string, Hold>();
    const add = (
      member: keyof Pool,
      { offerId, variantId, quantity }: Pick<Hold, 'offerId' | 'variantId' | 'quantity'>,
      sign = 1,
    ): string | null => {
      let why: string | null = null;
      const one = [{ variantId, quantity: 1 }];
      for (const part of partsOf.get(`${offerId} ${variantId}`) ?? one) {
        const name = `${offerId} ${part.variantId}`;
        const pool = pools.get(name) ?? { given: 0, held: 0, sold: 0, back: 0 };
        pools.set(name, pool);
        pool[member] += sign * quantity * part.quantity;
        const { given, held, sold, back } = pool;
        if (held + sold + back > given)
          why ??= `${held} in carts, ${sold} sold and ${back} given back are more than the ${given} that the offer had`;
      }
      return why;
    };
    return {
      event({ kind, data }) {
        switch (kind) {
          case 'OfferRequested': {
            const { offerId, variants } = (data as { terms: Offered }).terms;
            for (const { variantId, parts } of variants)
              if (parts) partsOf.set(`${offerId} ${variantId}`, parts);
            return null;
          }
          case 'OfferAllocated':
            return add('given', data as Hold);
          case 'UnitsReleased':
            return add('back', data as Hold);
          case 'HoldPlaced':
            if (holds.has((data as Hold).holdId)) return 'a hold with this id stands already';
            holds.set((data as Hold).holdId, data as Hold);
            return add('held', data as Hold);
          case 'HoldReleased':
          case 'HoldExpired':
          case 'HoldSettled': {
            const hold = holds.get((data as Hold).holdId);
            if (hold === undefined) return 'it ends a hold that doesn’t stand';
            holds.delete(hold.holdId);
            add('held', hold, -1);
            return kind === 'HoldSettled' ? add('sold', hold) : null;
          }
          default:
            return null;
        }
      },
      end: () => null,
    };
  },
};

/** What one person may take of an offer, over all that they hold and bought (OFF). */
const perPerson: LogCheck = {
  name: 'nobody took more of an offer than one person may',
  begin() {
    const maxima = new Map<string, number | null>();
    const taken = new Map<string, number>();
    return {
      event({ kind, data }) {
        if (kind === 'OfferRequested') {
          const { terms } = data as { terms: { offerId: string; perPersonMax: number | null } };
          maxima.set(terms.offerId, terms.perPersonMax);
        }
        const sign = { HoldPlaced: 1, HoldReleased: -1, HoldExpired: -1 }[kind];
        if (sign === undefined) return null;
        const { offerId, personId, quantity } = data as Hold;
        const name = `${offerId} ${personId}`;
        const now = (taken.get(name) ?? 0) + sign * quantity;
        taken.set(name, now);
        const max = maxima.get(offerId) ?? null;
        return max !== null && now > max
          ? `${personId} has ${now} of an offer of which a person may have ${max}`
          : null;
      },
      end: () => null,
    };
  },
};

export const checks: readonly LogCheck[] = [time, units, perPerson, draws, auctions];
