// What can stand against entering a drop with what it asks to be shown, and against keeping a card on file, for the
// table of problems.ts.

import { problem } from './problem-entry.ts';

export const entryProblems = {
  'address-unverified': problem(
    403,
    'Your address isn’t proven yet',
    'Open the link in the letter that we send you, then enter.',
  ),
  'card-needed': problem(
    403,
    'This asks for a card on file',
    'Put a card on file, then enter. Nothing is charged for it.',
  ),
  'card-entered': problem(
    409,
    'This card has entered already',
    'One entry a card: use the account that entered.',
  ),
  'card-refused': problem(402, 'This card can’t be kept', 'Try another card. Nothing was charged.'),
  'card-unknown': problem(404, 'No card waits for your bank', 'Put a card on file anew.'),
} as const;
