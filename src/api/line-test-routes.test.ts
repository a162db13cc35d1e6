// A host's test stream over a media plane of a few lines: who may begin one, where it goes, and that it ends. That
// media flows behind this door is seen in e2e/preflight.e2e.ts.

import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limits } from '../base/limits.ts';
import { systemRandom } from '../base/ports.ts';
import { VirtualClock } from '../base/virtual-time.ts';
import { isLineTest } from '../media/line-test.ts';
import { MediaFault } from '../media/media-plane.ts';
import { Stage } from '../media/stage.ts';
import { id, type ShowSummary } from '../protocol/http.ts';
import { lineTestRoutes } from './line-test-routes.ts';
import { registerProblems } from './problem-reply.ts';

const offer = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n';
const phases: Readonly<Record<string, ShowSummary['phase']>> = {
  coming: 'planned',
  running: 'live',
  over: 'ended',
};

let app: FastifyInstance;
let clock: VirtualClock;
/** Test streams that flow: session to the place. */
let flowing: Map<string, string>;
let fault: MediaFault | null;

beforeEach(async () => {
  clock = new VirtualClock(1_000);
  flowing = new Map();
  fault = null;
  app = Fastify();
  registerProblems(app);
  app.decorateRequest('you', null);
  app.addHook('onRequest', async (request) => {
    const [name, role] = (request.headers.cookie ?? '').split(':');
    if (name && role)
      request.you = { personId: name, name, role, guest: false, membership: null } as never;
  });
  let nth = 0;
  await app.register(
    lineTestRoutes({
      media: {
        publish: async (place) => {
          if (fault) throw fault;
          const sessionId = `session-${++nth}`;
          flowing.set(sessionId, place);
          return { sessionId, answerSdp: 'v=0\r\n' };
        },
        leave: async (sessionId) => flowing.delete(sessionId),
      },
      desk: {
        summary: async (showId) => {
          const phase = phases[showId];
          return phase ? ({ showId, phase } as unknown as ShowSummary) : null;
        },
      },
      clock,
      random: systemRandom,
    }),
  );
});
afterEach(() => app.close());

const begin = (cookie = 'mina:host', show = 'coming', type = 'application/sdp') =>
  app.inject({
    method: 'POST',
    url: `/api/shows/${show}/line-test`,
    payload: offer,
    headers: { 'content-type': type, cookie },
  });
const end = (url: string, cookie = 'mina:host') =>
  app.inject({ method: 'DELETE', url, headers: { cookie } });

describe('a test of the line', () => {
  it('[PRE-12] goes to a place that no show and no door can name', async () => {
    const answer = await begin();
    expect(answer.statusCode).toBe(201);
    expect(answer.headers.location).toBe('/api/shows/coming/line-test/session-1');
    const [place = ''] = flowing.values();
    expect(isLineTest(place)).toBe(true);
    expect(id.safeParse(place).success).toBe(false);
  });

  it('[PRE-12] is heard of by no show', async () => {
    const told: string[] = [];
    let emit = (_: never) => {};
    const stage = new Stage({
      media: {
        onEvent: (listener: (event: never) => void) => {
          emit = listener;
          return () => {};
        },
      } as never,
      clock,
      tell: async (showId) => void told.push(showId),
      onFault: () => {},
    });
    await begin();
    const [place] = flowing.values();
    for (const showId of [place, 'coming'])
      emit({ type: 'publisher-connected', showId, sessionId: 's', atMs: 1 } as never);
    await stage.stop();
    expect(told).toEqual(['coming']);
  });

  it.each([
    ['', 'coming', 'sign-in-needed'],
    ['ines:shopper', 'coming', 'not-allowed'],
    ['vera:moderator', 'coming', 'not-allowed'],
    ['mina:host', 'nothing', 'show-unknown'],
    ['mina:host', 'a.b', 'show-unknown'],
    ['mina:host', 'running', 'show-not-planned'],
    ['mina:host', 'over', 'show-not-planned'],
  ])('[PRE-12] by "%s" of the show %s is answered %s', async (cookie, show, code) => {
    const answer = await begin(cookie, show);
    expect(answer.json().code).toBe(code);
    expect(flowing.size).toBe(0);
  });

  it('[PRE-12] takes an offer alone, and tells what is wrong with one', async () => {
    expect((await begin('mina:host', 'coming', 'text/plain')).statusCode).toBe(415);
    fault = new MediaFault('media-sdp-invalid', 'no video');
    expect((await begin()).json()).toMatchObject({ code: 'media-sdp-invalid', reason: 'no video' });
    fault = null;
    expect((await begin()).statusCode).toBe(201);
  });

  it('[PRE-12] ends when its host ends it, by nobody else', async () => {
    const { location = '' } = (await begin()).headers;
    expect((await end(location, 'otto:owner')).json().code).toBe('media-session-unknown');
    expect(flowing.size).toBe(1);
    expect((await end(location)).statusCode).toBe(200);
    expect(flowing.size).toBe(0);
    expect((await end(location)).json().code).toBe('media-session-unknown');
  });

  it('[PRE-12] ends by itself when its host says nothing', async () => {
    await begin();
    await clock.runUntil(1_000 + limits.lineTestMs);
    expect(flowing.size).toBe(0);
  });

  it('[PRE-12] is one for each host: a second ends the first', async () => {
    await begin();
    await begin();
    expect([...flowing.keys()]).toEqual(['session-2']);
  });

  it('[PRE-12] has so many places and no more', async () => {
    for (let nth = 0; nth < limits.lineTestsMax; nth++)
      expect((await begin(`host${nth}:host`)).statusCode).toBe(201);
    expect((await begin('late:host')).json().code).toBe('media-capacity');
    expect((await begin('host0:host')).statusCode).toBe(201);
  });
});
