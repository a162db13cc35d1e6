// What can be checked, through the doors: keys, an ended show's log, and one's own receipts.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StreamId } from '../base/brand.ts';
import { showStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { systemClock } from '../base/ports.ts';
import { openDatabase } from '../log/database.ts';
import type { RecordedEvent } from '../log/event-log.ts';
import { openPostgresLog, type PostgresLog } from '../log/postgres-log.ts';
import { freshDatabase } from '../log/testing/postgres.ts';
import type { PublicKey, ReceiptFile, ReceiptSummary } from '../protocol/receipt.ts';
import { Notary } from '../receipts/notary.ts';
import { evening, writeEvening } from '../receipts/published-show.fixture.ts';
import { testKeys } from '../receipts/test-keys.fixture.ts';
import { verifyLog, verifyReceipt } from '../receipts/verify-log.ts';
import { Projector } from '../views/projector.ts';
import { receiptsView } from '../views/receipts.ts';
import { showsView } from '../views/shows.ts';
import type { ViewTables } from '../views/tables.ts';
import { frontOf } from './front.ts';
import { createReceiptDesk } from './receipt-desk.ts';
import { receiptRoutes } from './receipt-routes.ts';
import { createServer } from './server.ts';

const { url } = await freshDatabase();
const database = await openDatabase<ViewTables>({ url });
let log: PostgresLog;
let events: readonly RecordedEvent[];
let projector: Projector;
let app: Awaited<ReturnType<typeof createServer>>;
const keys = testKeys();

beforeAll(async () => {
  log = await openPostgresLog({ pool: database.pool });
  events = await writeEvening(log);
  projector = new Projector({
    log,
    db: database.kysely,
    views: [showsView, receiptsView],
    clock: systemClock,
    onFault: (error) => {
      throw error;
    },
  });
  await projector.start();
  // Another database of this cluster may hold the guard back for a moment: what was written is waited for.
  await projector.reached(evening, events.length);
  app = await createServer({
    logger: false,
    publicUrl: 'http://shop.example',
    front: frontOf(null),
    version: 'test',
    sessionOf: async ({ cookie }) =>
      cookie === undefined
        ? null
        : { personId: cookie, name: cookie, role: 'shopper', guest: false },
    readiness: async () => [],
    metrics: () => '',
  });
  const desk = createReceiptDesk(database.kysely);
  await app.register(receiptRoutes({ log, keys, notary: new Notary(keys), desk }));
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await projector.stop();
  await database.close();
});

const get = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await app.inject({ method: 'GET', url: path, headers });
  const isJson = `${answer.headers['content-type']}`.includes('json;');
  const isProblem = `${answer.headers['content-type']}`.includes('problem+json');
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.body,
    body: isJson || isProblem ? answer.json() : null,
  };
};
const verdictOn = (text: string, receipts: ReceiptFile[] = []) =>
  verifyLog(
    (async function* () {
      yield Buffer.from(text);
    })(),
    { trusted: keys.keys, receipts },
  );

describe('keys', () => {
  test('[RCP-7] anybody may have the public keys, and a cache may keep them for a while', async () => {
    const { body, headers } = await get('/api/keys');
    expect((body as { keys: PublicKey[] }).keys).toEqual(keys.keys);
    expect(headers['cache-control']).toBe('public, max-age=300');
  });
});

describe('the published log', () => {
  const address = '/api/shows/evening/log';

  test('[RCP-6] the log of an ended show is whole', async () => {
    const { status, headers, text } = await get(address);
    expect([status, headers['content-type']]).toEqual([200, 'application/x-ndjson']);
    expect(await verdictOn(text)).toMatchObject({ ok: true, events: events.length });
    expect(text).not.toMatch(/Bob Ferri|not for strangers|"bob"|"o1"/);
  });

  test('who has it already gets nothing, until something is added to it', async () => {
    const { headers } = await get(address);
    const etag = `${headers.etag}`;
    const again = await get(address, { 'if-none-match': etag });
    expect([again.status, again.text]).toEqual([304, '']);
    const lease = await log.take(evening, 'b');
    await log.append({
      ...lease,
      expectedVersion: lease.version,
      commands: [
        {
          commandId: 'k_late' as never,
          bodyHash: 'body',
          atMs: events.at(-1)!.atMs,
          by: null,
          events: [{ kind: 'RecordingDropped', data: { why: 'rules' } }],
        },
      ],
    });
    const later = await get(address, { 'if-none-match': etag });
    expect(later.status).toBe(200);
    expect(await verdictOn(later.text)).toMatchObject({ ok: true, events: events.length + 1 });
  });

  test('[RCP-5] a show that hasn’t ended is nobody’s to read yet, not even its host’s', async () => {
    const morning = 'show-morning' as StreamId;
    const lease = await log.take(morning, 'a');
    await log.append({
      ...lease,
      expectedVersion: 0,
      commands: [
        {
          commandId: 'k_1' as never,
          bodyHash: 'body',
          atMs: 1,
          by: 'mina',
          events: [{ kind: 'ShowPlanned', data: events[0]!.data }],
        },
      ],
    });
    await projector.reached(morning, 1);
    expect((await get('/api/shows/morning/log', { cookie: 'mina' })).body).toMatchObject({
      code: 'show-not-ended',
      status: 409,
    });
    expect((await get('/api/shows/never/log')).body).toMatchObject({ code: 'show-unknown' });
  });

  test('an address that asks too often waits', async () => {
    let status = 200;
    for (let asked = 0; asked <= limits.logExportsPerMinute && status !== 429; asked++)
      ({ status } = await get('/api/shows/never/log'));
    expect(status).toBe(429);
  });
});

describe('my receipts', () => {
  const list = async (as: string) =>
    (await get('/api/me/receipts', { cookie: as })).body as {
      receipts: ReceiptSummary[];
      more: boolean;
    };
  const bobsClaim = () => events.find(({ kind, by }) => kind === 'HoldPlaced' && by === 'bob')!;

  test('[RCP-2] a person sees their own, with show, title and price', async () => {
    const { seq, hash, atMs } = bobsClaim();
    expect(await list('bob')).toEqual({
      receipts: [
        {
          show: 'evening',
          showTitle: 'Kiln night',
          seq,
          hash,
          kind: 'HoldPlaced',
          atMs,
          title: 'Lagoon vase · Lagoon',
          quantity: 2,
          price: { minor: 8600, currency: 'EUR' },
        },
      ],
      more: false,
    });
    expect((await list('cat')).receipts).toHaveLength(1);
    expect(await list('mina')).toEqual({ receipts: [], more: false });
    expect((await get('/api/me/receipts')).body).toMatchObject({ code: 'sign-in-needed' });
  });

  test('[RCP-4] a receipt to keep stands alone and fits the log', async () => {
    const { seq } = bobsClaim();
    const { body, headers } = await get(`/api/me/receipts/evening/${seq}`, { cookie: 'bob' });
    const receipt = body as ReceiptFile;
    expect(headers['content-disposition']).toBe(
      `attachment; filename="rialto-receipt-evening-${seq}.json"`,
    );
    expect(verifyReceipt(receipt, keys.keys)).toMatchObject({ ok: true });
    expect(JSON.parse(receipt.opening.text)).toEqual(['k_8', 'bob', { personId: 'bob' }]);
    const published = [];
    for (const event of await log.readPublished(showStream('evening' as never), 1, 99))
      published.push(event);
    expect(published[seq - 1]?.hash).toBe(receipt.hash);
  });

  test('[RCP-5] what is hidden in somebody else’s event is told to nobody', async () => {
    const { seq } = bobsClaim();
    for (const as of ['cat', 'mina']) {
      const { body } = await get(`/api/me/receipts/evening/${seq}`, { cookie: as });
      expect(body).toMatchObject({ code: 'receipt-unknown', status: 404 });
    }
    expect((await get('/api/me/receipts/evening/1', { cookie: 'mina' })).status).toBe(404);
    expect((await get('/api/me/receipts/evening/99', { cookie: 'bob' })).status).toBe(404);
    expect((await get(`/api/me/receipts/evening/${seq}`)).body).toMatchObject({
      code: 'sign-in-needed',
    });
  });

  test('[RCP-2] bids and entries stand under the title of their lot and drop', async () => {
    const night = 'show-night' as StreamId;
    const lease = await log.take(night, 'a');
    const offer = {
      offerId: 'd1',
      title: 'Winter drop',
      variants: [{ variantId: 'v', title: 'S' }],
    };
    const told = [
      ['mina', 'ShowPlanned', events[0]!.data],
      ['mina', 'LotPrepared', { terms: { lotId: 'l1', title: 'Vase · Large' } }],
      ['mina', 'OfferRequested', { terms: offer }],
      ['dan', 'BidPlaced', { lotId: 'l1', bidId: 'b1', price: { minor: 900, currency: 'EUR' } }],
      ['dan', 'DropEntered', { dropId: 'd1', entry: 1, variantId: 'v', quantity: 3 }],
      [null, 'DropServed', { dropId: 'd1', entry: 1, variantId: 'v', quantity: 3, holdId: 'h' }],
    ] as const;
    const { version } = await log.append({
      ...lease,
      expectedVersion: 0,
      commands: told.map(([by, kind, data], i) => ({
        commandId: `k_${i}` as never,
        bodyHash: 'body',
        atMs: 5 + i,
        by,
        events: [{ kind, data }],
      })),
    });
    await projector.reached(night, version);
    expect((await list('dan')).receipts).toMatchObject([
      { kind: 'DropEntered', title: 'Winter drop · S', quantity: 3, price: null, seq: 5 },
      {
        kind: 'BidPlaced',
        title: 'Vase · Large',
        quantity: null,
        price: { minor: 900, currency: 'EUR' },
        seq: 4,
      },
    ]);
  });

  test('the list is filled again from the log', async () => {
    const before = [await list('bob'), await list('cat'), await list('dan')];
    await projector.rebuild();
    await expect
      .poll(async () => [await list('bob'), await list('cat'), await list('dan')])
      .toEqual(before);
  });
});
