// Three kinds of test: `unit` and `unit-apart` need nothing, `pg` needs PostgreSQL, `e2e` and `e2e-pages` a browser and
// the whole server.
// They are projects, so that `npx vitest run path` finds each test wherever it lies.

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const places = '{src,tools,sim,bench}';

/** What doesn't say for how long it waits does so for as long as a busy machine may need. */
const poll = { timeout: 20_000, interval: 50 };
/** Both cores of a small machine; a big one doesn't start ten databases for it. */
const maxWorkers = Math.max(2, Math.min(4, availableParallelism() - 1));

/**
 * These stand in for modules, clocks and globals of a browser: each has a world of its own. All others share what they
 * import, which is a third of their time.
 */
const apart = [
  'src/media/captions/line-21.test.ts',
  'src/media/forwarder/show-room.test.ts',
  'src/web/live/{hls-relief,whep-player}.test.ts',
  'src/web/watch/captions-choice.test.ts',
];
const unit = {
  globalSetup: ['tools/test-programs.ts'],
  // On a busy machine a property over a thousand cases takes its time; a hang still ends.
  testTimeout: 30_000,
  expect: { poll },
  maxWorkers,
};

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
    // What a test changed of the world is put back before the next.
    restoreMocks: true,
    unstubGlobals: true,
    projects: [
      {
        test: {
          ...unit,
          name: 'unit',
          include: [`${places}/**/*.test.{ts,tsx}`],
          exclude: ['**/*.pg.test.ts', ...apart],
          isolate: false,
        },
      },
      { test: { ...unit, name: 'unit-apart', include: apart } },
      {
        test: {
          name: 'pg',
          include: [`${places}/**/*.pg.test.ts`],
          globalSetup: ['src/log/testing/global-setup.ts'],
          isolate: false,
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
