import { describe, expect, it } from 'vitest';
import { problemOf } from '../../protocol/problems.ts';
import type { RoomItem, RoomOffer } from '../../protocol/room.ts';
import type { MyHold } from '../../protocol/socket.ts';
import {
  dealNews,
  dealOfItem,
  dealOfOffer,
  dealState,
  dealsOf,
  type Mine,
  priceFor,
  quantityMax,
  stockWords,
} from './deal.ts';

const euro = (minor: number) => ({ minor, currency: 'EUR' });
const vase: RoomItem = {
  productId: 'vase',
  title: 'Lagoon vase',
  imageUrl: null,
  variants: [{ variantId: 'small', title: 'Small', price: euro(9_900) }],
  provenance: null,
};
const offer = (left: number, inCarts: number): RoomOffer => ({
  offerId: 'o1',
  productId: 'vase',
  title: 'Lagoon vase',
  variants: [
    {
      variantId: 'small',
      title: 'Small',
      price: euro(8_600),
      usualPrice: euro(9_900),
      quantity: 10,
    },
  ],
  perPersonMax: 2,
  holdMs: 120_000,
  openedAtMs: 0,
  closesAtMs: 60_000,
  figures: { small: { left, inCarts, sold: 0 } },
});
const hold: MyHold = {
  holdId: 'h1',
  stream: 'show-s1',
  offerId: 'o1',
  productId: 'vase',
  variantId: 'small',
  title: 'Lagoon vase',
  quantity: 1,
  unitPrice: euro(8_600),
  expiresAtMs: 120_000,
  paying: false,
};
const nothing: Mine = { holds: [], endedHolds: [], pendingClaims: [] };
const claim = (state: 'sending' | 'refused') => ({
  id: 'c1',
  offerId: 'o1',
  variantId: 'small',
  quantity: 1,
  state,
  holdId: null,
  problem: state === 'refused' ? problemOf('sold-out') : null,
});

describe('the card shows', () => {
  it('open offers, newest first, then the pinned product', () => {
    const bowl = { ...vase, productId: 'bowl', title: 'Tea bowl' };
    const newer = { ...offer(1, 0), offerId: 'o2' };
    const deals = dealsOf({
      offers: [offer(1, 0), newer],
      shelf: [vase, bowl],
      stock: {},
      pinned: 'bowl',
    });
    expect(deals.map(({ key }) => key)).toEqual(['o2', 'o1', 'bowl']);
  });

  it('a pinned product once, by its offer, while the offer runs', () => {
    const deals = dealsOf({ offers: [offer(1, 0)], shelf: [vase], stock: {}, pinned: 'vase' });
    expect(deals.map(({ kind }) => kind)).toEqual(['offer']);
  });

  it('[PRI-1] a reference price only when it is higher', () => {
    const [variant] = dealOfOffer(offer(1, 0), [vase]).variants;
    expect(priceFor(variant!, false)).toEqual({
      price: euro(8_600),
      reference: euro(9_900),
      isMembers: false,
    });
    const same = offer(1, 0);
    const equal = { ...same, variants: same.variants.map((v) => ({ ...v, usualPrice: v.price })) };
    expect(priceFor(dealOfOffer(equal, [vase]).variants[0]!, false).reference).toBeNull();
    expect(priceFor(dealOfItem(vase, {}).variants[0]!, true).reference).toBeNull();
  });

  it('[PRI-17] members their own price, everybody else the other one', () => {
    const plain = offer(1, 0);
    const variants = plain.variants.map((v) => ({ ...v, membersPrice: euro(8_000) }));
    const [variant] = dealOfOffer({ ...plain, variants }, [vase]).variants;
    expect([priceFor(variant!, true), priceFor(variant!, false)]).toEqual([
      { price: euro(8_000), reference: euro(9_900), isMembers: true },
      { price: euro(8_600), reference: euro(9_900), isMembers: false },
    ]);
  });
});

describe('the button', () => {
  const step = (
    left: number,
    inCarts: number,
    mine: Mine,
    connection: 'open' | 'offline' = 'open',
  ) => dealState(dealOfOffer(offer(left, inCarts), [vase]), 'small', mine, connection).step;

  it('takes units while there are some', () => expect(step(3, 2, nothing)).toBe('open'));
  it('waits for carts when none are left', () => expect(step(0, 2, nothing)).toBe('waiting'));
  it('says sold out when nothing can come back', () =>
    expect(step(0, 0, nothing)).toBe('sold-out'));
  it('promises nothing without a line to the server', () =>
    expect(step(3, 0, nothing, 'offline')).toBe('unreachable'));
  it('sells from the shelf without the socket, but not without a network', () => {
    const shelf = dealOfItem(vase, { small: { available: 4, inCarts: 0 } });
    expect(dealState(shelf, 'small', nothing, 'reconnecting').step).toBe('open');
    expect(dealState(shelf, 'small', nothing, 'offline').step).toBe('unreachable');
  });
  it('says that a claim is under way, also while the line is gone', () =>
    expect(step(3, 0, { ...nothing, pendingClaims: [claim('sending')] }, 'offline')).toBe(
      'claiming',
    ));
  it('shows my hold before everything else', () =>
    expect(step(0, 1, { ...nothing, holds: [hold] })).toBe('held'));
  it('shows a payment under way', () =>
    expect(step(0, 1, { ...nothing, holds: [{ ...hold, paying: true }] })).toBe('paying'));
  it('lets me try again after a refusal', () =>
    expect(step(1, 0, { ...nothing, pendingClaims: [claim('refused')] })).toBe('open'));
  it('keeps a hold from the shelf apart from the offer of the same product', () => {
    const fromShelf = { ...hold, offerId: null, stream: 'stock-small' };
    expect(step(1, 0, { ...nothing, holds: [fromShelf] })).toBe('open');
    const shelf = dealOfItem(vase, { small: { available: 4, inCarts: 1 } });
    expect(dealState(shelf, 'small', { ...nothing, holds: [fromShelf] }, 'open').step).toBe('held');
  });
});

describe('beside the button', () => {
  const deal = dealOfOffer(offer(1, 0), [vase]);
  it('stands the refusal of my last claim', () =>
    expect(dealNews(deal, { ...nothing, pendingClaims: [claim('refused')] })).toMatchObject({
      kind: 'refused',
      problem: { code: 'sold-out' },
    }));
  it('stands the newest end of a hold', () => {
    const endedHolds = [
      { hold, reason: 'expired', orderId: null },
      { hold: { ...hold, holdId: 'h2' }, reason: 'paid', orderId: 'order1' },
    ] as const;
    expect(dealNews(deal, { ...nothing, endedHolds })).toEqual({ kind: 'paid', orderId: 'order1' });
  });
  it('stands nothing when nothing happened', () => expect(dealNews(deal, nothing)).toBeNull());
});

it('the stock line says what is left and what may come back', () => {
  expect(stockWords({ left: 3, inCarts: 2 })).toBe('3 left, 2 in carts');
  expect(stockWords({ left: 3, inCarts: 0 })).toBe('3 left');
  expect(stockWords({ left: 0, inCarts: 1 })).toBe('None left, 1 in a cart');
  expect(stockWords({ left: 0, inCarts: 0 })).toBe('Sold out');
});

it('a person may take as many as the limit and the stock allow', () => {
  expect(quantityMax(dealOfOffer(offer(5, 0), [vase]), 'small')).toBe(2);
  expect(quantityMax(dealOfOffer(offer(1, 0), [vase]), 'small')).toBe(1);
  expect(quantityMax(dealOfOffer(offer(0, 0), [vase]), 'small')).toBe(1);
});
