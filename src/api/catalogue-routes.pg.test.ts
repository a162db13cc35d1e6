import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Accounts, createAccounts, type Role } from '../accounts/accounts.ts';
import { createMemberships } from '../accounts/memberships.ts';
import { Fault } from '../base/fault.ts';
import { systemClock, systemRandom } from '../base/ports.ts';
import { refuse } from '../base/result.ts';
import { type Catalogue, createCatalogue } from '../catalogue/catalogue.ts';
import { sandboxMail } from '../gateways/mail.ts';
import { freshDatabase } from '../log/testing/postgres.ts';
import type { StockLevel } from '../protocol/catalogue.ts';
import { accountRoutes } from './account-routes.ts';
import { catalogueRoutes } from './catalogue-routes.ts';
import { frontOf } from './front.ts';
import { createServer } from './server.ts';

const { pool } = await freshDatabase();
const publicUrl = 'http://shop.example';
const dataFolder = await mkdtemp(join(tmpdir(), 'rialto-doors-'));
const stock = new Map<string, StockLevel>();
const told: string[] = [];
let promised = 0;
let logIsAway = false;
const mail = sandboxMail(() => 1000);
let app: Awaited<ReturnType<typeof createServer>>;
let accounts: Accounts;
let catalogue: Catalogue;
const cookies = {} as Record<Role | 'nobody', string>;

beforeAll(async () => {
  accounts = createAccounts({
    pool,
    secret: 'a secret of the tests, 32 characters and more',
    baseUrl: publicUrl,
    shopName: 'Laguna Ceramics',
    sendLetter: (letter) => mail.send(letter),
    clock: systemClock,
    random: systemRandom,
  });
  catalogue = createCatalogue({
    pool,
    dataFolder,
    baseUrl: publicUrl,
    currency: 'EUR',
    clock: systemClock,
    random: systemRandom,
  });
  app = await createServer({
    logger: false,
    publicUrl,
    front: frontOf(null),
    version: 'test',
    sessionOf: (headers) => accounts.sessionOf(headers),
    readiness: async () => [],
    metrics: () => '',
  });
  const memberships = createMemberships({ pool, clock: systemClock });
  await app.register(accountRoutes({ accounts, memberships, mail, publicUrl }));
  await app.register(
    catalogueRoutes({
      catalogue,
      random: systemRandom,
      stockOf: async (ids) =>
        new Map(
          ids.flatMap((id) => (stock.has(id) ? [[id, stock.get(id) as StockLevel] as const] : [])),
        ),
      setStock: async ({ variantId, onHand, by }) => {
        if (logIsAway) throw new Fault('log-unavailable', 'not now');
        if (onHand < promised) return refuse('stock-promised', { promised });
        told.push(by.name);
        stock.set(variantId, { onHand, allocated: promised });
        return null;
      },
    }),
  );
  await app.ready();
  const people = [
    ['owner', 'Ada'],
    ['host', 'Mina'],
    ['moderator', 'Bo'],
    ['shopper', 'Ines'],
  ] as const;
  for (const [role, name] of people) {
    const { personId } = await accounts.ensurePerson({
      name,
      email: `${role}@example.org`,
      password: 'correct horse',
      role,
    });
    cookies[role] = (await accounts.openSession(personId)).cookie;
  }
  cookies.nobody = '';
});
afterAll(async () => {
  await app.close();
  await rm(dataFolder, { recursive: true, force: true });
});
beforeEach(async () => {
  await pool.query('truncate products, variants, product_images, price_history cascade');
  stock.clear();
  told.length = 0;
  promised = 0;
  logIsAway = false;
});

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
const ask = async (
  method: Method,
  url: string,
  {
    as = 'owner',
    body,
    headers = {},
    raw,
    boundary,
  }: {
    as?: Role | 'nobody';
    body?: object;
    headers?: Record<string, string>;
    raw?: Buffer;
    boundary?: string;
  } = {},
) => {
  const response = await app.inject({
    method,
    url,
    headers: {
      host: 'shop.example',
      ...(cookies[as] === '' ? {} : { cookie: cookies[as] }),
      ...(boundary === undefined
        ? {}
        : { 'content-type': `multipart/form-data; boundary=${boundary}` }),
      ...headers,
    },
    ...(raw === undefined ? (body === undefined ? {} : { payload: body }) : { payload: raw }),
  });
  const text = response.body;
  return {
    status: response.statusCode,
    headers: response.headers,
    text,
    body: text.startsWith('{') || text === 'null' ? JSON.parse(text) : null,
  };
};

const mediaType = ({ headers }: { headers: Record<string, unknown> }) =>
  String(headers['content-type']).split(';')[0];

/** A form with fields and a file, as a browser sends it. */
const form = (file: Buffer, fields: Record<string, string> = {}) => {
  const boundary = 'rialto-test-boundary';
  const parts = Object.entries(fields).map(([name, value]) =>
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    ),
  );
  const head = Buffer.from(
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="file"\r\ncontent-type: application/octet-stream\r\n\r\n`,
  );
  return {
    boundary,
    raw: Buffer.concat([...parts, head, file, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
};

const draft = { title: 'Lagoon vase', status: 'active', variants: [{ priceMinor: 8600 }] };
const real = (name: string) =>
  readFile(new URL(`../../../shared/data/catalog/${name}.csv`, import.meta.url));

describe('the catalogue’s doors', () => {
  test('[CAT-1] a real export is previewed, imported with its stock, and exported', async () => {
    const csv = await real('apparel');
    const preview = await ask('POST', '/api/catalogue/preview', form(csv));
    expect([preview.status, preview.body.canImport, preview.body.counts.products]).toEqual([
      200,
      true,
      25,
    ]);
    expect((await ask('GET', '/api/products')).body.total).toBe(0);
    const imported = await ask('POST', '/api/catalogue/import', { ...form(csv), as: 'host' });
    expect(imported.body).toMatchObject({ created: 25, updated: 0, warnings: [] });
    expect(told).toHaveLength(96);
    const page = (await ask('GET', '/api/products?limit=200')).body;
    expect(
      page.products.reduce((sum: number, product: { onHand: number }) => sum + product.onHand, 0),
    ).toBe(458);
    const exported = await ask('GET', '/api/catalogue/export.csv');
    expect(exported.headers['content-type']).toBe('text/csv; charset=utf-8');
    const again = await ask('POST', '/api/catalogue/import', {
      raw: Buffer.from(exported.text),
      headers: { 'content-type': 'text/csv' },
    });
    expect(again.body).toMatchObject({ created: 0, updated: 0, unchanged: 25 });
  });

  test('[CAT-2] [CAT-3] a broken file is a problem document with its rows', async () => {
    const bad = Buffer.from('Handle,Title,Variant Price\nvase,Vase,ten');
    const answer = await ask('POST', '/api/catalogue/import', form(bad));
    expect([answer.status, mediaType(answer)]).toEqual([422, 'application/problem+json']);
    expect(answer.body).toMatchObject({
      code: 'csv-has-problems',
      errors: [
        { code: 'price-invalid', row: 2, column: 'Variant Price', found: 'ten' },
        { code: 'stock-unknown' },
      ],
    });
    expect((await ask('POST', '/api/catalogue/import', form(Buffer.from('a;b')))).body.code).toBe(
      'csv-unreadable',
    );
    const large = await ask(
      'POST',
      '/api/catalogue/import',
      form(Buffer.alloc(20 * 1024 * 1024 + 1, 97)),
    );
    expect([large.status, large.body.code]).toEqual([413, 'request-too-large']);
    expect((await ask('POST', '/api/catalogue/import', { body: {} })).status).toBe(415);
    expect((await ask('GET', '/api/products')).body.total).toBe(0);
  });

  test('[CAT-14] stock that is promised to buyers stays, and the import says so', async () => {
    promised = 5;
    const { body } = await ask(
      'POST',
      '/api/catalogue/import',
      form(
        Buffer.from(
          'Handle,Title,Variant Price,Variant Inventory Qty\nvase,Vase,10,3\nbowl,Bowl,10,7',
        ),
      ),
    );
    expect(body).toMatchObject({
      created: 2,
      warnings: [{ code: 'stock-promised', row: 2, found: '3' }],
    });
  });

  test('[CAT-18] an import that couldn’t tell its stock is told later; a count by hand meanwhile holds', async () => {
    const file = form(
      Buffer.from(
        'Handle,Title,Variant Price,Variant Inventory Qty\nvase,Vase,10,3\nbowl,Bowl,10,7',
      ),
    );
    logIsAway = true;
    expect((await ask('POST', '/api/catalogue/import', file)).status).toBe(503);
    logIsAway = false;
    const due = async () =>
      (await pool.query('select on_hand from stock_counts_due order by 1')).rows.map(
        ({ on_hand }) => on_hand,
      );
    expect(await due()).toEqual([3, 7]);
    const [vase] = (await catalogue.product('vase'))!.variants;
    await ask('PUT', `/api/variants/${vase!.id}/stock`, { body: { onHand: 1 } });
    expect(await due()).toEqual([7]);
    // The same file once more, as the person would send it: all of it is told.
    expect((await ask('POST', '/api/catalogue/import', file)).status).toBe(200);
    expect(await due()).toEqual([]);
  });

  test('only owner and host change the catalogue; the crowd reads what is active', async () => {
    const { body: product } = await ask('POST', '/api/products', {
      body: { ...draft, status: 'draft' },
    });
    const writes: [Method, string][] = [
      ['POST', '/api/products'],
      ['PATCH', `/api/products/${product.id}`],
      ['DELETE', `/api/products/${product.id}`],
      ['POST', `/api/products/${product.id}/images`],
      ['PUT', `/api/products/${product.id}/images`],
      ['DELETE', `/api/products/${product.id}/images/x`],
      ['PUT', `/api/variants/${product.variants[0].id}/stock`],
      ['POST', '/api/catalogue/preview'],
      ['POST', '/api/catalogue/import'],
      ['GET', '/api/catalogue/export.csv'],
    ];
    const bodies: Record<string, object> = { 'POST /api/products': draft, PATCH: {}, PUT: {} };
    for (const [method, url] of writes) {
      for (const as of ['nobody', 'shopper', 'moderator'] as const) {
        const body = url.endsWith('/stock')
          ? { onHand: 1 }
          : method === 'PUT'
            ? { images: [] }
            : (bodies[`${method} ${url}`] ?? bodies[method]);
        const { status } = await ask(method, url, {
          as,
          ...(body === undefined ? {} : { body }),
          headers: { 'if-match': '"1"' },
        });
        expect(status, `${as} ${method} ${url}`).toBe(as === 'nobody' ? 401 : 403);
      }
    }
    expect((await ask('GET', `/api/products/${product.id}`, { as: 'shopper' })).status).toBe(404);
    expect((await ask('GET', '/api/products?status=draft', { as: 'nobody' })).body.total).toBe(0);
    expect((await ask('GET', `/api/products/${product.id}`, { as: 'host' })).status).toBe(200);
  });

  test('[CAT-10] an edit says what it was made on, or is refused', async () => {
    const { body: product, headers } = await ask('POST', '/api/products', { body: draft });
    expect(headers.etag).toBe('"1"');
    expect(
      (await ask('PATCH', `/api/products/${product.id}`, { body: { title: 'X' } })).body,
    ).toMatchObject({ code: 'request-invalid', errors: [{ field: 'headers.if-match' }] });
    const edited = await ask('PATCH', `/api/products/${product.id}`, {
      body: { title: 'X', provenance: { maker: 'Mina' } },
      headers: { 'if-match': '"1"' },
    });
    expect([edited.status, edited.body.title, edited.headers.etag]).toEqual([200, 'X', '"2"']);
    const late = await ask('PATCH', `/api/products/${product.id}`, {
      body: { title: 'Y' },
      headers: { 'if-match': '"1"' },
    });
    expect([late.status, late.body.code, late.body.version]).toEqual([412, 'product-changed', 2]);
    expect(
      (await ask('DELETE', `/api/products/${product.id}`, { headers: { 'if-match': '2' } })).body
        .status,
    ).toBe('archived');
    expect((await ask('GET', '/api/products/x', {})).body.code).toBe('product-unknown');
  });

  test('[CAT-10] the same key adds one product, and wrong fields are named', async () => {
    const headers = { 'idempotency-key': 'once' };
    const first = await ask('POST', '/api/products', { body: draft, headers });
    expect((await ask('POST', '/api/products', { body: draft, headers })).body.id).toBe(
      first.body.id,
    );
    expect((await ask('GET', '/api/products')).body.total).toBe(1);
    const bad = await ask('POST', '/api/products', { body: { title: '', variants: [] } });
    expect([bad.status, bad.body.errors.map((each: { field: string }) => each.field)]).toEqual([
      400,
      ['body.title', 'body.variants'],
    ]);
  });

  test('[CAT-13] a picture goes in as a form, is served for ever, and goes out by name alone', async () => {
    const { body: product } = await ask('POST', '/api/products', { body: draft });
    const png = await sharp({
      create: { width: 400, height: 300, channels: 3, background: 'teal' },
    })
      .png()
      .toBuffer();
    const added = await ask(
      'POST',
      `/api/products/${product.id}/images`,
      form(png, { alt: 'A vase' }),
    );
    expect([added.status, added.body.images[0].alt]).toEqual([201, 'A vase']);
    const { url } = added.body.images[0].sources[0];
    const served = await app.inject({ method: 'GET', url });
    expect([
      served.statusCode,
      served.headers['content-type'],
      served.headers['cache-control'],
    ]).toEqual([200, 'image/webp', 'public, max-age=31536000, immutable']);
    for (const bad of [
      '/media/images/x.webp',
      '/media/images/..%2f..%2fpackage.json',
      `${url}x`,
      '/media/images/%00',
    ]) {
      expect(
        (await app.inject({ method: 'GET', url: bad })).statusCode,
        bad,
      ).toBeGreaterThanOrEqual(400);
    }
    expect(
      (await ask('POST', `/api/products/${product.id}/images`, form(Buffer.from('no picture'))))
        .body.code,
    ).toBe('image-unreadable');
    expect(
      (
        await ask(
          'POST',
          `/api/products/${product.id}/images`,
          form(Buffer.alloc(10 * 1024 * 1024 + 1)),
        )
      ).status,
    ).toBe(413);
    const gone = await ask(
      'DELETE',
      `/api/products/${product.id}/images/${added.body.images[0].id}`,
      { headers: { 'if-match': '"2"' } },
    );
    expect(gone.body.images).toEqual([]);
  });

  test('[CAT-14] stock is counted by its stream; the crowd sees what is left to buy', async () => {
    const { body: product } = await ask('POST', '/api/products', { body: draft });
    const variant = product.variants[0].id;
    promised = 3;
    expect(
      (await ask('PUT', `/api/variants/${variant}/stock`, { body: { onHand: 2 } })).body,
    ).toMatchObject({ code: 'stock-promised', promised: 3 });
    expect(
      (await ask('PUT', `/api/variants/${variant}/stock`, { body: { onHand: 10 } })).body,
    ).toEqual({ onHand: 10, allocated: 3 });
    for (const onHand of [-1, 1.5, '7', 1e9])
      expect(
        (await ask('PUT', `/api/variants/${variant}/stock`, { body: { onHand } })).status,
      ).toBe(400);
    expect((await ask('GET', `/api/products/${product.id}`)).body.variants[0].stock).toEqual({
      onHand: 10,
      allocated: 3,
    });
    expect(
      (await ask('GET', `/api/products/${product.handle}`, { as: 'nobody' })).body.variants[0]
        .stock,
    ).toEqual({ onHand: 7, allocated: 0 });
    expect(
      (await ask('PUT', '/api/variants/nothing/stock', { body: { onHand: 1 } })).body.code,
    ).toBe('product-unknown');
  });

  test('every door stands in the interface description', async () => {
    const { paths } = (await ask('GET', '/openapi.json')).body;
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/api/products',
        '/api/products/{product}',
        '/api/catalogue/import',
        '/api/me',
        '/api/people',
      ]),
    );
  });
});

describe('the accounts’ doors', () => {
  const auth = (path: string, body: object, headers: Record<string, string> = {}) =>
    ask('POST', `/api/auth${path}`, { as: 'nobody', body, headers });

  test('[ACC-2] a viewer is in with a name alone and knows who they are', async () => {
    expect((await ask('GET', '/api/me', { as: 'nobody' })).body).toBeNull();
    const { status, headers } = await auth('/guest/sign-in', { name: 'jo.m' });
    const cookie = [headers['set-cookie']]
      .flat()
      .map((each) => String(each).split(';')[0])
      .join('; ');
    expect(status).toBe(200);
    expect((await ask('GET', '/api/me', { as: 'nobody', headers: { cookie } })).body).toMatchObject(
      { name: 'jo.m', email: null, role: 'shopper', guest: true },
    );
  });

  test('[ACC-1] better-auth’s errors are problem documents with our codes', async () => {
    const wrong = await auth('/sign-in/email', {
      email: 'owner@example.org',
      password: 'wrong horse',
    });
    expect([wrong.status, mediaType(wrong), wrong.body.code]).toEqual([
      401,
      'application/problem+json',
      'sign-in-refused',
    ]);
    expect(
      (
        await auth('/sign-up/email', {
          name: 'Ona',
          email: 'owner@example.org',
          password: 'correct horse',
        })
      ).body.code,
    ).toBe('email-taken');
    expect(
      (await auth('/sign-up/email', { name: 'Ona', email: 'ona@example.org', password: 'short' }))
        .body.code,
    ).toBe('password-unsuitable');
    expect(
      (
        await auth('/sign-up/email', {
          name: 'Ona',
          email: 'no address',
          password: 'correct horse',
        })
      ).body.code,
    ).toBe('email-invalid');
    expect((await auth('/guest/sign-in', { name: 'Mina 2' })).body).toMatchObject({
      code: 'name-invalid',
      reason: 'name-taken',
    });
    expect((await auth('/guest/sign-in', {})).body.code).toBe('request-invalid');
    expect((await auth('/nothing', {})).body.code).toBe('not-found');
    expect((await auth('/delete-user', {})).body.code).toBe('not-found');
    const broken = await ask('POST', '/api/auth/sign-in/email', {
      as: 'nobody',
      raw: Buffer.from('{'),
      headers: { 'content-type': 'application/json' },
    });
    expect([broken.status, broken.body.code]).toEqual([400, 'request-invalid']);
  });

  test('[ACC-9] a form or page of another site is turned away', async () => {
    const asForm = await ask('POST', '/api/auth/guest/sign-in', {
      as: 'nobody',
      raw: Buffer.from('name=jo'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([asForm.status, asForm.body.code]).toEqual([415, 'media-type-unsupported']);
    expect(
      (await auth('/guest/sign-in', { name: 'jo' }, { origin: 'http://evil.example' })).body.code,
    ).toBe('origin-refused');
  });

  test('[ACC-7] an address can’t be made up to try more passwords', async () => {
    const tries = [];
    for (let i = 0; i < 12; i += 1) {
      tries.push(
        (
          await auth(
            '/sign-in/email',
            { email: 'host@example.org', password: `guess ${i}` },
            { 'x-rialto-client-address': `1.2.3.${i}`, 'x-forwarded-for': `1.2.3.${i}` },
          )
        ).body,
      );
    }
    expect(tries.at(-1)).toMatchObject({
      code: 'too-many-requests',
      retryAfterMs: expect.any(Number),
    });
  });

  test('[ACC-4] an old owner’s link leads a person to the sign-in page, a program to a problem', async () => {
    const link = '/api/auth/owner-link?token=old';
    expect((await ask('GET', link, { as: 'nobody' })).body.code).toBe('link-used');
    const page = await ask('GET', link, { as: 'nobody', headers: { accept: 'text/html' } });
    expect([page.status, page.headers.location]).toEqual([302, '/sign-in?problem=link-used']);
  });

  test('[ACC-5] the owner gives roles; nobody else does', async () => {
    const { body } = await ask('GET', '/api/people?search=ines');
    const [ines] = body.people;
    expect(ines).toMatchObject({ name: 'Ines', role: 'shopper', email: 'shopper@example.org' });
    const url = `/api/people/${ines.id}/role`;
    for (const as of ['host', 'moderator', 'shopper', 'nobody'] as const) {
      expect((await ask('PUT', url, { as, body: { role: 'owner' } })).status).toBe(
        as === 'nobody' ? 401 : 403,
      );
      expect((await ask('GET', '/api/people', { as })).status).toBe(as === 'nobody' ? 401 : 403);
      expect((await ask('GET', '/api/mail', { as })).status).toBe(as === 'nobody' ? 401 : 403);
    }
    expect((await ask('PUT', url, { body: { role: 'moderator' } })).body.role).toBe('moderator');
    expect((await ask('GET', '/api/me', { as: 'shopper' })).body.role).toBe('moderator');
    await ask('PUT', url, { body: { role: 'shopper' } });
    const me = (await ask('GET', '/api/me')).body;
    expect(
      (await ask('PUT', `/api/people/${me.id}/role`, { body: { role: 'host' } })).body.code,
    ).toBe('last-owner');
    expect((await ask('PUT', url, { body: { role: 'king' } })).status).toBe(400);
  });

  test('[PRI-18] the owner makes members of people with an account; nobody else does', async () => {
    const find = async () => (await ask('GET', '/api/people?search=ines')).body.people[0];
    const ines = await find();
    expect(ines.membership).toBeNull();
    const url = `/api/people/${ines.id}/membership`;
    const gold = { membership: { tier: ' Gold ', untilMs: null } };
    for (const as of ['host', 'moderator', 'shopper', 'nobody'] as const)
      expect((await ask('PUT', url, { as, body: gold })).status).toBe(as === 'nobody' ? 401 : 403);
    expect((await ask('PUT', url, { body: gold })).body.membership).toMatchObject({ tier: 'Gold' });
    expect((await find()).membership).toMatchObject({ tier: 'Gold', untilMs: null });
    const over = { membership: { tier: 'Gold', untilMs: 1 } };
    expect((await ask('PUT', url, { body: over })).body).toMatchObject({
      code: 'membership-invalid',
      field: 'untilMs',
    });
    expect((await ask('PUT', url, { body: { membership: null } })).body.membership).toBeNull();
    const nobody = '/api/people/nobody/membership';
    expect((await ask('PUT', nobody, { body: gold })).body.code).toBe('person-unknown');
  });

  test('[MAIL-2] the office reads what the sandbox kept', async () => {
    await mail.send({ to: 'ines@example.org', subject: 'Packed', text: 'Your order is packed.' });
    expect((await ask('GET', '/api/mail')).body).toMatchObject({
      sandbox: true,
      letters: [{ subject: 'Packed', note: 'not sent: sandbox' }],
    });
  });
});
