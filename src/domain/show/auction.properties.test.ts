// What must hold for any crowd over several lots, whoever sends what and when: units are conserved, the
// price falls by an undo alone, who wins pays what the revealed maxima say, nothing happens after the
// hammer, live is what a replay is, and time alone brings everything to an end.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OfferId } from '../../base/brand.ts';
import { isOfOneLot, LotRecount } from '../sale/lot-recount.ts';
import type { LotTerms } from '../sale/lot-terms.ts';
import type { AuctionHouse } from '../testing/lot-cast.ts';
import { commandOf, deed, evening, held, lotIds } from '../testing/random-auction.ts';
import { type Show, type ShowEvent, showDecider } from './show.ts';

/** What the log says of one lot and its units. */
const eventsOf = (house: AuctionHouse, id: OfferId): ShowEvent[] =>
  house.since(0).filter((event) => {
    if (event.kind === 'LotPrepared') return event.data.terms.lotId === id;
    const { data } = event;
    return ('lotId' in data && data.lotId === id) || ('offerId' in data && data.offerId === id);
  });

const unitsAreConserved = ({ sale }: Show): void => {
  const holds = new Map<string, number>();
  for (const { offerId, quantity } of sale.holds.values())
    holds.set(offerId, (holds.get(offerId) ?? 0) + quantity);
  for (const [id, { terms, pools }] of sale.offers) {
    for (const pool of pools.values()) {
      expect(pool.allocated).toBe(pool.left + pool.held + pool.sold);
      expect(Math.min(pool.left, pool.held, pool.sold)).toBeGreaterThanOrEqual(0);
      expect(pool.held + pool.sold).toBeLessThanOrEqual(terms.variants[0]!.quantity);
      expect(pool.held).toBe(holds.get(id) ?? 0);
    }
  }
};

/** The clock of a lot begins, or goes on after it stood or was missed. */
const isClockSet = (event: ShowEvent) =>
  event.kind === 'LotOpened' || event.kind === 'LotResumed' || event.kind === 'LotExtended';

describe('an auction, whoever does what and when', () => {
  it('[LOT-2] [LOT-4] [LOT-20] conserves units after every step', () => {
    fc.assert(
      fc.property(evening, (given) => {
        unitsAreConserved(held(given, ({ state }) => unitsAreConserved(state)).state);
      }),
      { numRuns: 150 },
    );
  });

  it('[LOT-10] [LOT-13] the price falls by an undo alone, the close comes nearer never, and extensions keep their cap', () => {
    fc.assert(
      fc.property(evening, (given) => {
        const house = held(given);
        for (const { terms } of given.lots) {
          if (terms.bidding.format !== 'english') continue;
          let price = 0;
          let closes = 0;
          let hammer = 0;
          let extended = 0;
          for (const event of eventsOf(house, terms.lotId)) {
            if (isClockSet(event)) {
              closes = event.data.closesAtMs;
              hammer = event.data.hammerAtMs;
            }
            if (event.kind === 'BidUndone') price = event.data.price?.minor ?? 0;
            if (event.kind === 'BidPlaced') {
              expect(event.data.price.minor).toBeGreaterThanOrEqual(price);
              price = event.data.price.minor;
              if (event.data.closesAtMs === null) continue;
              expect(event.data.closesAtMs).toBeGreaterThanOrEqual(closes);
              expect(event.data.hammerAtMs).toBeGreaterThanOrEqual(hammer);
              extended += event.data.closesAtMs - closes;
              closes = event.data.closesAtMs;
              hammer = event.data.hammerAtMs!;
            }
            if (event.kind === 'LotHammered' && event.data.outcome === 'sold' && price > 0)
              expect(event.data.price?.minor).toBe(price);
          }
          expect(extended).toBeLessThanOrEqual(terms.bidding.extensionMsMax ?? Infinity);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('[LOT-15] [LOT-19] nothing of the bidding is later than the hammer, by the clock and in the log', () => {
    const bidding = new Set(['BidPlaced', 'BidUndone', 'LotTaken', 'LotPaused', 'LotCancelled']);
    fc.assert(
      fc.property(evening, (given) => {
        const house = held(given);
        house.runUntil(house.atMs + 3_600_000);
        for (const id of lotIds) {
          let hammerAtMs = Infinity;
          let isOver = false;
          for (const { event, atMs } of house.log) {
            if (!('lotId' in event.data) || event.data.lotId !== id) continue;
            if (bidding.has(event.kind)) {
              expect(isOver, `${event.kind} after the end`).toBe(false);
              expect(atMs).toBeLessThan(hammerAtMs);
            }
            if (event.kind === 'LotPaused') hammerAtMs = Infinity;
            if ('hammerAtMs' in event.data) hammerAtMs = event.data.hammerAtMs ?? Infinity;
            if (event.kind === 'LotHammered' || event.kind === 'LotCancelled') isOver = true;
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('[LOT-16] [LOT-25] prices, leaders and the winner follow from the public log and the revealed maxima alone', () => {
    const seen = { sold: 0, undone: 0, secondChances: 0 };
    fc.assert(
      fc.property(evening, (given) => {
        const house = held(given);
        house.runUntil(house.atMs + 3_600_000);
        for (const { terms } of given.lots) audit(house.log, terms, seen);
      }),
      { numRuns: 300 },
    );
    // What never happens proves nothing.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(10);
  });

  it('live is what a replay is, every prefix is a state, and a snapshot anywhere makes no difference', () => {
    fc.assert(
      fc.property(evening, fc.nat(), (given, cut) => {
        const house = held(given);
        let replayed = showDecider.initial('s1');
        const at = cut % house.log.length;
        house.log.forEach(({ event, atMs }, nth) => {
          if (nth === at) replayed = showDecider.load(showDecider.save(replayed));
          replayed = showDecider.evolve(replayed, event, { seq: nth + 1, atMs });
          expect(showDecider.deadline(replayed)?.atMs ?? 0).toBeGreaterThanOrEqual(0);
        });
        expect(showDecider.save(replayed)).toEqual(showDecider.save(house.state));
        expect(showDecider.deadline(replayed)).toEqual(showDecider.deadline(house.state));
      }),
      { numRuns: 150 },
    );
  });

  it('deciding reads: it never changes the state', () => {
    fc.assert(
      fc.property(evening, deed, fc.nat({ max: 90_000 }), (given, last, laterMs) => {
        const house = held(given);
        const before = JSON.stringify(showDecider.save(house.state));
        const { command: wish, by } = commandOf(house, last, 999);
        const atMs = house.atMs + laterMs;
        showDecider.decide(house.state, wish, { commandId: 'c' as never, atMs, by });
        expect(JSON.stringify(showDecider.save(house.state))).toBe(before);
      }),
      { numRuns: 150 },
    );
  });

  it('[LOT-14] [LOT-21] [LOT-23] time alone ends everything: each deadline leads to something, nothing is stranded', () => {
    fc.assert(
      fc.property(evening, (given) => {
        const house = held(given);
        // Whatever is paused or waits for units is in the crew's and the stock's hands.
        for (const id of lotIds) {
          house.send({ kind: 'ResumeLot', lotId: id });
          if (house.lot(id).phase === 'called') house.allocate(house.lot(id).terms);
        }
        const from = house.atMs;
        for (let nth = 0; showDecider.deadline(house.state) !== null; nth += 1) {
          house.runUntil(showDecider.deadline(house.state)!.atMs);
          for (const id of lotIds)
            if (house.lot(id).phase === 'called') house.allocate(house.lot(id).terms);
          expect(nth).toBeLessThan(100);
        }
        expect(house.atMs - from).toBeLessThan(3_600_000);
        expect(house.state.sale.holds.size).toBe(0);
        for (const { phase, terms } of house.state.sale.auction.lots.values()) {
          expect(['prepared', 'sold', 'unsold', 'cancelled', 'withdrawn']).toContain(phase);
          const units = house.units(terms.lotId, terms.variantId);
          if (units) expect(units).toMatchObject({ left: 0, held: 0 });
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** What an auditor does who has a lot's public events with their times, and nothing else. */
const audit = (
  log: AuctionHouse['log'],
  { lotId, bidding }: LotTerms,
  seen: { sold: number; undone: number; secondChances: number },
): void => {
  let recount: LotRecount | null = null;
  const bids = new Map<string, { alias: number; maxMinor: number }>();
  const undone = new Set<string>();
  let hammered: Extract<ShowEvent, { kind: 'LotHammered' }>['data'] | null = null;
  const promised: { kind: string; price: number }[] = [];
  for (const { event, atMs } of log) {
    if (event.kind === 'LotPrepared' && event.data.terms.lotId === lotId)
      recount = new LotRecount(event.data);
    if (event.kind === 'HoldPlaced' && event.data.offerId === lotId)
      promised.push({ kind: event.data.holdId, price: event.data.price.minor });
    if (!isOfOneLot(event) || event.data.lotId !== lotId) continue;
    expect(recount!.take(event, atMs), event.kind).toBeNull();
    if (event.kind === 'BidUndone') undone.add(event.data.bidId);
    if (event.kind === 'LotHammered') hammered = event.data;
    if (event.kind === 'MaximaRevealed')
      for (const bid of event.data.bids) bids.set(bid.bidId, bid);
    if (event.kind === 'SecondChanceOffered') seen.secondChances += 1;
  }
  expect(recount!.end()).toBeNull();
  seen.undone += undone.size;
  if (hammered?.outcome !== 'sold' || bidding.format === 'dutch' || bids.size === undone.size)
    return;
  seen.sold += 1;
  const price = hammered.price!.minor;
  expect(promised[0]).toEqual({ kind: lotId, price });
  // In the plainest words, beside the recount: who wins has said the most, and pays between the second and themselves.
  const stood = [...bids].flatMap(([bidId, bid]) => (undone.has(bidId) ? [] : [bid]));
  const best = stood.reduce((a, b) => (b.maxMinor > a.maxMinor ? b : a));
  const others = stood.filter(({ alias }) => alias !== best.alias);
  const second = Math.max(0, ...others.map(({ maxMinor }) => maxMinor));
  expect(hammered.alias).toBe(best.alias);
  expect(price).toBeLessThanOrEqual(best.maxMinor);
  expect(price).toBeGreaterThanOrEqual(Math.max(bidding.start.minor, second));
};
