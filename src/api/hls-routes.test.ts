import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Refusal } from '../base/result.ts';
import { HlsStore } from '../media/hls/hls-store.ts';
import { fill, part } from '../media/hls/testing/hls-rules.ts';
import { hlsRoutes } from './hls-routes.ts';
import { registerProblems } from './problem-reply.ts';

let app: FastifyInstance;
let store: HlsStore;
let isClosed = false;
let refused: Refusal | null = null;
let asked = 0;
let endMs = 0;
let nowMs = 0;

beforeEach(async () => {
  store = new HlsStore('abc', 7);
  endMs = fill(store, 3);
  isClosed = false;
  refused = null;
  asked = 0;
  nowMs = 1;
  app = Fastify();
  registerProblems(app);
  app.decorateRequest('you', null);
  app.addHook('onRequest', async (request) => {
    const personId = request.headers['x-person'] as string | undefined;
    if (personId)
      request.you = { personId, name: 'Ines', role: 'shopper', guest: false, membership: null };
  });
  await app.register(
    hlsRoutes({
      hls: { store: (showId) => (showId === 'show' ? store : null) },
      door: {
        isForEverybody: async () => !isClosed,
        refusal: async () => {
          asked += 1;
          return refused;
        },
      },
      nowMs: () => nowMs,
    }),
  );
});
afterEach(async () => {
  store.close();
  await app.close();
});

const get = (path: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'GET', url: `/hls/show/${path}`, headers });
const code = async (path: string) => ((await get(path)).json() as { code: string }).code;

describe('playlists and media', () => {
  test('[HLS-15] go out with their type, for every page, and are kept as long as they may be', async () => {
    const playlist = await get('index.m3u8');
    expect(playlist.headers['content-type']).toBe('application/vnd.apple.mpegurl');
    expect(playlist.headers['access-control-allow-origin']).toBe('*');
    expect(playlist.headers['cache-control']).toBe('public, max-age=1');
    for (const [name, type] of [
      ['abc-f0.mp4', 'video/mp4'],
      ['abc-7.m4s', 'video/iso.segment'],
      ['abc-7.2.m4s', 'video/iso.segment'],
    ] as const) {
      const media = await get(name);
      expect(media.statusCode).toBe(200);
      expect(media.headers['content-type']).toBe(type);
      expect(media.headers['cache-control']).toContain('immutable');
    }
    const whole = (await get('abc-7.m4s')).body;
    const parts = await Promise.all(
      [0, 1, 2, 3, 4, 5].map(async (n) => (await get(`abc-7.${n}.m4s`)).body),
    );
    expect(whole).toBe(parts.join(''));
  });

  test('[HLS-15] a playlist is zipped for whoever takes it so, and not sent to whoever has it', async () => {
    const plain = await get('index.m3u8');
    const zipped = await get('index.m3u8', { 'accept-encoding': 'gzip, br' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
    const again = await get('index.m3u8', { 'if-none-match': String(plain.headers.etag) });
    expect(again.statusCode).toBe(304);
    expect(again.body).toBe('');
  });

  test('[HLS-6] a reload waits for the part that it names', async () => {
    const waiting = get('index.m3u8?_HLS_msn=10&_HLS_part=0');
    await expect.poll(() => store.waiting).toBe(1);
    store.add(part({ startMs: endMs, startsSegment: true }));
    const answer = await waiting;
    expect(answer.body).toContain('abc-10.0.m4s",INDEPENDENT=YES');
    expect(answer.headers['cache-control']).toBe('public, max-age=18');
    expect((await get('index.m3u8?_HLS_msn=9')).statusCode).toBe(200);
    expect((await get('index.m3u8?_HLS_msn=9&_HLS_skip=YES')).body).toContain('#EXT-X-VERSION:9');
  });

  test('[HLS-6] the hinted part is waited for', async () => {
    store.add(part({ startMs: endMs, startsSegment: true }));
    const waiting = get('abc-10.1.m4s');
    await expect.poll(() => store.waiting).toBe(1);
    store.add(part({ startMs: endMs + 320 }));
    expect((await waiting).statusCode).toBe(200);
    expect(await code('abc-10.3.m4s')).toBe('hls-file-unknown');
  });

  test('[HLS-6] a hinted part that never came, since the segment ended, is not there', async () => {
    store.add(part({ startMs: endMs, startsSegment: true }));
    const waiting = get('abc-10.1.m4s');
    await expect.poll(() => store.waiting).toBe(1);
    store.add(part({ startMs: endMs + 320, startsSegment: true }));
    expect((await waiting).statusCode).toBe(404);
  });
});

describe('bad requests', () => {
  test.each([
    'index.m3u8?_HLS_msn=99999999999999999999',
    'index.m3u8?_HLS_msn=12',
    'index.m3u8?_HLS_msn=-1',
    'index.m3u8?_HLS_msn=1e3',
    'index.m3u8?_HLS_msn=',
    'index.m3u8?_HLS_part=1',
    'index.m3u8?_HLS_msn=10&_HLS_part=61',
    'index.m3u8?_HLS_msn=9&_HLS_msn=10',
  ])('[HLS-7] %s is refused', async (path) => {
    const answer = await get(path);
    expect(answer.statusCode).toBe(400);
    expect((answer.json() as { code: string }).code).toBe('hls-request-invalid');
  });

  test('[HLS-7] places that are asked for after the end don’t matter: what there is is given', async () => {
    const { body: whole } = await get('index.m3u8');
    store.end();
    const answer = await get('index.m3u8?_HLS_msn=99&_HLS_part=1&_HLS_skip=YES');
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('#EXT-X-ENDLIST');
    expect(answer.body.match(/#EXTINF/g)).toEqual(whole.match(/#EXTINF/g));
  });

  test.each([
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e',
    'abc-7.m4s%00',
    'ABC-7.m4s',
    'other-7.m4s',
    'abc-7.0.m4s.mp4',
    'abc-f0.m4s',
    'abc-f9.mp4',
    'abc-6.m4s',
    'abc-99.m4s',
    'abc-007777777777777777.m4s',
    'index.m3u',
  ])('[HLS-7] %s is not there, and that is soon forgotten', async (path) => {
    const answer = await get(path);
    expect(answer.statusCode).toBe(404);
    if (answer.headers['cache-control'])
      expect(answer.headers['cache-control']).toBe('public, max-age=1');
  });

  test('[HLS-7] a show that nobody publishes, and one with a name that can’t be', async () => {
    expect((await app.inject('/hls/other/index.m3u8')).json().code).toBe('media-no-publisher');
    expect((await app.inject('/hls/a%2fb/index.m3u8')).json().code).toBe('show-unknown');
  });

  test('[HLS-16] a publisher of VP8 is named as the reason', async () => {
    store.isPlayable = false;
    expect(await code('index.m3u8')).toBe('hls-codec-unsupported');
  });
});

describe('a show that isn’t for everybody', () => {
  beforeEach(() => {
    isClosed = true;
  });

  test('[HLS-9] is closed at every door of HLS, and no cache keeps what is said', async () => {
    refused = { refused: 'members-only', detail: { tier: 'gold' } } as Refusal;
    for (const path of ['index.m3u8', 'plain.m3u8', 'abc-f0.mp4', 'abc-7.m4s', 'abc-7.1.m4s']) {
      const answer = await get(path, { 'x-person': 'ines' });
      expect(answer.statusCode).toBeGreaterThanOrEqual(400);
      expect((answer.json() as { code: string }).code).toBe('members-only');
      expect(answer.headers['cache-control']).toBe('private, no-store');
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test('[HLS-9] whoever is let in is asked again after a while, not for each part', async () => {
    for (let n = 0; n < 5; n += 1) {
      const answer = await get(`abc-7.${n}.m4s`, { 'x-person': 'ines' });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['cache-control']).toBe('private, no-store');
    }
    expect(asked).toBe(1);
    nowMs += 20_001;
    refused = { refused: 'ticket-needed', detail: {} } as Refusal;
    expect((await get('abc-7.m4s', { 'x-person': 'ines' })).statusCode).toBeGreaterThanOrEqual(400);
    expect((await get('abc-7.m4s', { 'x-person': 'oona' })).statusCode).toBeGreaterThanOrEqual(400);
    expect(asked).toBe(3);
  });
});
