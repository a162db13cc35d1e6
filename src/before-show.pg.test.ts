// The doors of before a show on the whole server: calendars, reminders, the links in letters.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from './log/testing/postgres.ts';
import { settingsOn, Visitor } from './main.fixture.ts';
import { type Rialto, start } from './main.ts';
import type { Coming } from './protocol/remind.ts';

const { url } = await freshDatabase();
const settings = await settingsOn(url);
let rialto: Rialto;
const at = () => `http://127.0.0.1:${settings.port}`;
const owner = new Visitor(at);
let showId = '';

beforeAll(async () => {
  const said: string[] = [];
  rialto = await start(settings, (line) => void said.push(line));
  const link = said.join('\n').match(/http\S+owner-link\S+/)?.[0] ?? '';
  await owner.ask('GET', `${at()}${new URL(link).pathname}${new URL(link).search}`);
  const planned = await owner.ask('POST', '/api/shows', {
    title: 'Kiln night',
    showKind: 'demonstration',
    startsAtMs: Date.now() + 86_400_000,
  });
  showId = planned.json.showId;
});
afterAll(() => rialto.stop());

const guest = async (name: string) => {
  const visitor = new Visitor(at);
  await visitor.ask('POST', '/api/auth/guest/sign-in', { name });
  return visitor;
};
const letters = async (): Promise<{ to: string; text: string }[]> =>
  (await owner.ask('GET', '/api/mail')).json.letters;

test('[REM-1] files and the address to subscribe to are for everybody, and are sent again only when they changed', async () => {
  const stranger = new Visitor(at);
  const file = await stranger.ask('GET', `/api/shows/${showId}/calendar.ics`);
  expect(file.headers.get('content-type')).toBe('text/calendar; charset=utf-8; method=PUBLISH');
  const feed = await stranger.ask('GET', '/api/calendar.ics');
  expect(feed.text).toContain('SUMMARY:Kiln night');
  const tag = feed.headers.get('etag') ?? '';
  const again = await stranger.ask('GET', '/api/calendar.ics', undefined, {
    'if-none-match': tag,
  });
  expect(again.status).toBe(304);
  expect((await stranger.ask('GET', '/api/shows/nothing/calendar.ics')).json.code).toBe(
    'show-unknown',
  );
});

test('[REM-14] one press in a mailbox stops letters: a form of nobody who is signed in', async () => {
  const ines = await guest('ines');
  await ines.ask('PUT', '/api/me/reminders/subjects', { subject: `show:${showId}` });
  await ines.ask('PUT', '/api/me/reminders/address', { email: 'ines@example.org' });
  const confirm = new URL(/http\S+confirm=\S+/.exec((await letters())[0]?.text ?? '')?.[0] ?? '');
  const confirmed = await new Visitor(at).ask('POST', '/api/reminders/confirm', {
    word: confirm.searchParams.get('confirm'),
  });
  expect(confirmed.json).toEqual({ email: 'ines@example.org' });
  await owner.ask('POST', `/api/shows/${showId}/call-off`, {});
  await expect
    .poll(async () => (await letters())[0]?.text, { timeout: 25_000, interval: 50 })
    .toContain('has called off');
  const stop = new URL(/http\S+stop=\S+/.exec((await letters())[0]?.text ?? '')?.[0] ?? '');
  const word = encodeURIComponent(stop.searchParams.get('stop') ?? '');
  const pressed = await fetch(`${at()}/api/reminders/stop?word=${word}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  expect(pressed.status).toBe(200);
  expect((await ines.ask('GET', '/api/me/reminders')).json).toMatchObject({
    way: 'none',
    email: null,
  });
});

test('[REM-13] [REM-12] doors take nothing that they shouldn’t', async () => {
  const teo = await guest('teo');
  const codes = [];
  for (const [method, path, body] of [
    ['PUT', '/api/me/reminders/subjects', { subject: 'show:nothing' }],
    ['PUT', '/api/me/reminders/subjects', { subject: 'everything' }],
    [
      'PUT',
      '/api/me/reminders/browser',
      {
        endpoint: 'https://127.0.0.1/push',
        keys: { p256dh: 'B'.repeat(87), auth: 'a'.repeat(22) },
      },
    ],
    ['POST', '/api/reminders/confirm', { word: 'e30.nothing' }],
    ['GET', '/api/calendar?fromMs=0&toMs=1', undefined],
    ['PUT', `/api/shows/${showId}/notice`, { teaser: '', timeZone: 'Europe/Rome' }],
  ] as const)
    codes.push((await teo.ask(method, path, body)).json.code);
  expect(codes).toEqual([
    'show-unknown',
    'request-invalid',
    'push-endpoint-invalid',
    'remind-link-old',
    'not-allowed',
    'not-allowed',
  ]);
  expect((await new Visitor(at).ask('GET', '/api/me/reminders')).json.code).toBe('sign-in-needed');
  const zone = { teaser: '', timeZone: 'Europe/Laguna' };
  expect((await owner.ask('PUT', `/api/shows/${showId}/notice`, zone)).json.code).toBe(
    'zone-unknown',
  );
  const coming: Coming = (await teo.ask('GET', '/api/coming')).json;
  expect(coming.shows).toEqual([]);
});
