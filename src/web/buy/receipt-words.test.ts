import { expect, test } from 'vitest';
import type { ReceiptSummary } from '../../protocol/receipt.ts';
import { receiptKind, receiptTitle } from './receipt-words.ts';

const claim: ReceiptSummary = {
  show: 's1',
  showTitle: 'Kiln night',
  seq: 9,
  hash: 'a'.repeat(64),
  kind: 'HoldPlaced',
  atMs: 0,
  title: 'Lagoon vase · Large',
  quantity: 2,
  price: { minor: 8600, currency: 'EUR' },
};

test('a receipt says how many of what, and one piece is not counted', () => {
  expect(receiptTitle(claim)).toBe('2 × Lagoon vase · Large');
  expect(receiptTitle({ ...claim, quantity: 1 })).toBe('Lagoon vase · Large');
  expect(receiptTitle({ ...claim, quantity: null, title: '' })).toBe('Kiln night');
});

test('a kind that this page doesn’t know yet is an entry', () => {
  expect(['HoldPlaced', 'BidPlaced', 'LineJoined'].map(receiptKind)).toEqual([
    'Claim',
    'Bid',
    'Entry',
  ]);
});
