// Polls, covers and who pays on the whole server over HTTP: who may ask, vote and choose, what is answered to everybody else, and
// that a request that is sent again counts once.

import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from './log/testing/postgres.ts';
import { settingsOn, Visitor } from './main.fixture.ts';
import { start } from './main.ts';

const database = await freshDatabase();
let url = '';
let stop: () => Promise<unknown> = async () => {};
const owner = new Visitor(() => url);
const ines = new Visitor(() => url);
const stranger = new Visitor(() => url);

beforeAll(async () => {
  const lines: string[] = [];
  const settings = await settingsOn(database.url);
  ({ stop } = await start(settings, (line) => lines.push(line)));
  url = settings.publicUrl;
  await owner.ask('GET', /http\S+/.exec(lines.find((line) => line.includes('Owner')) ?? '')![0]);
  await ines.ask('POST', '/api/auth/guest/sign-in', { name: 'ines' });
}, 120_000);
afterAll(() => stop());

const plans = async (more: object = {}): Promise<string> => {
  const plan = { title: 'Glazes', showKind: 'demonstration', startsAtMs: Date.now() + 3_600_000 };
  return (await owner.ask('POST', '/api/shows', { ...plan, ...more })).json.showId;
};
const goesLive = async (more: object = {}): Promise<string> => {
  const showId = await plans(more);
  await owner.ask('POST', `/api/shows/${showId}/go-live`);
  return showId;
};
const question = { question: 'Which glaze?', options: ['Celadon', 'Tenmoku'], durationMs: 60_000 };
const code = async (answer: ReturnType<Visitor['ask']>) => {
  const { status, json } = await answer;
  return [status, json.code];
};

describe('a poll over HTTP', () => {
  it('[ASK-1] [ASK-3] is opened once and voted in once, however often it is asked for', async () => {
    const path = `/api/shows/${await goesLive()}/polls`;
    const key = { 'idempotency-key': 'k1' };
    const first = await owner.ask('POST', path, question, key);
    const again = await owner.ask('POST', path, question, key);
    expect([first.status, again.json]).toEqual([201, first.json]);
    const { pollId } = first.json;
    const vote = (option: number, more = {}) =>
      ines.ask('POST', `${path}/${pollId}/vote`, { option }, more);
    const cast = await vote(1, { 'idempotency-key': 'v1' });
    expect(await vote(1, { 'idempotency-key': 'v1' })).toMatchObject({ json: cast.json });
    await vote(0);
    const { room } = (await stranger.ask('GET', path.replace('/polls', ''))).json;
    expect(room.poll).toMatchObject({ tally: [1, 0], closedAtMs: null });
    expect((await owner.ask('POST', `${path}/${pollId}/close`)).status).toBe(200);
    expect(await code(vote(1))).toEqual([409, 'poll-over']);
  });

  it('[ASK-1] [ASK-2] refuses everybody else, and what can’t be', async () => {
    const path = `/api/shows/${await goesLive()}/polls`;
    expect(await code(ines.ask('POST', path, question))).toEqual([403, 'not-allowed']);
    expect(await code(stranger.ask('POST', path, question))).toEqual([401, 'sign-in-needed']);
    for (const wrong of [{ options: ['One'] }, { question: ' ' }, { durationMs: 1 }])
      expect(await code(owner.ask('POST', path, { ...question, ...wrong }))).toEqual([
        400,
        'request-invalid',
      ]);
    const alike = { ...question, options: ['Yes', 'YES'] };
    expect(await code(owner.ask('POST', path, alike))).toEqual([422, 'poll-invalid']);
    const { pollId } = (await owner.ask('POST', path, question)).json;
    const vote = `${path}/${pollId}/vote`;
    expect(await code(stranger.ask('POST', vote, { option: 0 }))).toEqual([401, 'sign-in-needed']);
    expect(await code(owner.ask('POST', vote, { option: 0 }))).toEqual([403, 'not-allowed']);
    expect(await code(ines.ask('POST', vote, { option: 2 }))).toEqual([422, 'poll-invalid']);
    expect(await code(ines.ask('POST', vote, { option: -1 }))).toEqual([400, 'request-invalid']);
    expect(await code(ines.ask('POST', `${path}/other/vote`, { option: 0 }))).toEqual([
      404,
      'poll-unknown',
    ]);
    expect(await code(owner.ask('POST', path, question))).toEqual([409, 'poll-open']);
    expect(await code(ines.ask('POST', `${path}/${pollId}/close`))).toEqual([403, 'not-allowed']);
  });

  it('[ASK-2] of a show that isn’t for everybody has votes of those alone who may come in', async () => {
    const path = `/api/shows/${await goesLive({ access: { for: 'members', tier: 'gold' } })}/polls`;
    const { pollId } = (await owner.ask('POST', path, question)).json;
    expect(await code(ines.ask('POST', `${path}/${pollId}/vote`, { option: 0 }))).toEqual([
      403,
      'members-only',
    ]);
  });
});

it('[DIS-9] who pays is written down, changed and taken back, and an older request leaves it', async () => {
  const paid = { disclosure: 'paid-partnership', partner: ' Murano Glass ' };
  const showId = await plans(paid);
  const partner = async () =>
    (await stranger.ask('GET', `/api/shows/${showId}`)).json.room.plan.partner;
  const change = (more: object) =>
    owner.ask('PUT', `/api/shows/${showId}/plan`, {
      title: 'Glazes',
      showKind: 'demonstration',
      startsAtMs: Date.now() + 3_600_000,
      disclosure: 'paid-partnership',
      ...more,
    });
  expect(await partner()).toBe('Murano Glass');
  await change({});
  expect(await partner()).toBe('Murano Glass');
  await change({ partner: 'Lagoon Kilns' });
  expect(await partner()).toBe('Lagoon Kilns');
  await change({ partner: '' });
  expect(await partner()).toBeUndefined();
  expect(await code(change({ partner: 'x'.repeat(81) }))).toEqual([400, 'request-invalid']);
});

describe('a cover over HTTP', () => {
  const boundary = 'rialto';
  const send = (by: Visitor, showId: string, bytes: Buffer) =>
    by.ask(
      'PUT',
      `/api/shows/${showId}/cover`,
      Buffer.concat([
        Buffer.from(
          `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\ncontent-type: image/png\r\n\r\n`,
        ),
        bytes,
        Buffer.from(`\r\n--${boundary}--\r\n`),
      ]),
      { 'content-type': `multipart/form-data; boundary=${boundary}` },
    );

  it('[SHO-16] is for who directs to choose, for everybody to see, also where the show isn’t', async () => {
    const showId = await plans({ access: { for: 'members', tier: 'gold' } });
    const look = { width: 600, height: 400, channels: 3, background: '#0d5f5a' } as const;
    const png = await sharp({ create: look }).png().toBuffer();
    expect(await code(send(ines, showId, png))).toEqual([403, 'not-allowed']);
    expect(await code(send(stranger, showId, png))).toEqual([401, 'sign-in-needed']);
    expect(await code(send(owner, 'nothing', png))).toEqual([404, 'show-unknown']);
    expect(await code(send(owner, showId, Buffer.from('no picture')))).toEqual([
      422,
      'image-unreadable',
    ]);
    expect(await code(owner.ask('PUT', `/api/shows/${showId}/cover`, {}))).toEqual([
      415,
      'media-type-unsupported',
    ]);
    const { json } = await send(owner, showId, png);
    expect(json.posterUrl).toBe(json.coverUrl);
    const shows = (await stranger.ask('GET', '/api/shows')).json.shows;
    expect(shows.find((show: { showId: string }) => show.showId === showId).posterUrl).toBe(
      json.coverUrl,
    );
    const picture = await fetch(url + json.coverUrl);
    expect(picture.headers.get('content-type')).toBe('image/webp');
    const taken = await owner.ask('DELETE', `/api/shows/${showId}/cover`);
    expect([taken.json.coverUrl, taken.json.posterUrl]).toEqual([null, null]);
  });
});
