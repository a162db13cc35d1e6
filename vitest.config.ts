// Three kinds of test: `unit` needs nothing, `pg` needs PostgreSQL, `e2e` needs a browser and the whole server.
// They are projects, so that `npx vitest run path` finds each test wherever it lies.

import { defineConfig } from 'vitest/config';

const places = '{src,tools,sim,bench}';

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
        },
      },
      {
        test: {
          name: 'pg',
          include: [`${places}/**/*.pg.test.ts`],
          globalSetup: ['src/log/testing/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.ts'],
          // One story at a time: each has the machine's two cores for a server, a camera and its browsers.
          fileParallelism: false,
          maxConcurrency: 1,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
