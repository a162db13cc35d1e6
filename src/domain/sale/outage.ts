// What an outage means for lots: nobody is asked to bid on a picture that doesn't come, and no hammer falls
// while the server was away. Rules: docs/rules/auction.md, LOT-27 and LOT-28.

import { limits } from '../../base/limits.ts';
import type { Stamp } from '../decider.ts';
import { isHammerDue } from './hammer.ts';
import type { Auction, Lot, LotEvent } from './lot.ts';

/** Read by everyone, as the reasons that the crew gives: without a full stop. */
const reason = 'The picture is away';

/** [LOT-27] The picture was lost: every English lot that is open stands still. */
export const pauseForPicture = ({ lots }: Auction, { atMs }: Stamp): LotEvent[] =>
  [...lots.values()].flatMap((lot): LotEvent[] => {
    const { lotId, bidding } = lot.terms;
    if (lot.phase !== 'open' || lot.closesAtMs === null || bidding.format === 'dutch') return [];
    if (isHammerDue(lot, atMs)) return [];
    const leftMs = Math.max(0, lot.closesAtMs - atMs);
    return [{ kind: 'LotPaused', data: { lotId, reason, leftMs, by: 'picture' } }];
  });

/** [LOT-27] The picture is back: what stood still for it goes on. */
export const resumeWithPicture = (auction: Auction, stamp: Stamp): LotEvent[] =>
  [...auction.lots.values()].flatMap((lot) =>
    lot.phase === 'paused' && lot.awaitsPicture ? resumed(auction, lot, stamp) : [],
  );

/** [LOT-18] A paused English lot has what was left, at least its soft close. */
export const resumed = ({ allowanceMs }: Auction, lot: Lot, { atMs }: Stamp): LotEvent => {
  const closesAtMs = atMs + Math.max(lot.leftMs ?? 0, softCloseOf(lot));
  const { lotId } = lot.terms;
  return { kind: 'LotResumed', data: { lotId, closesAtMs, hammerAtMs: closesAtMs + allowanceMs } };
};

/** [LOT-28] Whether a hammer comes so late that the server must have been away. A Dutch price is the clock's. */
export const isHammerMissed = ({ terms: { bidding }, hammerAtMs }: Lot, atMs: number): boolean =>
  bidding.format === 'english' && hammerAtMs !== null && atMs > hammerAtMs + limits.hammerLateMsMax;

/** [LOT-28] Instead of the hammer: bidding goes on for the soft close, at least for `missedHammerMs`. */
export const extended = ({ allowanceMs }: Auction, lot: Lot, { atMs }: Stamp): LotEvent => {
  const closesAtMs = atMs + Math.max(softCloseOf(lot), limits.missedHammerMs);
  const { lotId } = lot.terms;
  return { kind: 'LotExtended', data: { lotId, closesAtMs, hammerAtMs: closesAtMs + allowanceMs } };
};

const softCloseOf = ({ terms: { bidding } }: Lot): number =>
  bidding.format === 'english' ? bidding.softCloseMs : 0;
