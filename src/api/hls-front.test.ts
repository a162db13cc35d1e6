import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HlsStore } from '../media/hls/hls-store.ts';
import { fill, part } from '../media/hls/testing/hls-rules.ts';
import { OpenShows } from './hls-front.ts';
import { hlsRoutes } from './hls-routes.ts';
import { registerProblems } from './problem-reply.ts';

let app: FastifyInstance;
let store: HlsStore;
let open: OpenShows;
let url: string;
let isClosed = false;
/** Requests that went the checked way. */
let checked = 0;
let endMs = 0;
let nowMs = 0;

beforeEach(async () => {
  store = new HlsStore('abc', 7);
  endMs = fill(store, 3);
  isClosed = false;
  nowMs = 1;
  open = new OpenShows(() => nowMs);
  app = Fastify({ forceCloseConnections: true });
  registerProblems(app);
  app.decorateRequest('you', null);
  app.addHook('onRequest', async () => {
    checked += 1;
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'strict-origin-when-cross-origin');
  });
  await app.register(
    hlsRoutes({
      hls: { store: (showId) => (showId === 'show' ? store : null) },
      door: {
        isForEverybody: async () => !isClosed,
        refusal: async () => ({ refused: 'members-only', detail: { tier: 'gold' } }),
      },
      nowMs: () => nowMs,
      open,
    }),
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/hls/show`;
  await get('index.m3u8');
  checked = 0;
});
afterEach(async () => {
  store.close();
  await app.close();
});

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}/${path}`, { headers });
  const body = Buffer.from(await response.arrayBuffer());
  const said = Object.fromEntries(response.headers);
  for (const name of ['date', 'connection', 'keep-alive']) delete said[name];
  return { status: response.status, said, body };
};

describe('what an open show’s crowd asks for', () => {
  test.each([
    ['index.m3u8?_HLS_msn=9&_HLS_part=2', {}],
    ['index.m3u8?_HLS_msn=9&_HLS_part=2&_HLS_skip=YES', {}],
    ['index.m3u8?_HLS_msn=9&_HLS_part=2', { 'accept-encoding': 'identity' }],
    ['abc-8.m4s', {}],
    ['abc-8.1.m4s', {}],
  ] as [string, Record<string, string>][])(
    '[HLS-15] %s is answered at once, word for word as by the checked way',
    async (path, headers) => {
      const fast = await get(path, headers);
      expect(checked).toBe(0);
      open.forget('show');
      expect(await get(path, headers)).toEqual(fast);
      expect(checked).toBe(1);
      expect(fast.status).toBe(200);
    },
  );

  test('[HLS-6] a reload and the hinted part wait for what they name', async () => {
    const waiting = [get('index.m3u8?_HLS_msn=10&_HLS_part=0'), get('abc-10.0.m4s')];
    await expect.poll(() => store.waiting).toBe(2);
    store.add(part({ startMs: endMs, startsSegment: true }));
    const [playlist, media] = await Promise.all(waiting);
    expect(playlist?.body.toString()).toContain('abc-10.0.m4s');
    expect(media?.status).toBe(200);
    expect(checked).toBe(0);
  });

  test.each([
    ['index.m3u8', 200],
    ['plain.m3u8', 200],
    ['index.m3u8?_HLS_msn=99&_HLS_part=0', 400],
    ['index.m3u8?_HLS_msn=9&_HLS_part=2&_HLS_msn=9', 400],
    ['abc-99.m4s', 404],
    ['other-8.m4s', 404],
    ['abc-f0.mp4', 200],
  ])('[HLS-7] %s is left to the checked way', async (path, status) => {
    expect((await get(path)).status).toBe(status);
    expect(checked).toBe(1);
  });
});

describe('a show that isn’t for everybody', () => {
  test('[HLS-9] is closed from the moment at which its plan says so, for those who wait too', async () => {
    const waiting = get('index.m3u8?_HLS_msn=10&_HLS_part=0');
    await expect.poll(() => store.waiting).toBe(1);
    isClosed = true;
    open.forget('show');
    store.add(part({ startMs: endMs, startsSegment: true }));
    for (const answer of [await waiting, await get('abc-8.1.m4s'), await get('abc-8.m4s')]) {
      expect(answer.status).toBe(403);
      expect(answer.said['cache-control']).toBe('private, no-store');
    }
  });

  test('[HLS-9] that another node closed is closed a second later', async () => {
    isClosed = true;
    nowMs += 1_001;
    expect((await get('abc-8.1.m4s')).status).toBe(403);
  });
});

describe('whether a host sends', () => {
  test('[HLS-17] is said at once while parts come', async () => {
    expect((await get('flow')).status).toBe(204);
  });

  test('[HLS-17] and that they don’t, after half a second without', async () => {
    store = new HlsStore('abc', 7);
    const answer = await get('flow');
    expect(answer.status).toBe(404);
    expect(answer.said['cache-control']).toBe('private, no-store');
    expect(JSON.parse(answer.body.toString()).code).toBe('media-no-publisher');
  });

  test('[HLS-17] VP8 is said to be what HLS can’t carry', async () => {
    store.isPlayable = false;
    expect((await get('flow')).status).toBe(409);
  });
});
