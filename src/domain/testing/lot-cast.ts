// An auction house for tests: lots of the vase, people who bid, and a clock in the test's hands. Plays with
// the real decider; deadlines run only when the test says so, so that what is late can be seen to be late.

import { expect } from 'vitest';
import type { BidId, OfferId, VariantId } from '../../base/brand.ts';
import { isRefusal, type Refusal } from '../../base/result.ts';
import { type Actor, system } from '../decider.ts';
import { usualSteps } from '../sale/bidding.ts';
import type { Secret } from '../sale/commitment.ts';
import type { Lot } from '../sale/lot.ts';
import type { DutchTerms, EnglishTerms, LotTerms } from '../sale/lot-terms.ts';
import { type Show, type ShowCommand, type ShowEvent, showDecider } from '../show/show.ts';
import { ines, mina, startMs, tomasz } from './given.ts';
import { eur, lagoon, live, vase } from './show-cast.ts';

export const lotId = 'lot1' as OfferId;
export const lotNamed = (name: string) => name as OfferId;

/** From 10 € on, a minute, ten seconds of soft close, at most a minute of extensions. */
export const english: EnglishTerms = {
  format: 'english',
  start: eur(1_000),
  steps: usualSteps(2),
  buyNow: null,
  durationMs: 60_000,
  softCloseMs: 10_000,
  extensionMsMax: 60_000,
  undoMs: 15_000,
  takesEarlyBids: false,
  hasReserve: false,
};

/** From 50 € down to 20 €, 5 € a second; ten seconds at the floor. */
export const dutch: DutchTerms = {
  format: 'dutch',
  start: eur(5_000),
  floor: eur(2_000),
  stepMinor: 500,
  stepMs: 1_000,
  floorMs: 10_000,
};

export const lotTerms: LotTerms = {
  lotId,
  productId: vase,
  variantId: lagoon,
  title: 'Lagoon vase',
  usualPrice: eur(9_800),
  quantity: 1,
  payMs: 600_000,
  secondChance: true,
  bidding: english,
};

export const englishLot = (
  change: Partial<EnglishTerms> = {},
  lot: Partial<LotTerms> = {},
): LotTerms => ({
  ...lotTerms,
  ...lot,
  bidding: { ...english, ...change },
});

export const dutchLot = (
  change: Partial<DutchTerms> = {},
  lot: Partial<LotTerms> = {},
): LotTerms => ({
  ...lotTerms,
  quantity: 3,
  ...lot,
  bidding: { ...dutch, ...change },
});

export const reserveOf = (minor: number): Secret => ({ minor, nonce: `nonce-reserve-${minor}` });

type Answer = readonly ShowEvent[] | Refusal;

export class AuctionHouse {
  state: Show;
  atMs = startMs;
  /** The log so far, with the time of each event. */
  readonly log: { readonly event: ShowEvent; readonly atMs: number }[] = [];
  #bids = 0;

  /** With the vase on the shelf of a live show, unless other events are given. */
  constructor(before: readonly ShowEvent[] = live) {
    this.state = showDecider.initial('s1');
    this.#take(before);
  }

  /** Decides at the time of the house and takes what was decided. */
  send(command: ShowCommand, by: Actor = mina): Answer {
    const { atMs } = this;
    const decided = showDecider.decide(this.state, command, { commandId: 'c' as never, atMs, by });
    if (!isRefusal(decided)) this.#take(decided);
    return decided;
  }

  wait(ms: number): this {
    this.atMs += ms;
    return this;
  }

  /** Runs every deadline up to a time, each at its own; the clock stands there afterwards. */
  runUntil(untilMs: number): ShowEvent[] {
    const from = this.log.length;
    for (;;) {
      const due = showDecider.deadline(this.state);
      if (due === null || due.atMs > untilMs) break;
      this.atMs = Math.max(this.atMs, due.atMs);
      const decided = this.send(due.command, system);
      if (isRefusal(decided) || decided.length === 0)
        throw new Error(`the deadline ${due.command.kind} came to nothing`);
    }
    this.atMs = Math.max(this.atMs, untilMs);
    return this.since(from);
  }

  since(from: number): ShowEvent[] {
    return this.log.slice(from).map(({ event }) => event);
  }

  prepare(terms: LotTerms = lotTerms, reserve: Secret | null = null): Answer {
    return this.send({ kind: 'PrepareLot', terms, reserve });
  }

  /** Prepares, opens and gives the units; the lot's clock begins now. */
  open(terms: LotTerms = lotTerms, reserve: Secret | null = null): this {
    this.prepare(terms, reserve);
    this.send({ kind: 'OpenLot', lotId: terms.lotId });
    this.allocate(terms);
    return this;
  }

  allocate({ lotId: offerId, variantId, quantity }: LotTerms = lotTerms): Answer {
    return this.send({ kind: 'ConfirmAllocation', offerId, variantId, quantity }, system);
  }

  /** The stock has nothing. */
  refuseUnits(lot: OfferId = lotId, variantId: VariantId = lagoon): Answer {
    return this.send({ kind: 'RefuseAllocation', offerId: lot, variantId, available: 0 }, system);
  }

  /** A bid under the next id: `b1`, `b2`, …; their nonces are `n-b1`, … */
  bid(
    by: Actor,
    maxMinor: number,
    {
      lot = lotId,
      currency = 'EUR',
      isConfirmed = false,
    }: { lot?: OfferId; currency?: string; isConfirmed?: boolean } = {},
  ): Answer {
    const bidId = `b${++this.#bids}` as BidId;
    return this.send(
      {
        kind: 'PlaceBid',
        lotId: lot,
        bidId,
        max: { minor: maxMinor, currency },
        nonce: `n-${bidId}`,
        isConfirmed,
      },
      by,
    );
  }

  undo(by: Actor, bidId: string, lot: OfferId = lotId): Answer {
    return this.send({ kind: 'UndoBid', lotId: lot, bidId: bidId as BidId }, by);
  }

  take(by: Actor, priceMinor: number, holdId: string, lot: OfferId = lotId): Answer {
    return this.send(
      { kind: 'TakeLot', lotId: lot, price: eur(priceMinor), holdId: holdId as never },
      by,
    );
  }

  lot(lot: OfferId = lotId): Lot {
    const found = this.state.sale.auction.lots.get(lot);
    if (!found) throw new Error(`no lot ${lot}`);
    return found;
  }

  /** What is left of a lot's units, held and sold. */
  units(lot: OfferId = lotId, variantId: VariantId = lagoon) {
    const pool = this.state.sale.offers.get(lot)?.pools.get(variantId);
    return pool && { left: pool.left, held: pool.held, sold: pool.sold };
  }

  #take(events: readonly ShowEvent[]): void {
    const { atMs } = this;
    for (const event of events) {
      this.log.push({ event, atMs });
      this.state = showDecider.evolve(this.state, event, { seq: this.log.length, atMs });
    }
  }
}

/** An open lot in which ines leads at 21 € with a maximum of 40 €; tomasz has said 20 €. */
export const contested = (
  change: Partial<EnglishTerms> = {},
  reserveMinor: number | null = null,
): AuctionHouse => {
  const house = new AuctionHouse().open(
    englishLot({ hasReserve: reserveMinor !== null, ...change }),
    reserveMinor === null ? null : reserveOf(reserveMinor),
  );
  house.bid(ines, 4_000);
  house.bid(tomasz, 2_000);
  return house;
};

/** Their kinds, to see a course of events at a glance. */
export const kinds = (answer: Answer | readonly ShowEvent[]): readonly string[] | string =>
  isRefusal(answer) ? answer.refused : answer.map(({ kind }) => kind);

/** What a refused command answers; without `detail` any detail will do. */
export const refused = (reason: string, detail?: object): unknown =>
  detail === undefined ? expect.objectContaining({ refused: reason }) : { refused: reason, detail };
