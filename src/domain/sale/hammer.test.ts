// The close and the hammer: soft close, allowance, pause, cancel, who gets the lot and what is revealed. What
// becomes of the winner's hold stands in lot-hold.test.ts.

import { describe, expect, it } from 'vitest';
import { system } from '../decider.ts';
import type { ShowEvent } from '../show/show.ts';
import { ines, person, startMs, tomasz } from '../testing/given.ts';
import {
  AuctionHouse,
  contested,
  englishLot,
  kinds,
  lotId,
  refused,
  reserveOf,
} from '../testing/lot-cast.ts';
import { eur, lagoon } from '../testing/show-cast.ts';
import { commitmentTo } from './commitment.ts';

const petr = person('petr');
const hammer = (house: AuctionHouse) => house.send({ kind: 'DropHammer', lotId }, system);
const measured = (house: AuctionHouse, pictureDelayP95Ms: number) =>
  house.send({ kind: 'MeasureAllowance', pictureDelayP95Ms, viewers: 40 }, system);
const revealed = (events: readonly ShowEvent[]) =>
  events.flatMap((event) => (event.kind === 'MaximaRevealed' ? [event.data] : []));

describe('the soft close', () => {
  const bidAt = (house: AuctionHouse, ms: number, by = petr, max = 3_000) => {
    house.atMs = startMs + ms;
    const answer = house.bid(by, max);
    expect(kinds(answer)).toEqual(['BidPlaced']);
    return house.lot();
  };

  it('[LOT-13] a bid in the last seconds moves the close to so many seconds after it', () => {
    expect(bidAt(contested(), 50_000).closesAtMs).toBe(startMs + 60_000);
    expect(bidAt(contested(), 50_001).closesAtMs).toBe(startMs + 60_001);
    expect(bidAt(contested(), 59_999).closesAtMs).toBe(startMs + 69_999);
  });
  it('[LOT-13] one that changes neither price nor leader moves nothing', () => {
    expect(bidAt(contested(), 59_000, ines, 4_001).closesAtMs).toBe(startMs + 60_000);
  });
  it('[LOT-13] a raise that meets the reserve changes the price, and the close', () => {
    const house = contested({}, 4_500);
    expect(bidAt(house, 59_000, ines, 4_500)).toMatchObject({
      closesAtMs: startMs + 69_000,
      standing: { priceMinor: 4_500 },
    });
  });
  it('[LOT-13] all extensions together never exceed the cap', () => {
    const house = contested({ extensionMsMax: 12_000 });
    expect(bidAt(house, 59_000, petr, 2_200).closesAtMs).toBe(startMs + 69_000);
    expect(bidAt(house, 68_000, petr, 2_500).closesAtMs).toBe(startMs + 72_000);
    expect(bidAt(house, 71_999, petr, 2_700)).toMatchObject({
      closesAtMs: startMs + 72_000,
      extensionLeftMs: 0,
    });
  });
  it('[LOT-13] without a cap there is no end of it', () => {
    const house = contested({ extensionMsMax: null });
    for (let nth = 1; nth <= 30; nth += 1)
      expect(
        bidAt(house, 50_000 + 9_000 * nth, nth % 2 ? petr : tomasz, 5_000 + 1_000 * nth).closesAtMs,
      ).toBe(startMs + 60_000 + 9_000 * nth);
  });
  it('[LOT-13] in sudden death nothing moves it', () => {
    expect(bidAt(contested({ softCloseMs: 0 }), 59_999).closesAtMs).toBe(startMs + 60_000);
  });
});

describe('the allowance', () => {
  it('[LOT-14] it is an event, at most ten seconds, and the hammer falls so long after the close', () => {
    const house = new AuctionHouse();
    expect(measured(house, 1_234.4)).toEqual([
      { kind: 'AllowanceMeasured', data: { allowanceMs: 1_234, viewers: 40 } },
    ]);
    expect(measured(house, 1_234)).toEqual([]);
    expect(measured(house, 60_000)).toMatchObject([{ data: { allowanceMs: 10_000 } }]);
    expect(measured(house, -5)).toMatchObject([{ data: { allowanceMs: 0 } }]);
    measured(house, 2_000);
    house.open();
    expect(house.lot()).toMatchObject({
      closesAtMs: startMs + 60_000,
      hammerAtMs: startMs + 62_000,
    });
  });
  it('[LOT-14] until the hammer bids are taken, and move it', () => {
    const house = new AuctionHouse();
    measured(house, 2_000);
    house.open().wait(61_999);
    expect(house.bid(ines, 4_000)).toMatchObject([
      { data: { closesAtMs: startMs + 71_999, hammerAtMs: startMs + 73_999 } },
    ]);
  });
  it('[LOT-14] a new measurement counts when the close moves, but no hammer falls earlier than was told', () => {
    const house = new AuctionHouse();
    measured(house, 8_000);
    house.open(englishLot({ extensionMsMax: 1_000 }));
    measured(house, 500);
    expect(house.lot().hammerAtMs).toBe(startMs + 68_000);
    house.wait(67_000);
    expect(house.bid(ines, 4_000)).toMatchObject([
      { data: { closesAtMs: startMs + 61_000, hammerAtMs: startMs + 68_000 } },
    ]);
    const longer = new AuctionHouse().open().wait(59_000);
    measured(longer, 3_000);
    expect(longer.bid(ines, 4_000)).toMatchObject([{ data: { hammerAtMs: startMs + 72_000 } }]);
  });
});

describe('the hammer', () => {
  it('[LOT-15] by the stamp no bid, undo, take, pause or cancel succeeds from then on, though it hasn’t been decided', () => {
    const house = contested({ buyNow: eur(9_000) }).wait(60_000);
    const closed = { atMs: startMs + 60_000, hammerAtMs: startMs + 60_000 };
    expect(house.bid(petr, 9_000)).toEqual(refused('lot-closed', closed));
    expect(house.undo(tomasz, 'b2')).toEqual(refused('lot-closed', closed));
    expect(house.take(petr, 9_000, 'h1')).toEqual(refused('lot-closed', closed));
    for (const kind of ['PauseLot', 'CancelLot'] as const)
      expect(house.send({ kind, lotId, reason: 'too cheap' })).toEqual(
        refused('lot-closed', closed),
      );
    expect(house.lot().phase).toBe('open');
  });
  it('[LOT-15] it doesn’t fall before its time, nor twice', () => {
    const house = contested().wait(59_999);
    expect(hammer(house)).toEqual(refused('lot-not-open'));
    expect(kinds(hammer(house.wait(1)))).toContain('LotHammered');
    expect(hammer(house)).toEqual(refused('lot-not-open'));
  });
  it('[LOT-15] [LOT-19] afterwards nothing of the bidding changes', () => {
    const house = contested();
    house.runUntil(startMs + 60_000);
    const { standing, winner, bidCount, bidders } = house.lot();
    expect({ standing, winner, bidCount, bidders }).toEqual({
      standing: { priceMinor: 2_100, leader: 1, leaderMaxMinor: 4_000 },
      winner: { alias: 1, priceMinor: 2_100 },
      bidCount: 2,
      bidders: 2,
    });
    expect(house.bid(petr, 9_000)).toEqual(
      refused('lot-closed', { atMs: startMs + 60_000, hammerAtMs: startMs + 60_000 }),
    );
    expect(house.undo(tomasz, 'b2')).toEqual(refused('lot-closed'));
    expect(house.take(petr, 9_000, 'h1')).toEqual(refused('lot-closed'));
    expect(house.send({ kind: 'PauseLot', lotId, reason: 'wait' })).toEqual(
      refused('lot-not-open'),
    );
    expect(house.send({ kind: 'ResumeLot', lotId })).toEqual(refused('lot-not-paused'));
    expect(house.send({ kind: 'CancelLot', lotId, reason: 'no' })).toEqual(refused('lot-not-open'));
  });
  it('[LOT-16] [LOT-20] [LOT-25] the highest maximum gets it at the price, all maxima are revealed', () => {
    expect(contested().runUntil(startMs + 60_000)).toEqual([
      {
        kind: 'HoldPlaced',
        data: {
          holdId: lotId,
          offerId: lotId,
          variantId: lagoon,
          quantity: 1,
          personId: 'ines',
          price: eur(2_100),
          expiresAtMs: startMs + 660_000,
        },
        personal: { name: 'ines_w' },
      },
      { kind: 'LotHammered', data: { lotId, outcome: 'sold', price: eur(2_100), alias: 1 } },
      {
        kind: 'MaximaRevealed',
        data: {
          lotId,
          bids: [
            { bidId: 'b1', alias: 1, maxMinor: 4_000, nonce: 'n-b1' },
            { bidId: 'b2', alias: 2, maxMinor: 2_000, nonce: 'n-b2' },
          ],
          reserve: null,
        },
      },
      { kind: 'OfferClosed', data: { offerId: lotId, reason: 'time' } },
    ]);
  });
  it('[LOT-4] nobody has bid: the unit goes back', () => {
    const house = new AuctionHouse().open();
    expect(house.runUntil(startMs + 60_000)).toEqual([
      { kind: 'LotHammered', data: { lotId, outcome: 'no-bids', price: null, alias: null } },
      { kind: 'OfferClosed', data: { offerId: lotId, reason: 'time' } },
      { kind: 'UnitsReleased', data: { offerId: lotId, variantId: lagoon, quantity: 1 } },
    ]);
    expect(house.lot().phase).toBe('unsold');
  });
  it('[LOT-8] [LOT-25] below the reserve it is not sold, and the reserve stays secret', () => {
    const house = contested({}, 4_321);
    const events = house.runUntil(startMs + 60_000);
    expect(kinds(events)).toEqual([
      'LotHammered',
      'MaximaRevealed',
      'OfferClosed',
      'UnitsReleased',
    ]);
    expect(events[0]).toMatchObject({
      data: { outcome: 'reserve-not-met', price: null, alias: null },
    });
    expect(revealed(events)).toMatchObject([{ bids: [{}, {}], reserve: null }]);
    expect(JSON.stringify(house.log.slice(1).map(({ event: { data } }) => data))).not.toContain(
      '4321',
    );
  });
  it('[LOT-25] a reserve that was met is revealed, also one met by a bid that was undone, and at a buy-now', () => {
    const met = contested({}, 3_000);
    expect(revealed(met.runUntil(startMs + 60_000))).toMatchObject([{ reserve: reserveOf(3_000) }]);
    const undone = contested({}, 4_321);
    undone.bid(petr, 5_000);
    undone.undo(petr, 'b3');
    expect(revealed(undone.runUntil(startMs + 60_000))).toMatchObject([
      { bids: [{}, {}, { bidId: 'b3', maxMinor: 5_000 }], reserve: reserveOf(4_321) },
    ]);
    const bought = new AuctionHouse().open(
      englishLot({ hasReserve: true, buyNow: eur(5_000) }),
      reserveOf(4_321),
    );
    bought.take(ines, 5_000, 'h1');
    expect(revealed(bought.since(0))).toEqual([{ lotId, bids: [], reserve: reserveOf(4_321) }]);
  });
  it('[LOT-25] a thousand at a time, in their order, and each opens its commitment', () => {
    const house = new AuctionHouse().open(
      englishLot({ steps: [{ fromMinor: 0, stepMinor: 1 }], hasReserve: true }),
      reserveOf(2_000),
    );
    for (let nth = 0; nth < 2_001; nth += 1)
      house.bid(nth % 2 ? ines : tomasz, 1_000 + nth * 3_000);
    const parts = revealed(house.runUntil(startMs + 70_000));
    expect(parts.map(({ bids }) => bids.length)).toEqual([1_000, 1_000, 1]);
    expect(parts.map(({ reserve }) => reserve)).toEqual([null, null, reserveOf(2_000)]);
    const told = new Map(
      house
        .since(0)
        .flatMap((event) =>
          event.kind === 'BidPlaced' ? [[event.data.bidId, event.data.commitment] as const] : [],
        ),
    );
    const opened = parts.flatMap(({ bids }) => bids);
    expect(opened.map(({ bidId }) => bidId)).toEqual([...told.keys()]);
    for (const { bidId, maxMinor, nonce } of opened)
      expect(commitmentTo(lotId, bidId, 'EUR', { minor: maxMinor, nonce })).toBe(told.get(bidId));
  });
});

describe('pause and cancel', () => {
  it('[LOT-18] a pause takes a reason, stops the clock, and gives back what was left', () => {
    const house = contested().wait(20_000);
    expect(house.send({ kind: 'PauseLot', lotId, reason: '' })).toEqual(refused('reason-needed'));
    expect(house.send({ kind: 'PauseLot', lotId, reason: 'x'.repeat(201) })).toEqual(
      refused('reason-needed'),
    );
    expect(house.send({ kind: 'PauseLot', lotId, reason: 'a question' })).toEqual([
      { kind: 'LotPaused', data: { lotId, reason: 'a question', leftMs: 40_000 } },
    ]);
    expect(house.send({ kind: 'PauseLot', lotId, reason: 'again' })).toEqual(
      refused('lot-not-open'),
    );
    expect(house.runUntil(startMs + 3_600_000)).toEqual([]);
    expect(house.send({ kind: 'ResumeLot', lotId })).toEqual([
      {
        kind: 'LotResumed',
        data: { lotId, closesAtMs: startMs + 3_640_000, hammerAtMs: startMs + 3_640_000 },
      },
    ]);
    expect(kinds(house.bid(petr, 3_000))).toEqual(['BidPlaced']);
    expect(house.send({ kind: 'ResumeLot', lotId })).toEqual(refused('lot-not-paused'));
  });
  it('[LOT-18] resumed it has at least its soft close, and the allowance of now', () => {
    const house = new AuctionHouse();
    measured(house, 5_000);
    house.open().wait(63_000);
    expect(house.send({ kind: 'PauseLot', lotId, reason: 'wait' })).toMatchObject([
      { data: { leftMs: 0 } },
    ]);
    measured(house, 3_000);
    expect(house.wait(1_000).send({ kind: 'ResumeLot', lotId })).toMatchObject([
      { data: { closesAtMs: startMs + 74_000, hammerAtMs: startMs + 77_000 } },
    ]);
  });
  it('[LOT-18] [LOT-24] [LOT-4] a cancelled lot takes a reason, sells nothing, tells no maximum and gives its unit back', () => {
    const house = contested({}, 4_321);
    expect(house.send({ kind: 'CancelLot', lotId, reason: '' })).toEqual(refused('reason-needed'));
    expect(house.send({ kind: 'CancelLot', lotId, reason: 'cracked' })).toEqual([
      { kind: 'LotCancelled', data: { lotId, reason: 'cracked' } },
      { kind: 'OfferClosed', data: { offerId: lotId, reason: 'crew' } },
      { kind: 'UnitsReleased', data: { offerId: lotId, variantId: lagoon, quantity: 1 } },
    ]);
    expect(house.lot()).toMatchObject({ phase: 'cancelled', bids: [], winner: null });
    expect(house.runUntil(startMs + 3_600_000)).toEqual([]);
  });
  it('[LOT-18] [LOT-4] one that waits for its unit sends it back when it comes', () => {
    const house = new AuctionHouse();
    house.prepare();
    house.send({ kind: 'OpenLot', lotId });
    expect(kinds(house.send({ kind: 'CancelLot', lotId, reason: 'no' }))).toEqual([
      'LotCancelled',
      'OfferClosed',
    ]);
    expect(kinds(house.allocate())).toEqual(['OfferAllocated', 'UnitsReleased']);
    expect(house.lot().phase).toBe('cancelled');
  });
  it('[LOT-18] a prepared lot is withdrawn, not cancelled; an unknown one neither', () => {
    const house = new AuctionHouse();
    house.prepare();
    expect(house.send({ kind: 'CancelLot', lotId, reason: 'no' })).toEqual(refused('lot-not-open'));
    expect(house.send({ kind: 'CancelLot', lotId: 'none' as never, reason: 'no' })).toEqual(
      refused('lot-unknown'),
    );
  });
});
