// Taking one piece of the shop's off the shelf on a page without a live card: a ticket, a material. What is
// taken is held and goes to the checkout; why it wasn't is said in words.

import { useState } from 'react';
import type { ClaimAnswer, ShopItem } from '../../protocol/http.ts';
import type { MyHold } from '../../protocol/socket.ts';
import { http, newId, problemFrom } from '../live/http-client.ts';
import { limitWords } from './limit-words.ts';
import { createWishKey } from './wish-key.ts';

export type ShelfPurchase = {
  /** The variant that is being taken; null: none. */
  readonly taking: string | null;
  readonly refused: {
    readonly variantId: string;
    readonly title: string;
    readonly detail: string;
    /** Above the person's own threshold: taken after all when they say so. */
    readonly isAsked: boolean;
  } | null;
  /** Resolves to the hold, or to null when it was refused. */
  readonly take: (
    item: ShopItem,
    variantId: string,
    isConfirmed?: boolean,
  ) => Promise<MyHold | null>;
};

export const useShelfPurchase = (showId: string): ShelfPurchase => {
  const [taking, setTaking] = useState<string | null>(null);
  const [refused, setRefused] = useState<ShelfPurchase['refused']>(null);
  const [keys] = useState(() => createWishKey(newId));
  return {
    taking,
    refused,
    async take(item, variantId, isConfirmed = false) {
      const wish = `${variantId} ${isConfirmed}`;
      setTaking(variantId);
      setRefused(null);
      try {
        const answer = await http.post<ClaimAnswer>(
          '/api/holds',
          { variantId, quantity: 1, showId, confirmed: isConfirmed },
          { idempotencyKey: keys.of(wish) },
        );
        keys.answered();
        return holdOf(item, variantId, answer);
      } catch (error) {
        const problem = problemFrom(error);
        if (problem.code !== 'unreachable') keys.answered();
        const { title, detail } = limitWords(problem) ?? problem;
        const isAsked = problem.code === 'needs-confirmation';
        setRefused({ variantId, title, detail, isAsked });
        return null;
      } finally {
        setTaking(null);
      }
    },
  };
};

const holdOf = (item: ShopItem, variantId: string, answer: ClaimAnswer): MyHold => {
  const variant = item.variants.find((one) => one.variantId === variantId);
  return {
    holdId: answer.holdId,
    stream: answer.stream,
    offerId: null,
    productId: item.productId,
    variantId,
    title: variant?.title ? `${item.title}, ${variant.title}` : item.title,
    quantity: answer.quantity,
    unitPrice: answer.unitPrice,
    expiresAtMs: answer.expiresAtMs,
    paying: false,
  };
};
