// A poll as it is typed: a question, an answer a line, how long. Pure.

import { limits } from '../../base/limits.ts';
import type { PollTerms } from '../../protocol/polls.ts';

export type PollForm = {
  readonly question: string;
  /** One a line. */
  readonly answers: string;
  readonly seconds: string;
};

export const emptyPollForm: PollForm = { question: '', answers: '', seconds: '60' };

/** How long a poll may be open, to choose from, in seconds. */
export const pollSeconds = [20, 30, 60, 120, 300] as const;

/** What was typed as a poll, or what is wrong with the first field that is. */
export const pollOf = ({ question, answers, seconds }: PollForm): PollTerms | string => {
  const asked = question.trim();
  const options = answers
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (asked.length < 1 || asked.length > limits.pollQuestionMax)
    return `A question of at most ${limits.pollQuestionMax} characters.`;
  if (options.length < 2 || options.length > limits.pollOptionsMax)
    return `Two to ${limits.pollOptionsMax} answers, one a line.`;
  if (options.some((option) => option.length > limits.pollOptionMax))
    return `Answers of at most ${limits.pollOptionMax} characters.`;
  if (new Set(options.map((option) => option.toLowerCase())).size < options.length)
    return 'Answers that differ.';
  return { question: asked, options, durationMs: Number(seconds) * 1_000 };
};
