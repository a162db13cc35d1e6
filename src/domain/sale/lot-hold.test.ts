// The hold of whoever won or took a lot, and what becomes of the piece when they don't pay.

import { describe, expect, it } from 'vitest';
import { system } from '../decider.ts';
import { ines, mina, person, startMs, teo, tomasz } from '../testing/given.ts';
import {
  AuctionHouse,
  contested,
  englishLot,
  kinds,
  lotId,
  refused,
  reserveOf,
} from '../testing/lot-cast.ts';
import { eur, lagoon, offerId, order, personId, terms } from '../testing/show-cast.ts';

const petr = person('petr');
const winnersHold = lotId as string as never;
const chanceHold = `${lotId}-2` as never;

describe('the winner’s hold', () => {
  const sold = (change = {}, reserve: number | null = null) => {
    const house = contested(change, reserve);
    house.runUntil(startMs + 60_000);
    return house;
  };
  const begin = {
    kind: 'BeginPayment',
    holdId: winnersHold,
    orderId: order(lotId),
    attempt: 'a1',
  } as const;

  it('[LOT-20] binds: they can’t release it, the crew can', () => {
    expect(sold().send({ kind: 'ReleaseHold', holdId: winnersHold }, ines)).toEqual(
      refused('bid-binding'),
    );
    expect(sold().send({ kind: 'ReleaseHold', holdId: winnersHold }, tomasz)).toEqual(
      refused('not-allowed'),
    );
    expect(kinds(sold().send({ kind: 'ReleaseHold', holdId: winnersHold }, teo))).toEqual([
      'HoldReleased',
      'SecondChanceOffered',
      'HoldPlaced',
    ]);
  });
  it('[LOT-20] is paid at the hammer’s price, and settled once', () => {
    const house = sold();
    expect(kinds(house.send(begin, tomasz))).toBe('not-allowed');
    expect(kinds(house.send(begin, ines))).toEqual(['PaymentBegun']);
    expect(
      kinds(house.send({ kind: 'SettleHold', holdId: winnersHold, orderId: order(lotId) }, system)),
    ).toEqual(['HoldSettled']);
    expect(house.units()).toEqual({ left: 0, held: 0, sold: 1 });
    expect(house.runUntil(startMs + 9_000_000)).toEqual([]);
  });
  it('[LOT-20] a declined card leaves the whole time to pay', () => {
    const house = sold().wait(1_000);
    house.send(begin, ines);
    const declined = {
      kind: 'AbandonPayment',
      holdId: winnersHold,
      orderId: order(lotId),
      attempt: null,
    } as const;
    expect(house.wait(5_000).send(declined, system)).toMatchObject([
      { data: { expiresAtMs: startMs + 660_000 } },
    ]);
    house.atMs = startMs + 659_000;
    house.send({ ...begin, attempt: 'a2' }, ines);
    expect(house.wait(2_000).send(declined, system)).toMatchObject([
      { data: { expiresAtMs: startMs + 691_000 } },
    ]);
  });
  it('[LOT-20] an id that a lot’s hold will have is nobody else’s', () => {
    const house = contested();
    house.send({ kind: 'OpenOffer', terms });
    house.send({ kind: 'ConfirmAllocation', offerId, variantId: lagoon, quantity: 3 }, system);
    for (const holdId of [winnersHold, chanceHold])
      expect(
        house.send({ kind: 'Claim', offerId, variantId: lagoon, quantity: 1, holdId }, petr),
      ).toEqual(refused('hold-exists'));
  });
  it('[LOT-20] who was erased before the hammer can’t pay: the lot isn’t sold', () => {
    const house = contested();
    house.state.sale.auction.people.delete(1);
    expect(kinds(house.runUntil(startMs + 60_000))).toEqual([
      'LotHammered',
      'MaximaRevealed',
      'OfferClosed',
      'UnitsReleased',
    ]);
  });
});

describe('a second chance', () => {
  const unpaid = (
    change = {},
    reserve: number | null = null,
    before?: (house: AuctionHouse) => void,
  ) => {
    const house = contested(change, reserve);
    before?.(house);
    house.runUntil(startMs + 60_000);
    return { house, events: house.runUntil(startMs + 660_000) };
  };

  it('[LOT-21] unpaid, it is offered to the runner-up at their own maximum, for the lot’s time', () => {
    const { house, events } = unpaid();
    expect(events).toEqual([
      expect.objectContaining({ kind: 'HoldExpired' }),
      {
        kind: 'SecondChanceOffered',
        data: { lotId, alias: 2, price: eur(2_000), holdId: chanceHold },
      },
      {
        kind: 'HoldPlaced',
        data: {
          holdId: chanceHold,
          offerId: lotId,
          variantId: lagoon,
          quantity: 1,
          personId: 'tomasz',
          price: eur(2_000),
          expiresAtMs: startMs + 1_260_000,
        },
        personal: { name: 'tomasz' },
      },
    ]);
    expect(house.units()).toEqual({ left: 0, held: 1, sold: 0 });
  });
  it('[LOT-21] of two with the same maximum the earlier is the runner-up, whoever came first', () => {
    const house = new AuctionHouse().open();
    house.bid(ines, 1_000);
    house.bid(tomasz, 4_000);
    house.bid(ines, 4_000);
    house.bid(petr, 5_000);
    expect(house.runUntil(startMs + 660_000)).toContainEqual({
      kind: 'SecondChanceOffered',
      data: { lotId, alias: 2, price: eur(4_000), holdId: chanceHold },
    });
  });
  it('[LOT-21] they may decline, or let it expire: then the unit goes back, and nobody is asked again', () => {
    const declined = unpaid().house;
    expect(kinds(declined.send({ kind: 'ReleaseHold', holdId: chanceHold }, tomasz))).toEqual([
      'HoldReleased',
      'UnitsReleased',
    ]);
    const expired = unpaid().house;
    expect(kinds(expired.runUntil(startMs + 9_000_000))).toEqual(['HoldExpired', 'UnitsReleased']);
    expect(expired.units()).toEqual({ left: 0, held: 0, sold: 0 });
  });
  it.each<[why: string, run: () => ReturnType<typeof unpaid>]>([
    ['nobody else has bid', () => unpaid({}, null, (house) => house.undo(tomasz, 'b2'))],
    [
      'the runner-up was barred',
      () =>
        unpaid({}, null, (house) =>
          house.send(
            { kind: 'BarBuyer', personId: personId('tomasz'), isBarred: true, reason: 'shill' },
            mina,
          ),
        ),
    ],
    [
      'the runner-up was erased',
      () => unpaid({}, null, (house) => house.state.sale.auction.people.delete(2)),
    ],
  ])('[LOT-21] %s: the unit goes back', (_why, run) => {
    expect(kinds(run().events)).toEqual(['HoldExpired', 'UnitsReleased']);
  });
  it('[LOT-21] [LOT-8] a runner-up below the reserve is not asked', () => {
    expect(kinds(unpaid({}, 3_000).events)).toEqual(['HoldExpired', 'UnitsReleased']);
    const house = new AuctionHouse().open(englishLot({ hasReserve: true }), reserveOf(2_000));
    house.bid(tomasz, 2_000);
    house.bid(ines, 4_000);
    expect(kinds(house.runUntil(startMs + 660_000))).toContain('SecondChanceOffered');
  });
  it('[LOT-21] only where the terms say so', () => {
    const house = new AuctionHouse().open(englishLot({}, { secondChance: false }));
    house.bid(ines, 4_000);
    house.bid(tomasz, 2_000);
    expect(kinds(house.runUntil(startMs + 660_000)).slice(-2)).toEqual([
      'HoldExpired',
      'UnitsReleased',
    ]);
  });
  it('[LOT-21] also after the end of the show', () => {
    const house = contested();
    house.runUntil(startMs + 60_000);
    house.send({ kind: 'EndShow' });
    expect(kinds(house.runUntil(startMs + 660_000))).toContain('SecondChanceOffered');
  });
});
