// For tests: drops as a room has them, and what is mine in them.

import type { DropFigures, DropVariantFigures, RoomDrop } from '../../protocol/room.ts';
import type { MyEntry } from '../../protocol/socket.ts';
import type { PendingEntry } from '../live/live-state.ts';
import type { MyDrop } from './drop.ts';
import { euro } from './lot.fixture.ts';

export const units = (over: Partial<DropVariantFigures> = {}): DropVariantFigures => ({
  left: 2,
  inCarts: 0,
  sold: 0,
  served: 0,
  ...over,
});

/** Two bowls at € 42 for whoever entered, opened at second 600 for ten minutes. */
export const drop = (
  now: Partial<DropFigures> = {},
  terms: Partial<Omit<RoomDrop, 'figures'>> = {},
): RoomDrop => ({
  dropId: 'drop1',
  productId: 'bowl',
  title: 'Moon bowl',
  variants: [
    { variantId: 'small', title: '', price: euro(4_200), usualPrice: euro(6_000), quantity: 2 },
  ],
  order: 'queue',
  isGiveaway: false,
  opensAtMs: 600_000,
  durationMs: 600_000,
  holdMs: 120_000,
  perPersonMax: 1,
  earlyAccess: [],
  needsAccount: false,
  seedCommitments: ['c'],
  ...terms,
  figures: {
    phase: 'announced',
    isReady: true,
    waiting: 0,
    openedAtMs: null,
    closesAtMs: null,
    variants: { small: units() },
    reason: null,
    ...now,
  },
});

export const open = (
  small: Partial<DropVariantFigures> = {},
  terms: Partial<Omit<RoomDrop, 'figures'>> = {},
): RoomDrop =>
  drop(
    {
      phase: 'open',
      openedAtMs: 600_000,
      closesAtMs: 1_200_000,
      variants: { small: units(small) },
    },
    terms,
  );

export const entry = (over: Partial<MyEntry> = {}): MyEntry => ({
  dropId: 'drop1',
  entry: 4,
  variantId: 'small',
  quantity: 1,
  state: 'waiting',
  place: null,
  ...over,
});

export const wish = (over: Partial<PendingEntry> = {}): PendingEntry => ({
  id: 'e1',
  wish: { t: 'enter', id: 'e1', dropId: 'drop1', variantId: 'small', quantity: 1, words: 'w' },
  state: 'sending',
  problem: null,
  ...over,
});

export const nothing: MyDrop = { entry: null, hold: null, ended: null, pending: null };
