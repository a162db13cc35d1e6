// Questions to the room: opened by the crew, answered by one vote a person, closed by the clock or by hand. One is open
// at a time. Each vote carries the tally that it led to, so that whoever hears of it needs nothing else. Rules:
// docs/rules/poll.md.

import { isId, type PersonId, type PollId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { type Refusal, refuse } from '../../base/result.ts';
import type { Deadline } from '../decider.ts';
import { isCrew, type Stamp } from '../decider.ts';
import { cleanText } from './chat.ts';

export type PollTerms = {
  readonly question: string;
  readonly options: readonly string[];
  /** How long it is open, in ms. */
  readonly durationMs: number;
};

export type OpenPoll = {
  readonly pollId: PollId;
  readonly options: number;
  readonly closesAtMs: number;
  readonly tally: readonly number[];
  /** Of each person their choice, and how often they have chosen. */
  readonly votes: Map<PersonId, { readonly option: number; readonly times: number }>;
};

export type Polls = {
  open: OpenPoll | null;
  /** Of those that are over. */
  readonly past: PollId[];
};

export const noPolls = (): Polls => ({ open: null, past: [] });

export type PollCommand =
  | ({ readonly kind: 'OpenPoll'; readonly pollId: PollId } & PollTerms)
  | { readonly kind: 'Vote'; readonly pollId: PollId; readonly option: number }
  | { readonly kind: 'ClosePoll'; readonly pollId: PollId };

export type PollEvent =
  | {
      readonly kind: 'PollOpened';
      readonly data: {
        readonly pollId: PollId;
        readonly question: string;
        readonly options: readonly string[];
        readonly closesAtMs: number;
      };
    }
  | {
      readonly kind: 'Voted';
      readonly data: {
        readonly pollId: PollId;
        readonly personId: PersonId;
        /** Which of the options, from 0. */
        readonly option: number;
        /** How many stand behind each option now. */
        readonly tally: readonly number[];
      };
    }
  | {
      readonly kind: 'PollClosed';
      readonly data: { readonly pollId: PollId; readonly tally: readonly number[] };
    };

export const decidePolls = (
  polls: Polls,
  command: PollCommand,
  stamp: Stamp,
): readonly PollEvent[] | Refusal => {
  const { by, atMs } = stamp;
  switch (command.kind) {
    case 'OpenPoll': {
      if (!isCrew(by)) return refuse('not-allowed');
      const { pollId, durationMs } = command;
      const question = cleanText(command.question);
      const options = command.options.map(cleanText);
      const wrong = wrongPoll({ question, options, durationMs });
      if (wrong || !isId(pollId)) return refuse('poll-invalid', { field: wrong ?? 'pollId' });
      // [ASK-1]
      if (polls.open) return polls.open.pollId === pollId ? [] : refuse('poll-open');
      if (polls.past.includes(pollId)) return refuse('poll-over');
      if (polls.past.length >= limits.pollsPerShowMax)
        return refuse('polls-full', { max: limits.pollsPerShowMax });
      return [
        { kind: 'PollOpened', data: { pollId, question, options, closesAtMs: atMs + durationMs } },
      ];
    }
    case 'Vote': {
      if (by.kind !== 'person') return refuse('sign-in-needed');
      // [ASK-2] The crew asks; what the room thinks is the room's.
      if (isCrew(by)) return refuse('not-allowed');
      const open = openPoll(polls, command.pollId);
      if (!open) return refuse(polls.past.includes(command.pollId) ? 'poll-over' : 'poll-unknown');
      if (atMs >= open.closesAtMs) return refuse('poll-over');
      const { pollId, option } = command;
      if (!Number.isSafeInteger(option) || option < 0 || option >= open.options)
        return refuse('poll-invalid', { field: 'option' });
      // [ASK-3] Who chooses anew takes their vote along; the same choice again is no news.
      const before = open.votes.get(by.id);
      if (before?.option === option) return [];
      if ((before?.times ?? 0) >= limits.pollVotesPerPersonMax)
        return refuse('poll-choices-spent', { max: limits.pollVotesPerPersonMax });
      const tally = open.tally.map(
        (count, nth) => count + (nth === option ? 1 : 0) - (nth === before?.option ? 1 : 0),
      );
      return [{ kind: 'Voted', data: { pollId, personId: by.id, option, tally } }];
    }
    case 'ClosePoll': {
      if (!isCrew(by)) return refuse('not-allowed');
      if (openPoll(polls, command.pollId)) return endPolls(polls);
      return polls.past.includes(command.pollId) ? [] : refuse('poll-unknown');
    }
  }
};

/** [ASK-4] Ends what is open, as the end of a show does. */
export const endPolls = ({ open }: Polls): readonly PollEvent[] =>
  open ? [{ kind: 'PollClosed', data: { pollId: open.pollId, tally: open.tally } }] : [];

/** When the open poll closes by itself. */
export const nextPollDue = ({ open }: Polls): Deadline<PollCommand> | null =>
  open && { atMs: open.closesAtMs, command: { kind: 'ClosePoll', pollId: open.pollId } };

/** The first part of a poll's terms that can't be; null for none. Texts are taken as they stand. */
export const wrongPoll = ({ question, options, durationMs }: PollTerms): string | null => {
  if (question.length < 1 || question.length > limits.pollQuestionMax) return 'question';
  const isFew = options.length < 2 || options.length > limits.pollOptionsMax;
  if (isFew || new Set(options.map((option) => option.toLowerCase())).size < options.length)
    return 'options';
  if (options.some((option) => option.length < 1 || option.length > limits.pollOptionMax))
    return 'options';
  const isTime = Number.isSafeInteger(durationMs) && durationMs >= limits.pollMsMin;
  return isTime && durationMs <= limits.pollMsMax ? null : 'durationMs';
};

const openPoll = ({ open }: Polls, pollId: PollId): OpenPoll | null =>
  open?.pollId === pollId ? open : null;

export const evolvePolls = (polls: Polls, event: PollEvent): void => {
  switch (event.kind) {
    case 'PollOpened': {
      const { pollId, options, closesAtMs } = event.data;
      const tally = options.map(() => 0);
      polls.open = { pollId, options: options.length, closesAtMs, tally, votes: new Map() };
      return;
    }
    case 'Voted': {
      const { personId, option, tally } = event.data;
      if (!polls.open) return;
      const times = (polls.open.votes.get(personId)?.times ?? 0) + 1;
      polls.open.votes.set(personId, { option, times });
      polls.open = { ...polls.open, tally };
      return;
    }
    case 'PollClosed':
      polls.open = null;
      polls.past.push(event.data.pollId);
      return;
  }
};

export type SavedPolls = {
  readonly open: (Omit<OpenPoll, 'votes'> & { readonly votes: [PersonId, VoteOf][] }) | null;
  readonly past: PollId[];
};
type VoteOf = { readonly option: number; readonly times: number };

export const savePolls = ({ open, past }: Polls): SavedPolls => ({
  open: open && { ...open, votes: [...open.votes] },
  past,
});

export const loadPolls = ({ open, past }: SavedPolls): Polls => ({
  open: open && { ...open, votes: new Map(open.votes) },
  past,
});
