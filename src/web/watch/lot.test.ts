import { describe, expect, it } from 'vitest';
import { problemOf } from '../../protocol/problems.ts';
import { bid, euro, falling, hold, lot, nothing, pending } from './lot.fixture.ts';
import {
  allInWords,
  bidsWords,
  buyNowOf,
  closeWords,
  leaderWords,
  leastMaximum,
  lotAction,
  lotState,
  type MyLot,
  momentOf,
  myLot,
  nextChangeMs,
  outcomeWords,
  priceNote,
  priceOf,
  refusedWords,
  stakeIn,
  steppedMaximum,
  suggestedMaxima,
  undoSeconds,
} from './lot.ts';

const shopper = { role: 'shopper' } as const;
const nowMs = 10_000;
const actionOf = (
  one: ReturnType<typeof lot>,
  mine: MyLot = nothing,
  atMs = nowMs,
  connection: 'open' | 'offline' = 'open',
) => lotAction(one, lotState(one, mine, atMs), mine, connection, shopper, atMs);
const withBids = { price: euro(4_800), leader: 7, smallest: euro(4_900), bids: 3, bidders: 2 };

describe('where I stand', () => {
  it('is nowhere before my first bid, whoever leads', () =>
    expect(stakeIn(lot(withBids).figures, null)).toBe('none'));
  it('is in the lead or outbid by the public alias', () => {
    expect(stakeIn(lot(withBids).figures, bid({ bids: 3 }))).toBe('leading');
    expect(stakeIn(lot({ ...withBids, leader: 2 }).figures, bid({ bids: 3 }))).toBe('outbid');
  });
  it('isn’t told from figures that are older than my bid', () =>
    expect(stakeIn(lot({ ...withBids, leader: 2 }).figures, bid({ bids: 4 }))).toBe('none'));
  it('ends with an undone bid', () =>
    expect(stakeIn(lot(withBids).figures, bid({ max: null }))).toBe('none'));
  it('is said in words', () => {
    expect(leaderWords(lot().figures, null)).toBe('No bids yet');
    expect(leaderWords(lot(withBids).figures, null)).toBe('Bidder 7 leads');
    expect(leaderWords(lot(withBids).figures, bid())).toBe('You lead');
    expect(leaderWords(lot({ ...withBids, leader: 2 }).figures, bid())).toBe(
      'Outbid · Bidder 2 leads',
    );
  });
});

describe('the clock', () => {
  it('runs to the close, goes to the hammer, and is over then', () => {
    const { figures } = lot();
    expect([60_999, 61_000, 61_999, 62_000].map((atMs) => momentOf(figures, atMs))).toEqual([
      'running',
      'going',
      'going',
      'hammer',
    ]);
  });
  it('wakes the card when something changes by itself', () => {
    expect(nextChangeMs(lot(), 60_000)).toBe(1_000);
    expect(nextChangeMs(lot(), 61_500)).toBe(500);
    expect(nextChangeMs(lot(), 62_000)).toBeNull();
    expect(nextChangeMs(falling(), 3_500)).toBe(1_500);
    expect(nextChangeMs(lot({ phase: 'paused' }), 60_000)).toBeNull();
  });
  it('says how it ends', () => {
    expect(closeWords(lot().bidding)).toBe('a bid in the last 10 s extends');
    expect(closeWords(lot({}, { softCloseMs: 0 }).bidding)).toBe('sudden death');
  });
});

describe('the price', () => {
  it('is the start until somebody bids', () => {
    expect(priceOf(lot(), nowMs)).toEqual(euro(2_000));
    expect(priceNote(lot())).toBe('start');
    expect(priceNote(lot({}, { hasReserve: true }))).toBe('start, with a reserve');
  });
  it('says whether the reserve is met, never its height', () => {
    const reserved = (reserveMet: boolean) =>
      lot({ ...withBids, reserveMet }, { hasReserve: true });
    expect(priceNote(reserved(false))).toBe('reserve not met');
    expect(priceNote(reserved(true))).toBe('reserve met');
    expect(priceNote(lot(withBids))).toBe('no reserve');
  });
  it('falls by the server’s clock to its floor and no further', () => {
    const at = (atMs: number) => priceOf(falling(), atMs).minor;
    expect([1_000, 2_999, 3_000, 20_000, 21_000, 90_000].map(at)).toEqual([
      3_000, 3_000, 2_900, 2_100, 2_000, 2_000,
    ]);
    expect(priceOf(falling({ price: euro(2_900) }), 9_000)).toEqual(euro(2_600));
    expect(priceOf(falling({ phase: 'sold', price: euro(2_900) }), 9_000)).toEqual(euro(2_900));
    expect(priceOf(falling({ phase: 'prepared', openedAtMs: null }), nowMs)).toEqual(euro(3_000));
  });
  it('is said with everything that comes to it, by the sum that is charged', () => {
    const shop = { shippingMinor: 490, taxIncludedMilliPercent: 22_000 };
    expect(allInWords(euro(4_800), shop, false)).toBe('€\u00a052.90 all in, with shipping and tax');
    const plain = { shippingMinor: 0, taxIncludedMilliPercent: 0 };
    expect(allInWords(euro(4_800), plain, false)).toBe('€\u00a048.00 all in, with free shipping');
    expect(allInWords(euro(4_800), shop, true)).toBe(
      '€\u00a048.00 all in, with your parcel and tax',
    );
  });
});

describe('the button', () => {
  it('bids the smallest next bid', () => {
    expect(actionOf(lot())).toEqual({ do: 'bid', amount: euro(2_000) });
    expect(actionOf(lot(withBids))).toEqual({ do: 'bid', amount: euro(4_900) });
  });
  it('raises my own maximum while I lead', () =>
    expect(actionOf(lot(withBids), { ...nothing, bid: bid({ bids: 3 }) }).do).toBe('raise'));
  it('still bids between close and hammer, and no longer', () => {
    expect(actionOf(lot(), nothing, 61_500).do).toBe('bid');
    expect(actionOf(lot(), nothing, 62_000)).toEqual({ do: 'nothing', words: 'The hammer falls' });
  });
  it('takes a falling price', () =>
    expect(actionOf(falling(), nothing, 3_500)).toEqual({ do: 'take', amount: euro(2_900) }));
  it('leaves a maximum before the lot opens, where its terms say so', () => {
    expect(actionOf(lot({ phase: 'prepared' })).do).toBe('leave-maximum');
    const early = lot({ ...withBids, phase: 'prepared' });
    expect(actionOf(early, { ...nothing, bid: bid({ bids: 3 }) }).do).toBe('raise');
    const closed = lot({ phase: 'prepared' }, { takesEarlyBids: false });
    expect(actionOf(closed).do).toBe('nothing');
  });
  it('waits while the lot is paused or being opened', () => {
    expect(actionOf(lot({ phase: 'paused' })).do).toBe('nothing');
    expect(actionOf(lot({ phase: 'called' })).do).toBe('nothing');
  });
  it('says that a bid is on its way, also while the line is gone', () => {
    const mine = { ...nothing, pending: pending() };
    expect(actionOf(lot(), mine).do).toBe('sending');
    expect(actionOf(lot(), mine, nowMs, 'offline').do).toBe('sending');
  });
  it('promises nothing without a line', () =>
    expect(actionOf(lot(), nothing, nowMs, 'offline').do).toBe('unreachable'));
  it('works again after a refusal', () =>
    expect(actionOf(lot(), { ...nothing, pending: pending({ state: 'refused' }) }).do).toBe('bid'));
  it('is none for the crew', () => {
    const one = lot();
    const state = lotState(one, nothing, nowMs);
    expect(lotAction(one, state, nothing, 'open', { role: 'host' }, nowMs).do).toBe('nothing');
  });
  it('has buy-now beside it until somebody has bid', () => {
    const offered = { buyNow: euro(9_000) };
    expect(buyNowOf(lot({}, offered))).toEqual(euro(9_000));
    expect(buyNowOf(lot(withBids, offered))).toBeNull();
    expect(buyNowOf(lot({ phase: 'prepared' }, offered))).toBeNull();
  });
});

describe('a maximum', () => {
  it('is at least the smallest bid, and more than my own when I lead', () => {
    expect(leastMaximum(lot(withBids), null)).toEqual(euro(4_900));
    expect(leastMaximum(lot(withBids), bid({ bids: 3 }))).toEqual(euro(4_801));
    expect(leastMaximum(lot({ ...withBids, leader: 2 }), bid({ bids: 3 }))).toEqual(euro(4_900));
  });
  it('is suggested in steps of the lot, a few over the next bid', () => {
    expect(suggestedMaxima(lot(withBids), null).map(({ minor }) => minor)).toEqual([
      5_000, 5_600, 6_500,
    ]);
    expect(suggestedMaxima(lot(withBids), bid({ bids: 3 })).map(({ minor }) => minor)).toEqual([
      4_900, 5_300, 6_200,
    ]);
  });
  it('goes up and down by the step that counts there, never below the least', () => {
    const one = lot(withBids);
    expect(steppedMaximum(one, null, euro(5_000), 1)).toEqual(euro(5_300));
    expect(steppedMaximum(one, null, euro(5_300), -1)).toEqual(euro(5_000));
    expect(steppedMaximum(one, null, euro(5_000), -1)).toEqual(euro(4_900));
    expect(steppedMaximum(one, null, euro(4_900), -1)).toEqual(euro(4_900));
  });
});

describe('undo', () => {
  const undo = { bidId: 'b1', untilMs: 20_000 };
  const mine = bid({ bids: 3, undo });
  it('counts down its seconds', () => {
    expect(undoSeconds(lot(withBids), mine, 5_500)).toBe(15);
    expect(undoSeconds(lot(withBids), mine, 20_000)).toBeNull();
  });
  it('ends when somebody has bid since', () =>
    expect(undoSeconds(lot({ ...withBids, bids: 4 }), mine, 5_000)).toBeNull());
  it('ends ten seconds before the close, or the soft close before it', () => {
    const late = { ...mine, undo: { ...undo, untilMs: 60_000 } };
    expect(undoSeconds(lot(withBids), late, 50_999)).toBe(1);
    expect(undoSeconds(lot(withBids), late, 51_000)).toBeNull();
    const soft = lot(withBids, { softCloseMs: 30_000 });
    expect(undoSeconds(soft, late, 31_000)).toBeNull();
  });
});

describe('after the hammer', () => {
  const sold = { ...withBids, phase: 'sold', reason: 'sold' } as const;
  it('the winner has to pay, from the hold that stands', () => {
    expect(lotState(lot(sold), { ...nothing, hold: hold() }, nowMs).step).toBe('won');
    const paying = hold({ paying: true });
    expect(lotState(lot(sold), { ...nothing, hold: paying }, nowMs).step).toBe('paying');
  });
  it('the runner-up has a second chance, by the name of the hold', () => {
    const chance = hold({ holdId: 'lot1-2' });
    expect(lotState(lot(sold), { ...nothing, hold: chance }, nowMs).step).toBe('chance');
  });
  it('what is paid is mine', () => {
    const ended = { hold: hold(), reason: 'paid', orderId: 'o1' } as const;
    expect(lotState(lot(sold), { ...nothing, ended }, nowMs)).toEqual({
      step: 'paid',
      orderId: 'o1',
    });
  });
  it('says to everybody what became of it', () => {
    const title = (now: Parameters<typeof lot>[0], mine = nothing) =>
      outcomeWords(lot(now), mine).title;
    expect(title(sold)).toBe('Sold for €\u00a048.00 to Bidder 7');
    expect(title({ phase: 'unsold', reason: 'reserve-not-met' })).toBe('Not sold, reserve not met');
    expect(title({ phase: 'unsold', reason: 'no-bids' })).toBe('Not sold');
    expect(outcomeWords(lot({ phase: 'cancelled', reason: 'It has a crack' }), nothing)).toEqual({
      title: 'Cancelled',
      detail: 'It has a crack. Nobody is charged.',
    });
  });
  it('says to those who bid what it means for them', () => {
    const lost = { ...nothing, bid: bid({ alias: 2, bids: 3 }) };
    expect(outcomeWords(lot(sold), lost).detail).toBe('You were outbid. Nothing is charged.');
    const late = {
      ...nothing,
      bid: bid(),
      ended: { hold: hold(), reason: 'expired', orderId: null },
    };
    expect(outcomeWords(lot(sold), late as MyLot).title).toBe('Your time to pay ran out');
  });
});

describe('a refusal says what to do', () => {
  const wish = pending().wish;
  it('with the next bid’s amount', () =>
    expect(
      refusedWords(problemOf('bid-too-low', { minimumMinor: 5_000 }), wish, lot()).detail,
    ).toBe('Nothing was bid for you. The next bid is €\u00a050.00.'));
  it('with how late a bid came', () => {
    const late = problemOf('lot-closed', { atMs: 62_400, hammerAtMs: 62_000 });
    expect(refusedWords(late, wish, lot()).detail).toBe(
      'Your bid came 0.4 s after it. A maximum bids for you in time.',
    );
  });
  it('in the problem’s own words where nothing better is known', () => {
    const barred = problemOf('buyer-barred');
    expect(refusedWords(barred, wish, lot())).toEqual({
      title: barred.title,
      detail: barred.detail,
    });
  });
});

it('what is mine in a lot is found among everything that is mine', () => {
  const other = { ...pending(), id: 'b2', wish: { ...pending().wish, lotId: 'lot2' } };
  const ended = { hold: hold({ offerId: 'lot2' }), reason: 'expired', orderId: null } as const;
  expect(
    myLot('lot1', {
      holds: [hold()],
      endedHolds: [ended],
      bids: [bid({ lotId: 'lot2' }), bid()],
      pendingBids: [other],
    }),
  ).toEqual({ bid: bid(), hold: hold(), ended: null, pending: null });
});

it('bids are counted in words', () => {
  expect(bidsWords({ bids: 0, bidders: 0 })).toBe('no bids yet');
  expect(bidsWords({ bids: 1, bidders: 1 })).toBe('1 bid');
  expect(bidsWords({ bids: 3, bidders: 1 })).toBe('3 bids by 1 person');
  expect(bidsWords({ bids: 9, bidders: 4 })).toBe('9 bids by 4 people');
});
