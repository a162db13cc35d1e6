// Dutch lots, several lots and their runs, the end of the show, and what a log does to a lot: replay,
// snapshots, erasure.

import { describe, expect, it } from 'vitest';
import type { OfferId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { system } from '../decider.ts';
import { type ShowEvent, showDecider } from '../show/show.ts';
import { ines, person, startMs, testbed, tomasz } from '../testing/given.ts';
import {
  AuctionHouse,
  contested,
  dutchLot,
  englishLot,
  kinds,
  lotId,
  lotNamed,
  refused,
  reserveOf,
} from '../testing/lot-cast.ts';
import { eur, hold, lagoon, planned, started, stocked } from '../testing/show-cast.ts';

const petr = person('petr');

describe('a Dutch lot', () => {
  const at = (ms: number, house = new AuctionHouse().open(dutchLot())) => {
    house.atMs = startMs + ms;
    return house;
  };

  it('[LOT-22] the price falls by the server’s clock; whoever says at least that gets it at that', () => {
    expect(at(0).take(ines, 5_000, 'h1')).toMatchObject([
      { kind: 'LotTaken', data: { alias: 1, price: eur(5_000), holdId: 'h1' } },
      {
        kind: 'HoldPlaced',
        data: { price: eur(5_000), quantity: 1, expiresAtMs: startMs + 600_000 },
      },
    ]);
    expect(at(999).take(ines, 4_999, 'h1')).toEqual(
      refused('bid-too-low', { minimumMinor: 5_000, currency: 'EUR' }),
    );
    expect(at(1_000).take(ines, 5_000, 'h1')).toMatchObject([{ data: { price: eur(4_500) } }, {}]);
    expect(at(6_000).take(ines, 2_000, 'h1')).toMatchObject([{ data: { price: eur(2_000) } }, {}]);
    expect(at(15_999).take(ines, 2_000, 'h1')).toMatchObject([{ data: { price: eur(2_000) } }, {}]);
  });
  it.each([0, -1, 4_500.5, Number.NaN])('[LOT-22] %s is no price', (price) => {
    expect(at(1_000).take(ines, price, 'h1')).toEqual(refused('bid-too-low'));
  });
  it('[LOT-22] [LOT-11] not in another currency, not by the crew, not under a hold’s id that is in use', () => {
    const house = at(0);
    const take = { kind: 'TakeLot', lotId, price: eur(5_000), holdId: hold('h1') } as const;
    expect(house.send({ ...take, price: { minor: 5_000, currency: 'USD' } }, ines)).toEqual(
      refused('currency-mismatch', { currency: 'EUR' }),
    );
    expect(house.send(take)).toEqual(refused('crew-may-not-bid'));
    expect(house.send(take, system)).toEqual(refused('sign-in-needed'));
    house.take(ines, 5_000, 'h1');
    expect(house.take(tomasz, 5_000, 'h1')).toEqual(refused('hold-exists'));
    const early = new AuctionHouse();
    early.prepare(dutchLot());
    expect(early.take(ines, 5_000, 'h1')).toEqual(refused('lot-not-open'));
  });
  it('[LOT-22] three units go one by one, each at its own price; the last ends it', () => {
    const house = at(0);
    expect(kinds(house.take(ines, 5_000, 'h1'))).toEqual(['LotTaken', 'HoldPlaced']);
    expect(house.units()).toEqual({ left: 2, held: 1, sold: 0 });
    house.wait(2_000);
    expect(house.take(tomasz, 4_000, 'h2')).toMatchObject([{ data: { price: eur(4_000) } }, {}]);
    expect(kinds(house.take(petr, 4_000, 'h3'))).toEqual([
      'LotTaken',
      'HoldPlaced',
      'LotHammered',
      'OfferClosed',
    ]);
    expect(house.lot()).toMatchObject({ phase: 'sold', taken: 3 });
    expect(house.take(person('late'), 4_000, 'h4')).toEqual(refused('lot-closed'));
    expect(house.units()).toEqual({ left: 0, held: 3, sold: 0 });
  });
  it('[LOT-22] [LOT-4] at the end of its time at the floor it closes; what is left goes back', () => {
    const none = at(0);
    expect(none.runUntil(startMs + 15_999)).toEqual([]);
    expect(none.runUntil(startMs + 16_000)).toEqual([
      { kind: 'LotHammered', data: { lotId, outcome: 'not-taken', price: null, alias: null } },
      { kind: 'OfferClosed', data: { offerId: lotId, reason: 'time' } },
      { kind: 'UnitsReleased', data: { offerId: lotId, variantId: lagoon, quantity: 3 } },
    ]);
    const some = at(0);
    some.take(ines, 5_000, 'h1');
    expect(some.runUntil(startMs + 16_000)).toMatchObject([
      { data: { outcome: 'sold' } },
      {},
      { data: { quantity: 2 } },
    ]);
    expect(some.lot().phase).toBe('sold');
  });
  it('[LOT-22] [LOT-14] its hammer has no allowance: the price is the clock’s', () => {
    const house = new AuctionHouse();
    house.send({ kind: 'MeasureAllowance', pictureDelayP95Ms: 4_000, viewers: 3 }, system);
    house.open(dutchLot());
    expect(house.lot()).toMatchObject({
      closesAtMs: startMs + 16_000,
      hammerAtMs: startMs + 16_000,
    });
    expect(at(16_000).take(ines, 2_000, 'h1')).toEqual(refused('lot-closed'));
  });
  it('[LOT-18] it isn’t paused: its price is the clock’s', () => {
    expect(at(0).send({ kind: 'PauseLot', lotId, reason: 'wait' })).toEqual(
      refused('lot-not-pausable'),
    );
  });
  it('[LOT-20] [LOT-21] whoever took it is bound; unpaid, the unit goes back and nobody is asked', () => {
    const house = at(0);
    house.take(ines, 5_000, 'h1');
    expect(house.send({ kind: 'ReleaseHold', holdId: hold('h1') }, ines)).toEqual(
      refused('bid-binding'),
    );
    house.runUntil(startMs + 16_000);
    expect(kinds(house.runUntil(startMs + 600_000))).toEqual(['HoldExpired', 'UnitsReleased']);
  });
  it('[LOT-20] the id of one’s own hold frees nobody', () => {
    const house = at(0);
    expect(house.take(ines, 5_000, `${lotId}-2`)).toEqual(refused('hold-exists'));
    house.take(ines, 5_000, 'other-2');
    expect(house.send({ kind: 'ReleaseHold', holdId: hold('other-2') }, ines)).toEqual(
      refused('bid-binding'),
    );
  });
});

describe('several lots', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(lotNamed) as [OfferId, OfferId, OfferId];
  const three = () => {
    const house = new AuctionHouse();
    for (const lot of [a, b, c]) house.prepare(englishLot({}, { lotId: lot }));
    return house;
  };
  const run = (house: AuctionHouse, lotIds: readonly OfferId[], gapMs = 5_000) =>
    house.send({ kind: 'RunLots', lotIds, gapMs });
  const allocate = (house: AuctionHouse, lot: OfferId) =>
    house.allocate(englishLot({}, { lotId: lot }));

  it('[LOT-23] may be open at once, each with its own clock and price', () => {
    const house = new AuctionHouse().open(englishLot({}, { lotId: a })).wait(30_000);
    house.open(englishLot({}, { lotId: b }));
    house.bid(ines, 4_000, { lot: a });
    house.bid(tomasz, 4_000, { lot: b });
    house.runUntil(startMs + 60_000);
    expect([a, b].map((lot) => house.lot(lot).phase)).toEqual(['sold', 'open']);
    house.runUntil(startMs + 90_000);
    expect([...house.state.sale.holds.values()]).toMatchObject([
      { personId: 'ines', offerId: a },
      { personId: 'tomasz', offerId: b },
    ]);
  });
  it('[LOT-23] a run opens the first at once and each next one so long after the end of the one before', () => {
    const house = three();
    expect(run(house, [a, b, c])).toEqual([
      { kind: 'LotRunChanged', data: { lotIds: [a, b, c], gapMs: 5_000 } },
    ]);
    expect(kinds(house.runUntil(startMs))).toEqual(['LotCalled', 'OfferRequested']);
    allocate(house, a);
    expect(kinds(house.runUntil(startMs + 64_999))).toEqual([
      'LotHammered',
      'OfferClosed',
      'UnitsReleased',
    ]);
    house.runUntil(startMs + 65_000);
    expect(house.lot(b).phase).toBe('called');
    allocate(house, b);
    house.wait(1_000).send({ kind: 'CancelLot', lotId: b, reason: 'cracked' });
    house.runUntil(startMs + 71_000);
    allocate(house, c);
    expect(house.lot(c)).toMatchObject({ phase: 'open', openedAtMs: startMs + 71_000 });
    expect(kinds(house.runUntil(startMs + 200_000)).slice(-1)).toEqual(['LotRunStopped']);
    expect(house.state.sale.auction.run).toBeNull();
  });
  it('[LOT-23] it stops where the stock is short, and the lot is prepared again', () => {
    const house = three();
    run(house, [a, b]);
    house.runUntil(startMs);
    expect(house.refuseUnits(a)).toMatchObject([
      { kind: 'OfferRefused' },
      { kind: 'LotRefused', data: { lotId: a, available: 0 } },
      { kind: 'LotRunStopped', data: { reason: 'lot' } },
    ]);
    expect(house.lot(a).phase).toBe('prepared');
    expect(house.runUntil(startMs + 600_000)).toEqual([]);
  });
  it('[LOT-23] stock that is short for a lot outside of it doesn’t stop it', () => {
    const house = three();
    run(house, [a, b]);
    house.runUntil(startMs);
    house.send({ kind: 'OpenLot', lotId: c });
    expect(kinds(house.refuseUnits(c))).toEqual(['OfferRefused', 'LotRefused']);
    expect(house.state.sale.auction.run).not.toBeNull();
  });
  it('[LOT-23] it stops at a lot that was taken off the shelf or opened by hand', () => {
    const house = three();
    run(house, [a, b]);
    house.send({ kind: 'StockShelf', items: [] });
    expect(house.runUntil(startMs)).toEqual([{ kind: 'LotRunStopped', data: { reason: 'lot' } }]);
    expect(house.lot(a).phase).toBe('prepared');
    const byHand = three();
    run(byHand, [a, b], 0);
    byHand.runUntil(startMs);
    allocate(byHand, a);
    byHand.wait(10_000).open(englishLot({}, { lotId: b }));
    expect(byHand.runUntil(startMs + 60_000)).toContainEqual({
      kind: 'LotRunStopped',
      data: { reason: 'lot' },
    });
  });
  it('[LOT-23] the host opens its next lot early, or takes it back, and it goes on', () => {
    const house = three();
    run(house, [a, b, c]);
    house.send({ kind: 'WithdrawLot', lotId: a, reason: 'chipped' });
    house.send({ kind: 'OpenLot', lotId: b });
    expect(house.runUntil(startMs + 600_000)).toEqual([]);
    allocate(house, b);
    expect(kinds(house.runUntil(startMs + 665_000)).slice(-2)).toEqual([
      'LotCalled',
      'OfferRequested',
    ]);
    expect(house.lot(c).phase).toBe('called');
  });
  it('[LOT-23] the crew stops it, and the end of the show does', () => {
    const house = three();
    run(house, [a, b]);
    expect(house.send({ kind: 'StopLotRun' })).toEqual([
      { kind: 'LotRunStopped', data: { reason: 'crew' } },
    ]);
    expect(house.send({ kind: 'StopLotRun' })).toEqual([]);
    expect(house.runUntil(startMs + 600_000)).toEqual([]);
    run(house, [a, b]);
    expect(kinds(house.send({ kind: 'EndShow' }))).toEqual([
      'LotRunStopped',
      'LotWithdrawn',
      'LotWithdrawn',
      'LotWithdrawn',
      'ShowEnded',
    ]);
    expect(showDecider.deadline(house.state)).toBeNull();
  });
  it('[LOT-23] [LOT-1] no run before the show, none beside another, none of what can’t be run', () => {
    const before = new AuctionHouse([planned]);
    before.prepare();
    expect(run(before, [lotId])).toEqual(refused('show-not-live'));
    const house = three();
    expect(run(house, [])).toEqual(refused('lot-invalid', { field: 'lotIds' }));
    expect(run(house, [a, a])).toEqual(refused('lot-invalid', { field: 'lotIds' }));
    expect(run(house, [a, lotNamed('none')])).toEqual(refused('lot-not-prepared'));
    for (const gapMs of [-1, 0.5, limits.lotRunGapMsMax + 1])
      expect(run(house, [a], gapMs)).toEqual(refused('lot-invalid', { field: 'gapMs' }));
    expect(house.send({ kind: 'OpenNextLot' }, system)).toEqual(refused('lot-run-unknown'));
    run(house, [a, b]);
    expect(run(house, [c])).toEqual(refused('lot-run-exists'));
  });
});

describe('the end of the show', () => {
  const end = (house: AuctionHouse) => house.send({ kind: 'EndShow' });

  it('[LOT-4] what is prepared is taken back; what is called, open or paused is cancelled and gives its unit back', () => {
    const prepared = new AuctionHouse();
    prepared.prepare();
    expect(end(prepared)).toMatchObject([
      { kind: 'LotWithdrawn', data: { lotId, reason: 'show-ended' } },
      { kind: 'ShowEnded' },
    ]);
    const called = new AuctionHouse();
    called.prepare();
    called.send({ kind: 'OpenLot', lotId });
    expect(kinds(end(called))).toEqual(['LotCancelled', 'OfferClosed', 'ShowEnded']);
    expect(kinds(called.allocate())).toEqual(['OfferAllocated', 'UnitsReleased']);
    const open = contested();
    expect(end(open)).toMatchObject([
      { kind: 'LotCancelled', data: { reason: 'show-ended' } },
      { kind: 'OfferClosed' },
      { kind: 'UnitsReleased', data: { quantity: 1 } },
      { kind: 'ShowEnded' },
    ]);
    const paused = contested();
    paused.send({ kind: 'PauseLot', lotId, reason: 'wait' });
    expect(kinds(end(paused))).toEqual([
      'LotCancelled',
      'OfferClosed',
      'UnitsReleased',
      'ShowEnded',
    ]);
    for (const house of [prepared, called, open, paused]) {
      expect(showDecider.deadline(house.state)).toBeNull();
      expect(house.bid(petr, 9_000)).toEqual(refused('lot-closed'));
    }
  });
  it('[LOT-15] a lot whose bidding is over by the clock is sold, not cancelled', () => {
    expect(kinds(end(contested().wait(60_000)))).toEqual([
      'HoldPlaced',
      'LotHammered',
      'MaximaRevealed',
      'OfferClosed',
      'ShowEnded',
    ]);
  });
  it('[LOT-20] what is sold stays sold, and is paid afterwards', () => {
    const house = contested();
    house.runUntil(startMs + 60_000);
    expect(kinds(end(house))).toEqual(['ShowEnded']);
    const holdId = lotId as string as never;
    expect(
      kinds(
        house.send({ kind: 'BeginPayment', holdId, orderId: 'r1' as never, attempt: 'a1' }, ines),
      ),
    ).toEqual(['PaymentBegun']);
  });
  it('[LOT-4] units of a Dutch lot that were taken stay held', () => {
    const house = new AuctionHouse().open(dutchLot());
    house.take(ines, 5_000, 'h1');
    expect(end(house)).toMatchObject([
      {},
      {},
      { kind: 'UnitsReleased', data: { quantity: 2 } },
      {},
    ]);
    expect(house.units()).toEqual({ left: 0, held: 1, sold: 0 });
  });
});

describe('a lot in the log', () => {
  /** All that a lot can be in, one after the other. */
  const eventful = () => {
    const house = new AuctionHouse([planned, stocked, started]);
    house.prepare(englishLot({ takesEarlyBids: true, hasReserve: true }), reserveOf(1_500));
    house.bid(ines, 2_000);
    house.send({ kind: 'OpenLot', lotId });
    house.allocate();
    house.send({ kind: 'MeasureAllowance', pictureDelayP95Ms: 900, viewers: 9 }, system);
    house.open(dutchLot({}, { lotId: lotNamed('dutch') }));
    house.take(petr, 5_000, 'h1', lotNamed('dutch'));
    house.bid(tomasz, 3_000);
    house.bid(petr, 4_000);
    house.undo(petr, 'b3');
    house.send({ kind: 'BarBuyer', personId: 'late' as never, isBarred: true, reason: 'rude' });
    house.prepare(englishLot({}, { lotId: lotNamed('next') }));
    house.send({ kind: 'RunLots', lotIds: [lotNamed('next')], gapMs: 0 });
    return house;
  };
  const finish = (house: AuctionHouse) => {
    house.runUntil(startMs + 30_000);
    house.allocate(englishLot({}, { lotId: lotNamed('next') }));
    house.bid(person('anna'), 5_000);
    house.bid(person('late'), 6_000);
    house.runUntil(startMs + 3_600_000);
    return house;
  };

  it('a snapshot taken in between makes no difference to what follows', () => {
    const straight = finish(eventful());
    const resumed = eventful();
    resumed.state = showDecider.load(JSON.parse(JSON.stringify(showDecider.save(resumed.state))));
    expect(finish(resumed).log).toEqual(straight.log);
    expect(showDecider.save(resumed.state)).toEqual(showDecider.save(straight.state));
  });
  it('a snapshot shares nothing with the state that it was taken of', () => {
    const house = eventful();
    const saved = showDecider.save(house.state);
    const before = JSON.stringify(saved);
    const twin = showDecider.load(saved);
    finish(house);
    expect(JSON.stringify(saved)).toBe(before);
    expect(JSON.stringify(showDecider.save(twin))).toBe(before);
  });
  it('with all personal text erased the log can be replayed, with the figures as they were', () => {
    const house = finish(eventful());
    const erased = house
      .since(0)
      .map((event) => ({ ...event, personal: null }) as unknown as ShowEvent);
    const { lots, people } = testbed(showDecider).fold(erased, startMs).sale.auction;
    expect(people.size).toBe(0);
    for (const [id, lot] of lots) {
      const { phase, winner, bidCount, bidders, taken } = house.lot(id);
      expect(lot).toMatchObject({ phase, winner, bidCount, bidders, taken });
    }
  });
  it('[LOT-25] a bid that was erased before the hammer is not revealed as something that it wasn’t', () => {
    const house = contested();
    const replayed = new AuctionHouse([]);
    replayed.state = testbed(showDecider).fold(
      house
        .since(0)
        .map((event) =>
          event.kind === 'BidPlaced' && event.data.bidId === 'b2'
            ? { ...event, personal: null }
            : event,
        ),
      startMs,
    );
    replayed.bid(petr, 3_000);
    expect(replayed.runUntil(startMs + 60_000)).toContainEqual({
      kind: 'MaximaRevealed',
      data: {
        lotId,
        bids: [
          { bidId: 'b1', alias: 1, maxMinor: 4_000, nonce: 'n-b1' },
          { bidId: 'b1', alias: 3, maxMinor: 3_000, nonce: 'n-b1' },
        ],
        reserve: null,
      },
    });
  });
  it('a log that speaks of a lot before it was prepared is a bug', () => {
    expect(() =>
      testbed(showDecider).fold([planned, { kind: 'LotCalled', data: { lotId } }], startMs),
    ).toThrow('before it was prepared');
  });
});
