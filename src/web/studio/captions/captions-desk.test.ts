// A browser's recogniser can't run here: a stand-in gives its events in the order in which Chromium does.

import { describe, expect, test, vi } from 'vitest';
import type { CaptionBody } from '../../../protocol/captions.ts';
import {
  captionCharsMax,
  createCaptionOutbox,
  keptMs,
  type Outcome,
  partsOf,
} from './caption-outbox.ts';
import { createListener, type ListenState, type Recogniser, recogniserOf } from './speech.ts';

const desk = (answers: Outcome[]) => {
  const sent: CaptionBody[] = [];
  const clock = { ms: 0 };
  const waits: (() => void)[] = [];
  const outbox = createCaptionOutbox({
    send: async (body) => {
      sent.push(body);
      return answers.shift() ?? { ok: true };
    },
    newId: () => `id-${sent.length}`,
    nowMs: () => clock.ms,
    later: (run, ms) =>
      waits.push(() => {
        clock.ms += ms;
        run();
      }),
  });
  const put = (text: string) =>
    outbox.put({ text, source: 'typed', language: 'en', spokenMs: 500 });
  return { outbox, sent, clock, waits, put };
};
const failed: Outcome = { ok: false, again: true, error: 'no line' };

describe('captions on their way', () => {
  test('[CAP-9] are tried again in order, as late as they are', async () => {
    const { outbox, sent, waits, put } = desk([failed, failed]);
    put('one');
    put('two');
    for (let tries = 0; tries < 2; tries++) {
      await vi.waitFor(() => expect(waits).toHaveLength(1));
      waits.pop()?.();
    }
    await vi.waitFor(() => expect(outbox.state().waiting).toBe(0));
    expect(sent.map(({ text, spokenMs }) => [text, spokenMs])).toEqual([
      ['one', 500],
      ['one', 2_000],
      ['one', 3_500],
      ['two', 3_500],
    ]);
    expect(outbox.state().lost).toBe(0);
  });

  test('[CAP-9] are given up with a note when nobody would read them any more', async () => {
    const { outbox, sent, clock, waits, put } = desk([failed]);
    put('one');
    await vi.waitFor(() => expect(waits).toHaveLength(1));
    clock.ms = keptMs;
    put('two');
    waits.pop()?.();
    await vi.waitFor(() => expect(outbox.state().waiting).toBe(0));
    expect(outbox.state().lost).toBe(1);
    expect(sent.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  test('[CAP-9] that are refused say why, until one arrives', async () => {
    const { outbox, put } = desk([{ ok: false, again: false, error: 'not live' }]);
    put('one');
    await vi.waitFor(() => expect(outbox.state().refusal).toBe('not live'));
    put('two');
    await vi.waitFor(() => expect(outbox.state().refusal).toBeNull());
  });

  test('[CAP-9] are cut between words into what a screen holds', () => {
    const text =
      'This bowl was fired twice in the kiln of the village, and the second time '.repeat(3);
    const parts = partsOf(text);
    expect(parts.join(' ')).toBe(text.trim());
    expect(parts.every((part) => part.length <= captionCharsMax)).toBe(true);
    expect(partsOf('x'.repeat(200)).map((part) => part.length)).toEqual([80, 80, 40]);
  });
});

const listening = () => {
  const made: Recogniser[] = [];
  const states: ListenState[] = [];
  const said: [string, number][] = [];
  const waits: { run: () => void; ms: number }[] = [];
  const clock = { ms: 0 };
  const listener = createListener({
    make: () => {
      const start = () => {};
      const one = { start, abort: start } as unknown as Recogniser;
      made.push(one);
      return one;
    },
    onPhrase: (text, spokenMs) => said.push([text, spokenMs]),
    onState: (state) => states.push(state),
    nowMs: () => clock.ms,
    later: (run, ms) => waits.push({ run, ms }),
  });
  listener.start('de');
  const hears = (transcript: string, isFinal: boolean) =>
    made
      .at(-1)
      ?.onresult?.({ resultIndex: 0, results: [Object.assign([{ transcript }], { isFinal })] });
  return { listener, made, states, said, waits, clock, hears };
};

describe('a browser that listens', () => {
  test('[CAP-10] gives finished phrases with how long they were spoken', () => {
    const { made, states, said, clock, hears } = listening();
    made[0]?.onstart?.();
    expect(made[0]).toMatchObject({ lang: 'de', continuous: true, interimResults: true });
    clock.ms = 1_000;
    hears('guten', false);
    clock.ms = 2_400;
    hears(' Guten Abend ', true);
    expect(said).toEqual([['Guten Abend', 1_400]]);
    expect(states).toEqual(['starting', 'listening']);
  });

  test('[CAP-10] begins again when the browser ends it, later after trouble, and not after a stop', () => {
    const { listener, made, states, waits } = listening();
    made[0]?.onerror?.({ error: 'no-speech' });
    made[0]?.onend?.();
    expect(waits[0]?.ms).toBe(250);
    waits[0]?.run();
    expect(made).toHaveLength(2);
    made[1]?.onerror?.({ error: 'network' });
    made[1]?.onend?.();
    expect(waits[1]?.ms).toBe(3_000);
    listener.stop();
    waits[1]?.run();
    expect(made).toHaveLength(2);
    expect(states.at(-1)).toBe('off');
  });

  test('[CAP-10] stays off where the person said no', () => {
    const { made, states, waits } = listening();
    made[0]?.onerror?.({ error: 'not-allowed' });
    made[0]?.onend?.();
    expect(states.at(-1)).toBe('denied');
    expect(waits).toEqual([]);
    expect(recogniserOf({})).toBeNull();
  });
});
