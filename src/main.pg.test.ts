// The whole server on a real database, asked over real HTTP: an owner sets up, a host sells, a shopper
// buys, and whatever a stranger sends gets a clear answer and changes nothing. Stories in a real
// browser are in e2e/.

import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { freePort } from './base/free-port.ts';
import { freshDatabase } from './log/testing/postgres.ts';
import { settingsOn, Visitor } from './main.fixture.ts';
import { start } from './main.ts';

const database = await freshDatabase();
let url = '';
let ownerLink = '';
let stop: () => Promise<unknown> = async () => {};
const settingsFor = (env: Record<string, string> = {}) => settingsOn(database.url, env);

beforeAll(async () => {
  const lines: string[] = [];
  const settings = await settingsFor();
  ({ stop } = await start(settings, (line) => lines.push(line)));
  url = settings.publicUrl;
  ownerLink = /http\S+/.exec(lines.find((line) => line.includes('Owner')) ?? '')?.[0] ?? '';
});
afterAll(() => stop());

const owner = new Visitor(() => url);
const ines = new Visitor(() => url);
const stranger = new Visitor(() => url);
const address = {
  name: 'Ines W',
  line1: 'Calle 1',
  postcode: '30100',
  city: 'Venezia',
  country: 'IT',
};
const goodCard = '4242424242424242';
const badCard = '4000000000000002';

describe('from the first sign-in to a paid order', () => {
  let productId = '';
  let variantId = '';
  let showId = '';
  let offerId = '';

  it('the owner signs in with the one-time link, which works once', async () => {
    const first = await owner.ask('GET', ownerLink);
    expect(first.status).toBe(302);
    expect((await owner.ask('GET', '/api/me')).json).toMatchObject({ role: 'owner' });
    const again = new Visitor(() => url);
    await again.ask('GET', ownerLink);
    expect((await again.ask('GET', '/api/me')).json).toBeNull();
  });

  it('imports a real Shopify export whole', async () => {
    const csv = await readFile(new URL('../../shared/data/catalog/apparel.csv', import.meta.url));
    const imported = await owner.ask('POST', '/api/catalogue/import', csv, {
      'content-type': 'text/csv',
    });
    expect(imported.status, imported.text).toBe(200);
    const { products, total } = (await owner.ask('GET', '/api/products?limit=200')).json;
    expect(total).toBeGreaterThan(10);
    const stocked = products.find(
      (each: { onHand: number | null; variantCount: number }) =>
        (each.onHand ?? 0) >= 3 && each.variantCount === 1,
    );
    const product = (await owner.ask('GET', `/api/products/${stocked.id}`)).json;
    productId = product.id;
    variantId = product.variants.find(
      (each: { stock: { onHand: number } | null }) => (each.stock?.onHand ?? 0) >= 3,
    ).id;
  });

  it('plans a show with a template, goes live, pins and opens an offer', async () => {
    const planned = await owner.ask('POST', '/api/shows', {
      title: 'Rings',
      showKind: 'demonstration',
      startsAtMs: Date.now(),
      productIds: [productId],
    });
    expect(planned.status, planned.text).toBe(201);
    showId = planned.json.showId;
    const detail = (await owner.ask('GET', `/api/shows/${showId}`)).json;
    expect(detail.segments.length).toBeGreaterThan(3);
    expect((await stranger.ask('GET', `/api/shows/${showId}`)).json.segments).toBeNull();
    expect((await owner.ask('POST', `/api/shows/${showId}/go-live`)).status).toBe(200);
    expect((await owner.ask('POST', `/api/shows/${showId}/pin`, { productId })).status).toBe(200);
    const crew = await owner.live(showId);
    const opened = await owner.ask('POST', `/api/shows/${showId}/offers`, {
      productId,
      variants: [{ variantId, priceMinor: 4200, quantity: 2 }],
      perPersonMax: 1,
      durationMs: 600_000,
      holdMs: 60_000,
    });
    expect(opened.status, opened.text).toBe(202);
    offerId = opened.json.offerId;
    await crew.hears(
      (m) =>
        m.t === 'frame' &&
        m.m.some((each) => each.t === 'offer-opened' && each.offer.offerId === offerId),
    );
    crew.socket.close();
  });

  it('more than there is can’t be offered, and the crew hears how many there are', async () => {
    const crew = await owner.live(showId);
    const asked = await owner.ask('POST', `/api/shows/${showId}/offers`, {
      productId,
      variants: [{ variantId, priceMinor: 1, quantity: 999_999 }],
      durationMs: 60_000,
    });
    const refused = await crew.hears(
      (m) =>
        m.t === 'crew' &&
        m.m.some((each) => each.t === 'offer-refused' && each.offerId === asked.json.offerId),
    );
    expect(refused).toMatchObject({
      m: expect.arrayContaining([expect.objectContaining({ available: expect.any(Number) })]),
    });
    crew.socket.close();
  });

  it('a shopper chats, claims, is declined, pays with another card, and everyone sees what is left', async () => {
    await ines.signUp('ines_w');
    const room = await ines.live(showId);
    room.send({ t: 'chat', id: 'hello1', text: 'is it silver?' });
    await room.hears(
      (m) =>
        m.t === 'frame' && m.m.some((each) => each.t === 'chat' && each.text === 'is it silver?'),
    );
    room.send({ t: 'claim', id: 'claim1', offerId, variantId, quantity: 1 });
    const done = await room.hears((m) => m.t === 'done' && m.id === 'claim1');
    const hold = await room.hears((m) => m.t === 'you' && m.m.some((each) => each.t === 'hold'));
    expect(hold.t === 'you' && hold.m[0]).toMatchObject({
      t: 'hold',
      hold: { quantity: 1, unitPrice: { minor: 4200 } },
    });
    await room.hears(
      (m) =>
        m.t === 'frame' &&
        m.m.some(
          (each) => each.t === 'offer' && each.figures.left === 1 && each.figures.inCarts === 1,
        ),
    );

    // The same claim again is the same claim.
    room.send({ t: 'claim', id: 'claim1', offerId, variantId, quantity: 1 });
    await room.hears((m) => m.t === 'done' && m.id === 'claim1' && m !== done);
    room.send({ t: 'claim', id: 'claim2', offerId, variantId, quantity: 1 });
    expect(await room.hears((m) => m.t === 'refused' && m.id === 'claim2')).toMatchObject({
      problem: { code: 'per-person-limit' },
    });

    const placed = hold.t === 'you' ? hold.m[0] : null;
    if (placed?.t !== 'hold') throw new Error('no hold was told');
    const { holdId, stream } = placed.hold;
    const total = (await ines.ask('GET', `/api/holds/${stream}/${holdId}/price`)).json.total.minor;
    expect(total).toBe(4200 + 590);
    const pay = (paymentMethod: string, key: string, totalMinor = total) =>
      ines.ask(
        'POST',
        '/api/checkout',
        { stream, holdId, email: 'ines@example.com', address, paymentMethod, totalMinor },
        { 'idempotency-key': key },
      );
    expect((await pay(goodCard, 'k0', total - 1)).json.code).toBe('price-changed');
    expect((await pay(badCard, 'k1')).json.code).toBe('payment-declined');
    const paid = await pay(goodCard, 'k2');
    expect(paid.status, paid.text).toBe(201);
    expect(paid.json).toMatchObject({
      phase: 'paid',
      sandbox: true,
      totals: { total: { minor: total } },
    });
    const repeated = await pay(goodCard, 'k2');
    expect(repeated.json).toMatchObject({ orderId: paid.json.orderId, phase: 'paid' });
    await room.hears(
      (m) => m.t === 'you' && m.m.some((each) => each.t === 'hold-ended' && each.reason === 'paid'),
    );
    await room.hears(
      (m) =>
        m.t === 'frame' &&
        m.m.some(
          (each) => each.t === 'offer' && each.figures.sold === 1 && each.figures.inCarts === 0,
        ),
    );
    room.socket.close();

    expect((await owner.ask('GET', '/api/orders')).json.orders).toHaveLength(1);
    expect((await stranger.ask('GET', `/api/orders/${paid.json.orderId}`)).status).toBe(401);
    const other = await new Visitor(() => url).signUp('tomasz');
    expect((await other.ask('GET', `/api/orders/${paid.json.orderId}`)).json.code).toBe(
      'order-unknown',
    );
    expect((await other.ask('GET', '/api/orders')).json.orders).toHaveLength(0);
  });

  it.each([0, -1, 1e9, 0.5])('a claim for %s is refused with what may be', async (quantity) => {
    const answer = await ines.ask('POST', `/api/shows/${showId}/claims`, {
      offerId,
      variantId,
      quantity,
    });
    expect(answer).toMatchObject({ status: 422, json: { code: 'quantity-invalid', max: 100 } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('a variant that isn’t offered, an offer that isn’t there, an id used for another wish', async () => {
    const claim = (body: object, key: string) =>
      ines.ask('POST', `/api/shows/${showId}/claims`, body, { 'idempotency-key': key });
    expect((await claim({ offerId, variantId: 'nope', quantity: 1 }, 'x1')).json.code).toBe(
      'variant-not-offered',
    );
    expect((await claim({ offerId: 'nope', variantId, quantity: 1 }, 'x2')).json.code).toBe(
      'offer-unknown',
    );
    expect((await claim({ offerId, variantId, quantity: 1 }, 'claim with space')).json.code).toBe(
      'command-id-invalid',
    );
    const buyer = await new Visitor(() => url).signUp('halima');
    const first = await buyer.ask(
      'POST',
      `/api/shows/${showId}/claims`,
      { offerId, variantId, quantity: 1 },
      { 'idempotency-key': 'same' },
    );
    expect(first.status, first.text).toBe(201);
    const other = await buyer.ask(
      'POST',
      `/api/shows/${showId}/claims`,
      { offerId, variantId, quantity: 2 },
      { 'idempotency-key': 'same' },
    );
    expect(other.json.code).toBe('command-id-reused');
    const released = await buyer.ask('DELETE', `/api/holds/show-${showId}/${first.json.holdId}`);
    expect(released.status, released.text).toBe(200);
    const late = await buyer.ask('POST', '/api/checkout', {
      stream: `show-${showId}`,
      holdId: first.json.holdId,
      email: 'h@example.com',
      address,
      paymentMethod: goodCard,
      totalMinor: 4790,
    });
    expect(late).toMatchObject({ status: 410, json: { code: 'hold-gone' } });
  });

  it('after the end, the replay tells the moments and sells what there is', async () => {
    expect((await owner.ask('POST', `/api/shows/${showId}/end`)).status).toBe(200);
    const replay = (await stranger.ask('GET', `/api/shows/${showId}/replay`)).json;
    const kinds = replay.moments.map((each: { message: { t: string } }) => each.message.t);
    expect(kinds).toEqual(expect.arrayContaining(['chat', 'pin', 'offer-opened', 'offer-closed']));
    const kept = await ines.ask('POST', '/api/holds', { variantId, quantity: 1, showId });
    expect(kept.status, kept.text).toBe(201);
    const claim = await ines.ask('POST', `/api/shows/${showId}/claims`, {
      offerId,
      variantId,
      quantity: 1,
    });
    expect(claim.json.code).toBe('show-not-live');
  });
});

describe('what a stranger sends', () => {
  it('an unknown address and an unknown show', async () => {
    expect((await stranger.ask('GET', '/api/nothing')).json).toMatchObject({
      code: 'not-found',
      status: 404,
    });
    expect((await stranger.ask('GET', '/api/shows/nothing')).json).toMatchObject({
      code: 'show-unknown',
      status: 404,
    });
    expect((await stranger.ask('GET', '/shows/nothing')).status).toBe(404);
  });
  it('a body that is no JSON, one that is too large, one of another kind', async () => {
    const json = { 'content-type': 'application/json' };
    expect((await owner.ask('POST', '/api/shows', '{"title":', json)).json.code).toBe(
      'request-invalid',
    );
    expect(
      (await owner.ask('POST', '/api/shows', `"${'x'.repeat(300_000)}"`, json)).json.code,
    ).toBe('request-too-large');
    expect(
      (await owner.ask('POST', '/api/shows', '<show/>', { 'content-type': 'text/xml' })).json.code,
    ).toBe('media-type-unsupported');
  });
  it('a forged session is no session', async () => {
    const forged = new Visitor(() => url);
    forged.cookie = 'better-auth.session_token=forged.signature; rialto.session_token=x.y';
    expect((await forged.ask('GET', '/api/me')).json).toBeNull();
    expect(
      (await forged.ask('POST', '/api/shows', { title: 'x', showKind: 'auction', startsAtMs: 0 }))
        .json.code,
    ).toBe('sign-in-needed');
    const cut = new Visitor(() => url);
    cut.cookie = owner.cookie.slice(0, -6);
    expect((await cut.ask('GET', '/api/me')).json).toBeNull();
  });
  it('a page of another site is refused, also on the socket', async () => {
    const evil = { origin: 'https://evil.example' };
    expect((await owner.ask('POST', '/api/shows', { title: 'x' }, evil)).json.code).toBe(
      'origin-refused',
    );
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/shows/x/live`, {
      headers: evil,
    });
    const status = await new Promise((resolve) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.once('error', () => resolve('error'));
    });
    expect(status).toBe(403);
  });
  it('a shopper may neither plan nor look into the office', async () => {
    expect(
      (await ines.ask('POST', '/api/shows', { title: 'x', showKind: 'auction', startsAtMs: 0 }))
        .json.code,
    ).toBe('not-allowed');
    expect((await ines.ask('GET', '/api/people')).json.code).toBe('not-allowed');
    expect(
      (await ines.ask('POST', '/api/catalogue/import', 'Handle\n', { 'content-type': 'text/csv' }))
        .json.code,
    ).toBe('not-allowed');
  });
  it('no answer carries a stack trace or a path of the machine', async () => {
    for (const path of [
      '/api/shows/%00',
      '/api/shows/..%2f..%2fetc',
      '/media/recordings/..%2f..%2finstallation.json',
      '/media/images/../installation.json',
      '/shows/%E0%A4%A',
    ]) {
      const answer = await stranger.ask('GET', path);
      expect(answer.status, path).toBeGreaterThanOrEqual(400);
      expect(answer.status, path).toBeLessThan(500);
      expect(answer.text, path).not.toMatch(/at .*\.ts|node_modules|\/root|\/tmp/);
    }
  });
  it('the interface describes itself', async () => {
    const document = (await stranger.ask('GET', '/openapi.json')).json;
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/api/shows', '/api/checkout', '/api/products']),
    );
  });
});

describe('a start that can’t be', () => {
  it('names PORT when it is busy', async () => {
    const settings = await settingsFor({ PORT: new URL(url).port });
    await expect(start(settings, () => {})).rejects.toThrow(/^PORT: .*listens/);
  });
  it('names DATABASE_URL when nothing answers there, and hides its password', async () => {
    const port = await freePort();
    const children = () =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap').length;
    const before = children();
    const failed = await start(
      await settingsFor({ DATABASE_URL: `postgres://u:geheim@127.0.0.1:${port}/x` }),
      () => {},
    ).catch((error: Error) => error);
    expect((failed as Error).message).toMatch(/^DATABASE_URL: .*127\.0\.0\.1/);
    expect((failed as Error).message).not.toContain('geheim');
    // The media children were starting at the same time: they are gone when the failure is told.
    await vi.waitFor(() => expect(children()).toBeLessThanOrEqual(before));
  });
  it('names RIALTO_DATA when the folder is a file', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'rialto-main-')), 'file');
    await writeFile(file, '');
    await expect(start(await settingsFor({ RIALTO_DATA: file }), () => {})).rejects.toThrow(
      /^RIALTO_DATA/,
    );
  });
});
