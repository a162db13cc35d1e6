// Lots while the picture or the server is away.

import { describe, expect, it } from 'vitest';
import { limits } from '../../base/limits.ts';
import { system } from '../decider.ts';
import { ines, mina, startMs, tomasz } from '../testing/given.ts';
import {
  type AuctionHouse,
  contested,
  dutchLot,
  englishLot,
  kinds,
  lotId,
  lotNamed,
  refused,
} from '../testing/lot-cast.ts';
import { LotRecount } from './lot-recount.ts';

const pictured = (house: AuctionHouse): AuctionHouse => {
  house.send({ kind: 'PictureOn' }, system);
  return house;
};
const loses = (house: AuctionHouse) => house.send({ kind: 'PictureLost' }, system);
const returns = (house: AuctionHouse) => house.send({ kind: 'PictureOn' }, system);

describe('a picture that is away', () => {
  it('[LOT-27] open lots stand still, and go on with the picture with what was left', () => {
    const house = pictured(contested());
    house.wait(20_000);
    expect(kinds(loses(house))).toEqual(['PictureChanged', 'LotPaused']);
    expect(house.lot()).toMatchObject({ phase: 'paused', leftMs: 40_000, hammerAtMs: null });
    expect(house.bid(tomasz, 9_000)).toEqual(refused('lot-paused'));
    house.wait(12_000);
    expect(kinds(returns(house))).toEqual(['PictureChanged', 'LotResumed']);
    expect(house.lot()).toMatchObject({ phase: 'open', closesAtMs: house.atMs + 40_000 });
  });
  it('[LOT-27] at least the soft close is left', () => {
    const house = pictured(contested());
    house.wait(59_500);
    loses(house);
    house.wait(1_000);
    returns(house);
    expect(house.lot().closesAtMs).toBe(house.atMs + 10_000);
  });
  it('[LOT-27] one that doesn’t come back leaves them to the crew', () => {
    const house = pictured(contested());
    loses(house);
    house.runUntil(house.atMs + limits.publisherGraceMs);
    expect(house.state.life.picture.state).toBe('off');
    expect(house.lot().phase).toBe('paused');
    expect(kinds(house.send({ kind: 'ResumeLot', lotId }, mina))).toEqual(['LotResumed']);
  });
  it('[LOT-27] what the crew paused or resumed stays as they left it', () => {
    const house = pictured(contested());
    house.send({ kind: 'PauseLot', lotId, reason: 'a question' }, mina);
    expect(kinds(loses(house))).toEqual(['PictureChanged']);
    expect(kinds(returns(house))).toEqual(['PictureChanged']);
    expect(house.lot().phase).toBe('paused');
    house.send({ kind: 'ResumeLot', lotId }, mina);
    loses(house);
    house.send({ kind: 'ResumeLot', lotId }, mina);
    expect(kinds(returns(house))).toEqual(['PictureChanged']);
  });
  it('[LOT-27] a falling price goes on, and a show without a picture has its lots', () => {
    const house = pictured(contested());
    house.open(dutchLot({}, { lotId: lotNamed('dutch') }));
    loses(house);
    expect(house.lot(lotNamed('dutch')).phase).toBe('open');
    house.open(englishLot({}, { lotId: lotNamed('later') }));
    expect(house.lot(lotNamed('later')).phase).toBe('open');
  });
  it('[LOT-27] whose hammer is due isn’t paused', () => {
    const house = pictured(contested());
    house.wait(60_000);
    expect(kinds(loses(house))).toEqual(['PictureChanged']);
  });
});

describe('a server that is away', () => {
  const drops = (house: AuctionHouse) => house.send({ kind: 'DropHammer', lotId }, system);

  it('[LOT-28] a hammer that comes in time falls, one that was missed doesn’t: bidding goes on', () => {
    const inTime = contested();
    inTime.wait(60_000 + limits.hammerLateMsMax);
    expect(kinds(drops(inTime))).toContain('LotHammered');
    const house = contested();
    house.wait(60_001 + limits.hammerLateMsMax);
    expect(kinds(drops(house))).toEqual(['LotExtended']);
    expect(house.lot()).toMatchObject({ phase: 'open', closesAtMs: house.atMs + 10_000 });
    expect(kinds(house.bid(tomasz, 9_000))).toEqual(['BidPlaced']);
    house.wait(10_000);
    expect(kinds(drops(house))).toContain('LotHammered');
    expect(house.lot().winner?.alias).toBe(2);
  });
  it('[LOT-28] sudden death too goes on for ten seconds', () => {
    const house = contested({ softCloseMs: 0 });
    house.wait(90_000);
    drops(house);
    expect(house.lot().closesAtMs).toBe(startMs + 90_000 + limits.missedHammerMs);
  });
  it('[LOT-28] the recount finds an extension that nothing asked for', () => {
    const recount = new LotRecount({ terms: englishLot(), reserveCommitment: null });
    const clock = { closesAtMs: 60_000, hammerAtMs: 60_000 };
    expect(recount.take({ kind: 'LotOpened', data: { lotId, ...clock } }, 0)).toBeNull();
    const longer = { closesAtMs: 70_000, hammerAtMs: 70_000 };
    const extended = { kind: 'LotExtended', data: { lotId, ...longer } } as const;
    expect(recount.take(extended, 60_000)).toMatch(/wasn’t missed/);
  });
  it('[LOT-28] and lets one stand that was missed', () => {
    const house = contested();
    house.wait(70_000);
    drops(house);
    house.wait(10_000);
    drops(house);
    const [prepared] = house.log.flatMap(({ event }) =>
      event.kind === 'LotPrepared' ? [event.data] : [],
    );
    const recount = new LotRecount(prepared!);
    const wrong = house.log.flatMap(({ event, atMs }) =>
      'lotId' in event.data && event.kind !== 'LotPrepared'
        ? (recount.take(event as never, atMs) ?? [])
        : [],
    );
    expect([...wrong, recount.end()]).toEqual([null]);
    expect(house.bid(ines, 1)).toEqual(refused('lot-closed'));
  });
});
