// The codes of reminders and series. A part of the table in problems.ts.

import { problem } from './problem-entry.ts';

export const remindProblems = {
  'wishes-full': problem(
    409,
    'You follow as much as anybody can',
    'Stop something at /reminders first.',
  ),
  'confirm-letters-spent': problem(
    429,
    'Enough letters went to this address today',
    'Look into the mailbox and its spam folder, or try again tomorrow.',
  ),
  'remind-link-old': problem(
    410,
    'This link is too old, or another address was given since',
    'Choose how you want to be told at /reminders.',
  ),
  'push-endpoint-invalid': problem(
    422,
    'This is no address of a push service',
    'Send what `PushManager.subscribe` gives.',
  ),
  'zone-unknown': problem(422, 'There is no such time zone', 'Send a name such as `Europe/Rome`.'),
  'repeat-invalid': problem(
    422,
    'A show can’t come again like this',
    'Correct `field`: a step that is at least 1, and an end, after the first show, by day or by number.',
  ),
  'series-exists': problem(409, 'This show is one of a series already', 'Change the series.'),
  'series-unknown': problem(
    404,
    'This show stands by itself',
    'Let it come again in the calendar first.',
  ),
  'series-full': problem(409, 'The shop has as many series as it can', 'End one first.'),
} as const;
