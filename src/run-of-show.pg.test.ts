// The doors of a run of show and of disclosure on the whole server over HTTP: two of the crew edit at once, a host who
// earns isn't let live before it is said, and what is only the crew's reaches nobody else.

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from './log/testing/postgres.ts';
import { settingsOn, Visitor } from './main.fixture.ts';
import { start } from './main.ts';
import type { SegmentBody } from './protocol/http.ts';

const database = await freshDatabase();
let url = '';
let stop: () => Promise<unknown> = async () => {};
const owner = new Visitor(() => url);
const shopper = new Visitor(() => url);
const stranger = new Visitor(() => url);
let ownerId = '';
let products: { id: string; title: string }[] = [];
let variantId = '';
let showId = '';

beforeAll(async () => {
  const lines: string[] = [];
  const settings = await settingsOn(database.url);
  ({ stop } = await start(settings, (line) => lines.push(line)));
  url = settings.publicUrl;
  await owner.ask('GET', /http\S+/.exec(lines.find((line) => line.includes('Owner')) ?? '')![0]);
  ownerId = (await owner.ask('GET', '/api/me')).json.id;
  const csv = await readFile(new URL('../../shared/data/catalog/apparel.csv', import.meta.url));
  await owner.ask('POST', '/api/catalogue/import', csv, { 'content-type': 'text/csv' });
  products = (await owner.ask('GET', '/api/products?limit=200')).json.products.slice(0, 2);
  variantId = (await owner.ask('GET', `/api/products/${products[0]?.id}`)).json.variants[0].id;
  await shopper.signUp('ines_w');
  const plan = { title: 'Rings', showKind: 'demonstration', startsAtMs: Date.now(), minutes: 30 };
  const productIds = products.map(({ id }) => id);
  showId = (await owner.ask('POST', '/api/shows', { ...plan, productIds })).json.showId;
}, 120_000);
afterAll(() => stop());

const path = (rest: string) => `/api/shows/${showId}${rest}`;
const run = async (): Promise<SegmentBody[]> =>
  (await owner.ask('GET', path('/segments'))).json.segments;
const edit = (...edits: object[]) => owner.ask('PATCH', path('/segments'), { edits });

describe('a run of show over HTTP', () => {
  it('[SHO-12] [SHO-13] two who move at once lose nothing of each other’s', async () => {
    const before = (await run()).map(({ segmentId }) => segmentId);
    const [first, second, third] = before;
    const answers = await Promise.all([
      edit({ do: 'move', segmentId: third, after: null }),
      edit({ do: 'change', segmentId: second, change: { minutes: 2.5 } }),
      edit({ do: 'move', segmentId: first, after: before.at(-1) }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const after = await run();
    expect(after.map(({ segmentId }) => segmentId)).toEqual([
      third,
      second,
      ...before.slice(3),
      first,
    ]);
    expect(after[1]?.minutes).toBe(2.5);
  });

  it('[SHO-14] what is ready to fire and the notes are the crew’s alone', async () => {
    const [segment] = await run();
    const cue = {
      kind: 'offer',
      productId: products[0]?.id,
      variants: [{ variantId, priceMinor: 4321, quantity: 1 }],
      perPersonMax: null,
      durationMs: 60_000,
    };
    const change = { cues: [cue], notes: 'whisper it', disclosure: 'gift' };
    expect((await edit({ do: 'change', segmentId: segment?.segmentId, change })).status).toBe(200);
    expect((await run())[0]).toMatchObject(change);
    const seen = await stranger.ask('GET', path(''));
    expect(seen.json.room.plan.minutes).toBe(30);
    expect(seen.json.room.segments[0].disclosure).toBe('gift');
    for (const secret of ['4321', 'whisper it', 'cues']) expect(seen.text).not.toContain(secret);
    expect((await stranger.ask('GET', path('/segments'))).status).toBe(401);
    expect((await shopper.ask('GET', path('/segments'))).status).toBe(403);
  });

  it('bad edits are refused by name and change nothing', async () => {
    const before = await run();
    const add = { do: 'add', after: null, segment: { ...before[0], segmentId: 'new' } };
    for (const [answer, status, code] of [
      [edit({ do: 'move', segmentId: 'gone', after: null }), 404, 'segment-unknown'],
      [edit({ do: 'jump', segmentId: 'gone' }), 400, 'request-invalid'],
      [edit(), 400, 'request-invalid'],
      [edit({ ...add, segment: { ...add.segment, minutes: 0 } }), 400, 'request-invalid'],
      [
        edit({ ...add, segment: { ...add.segment, notes: 'x'.repeat(2_001) } }),
        400,
        'request-invalid',
      ],
      [shopper.ask('PATCH', path('/segments'), { edits: [add] }), 403, 'not-allowed'],
      [stranger.ask('PATCH', path('/segments'), { edits: [add] }), 401, 'sign-in-needed'],
    ] as const) {
      const { status: got, json } = await answer;
      expect([json.code, got]).toEqual([code, status]);
    }
    expect(await run()).toEqual(before);
  });
});

describe('disclosure over HTTP', () => {
  const commission = (productId = products[0]?.id, personId = ownerId) =>
    `/api/products/${productId}/commissions/${personId}`;
  const goLive = () => owner.ask('POST', path('/go-live'));
  const earning = async () =>
    (await owner.ask('GET', path(''))).json.room.shelf.flatMap(
      ({ productId, hostEarns }: { productId: string; hostEarns?: true }) =>
        hostEarns ? productId : [],
    );

  it('[DIS-1] an owner writes a commission down, and the host’s shows know it', async () => {
    const half = { shareMilliPercent: 12_500 };
    expect((await shopper.ask('PUT', commission(), half)).status).toBe(403);
    expect((await owner.ask('PUT', commission('nothing'), half)).json.code).toBe('product-unknown');
    expect((await owner.ask('PUT', commission(undefined, 'nobody'), half)).json.code).toBe(
      'person-unknown',
    );
    expect((await owner.ask('PUT', commission(), { shareMilliPercent: 0 })).status).toBe(400);
    const set = await owner.ask('PUT', commission(), half);
    expect(set.json.commissions).toMatchObject([{ personId: ownerId, ...half }]);
    expect(await earning()).toEqual([products[0]?.id]);
    expect((await owner.ask('DELETE', commission())).json.commissions).toEqual([]);
    expect(await earning()).toEqual([]);
    await owner.ask('PUT', commission(), half);
  });

  it('[DIS-2] the show doesn’t start before it is said, and starts then', async () => {
    const refused = await goLive();
    expect([refused.status, refused.json.code]).toEqual([409, 'disclosure-needed']);
    expect(refused.json.products).toBe(products[0]?.title);
    const plan = { title: 'Rings', showKind: 'demonstration', startsAtMs: Date.now() };
    const changed = await owner.ask('PUT', path('/plan'), { ...plan, disclosure: 'affiliate' });
    expect(changed.json.room.plan).toMatchObject({ disclosure: 'affiliate', minutes: 30 });
    expect((await goLive()).status).toBe(200);
  });

  it('[HLS-18] the way of watching is chosen before the show and while it is live, and stands in its page', async () => {
    const choose = (who: Visitor, watchBy: string) =>
      who.ask('PUT', path('/watch-by'), { watchBy });
    const chosen = async () => (await shopper.ask('GET', path(''))).json.room.plan.watchBy;
    const page = async () => (await fetch(`${url}/shows/${showId}`)).text();
    expect((await choose(shopper, 'hls')).status).toBe(403);
    expect((await choose(owner, 'smoke')).status).toBe(400);
    expect((await choose(owner, 'hls')).status).toBe(200);
    expect(await chosen()).toBe('hls');
    expect(await page()).toContain('"watchBy":"hls"');
    expect((await choose(owner, 'webrtc')).status).toBe(200);
    expect(await page()).toContain('"watchBy":"webrtc"');
    const next = { title: 'Cups', showKind: 'demonstration', startsAtMs: Date.now() };
    const made = await owner.ask('POST', '/api/shows', { ...next, watchBy: 'hls' });
    const other = `/api/shows/${made.json.showId}`;
    const changed = await owner.ask('PUT', `${other}/plan`, { ...next, title: 'Bowls' });
    expect(changed.json.room.plan).toMatchObject({ title: 'Bowls', watchBy: 'hls' });
  });

  it('[DIS-1] [DIS-5] what the host begins to earn from while live is on the label, and nothing stops', async () => {
    const other = products[1]?.id ?? '';
    await owner.ask('PUT', commission(other), { shareMilliPercent: 1_000 });
    expect(await earning()).toEqual(products.map(({ id }) => id));
    expect((await owner.ask('POST', path('/pin'), { productId: other })).status).toBe(200);
  });

  it('[DIS-8] that it was said aloud is in the room', async () => {
    expect((await shopper.ask('POST', path('/disclosed'))).status).toBe(403);
    expect((await owner.ask('POST', path('/disclosed'))).status).toBe(200);
    expect((await owner.ask('GET', path(''))).json.room.disclosedAtMs).toEqual(expect.any(Number));
  });
});
