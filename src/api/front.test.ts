import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../base/settings.ts';
import { frontOf } from './front.ts';
import { createServer } from './server.ts';

const front = (TRUST_PROXY: string) => frontOf(readSettings({ TRUST_PROXY }, []).trustedProxies);
const request = (remoteAddress: string | undefined, forwarded?: string, host?: string) => ({
  socket: { remoteAddress },
  headers: {
    host: 'upstream:8080',
    ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
    ...(host === undefined ? {} : { 'x-forwarded-host': host }),
  },
});

describe('who asks', () => {
  it.each([
    [
      'nothing in front: what anybody writes counts for nothing',
      '',
      '203.0.113.9',
      '198.51.100.1',
      '203.0.113.9',
    ],
    ['one proxy: who was connected to it', '1', '10.0.0.2', '198.51.100.1', '198.51.100.1'],
    [
      'one proxy: what the client wrote before it counts for nothing',
      '1',
      '10.0.0.2',
      '1.1.1.1, 198.51.100.1',
      '198.51.100.1',
    ],
    ['two proxies', '2', '10.0.0.2', '1.1.1.1, 198.51.100.1, 10.0.0.3', '198.51.100.1'],
    ['one proxy that says nothing', '1', '10.0.0.2', undefined, '10.0.0.2'],
    ['one proxy that says no address', '1', '10.0.0.2', 'unknown', '10.0.0.2'],
    ['a proxy of a named network', '10.0.0.0/8, ::1', '10.9.8.7', '198.51.100.1', '198.51.100.1'],
    ['a row of them', '10.0.0.0/8, ::1', '::1', '1.1.1.1, 198.51.100.1, 10.9.8.7', '198.51.100.1'],
    [
      'a proxy on a socket of both families',
      '10.0.0.0/8',
      '::ffff:10.0.0.1',
      '2001:db8::1',
      '2001:db8::1',
    ],
    [
      'a stranger who says to be passed on',
      '10.0.0.0/8',
      '203.0.113.9',
      '198.51.100.1',
      '203.0.113.9',
    ],
    ['a connection that is gone', '10.0.0.0/8', undefined, '198.51.100.1', ''],
  ])('%s', (_what, setting, remote, forwarded, address) => {
    expect(front(setting).addressOf(request(remote, forwarded))).toBe(address);
  });

  it('the host that was asked for is believed of a trusted proxy only', () => {
    expect(front('1').hostOf(request('10.0.0.2', undefined, 'shop.example'))).toBe('shop.example');
    expect(front('').hostOf(request('10.0.0.2', undefined, 'evil.example'))).toBe('upstream:8080');
    expect(front('10.0.0.2').hostOf(request('10.0.0.2'))).toBe('upstream:8080');
  });

  it('the web framework comes to the same address, so that every limit counts the same person', async () => {
    for (const setting of ['', '1', '2', '127.0.0.0/8, 10.0.0.0/8']) {
      const { trusts, addressOf } = front(setting);
      const app = Fastify({ trustProxy: trusts });
      app.get('/', (asked) => [asked.ip, addressOf(asked.raw)]);
      const headers = { 'x-forwarded-for': '1.1.1.1, 198.51.100.1, 10.0.0.3' };
      const [theirs, ours] = (await app.inject({ url: '/', headers })).json();
      expect(ours).toBe(theirs);
      await app.close();
    }
  });

  it('the server limits visitors, not their proxy, and takes the page of the host that they see', async () => {
    for (const [setting, status] of [
      ['1', 200],
      ['', 403],
    ] as const) {
      const app = await createServer({
        logger: false,
        publicUrl: 'http://localhost:8080',
        front: front(setting),
        version: 'test',
        sessionOf: async () => null,
        readiness: async () => [],
        metrics: () => '',
      });
      app.post('/api/ask', async () => ({}));
      const ask = async (address: string) =>
        await app.inject({
          method: 'POST',
          url: '/api/ask',
          headers: {
            origin: 'https://shop.example',
            'x-forwarded-host': 'shop.example',
            'x-forwarded-for': address,
          },
        });
      const first = await ask('198.51.100.1');
      expect(first.statusCode).toBe(status);
      const left = (response: typeof first) => Number(response.headers['x-ratelimit-remaining']);
      const [same, other] = [await ask('198.51.100.1'), await ask('198.51.100.2')];
      expect(left(same)).toBe(left(first) - 1);
      expect(left(other)).toBe(setting === '1' ? left(first) : left(first) - 2);
      await app.close();
    }
  });
});
