// For tests: lots as a room has them, and what is mine in them.

import type { LotFigures, RoomLot } from '../../protocol/room-lot.ts';
import type { MyBid, MyHold } from '../../protocol/socket.ts';
import type { PendingBid } from '../live/live-state.ts';
import type { EnglishBidding, MyLot } from './lot.ts';

export const euro = (minor: number) => ({ minor, currency: 'EUR' });

export const english: EnglishBidding = {
  format: 'english',
  start: euro(2_000),
  steps: [
    { fromMinor: 0, stepMinor: 100 },
    { fromMinor: 5_000, stepMinor: 300 },
  ],
  buyNow: null,
  durationMs: 60_000,
  softCloseMs: 10_000,
  undoMs: 15_000,
  takesEarlyBids: true,
  hasReserve: false,
};

const figures: LotFigures = {
  phase: 'open',
  price: null,
  leader: null,
  smallest: euro(2_000),
  reserveMet: null,
  bids: 0,
  bidders: 0,
  left: 1,
  openedAtMs: 1_000,
  closesAtMs: 61_000,
  hammerAtMs: 62_000,
  leftMs: null,
  reason: null,
};

/** An English lot that opened at second 1, closes at 61 and is hammered at 62. */
export const lot = (
  now: Partial<LotFigures> = {},
  bidding: Partial<EnglishBidding> = {},
): RoomLot => ({
  lotId: 'lot1',
  productId: 'bowl',
  variantId: 'small',
  title: 'Tea bowl',
  usualPrice: euro(6_000),
  quantity: 1,
  payMs: 86_400_000,
  secondChance: true,
  bidding: { ...english, ...bidding },
  figures: { ...figures, ...now },
});

/** € 30 falling to € 20 by € 1 every two seconds. */
export const falling = (now: Partial<LotFigures> = {}): RoomLot => ({
  ...lot({ smallest: null, ...now }),
  bidding: {
    format: 'dutch',
    start: euro(3_000),
    floor: euro(2_000),
    stepMinor: 100,
    stepMs: 2_000,
    floorMs: 15_000,
  },
});

export const bid = (over: Partial<MyBid> = {}): MyBid => ({
  lotId: 'lot1',
  alias: 7,
  max: euro(4_800),
  bids: 1,
  undo: null,
  ...over,
});

export const hold = (over: Partial<MyHold> = {}): MyHold => ({
  holdId: 'lot1',
  stream: 'show-s1',
  offerId: 'lot1',
  productId: 'bowl',
  variantId: 'small',
  title: 'Tea bowl',
  quantity: 1,
  unitPrice: euro(4_800),
  expiresAtMs: 86_400_000,
  paying: false,
  ...over,
});

export const pending = (over: Partial<PendingBid> = {}): PendingBid => ({
  id: 'b1',
  wish: { t: 'bid', id: 'b1', lotId: 'lot1', maxMinor: 4_800, currency: 'EUR' },
  state: 'sending',
  problem: null,
  ...over,
});

export const nothing: MyLot = { bid: null, hold: null, ended: null, pending: null };
