// What can stand against a promo code, for the table of problems.ts.

import { problem } from './problem-entry.ts';

export const codeProblems = {
  'code-unknown': problem(404, 'There is no such code', 'Look again how it is written.'),
  'code-exists': problem(
    409,
    'There is such a code already',
    'Take another word: terms of a code never change.',
  ),
  'code-invalid': problem(
    422,
    'Something in the code can’t be',
    'Correct the field named in `field`.',
  ),
  'code-over': problem(410, 'This code is over', 'Go on without it.'),
  'code-not-begun': problem(
    409,
    'This code doesn’t count yet',
    'Try again when its time has come.',
    true,
  ),
  'code-used-up': problem(410, 'This code has been used up', 'Go on without it.'),
  'code-used': problem(409, 'You have used this code already', 'Go on without it.'),
  'code-not-for-these': problem(409, 'This code isn’t for these goods', 'Go on without it.'),
  'code-minimum': problem(
    409,
    'The order is too small for this code',
    'Add goods, or go on without it.',
  ),
  'codes-not-combinable': problem(409, 'Codes can’t be combined', 'Choose one of them.'),
} as const;
