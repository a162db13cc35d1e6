// A poll as it is asked for and as the crowd sees it. Doors:
//   POST   /api/shows/{show}/polls                PollTerms → { pollId, seq, hash }   (crew)
//   POST   /api/shows/{show}/polls/{poll}/close   → { seq, hash }                     (crew)
//   POST   /api/shows/{show}/polls/{poll}/vote    { option } → { seq, hash }          (shoppers)

import { z } from 'zod';
import { limits } from '../base/limits.ts';

/** The question, its answers and how long it is open. Rules: docs/rules/poll.md. */
export const pollTerms = z.object({
  question: z.string().trim().min(1).max(limits.pollQuestionMax),
  options: z
    .array(z.string().trim().min(1).max(limits.pollOptionMax))
    .min(2)
    .max(limits.pollOptionsMax),
  durationMs: z.number().int().min(limits.pollMsMin).max(limits.pollMsMax),
});
export type PollTerms = z.infer<typeof pollTerms>;

/** Which of the options, from 0. */
export const voteBody = z.object({ option: z.number().int().nonnegative() });
