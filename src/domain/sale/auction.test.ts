// Opening lots, bidding, undoing, buying now. What comes with the hammer stands in hammer.test.ts, Dutch
// lots, runs and what a log can do to a lot in lot.test.ts.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { limits } from '../../base/limits.ts';
import { system } from '../decider.ts';
import { ines, mina, otto, person, startMs, teo, tomasz } from '../testing/given.ts';
import {
  AuctionHouse,
  dutchLot,
  englishLot,
  kinds,
  lotId,
  lotNamed,
  refused,
  reserveOf,
} from '../testing/lot-cast.ts';
import {
  eur,
  lagoon,
  offerId,
  order,
  personId,
  planned,
  started,
  terms,
  vase,
} from '../testing/show-cast.ts';

const petr = person('petr');
const sha256 = (...lines: (string | number)[]) =>
  createHash('sha256').update(lines.join('\n')).digest('hex');

describe('opening a lot', () => {
  it('[LOT-1] not before the show, not for what isn’t on its shelf, not twice', () => {
    const before = new AuctionHouse([planned]);
    before.prepare();
    expect(before.send({ kind: 'OpenLot', lotId })).toEqual(refused('show-not-live'));
    const bare = new AuctionHouse([planned, started]);
    bare.prepare();
    expect(bare.send({ kind: 'OpenLot', lotId })).toEqual(refused('product-not-on-shelf'));
    expect(bare.send({ kind: 'OpenLot', lotId: lotNamed('none') })).toEqual(refused('lot-unknown'));
    expect(new AuctionHouse().open().send({ kind: 'OpenLot', lotId })).toEqual(
      refused('lot-not-prepared'),
    );
  });
  it('[LOT-2] it asks for its unit, and its clock starts when the unit is there', () => {
    const house = new AuctionHouse();
    house.prepare();
    expect(house.send({ kind: 'OpenLot', lotId })).toEqual([
      { kind: 'LotCalled', data: { lotId } },
      {
        kind: 'OfferRequested',
        data: {
          terms: {
            offerId: lotId,
            by: 'lot',
            productId: vase,
            title: 'Lagoon vase',
            variants: [
              {
                variantId: lagoon,
                title: '',
                price: eur(1_000),
                usualPrice: eur(9_800),
                quantity: 1,
              },
            ],
            perPersonMax: null,
            durationMs: 60_000,
            holdMs: 600_000,
          },
        },
      },
    ]);
    house.wait(70);
    expect(house.allocate()).toEqual([
      { kind: 'OfferAllocated', data: { offerId: lotId, variantId: lagoon, quantity: 1 } },
      { kind: 'OfferOpened', data: { offerId: lotId, closesAtMs: startMs + 60_070 } },
      {
        kind: 'LotOpened',
        data: { lotId, closesAtMs: startMs + 60_070, hammerAtMs: startMs + 60_070 },
      },
    ]);
  });
  it('[LOT-2] without stock it is prepared as before, says what there is, and can be opened later', () => {
    const house = new AuctionHouse();
    house.prepare();
    house.send({ kind: 'OpenLot', lotId });
    expect(house.refuseUnits()).toEqual([
      { kind: 'OfferRefused', data: { offerId: lotId, variantId: lagoon, available: 0 } },
      { kind: 'LotRefused', data: { lotId, available: 0 } },
    ]);
    expect(house.lot().phase).toBe('prepared');
    house.send({ kind: 'OpenLot', lotId });
    expect(kinds(house.allocate())).toContain('LotOpened');
  });
  it('[LOT-2] its unit can’t be claimed, and its offer isn’t closed, past the auction', () => {
    const house = new AuctionHouse().open();
    const claim = { kind: 'Claim', offerId: lotId, variantId: lagoon, quantity: 1 } as const;
    expect(house.send({ ...claim, holdId: 'h1' as never }, ines)).toEqual(
      refused('offer-not-claimable'),
    );
    expect(house.send({ kind: 'CloseOffer', offerId: lotId })).toEqual(refused('offer-unknown'));
    expect(
      house.send({ kind: 'OpenOffer', terms: { ...terms, offerId: lotNamed('o2'), by: 'lot' } }),
    ).toEqual(refused('offer-invalid', { field: 'by' }));
  });
});

describe('a bid', () => {
  it('[LOT-5] [LOT-24] [LOT-26] the first is accepted at the start; its maximum is personal text, its commitment public', () => {
    const house = new AuctionHouse().open().wait(1_000);
    expect(house.bid(ines, 4_000)).toEqual([
      {
        kind: 'BidPlaced',
        data: {
          lotId,
          bidId: 'b1',
          alias: 1,
          commitment: sha256('rialto-lot-1', lotId, 'b1', 4_000, 'EUR', 'n-b1'),
          price: eur(1_000),
          leader: 1,
          reserveMet: null,
          bids: 1,
          closesAtMs: startMs + 60_000,
          hammerAtMs: startMs + 60_000,
        },
        personal: { personId: 'ines', name: 'ines_w', maxMinor: 4_000, nonce: 'n-b1' },
      },
    ]);
    expect(house.bid(tomasz, 2_000)).toMatchObject([
      {
        data: { alias: 2, price: eur(2_100), leader: 1, bids: 2 },
        personal: { personId: 'tomasz' },
      },
    ]);
  });
  it('[LOT-26] an alias is the same in every lot of the show', () => {
    const house = new AuctionHouse().open();
    house.open(englishLot({}, { lotId: lotNamed('lot2') }));
    house.bid(ines, 1_000);
    house.bid(tomasz, 1_000, { lot: lotNamed('lot2') });
    expect(house.bid(ines, 2_000, { lot: lotNamed('lot2') })).toMatchObject([
      { data: { alias: 1 } },
    ]);
    expect(house.bid(petr, 3_000, { lot: lotNamed('lot2') })).toMatchObject([
      { data: { alias: 3 } },
    ]);
  });
  it('[LOT-5] the smallest next bid is the start, then the price and one step', () => {
    const house = new AuctionHouse().open();
    expect(house.bid(ines, 999)).toEqual(
      refused('bid-too-low', { minimumMinor: 1_000, currency: 'EUR' }),
    );
    house.bid(ines, 4_000);
    expect(house.bid(tomasz, 1_099)).toEqual(
      refused('bid-too-low', { minimumMinor: 1_100, currency: 'EUR' }),
    );
    expect(kinds(house.bid(tomasz, 1_100))).toEqual(['BidPlaced']);
  });
  it('[LOT-7] who leads raises their maximum, and lowers it never', () => {
    const house = new AuctionHouse().open();
    house.bid(ines, 4_000);
    for (const max of [1_000, 3_999, 4_000])
      expect(house.bid(ines, max)).toEqual(
        refused('bid-too-low', { minimumMinor: 4_001, currency: 'EUR' }),
      );
    expect(house.bid(ines, 4_001)).toMatchObject([
      { data: { price: eur(1_000), leader: 1, bids: 2 } },
    ]);
    expect(house.lot().bidders).toBe(1);
  });
  it('[LOT-8] whether the reserve is met is told with each bid, its height is not', () => {
    const house = new AuctionHouse().open(englishLot({ hasReserve: true }), reserveOf(4_321));
    const below = house.bid(ines, 4_000);
    expect(below).toMatchObject([{ data: { price: eur(1_000), reserveMet: false } }]);
    expect(JSON.stringify(below)).not.toContain('4321');
    expect(house.bid(ines, 6_000)).toMatchObject([
      { data: { price: eur(4_321), reserveMet: true, leader: 1 } },
    ]);
  });
  it.each([0, -1, -1_000, 10.5, Number.NaN, Number.POSITIVE_INFINITY, limits.bidMinorMax + 1])(
    '[LOT-11] a maximum of %s is no bid',
    (max) => {
      expect(new AuctionHouse().open().bid(ines, max, { isConfirmed: true })).toEqual(
        refused('bid-invalid'),
      );
    },
  );
  it('[LOT-11] another currency is refused', () => {
    expect(new AuctionHouse().open().bid(ines, 4_000, { currency: 'USD' })).toEqual(
      refused('currency-mismatch', { currency: 'EUR' }),
    );
  });
  it('[LOT-11] more than ten times the smallest next bid is asked for again', () => {
    const house = new AuctionHouse().open();
    expect(house.bid(ines, 10_001)).toEqual(
      refused('bid-unusual', { aboveMinor: 10_000, currency: 'EUR' }),
    );
    expect(kinds(house.bid(ines, 10_000))).toEqual(['BidPlaced']);
    expect(house.bid(tomasz, 11_001)).toEqual(
      refused('bid-unusual', { aboveMinor: 11_000, currency: 'EUR' }),
    );
    expect(kinds(house.bid(tomasz, 90_000_000, { isConfirmed: true }))).toEqual(['BidPlaced']);
  });
  it('[LOT-11] the crew doesn’t bid, nor does a machine, nor who was barred; who is let in again does', () => {
    const house = new AuctionHouse().open();
    for (const by of [mina, otto, teo])
      expect(house.bid(by, 4_000)).toEqual(refused('crew-may-not-bid'));
    expect(house.bid(system, 4_000)).toEqual(refused('sign-in-needed'));
    const bar = (isBarred: boolean, by = teo, reason = 'never pays') =>
      house.send({ kind: 'BarBuyer', personId: personId('ines'), isBarred, reason }, by);
    expect(bar(true, tomasz)).toEqual(refused('not-allowed'));
    expect(bar(true, teo, '')).toEqual(refused('reason-needed'));
    expect(bar(true)).toEqual([
      { kind: 'BuyerBarred', data: { personId: 'ines', isBarred: true, reason: 'never pays' } },
    ]);
    expect(bar(true)).toEqual([]);
    expect(house.bid(ines, 4_000)).toEqual(refused('buyer-barred'));
    expect(house.take(ines, 4_000, 'h1')).toEqual(refused('buyer-barred'));
    house.send({ kind: 'OpenOffer', terms });
    expect(
      house.send(
        { kind: 'Claim', offerId, variantId: lagoon, quantity: 1, holdId: 'h1' as never },
        ines,
      ),
    ).toEqual(refused('buyer-barred'));
    bar(false);
    expect(kinds(house.bid(ines, 4_000))).toEqual(['BidPlaced']);
  });
  it('[LOT-11] a lot that is unknown, prepared, called, paused, withdrawn or cancelled takes none', () => {
    const house = new AuctionHouse();
    expect(house.bid(ines, 4_000)).toEqual(refused('lot-unknown'));
    house.prepare();
    expect(house.bid(ines, 4_000)).toEqual(refused('lot-not-open'));
    house.send({ kind: 'OpenLot', lotId });
    expect(house.bid(ines, 4_000)).toEqual(refused('lot-not-open'));
    house.allocate();
    house.send({ kind: 'PauseLot', lotId, reason: 'a question' });
    expect(house.bid(ines, 4_000)).toEqual(refused('lot-paused'));
    house.send({ kind: 'CancelLot', lotId, reason: 'broken' });
    expect(house.bid(ines, 4_000)).toEqual(refused('lot-closed'));
    const second = lotNamed('lot2');
    house.prepare(englishLot({ takesEarlyBids: true }, { lotId: second }));
    house.send({ kind: 'WithdrawLot', lotId: second, reason: 'chipped' });
    expect(house.bid(ines, 4_000, { lot: second })).toEqual(refused('lot-closed'));
  });
  it('[LOT-11] a Dutch lot takes no bids', () => {
    expect(new AuctionHouse().open(dutchLot()).bid(ines, 4_000)).toEqual(
      refused('lot-not-biddable'),
    );
  });
  it('[LOT-9] bids come before the opening where the terms say so, under the same rules, and count from then on', () => {
    const house = new AuctionHouse([planned]);
    house.prepare(englishLot({ takesEarlyBids: true }));
    expect(house.bid(ines, 4_000)).toMatchObject([
      { data: { price: eur(1_000), closesAtMs: null, hammerAtMs: null } },
    ]);
    expect(house.bid(tomasz, 1_050)).toEqual(
      refused('bid-too-low', { minimumMinor: 1_100, currency: 'EUR' }),
    );
    expect(house.bid(mina, 4_000)).toEqual(refused('crew-may-not-bid'));
    const atDoor = new AuctionHouse();
    atDoor.prepare(englishLot({ takesEarlyBids: true }));
    atDoor.bid(ines, 4_000);
    atDoor.send({ kind: 'OpenLot', lotId });
    atDoor.allocate();
    expect(atDoor.bid(tomasz, 2_000)).toMatchObject([{ data: { price: eur(2_100), leader: 1 } }]);
  });
  it('[LOT-9] no early bid outlives its show: what was prepared is taken back', () => {
    const house = new AuctionHouse([planned]);
    house.prepare(englishLot({ takesEarlyBids: true }));
    house.bid(ines, 4_000);
    expect(kinds(house.send({ kind: 'CancelShow', reason: 'ill' }))).toEqual([
      'LotWithdrawn',
      'ShowCancelled',
    ]);
    expect(house.bid(tomasz, 4_000)).toEqual(refused('lot-closed'));
  });
});

describe('undoing a bid', () => {
  const twoBids = () => {
    const house = new AuctionHouse().open();
    house.bid(ines, 4_000);
    house.bid(tomasz, 2_000);
    return house;
  };

  it('[LOT-12] [LOT-10] what stood before stands again: price, leader, maxima, figures', () => {
    const house = twoBids();
    expect(house.wait(14_999).undo(tomasz, 'b2')).toEqual([
      {
        kind: 'BidUndone',
        data: {
          lotId,
          bidId: 'b2',
          alias: 2,
          price: eur(1_000),
          leader: 1,
          reserveMet: null,
          bids: 1,
        },
      },
    ]);
    expect(house.lot()).toMatchObject({ bidCount: 1, bidders: 1 });
    expect(house.bid(petr, 1_100)).toMatchObject([{ data: { price: eur(1_200), leader: 1 } }]);
  });
  it('[LOT-12] a raise is undone to the maximum before it, a first bid to none', () => {
    const house = new AuctionHouse().open();
    house.bid(ines, 4_000);
    house.bid(ines, 9_000);
    house.undo(ines, 'b2');
    expect(house.bid(tomasz, 5_000)).toMatchObject([{ data: { price: eur(4_200), leader: 2 } }]);
    const alone = new AuctionHouse().open();
    alone.bid(ines, 4_000);
    expect(alone.undo(ines, 'b1')).toMatchObject([
      { data: { price: null, leader: null, bids: 0 } },
    ]);
    expect(alone.bid(tomasz, 1_000)).toMatchObject([{ data: { price: eur(1_000), leader: 2 } }]);
  });
  it('[LOT-12] a reserve that was met by it isn’t any more', () => {
    const house = new AuctionHouse().open(englishLot({ hasReserve: true }), reserveOf(4_321));
    house.bid(ines, 6_000);
    expect(house.undo(ines, 'b1')).toMatchObject([{ data: { price: null, reserveMet: false } }]);
  });
  it('[LOT-12] once a lot, and only one’s own latest bid', () => {
    const house = twoBids();
    expect(house.undo(ines, 'b2')).toEqual(refused('undo-too-late'));
    expect(house.undo(petr, 'b2')).toEqual(refused('bid-unknown'));
    house.undo(tomasz, 'b2');
    expect(house.undo(tomasz, 'b2')).toEqual(refused('undo-too-late'));
    house.bid(tomasz, 2_000);
    expect(house.undo(tomasz, 'b3')).toEqual(refused('undo-too-late'));
  });
  it('[LOT-12] not when the time is over, not when somebody has bid since', () => {
    expect(twoBids().wait(15_000).undo(tomasz, 'b2')).toEqual(refused('undo-too-late'));
    const house = twoBids();
    house.bid(ines, 5_000);
    expect(house.undo(tomasz, 'b2')).toEqual(refused('undo-too-late'));
    house.undo(ines, 'b3');
    expect(house.undo(tomasz, 'b2')).toEqual(refused('undo-too-late'));
  });
  it('[LOT-12] never where the terms say never, not even in the same instant', () => {
    const house = new AuctionHouse().open(englishLot({ undoMs: 0 }));
    house.bid(ines, 4_000);
    expect(house.undo(ines, 'b1')).toEqual(refused('undo-too-late'));
  });
  it.each([
    [20_000, 39_999, 40_000],
    [0, 49_999, 50_000],
  ])(
    '[LOT-12] with a soft close of %i ms up to %i ms after the opening, not at %i',
    (softCloseMs, lastMs, lateMs) => {
      const bidLate = (ms: number) => {
        const house = new AuctionHouse().open(englishLot({ softCloseMs })).wait(ms);
        house.bid(ines, 4_000);
        return house.undo(ines, 'b1');
      };
      expect(kinds(bidLate(lastMs))).toEqual(['BidUndone']);
      expect(bidLate(lateMs)).toEqual(refused('undo-too-late'));
    },
  );
  it('[LOT-12] [LOT-9] an early bid is undone too', () => {
    const house = new AuctionHouse([planned]);
    house.prepare(englishLot({ takesEarlyBids: true }));
    house.bid(ines, 4_000);
    expect(kinds(house.undo(ines, 'b1'))).toEqual(['BidUndone']);
  });
  it('[LOT-12] not by the crew, and not while paused', () => {
    const house = twoBids();
    expect(house.undo(mina, 'b2')).toEqual(refused('crew-may-not-bid'));
    house.send({ kind: 'PauseLot', lotId, reason: 'wait' });
    expect(house.undo(tomasz, 'b2')).toEqual(refused('lot-paused'));
  });
});

describe('buy-now', () => {
  const house = () => new AuctionHouse().open(englishLot({ buyNow: eur(8_000) }));

  it('[LOT-17] takes the lot at its price as long as nobody has bid', () => {
    const open = house().wait(5_000);
    const taken = open.take(ines, 9_999, 'h1');
    expect(taken).toEqual([
      {
        kind: 'LotTaken',
        data: { lotId, alias: 1, price: eur(8_000), holdId: 'h1' },
        personal: { personId: 'ines', name: 'ines_w' },
      },
      expect.objectContaining({
        kind: 'HoldPlaced',
        data: {
          holdId: 'h1',
          offerId: lotId,
          variantId: lagoon,
          quantity: 1,
          personId: 'ines',
          price: eur(8_000),
          expiresAtMs: startMs + 605_000,
        },
      }),
      { kind: 'LotHammered', data: { lotId, outcome: 'sold', price: eur(8_000), alias: 1 } },
      { kind: 'OfferClosed', data: { offerId: lotId, reason: 'time' } },
    ]);
    expect(open.bid(tomasz, 9_000)).toEqual(refused('lot-closed'));
    expect(open.units()).toEqual({ left: 0, held: 1, sold: 0 });
  });
  it('[LOT-17] not below its price, not after a bid, not where there is none, not under another hold’s id', () => {
    expect(house().take(ines, 7_999, 'h1')).toEqual(
      refused('bid-too-low', { minimumMinor: 8_000, currency: 'EUR' }),
    );
    const open = house();
    open.bid(ines, 1_000);
    expect(open.take(tomasz, 8_000, 'h1')).toEqual(refused('lot-not-takeable'));
    open.undo(ines, 'b1');
    for (const holdId of [lotId, `${lotId}-2`])
      expect(open.take(tomasz, 8_000, holdId)).toEqual(refused('hold-exists'));
    expect(kinds(open.take(tomasz, 8_000, 'h1'))).toContain('LotTaken');
    expect(new AuctionHouse().open().take(ines, 8_000, 'h1')).toEqual(refused('lot-not-takeable'));
  });
  it('[LOT-17] [LOT-20] it binds like a bid, and is paid like one', () => {
    const open = house();
    open.take(ines, 8_000, 'h1');
    const holdId = 'h1' as never;
    expect(open.send({ kind: 'ReleaseHold', holdId }, ines)).toEqual(refused('bid-binding'));
    expect(kinds(open.send({ kind: 'SettleHold', holdId, orderId: order('h1') }, system))).toEqual([
      'HoldSettled',
    ]);
  });
});
