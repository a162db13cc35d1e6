import { expect, it } from 'vitest';
import { drop } from './drop.fixture.ts';
import { dropsShown, nearMs, nextNearMs } from './drops-shown.ts';

const named = (dropId: string, ...terms: Parameters<typeof drop>) => ({
  ...drop(...terms),
  dropId,
});
const at = (dropId: string, opensAtMs: number | null) => named(dropId, {}, { opensAtMs });
const shown = (
  drops: Parameters<typeof dropsShown>[0],
  {
    entered = [],
    held = [],
    ended = [],
  }: { entered?: string[]; held?: string[]; ended?: string[] } = {},
) => {
  const { open, near, over, far } = dropsShown(
    drops,
    { entered: new Set(entered), held: new Set(held), ended },
    0,
  );
  return [open, near, over, far].map((part) => part.map(({ dropId }) => dropId));
};

it('an announced drop is near from ten minutes before its opening on, or when the host opens it', () => {
  const drops = [at('later', nearMs), at('soon', nearMs - 1), at('by-hand', null)];
  expect(shown(drops)).toEqual([[], ['soon', 'by-hand'], [], ['later']]);
});

it('what comes first stands first', () =>
  expect(shown([at('b', 2 * nearMs + 2), at('a', 2 * nearMs + 1)])[3]).toEqual(['a', 'b']));

it('open ones and my own come first, those whose end was just seen behind what comes; others that are over don’t', () => {
  const drops = [
    named('open', { phase: 'open' }),
    named('mine', { phase: 'closed' }),
    named('seen', { phase: 'cancelled' }),
    named('over', { phase: 'closed' }),
    named('short', { phase: 'refused' }),
  ];
  expect(shown(drops, { held: ['mine'], ended: ['seen', 'short'] })).toEqual([
    ['open', 'mine'],
    [],
    ['seen'],
    [],
  ]);
});

it('the page waits until the first that is far comes near', () => {
  expect(nextNearMs([at('a', nearMs + 500), at('b', nearMs + 100), at('c', null)], 0)).toBe(100);
  expect(
    nextNearMs([at('a', 5), named('b', { phase: 'open' }, { opensAtMs: null })], 0),
  ).toBeNull();
});

it('[DRO-7] a draw that was made asks for the card of those who are in it; for others it waits behind', () => {
  const made = named('made', { phase: 'open', closesAtMs: 600_000 }, { order: 'draw' });
  const soon = at('soon', 1_000);
  expect(shown([made, soon])).toEqual([[], ['soon'], ['made'], []]);
  expect(shown([made, soon], { entered: ['made'] })[0]).toEqual(['made']);
  // A tier was let in; everybody else may still enter.
  const early = named('early', { phase: 'open', closesAtMs: 600_001 }, { order: 'draw' });
  expect(shown([early])[0]).toEqual(['early']);
});
