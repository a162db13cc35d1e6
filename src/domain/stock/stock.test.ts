import { describe, expect, it } from 'vitest';
import type { OfferId, ShowId } from '../../base/brand.ts';
import { system } from '../decider.ts';
import { ines, mina, startMs, teo, testbed, tomasz } from '../testing/given.ts';
import { eur, hold, order, personId } from '../testing/show-cast.ts';
import { availableOf, type StockEvent, stockDecider } from './stock.ts';

const { given, fold } = testbed(stockDecider);
const offer = 'o1' as OfferId;
const show = 's1' as ShowId;
const counted = (onHand: number): StockEvent => ({ kind: 'StockCounted', data: { onHand } });
const allocated = (quantity: number): StockEvent => ({
  kind: 'StockAllocated',
  data: { offerId: offer, showId: show, quantity },
});
const kept = (quantity: number): StockEvent => ({
  kind: 'ShelfHoldPlaced',
  data: {
    holdId: hold('h1'),
    personId: personId('ines'),
    quantity,
    price: eur(500),
    showId: null,
    expiresAtMs: startMs + 60_000,
  },
});
const keep = (quantity: number) =>
  ({
    kind: 'HoldFromShelf',
    holdId: hold('h1'),
    quantity,
    price: eur(500),
    showId: null,
    holdMs: 60_000,
  }) as const;

describe('stock of a variant', () => {
  it('[STO-1] available is what is neither in escrow nor in carts', () => {
    expect(availableOf(fold([counted(10), allocated(4), kept(3)], startMs))).toBe(3);
  });
  it('[STO-2] owner and host count, nobody else', () => {
    given().when({ kind: 'CountStock', onHand: 7 }, mina).then(counted(7));
    given().when({ kind: 'CountStock', onHand: 7 }, teo).refused('not-allowed');
    given(counted(7)).when({ kind: 'CountStock', onHand: 7 }, mina).then();
  });
  it('[STO-2] not below what is promised, and no impossible number', () => {
    given(counted(10), allocated(4), kept(3))
      .when({ kind: 'CountStock', onHand: 6 }, mina)
      .refused('stock-promised', { promised: 7 });
    given().when({ kind: 'CountStock', onHand: -1 }, mina).refused('quantity-invalid');
    given().when({ kind: 'CountStock', onHand: 0.5 }, mina).refused('quantity-invalid');
  });
  it('[STO-3] an offer gets all or none', () => {
    const allocate = (quantity: number) =>
      ({ kind: 'AllocateStock', offerId: offer, showId: show, quantity }) as const;
    given(counted(4)).when(allocate(4), system).then(allocated(4));
    given(counted(4), kept(1)).when(allocate(4), system).refused('stock-short', { available: 3 });
    given(counted(9), allocated(4)).when(allocate(4), system).refused('allocation-unexpected');
  });
  it('[STO-4] units come back or leave the house, never more than were given', () => {
    const back = (quantity: number) =>
      ({ kind: 'ReturnAllocation', offerId: offer, quantity }) as const;
    given(counted(9), allocated(4))
      .when(back(3), system)
      .then({ kind: 'AllocationReturned', data: { offerId: offer, quantity: 3 } });
    given(counted(9), allocated(4)).when(back(5), system).refused('allocation-unexpected');
    given(counted(9), allocated(4)).when(back(1), mina).refused('not-allowed');
    const sold = fold(
      [
        counted(9),
        allocated(4),
        { kind: 'AllocationSold', data: { offerId: offer, quantity: 4, orderId: order('h') } },
      ],
      startMs,
    );
    expect({ onHand: sold.onHand, sold: sold.sold, available: availableOf(sold) }).toEqual({
      onHand: 5,
      sold: 4,
      available: 5,
    });
  });
  it('[STO-5] a hold from the shelf takes what is available and expires', () => {
    given(counted(2)).when(keep(2), ines).then(kept(2));
    given(counted(2), allocated(1))
      .when(keep(2), ines)
      .refused('sold-out', { left: 1, inCarts: 0 });
    given(counted(2), kept(2))
      .when({ kind: 'ExpireHolds' }, system, startMs + 60_000)
      .then({
        kind: 'ShelfHoldReleased',
        data: { holdId: hold('h1'), personId: personId('ines'), quantity: 2, reason: 'time' },
      });
    given(counted(2), kept(2))
      .when({ kind: 'ReleaseHold', holdId: hold('h1') }, tomasz)
      .refused('not-allowed');
  });
  it('[STO-5] the late end of a try leaves the time of the next one alone', () => {
    const pays = { holdId: hold('h1'), orderId: order('h1') };
    const begun = (attempt: string): StockEvent => ({
      kind: 'ShelfPaymentBegun',
      data: { ...pays, attempt, untilMs: startMs + 180_000 },
    });
    const before = [counted(2), kept(2), begun('a1')];
    given(...before)
      .when({ kind: 'BeginPayment', ...pays, attempt: 'a1' }, ines)
      .then();
    given(...before)
      .when({ kind: 'BeginPayment', ...pays, attempt: 'a2' }, ines)
      .then(begun('a2'));
    given(...before, begun('a2'))
      .when({ kind: 'AbandonPayment', ...pays, attempt: 'a1' }, system)
      .refused('payment-unknown');
    given(...before, begun('a2'))
      .when({ kind: 'AbandonPayment', ...pays, attempt: 'a2' }, system)
      .then({ kind: 'ShelfPaymentAbandoned', data: { ...pays, expiresAtMs: startMs + 60_000 } });
  });
  it('[STO-5, OFF-11] a declined try leaves a hold what it was promised, and time for another in any case', () => {
    const pays = { holdId: hold('h1'), orderId: order('h1') };
    const paying = given(counted(2), kept(2), {
      kind: 'ShelfPaymentBegun',
      data: { ...pays, attempt: 'a1', untilMs: startMs + 180_000 },
    });
    for (const [atMs, expiresAtMs] of [
      [startMs + 10_000, startMs + 60_000],
      [startMs + 50_000, startMs + 80_000],
    ] as const)
      paying
        .when({ kind: 'AbandonPayment', ...pays, attempt: 'a1' }, system, atMs)
        .then({ kind: 'ShelfPaymentAbandoned', data: { ...pays, expiresAtMs } });
  });
  it('[STO-5] paid, its units leave the house', () => {
    const settled: StockEvent = {
      kind: 'ShelfHoldSettled',
      data: { holdId: hold('h1'), personId: personId('ines'), orderId: order('h1'), quantity: 2 },
    };
    given(counted(3), kept(2))
      .when({ kind: 'SettleHold', holdId: hold('h1'), orderId: order('h1') }, system)
      .then(settled);
    const state = fold([counted(3), kept(2), settled], startMs);
    expect({ onHand: state.onHand, sold: state.sold }).toEqual({ onHand: 1, sold: 2 });
  });
  it('[STO-6] the hold stands at the price that the door gave', () => {
    given(counted(2))
      .when({ ...keep(1), price: eur(777) }, ines)
      .then({
        kind: 'ShelfHoldPlaced',
        data: {
          holdId: hold('h1'),
          personId: personId('ines'),
          quantity: 1,
          price: eur(777),
          showId: null,
          expiresAtMs: startMs + 60_000,
        },
      });
  });
});
