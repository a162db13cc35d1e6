// Who asks, who votes, what counts, and when it is over.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PersonId, PollId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { system } from '../decider.ts';
import { publishedForms } from '../show/published-form.ts';
import { type ShowCommand, type ShowEvent, showDecider } from '../show/show.ts';
import { ines, mina, otto, person, startMs, teo, testbed, tomasz } from '../testing/given.ts';
import { ended, live, plan, planned } from '../testing/show-cast.ts';

const { given, fold, play } = testbed(showDecider);
const pollId = 'p1' as PollId;
const terms = { question: 'Which glaze?', options: ['Celadon', 'Tenmoku'], durationMs: 60_000 };
const ask = (more: Partial<typeof terms> & { pollId?: PollId } = {}) =>
  ({ kind: 'OpenPoll', pollId, ...terms, ...more }) as const;
const vote = (option: number, id = pollId) => ({ kind: 'Vote', pollId: id, option }) as const;
const close = { kind: 'ClosePoll', pollId } as const;

const opened: ShowEvent = {
  kind: 'PollOpened',
  data: {
    pollId,
    question: terms.question,
    options: terms.options,
    closesAtMs: startMs + 60_000,
  },
};
const voted = (by: string, option: number, tally: readonly number[]): ShowEvent => ({
  kind: 'Voted',
  data: { pollId, personId: by as PersonId, option, tally },
});
const closed = (...tally: readonly number[]): ShowEvent => ({
  kind: 'PollClosed',
  data: { pollId, tally },
});

describe('a poll', () => {
  it('[ASK-1] is opened by the crew while the show is live, one at a time', () => {
    for (const by of [mina, otto, teo])
      given(...live)
        .when(ask({ question: ' Which glaze?\n' }), by)
        .then(opened);
    given(...live)
      .when(ask(), ines)
      .refused('not-allowed');
    given(planned).when(ask(), mina).refused('show-not-live');
    given(...live, ended)
      .when(ask(), mina)
      .refused('show-not-live');
    given(...live, opened)
      .when(ask({ pollId: 'p2' as PollId }), mina)
      .refused('poll-open');
    // The same wish again.
    given(...live, opened)
      .when(ask(), mina)
      .then();
    given(...live, opened, closed(0, 0))
      .when(ask(), mina)
      .refused('poll-over');
  });

  it.each([
    ['question', { question: '  ' }],
    ['question', { question: 'x'.repeat(limits.pollQuestionMax + 1) }],
    ['options', { options: ['One'] }],
    ['options', { options: ['1', '2', '3', '4', '5', '6', '7'] }],
    ['options', { options: ['Yes', 'yes '] }],
    ['options', { options: ['Yes', ' '] }],
    ['options', { options: ['Yes', 'x'.repeat(limits.pollOptionMax + 1)] }],
    ['durationMs', { durationMs: 9_999 }],
    ['durationMs', { durationMs: 600_001 }],
    ['durationMs', { durationMs: Number.NaN }],
  ])('[ASK-1] can’t have such a %s: %j', (field, wrong) => {
    given(...live)
      .when(ask(wrong), mina)
      .refused('poll-invalid', { field });
  });

  it('[ASK-1] is one of at most so many in a show', () => {
    const past = Array.from({ length: limits.pollsPerShowMax }, (_, n): ShowEvent[] => [
      { ...opened, data: { ...opened.data, pollId: `x${n}` as PollId } } as ShowEvent,
      { kind: 'PollClosed', data: { pollId: `x${n}` as PollId, tally: [0, 0] } },
    ]).flat();
    given(...live, ...past)
      .when(ask(), mina)
      .refused('polls-full', { max: limits.pollsPerShowMax });
  });

  it('[ASK-2] [ASK-3] has one vote of each person, which can be changed', () => {
    const asked = given(...live, opened);
    asked.when(vote(1), ines).then(voted('ines', 1, [0, 1]));
    for (const by of [mina, otto, teo]) asked.when(vote(1), by).refused('not-allowed');
    asked.when(vote(1), system).refused('sign-in-needed');
    for (const option of [-1, 2, 0.5, Number.NaN])
      asked.when(vote(option), ines).refused('poll-invalid', { field: 'option' });
    asked.when(vote(0, 'p2' as PollId), ines).refused('poll-unknown');
    const once = [...live, opened, voted('ines', 1, [0, 1])];
    given(...once)
      .when(vote(1), ines)
      .then();
    given(...once)
      .when(vote(0), ines)
      .then(voted('ines', 0, [1, 0]));
    given(...once)
      .when(vote(1), tomasz)
      .then(voted('tomasz', 1, [0, 2]));
    const often = Array.from({ length: limits.pollVotesPerPersonMax }, (_, n) =>
      voted('ines', n % 2, n % 2 === 0 ? [1, 0] : [0, 1]),
    );
    given(...live, opened, ...often)
      .when(vote(0), ines)
      .refused('poll-choices-spent', { max: limits.pollVotesPerPersonMax });
  });

  it('[ASK-4] closes by its clock, by the crew, and with the show', () => {
    const once = [...live, opened, voted('ines', 1, [0, 1])];
    expect(showDecider.deadline(fold(once, startMs))).toEqual({
      atMs: startMs + 60_000,
      command: close,
    });
    for (const by of [system, mina, teo])
      given(...once)
        .when(close, by)
        .then(closed(0, 1));
    given(...once)
      .when(close, ines)
      .refused('not-allowed');
    given(...once)
      .when({ kind: 'EndShow' }, mina)
      .then(closed(0, 1), ended);
    // The clock counts, whether or not the poll was closed by then.
    given(...once)
      .when(vote(0), ines, startMs + 60_000)
      .refused('poll-over');
    const over = given(...once, closed(0, 1));
    over.when(vote(0), ines).refused('poll-over');
    over.when(close, mina).then();
    given(...live)
      .when(close, mina)
      .refused('poll-unknown');
    expect(showDecider.deadline(fold([...once, closed(0, 1)], startMs))).toBeNull();
  });

  it('[ASK-3] [ASK-4] never counts anybody twice, and survives being saved', () => {
    const people = ['a', 'b', 'c', 'd'].map((id) => person(id));
    const step = fc.record({ who: fc.nat(3), option: fc.integer({ min: -1, max: 3 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(60), (votes, savedAt) => {
        const command = (wish: ShowCommand, by = mina) => ({ command: wish, by, atMs: startMs });
        const start = [command({ kind: 'PlanShow', plan }), command({ kind: 'GoLive' })];
        const wishes = votes.map(({ who, option }) => command(vote(option), people[who]));
        const { state, events } = play([...start, command(ask()), ...wishes]);
        const last = new Map<string, number>();
        for (const { event } of events)
          if (event.kind === 'Voted') last.set(event.data.personId, event.data.option);
        const tally = [0, 1].map((nth) => [...last.values()].filter((o) => o === nth).length);
        expect(state.polls.open?.tally).toEqual(tally);
        // A snapshot in between changes nothing.
        const some = events.slice(0, Math.min(savedAt, events.length)).map(({ event }) => event);
        const loaded = showDecider.load(
          JSON.parse(JSON.stringify(showDecider.save(fold(some, startMs)))),
        );
        expect(loaded.polls).toEqual(fold(some, startMs).polls);
      }),
      { numRuns: 200 },
    );
  });

  it('[ASK-5] is published with votes under pseudonyms', () => {
    const { data } = voted('ines', 1, [0, 1]) as Extract<ShowEvent, { kind: 'Voted' }>;
    expect(publishedForms.Voted.open(data, (id) => `pseudonym of ${id}`)).toEqual({
      pollId,
      personId: 'pseudonym of ines',
      option: 1,
      tally: [0, 1],
    });
  });
});
