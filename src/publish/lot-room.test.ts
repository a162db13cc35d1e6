// What a room says of its auctions, and to whom: no maximum and no reserve to anyone but whose it is.

import { beforeEach, describe, expect, it } from 'vitest';
import type { BidId, OfferId, VariantId } from '../base/brand.ts';
import { type Actor, system } from '../domain/decider.ts';
import type { LotTerms } from '../domain/sale/lot-terms.ts';
import { dutchLot, englishLot, lotNamed } from '../domain/testing/lot-cast.ts';
import { type Guest, House, you } from './house.fixture.ts';
import { liveShow, person } from './recorded-show.fixture.ts';

const ines = person('ines');
const tomasz = person('tomasz');
const lotId = lotNamed('lot1');
const other = lotNamed('lot2');
const onShelf = { productId: 'p1' as never, variantId: 'v1' as VariantId, payMs: 60_000 };
const vase = englishLot(
  { takesEarlyBids: true, hasReserve: true, durationMs: 60_000 },
  { ...onShelf, lotId },
);
/** Figures that stand in no price, no step and no time. */
const secret = { reserve: 98_761, ines: 77_773, tomasz: 33_331, undone: 55_557, other: 44_449 };

let house: House;
let bids = 0;

const show: House['recorded']['show'] = (...sent) => house.recorded.show(...sent);
const bid = (by: Actor, maxMinor: number, lot: OfferId = lotId) => {
  const bidId = `b${++bids}` as BidId;
  const max = { minor: maxMinor, currency: 'EUR' };
  const placed = show(
    { kind: 'PlaceBid', lotId: lot, bidId, max, nonce: `nonce-of-${bidId}`, isConfirmed: true },
    by,
  );
  expect(placed).toBeInstanceOf(Array);
  return bidId;
};
const prepare = (terms: LotTerms, reserveMinor: number | null = null) =>
  show({
    kind: 'PrepareLot',
    terms,
    reserve: reserveMinor === null ? null : { minor: reserveMinor, nonce: 'nonce-of-reserve' },
  });
const open = ({ lotId: lot, variantId, quantity }: LotTerms) => {
  show({ kind: 'OpenLot', lotId: lot });
  show({ kind: 'ConfirmAllocation', offerId: lot, variantId, quantity }, system);
};
const figuresOf = (guest: Guest, lot: OfferId = lotId) =>
  guest.follower.room?.lots.find((one) => one.lotId === lot)?.figures;
const saidTo = (guest: Guest) => JSON.stringify(guest.heard);

beforeEach(() => {
  house = new House(liveShow());
  bids = 0;
});

describe('the secrets of a lot', () => {
  it('[LOT-24] no message to anyone before the hammer has a maximum, a reserve or a nonce that isn’t theirs', async () => {
    const guests = {
      ines: await house.join(you('ines')),
      tomasz: await house.join(you('tomasz')),
      jo: await house.join(you('jo')),
      stranger: await house.join(null),
      host: await house.join(you('owner', 'owner')),
      moderator: await house.join(you('teo', 'moderator')),
    };
    prepare(vase, secret.reserve);
    prepare(englishLot({}, { ...onShelf, lotId: other }));
    bid(ines, secret.ines);
    open(vase);
    open(englishLot({}, { ...onShelf, lotId: other }));
    bid(tomasz, secret.tomasz);
    const slip = bid(tomasz, secret.undone);
    show({ kind: 'UndoBid', lotId, bidId: slip }, tomasz);
    bid(tomasz, secret.other, other);
    show({ kind: 'PauseLot', lotId, reason: 'a question' });
    await house.pass(500);
    show({ kind: 'ResumeLot', lotId });
    show({ kind: 'CancelLot', lotId: other, reason: 'cracked' });
    await house.pass(500);
    // Who comes now, and who comes back to another server, get everything anew.
    const late = await house.join(you('late'));
    const lateHost = await house.join(you('mina', 'host'));
    const back = await house.join(you('ines'));
    expect(figuresOf(late)).toMatchObject({ phase: 'open', bids: 2, leader: 1, reserveMet: false });

    const own: Record<string, readonly number[]> = {
      ines: [secret.ines],
      back: [secret.ines],
      tomasz: [secret.tomasz, secret.undone, secret.other],
    };
    for (const [who, guest] of Object.entries({ ...guests, late, lateHost, back })) {
      for (const [whose, figure] of Object.entries(secret)) {
        const isTheirs = own[who]?.includes(figure) ?? false;
        expect(saidTo(guest).includes(`${figure}`), `${whose}’s figure told to ${who}`).toBe(
          isTheirs,
        );
      }
      expect(saidTo(guest)).not.toContain('nonce');
    }
  });

  it('[LOT-24] with the hammer the crowd hears the price, and the maxima are in the log alone', async () => {
    const guest = await house.join(you('owner', 'owner'));
    prepare(vase, 5_003);
    open(vase);
    bid(ines, secret.ines);
    bid(tomasz, secret.tomasz);
    await house.pass(60_000);
    show({ kind: 'DropHammer', lotId }, system);
    await house.pass(100);
    expect(figuresOf(guest)).toMatchObject({ phase: 'sold', leader: 1, reserveMet: true });
    expect(saidTo(guest)).not.toContain(`${secret.ines}`);
    const shown = house.recorded.events().filter(({ kind }) => kind === 'MaximaRevealed');
    expect(JSON.stringify(shown)).toContain(`${secret.ines}`);
  });
});

describe('a bidder', () => {
  it('[LOT-24] gets their own maximum, on every socket of theirs, and when they come back', async () => {
    const phone = await house.join(you('ines'));
    const desk = await house.join(you('ines'));
    const rival = await house.join(you('tomasz'));
    const plain = englishLot({}, { ...onShelf, lotId });
    prepare(plain);
    open(plain);
    const bidId = bid(ines, 4_000);
    await house.pass(100);
    const mine = {
      lotId,
      alias: 1,
      max: { minor: 4_000, currency: 'EUR' },
      bids: 1,
      undo: { bidId, untilMs: house.recorded.clock.nowMs() - 100 + 15_000 },
    };
    for (const guest of [phone, desk]) expect([...guest.follower.bids.values()]).toEqual([mine]);
    expect(rival.follower.bids.size).toBe(0);
    const place = phone.follower.position!;
    phone.feed.leave(phone.member);
    bid(tomasz, 2_000);
    await house.pass(100);
    const back = await house.join(you('ines'), place, phone.follower);
    expect(back.heard[0]).toMatchObject({
      t: 'welcome',
      room: null,
      bids: [{ lotId, alias: 1, max: { minor: 4_000 }, bids: 2, undo: null }],
    });
  });

  it('[LOT-12] hears what an undo left of their bids', async () => {
    const guest = await house.join(you('ines'));
    const plain = englishLot({}, { ...onShelf, lotId });
    prepare(plain);
    open(plain);
    bid(ines, 4_000);
    const raised = bid(ines, 6_000);
    show({ kind: 'UndoBid', lotId, bidId: raised }, ines);
    await house.pass(100);
    expect(guest.follower.bids.get(lotId)).toMatchObject({ max: { minor: 4_000 }, undo: null });
  });
});

describe('a lot in the room', () => {
  const plain = englishLot({}, { ...onShelf, lotId });

  it('[LOT-26] says aliases, and no names', async () => {
    const guest = await house.join(null);
    prepare(plain);
    open(plain);
    bid(person('ines', 'shopper', 'Ines Weber'), 4_000);
    await house.pass(100);
    expect(figuresOf(guest)).toMatchObject({ leader: 1, price: { minor: 1_000 } });
    expect(saidTo(guest)).not.toMatch(/ines|Weber/);
  });

  it('[LOT-13] brings one who was away the figures of now, also of a lot that began meanwhile', async () => {
    prepare(plain);
    open(plain);
    const guest = await house.join(you('jo'));
    const place = guest.follower.position!;
    guest.feed.leave(guest.member);
    bid(ines, 4_000);
    bid(tomasz, 2_000);
    const second = dutchLot({}, { ...onShelf, lotId: other, quantity: 2 });
    prepare(second);
    open(second);
    await house.pass(100);
    const back = await house.join(you('jo'), place, guest.follower);
    expect(back.heard[0]).toMatchObject({ t: 'welcome', room: null });
    expect(back.follower.room?.lots).toEqual(back.feed.show.room?.lots);
    expect(figuresOf(back)).toMatchObject({ bids: 2, price: { minor: 2_100 }, leader: 1 });
    expect(figuresOf(back, other)).toMatchObject({ phase: 'open', left: 2 });
  });

  it('[LOT-17] a buy-now meets the reserve', async () => {
    const guest = await house.join(null);
    const reserved = englishLot(
      { hasReserve: true, buyNow: { minor: 9_000, currency: 'EUR' } },
      { ...onShelf, lotId },
    );
    prepare(reserved, 8_000);
    open(reserved);
    const price = { minor: 9_000, currency: 'EUR' };
    show({ kind: 'TakeLot', lotId, price, holdId: 'h1' as never }, ines);
    await house.pass(100);
    expect(figuresOf(guest)).toMatchObject({ phase: 'sold', price, reserveMet: true });
  });

  it('[LOT-18] tells everyone why it was paused, and what is left', async () => {
    const guest = await house.join(null);
    prepare(plain);
    open(plain);
    await house.pass(20_000);
    show({ kind: 'PauseLot', lotId, reason: 'a question' });
    await house.pass(100);
    expect(figuresOf(guest)).toMatchObject({
      phase: 'paused',
      reason: 'a question',
      leftMs: 40_000,
      closesAtMs: null,
    });
  });

  it('[LOT-2] tells the crew alone what stock there was', async () => {
    const host = await house.join(you('owner', 'owner'));
    const guest = await house.join(null);
    prepare(plain);
    show({ kind: 'OpenLot', lotId });
    show(
      { kind: 'RefuseAllocation', offerId: lotId, variantId: 'v1' as VariantId, available: 0 },
      system,
    );
    await house.pass(1_000);
    expect(saidTo(host)).toContain('"lot-refused"');
    expect(saidTo(guest)).not.toContain('lot-refused');
    expect(figuresOf(guest)).toMatchObject({ phase: 'prepared' });
  });
});

describe('the allowance', () => {
  const plain = englishLot({}, { ...onShelf, lotId });
  const crowd = async (delays: readonly (number | null)[]) => {
    const guests: Guest[] = [];
    for (const [nth, delay] of delays.entries()) {
      const guest = await house.join(you(`p${nth}`));
      guest.member.pictureDelayMs = delay;
      guests.push(guest);
    }
    return guests;
  };
  const second = async () => {
    await house.pass(1_000);
    await house.rooms.sweep();
  };

  it('[LOT-14] is the 95th percentile of the pictures’ delays, of those whose players tell it', async () => {
    await crowd([null, null, ...Array.from({ length: 20 }, (_, nth) => 100 * (nth + 1))]);
    prepare(plain);
    await second();
    expect(house.measured).toEqual([{ pictureDelayP95Ms: 1_900, viewers: 22 }]);
    expect(house.recorded.events().at(-1)).toMatchObject({
      kind: 'AllowanceMeasured',
      data: { allowanceMs: 1_900 },
    });
    open(plain);
    const { closesAtMs, hammerAtMs } = figuresOf(await house.join(null))!;
    expect(hammerAtMs! - closesAtMs!).toBe(1_900);
  });

  it('[LOT-14] is sent when it has changed by a tenth of a second, and not again', async () => {
    const [guest] = await crowd([1_000]);
    prepare(plain);
    await second();
    await second();
    for (const delay of [1_099, 901, 1_100, 1_001]) {
      guest!.member.pictureDelayMs = delay;
      await second();
    }
    expect(house.measured.map(({ pictureDelayP95Ms }) => pictureDelayP95Ms)).toEqual([
      1_000, 1_100,
    ]);
  });

  it('[LOT-14] beyond ten seconds it is ten seconds, told once', async () => {
    await crowd([60_000]);
    prepare(plain);
    await second();
    await second();
    expect(house.measured.length).toBe(1);
  });

  it('[LOT-14] isn’t measured without a lot that waits for its hammer, nor when nobody tells a delay', async () => {
    const [guest] = await crowd([1_000]);
    await second();
    expect(house.measured).toEqual([]);
    prepare(dutchLot({}, { ...onShelf, lotId: other }));
    await second();
    expect(house.measured).toEqual([]);
    prepare(plain);
    guest!.member.pictureDelayMs = null;
    await second();
    expect(house.measured).toEqual([]);
    guest!.member.pictureDelayMs = 1_000;
    open(plain);
    show({ kind: 'PauseLot', lotId, reason: 'wait' });
    await second();
    expect(house.measured.length).toBe(1);
    show({ kind: 'EndShow' });
    guest!.member.pictureDelayMs = 5_000;
    await second();
    expect(house.measured.length).toBe(1);
  });
});
