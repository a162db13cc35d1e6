// The codes of simulcast. A part of the table in problems.ts.

import { type ProblemEntry, problem } from './problem-entry.ts';

export const simulcastProblems = {
  'destination-unknown': problem(
    404,
    'There is no such destination',
    'It may have been removed. Load the list again.',
  ),
  'destinations-full': problem(
    409,
    'There are as many destinations as there may be',
    'Remove one that nobody uses any more.',
  ),
  'destinations-of-show-full': problem(
    409,
    'This show is sent to as many destinations as it may be',
    'Switch another one off first.',
  ),
  'destination-key-needed': problem(
    422,
    'Another address needs its key again',
    'Type the key that belongs to the new address.',
  ),
  'destination-trials-full': problem(
    503,
    'Other destinations are just being tried',
    'Try again in some seconds.',
    true,
  ),
} as const satisfies Record<string, ProblemEntry>;
