import { execFileSync } from 'node:child_process';
import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  hkdfSync,
  randomBytes,
  verify,
} from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { isPushEndpoint, webPush } from './push.ts';

// A push service on this machine, and a browser's half of the protocol, written from the RFCs.

type Taken = { headers: IncomingMessage['headers']; path: string; body: Buffer };
let server: Server;
let taken: Taken[] = [];
let status = 201;
let endpoint = '';
let agent: Agent;
const folder = mkdtempSync(join(tmpdir(), 'rialto-push-'));

const newKeys = () => {
  const curve = createECDH('prime256v1');
  const publicKey = curve.generateKeys();
  return { curve, publicKey };
};
const shop = newKeys();
const keys = {
  publicKey: shop.publicKey.toString('base64url'),
  privateKey: shop.curve.getPrivateKey().toString('base64url').padStart(43, 'A'),
};
const browser = { ...newKeys(), auth: randomBytes(16) };

beforeAll(async () => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout ${key} -out ${cert}`.split(
      ' ',
    ),
    { stdio: 'ignore' },
  );
  server = createServer(
    { key: readFileSync(key), cert: readFileSync(cert) },
    (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { headers, url: path = '' } = request;
        taken.push({ headers, path, body: Buffer.concat(parts) });
        if (status !== 0) response.writeHead(status).end();
      });
    },
  );
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  endpoint = `https://localhost:${(server.address() as AddressInfo).port}/send/abc`;
  agent = new Agent({ ca: readFileSync(cert) });
});
afterAll(async () => {
  agent.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => void server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  taken = [];
  status = 201;
});

const subscription = () => ({
  endpoint,
  keys: {
    p256dh: browser.publicKey.toString('base64url'),
    auth: browser.auth.toString('base64url'),
  },
});
const push = (timeoutMs = 10_000) =>
  webPush({ keys, subject: 'https://shop.example', agent, timeoutMs });
const message = { payload: '{"title":"Kiln night is live now"}', topic: 'r7', ttlSeconds: 1_800 };

/** RFC 8188 with the keys of RFC 8291. */
const decrypted = (body: Buffer): string => {
  const salt = body.subarray(0, 16);
  const idLength = body[20] ?? 0;
  const sender = body.subarray(21, 21 + idLength);
  const sealed = body.subarray(21 + idLength);
  const secret = browser.curve.computeSecret(sender);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.publicKey, sender]);
  const ikm = Buffer.from(hkdfSync('sha256', secret, browser.auth, info, 32));
  const key = (what: string, length: number) =>
    Buffer.from(hkdfSync('sha256', ikm, salt, `Content-Encoding: ${what}\0`, length));
  const opener = createDecipheriv('aes-128-gcm', key('aes128gcm', 16), key('nonce', 12));
  opener.setAuthTag(sealed.subarray(-16));
  const text = Buffer.concat([opener.update(sealed.subarray(0, -16)), opener.final()]);
  const end = text.lastIndexOf(2);
  return text.subarray(0, end).toString();
};

test('[REM-12] a browser can open what it gets, and its service knows who sent it', async () => {
  expect(await push().send(subscription(), message)).toBe('sent');
  const [{ headers, path, body } = { headers: {}, path: '', body: Buffer.alloc(0) }] = taken;
  expect(path).toBe('/send/abc');
  expect(headers).toMatchObject({
    'content-encoding': 'aes128gcm',
    ttl: '1800',
    topic: 'r7',
    urgency: 'high',
  });
  expect(body.toString('latin1')).not.toContain('Kiln');
  expect(decrypted(body)).toBe(message.payload);
  const [, token = '', shownKey = ''] =
    /^vapid t=([^,]+), ?k=(.+)$/.exec(headers.authorization ?? '') ?? [];
  expect(shownKey).toBe(keys.publicKey);
  const [head = '', claims = '', signature = ''] = token.split('.');
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    aud: new URL(endpoint).origin,
    sub: 'https://shop.example',
  });
  const [x, y] = [shop.publicKey.subarray(1, 33), shop.publicKey.subarray(33)];
  const publicKey = createPublicKey({
    key: { kty: 'EC', crv: 'P-256', x: x.toString('base64url'), y: y.toString('base64url') },
    format: 'jwk',
  });
  const signed = Buffer.from(`${head}.${claims}`);
  const given = Buffer.from(signature, 'base64url');
  expect(verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, given)).toBe(true);
});

test('[REM-12] a browser that is gone is an answer; a service that is away is a fault', async () => {
  for (const gone of [404, 410]) {
    status = gone;
    expect(await push().send(subscription(), message)).toBe('gone');
  }
  for (const away of [429, 500]) {
    status = away;
    await expect(push().send(subscription(), message)).rejects.toMatchObject({
      code: 'push-unavailable',
    });
  }
  status = 0;
  await expect(push(50).send(subscription(), message)).rejects.toMatchObject({
    code: 'push-unavailable',
  });
});

test('[REM-12] a message goes to push services alone', async () => {
  expect(isPushEndpoint('https://fcm.googleapis.com/fcm/send/abc')).toBe(true);
  expect(isPushEndpoint('https://updates.push.services.mozilla.com/wpush/v2/abc')).toBe(true);
  for (const wrong of [
    'http://push.example/abc',
    'https://push.example:8443/abc',
    'https://127.0.0.1/abc',
    'https://[::1]/abc',
    'https://localhost/abc',
    'https://database.internal/abc',
    'https://me@push.example/abc',
    'https://2130706433/abc',
    'nonsense',
  ])
    expect([wrong, isPushEndpoint(wrong)]).toEqual([wrong, false]);
  // A name that leads inside is refused when it is resolved.
  const real = webPush({ keys, subject: 'https://shop.example' });
  await expect(real.send(subscription(), message)).rejects.toMatchObject({
    code: 'push-unavailable',
    message: expect.stringContaining('leads inside'),
  });
  expect(taken).toEqual([]);
});
