// Problems of the stage. Part of the table in problems.ts.

import { problem } from './problem-entry.ts';

export const stageProblems = {
  'stage-link-invalid': problem(
    403,
    'This invitation isn’t good any more',
    'It ran out or was taken back. Ask the host for another.',
  ),
  'stage-guest-unknown': problem(404, 'There is no such guest', 'Look at the guests of this show.'),
  'stage-guest-away': problem(
    409,
    'The guest isn’t there',
    'They are admitted and muted once they have come by their link.',
  ),
  'stage-full': problem(
    409,
    'The stage is full',
    'At most `max` people stand on it, the host among them. Take somebody down first.',
  ),
  'stage-invitations-full': problem(
    409,
    'This show has as many invitations as it may',
    'At most `max`; use one that nobody came by.',
  ),
  'stage-name-invalid': problem(
    422,
    'A name is needed',
    'Everybody sees it: one line of at most `max` characters.',
  ),
  'stage-busy': problem(
    429,
    'The stage has as many lines as it can',
    'Try again in a few seconds.',
    true,
  ),
} as const;
