// What a poll's events say, and to whom: how it stands to everybody, a choice to the one who made it.

import type { PollEvent } from '../domain/room/polls.ts';
import { type Said, toAll } from './said.ts';

export const pollMessages = (event: PollEvent, seq: number, atMs: number): Said => {
  switch (event.kind) {
    case 'PollOpened': {
      const { pollId, question, options, closesAtMs } = event.data;
      const tally = options.map(() => 0);
      const poll = { pollId, question, options, closesAtMs, tally, closedAtMs: null };
      return toAll({ t: 'poll', seq, poll });
    }
    case 'Voted': {
      const { pollId, personId, option, tally } = event.data;
      return {
        ...toAll({ t: 'votes', pollId, tally }),
        personal: [{ to: personId, message: { t: 'vote', vote: { pollId, option } } }],
      };
    }
    case 'PollClosed':
      return toAll({ t: 'poll-closed', seq, ...event.data, atMs });
  }
};
