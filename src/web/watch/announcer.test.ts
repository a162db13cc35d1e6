import { expect, it } from 'vitest';
import { emptyRoom, type Room, type RoomOffer } from '../../protocol/room.ts';
import { firstState } from '../live/live-state.ts';
import { announcements } from './announcer.tsx';

const plan = {
  title: 'Kiln night',
  showKind: 'demonstration',
  startsAtMs: 0,
  hostId: 'mina',
  hostName: 'Mina Orsini',
  shopName: 'Laguna Ceramics',
  disclosure: 'own-brand',
  isDemo: false,
};
const euro = (minor: number) => ({ minor, currency: 'EUR' });
const room: Room = { ...emptyRoom('kiln', plan), phase: 'live', picture: 'on' };
const offer: RoomOffer = {
  offerId: 'o1',
  productId: 'vase',
  title: 'Lagoon vase',
  variants: [
    { variantId: 'v1', title: '', price: euro(8600), usualPrice: euro(9900), quantity: 3 },
  ],
  perPersonMax: null,
  holdMs: 60_000,
  openedAtMs: 0,
  closesAtMs: 120_000,
  figures: {},
};
const hold = {
  holdId: 'h1',
  stream: 'show-kiln',
  offerId: 'o1',
  productId: 'vase',
  variantId: 'v1',
  title: 'Lagoon vase',
  quantity: 1,
  unitPrice: euro(8600),
  expiresAtMs: 60_000,
  paying: false,
};
const open = { ...firstState(room, null), connection: 'open' as const };

it('an offer is said once, with its price and time', () => {
  const after = { ...open, room: { ...room, offers: [offer] } };
  expect(announcements(open, after, 0)).toEqual([
    'New offer: Lagoon vase, €\u00a086.00, for 2 minutes.',
  ]);
  expect(announcements(after, { ...after, room: { ...after.room, viewers: 9 } }, 0)).toEqual([]);
  expect(announcements(after, open, 0)).toEqual(['The offer of Lagoon vase has closed.']);
});

it('chat is never said, or a busy room would drown everything', () => {
  const line = {
    seq: 1,
    atMs: 0,
    messageId: 'm1',
    personId: 'p',
    name: 'ines_w',
    text: 'hi',
    role: 'shopper',
    replyTo: null,
    first: true,
  } as const;
  expect(announcements(open, { ...open, room: { ...room, chat: [line] } }, 0)).toEqual([]);
});

it('my hold is said when it begins and when it ends', () => {
  const held = { ...open, holds: [hold] };
  expect(announcements(open, held, 0)).toEqual(['Lagoon vase is held for you for 60 seconds.']);
  const ended = { ...open, endedHolds: [{ hold, reason: 'expired' as const, orderId: null }] };
  expect(announcements(held, ended, 0)).toEqual([
    'Your hold of Lagoon vase ran out; it went back.',
  ]);
});

it('a lost line and a lost picture are said, and their return', () => {
  const lost = { ...open, connection: 'reconnecting' as const };
  expect(announcements(open, lost, 0)).toHaveLength(1);
  expect(announcements(lost, open, 0)).toEqual(['Connected again.']);
  const dark = { ...open, room: { ...room, picture: 'lost' as const } };
  expect(announcements(open, dark, 0)).toEqual(['The picture is gone for a moment.']);
  expect(announcements(dark, open, 0)).toEqual(['The picture is back.']);
});
