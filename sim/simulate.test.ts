// A few worlds in every test run; `npm run sim` plays as many as you like. What a seed found became a
// test beside the code that was wrong, since a change of the world changes what a seed plays.

import { expect, test } from 'vitest';
import { simulate } from './simulate.ts';

let lotsSold = 0;
let served = 0;
let sets = 0;
let byComment = 0;

test.each([1, 2, 3, 4, 5, 6])(
  '[ENG-3] [ENG-8] [ENG-10] [ENG-11] [POL-1] [LOT-25] [DRO-11] seed %i: whatever breaks, nothing is lost or doubled, and each lot and line can be recounted',
  async (seed) => {
    const { problems, figures } = await simulate(seed);
    expect(problems).toEqual([]);
    expect(figures.events).toBeGreaterThan(10);
    lotsSold += figures.lotsSold ?? 0;
    served += figures.servedInDrops ?? 0;
    sets += figures.setsSold ?? 0;
    byComment += figures.claimedByComment ?? 0;
  },
  60_000,
);

test('…with lots that were sold and people who were served in drops among it', () => {
  expect(lotsSold).toBeGreaterThan(0);
  expect(served).toBeGreaterThan(0);
  expect(sets).toBeGreaterThan(0);
  expect(byComment).toBeGreaterThan(0);
});

test('the same seed gives the same run', async () => {
  const [first, second, other] = [await simulate(3), await simulate(3), await simulate(4)];
  expect(second).toEqual(first);
  expect(other.showHash).not.toBe(first.showHash);
}, 60_000);
