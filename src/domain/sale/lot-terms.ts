// What a host says about a lot before it opens, and which of it can't be. Rules: docs/rules/auction.md.

import type { OfferId, ProductId, VariantId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import type { Money } from '../../base/money.ts';
import type { BidStep } from './bidding.ts';
import type { Secret } from './commitment.ts';

/** Rising bids with proxy maxima. */
export type EnglishTerms = {
  readonly format: 'english';
  readonly start: Money;
  readonly steps: readonly BidStep[];
  readonly buyNow: Money | null;
  readonly durationMs: number;
  /** [LOT-13] An accepted bid within the last so many milliseconds moves the close; 0 is sudden death. */
  readonly softCloseMs: number;
  /** All extensions together; null: no cap. */
  readonly extensionMsMax: number | null;
  /** [LOT-12] How long a bidder may undo a slip; 0: never. */
  readonly undoMs: number;
  readonly takesEarlyBids: boolean;
  readonly hasReserve: boolean;
};

/** A price that falls until somebody takes it. */
export type DutchTerms = {
  readonly format: 'dutch';
  readonly start: Money;
  readonly floor: Money;
  readonly stepMinor: number;
  readonly stepMs: number;
  /** How long it stays at the floor before it closes unsold. */
  readonly floorMs: number;
};

export type LotTerms = {
  /** Also the id of the offer that holds its units. */
  readonly lotId: OfferId;
  readonly productId: ProductId;
  readonly variantId: VariantId;
  /** `Lagoon vase · Large`. */
  readonly title: string;
  /** [PRI-1] The lowest price of the 30 days before, as the shop computed it: never typed by a host. */
  readonly usualPrice: Money;
  /** One for an English lot: a lot is sold whole. */
  readonly quantity: number;
  readonly payMs: number;
  /** [LOT-21] */
  readonly secondChance: boolean;
  readonly bidding: EnglishTerms | DutchTerms;
};

const isWithin = (value: number, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= min && value <= max;

/** [LOT-3] The first term that can't be, by name; null when all are sound. */
export const wrongLotTerms = (terms: LotTerms, reserve: Secret | null): string | null => {
  const { bidding } = terms;
  if (terms.title.length < 1 || terms.title.length > limits.titleMax * 2) return 'title';
  const unitsMax = bidding.format === 'english' ? 1 : limits.lotUnitsMax;
  if (!isWithin(terms.quantity, 1, unitsMax)) return 'quantity';
  if (!isWithin(terms.payMs, limits.lotPayMsMin, limits.lotPayMsMax)) return 'payMs';
  if (bidding.start.currency !== terms.usualPrice.currency) return 'start';
  return bidding.format === 'english'
    ? wrongEnglish(bidding, reserve)
    : wrongDutch(bidding, reserve);
};

const wrongEnglish = (terms: EnglishTerms, reserve: Secret | null): string | null => {
  const { start, buyNow } = terms;
  if (!isWithin(start.minor, 1, limits.bidMinorMax)) return 'start';
  if (wrongSteps(terms.steps)) return 'steps';
  if (terms.hasReserve !== (reserve !== null)) return 'reserve';
  if (reserve !== null && !isWithin(reserve.minor, start.minor, limits.bidMinorMax))
    return 'reserve';
  const buyNowMin = Math.max(start.minor, reserve?.minor ?? 0);
  if (buyNow !== null) {
    if (!isWithin(buyNow.minor, buyNowMin, limits.bidMinorMax)) return 'buyNow';
    if (buyNow.currency !== start.currency) return 'buyNow';
  }
  if (!isWithin(terms.durationMs, 1_000, limits.offerMsMax)) return 'durationMs';
  if (!isWithin(terms.softCloseMs, 0, terms.durationMs)) return 'softCloseMs';
  if (terms.extensionMsMax !== null && !isWithin(terms.extensionMsMax, 0, limits.offerMsMax))
    return 'extensionMsMax';
  if (!isWithin(terms.undoMs, 0, limits.bidUndoMsMax)) return 'undoMs';
  return null;
};

const wrongSteps = (steps: readonly BidStep[]): boolean =>
  steps.length < 1 ||
  steps.length > limits.lotStepsMax ||
  steps[0]!.fromMinor !== 0 ||
  steps.some(
    ({ fromMinor, stepMinor }, nth) =>
      !isWithin(fromMinor, 0, limits.bidMinorMax) ||
      !isWithin(stepMinor, 1, limits.bidMinorMax) ||
      (nth > 0 &&
        (fromMinor <= steps[nth - 1]!.fromMinor || stepMinor < steps[nth - 1]!.stepMinor)),
  );

const wrongDutch = (terms: DutchTerms, reserve: Secret | null): string | null => {
  const { start, floor } = terms;
  if (reserve !== null) return 'reserve';
  if (!isWithin(floor.minor, 0, limits.bidMinorMax) || floor.currency !== start.currency)
    return 'floor';
  if (!isWithin(start.minor, floor.minor, limits.bidMinorMax)) return 'start';
  if (!isWithin(terms.stepMinor, 1, limits.bidMinorMax)) return 'stepMinor';
  if (!isWithin(terms.stepMs, 250, limits.offerMsMax)) return 'stepMs';
  if (!isWithin(terms.floorMs, 1_000, limits.offerMsMax)) return 'floorMs';
  const steps = Math.ceil((start.minor - floor.minor) / terms.stepMinor);
  if (!isWithin(steps * terms.stepMs + terms.floorMs, 1_000, limits.offerMsMax)) return 'stepMs';
  return null;
};
