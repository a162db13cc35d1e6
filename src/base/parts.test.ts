import { beforeEach, expect, it } from 'vitest';
import { limits } from './limits.ts';
import { Parts } from './parts.ts';
import { VirtualClock } from './virtual-time.ts';

let clock: VirtualClock;
let parts: Parts;
let told: string[];
let faults: [string, string][];

beforeEach(() => {
  clock = new VirtualClock(0);
  told = [];
  faults = [];
  parts = new Parts({ clock, onFault: (name, error) => faults.push([name, String(error)]) });
});

const part = (name: string, stop: () => Promise<unknown> = async () => undefined) =>
  parts.push({
    name,
    stop: () => {
      told.push(name);
      return stop();
    },
  });
const never = () => new Promise<never>(() => {});

it('stops the last first, each after the one before has ended, and once', async () => {
  const doors = Promise.withResolvers<void>();
  part('database');
  part('doors', () => doors.promise);
  const both = [parts.stop(), parts.stop()];
  await clock.runUntil(1);
  expect(told).toEqual(['doors']);
  doors.resolve();
  expect(await Promise.all(both)).toEqual([[], []]);
  expect(told).toEqual(['doors', 'database']);
});

it('a part that fails or hangs is named and doesn’t keep the others', async () => {
  part('database');
  part('views', never);
  part('media', async () => {
    throw new Error('gone');
  });
  part('doors', () => {
    throw new Error('never open');
  });
  const stopped = parts.stop();
  await clock.runUntil(limits.stopPartMs);
  expect(await stopped).toEqual(['views']);
  expect(told).toEqual(['doors', 'media', 'views', 'database']);
  expect(faults).toEqual([
    ['doors', 'Error: never open'],
    ['media', 'Error: gone'],
  ]);
});

it('ends in time when everything hangs, and tells every part all the same', async () => {
  const names = ['database', 'media', 'log', 'engine', 'policies', 'views', 'doors'];
  for (const name of names) part(name, never);
  const stopped = parts.stop();
  await clock.runUntil(limits.stopMs + 10);
  expect(await stopped).toEqual(names.toReversed());
  expect(told).toEqual(names.toReversed());
});
