// `given(events).when(command).then(events)` for deciders: exact events, in order, dates included. It
// folds with the real `evolve` and decides with the real `decide`; nothing is mocked.

import { expect } from 'vitest';
import type { CommandId, PersonId } from '../../base/brand.ts';
import { isRefusal } from '../../base/result.ts';
import type { Role } from '../../base/words.ts';
import type { Actor, Decider, EventShape } from '../decider.ts';

/** The first instant of every test. */
export const startMs = 1_000_000;

export const person = (id: string, role: Role = 'shopper', name = id): Actor => ({
  kind: 'person',
  id: id as PersonId,
  name,
  role,
});

/** The named cast: the demo, the simulator and the browser stories use the same. */
export const mina = person('mina', 'host', 'Mina Orsini');
export const otto = person('otto', 'owner', 'Otto');
export const teo = person('teo', 'moderator', 'Teo');
export const ines = person('ines', 'shopper', 'ines_w');
export const tomasz = person('tomasz', 'shopper', 'tomasz');

export const testbed = <S, C extends { kind: string }, E extends EventShape>(
  decider: Decider<S, C, E>,
) => {
  const fold = (events: readonly E[], atMs: number): S => {
    let state = decider.initial('x');
    events.forEach((event, index) => {
      state = decider.evolve(state, event, { seq: index + 1, atMs });
    });
    return state;
  };
  return {
    fold,
    /** `atMs` of the given events is `startMs`; of the command, `startMs` unless said otherwise. */
    given: (...events: readonly E[]) => ({
      when: (command: C, by: Actor, atMs = startMs) => {
        const state = fold(events, startMs);
        const decided = decider.decide(state, command, { commandId: 'c' as CommandId, atMs, by });
        return {
          then: (...expected: readonly E[]) => expect(decided).toEqual(expected),
          refused: (reason: string, detail?: object) => {
            expect(decided).toEqual(
              detail === undefined
                ? expect.objectContaining({ refused: reason })
                : { refused: reason, detail },
            );
          },
        };
      },
    }),
    /** Plays commands one after another as the engine would, and gives all events and the state. */
    play: (steps: readonly { command: C; by: Actor; atMs: number }[]) => {
      let state = decider.initial('x');
      const events: { event: E; atMs: number }[] = [];
      for (const { command, by, atMs } of steps) {
        const decided = decider.decide(state, command, { commandId: 'c' as CommandId, atMs, by });
        if (isRefusal(decided)) continue;
        for (const event of decided) {
          events.push({ event, atMs });
          state = decider.evolve(state, event, { seq: events.length, atMs });
        }
      }
      return { state, events };
    },
  };
};
