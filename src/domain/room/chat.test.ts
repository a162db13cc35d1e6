import { describe, expect, it } from 'vitest';
import type { MessageId } from '../../base/brand.ts';
import { system } from '../decider.ts';
import { type ShowEvent, showDecider } from '../show/show.ts';
import { ines, mina, startMs, teo, testbed, tomasz } from '../testing/given.ts';
import { ended, live, personId, planned } from '../testing/show-cast.ts';
import { cleanText } from './chat.ts';

const { given, fold } = testbed(showDecider);
const id = (name: string) => name as MessageId;
const say = (text: string, messageId = 'm1') =>
  ({ kind: 'PostMessage', messageId: id(messageId), text, replyTo: null }) as const;
const said = (messageId: string, by: string, text = 'hello', first = true): ShowEvent => ({
  kind: 'MessagePosted',
  data: { messageId: id(messageId), personId: personId(by), role: 'shopper', replyTo: null, first },
  personal: { name: by === 'ines' ? 'ines_w' : by, text },
});

describe('chat', () => {
  it('[CHA-1] people write while the show is live', () => {
    given(...live)
      .when(say('hello'), ines)
      .then(said('m1', 'ines'));
    given(planned).when(say('hello'), ines).refused('show-not-live');
    given(...live, ended)
      .when(say('hello'), ines)
      .refused('show-not-live');
    given(...live)
      .when(say('hello'), system)
      .refused('sign-in-needed');
  });
  it('[CHA-2] text is cleaned, and what is left is measured', () => {
    expect(cleanText('  a\n\tb\u202Ec\u200B  ')).toBe('a bc');
    given(...live)
      .when(say(' \u200B\n '), ines)
      .refused('message-empty');
    given(...live)
      .when(say('x'.repeat(501)), ines)
      .refused('message-too-long', { max: 500 });
    given(...live)
      .when(say('x'.repeat(500)), ines)
      .then(said('m1', 'ines', 'x'.repeat(500)));
  });
  it('[CHA-3] the sixth message within 5 s waits, and is told how long', () => {
    const five = [1, 2, 3, 4, 5].map((n) => said(`n${n}`, 'ines', 'hello', n === 1));
    given(...live, ...five)
      .when(say('more'), ines, startMs + 2_000)
      .refused('chat-too-fast', { retryAfterMs: 3_000 });
    given(...live, ...five)
      .when(say('hello'), ines, startMs + 5_000)
      .then(said('m1', 'ines', 'hello', false));
  });
  it('[CHA-3] the crew may write as fast as it must', () => {
    const five = [1, 2, 3, 4, 5].map((n) => said(`n${n}`, 'mina'));
    const state = fold([...live, ...five], startMs);
    expect(
      showDecider.decide(state, say('now'), { commandId: 'c' as never, atMs: startMs, by: mina }),
    ).toHaveLength(1);
  });
  it('[CHA-4] the author and the crew remove a message', () => {
    const remove = { kind: 'RemoveMessage', messageId: id('m1'), reason: 'off topic' } as const;
    const removed = (by: string): ShowEvent => ({
      kind: 'MessageRemoved',
      data: { messageId: id('m1'), by: personId(by), reason: 'off topic' },
    });
    given(...live, said('m1', 'ines'))
      .when(remove, teo)
      .then(removed('teo'));
    given(...live, said('m1', 'ines'))
      .when(remove, ines)
      .then(removed('ines'));
    given(...live, said('m1', 'ines'))
      .when(remove, tomasz)
      .refused('not-allowed');
    given(...live)
      .when(remove, teo)
      .refused('message-unknown');
  });
  it('[CHA-5] neither words nor names are in the hashed part', () => {
    const decided = showDecider.decide(fold(live, startMs), say('a very secret word'), {
      commandId: 'c' as never,
      atMs: startMs,
      by: ines,
    });
    const data = JSON.stringify((decided as readonly ShowEvent[]).map((event) => event.data));
    expect(data).not.toContain('secret');
    expect(data).not.toContain('ines_w');
  });
  it('[CHA-6] only the first message of a person is marked', () => {
    given(...live, said('m0', 'ines'))
      .when(say('hello'), ines, startMs)
      .then(said('m1', 'ines', 'hello', false));
  });
  it('[CHA-7] reactions come counted, from the system', () => {
    const count = { kind: 'CountReactions', counts: { heart: 3, wow: 0 } } as const;
    given(...live)
      .when(count, system)
      .then({ kind: 'ReactionsCounted', data: { counts: { heart: 3 } } });
    given(...live)
      .when(count, mina)
      .refused('not-allowed');
    const counted: ShowEvent = { kind: 'ReactionsCounted', data: { counts: { heart: 3 } } };
    expect(fold([...live, counted, counted], startMs).reactions.total.heart).toBe(6);
  });
});
