import { expect, it } from 'vitest';
import { problemOf } from '../../protocol/problems.ts';
import type { RoomDrop } from '../../protocol/room.ts';
import { emptyRoom } from '../../protocol/room.ts';
import { drop, entry, open, wish } from './drop.fixture.ts';
import { createDropCrier, type Heard, progressEveryMs } from './drop-crier.ts';
import { isServedNow } from './drop-sense.tsx';
import { hold } from './lot.fixture.ts';

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
const heard = (drops: readonly RoomDrop[], own: Partial<Heard> = {}): Heard => ({
  room: { ...emptyRoom('kiln', plan), drops },
  holds: [],
  endedHolds: [],
  entries: [],
  pendingEntries: [],
  ...own,
});
const dropHold = hold({ holdId: 'drop1-4', offerId: 'drop1', expiresAtMs: 820_000 });

it('what stood there when the page came is not news', () => {
  const state = heard([open()], { entries: [entry({ place: 3 })], holds: [dropHold] });
  expect(createDropCrier(state).hear(state, 700_000)).toEqual([]);
});

it('says when one is announced, that I am in, when it opens and what my place is', () => {
  const crier = createDropCrier(heard([]));
  expect(crier.hear(heard([drop()]), 0)[0]).toMatch(/^A drop: Moon bowl; it opens at/);
  expect(crier.hear(heard([drop()], { entries: [entry()] }), 0)).toEqual([
    'You are in with entry 4.',
  ]);
  const now = heard([open({ left: 0, inCarts: 2, served: 2 })], { entries: [entry({ place: 4 })] });
  expect(crier.hear(now, 600_000)).toEqual([
    'The drop of Moon bowl is open.',
    'Your place is 4. At most 1 ahead of you. Only if others let go.',
  ]);
  expect(crier.hear(now, 600_001)).toEqual([]);
  const moved = heard([open({ left: 0, inCarts: 1, sold: 1, served: 2 })], {
    entries: [entry({ place: 4 })],
  });
  expect(crier.hear(moved, 600_250)).toEqual([]);
  expect(crier.hear(moved, 600_000 + progressEveryMs)).toEqual([
    'Moon bowl: At most 1 ahead of you. Only if many let go.',
  ]);
});

it('says once that it opens soon', () => {
  const crier = createDropCrier(heard([drop()]));
  expect(crier.hear(heard([drop()]), 589_000)).toEqual([]);
  expect(crier.hear(heard([drop()]), 590_500)).toEqual(['Moon bowl opens in 10 seconds.']);
  expect(crier.hear(heard([drop()]), 593_000)).toEqual([]);
});

it('a line that moves is told when it changes what I may hope for, and not more than every ten seconds', () => {
  const at = (served: number) =>
    heard([open({ left: 0, inCarts: 2, served })], { entries: [entry({ place: 6 })] });
  const crier = createDropCrier(at(2));
  // Three ahead, then two: the same chance.
  expect(crier.hear(at(3), 700_000)).toEqual([]);
  expect(crier.hear(at(4), 700_100)).toEqual([
    'Moon bowl: At most 1 ahead of you. Only if others let go.',
  ]);
  const gone = heard([open({ left: 0, inCarts: 0, sold: 2, served: 4 })], {
    entries: [entry({ place: 6 })],
  });
  expect(crier.hear(gone, 700_200)).toEqual([]);
  expect(crier.hear(gone, 700_100 + progressEveryMs)).toEqual([
    'Moon bowl: At most 1 ahead of you. Not this time.',
  ]);
});

it('my turn is said with the time to pay, and gives a signal; a giveaway says that it is free', () => {
  const waiting = heard([open()], { entries: [entry({ place: 3 })] });
  const served = heard([open()], {
    entries: [entry({ place: 3, state: 'served' })],
    holds: [dropHold],
  });
  expect(createDropCrier(waiting).hear(served, 700_000)).toEqual([
    'It’s your turn: Tea bowl at €\u00a048.00. Pay within 2:00.',
  ]);
  expect(isServedNow(waiting, served)).toBe(true);
  expect(isServedNow(served, served)).toBe(false);
  const other = { ...served, holds: [hold({ holdId: 'h9', offerId: 'offer9' })] };
  expect(isServedNow(waiting, other)).toBe(false);
  const free = [open({}, { isGiveaway: true })];
  const said = createDropCrier(heard(free)).hear(heard(free, { holds: [dropHold] }), 700_000);
  expect(said.join()).toContain('yours for free');
});

it('the end is said to whom it concerns, with its reason', () => {
  const over = (reason: string, phase: 'closed' | 'cancelled') => drop({ phase, reason });
  const waiting = { entries: [entry({ place: 3 })] };
  const said = (after: RoomDrop, own: Partial<Heard>) =>
    createDropCrier(heard([open()], own)).hear(heard([after], own), 700_000);
  expect(said(over('sold-out', 'closed'), waiting)).toEqual([
    'Moon bowl: Not this time. Sold out. Nothing was charged.',
  ]);
  expect(said(over('A crack', 'cancelled'), {})).toEqual([
    'Moon bowl: Cancelled. A crack. Nothing was charged.',
  ]);
  expect(said(over('sold-out', 'closed'), { holds: [dropHold] })).toEqual([]);
});

it('a refusal is said once, with what to do', () => {
  const refused = wish({ state: 'refused', problem: problemOf('drop-over') });
  const crier = createDropCrier(heard([drop()], { pendingEntries: [wish()] }));
  const after = heard([drop()], { pendingEntries: [refused] });
  expect(crier.hear(after, 0)).toEqual([
    'Too late to enter. It takes no entries any more. Nothing is charged.',
  ]);
  expect(crier.hear(after, 1)).toEqual([]);
});
