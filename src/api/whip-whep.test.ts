// The doors of WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep-03) over a media plane of a few lines: status, headers,
// problems. That media flows behind them is tested in src/media.

import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type MediaAnswer,
  MediaFault,
  type MediaFaultCode,
  type MediaSession,
} from '../media/media-plane.ts';
import { registerProblems } from './problem-reply.ts';
import { type Permission, whipWhep } from './whip-whep.ts';

const offer = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n';
const answer = 'v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\n';

let app: FastifyInstance;
afterEach(() => app.close());

type Fake = {
  fault?: MediaFaultCode;
  publish?: Permission;
  isPublisher?: Permission;
  watch?: Permission;
};

const ok: Permission = { ok: true };
const open = async (fake: Fake = {}) => {
  const { fault, watch = ok } = fake;
  const sessions = new Map<string, MediaSession>();
  const asked: string[] = [];
  const taken: boolean[] = [];
  const began: string[] = [];
  const begin = async (
    showId: string,
    role: 'publisher' | 'viewer',
    sdp: string,
  ): Promise<MediaAnswer> => {
    asked.push(`${role} ${showId} ${sdp}`);
    if (fault) throw new MediaFault(fault, 'A line is broken.');
    const sessionId = `${role}-1`;
    sessions.set(sessionId, { showId, role, iceUfrag: 'own' });
    return { sessionId, answerSdp: answer };
  };
  app = Fastify();
  registerProblems(app);
  await app.register(
    whipWhep({
      media: {
        publish: (showId, sdp, takeOver) => {
          taken.push(takeOver ?? false);
          return begin(showId, 'publisher', sdp);
        },
        watch: (showId, sdp) => begin(showId, 'viewer', sdp),
        leave: async (sessionId) => sessions.delete(sessionId),
        session: (sessionId) => sessions.get(sessionId),
      },
      mayPublish: async () => fake.publish ?? ok,
      isPublisher: async () => fake.isPublisher ?? ok,
      mayWatch: async () => watch,
      onKeySession: ({ sessionId, keyId }) => began.push(`${sessionId} ${keyId}`),
    }),
  );
  return { asked, sessions, taken, began };
};

const post = (url: string, payload: string | Buffer = offer, type = 'application/sdp') =>
  app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } });

const patch = (url: string, headers: Record<string, string>, payload = 'a=candidate:1') =>
  app.inject({
    method: 'PATCH',
    url,
    payload,
    headers: { 'content-type': 'application/trickle-ice-sdpfrag', ...headers },
  });

describe.each([
  ['whip', 'publisher'],
  ['whep', 'viewer'],
] as const)('%s', (kind, role) => {
  test('answers an offer with 201, the answer and where the session lives', async () => {
    const { asked } = await open();
    const response = await post(`/${kind}/show-1`);
    expect(response.statusCode).toBe(201);
    expect(response.headers).toMatchObject({
      'content-type': 'application/sdp',
      location: `/${kind}/show-1/${role}-1`,
      etag: `"${role}-1"`,
    });
    expect(response.body).toBe(answer);
    expect(asked).toEqual([`${role} show-1 ${offer}`]);
  });

  test('takes a content type with parameters and in capitals', async () => {
    await open();
    expect(
      (await post(`/${kind}/show-1`, offer, 'Application/SDP; charset=utf-8')).statusCode,
    ).toBe(201);
  });

  test('RFC 9725 4.2, WHEP 4.3: OPTIONS says what is taken, with 200', async () => {
    await open();
    const endpoint = await app.inject({ method: 'OPTIONS', url: `/${kind}/show-1` });
    expect([endpoint.statusCode, endpoint.headers['accept-post']]).toEqual([
      200,
      'application/sdp',
    ]);
    const session = await app.inject({ method: 'OPTIONS', url: `/${kind}/show-1/any` });
    expect([session.statusCode, session.headers['accept-patch']]).toEqual([
      200,
      'application/trickle-ice-sdpfrag',
    ]);
  });

  test.each(['GET', 'HEAD'] as const)(
    '[ING-10] RFC 9725 4.1, WHEP 4.1: %s is answered with no content',
    async (method) => {
      await open();
      const endpoint = await app.inject({ method, url: `/${kind}/show-1` });
      expect([endpoint.statusCode, endpoint.body]).toEqual([204, '']);
      const url = (await post(`/${kind}/show-1`)).headers.location as string;
      const session = await app.inject({ method, url });
      expect([session.statusCode, session.body]).toEqual([204, '']);
      expect((await app.inject({ method, url: `${url}0` })).statusCode).toBe(404);
    },
  );

  test.each(['PUT', 'PATCH', 'DELETE'] as const)('refuses %s on the endpoint', async (method) => {
    await open();
    const response = await app.inject({ method, url: `/${kind}/show-1` });
    expect([response.statusCode, response.headers.allow]).toEqual([
      405,
      'GET, HEAD, POST, OPTIONS',
    ]);
  });

  test.each(['POST', 'PUT'] as const)('refuses %s on the session', async (method) => {
    await open();
    const response = await app.inject({ method, url: `/${kind}/show-1/${role}-1` });
    expect([response.statusCode, response.headers.allow]).toEqual([
      405,
      'GET, HEAD, PATCH, DELETE, OPTIONS',
    ]);
  });

  test('ends a session once, whatever tag it comes with, and knows it no more', async () => {
    const { sessions } = await open();
    const { headers } = await post(`/${kind}/show-1`);
    // RFC 9725 4.3.1, WHEP 4.4.1: a tag that comes with DELETE is ignored.
    const ended = await app.inject({
      method: 'DELETE',
      url: headers.location as string,
      headers: { 'if-match': '"other"' },
    });
    expect(ended.statusCode).toBe(200);
    expect(sessions.size).toBe(0);
    const again = await app.inject({ method: 'DELETE', url: headers.location as string });
    expect([again.statusCode, again.json().code]).toEqual([404, 'media-session-unknown']);
  });

  test('does not end a session through another show or the other door', async () => {
    const { sessions } = await open();
    await post(`/${kind}/show-1`);
    const other = kind === 'whip' ? 'whep' : 'whip';
    for (const url of [`/${kind}/show-2/${role}-1`, `/${other}/show-1/${role}-1`]) {
      expect((await app.inject({ method: 'DELETE', url })).json().code).toBe(
        'media-session-unknown',
      );
    }
    expect(sessions.size).toBe(1);
  });

  test('[ING-10] a candidate of the session is taken: nothing more is needed', async () => {
    await open();
    const { headers } = await post(`/${kind}/show-1`);
    expect(headers['accept-patch']).toBe('application/trickle-ice-sdpfrag');
    const response = await patch(headers.location as string, {
      'if-match': headers.etag as string,
    });
    expect([response.statusCode, response.body]).toEqual([204, '']);
  });

  test.each([
    ['no tag', {}, 'a=candidate:1', 428, 'media-precondition-needed'],
    ['another tag', { 'if-match': '"other"' }, 'a=candidate:1', 412, 'media-precondition-failed'],
    ['a restart', { 'if-match': '*' }, 'a=ice-ufrag:x', 422, 'media-restart-unsupported'],
    ['a quoted star', { 'if-match': '"*"' }, 'a=ice-pwd:x', 422, 'media-restart-unsupported'],
    ['no fragment', { 'if-match': '*' }, '{"a": 1}', 400, 'media-fragment-invalid'],
    ['nothing', { 'if-match': '*' }, '', 400, 'media-fragment-invalid'],
  ] as const)(
    '[ING-10] refuses a change with %s',
    async (_what, headers, payload, status, code) => {
      await open();
      const url = (await post(`/${kind}/show-1`)).headers.location as string;
      const response = await patch(url, headers, payload);
      expect([response.statusCode, response.json().code]).toEqual([status, code]);
    },
  );

  test('[ING-10] the session’s own tag with other credentials asks for a restart, with its own for nothing', async () => {
    await open();
    const { headers } = await post(`/${kind}/show-1`);
    const own = { 'if-match': headers.etag as string };
    const of = (ufrag: string) => `a=ice-ufrag:${ufrag}\r\na=ice-pwd:x\r\nm=audio 9 RTP/AVP 0\r\n`;
    const url = headers.location as string;
    expect((await patch(url, own, of('own'))).statusCode).toBe(204);
    const other = await patch(url, own, of('other'));
    expect([other.statusCode, other.json().code]).toEqual([422, 'media-restart-unsupported']);
  });

  test('[ING-10] refuses a change of another kind, and of a session that isn’t there', async () => {
    await open();
    const { headers } = await post(`/${kind}/show-1`);
    const wrong = await patch(headers.location as string, { 'content-type': 'application/sdp' });
    expect(wrong.json().code).toBe('media-type-unsupported');
    const gone = await patch(`/${kind}/show-1/other`, { 'if-match': '*' });
    expect([gone.statusCode, gone.json().code]).toEqual([404, 'media-session-unknown']);
  });

  test('[ING-11] a page of another site may ask and read where the session lives', async () => {
    await open();
    const asked = await app.inject({ method: 'OPTIONS', url: `/${kind}/show-1` });
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, POST, OPTIONS',
      'access-control-allow-headers': expect.stringMatching(
        /authorization.*content-type.*if-match/,
      ),
    });
    const session = await app.inject({ method: 'OPTIONS', url: `/${kind}/show-1/any` });
    expect(session.headers['access-control-allow-methods']).toBe(
      'GET, HEAD, PATCH, DELETE, OPTIONS',
    );
    const { headers } = await post(`/${kind}/show-1`);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    expect(headers['access-control-expose-headers']).toMatch(/location.*etag/);
  });

  test.each<[string, string | Buffer, string, number, string]>([
    ['another content type', '{}', 'application/json', 415, 'media-type-unsupported'],
    ['a body of more than 64 KB', 'v'.repeat(65_537), 'application/sdp', 413, 'request-too-large'],
    [
      'a trickle fragment',
      'a=candidate:1',
      'application/trickle-ice-sdpfrag',
      415,
      'media-type-unsupported',
    ],
  ])('refuses %s', async (_what, payload, type, status, code) => {
    const { asked } = await open();
    const response = await post(`/${kind}/show-1`, payload, type);
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(asked).toEqual([]);
  });

  test('refuses an address that can be no show', async () => {
    const { asked } = await open();
    expect((await post(`/${kind}/${encodeURIComponent('../etc')}`)).json().code).toBe(
      'show-unknown',
    );
    expect(asked).toEqual([]);
  });

  test.each([
    ['media-sdp-invalid', 400, undefined],
    ['media-publisher-exists', 409, undefined],
    ['media-capacity', 503, '10'],
    ['media-unavailable', 503, '1'],
  ] as const)('[FWD-6] passes on %s, and when to come again', async (fault, status, retryAfter) => {
    await open({ fault });
    const response = await post(`/${kind}/show-1`);
    expect([response.statusCode, response.json().code]).toEqual([status, fault]);
    expect(response.json().reason).toBe(
      fault === 'media-sdp-invalid' ? 'A line is broken.' : undefined,
    );
    expect(response.headers['retry-after']).toBe(retryAfter);
  });

  test.each([
    ['not-allowed', 403],
    ['show-unknown', 404],
  ] as const)('does not ask the media plane for whom it is %s', async (code, status) => {
    const { asked } = await open({ publish: { ok: false, code }, watch: { ok: false, code } });
    const response = await post(`/${kind}/show-1`);
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
    expect(asked).toEqual([]);
  });
});

describe('a stream key', () => {
  test('[ING-8] takes over where it was made to, and its session is known by it', async () => {
    const fake: Fake = { publish: { ok: true, key: { id: 'key-1', takeOver: true } } };
    const { taken, began } = await open(fake);
    await post('/whip/show-1');
    fake.publish = { ok: true, key: { id: 'key-2', takeOver: false } };
    await post('/whip/show-1');
    expect(taken).toEqual([true, false]);
    expect(began).toEqual(['publisher-1 key-1', 'publisher-1 key-2']);
  });

  test('[ING-4] a wrong one is told how to say who it is', async () => {
    await open({ publish: { ok: false, code: 'stream-key-invalid' } });
    const response = await post('/whip/show-1');
    expect([response.statusCode, response.json().code]).toEqual([401, 'stream-key-invalid']);
    expect(response.headers['www-authenticate']).toBe('Bearer realm="stream key"');
  });

  test('[TKT-10] so is who watches with one', async () => {
    await open({ watch: { ok: false, code: 'watch-token-invalid' } });
    const response = await post('/whep/show-1');
    expect([response.statusCode, response.json().code]).toEqual([401, 'watch-token-invalid']);
    expect(response.headers['www-authenticate']).toBe('Bearer realm="watch token"');
  });
});

describe('a publisher after the end of the show', () => {
  test('ends their own session once', async () => {
    const fake: Fake = {};
    const { sessions } = await open(fake);
    const url = (await post('/whip/show-1')).headers.location as string;
    fake.publish = { ok: false, code: 'show-ended' };
    expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(200);
    expect(sessions.size).toBe(0);
    const again = await app.inject({ method: 'DELETE', url });
    expect([again.statusCode, again.json().code]).toEqual([404, 'media-session-unknown']);
  });

  test('somebody else doesn’t end it', async () => {
    const fake: Fake = {};
    const { sessions } = await open(fake);
    const url = (await post('/whip/show-1')).headers.location as string;
    fake.isPublisher = { ok: false, code: 'not-allowed' };
    expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(403);
    expect(sessions.size).toBe(1);
  });
});
