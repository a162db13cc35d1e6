// The codes of encoders and their stream keys, and of players that aren't pages of the shop. A part of the table in problems.ts.

import { type ProblemEntry, problem } from './problem-entry.ts';

export const encoderProblems = {
  'stream-key-invalid': problem(
    401,
    'This stream key isn’t valid',
    'Copy the key again from the studio, or make a new one there.',
  ),
  'stream-key-elsewhere': problem(
    403,
    'This stream key is for another show',
    'Use the address and the key that stand together in the studio.',
  ),
  'stream-key-unknown': problem(404, 'There is no such stream key', 'It may have been withdrawn.'),
  'stream-keys-full': problem(
    409,
    'There are as many stream keys as there may be',
    'Withdraw one that nobody uses any more.',
  ),
  'watch-token-invalid': problem(
    401,
    'This watch token isn’t valid',
    'It may be over, or for another show. Get a new one from the show, or leave it out where everybody may watch.',
  ),
  'media-precondition-needed': problem(
    428,
    'The request doesn’t say which session it means',
    'Send the ETag of the answer as `If-Match`.',
  ),
  'media-precondition-failed': problem(
    412,
    'The session has changed',
    'Send the ETag of the answer as `If-Match`.',
  ),
  'media-restart-unsupported': problem(
    422,
    'This session’s connection can’t be restarted',
    'Delete the session and start a new one: viewers stay.',
  ),
  'media-fragment-invalid': problem(
    400,
    'This is no fragment of candidates',
    'Send `application/trickle-ice-sdpfrag` as RFC 8840 has it.',
  ),
} as const satisfies Record<string, ProblemEntry>;
