import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Replay } from '../../protocol/http.ts';
import { emptyRoom, type RoomMessage } from '../../protocol/room.ts';
import { drop, open } from './drop.fixture.ts';
import { euro, lot } from './lot.fixture.ts';
import { createTape, markAt } from './replay-tape.ts';

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
const item = (productId: string) => ({
  productId,
  title: `The ${productId}`,
  imageUrl: null,
  variants: [],
  provenance: null,
});
const chat = (seq: number): RoomMessage => ({
  t: 'chat',
  seq,
  atMs: seq,
  messageId: `m${seq}`,
  personId: 'ines',
  name: 'ines_w',
  text: `line ${seq}`,
  role: 'shopper',
  replyTo: null,
  first: false,
});
const pin = (seq: number, productId: string | null): RoomMessage => ({
  t: 'pin',
  seq,
  productId,
  atMs: seq,
});

const replay = (moments: Replay['moments']): Replay => ({
  cues: [],
  room: {
    ...emptyRoom('kiln', plan),
    phase: 'ended',
    shelf: [item('vase'), item('bowl')],
    segments: [{ segmentId: 's1', title: 'Hook', beat: 'hook', minutes: 4, productIds: [] }],
    pinned: 'bowl',
    chat: [],
  },
  moments,
});

const evening: Replay['moments'] = [
  { offsetMs: -2_000, message: chat(1) },
  { offsetMs: 0, message: { t: 'segment', seq: 2, segmentId: 's1', atMs: 0 } },
  { offsetMs: 5_000, message: pin(3, 'vase') },
  { offsetMs: 9_000, message: chat(4) },
  { offsetMs: 12_000, message: pin(5, 'bowl') },
];

describe('the tape of a replay', () => {
  it('begins with what was said before the first picture, and nothing pinned', () => {
    const room = createTape(replay(evening)).at(0);
    expect(room.chat.map(({ text }) => text)).toEqual(['line 1']);
    expect(room.pinned).toBeNull();
    expect(room.segmentId).toBe('s1');
  });

  it('shows the pin and the chat of the moment, also after going back', () => {
    const tape = createTape(replay(evening));
    expect(tape.at(20_000).pinned).toBe('bowl');
    expect(tape.at(6_000).pinned).toBe('vase');
    expect(tape.at(6_000).chat).toHaveLength(1);
    expect(tape.at(10_000).chat).toHaveLength(2);
  });

  it('gives the same room while nothing happens, so that nothing is drawn anew', () => {
    const tape = createTape(replay(evening));
    expect(tape.at(6_000)).toBe(tape.at(7_000));
  });

  it('is at any moment what playing from the start would have shown', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1_000, max: 15_000 }), { maxLength: 12 }),
        (jumps) => {
          const tape = createTape(replay(evening));
          for (const offsetMs of jumps)
            expect(tape.at(offsetMs)).toEqual(createTape(replay(evening)).at(offsetMs));
        },
      ),
      { seed: 7 },
    );
  });

  it('has segments and pins as its chapters', () => {
    const { marks } = createTape(replay(evening));
    expect(marks.map(({ title, offsetMs }) => [offsetMs, title])).toEqual([
      [0, 'Hook'],
      [5_000, 'The vase'],
      [12_000, 'The bowl'],
    ]);
    expect(markAt(marks, 11_999)?.title).toBe('The vase');
    expect(markAt(marks, -1)).toBeNull();
  });
});

describe('lots', () => {
  const sold = lot({ phase: 'sold', price: euro(5_200), leader: 7, bids: 9, reason: 'sold' });
  const evening: Replay['moments'] = [
    { offsetMs: 4_000, message: { t: 'lot', seq: 5, lotId: 'lot1', figures: lot().figures } },
    { offsetMs: 64_000, message: { t: 'lot', seq: 6, lotId: 'lot1', figures: sold.figures } },
  ];
  const withLot = (moments = evening) => {
    const ended = replay(moments);
    return createTape({ ...ended, room: { ...ended.room, lots: [sold] } });
  };

  it('are marked where they open and where the hammer falls, with their outcome', () =>
    expect(withLot().marks).toEqual([
      { offsetMs: 4_000, kind: 'lot', title: 'Tea bowl, from €20.00' },
      { offsetMs: 64_000, kind: 'hammer', title: 'Tea bowl, sold for €52.00 to Bidder 7' },
    ]));

  it('say how they went at their moment and not before', () => {
    const tape = withLot();
    expect(tape.at(0).lots[0]?.figures).toMatchObject({ phase: 'prepared', price: null, bids: 0 });
    expect(tape.at(5_000).lots[0]?.figures.phase).toBe('open');
    expect(tape.at(70_000).lots[0]?.figures).toMatchObject({ phase: 'sold', leader: 7 });
    expect(tape.at(0).lots[0]?.figures.phase).toBe('prepared');
  });

  it('tell why they weren’t sold', () => {
    const outcome = (now: Parameters<typeof lot>[0]) =>
      withLot([
        { offsetMs: 1, message: { t: 'lot', seq: 5, lotId: 'lot1', figures: lot(now).figures } },
      ]).marks[0]?.title;
    expect(outcome({ phase: 'unsold', reason: 'reserve-not-met' })).toBe(
      'Tea bowl, not sold: reserve not met',
    );
    expect(outcome({ phase: 'unsold', reason: 'no-bids' })).toBe('Tea bowl, not sold');
    expect(outcome({ phase: 'cancelled', reason: 'A crack' })).toBe('Tea bowl, cancelled');
  });
});

describe('drops', () => {
  const sold = drop({ phase: 'closed', reason: 'sold-out', openedAtMs: 600_000 });
  const step = (figures: typeof sold.figures): RoomMessage => ({
    t: 'drop',
    dropId: 'drop1',
    figures,
  });
  const evening: Replay['moments'] = [
    { offsetMs: -9_000, message: { t: 'drop-announced', seq: 5, drop: drop() } },
    { offsetMs: 60_000, message: step(open().figures) },
    { offsetMs: 90_000, message: step(sold.figures) },
  ];
  const withDrop = (moments = evening, last = sold) => {
    const ended = replay(moments);
    return createTape({ ...ended, room: { ...ended.room, drops: [last] } });
  };

  it('are marked where they are announced, open and end', () =>
    expect(withDrop().marks).toEqual([
      { offsetMs: 0, kind: 'drop', title: 'Moon bowl, 2 units at €42.00' },
      { offsetMs: 60_000, kind: 'drop', title: 'Moon bowl, drop opened' },
      { offsetMs: 90_000, kind: 'drop-over', title: 'Moon bowl, sold out' },
    ]));

  it('say how they went at their moment and not before', () => {
    const tape = withDrop();
    const phaseAt = (ms: number) => tape.at(ms).drops[0]?.figures.phase;
    expect([0, 60_000, 90_000, 0].map(phaseAt)).toEqual([
      'announced',
      'open',
      'closed',
      'announced',
    ]);
  });

  it('tell a giveaway and a cancelled one as what they were', () => {
    const titleOf = (
      figures: Parameters<typeof drop>[0],
      terms: Parameters<typeof drop>[1] = {},
    ) => {
      const last = drop(figures, terms);
      return withDrop([{ offsetMs: 1, message: step(last.figures) }], last).marks[0]?.title;
    };
    expect(titleOf({ phase: 'cancelled', reason: 'A crack' })).toBe('Moon bowl, cancelled');
    expect(titleOf({ phase: 'closed', reason: 'time' })).toBe('Moon bowl, closed');
    const gift = { isGiveaway: true };
    expect(titleOf({ phase: 'closed', reason: 'sold-out' }, gift)).toBe(
      'Moon bowl, all given away',
    );
  });
});
