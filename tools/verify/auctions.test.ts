// Evenings with lots, as they are published, that a lying shop changed before.

import { describe, expect, it } from 'vitest';
import { system } from '../../src/domain/decider.ts';
import { publishedFormOf } from '../../src/domain/show/published-form.ts';
import type { ShowEvent } from '../../src/domain/show/show.ts';
import { ines, startMs, tomasz } from '../../src/domain/testing/given.ts';
import {
  AuctionHouse,
  dutchLot,
  englishLot,
  lotId,
  lotNamed,
  reserveOf,
} from '../../src/domain/testing/lot-cast.ts';
import type { LogLine } from '../../src/protocol/receipt.ts';
import { auctions } from './auctions.ts';
import { checks } from './checks.ts';

type Log = AuctionHouse['log'];

/** A lot that is sold and offered again, a Dutch one of which two are taken, one that is bought at once. */
const evening = (): Log => {
  const house = new AuctionHouse().open(englishLot({ hasReserve: true }), reserveOf(1_500));
  house.open(dutchLot({}, { lotId: lotNamed('dutch') }));
  house.open(englishLot({ buyNow: { minor: 5_000, currency: 'EUR' } }, { lotId: lotNamed('now') }));
  house.bid(ines, 4_000);
  house.bid(tomasz, 2_000);
  house.take(tomasz, 5_000, 'h1', lotNamed('dutch'));
  house.wait(1_000).take(ines, 4_500, 'h2', lotNamed('dutch'));
  house.take(tomasz, 5_000, 'h3', lotNamed('now'));
  house.runUntil(startMs + 3_600_000);
  return house.log;
};

/** A lot that stood still while the picture was away, and whose hammer was missed while the server was. */
const brokenEvening = (): Log => {
  const house = new AuctionHouse();
  house.send({ kind: 'PictureOn' }, system);
  house.open(englishLot());
  house.bid(ines, 4_000);
  house.wait(20_000).send({ kind: 'PictureLost' }, system);
  house.wait(12_000).send({ kind: 'PictureOn' }, system);
  house.wait(5_000).bid(tomasz, 2_000);
  // The deadline was due long ago: nobody could bid meanwhile.
  house.wait(600_000).send({ kind: 'DropHammer', lotId }, system);
  house.bid(tomasz, 6_000);
  house.runUntil(house.atMs + 60_000);
  return house.log;
};

/** The first finding, in the published form of the log: what is withheld isn’t there. */
const finding = (log: Log): string | null => {
  const check = auctions.begin();
  for (const [nth, { event, atMs }] of log.entries()) {
    const data = publishedFormOf(event.kind)!.open(event.data, (person) => `someone-${person}`);
    const line = { seq: nth + 1, atMs, kind: event.kind, data } as unknown as LogLine;
    const wrong = check.event(line);
    if (wrong !== null) return wrong;
  }
  return check.end();
};

const withData = (log: Log, kind: ShowEvent['kind'], nth: number, change: object): Log => {
  let seen = 0;
  return log.map((one) =>
    one.event.kind === kind && ++seen === nth
      ? { ...one, event: { ...one.event, data: { ...one.event.data, ...change } } as ShowEvent }
      : one,
  );
};
const without = (log: Log, kind: ShowEvent['kind'], nth: number): Log => {
  let seen = 0;
  return log.filter(({ event }) => event.kind !== kind || ++seen !== nth);
};
const cent = { price: { minor: 1, currency: 'EUR' } };

describe('npm run verify on lots', () => {
  it('[LOT-25] is among the checks, and an honest evening passes', () => {
    expect(checks).toContain(auctions);
    const kinds = evening().map(({ event: { kind } }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['SecondChanceOffered', 'LotTaken']));
    expect(finding(evening())).toBeNull();
  });

  it.each<[what: string, found: RegExp, change: (log: Log) => Log]>([
    [
      'a price that the bids don’t make',
      /stands elsewhere/,
      (log) => withData(log, 'BidPlaced', 2, { price: { minor: 2_900, currency: 'EUR' } }),
    ],
    [
      'a unit that is taken and not held',
      /has nothing|past its bids/,
      (log) => without(log, 'HoldPlaced', 1),
    ],
    [
      'a unit that is taken at one price and held at another',
      /at another price/,
      (log) => withData(log, 'HoldPlaced', 2, cent),
    ],
    [
      'a lot that is hammered at one price and held at another',
      /hammer’s price/,
      (log) => withData(log, 'HoldPlaced', 4, cent),
    ],
    [
      'a second chance at another price than said',
      /at another price/,
      (log) => withData(log, 'HoldPlaced', 5, cent),
    ],
    ['a unit that nobody won', /isn’t at the hammer’s price/, (log) => without(log, 'LotTaken', 1)],
    [
      'a winner who gets nothing',
      /won a lot and has nothing/,
      (log) => without(log, 'HoldPlaced', 4),
    ],
    [
      'a lot that is prepared twice',
      /prepared already/,
      (log) => [log.find(({ event }) => event.kind === 'LotPrepared')!, ...log],
    ],
  ])('[LOT-25] finds %s', (_what, found, change) => {
    expect(
      evening().filter(({ event }) => event.kind === 'HoldPlaced')[3]?.event.data,
    ).toMatchObject({ holdId: lotId });
    expect(finding(change(evening()))).toMatch(found);
  });

  it('[LOT-27] [LOT-28] an evening whose picture and server were away passes', () => {
    const kinds = brokenEvening().map(({ event: { kind } }) => kind);
    expect(kinds).toEqual(
      expect.arrayContaining(['LotPaused', 'LotResumed', 'LotExtended', 'LotHammered']),
    );
    expect(finding(brokenEvening())).toBeNull();
  });
  it.each<[what: string, found: RegExp, change: (log: Log) => Log]>([
    [
      'a pause that keeps more time than was left',
      /keeps another time/,
      (log) => withData(log, 'LotPaused', 1, { leftMs: 50_000 }),
    ],
    [
      'a lot that goes on for longer than was left',
      /closes at another time/,
      (log) => withData(log, 'LotResumed', 1, { closesAtMs: startMs + 600_000 }),
    ],
    [
      'a lot that goes on for longer than its hammer was missed',
      /closes at another time/,
      (log) => withData(log, 'LotExtended', 1, { closesAtMs: startMs + 900_000 }),
    ],
    [
      'a bid that comes after the hammer was missed and before bidding goes on',
      /later than the hammer was to fall/,
      (log) => without(log, 'LotExtended', 1),
    ],
  ])('[LOT-27] [LOT-28] finds %s', (_what, found, change) => {
    expect(finding(change(brokenEvening()))).toMatch(found);
  });
});
