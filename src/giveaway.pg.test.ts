// A giveaway from its announcement to the proof, on the whole server over HTTP and its sockets: nobody pays, no
// payment provider is asked, and everybody can recount who got what.

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../tools/verify/checks.ts';
import { freshDatabase } from './log/testing/postgres.ts';
import { settingsOn, Visitor } from './main.fixture.ts';
import { start } from './main.ts';
import type { DropProof } from './protocol/drops.ts';
import type { MyHold, ServerMessage } from './protocol/socket.ts';
import { verifyLog } from './receipts/verify-log.ts';
import { recounted } from './web/draw/recounted.ts';

const database = await freshDatabase();
let url = '';
let stop: () => Promise<unknown> = async () => {};
const owner = new Visitor(() => url);
const stranger = new Visitor(() => url);
const people = ['nora', 'olga', 'petra'].map((name) => ({ name, visitor: new Visitor(() => url) }));
type Live = Awaited<ReturnType<Visitor['live']>>;

const address = { name: 'A', line1: 'Calle 1', postcode: '30100', city: 'Venezia', country: 'IT' };
let productId = '';
let variantId = '';
let showId = '';
let dropId = '';
let rooms: Live[] = [];
let winners: { readonly at: number; readonly hold: MyHold }[] = [];

beforeAll(async () => {
  const lines: string[] = [];
  const settings = await settingsOn(database.url);
  ({ stop } = await start(settings, (line) => lines.push(line)));
  url = settings.publicUrl;
  await owner.ask('GET', /http\S+/.exec(lines.find((line) => line.includes('Owner')) ?? '')![0]);
  const csv = await readFile(new URL('../../shared/data/catalog/apparel.csv', import.meta.url));
  await owner.ask('POST', '/api/catalogue/import', csv, { 'content-type': 'text/csv' });
  const { products } = (await owner.ask('GET', '/api/products?limit=200')).json;
  productId = products.find(
    (each: { onHand: number | null; variantCount: number }) =>
      (each.onHand ?? 0) >= 3 && each.variantCount === 1,
  ).id;
  variantId = (await owner.ask('GET', `/api/products/${productId}`)).json.variants[0].id;
  const plan = { title: 'Gifts', showKind: 'demonstration', startsAtMs: Date.now() };
  showId = (await owner.ask('POST', '/api/shows', { ...plan, productIds: [productId] })).json
    .showId;
  await owner.ask('POST', `/api/shows/${showId}/go-live`);
  for (const { name, visitor } of people) await visitor.signUp(name);
  rooms = await Promise.all(people.map(({ visitor }) => visitor.live(showId)));
});
afterAll(async () => {
  for (const { socket } of rooms) socket.close();
  await stop();
});

const announce = (priceMinor: number) =>
  owner.ask('POST', `/api/shows/${showId}/drops`, {
    productId,
    variants: [{ variantId, priceMinor, quantity: 2 }],
    order: 'draw',
    isGiveaway: true,
    needsAccount: true,
  });
const figuresOf = (message: ServerMessage) =>
  message.t === 'frame'
    ? message.m.flatMap((one) => (one.t === 'drop' && one.dropId === dropId ? [one.figures] : []))
    : [];
const enter = (room: Live, id: string) =>
  room.send({ t: 'enter', id, dropId, variantId, quantity: 1, words: `words-of-${id}` });
const proof = async (): Promise<DropProof> =>
  (await stranger.ask('GET', `/api/shows/${showId}/drops/${dropId}/proof`)).json;

describe('a giveaway', () => {
  it('[DRO-15] that costs something is refused; one for nothing is announced with its units', async () => {
    expect((await announce(1)).json).toMatchObject({ code: 'drop-invalid', field: 'price' });
    const answer = await announce(0);
    expect(answer.status, answer.text).toBe(202);
    dropId = answer.json.dropId;
    await rooms[0]!.hears((m) => figuresOf(m).some(({ isReady }) => isReady));
  });

  it('[DRO-4, DRO-5] takes one entry of each address, however it is spelled, and none of guests and crew', async () => {
    for (const [nth, room] of rooms.entries()) {
      enter(room, `in${nth}`);
      await room.hears((m) => m.t === 'done' && m.id === `in${nth}`);
    }
    const refusal = async (visitor: Visitor) => {
      const room = await visitor.live(showId);
      enter(room, 'again');
      const answer = await room.hears((m) => m.t === 'refused' && m.id === 'again');
      room.socket.close();
      return answer.t === 'refused' ? answer.problem.code : null;
    };
    const twin = new Visitor(() => url);
    const signUp = {
      name: 'twin',
      email: 'Nora+two@example.com',
      password: 'correct horse battery',
    };
    expect((await twin.ask('POST', '/api/auth/sign-up/email', signUp)).status).toBe(200);
    expect(await refusal(twin)).toBe('entry-exists');
    expect(await refusal(owner)).toBe('crew-may-not-enter');
  });

  it('[DRO-9] shows what it is committed to before the opening, and no seed', async () => {
    const before = await proof();
    expect(before).toMatchObject({ phase: 'announced', kind: 'draw', stages: [], served: [] });
    expect(before.seedCommitments).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(before.entries.map(({ words }) => words)).toEqual(
      [0, 1, 2].map((n) => `words-of-in${n}`),
    );
    expect(JSON.stringify(before)).not.toMatch(/nora|olga|petra/);
  });

  it('[DRO-10] the host opens it: two of three have a hold for nothing', async () => {
    const opened = await owner.ask('POST', `/api/shows/${showId}/drops/${dropId}/open`);
    expect(opened.status, opened.text).toBe(200);
    await rooms[0]!.hears((m) =>
      figuresOf(m).some(({ variants }) => variants[variantId]?.inCarts === 2),
    );
    const { served } = await proof();
    winners = await Promise.all(
      served.map(async ({ entry }) => {
        const told = await rooms[entry - 1]!.hears(
          (m) => m.t === 'you' && m.m.some((one) => one.t === 'hold'),
        );
        const hold = told.t === 'you' ? told.m.find((one) => one.t === 'hold') : undefined;
        return { at: entry - 1, hold: hold!.hold };
      }),
    );
    expect(winners).toHaveLength(2);
    expect(winners[0]?.hold.unitPrice.minor).toBe(0);
  });

  it('[DRO-15, ORD-11] is sent for nothing: the button’s total is the order’s, and no card is asked for', async () => {
    for (const { at, hold } of winners) {
      const { visitor, name } = people[at]!;
      const { stream, holdId } = hold;
      const price = await visitor.ask('GET', `/api/holds/${stream}/${holdId}/price`);
      expect(price.json).toMatchObject({ shipping: { minor: 0 }, total: { minor: 0 } });
      const totalMinor = price.json.total.minor;
      const order = { stream, holdId, email: `${name}@example.com`, address, totalMinor };
      const pay = (body: object) =>
        visitor.ask('POST', '/api/checkout', body, { 'idempotency-key': 'k1' });
      expect((await pay({ ...order, totalMinor: 590 })).json.code).toBe('price-changed');
      const paid = await pay(order);
      expect(paid.status, paid.text).toBe(201);
      expect(paid.json).toMatchObject({
        phase: 'paid',
        sandbox: false,
        totals: { total: { minor: 0 } },
      });
      expect((await pay(order)).json.orderId).toBe(paid.json.orderId);
    }
    await rooms[0]!.hears((m) => figuresOf(m).some(({ reason }) => reason === 'sold-out'));
  });

  it('[ORD-11] is given back without a payment provider', async () => {
    const { orders } = (await owner.ask('GET', '/api/orders')).json;
    expect(orders).toHaveLength(2);
    const back = await owner.ask('POST', `/api/orders/${orders[0].orderId}/refund`);
    expect(back.json).toMatchObject({ phase: 'refunded' });
  });

  it('[DRO-9] its proof is for everybody, and recounts; the published log too', async () => {
    expect((await owner.ask('POST', `/api/shows/${showId}/end`)).status).toBe(200);
    const after = await proof();
    expect(after).toMatchObject({ phase: 'closed', isGiveaway: true });
    expect(after.served.map(({ outcome }) => outcome)).toEqual(['taken', 'taken']);
    expect(recounted(after)).toEqual({ why: null, served: 2 });
    const log = (await stranger.ask('GET', `/api/shows/${showId}/log`)).text;
    const bytes = (async function* () {
      yield Buffer.from(log);
    })();
    expect(await verifyLog(bytes, { checks })).toMatchObject({ ok: true });
    for (const { seq, seed } of after.stages)
      expect(log.split('\n')[seq]).toContain(`"seed":"${seed}"`);
  });

  it('its page says what it is before any script; another’s address is nothing', async () => {
    const page = await stranger.ask('GET', `/shows/${showId}/drops/${dropId}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain(`/api/shows/${showId}/drops/${dropId}/proof`);
    expect((await stranger.ask('GET', `/shows/${showId}/drops/none`)).status).toBe(404);
    const none = await stranger.ask('GET', `/api/shows/${showId}/drops/none/proof`);
    expect(none).toMatchObject({ status: 404, json: { code: 'drop-unknown' } });
    const noShow = await stranger.ask('GET', `/api/shows/none/drops/${dropId}/proof`);
    expect(noShow).toMatchObject({ status: 404, json: { code: 'drop-unknown' } });
    const first = await stranger.ask('GET', `/api/shows/${showId}/drops/${dropId}/proof`);
    const again = await stranger.ask(
      'GET',
      `/api/shows/${showId}/drops/${dropId}/proof`,
      undefined,
      {
        'if-none-match': first.headers.get('etag') ?? '',
      },
    );
    expect(again.status).toBe(304);
  });
});
