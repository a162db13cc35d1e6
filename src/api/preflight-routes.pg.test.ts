// What a host's browser measured, through its doors into the table and back; and what of a room and the catalogue is
// judged of the shop.

import Fastify from 'fastify';
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase } from '../log/testing/postgres.ts';
import type { SegmentBody } from '../protocol/http.ts';
import type { KeepPreflightBody, PreflightView } from '../protocol/preflight.ts';
import { emptyRoom, type Room } from '../protocol/room.ts';
import { createPreflightBook } from './preflight-book.ts';
import { preflightRoutes } from './preflight-routes.ts';
import { registerProblems } from './problem-reply.ts';

const { pool } = await freshDatabase();
const app = Fastify().withTypeProvider<ZodTypeProvider>();
let nowMs = Date.UTC(2026, 10, 24);
let phase: Room['phase'] = 'planned';

const eur = (minor: number) => ({ minor, currency: 'EUR' });
const bowl = {
  productId: 'bowl',
  title: 'Lagoon bowl',
  imageUrl: null,
  variants: [{ variantId: 'bowl-1', title: '', price: eur(4_800) }],
  provenance: null,
};
const plan = {
  title: 'Clay',
  showKind: 'demonstration',
  startsAtMs: 0,
  hostId: 'mina',
  hostName: 'Mina',
  shopName: 'Kiln',
  disclosure: 'own-brand',
  isDemo: false,
};
let room: Room;
let segments: readonly SegmentBody[] = [];

beforeAll(async () => {
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  registerProblems(app);
  app.decorateRequest('you', null);
  app.addHook('onRequest', async (request) => {
    const [name, role] = (request.headers.cookie ?? '').split(':');
    if (name && role)
      request.you = { personId: name, name, role, guest: false, membership: null } as never;
  });
  await app.register(
    preflightRoutes({
      desk: {
        room: async (showId) => (showId === 'clay' ? { ...room, phase } : null),
        segments: async () => segments,
        shelfItems: async () => [bowl] as never,
        referencePrices: async () => new Map([['bowl-1', eur(4_800)]]) as never,
      },
      book: createPreflightBook(pool),
      accounts: { people: async () => ({ people: [], total: 1 }) },
      clock: { nowMs: () => nowMs },
      price: { shippingMinor: 590 },
    }),
  );
});
afterAll(() => app.close());

beforeEach(async () => {
  phase = 'planned';
  segments = [];
  room = {
    ...emptyRoom('clay', plan),
    shelf: [bowl],
    stock: { 'bowl-1': { available: 2, inCarts: 0 } },
  };
  await pool.query('truncate "user", preflights cascade');
  for (const id of ['mina', 'otto'])
    await pool.query(
      `insert into "user" (id, name, email, "emailVerified", role, guest, "nameKey")
       values ($1, $1, $1, true, 'host', false, $1)`,
      [id],
    );
});

const measured: KeepPreflightBody = {
  browser: 'b1',
  microphone: {
    device: 'Desk microphone',
    levelLufs: -20,
    clippedShare: 0,
    noiseLufs: -70,
    echoDb: null,
    echoDelayMs: null,
  },
  camera: { device: 'Desk camera', trouble: 'busy' },
  line: null,
};
const ask = async (
  method: 'GET' | 'PUT',
  {
    cookie = 'mina:host',
    show = 'clay',
    body,
  }: { cookie?: string; show?: string; body?: object } = {},
) => {
  const answer = await app.inject({
    method,
    url: `/api/shows/${show}/preflight`,
    headers: { cookie },
    ...(body ? { payload: body } : {}),
  });
  return { status: answer.statusCode, body: answer.json() as PreflightView & { code?: string } };
};

describe('a check before a show', () => {
  it('[PRE-14] is kept with who, when, the devices, the measures and the verdict', async () => {
    await ask('PUT', { body: measured });
    const { kept, shop } = (await ask('GET')).body;
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({
      ...measured,
      personId: 'mina',
      name: 'mina',
      atMs: nowMs,
      verdict: 'red',
    });
    expect(kept[0]?.findings.camera).toEqual([
      { topic: 'device', code: 'device-busy', grade: 'red', value: null },
    ]);
    expect(kept[0]?.findings.microphone.map(({ code }) => code)).toContain('level-good');
    expect(kept[0]?.findings.shop).toEqual(shop);
  });

  it('[PRE-14] is judged by the shop: a verdict that is sent along changes nothing', async () => {
    await ask('PUT', { body: { ...measured, verdict: 'green', findings: {} } });
    expect((await ask('GET')).body.kept[0]?.verdict).toBe('red');
  });

  it('[PRE-14] takes the place of the same host’s former one, and stands beside another’s', async () => {
    await ask('PUT', { body: measured });
    nowMs += 60_000;
    await ask('PUT', { body: measured, cookie: 'otto:owner' });
    nowMs += 60_000;
    await ask('PUT', { body: { ...measured, browser: 'b2' } });
    const { kept } = (await ask('GET')).body;
    expect(kept.map(({ name, browser }) => [name, browser])).toEqual([
      ['mina', 'b2'],
      ['otto', 'b1'],
    ]);
  });

  it('[PRE-14] goes with the person', async () => {
    await ask('PUT', { body: measured });
    await pool.query(`delete from "user" where id = 'mina'`);
    expect((await ask('GET')).body.kept).toEqual([]);
  });

  it.each([
    ['', 'clay', 'sign-in-needed'],
    ['ines:shopper', 'clay', 'not-allowed'],
    ['vera:moderator', 'clay', 'not-allowed'],
    ['mina:host', 'glaze', 'show-unknown'],
  ])('[PRE-14] of "%s" for the show %s is answered %s', async (cookie, show, code) => {
    expect((await ask('GET', { cookie, show })).body.code).toBe(code);
    expect((await ask('PUT', { cookie, show, body: measured })).body.code).toBe(code);
  });

  it('[PRE-14] of a show that is over is refused', async () => {
    phase = 'ended';
    expect((await ask('PUT', { body: measured })).body.code).toBe('show-ended');
  });

  it.each([
    { ...measured, browser: '<b>' },
    { ...measured, camera: { device: 'x'.repeat(201), trouble: 'busy' } },
    { ...measured, camera: { device: '', trouble: 'sad' } },
    { ...measured, microphone: { ...measured.microphone, levelLufs: 1e9 } },
    { ...measured, line: { failed: 'Not a code' } },
    { browser: 'b1' },
  ])('[PRE-14] that can’t be is refused: %#', async (body) => {
    expect((await ask('PUT', { body })).status).toBe(400);
    expect((await ask('GET')).body.kept).toEqual([]);
  });
});

describe('the shop before a show', () => {
  const shopCodes = async () => (await ask('GET')).body.shop.map(({ code }) => code);

  it('[PRE-13] is looked at anew each time', async () => {
    expect(await shopCodes()).toContain('stock-enough');
    room = { ...room, stock: {} };
    expect(await shopCodes()).toContain('stock-out');
  });

  it('[PRE-13] needs units for the offers in the run of show', async () => {
    const offered = (quantity: number): SegmentBody =>
      ({
        segmentId: `s${quantity}`,
        kind: 'offer',
        title: 'Tonight’s offer',
        plannedMs: 60_000,
        cues: [
          {
            kind: 'offer',
            productId: 'bowl',
            variants: [{ variantId: 'bowl-1', priceMinor: 4_000, quantity }],
            perPersonMax: null,
            durationMs: 60_000,
          },
        ],
      }) as never;
    // One after the other has what the one before left.
    segments = [offered(2), offered(1)];
    expect(await shopCodes()).toContain('stock-enough');
    segments = [offered(3)];
    expect(await shopCodes()).toContain('stock-short');
  });

  it('[PRE-13] needs units for all lots of a variant together', async () => {
    const lot = (lotId: string) =>
      ({
        lotId,
        variantId: 'bowl-1',
        title: 'Bowl',
        quantity: 1,
        figures: { phase: 'prepared' },
      }) as never;
    room = { ...room, lots: [lot('a'), lot('b')] };
    expect(await shopCodes()).toContain('stock-enough');
    room = { ...room, lots: [lot('a'), lot('b'), lot('c')] };
    expect(await shopCodes()).toContain('stock-short');
  });

  it('[PRE-13] names what the host earns from and nothing says so', async () => {
    room = { ...room, shelf: [{ ...bowl, hostEarns: true }] };
    expect((await ask('GET')).body.shop).toContainEqual({
      topic: 'disclosure',
      code: 'disclosure-missing',
      grade: 'red',
      value: 1,
      names: ['Lagoon bowl'],
    });
    room = { ...room, plan: { ...plan, disclosure: 'affiliate' } };
    expect(await shopCodes()).toContain('disclosure-told');
  });
});
