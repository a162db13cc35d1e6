// The codes of polls. A part of the table in problems.ts.

import { type ProblemEntry, problem } from './problem-entry.ts';

export const pollProblems = {
  'poll-open': problem(409, 'Another poll is open', 'Close it first, or wait until it closes.'),
  'poll-over': problem(409, 'This poll is closed', 'What it came to stands on the page.'),
  'poll-unknown': problem(404, 'There is no such poll', 'Reload the page.'),
  'poll-invalid': problem(
    422,
    'This can’t be a poll',
    'A question, two to six answers that differ, ten seconds to ten minutes: `field` says which of them it is.',
  ),
  'polls-full': problem(409, 'This show has had as many polls as it may', 'Ask in the chat.'),
  'poll-choices-spent': problem(
    409,
    'You have changed your mind as often as you may',
    'Your last choice counts.',
  ),
} as const satisfies Record<string, ProblemEntry>;
