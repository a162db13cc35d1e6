// Reactions are counted, not listed: sockets count taps, and every few seconds one command adds the
// counts to the log, so that a replay and a report have them.

import { type Refusal, refuse } from '../../base/result.ts';
import { type Reaction, reactions } from '../../base/words.ts';
import type { Stamp } from '../decider.ts';

export type ReactionCounts = Readonly<Partial<Record<Reaction, number>>>;

export type ReactionState = { total: Record<Reaction, number> };

export type ReactionCommand = { readonly kind: 'CountReactions'; readonly counts: ReactionCounts };
export type ReactionEvent = {
  readonly kind: 'ReactionsCounted';
  readonly data: { readonly counts: ReactionCounts };
};

export const noReactions = (): Record<Reaction, number> => ({
  heart: 0,
  clap: 0,
  wow: 0,
  laugh: 0,
  fire: 0,
});

export const decideReactions = (
  command: ReactionCommand,
  stamp: Stamp,
): readonly ReactionEvent[] | Refusal => {
  if (stamp.by.kind !== 'system') return refuse('not-allowed');
  const counts: Partial<Record<Reaction, number>> = {};
  for (const reaction of reactions) {
    const count = command.counts[reaction] ?? 0;
    if (Number.isSafeInteger(count) && count > 0) counts[reaction] = count;
  }
  return Object.keys(counts).length === 0 ? [] : [{ kind: 'ReactionsCounted', data: { counts } }];
};

export const evolveReactions = (state: ReactionState, event: ReactionEvent): void => {
  for (const reaction of reactions) state.total[reaction] += event.data.counts[reaction] ?? 0;
};
