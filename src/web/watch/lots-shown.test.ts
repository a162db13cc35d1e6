import { expect, it } from 'vitest';
import { lot } from './lot.fixture.ts';
import { lotsShown } from './lots-shown.ts';

const named = (lotId: string, now: Parameters<typeof lot>[0], early = true) => ({
  ...lot(now, { takesEarlyBids: early }),
  lotId,
});
const shown = (
  lots: Parameters<typeof lotsShown>[0],
  { held = [], ended = [] }: { held?: string[]; ended?: string[] } = {},
) => {
  const { running, waiting } = lotsShown(lots, { held: new Set(held), ended });
  return [running, waiting].map((part) => part.map(({ lotId }) => lotId));
};

it('what closes first comes first, what is paused waits behind it', () => {
  const lots = [
    named('paused', { phase: 'paused', closesAtMs: null }),
    named('later', { closesAtMs: 90_000 }),
    named('soon', { closesAtMs: 61_000 }),
  ];
  expect(shown(lots)).toEqual([['soon', 'later', 'paused'], []]);
});

it('an outcome is shown to who saw it, the newest first, behind what runs', () => {
  const lots = [
    named('first', { phase: 'sold' }),
    named('second', { phase: 'unsold' }),
    named('unseen', { phase: 'sold' }),
    named('runs', {}),
  ];
  expect(shown(lots, { ended: ['first', 'second'] })[0]).toEqual(['runs', 'second', 'first']);
});

it('what I won and haven’t paid stays, until it is paid', () => {
  const lots = [named('won', { phase: 'sold' })];
  expect(shown(lots, { held: ['won'] })[1]).toEqual(['won']);
  expect(shown(lots)[1]).toEqual([]);
});

it('lots that come are shown when they take a maximum already, the next three', () => {
  const prepared = { phase: 'prepared', openedAtMs: null, closesAtMs: null } as const;
  const lots = ['a', 'b', 'c', 'd'].map((lotId) => named(lotId, prepared));
  expect(shown([named('shut', prepared, false), ...lots])[1]).toEqual(['a', 'b', 'c']);
});
