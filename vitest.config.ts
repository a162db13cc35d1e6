// Three kinds of test: `unit` needs nothing, `pg` needs PostgreSQL, `e2e` and `e2e-pages` a browser and the whole server.
// They are projects, so that `npx vitest run path` finds each test wherever it lies.

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const places = '{src,tools,sim,bench}';

/** What doesn't say for how long it waits does so for as long as a busy machine may need. */
const poll = { timeout: 20_000, interval: 50 };
/** Both cores of a small machine; a big one doesn't start ten databases for it. */
const maxWorkers = Math.max(2, Math.min(4, availableParallelism() - 1));

/** Stories without a picture: they wait more than they work, and two have room beside each other. */
const withoutPicture = [
  'e2e/{comment-claim,crowd,draw,drop,entry-limits,limits,plan,prices,receipts,remind,stop,ticket}.e2e.ts',
];
const story = {
  include: ['e2e/**/*.e2e.ts'],
  globalSetup: ['e2e/prepare.ts'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
  expect: { poll },
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${places}/**/*.test.{ts,tsx}`],
          exclude: ['**/*.pg.test.ts'],
          globalSetup: ['tools/test-programs.ts'],
          // On a busy machine a property over a thousand cases takes its time; a hang still ends.
          testTimeout: 30_000,
          expect: { poll },
          maxWorkers,
        },
      },
      {
        test: {
          name: 'pg',
          include: [`${places}/**/*.pg.test.ts`],
          globalSetup: ['src/log/testing/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          expect: { poll },
          maxWorkers,
        },
      },
      {
        test: {
          ...story,
          name: 'e2e',
          exclude: withoutPicture,
          // One story at a time: each has the machine's two cores for a server, a camera and its browsers.
          fileParallelism: false,
          maxConcurrency: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...story,
          name: 'e2e-pages',
          include: withoutPicture,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
