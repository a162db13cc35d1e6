// Problems of captions. Part of the table in problems.ts.

import { problem } from './problem-entry.ts';

export const captionProblems = {
  'caption-invalid': problem(
    422,
    'The caption can’t be taken',
    'Correct what `field` names: the language is a code like `en` or `pt-BR`.',
  ),
  'captions-too-fast': problem(
    429,
    'Captions come too fast',
    'Send longer ones; the next is taken after `retryAfterMs`.',
    true,
  ),
  'captions-none': problem(
    404,
    'Nothing was written down in this show',
    'There are captions where the crew or the encoder gave some.',
  ),
} as const;
