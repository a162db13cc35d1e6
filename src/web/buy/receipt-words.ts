// What a receipt is called where people read it.

import type { ReceiptSummary } from '../../protocol/receipt.ts';

const kindWords: Readonly<Record<string, string>> = {
  HoldPlaced: 'Claim',
  BidPlaced: 'Bid',
  BidUndone: 'Bid taken back',
  LotTaken: 'Lot taken',
};

/** The kind for people; one that is newer than this page is an entry. */
export const receiptKind = (kind: string): string => kindWords[kind] ?? 'Entry';

/** `2 × Lagoon vase · Large`; the show's title when what it was about has none. */
export const receiptTitle = ({ title, quantity, showTitle }: ReceiptSummary): string => {
  const what = title || showTitle;
  return quantity !== null && quantity > 1 ? `${quantity} × ${what}` : what;
};
