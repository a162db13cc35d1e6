import { expect, it } from 'vitest';
import type { MyHold } from '../../protocol/socket.ts';
import { nextToPay } from './cart-chip.tsx';

const hold = (holdId: string, expiresAtMs: number, paying = false): MyHold => ({
  holdId,
  stream: 'show-s1',
  offerId: 'o1',
  productId: 'vase',
  variantId: 'v1',
  title: 'Vase',
  quantity: 1,
  unitPrice: { minor: 100, currency: 'EUR' },
  expiresAtMs,
  paying,
});

it('what ends first is paid first, and what is being paid waits for its answer', () => {
  expect(nextToPay([hold('a', 30), hold('b', 20), hold('c', 10, true)])?.holdId).toBe('b');
  expect(nextToPay([hold('c', 10, true)])).toBeNull();
  expect(nextToPay([])).toBeNull();
});
