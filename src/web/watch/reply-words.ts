// What the shop answers to one's own comment, in words: the same for who reads and for who listens. Pure.

import type { CommentAnswer } from '../../protocol/comment-claim.ts';

const unitsOf = ({ title, quantity }: { readonly title: string; readonly quantity: number }) =>
  quantity > 1 ? `${quantity} × ${title}` : title;

const leftWords = {
  own: 'You left the line for',
  closed: 'The offer has ended, and the line for',
  'sold-out': 'Every one is paid for now; the line has ended for',
  barred: 'You can’t buy in this show any more:',
  limit: 'You have as many as one person may:',
  erased: 'You left the line for',
} as const;

/** One or two sentences; the clock of a hold and the way to pay stand beside them. */
export const replyWords = (answer: CommentAnswer): string => {
  switch (answer.says) {
    case 'held':
      return `Held for you: ${unitsOf(answer)}.`;
    case 'served':
      return `Your turn, one came back. Held for you: ${unitsOf(answer)}.`;
    case 'pay':
      return `${unitsOf(answer)}: nothing is kept, whoever pays first gets it.`;
    case 'waiting':
      return answer.place === 1
        ? `None is left of ${unitsOf(answer)}. If one comes back, it is yours next.`
        : `None is left of ${unitsOf(answer)}. You are number ${answer.place} in the line.`;
    case 'line-left':
      return `${leftWords[answer.reason]} ${unitsOf(answer)}.`;
    case 'refused':
      return `Not claimed: ${unitsOf(answer)}. ${answer.problem.title}.`;
    case 'unclear': {
      const ways = answer.codes.map(({ word, title }) => `${word} for ${title}`).join(', or ');
      const what = {
        several: 'Nothing was claimed: one code word at a time.',
        question: 'Nothing was claimed by a question.',
        quantity: 'Nothing was claimed: the quantity isn’t clear.',
        words: 'Nothing was claimed.',
      }[answer.reason];
      const more = answer.reason === 'quantity' ? ', or with how many, as in ' : '';
      const example = more && answer.codes[0] ? `${more}${answer.codes[0].word} 2` : '';
      return ways ? `${what} To claim, write just ${ways}${example}.` : what;
    }
  }
};
