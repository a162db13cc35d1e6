// The end of a lot: the hammer, what it reveals, who holds the piece, and the second chance when they don't
// pay. Rules: docs/rules/auction.md.

import type { HoldId, OfferId, PersonId } from '../../base/brand.ts';
import type { Money } from '../../base/money.ts';
import type { Stamp } from '../decider.ts';
import type { Standing } from './bidding.ts';
import type { Hold, HoldEvent } from './hold.ts';
import type { Auction, Lot, LotEvent, LotOutcome } from './lot.ts';
import { closeOffer, type OfferEvent, offerOf } from './offer.ts';
import type { Sale } from './sale.ts';

export type LotStepEvents = readonly (LotEvent | OfferEvent | HoldEvent)[];

/** [LOT-8] Null without a reserve. */
export const isReserveMet = (lot: Lot, standing: Standing | null): boolean | null =>
  lot.reserve === null ? null : (standing?.leaderMaxMinor ?? 0) >= lot.reserve.minor;

/** One unit of the lot, kept for somebody for as long as the lot gives to pay. */
export const lotHold = (
  { terms: { lotId, variantId, payMs } }: Lot,
  holdId: HoldId,
  personId: PersonId,
  name: string,
  price: Money,
  atMs: number,
): HoldEvent => ({
  kind: 'HoldPlaced',
  data: {
    holdId,
    offerId: lotId,
    variantId,
    quantity: 1,
    personId,
    price,
    expiresAtMs: atMs + payMs,
  },
  personal: { name },
});

/** The hold of an English lot's winner has the lot's id; a second chance's has a `-2` behind it. */
const holdOfWinner = (lotId: OfferId): HoldId => lotId as string as HoldId;
const chanceSuffix = '-2';
const holdOfChance = (lotId: OfferId): HoldId => `${lotId}${chanceSuffix}` as HoldId;

/** Whether an id is kept for the hold that a hammer or a second chance places. */
export const isLotsHold = ({ lots }: Auction, holdId: HoldId): boolean => {
  const lotId = holdId.endsWith(chanceSuffix) ? holdId.slice(0, -chanceSuffix.length) : holdId;
  return lots.has(lotId as OfferId) || lots.has(holdId as string as OfferId);
};

/** [LOT-15] Whether the bidding is over by the clock, though the hammer's own command may come later. */
export const isHammerDue = ({ phase, hammerAtMs }: Lot, atMs: number): boolean =>
  phase === 'open' && hammerAtMs !== null && atMs >= hammerAtMs;

/** [LOT-4] Ends the bidding by what stands: sold to the leader, or unsold. The caller has seen that it is due. */
export const dropHammer = (sale: Sale, lot: Lot, stamp: Stamp): LotStepEvents => {
  const { lotId, bidding } = lot.terms;
  const { standing } = lot;
  if (bidding.format === 'dutch')
    return ending(sale, lot, lot.taken > 0 ? 'sold' : 'not-taken', null, null, 0);
  if (standing === null) return ending(sale, lot, 'no-bids', null, null, 0);
  const price = { minor: standing.priceMinor, currency: bidding.start.currency };
  if (isReserveMet(lot, standing) === false)
    return ending(sale, lot, 'reserve-not-met', null, null, 0);
  const winner = sale.auction.people.get(standing.leader);
  // Erased between their bid and the hammer: nobody is there to pay.
  if (!winner) return ending(sale, lot, 'no-bids', null, null, 0);
  const { personId, name } = winner;
  return [
    lotHold(lot, holdOfWinner(lotId), personId, name, price, stamp.atMs),
    ...ending(sale, lot, 'sold', price, standing.leader, 1),
  ];
};

/** [LOT-4, LOT-25] `newlyHeld`: units whose hold is among the events before, not yet in the state. */
export const ending = (
  sale: Sale,
  lot: Lot,
  outcome: LotOutcome,
  price: Money | null,
  alias: number | null,
  newlyHeld: number,
): LotStepEvents => {
  const { lotId } = lot.terms;
  return [
    { kind: 'LotHammered', data: { lotId, outcome, price, alias } },
    ...revealed(lot, outcome === 'sold'),
    ...closeOffer(offerOf(sale, lotId), 'time', newlyHeld),
  ];
};

const revealedAtOnce = 1_000;

/**
 * [LOT-25] Every maximum that isn't erased, also of bids that were undone: the prices after them rest on
 * it. A reserve that such a bid reached was in the price; it is no secret any more.
 */
const revealed = (lot: Lot, isSold: boolean): LotEvent[] => {
  const { reserve, terms } = lot;
  const isKnown =
    reserve !== null && (isSold || lot.bids.some(({ maxMinor }) => maxMinor >= reserve.minor));
  const bids = lot.bids
    .filter(({ nonce }) => nonce !== '')
    .map(({ bidId, alias, maxMinor, nonce }) => ({ bidId, alias, maxMinor, nonce }));
  const events: LotEvent[] = [];
  for (let at = 0; at < bids.length || (at === 0 && isKnown); at += revealedAtOnce) {
    const isLast = at + revealedAtOnce >= bids.length;
    events.push({
      kind: 'MaximaRevealed',
      data: {
        lotId: terms.lotId,
        bids: bids.slice(at, at + revealedAtOnce),
        reserve: isLast && isKnown ? reserve : null,
      },
    });
  }
  return events;
};

/**
 * [LOT-18] Also the way in which the end of a show ends what runs. Without a hammer nothing is revealed: who
 * could cancel, look and open the lot again would set its start by what they saw.
 */
export const cancelLot = (
  sale: Sale,
  lot: Lot,
  reason: string,
  by: 'crew' | 'show-ended',
): LotStepEvents => {
  const { lotId } = lot.terms;
  return [
    { kind: 'LotCancelled', data: { lotId, reason } },
    ...closeOffer(offerOf(sale, lotId), by),
  ];
};

/** [LOT-21] What becomes of a lot's unit whose hold has ended unpaid: a second chance, or nothing. */
export const secondChance = (
  sale: Sale,
  lotId: OfferId,
  holdId: HoldId,
  atMs: number,
): LotStepEvents => {
  const lot = sale.auction.lots.get(lotId);
  const isWinners = holdId === holdOfWinner(lotId);
  if (!lot?.terms.secondChance || !isWinners || !lot.runnerUp || !lot.winner) return [];
  const { alias, maxMinor } = lot.runnerUp;
  // [LOT-8] A lot with a reserve is never sold below it.
  if (lot.reserve !== null && maxMinor < lot.reserve.minor) return [];
  const person = sale.auction.people.get(alias);
  if (!person || sale.auction.barred.has(person.personId)) return [];
  const { currency } = lot.terms.bidding.start;
  const price = { minor: Math.min(maxMinor, lot.winner.priceMinor), currency };
  const chanceHoldId = holdOfChance(lotId);
  return [
    { kind: 'SecondChanceOffered', data: { lotId, alias, price, holdId: chanceHoldId } },
    lotHold(lot, chanceHoldId, person.personId, person.name, price, atMs),
  ];
};

/** [LOT-20] Whether it is the hold of somebody who won or took a lot. */
export const isBinding = ({ lots }: Auction, { offerId, holdId }: Hold): boolean => {
  const lot = lots.get(offerId);
  return lot !== undefined && lot.chanceHoldId !== holdId;
};
