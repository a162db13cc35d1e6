// Units that nobody keeps: whoever pays first gets them. The checkout opens with no hold and takes one in the
// moment of paying, under one key a try, so that a lost answer takes nothing twice. Rules:
// docs/rules/comment-claim.md, CCL-8.

import type { Money } from '../../base/money.ts';
import type { CommentedUnits } from '../../protocol/comment-claim.ts';
import type { ClaimAnswer } from '../../protocol/http.ts';
import type { MyHold } from '../../protocol/socket.ts';
import { http, newId, problemFrom } from '../live/http-client.ts';

export type UnheldUnits = CommentedUnits & {
  /** Names this wish on the page. */
  readonly key: string;
  readonly productId: string;
  readonly unitPrice: Money;
};

/** What the checkout shows before anything is held: a hold that never ends, since there is none. */
export const unheld = (showId: string, units: UnheldUnits): MyHold => {
  const { key, offerId, variantId, productId, title, quantity, unitPrice } = units;
  return {
    holdId: `unheld-${key}`,
    stream: `show-${showId}`,
    offerId,
    productId,
    variantId,
    title,
    quantity,
    unitPrice,
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    paying: false,
  };
};

/** Takes the units now: what has been taken is kept for the next try. Throws the shop's problem. */
export const takerOf = (
  showId: string,
  { offerId, variantId, quantity }: UnheldUnits,
  post: Pick<typeof http, 'post'>['post'] = http.post,
) => {
  let key = newId();
  let taken: ClaimAnswer | null = null;
  return {
    async take(): Promise<Pick<MyHold, 'holdId' | 'stream'>> {
      try {
        taken ??= await post<ClaimAnswer>(
          `/api/shows/${showId}/claims`,
          // [LIM-11] Whoever presses Pay has the whole sum before their eyes: they were asked.
          { offerId, variantId, quantity, confirmed: true },
          { idempotencyKey: key },
        );
        return taken;
      } catch (error) {
        // Another try is another wish, unless the answer was lost.
        if (problemFrom(error).code !== 'unreachable') key = newId();
        throw error;
      }
    },
    /** The hold of the former try has run out. */
    forget() {
      taken = null;
      key = newId();
    },
  };
};

export type Taker = ReturnType<typeof takerOf>;
