import { expect, it } from 'vitest';
import type { CrewMessage } from '../../protocol/socket.ts';
import { drop, open, units } from '../watch/drop.fixture.ts';
import {
  dropBoardOf,
  dropShortOf,
  dropStateWords,
  dropTermsWords,
  inReadingOrder,
  unitsOf,
} from './drop-board.ts';

it('a drop’s terms fit a line', () => {
  expect(dropTermsWords(drop())).toBe('2 units at €\u00a042.00 · queue · 2:00 to pay');
  const gift = { isGiveaway: true, order: 'draw', needsAccount: true, holdMs: 60_000 } as const;
  expect(dropTermsWords(drop({}, gift))).toBe(
    '2 units for free · draw · 60 s to take · accounts only',
  );
  const [small] = drop().variants;
  const two = [small!, { ...small!, variantId: 'large', price: { minor: 6_900, currency: 'EUR' } }];
  const early = { variants: two, earlyAccess: [{ tier: 'gold', earlierMs: 60_000 }] };
  expect(dropTermsWords(drop({}, early))).toBe(
    '4 units from €\u00a042.00 · queue · 2:00 to pay · early: gold',
  );
});

it('each state has its words, with entries and units', () => {
  expect(dropStateWords(drop({ waiting: 1 }))).toMatch(/^1 has entered · opens \d\d:\d\d$/);
  expect(dropStateWords(drop({ waiting: 30 }, { opensAtMs: null }))).toBe(
    '30 have entered · by hand',
  );
  expect(dropStateWords(drop({ isReady: false }))).toBe('Taking its units from stock …');
  const running = open({ left: 0, inCarts: 1, sold: 1 });
  expect(dropStateWords({ ...running, figures: { ...running.figures, waiting: 28 } })).toBe(
    'Open: 0 left, 1 in carts, 1 sold · 28 waiting',
  );
  const sold = { variants: { small: units({ left: 0, sold: 2 }) } };
  expect(dropStateWords(drop({ ...sold, phase: 'closed', reason: 'sold-out' }))).toBe('All 2 sold');
  expect(dropStateWords(drop({ ...sold, phase: 'closed', reason: 'time' }))).toBe('Over, 2 sold');
  expect(dropStateWords(drop({ phase: 'cancelled', reason: 'A crack' }))).toBe(
    'Cancelled: A crack',
  );
});

it('units of all variants are counted together', () =>
  expect(unitsOf(open({ left: 1, inCarts: 1 }))).toEqual({ all: 2, left: 1, inCarts: 1, sold: 0 }));

it('the next drop is the one that opens first; one that the host opens before all', () => {
  const at = (dropId: string, opensAtMs: number | null) => ({
    ...drop({}, { opensAtMs }),
    dropId,
  });
  const board = dropBoardOf([at('late', 9_000), at('soon', 5_000), { ...open(), dropId: 'runs' }]);
  expect(board.next?.dropId).toBe('soon');
  expect(board.open.map(({ dropId }) => dropId)).toEqual(['runs']);
  expect(dropBoardOf([at('soon', 5_000), at('hand', null)]).next?.dropId).toBe('hand');
  expect(dropBoardOf([]).next).toBeNull();
});

it('the crew is told how many there were', () => {
  const refused: CrewMessage = {
    t: 'drop-refused',
    seq: 2,
    dropId: 'drop1',
    title: 'Moon bowl',
    available: 1,
  };
  expect(dropShortOf('drop1', [refused])).toBe(1);
  expect(dropShortOf('other', [refused])).toBeNull();
});

it('is read from what runs to what is over', () => {
  const drops = [
    { ...drop({ phase: 'closed' }), dropId: 'first' },
    { ...drop({ phase: 'refused' }), dropId: 'second' },
    { ...drop(), dropId: 'comes' },
    { ...open(), dropId: 'runs' },
  ];
  expect(inReadingOrder(drops).map(({ dropId }) => dropId)).toEqual([
    'runs',
    'comes',
    'second',
    'first',
  ]);
});
