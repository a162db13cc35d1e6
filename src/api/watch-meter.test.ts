// How watched time is put together from looks around.

import { beforeEach, expect, test } from 'vitest';
import { SeededRandom } from '../base/virtual-time.ts';
import { limitsDecider } from '../domain/person/limits.ts';
import { WatchMeter } from './watch-meter.ts';

const limited = limitsDecider.evolve(
  limitsDecider.initial('ines'),
  { kind: 'LimitChanged', data: { limit: 'watch', currency: null, value: 60 } },
  { seq: 1, atMs: 0 },
);
let sent: [string, number][];
let meter: WatchMeter;

beforeEach(() => {
  sent = [];
  meter = new WatchMeter({
    engine: {
      async send(stream, command) {
        if (command.kind === 'CountWatching') sent.push([stream, command.ms]);
        return { kind: 'done', seq: 0, hash: '', events: [], repeated: false, atMs: 0 };
      },
    },
    book: {
      has: (personId) => personId === 'ines',
      of: (personId) => (personId === 'ines' ? limited : limitsDecider.initial(personId)),
    },
    random: new SeededRandom(1),
    report: () => expect.unreachable(),
  });
});
const look = (atMs: number, ...people: string[]) => meter.look(new Set(people), atMs);

test('[LIM-10] only who has a limit of time is counted', () => {
  expect(meter.counts('ines')).toBe(true);
  expect(meter.counts('tomasz')).toBe(false);
});

test('[LIM-10] a minute goes to the person’s stream when it is full, over several stays', () => {
  look(0, 'ines');
  for (let atMs = 15_000; atMs <= 45_000; atMs += 15_000) look(atMs, 'ines');
  look(60_000);
  expect(sent).toEqual([]);
  look(75_000, 'ines');
  expect(sent).toEqual([['person-ines', 60_000]]);
});

test('[LIM-10] a machine that slept has watched nothing, and a clock set back takes nothing away', () => {
  look(0, 'ines');
  look(8 * 3_600_000, 'ines');
  look(1_000, 'ines');
  look(2_000, 'ines');
  expect(sent).toEqual([['person-ines', 60_000]]);
});
