// What one drop costs the decider: memory for each person in it, time to decide and evolve an entry when that
// many have entered, and time to put them all in order. No engine and no log: the state alone.

import type { CommandId } from '../../src/base/brand.ts';
import { isRefusal } from '../../src/base/result.ts';
import type { Actor } from '../../src/domain/decider.ts';
import { type ShowCommand, showDecider } from '../../src/domain/show/show.ts';
import { announced, dropId, enter, host, personOf } from './announced.ts';

const timed = 500;

export const lineCost = (people: number) => {
  let show = showDecider.initial('cost');
  let seq = 0;
  const play = (command: ShowCommand, by: Actor) => {
    const stamp = { commandId: 'c' as CommandId, atMs: 1_000, by };
    const decided = showDecider.decide(show, command, stamp);
    if (isRefusal(decided)) throw new Error(`${command.kind}: ${decided.refused}`);
    for (const event of decided)
      show = showDecider.evolve(show, event, { seq: ++seq, atMs: 1_000 });
  };
  for (const [command, by] of announced(1)) play(command, by);
  let nth = 0;
  const next = () => {
    nth += 1;
    play(enter(nth), personOf(nth));
  };
  next();
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  while (nth < people) next();
  globalThis.gc?.();
  const bytes = (process.memoryUsage().heapUsed - before) / people;
  const enteringMs = performance.now();
  for (let i = 0; i < timed; i += 1) next();
  const entryUs = ((performance.now() - enteringMs) * 1_000) / timed;
  const openingMs = performance.now();
  play({ kind: 'OpenDrop', dropId }, host);
  return { people, bytes, entryUs, orderUs: ((performance.now() - openingMs) * 1_000) / nth };
};
