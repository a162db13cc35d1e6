// The word by which an offer is claimed in the chat, for its card. Pure.

import type { RoomCommentTerms } from '../../protocol/comment-claim.ts';

/** Below the button of an offer: how its variant is claimed in the chat; null when it can't be now. */
export const codeWords = (
  comments: RoomCommentTerms | null,
  {
    variantId,
    left,
    inCarts,
  }: { readonly variantId: string; readonly left: number; readonly inCarts: number },
): string | null => {
  const code = comments?.codes.find((one) => one.variantId === variantId);
  if (!comments || !code) return null;
  if (left > 0) return `or write ${code.word} in the chat`;
  return comments.policy === 'waitlist' && inCarts > 0
    ? `Write ${code.word} in the chat to stand in the line`
    : null;
};
