// A rehearsal beside a real shop, on the whole server: whatever is done in it, every table of the shop stays as it is.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { rehearsedDoors } from './api/rehearsing.ts';
import { openPool } from './log/database.ts';
import { freshDatabase } from './log/testing/postgres.ts';
import { settingsOn, Visitor } from './main.fixture.ts';
import { type Rialto, start } from './main.ts';
import { closeCodes } from './protocol/close-codes.ts';

const { url } = await freshDatabase();
const settings = await settingsOn(url);
const pool = openPool(url, { name: 'rehearsal test' });
let rialto: Rialto;
const at = () => `http://127.0.0.1:${settings.port}`;
const owner = new Visitor(at);
const shopper = new Visitor(at);
const ids = { show: '', product: '', variant: '', lot: '' };

beforeAll(async () => {
  const said: string[] = [];
  rialto = await start(settings, (line) => void said.push(line));
  const link = said.join('\n').match(/http\S+owner-link\S+/)?.[0] ?? '';
  await owner.ask('GET', `${at()}${new URL(link).pathname}${new URL(link).search}`);
  await shopper.ask('POST', '/api/auth/guest/sign-in', { name: 'ines' });
  const bowl = await owner.ask('POST', '/api/products', {
    title: 'Bowl',
    status: 'active',
    variants: [{ priceMinor: 3_000 }],
  });
  ids.product = bowl.json.id;
  ids.variant = bowl.json.variants[0].id;
  await owner.ask('PUT', `/api/variants/${ids.variant}/stock`, { onHand: 9 });
  const show = await owner.ask('POST', '/api/shows', {
    title: 'Kiln night',
    showKind: 'demonstration',
    startsAtMs: Date.now() + 86_400_000,
    productIds: [ids.product],
  });
  ids.show = show.json.showId;
  const lot = await owner.ask('POST', `/api/shows/${ids.show}/lots`, lotBody());
  ids.lot = lot.json.lotId;
  await shopper.ask('PUT', '/api/me/reminders/subjects', { subject: `show:${ids.show}` });
});
afterAll(async () => {
  await pool.end();
  await rialto.stop();
});

const lotBody = () => ({
  productId: ids.product,
  variantId: ids.variant,
  bidding: { format: 'english', startMinor: 500, durationMs: 10_000, reserveMinor: 900 },
});

/** All of the shop but the reports: each table, row by row, as text. Sessions and leases go by the clock. */
const wholeShop = async (): Promise<Record<string, string>> => {
  const { rows } = await pool.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  );
  const shop: Record<string, string> = {};
  for (const { name } of rows) {
    if (['rehearsals', 'session', 'nodes'].includes(name)) continue;
    const { rows: all } = await pool.query(
      `select coalesce(string_agg(t::text, E'\\n' order by t::text), '') as text from "${name}" t`,
    );
    shop[name] = all[0].text;
  }
  const journal = join(settings.dataFolder, 'sandbox/payments.jsonl');
  shop['payments journal'] = await readFile(journal, 'utf8').catch(() => '');
  return shop;
};

/** Who follows the log. Each notes down where it is when it has time for it: a busy one may be still and behind, or new. */
const followers = ['clips', 'refunds', 'reminders', 'removal', 'selling', 'views'];
const areAtOnePlace = async (): Promise<boolean> => {
  const { rows } = await pool.query<{ policy: string; position: string }>(
    'select policy, position from checkpoints order by policy',
  );
  const places = new Set(rows.map(({ position }) => position));
  return places.size === 1 && followers.every((name) => rows.some(({ policy }) => policy === name));
};

/** With which code the socket of a show is closed for somebody. */
const closeCode = (visitor: Visitor, showId: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`${at().replace('http', 'ws')}/api/shows/${showId}/live`, {
      headers: { cookie: visitor.cookie, origin: at() },
    });
    socket.on('close', resolve);
    socket.on('error', reject);
  });

const begin = async (): Promise<string> => {
  const body = { crowd: 'busy', tempo: 4, seed: 3 };
  const begun = await owner.ask('POST', `/api/shows/${ids.show}/rehearsals`, body);
  expect(begun.status, begun.text).toBe(201);
  return begun.json.rehearsalId;
};
const done = async (path: string, body: unknown = {}, method = 'POST') => {
  const answer = await owner.ask(method, path, body);
  expect(answer.status, `${path}: ${answer.text}`).toBeLessThan(300);
  return answer.json;
};

test('[RHS-2] [RHS-6] [RHS-10] an evening with offers, lots, payments and an end leaves every table of the shop as it was', async () => {
  // What began with the shop is through: views, policies and counts have come to rest.
  let before = await wholeShop();
  await expect
    .poll(
      async () => {
        const now = await wholeShop();
        const isStill = JSON.stringify(now) === JSON.stringify(before);
        before = now;
        return isStill && (await areAtOnePlace());
      },
      { timeout: 60_000, interval: 400 },
    )
    .toBe(true);
  const id = await begin();
  const show = `/api/shows/${id}`;
  const { json: opened } = await owner.ask('GET', show);
  expect(opened.room.stock[ids.variant]).toEqual({ available: 9, inCarts: 0 });
  expect(opened.room.lots.map(({ lotId }: { lotId: string }) => lotId)).toEqual([ids.lot]);
  await done(`${show}/go-live`);
  await done(`${show}/segment`, { segmentId: opened.segments[0].segmentId });
  const offer = {
    productId: ids.product,
    variants: [{ variantId: ids.variant, priceMinor: 2_500, quantity: 5 }],
    durationMs: 60_000,
  };
  await done(`${show}/offers`, offer);
  await done(`${show}/lots/${ids.lot}/open`);
  await expect
    .poll(
      async () => {
        const { room } = (await owner.ask('GET', show)).json;
        const figures = room.offers[0]?.figures[ids.variant] ?? { sold: 0 };
        return figures.sold > 0 && room.chat.length > 2 && room.lots[0].figures.bids > 0;
      },
      { timeout: 40_000, interval: 200 },
    )
    .toBe(true);
  await done(`${show}/end`);
  await expect
    .poll(async () => (await owner.ask('GET', `/api/rehearsals/${id}`)).json.rehearsal.report)
    .toMatchObject({ endedBy: 'crew' });
  const kept = await owner.ask('GET', `/api/shows/${ids.show}/rehearsals`);
  expect(kept.json.rehearsals).toHaveLength(1);
  expect(kept.json.rehearsals[0]).toMatchObject({ showId: ids.show, seed: 3, phase: 'ended' });
  expect(kept.json.rehearsals[0].report.demand.paid).toBeGreaterThan(0);
  expect(await wholeShop()).toEqual(before);
  const { shows } = (await shopper.ask('GET', '/api/shows')).json;
  expect(shows.map(({ showId }: { showId: string }) => showId)).toEqual([ids.show]);
}, 120_000);

test('[RHS-3] [RHS-4] the crew alone comes in, by the doors that a rehearsal has; the real show’s stay as they are', async () => {
  const id = await begin();
  const ask = async (who: Visitor, method: string, path: string, body?: unknown) =>
    (await who.ask(method, path, body)).json?.code ?? 'done';
  for (const visitor of [shopper, new Visitor(at)]) {
    const code = visitor === shopper ? 'not-allowed' : 'sign-in-needed';
    expect(await ask(visitor, 'GET', `/api/shows/${id}`)).toBe(code);
    expect(await ask(visitor, 'POST', `/whep/${id}`, '')).toBe(code);
    expect(await ask(visitor, 'GET', `/media/posters/${id}.jpg`)).toBe(code);
    expect(await ask(visitor, 'GET', `/api/rehearsals/${id}`)).toBe(code);
    expect(await ask(visitor, 'POST', `/api/shows/${ids.show}/rehearsals`, {})).toBe(code);
    expect(await closeCode(visitor, id)).toBe(closeCodes.entryNeeded);
  }
  const before = (await pool.query('select count(*) from streams')).rows[0].count;
  for (const [method, path, body] of [
    ['PUT', `/api/shows/${id}/shelf`, { productIds: [] }],
    ['POST', `/api/shows/${id}/claims`, {}],
    ['GET', `/api/shows/${id}/replay`, undefined],
    ['GET', `/api/shows/${id}/preflight`, undefined],
    ['GET', `/api/shows/%72ehearsal-${id.slice(10)}/replay`, undefined],
    ['GET', `/hls/${id}/index.m3u8`, undefined],
  ] as const)
    expect(await ask(owner, method, path, body), path).toMatch(/^(not-rehearsed|not-found)$/);
  // A file of the pages is nobody's rehearsal, whatever it is called.
  expect((await shopper.ask('GET', '/assets/rehearsal-data-x.js')).status).toBe(404);
  const gone = 'rehearsal-0000000000000000';
  expect(await ask(owner, 'POST', `/api/shows/${gone}/go-live`, {})).toBe('rehearsal-unknown');
  expect((await pool.query('select count(*) from streams')).rows[0].count).toBe(before);
  expect(await ask(owner, 'POST', `/api/shows/${id}/go-live`, {})).toBe('done');
  const { show } = (await owner.ask('GET', `/api/shows/${ids.show}`)).json;
  expect(show.phase).toBe('planned');
  expect(await ask(owner, 'POST', `/api/shows/${ids.show}/rehearsals`, {})).toBe(
    'rehearsal-exists',
  );
  expect(await ask(owner, 'POST', `/api/shows/${id}/end`, {})).toBe('done');
  expect(rehearsedDoors.size).toBeGreaterThan(30);
}, 60_000);
