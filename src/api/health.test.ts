// What the host's screen is told of the line and of the viewers, and by whom it may be asked.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MediaEvent } from '../media/media-plane.ts';
import type { You } from '../protocol/socket.ts';
import { health } from './health.ts';
import { type TestServer, testServer } from './test-server.fixture.ts';

const people: Readonly<Record<string, You>> = {
  mina: { personId: 'mina', name: 'Mina', role: 'host', guest: false },
  ines: { personId: 'ines', name: 'ines_w', role: 'shopper', guest: true },
};
let app: TestServer;
let tell: (event: MediaEvent) => void = () => {};
let isLive = false;

beforeAll(async () => {
  app = await testServer(people);
  await app.register(
    health({
      media: {
        onEvent(listener) {
          tell = listener;
          return () => {};
        },
        isLive: () => isLive,
        viewers: () => 12,
      },
      rooms: {
        viewers: () => 20,
        watching: (_showId, watchBy) => (watchBy === 'hls' ? 5 : 99),
        pictureDelayP50Ms: () => 180,
        pictureDelayP95Ms: () => 900,
      },
      summary: async (showId) => (showId === 's1' ? ({ showId } as never) : null),
    }),
  );
});
afterAll(() => app.close());

const asks = async (who: string, show = 's1') =>
  (
    await app.inject({ url: `/api/shows/${show}/health`, headers: { cookie: `who=${who}` } })
  ).json();
const stats = (bitsPerSecond: number): MediaEvent => ({
  type: 'publisher-stats',
  showId: 's1',
  bitsPerSecond,
  framesPerSecond: 30,
  lossRatio: 0.01,
  rttMs: 40,
  packetsSkipped: 0,
});

test('[HEA-1] whoever directs reads the newest figures of the line and of the viewers', async () => {
  expect((await asks('mina')).line).toBeNull();
  isLive = true;
  tell(stats(900_000));
  tell(stats(1_800_000));
  expect(await asks('mina')).toEqual({
    line: {
      bitsPerSecond: 1_800_000,
      framesPerSecond: 30,
      lossRatio: 0.01,
      rttMs: 40,
      keyIntervalMs: null,
      packetsSkipped: 0,
      packetsOverLimit: 0,
    },
    viewers: { webrtc: 12, hls: 5, all: 20, delayP50Ms: 180, delayP95Ms: 900 },
  });
});

test('[HEA-1] a line that was lost has no figures', async () => {
  tell(stats(900_000));
  tell({ type: 'publisher-lost', showId: 's1', sessionId: 'x', left: false, atMs: 1 });
  expect((await asks('mina')).line).toBeNull();
});

test('[HEA-1] nobody else, and of no show that isn’t there', async () => {
  expect((await asks('ines')).code).toBe('not-allowed');
  expect((await asks('')).code).toBe('sign-in-needed');
  expect((await asks('mina', 'other')).code).toBe('show-unknown');
});
