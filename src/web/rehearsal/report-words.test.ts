import { expect, test } from 'vitest';
import type { RehearsalReport } from '../../protocol/rehearsal.ts';
import { changeText, lengthText, refusalWords, toMend } from './report-words.ts';

const good: RehearsalReport = {
  ...{ startedAtMs: 0, endedAtMs: 600_000, endedBy: 'crew', plannedMs: 600_000, actualMs: 600_000 },
  segments: [
    { segmentId: 's1', title: 'Hello', beat: 'hook', plannedMs: 60_000, actualMs: 60_000 },
  ],
  ...{ story: [], withoutDemo: [], soldOut: [], unwanted: [], cut: { atMs: 5, awayMs: 4_000 } },
  questions: {
    ...{ asked: 4, answered: 4, withinMs: 60_000, medianMs: 9_000, slowestMs: 12_000, open: [] },
  },
  rude: { said: 1, removed: 1 },
  demand: {
    ...{ claims: 0, refused: [], bids: 0, bidders: 0, entries: 0, holds: 0, expired: 0 },
    ...{ released: 0, declined: 0, paid: 0, takings: null },
  },
  crowd: { came: 8, mostAtOnce: 8, droppedOff: 0, lines: 9, reactions: 9 },
};

test('[RHS-10] an evening without a fault has nothing to mend', () => {
  expect(toMend(good)).toEqual([]);
});

test('[RHS-10] the gravest comes first, each with what to do', () => {
  const mends = toMend({
    ...good,
    cut: { atMs: 5, awayMs: null },
    withoutDemo: ['Bowl'],
    questions: { ...good.questions, answered: 1 },
    actualMs: 725_000,
    rude: { said: 3, removed: 1 },
    story: [{ rule: 'late-hook', words: 'Late.', cure: 'Begin with a hook.' }],
  });
  expect(mends.map(({ what }) => what)).toEqual([
    'The picture never came back after the cut.',
    'Bowl was sold before anybody had seen it used.',
    '3 of 4 questions stayed open.',
    'It took 2 min 05 s longer than planned.',
    '2 rude lines stayed.',
    'Late.',
  ]);
  expect(mends.every(({ cure }) => cure.length > 0)).toBe(true);
});

test('[RHS-10] lengths and changes are told in words', () => {
  expect([lengthText(7_600), lengthText(60_000)]).toEqual(['8 s', '1 min']);
  expect([changeText(3, 1), changeText(1, 1), changeText(0, 2), changeText(1, null)]).toEqual([
    '2 more',
    'as before',
    '2 less',
    '',
  ]);
  expect(refusalWords('sold-out')).not.toBe('sold-out');
});
