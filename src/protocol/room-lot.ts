// A lot as the crowd sees it, and what changes of it while it runs. A reserve's height and maxima have no word here.

import type { Money } from '../base/money.ts';

export type RoomBidStep = { readonly fromMinor: number; readonly stepMinor: number };

/** How a lot's price comes about, as everyone may know it: a reserve's height and maxima aren't here. */
export type RoomBidding =
  | {
      readonly format: 'english';
      readonly start: Money;
      readonly steps: readonly RoomBidStep[];
      readonly buyNow: Money | null;
      readonly durationMs: number;
      /** 0: sudden death. */
      readonly softCloseMs: number;
      readonly undoMs: number;
      readonly takesEarlyBids: boolean;
      readonly hasReserve: boolean;
    }
  | {
      readonly format: 'dutch';
      readonly start: Money;
      readonly floor: Money;
      readonly stepMinor: number;
      readonly stepMs: number;
      readonly floorMs: number;
    };

/** What changes of a lot while it runs; always all of it. */
export type LotFigures = {
  readonly phase:
    | 'prepared'
    | 'called'
    | 'open'
    | 'paused'
    | 'sold'
    | 'unsold'
    | 'cancelled'
    | 'withdrawn';
  /** What it stands at, or went for; null before the first bid. */
  readonly price: Money | null;
  /** The public alias of who leads or got it. */
  readonly leader: number | null;
  /** The smallest maximum that is accepted next from somebody who doesn't lead; null for a Dutch lot. */
  readonly smallest: Money | null;
  readonly reserveMet: boolean | null;
  readonly bids: number;
  readonly bidders: number;
  readonly left: number;
  readonly openedAtMs: number | null;
  readonly closesAtMs: number | null;
  readonly hammerAtMs: number | null;
  /** While paused: what is left until the close. */
  readonly leftMs: number | null;
  /** Why it was paused, cancelled, or not sold. */
  readonly reason: string | null;
};

export type RoomLot = {
  readonly lotId: string;
  readonly productId: string;
  readonly variantId: string;
  readonly title: string;
  readonly usualPrice: Money;
  readonly quantity: number;
  readonly payMs: number;
  readonly secondChance: boolean;
  readonly bidding: RoomBidding;
  readonly figures: LotFigures;
};
