// Who may write down what is said, and what can't be a caption.

import { describe, it } from 'vitest';
import { limits } from '../../base/limits.ts';
import { system } from '../decider.ts';
import { type ShowEvent, showDecider } from '../show/show.ts';
import { ines, mina, startMs, teo, testbed } from '../testing/given.ts';
import { ended, live, planned } from '../testing/show-cast.ts';

const { given } = testbed(showDecider);
const say = (text: string, more: { language?: string; spokenMs?: number } = {}) =>
  ({ kind: 'SayCaption', text, source: 'speech', language: 'en', spokenMs: 900, ...more }) as const;
const said = (text: string): ShowEvent => ({
  kind: 'CaptionSaid',
  data: { source: 'speech', language: 'en', spokenMs: 900 },
  personal: { text },
});

describe('captions', () => {
  it('[CAP-1] the crew and the encoder write down what is said while the show is live', () => {
    for (const by of [mina, teo, system])
      given(...live)
        .when(say(' This is  silver.\n'), by)
        .then(said('This is  silver.'));
    given(...live)
      .when(say('Buy here!'), ines)
      .refused('not-allowed');
    given(planned).when(say('Testing'), mina).refused('show-not-live');
    given(...live, ended)
      .when(say('Good night'), mina)
      .refused('show-not-live');
  });
  it('[CAP-2] words, language and time are measured', () => {
    const given1 = given(...live);
    given1.when(say(' \u200B '), mina).refused('message-empty');
    const max = limits.captionTextMax;
    given1.when(say('x'.repeat(max + 1)), mina).refused('message-too-long', { max });
    for (const language of ['', 'English', 'en-', 'en"onload=', 'xx-'.repeat(99)])
      given1
        .when(say('hello', { language }), mina)
        .refused('caption-invalid', { field: 'language' });
    for (const spokenMs of [-1, 0.5, Number.NaN, limits.captionSpokenMsMax + 1])
      given1
        .when(say('hello', { spokenMs }), mina)
        .refused('caption-invalid', { field: 'spokenMs' });
    given1.when(say('olá', { language: 'pt-BR', spokenMs: 0 }), mina).then({
      kind: 'CaptionSaid',
      data: { source: 'speech', language: 'pt-BR', spokenMs: 0 },
      personal: { text: 'olá' },
    });
  });
  it('[CAP-2] so many in ten seconds, and the next is told how long to wait', () => {
    const all = Array.from({ length: limits.captionBurst }, (_, nth) => said(`line ${nth}`));
    given(...live, ...all)
      .when(say('more'), mina, startMs + 4_000)
      .refused('captions-too-fast', { retryAfterMs: 6_000 });
    given(...live, ...all)
      .when(say('more'), mina, startMs + limits.captionBurstMs)
      .then(said('more'));
  });
});
