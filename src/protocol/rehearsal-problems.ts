// The codes of rehearsals. A part of the table in problems.ts.

import { problem } from './problem-entry.ts';

export const rehearsalProblems = {
  'rehearsal-exists': problem(
    409,
    'This show is being rehearsed already',
    'Go to the rehearsal in `rehearsalId`, or end it first.',
  ),
  'rehearsals-full': problem(
    503,
    'There are as many rehearsals as there may be at once',
    'Wait until one of them is over, then try again.',
    true,
  ),
  'rehearsal-unknown': problem(
    404,
    'There is no such rehearsal',
    'It may be over: its report stands with its show in the office.',
  ),
  'not-rehearsed': problem(
    409,
    'A rehearsal has no such thing',
    'Do it in the show itself: a rehearsal has no stock, followers, replay or address of its own.',
  ),
} as const;
