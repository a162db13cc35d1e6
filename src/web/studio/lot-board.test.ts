import { describe, expect, it } from 'vitest';
import type { CrewMessage } from '../../protocol/socket.ts';
import { euro, falling, lot } from '../watch/lot.fixture.ts';
import {
  boardOf,
  demandWords,
  isHammered,
  runOf,
  shortOf,
  stateWords,
  termsWords,
} from './lot-board.ts';

const prepared = { phase: 'prepared', openedAtMs: null, closesAtMs: null } as const;

it('a lot’s terms fit a line; a reserve is named, its height isn’t there', () => {
  expect(termsWords(lot())).toBe('from €\u00a020.00 · 60 s · soft close 10 s');
  const terms = { softCloseMs: 0, durationMs: 300_000, hasReserve: true, buyNow: euro(9_000) };
  expect(termsWords(lot({}, terms))).toBe(
    'from €\u00a020.00 · 5:00 · sudden death · reserve · buy now €\u00a090.00',
  );
  expect(termsWords({ ...falling(), quantity: 3 })).toBe(
    '3 pieces · €\u00a030.00 falling to €\u00a020.00, €\u00a01.00 every 2 s',
  );
});

it('each state has its words', () => {
  const words = (now: Parameters<typeof lot>[0]) => stateWords(lot(now));
  expect(words(prepared)).toBe('Ready');
  expect(words({ ...prepared, bids: 1 })).toBe('1 early bid');
  expect(words({ phase: 'sold', price: euro(5_200), leader: 7 })).toBe('€\u00a052.00, Bidder 7');
  expect(words({ phase: 'unsold', reason: 'reserve-not-met' })).toBe('Reserve not met');
  expect(words({ phase: 'cancelled' })).toBe('Cancelled');
});

it('demand is told in three figures', () =>
  expect(demandWords(lot({ bids: 12, bidders: 1 }).figures, 212)).toBe(
    '12 bids · 1 bidder · 212 watching',
  ));

it('the next lot is the first that is prepared', () => {
  const lots = [
    { ...lot({ phase: 'sold' }), lotId: 'a' },
    { ...lot(), lotId: 'b' },
    { ...lot(prepared), lotId: 'c' },
    { ...lot(prepared), lotId: 'd' },
  ];
  const board = boardOf(lots);
  expect(board.next?.lotId).toBe('c');
  expect([board.running, board.prepared, board.over].map((part) => part.length)).toEqual([1, 2, 1]);
  expect(boardOf([]).next).toBeNull();
});

describe('what the crew alone is told', () => {
  const run = (lotIds: string[]): CrewMessage => ({ t: 'lot-run', seq: 1, lotIds });
  const refused: CrewMessage = {
    t: 'lot-refused',
    seq: 2,
    lotId: 'lot1',
    title: 'Tea bowl',
    available: 0,
  };
  it('is which run is on', () => {
    expect(runOf([])).toEqual([]);
    expect(runOf([run(['a', 'b']), refused])).toEqual(['a', 'b']);
    expect(runOf([run(['a', 'b']), run([])])).toEqual([]);
  });
  it('is that stock was short, until the lot opens', () => {
    expect(shortOf(lot(prepared), [refused])).toBe(0);
    expect(shortOf(lot(), [refused])).toBeNull();
    expect(shortOf(lot(prepared), [])).toBeNull();
  });
});

it('only a hammer’s winner can be a winner who doesn’t pay', () => {
  expect(isHammered(lot({ phase: 'sold', bids: 3 }))).toBe(true);
  expect(isHammered(lot({ phase: 'sold', bids: 0 }))).toBe(false);
  expect(isHammered(falling({ phase: 'sold' }))).toBe(false);
});
