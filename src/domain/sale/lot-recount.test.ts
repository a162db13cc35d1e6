// A shop that cheats is found out: each thing that a published lot could get wrong is got wrong once.

import { describe, expect, it } from 'vitest';
import { system } from '../decider.ts';
import type { ShowEvent } from '../show/show.ts';
import { ines, startMs, tomasz } from '../testing/given.ts';
import {
  AuctionHouse,
  contested,
  dutchLot,
  englishLot,
  lotId,
  reserveOf,
} from '../testing/lot-cast.ts';
import { eur } from '../testing/show-cast.ts';
import { isOfOneLot, LotRecount } from './lot-recount.ts';

type Log = AuctionHouse['log'];

/** The first finding of a recount, or null. */
const recounted = (log: Log): string | null => {
  let recount: LotRecount | null = null;
  for (const { event, atMs } of log) {
    if (event.kind === 'LotPrepared') recount = new LotRecount(event.data);
    const wrong = isOfOneLot(event) ? recount!.take(event, atMs) : null;
    if (wrong !== null) return wrong;
  }
  return recount!.end();
};

/** The log with the data of the nth event of a kind changed. */
const changed = <K extends ShowEvent['kind']>(
  log: Log,
  kind: K,
  nth: number,
  change: (data: Extract<ShowEvent, { kind: K }>['data']) => object,
): Log => {
  let seen = 0;
  return log.map((one) =>
    one.event.kind === kind && ++seen === nth
      ? {
          ...one,
          event: {
            ...one.event,
            data: { ...one.event.data, ...change(one.event.data as never) },
          } as ShowEvent,
        }
      : one,
  );
};

/** Two bidders, an undo, an extension, a pause, a met reserve, a hammer and a second chance. */
const evening = (): Log => {
  const house = new AuctionHouse();
  house.send({ kind: 'MeasureAllowance', pictureDelayP95Ms: 800, viewers: 3 }, system);
  house.open(englishLot({ hasReserve: true }), reserveOf(1_500));
  house.bid(ines, 4_000);
  house.bid(tomasz, 2_000);
  house.bid(ines, 9_000);
  house.undo(ines, 'b3');
  house.wait(5_000).send({ kind: 'PauseLot', lotId, reason: 'a question' });
  house.wait(30_000).send({ kind: 'ResumeLot', lotId });
  house.atMs = house.lot().closesAtMs! - 1_000;
  house.bid(tomasz, 3_000);
  house.runUntil(startMs + 3_600_000);
  return house.log;
};

describe('a recount', () => {
  it('[LOT-25] finds nothing in an honest evening', () => {
    expect(evening().map(({ event: { kind } }) => kind)).toEqual(
      expect.arrayContaining(['BidUndone', 'LotResumed', 'SecondChanceOffered']),
    );
    expect(recounted(evening())).toBeNull();
  });

  it.each<[what: string, finding: string, change: (log: Log) => Log]>([
    [
      'a price above what was needed',
      'stands elsewhere',
      (log) => changed(log, 'BidPlaced', 4, () => ({ price: eur(3_500) })),
    ],
    [
      'a price that falls',
      'the price falls',
      (log) => changed(log, 'BidPlaced', 2, () => ({ price: eur(900) })),
    ],
    [
      'another leader',
      'stands elsewhere',
      (log) => changed(log, 'BidPlaced', 2, () => ({ leader: 2 })),
    ],
    [
      'a maximum other than the one committed to',
      'isn’t what was committed to',
      (log) =>
        changed(log, 'MaximaRevealed', 1, ({ bids }) => ({
          bids: bids.map((bid) => ({ ...bid, maxMinor: bid.maxMinor + 100 })),
        })),
    ],
    [
      'a maximum under another bidder',
      'isn’t what was committed to',
      (log) =>
        changed(log, 'MaximaRevealed', 1, ({ bids }) => ({
          bids: bids.map((bid) => ({ ...bid, alias: 9 })),
        })),
    ],
    [
      'a maximum that is kept back',
      'isn’t revealed',
      (log) => changed(log, 'MaximaRevealed', 1, ({ bids }) => ({ bids: bids.slice(1) })),
    ],
    [
      'another reserve',
      'the reserve isn’t the one',
      (log) => changed(log, 'MaximaRevealed', 1, () => ({ reserve: reserveOf(2_000) })),
    ],
    [
      'a reserve that is said not to be met',
      'met or not otherwise',
      (log) => changed(log, 'BidPlaced', 1, () => ({ reserveMet: false })),
    ],
    [
      'another winner',
      'goes to somebody else',
      (log) => changed(log, 'LotHammered', 1, () => ({ alias: 2 })),
    ],
    [
      'another price at the hammer',
      'at another price',
      (log) => changed(log, 'LotHammered', 1, () => ({ price: eur(3_900) })),
    ],
    [
      'a sale that is denied',
      'ends as reserve-not-met',
      (log) => changed(log, 'LotHammered', 1, () => ({ outcome: 'reserve-not-met' })),
    ],
    [
      'a close that is moved further',
      'isn’t where the terms move it',
      (log) => changed(log, 'BidPlaced', 4, ({ closesAtMs }) => ({ closesAtMs: closesAtMs! + 1 })),
    ],
    [
      'a hammer before its time',
      'earlier than was told',
      (log) =>
        changed(log, 'BidPlaced', 4, ({ hammerAtMs }) => ({ hammerAtMs: hammerAtMs! - 9_900 })),
    ],
    [
      'an opening for another time',
      'another time than its terms say',
      (log) => changed(log, 'LotOpened', 1, ({ closesAtMs }) => ({ closesAtMs: closesAtMs + 1 })),
    ],
    [
      'a pause that eats time',
      'another time than was left',
      (log) => changed(log, 'LotPaused', 1, () => ({ leftMs: 10_000 })),
    ],
    [
      'an undo of another bid',
      'isn’t the last one',
      (log) => changed(log, 'BidUndone', 1, () => ({ bidId: 'b2' })),
    ],
    [
      'bids that are counted wrongly',
      'counted wrongly',
      (log) => changed(log, 'BidPlaced', 4, () => ({ bids: 4 })),
    ],
    [
      'a second chance at another price',
      'isn’t at the runner-up’s maximum',
      (log) => changed(log, 'SecondChanceOffered', 1, () => ({ price: eur(3_100) })),
    ],
    [
      'a second chance for somebody else',
      'goes to somebody else',
      (log) => changed(log, 'SecondChanceOffered', 1, () => ({ alias: 7 })),
    ],
    [
      'a bid after the hammer',
      'comes after the hammer',
      (log) => [...log, log.find(({ event }) => event.kind === 'BidPlaced')!],
    ],
    [
      'a bid later than the hammer was to fall',
      'later than the hammer',
      (log) =>
        log.map((one) =>
          one.event.kind === 'BidPlaced' && one.event.data.bidId === 'b4'
            ? { ...one, atMs: one.atMs + 60_000 }
            : one,
        ),
    ],
    [
      'a second hammer',
      'a lot that is over',
      (log) => [...log, log.find(({ event }) => event.kind === 'LotHammered')!],
    ],
  ])('[LOT-25] finds %s', (_what, finding, change) => {
    expect(recounted(change(evening()))).toContain(finding);
  });

  it('[LOT-24] finds maxima that are told without a hammer', () => {
    const house = contested();
    house.send({ kind: 'CancelLot', lotId, reason: 'cracked' });
    expect(recounted(house.log)).toBeNull();
    const told = { lotId, bids: [], reserve: null };
    const log = [
      ...house.log,
      { event: { kind: 'MaximaRevealed', data: told } as const, atMs: house.atMs },
    ];
    expect(recounted(log)).toContain('before the hammer');
  });

  it('[LOT-22] finds a Dutch price that wasn’t that of the moment, and more than there was', () => {
    const house = new AuctionHouse().open(dutchLot());
    house.wait(2_500).take(ines, 4_000, 'h1');
    house.take(tomasz, 4_000, 'h2');
    house.runUntil(startMs + 16_000);
    expect(recounted(house.log)).toBeNull();
    expect(recounted(changed(house.log, 'LotTaken', 2, () => ({ price: eur(4_500) })))).toContain(
      'than that of the moment',
    );
    const taken = house.log.find(({ event }) => event.kind === 'LotTaken')!;
    const more = house.log.flatMap((one) => (one === taken ? [one, one, one] : [one]));
    expect(recounted(more)).toContain('more is taken');
  });

  it('[LOT-17] finds a buy-now at another price, or after a bid', () => {
    const house = new AuctionHouse().open(englishLot({ buyNow: eur(8_000) }));
    house.take(ines, 8_000, 'h1');
    expect(recounted(house.log)).toBeNull();
    expect(recounted(changed(house.log, 'LotTaken', 1, () => ({ price: eur(9_000) })))).toContain(
      'at another price',
    );
    const bid = contested({ buyNow: eur(8_000) }).log.find(
      ({ event }) => event.kind === 'BidPlaced',
    )!;
    const at = house.log.findIndex(({ event }) => event.kind === 'LotTaken');
    expect(recounted([...house.log.slice(0, at), bid, ...house.log.slice(at)])).toContain(
      'though somebody has bid',
    );
  });
});
