// The doors of a show that isn't for everybody: who is let in, what those outside read, and that no file, socket
// or picture goes past it. Rules: docs/rules/access.md.

import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ShowId } from '../base/brand.ts';
import { showStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { SeededRandom, VirtualClock } from '../base/virtual-time.ts';
import { showDecider } from '../domain/show/show.ts';
import { announced, dropId } from '../domain/testing/drop-cast.ts';
import { mina } from '../domain/testing/given.ts';
import { plan } from '../domain/testing/show-cast.ts';
import { createEngine } from '../engine/engine.ts';
import { MemoryLog } from '../log/memory-log.ts';
import { closeCodes } from '../protocol/close-codes.ts';
import { emptyRoom, type Room, type RoomAccess } from '../protocol/room.ts';
import type { You } from '../protocol/socket.ts';
import { Rooms } from '../publish/rooms.ts';
import { frontOf } from './front.ts';
import { LiveDoor } from './live-socket.ts';
import { mediaRights } from './media-rights.ts';
import { mediaRoutes } from './media-routes.ts';
import { proofRoutes } from './proof-routes.ts';
import { createServer } from './server.ts';
import { createShowDoor, isSoldOutside, roomFromOutside, type ShowDoor } from './show-access.ts';

const you = (personId: string, role: You['role'] = 'shopper'): You => ({
  personId,
  name: personId,
  role,
  guest: false,
});
const ines = you('ines');
const ticket: RoomAccess = { for: 'ticket', productId: 'seat', variantId: 'seat-1' };
const access: Record<string, RoomAccess> = {
  open: { for: 'everybody' },
  kiln: ticket,
  club: { for: 'members', tier: 'Kiln club' },
};
let paid: Set<string>;
let members: Set<string>;
/** How often the orders were asked. */
let questions: number;
let door: ShowDoor;

beforeEach(() => {
  paid = new Set();
  members = new Set();
  questions = 0;
  door = createShowDoor({
    accessOf: async (showId) => access[showId] ?? null,
    async paidBy(personIds, variantId) {
      questions += 1;
      return new Set(personIds.filter((personId) => paid.has(`${personId} ${variantId}`)));
    },
    isMember: async (personId, tier) => members.has(`${personId} ${tier}`),
    membersAmong: async (personIds, tier) =>
      new Set(personIds.filter((personId) => members.has(`${personId} ${tier}`))),
  });
});
const codeOf = async (who: You | null, showId: string) =>
  (await door.refusal(who, showId))?.refused ?? null;

describe('the door of a show', () => {
  it('[TKT-2] opens to who has paid the ticket, for as long as it is paid', async () => {
    expect(await door.refusal(null, 'kiln')).toEqual({
      refused: 'ticket-needed',
      detail: { productId: 'seat', variantId: 'seat-1' },
    });
    expect(await codeOf(ines, 'kiln')).toBe('ticket-needed');
    paid.add('ines seat-1');
    expect(await codeOf(ines, 'kiln')).toBeNull();
    expect(await codeOf(you('teo'), 'kiln')).toBe('ticket-needed');
    paid.clear();
    await expect(door.admit(ines, 'kiln')).rejects.toMatchObject({ code: 'ticket-needed' });
  });
  it('[TKT-3] opens to members of its tier', async () => {
    expect(await codeOf(ines, 'club')).toBe('members-only');
    members.add('ines Gold');
    expect(await codeOf(ines, 'club')).toBe('members-only');
    members.add('ines Kiln club');
    expect(await codeOf(ines, 'club')).toBeNull();
  });
  it('[TKT-4] always opens to the crew, and everybody’s show to everybody', async () => {
    for (const role of ['owner', 'host', 'moderator'] as const)
      expect(await codeOf(you('crew', role), 'kiln')).toBeNull();
    expect(await codeOf(null, 'open')).toBeNull();
    expect(await codeOf(null, 'nothing-of-the-kind')).toBeNull();
  });
  it('[TKT-7] tells of a whole crowd who may not stay, in one question for a thousand people', async () => {
    const crowd = Array.from({ length: 2_500 }, (_, nth) => you(`p${nth}`));
    for (const { personId } of crowd) paid.add(`${personId} seat-1`);
    paid.delete('p7 seat-1');
    // Two windows each, guests without a name, and a moderator.
    const people = [...crowd, ...crowd, null, you('crew', 'moderator')];
    expect(await door.outside(people, 'kiln')).toEqual(new Set([crowd[7], null]));
    expect(questions).toBe(3);
    expect(await door.outside(people, 'open')).toEqual(new Set());
    expect(questions).toBe(3);
    members.add('ines Kiln club');
    expect(await door.outside([ines, crowd[0]!], 'club')).toEqual(new Set([crowd[0]]));
  });
  it('[TKT-5] leaves those outside the plan and the run of show alone', () => {
    const segment = { segmentId: 's1', title: 'Wedging', beat: 'demo', minutes: 9 };
    const inside = {
      ...emptyRoom('kiln', { ...plan, access: ticket }),
      phase: 'live',
      segments: [{ ...segment, productIds: ['vase'] }],
      chat: [{ text: 'the secret glaze' }],
      shelf: [{ productId: 'vase' }],
      offers: [{ offerId: 'o1' }],
      lots: [{ lotId: 'l1' }],
      drops: [{ dropId: 'd1' }],
      pinned: 'vase',
      picture: 'on',
      recording: { url: '/media/recordings/kiln/a.mp4' },
    } as unknown as Room;
    expect(roomFromOutside(inside)).toEqual({
      ...emptyRoom('kiln', { ...plan, access: ticket }),
      phase: 'live',
      segments: [{ ...segment, productIds: [] }],
    });
  });
});

describe('its files, its proofs and its picture', () => {
  let folder: string;
  let phase: string;
  let app: Awaited<ReturnType<typeof createServer>>;

  beforeEach(async () => {
    phase = 'live';
    folder = await mkdtemp(join(tmpdir(), 'rialto-access-'));
    for (const show of ['kiln', 'open']) {
      await mkdir(join(folder, show));
      await writeFile(join(folder, show, 'a.mp4'), 'film');
    }
    app = await createServer({
      logger: false,
      publicUrl: 'http://shop.example',
      front: frontOf(null),
      version: 'test',
      sessionOf: async ({ cookie }) => (cookie === undefined ? null : you(cookie)),
      readiness: async () => [],
      metrics: () => '',
    });
    const poster = async () => ({ whole: Buffer.from('w'), upright: Buffer.from('u') }) as never;
    await app.register(mediaRoutes({ media: { poster }, recordingsFolder: folder, door }));
    const [drop] = announced();
    const event = { kind: drop.kind, seq: 1, dataText: JSON.stringify(drop.data) };
    const log = {
      head: async () => ({ version: 1, headHash: 'h' }),
      readPublished: async () => [event] as never,
    };
    const desk = { summary: async () => ({ phase }) as never };
    await app.register(proofRoutes({ log, desk, door }));
    await app.ready();
  });
  afterEach(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });
  const get = (url: string, cookie?: string) =>
    app.inject({ method: 'GET', url, ...(cookie ? { headers: { cookie } } : {}) });

  it('[TKT-6] a recording is for who may come in, and no cache keeps it', async () => {
    const address = '/media/recordings/kiln/a.mp4';
    expect((await get(address)).statusCode).toBe(403);
    expect((await get(address, 'ines')).json()).toMatchObject({ code: 'ticket-needed' });
    paid.add('ines seat-1');
    const found = await get(address, 'ines');
    expect([found.statusCode, found.body]).toEqual([200, 'film']);
    expect(found.headers).toMatchObject({ 'cache-control': 'private, no-store', vary: 'cookie' });
    expect(found.headers['x-own-cache']).toBeUndefined();
    const open = await get('/media/recordings/open/a.mp4');
    expect(open.headers['cache-control']).toMatch(/^public.*immutable/);
  });
  it.each([
    '/media/recordings//kiln/a.mp4',
    '/media/recordings/./kiln/a.mp4',
    '/media/recordings/open/../kiln/a.mp4',
    '/media/recordings/open/%2e%2e/kiln/a.mp4',
    '/media/recordings/open%2f..%2fkiln/a.mp4',
    '/media/recordings/%6biln/a.mp4',
    '/media/%72ecordings/kiln/a.mp4',
    '/media/recordings/%256biln/a.mp4',
    '/media/recordings/kiln%2fa.mp4',
    '/media/recordings/kiln\\a.mp4',
  ])('[TKT-6] nor by the address %s', async (url) => {
    const answer = await get(url);
    expect(answer.body).not.toBe('film');
    expect([400, 403, 404]).toContain(answer.statusCode);
  });
  it('[TKT-5] nobody outside sees its poster', async () => {
    expect((await get('/media/posters/kiln.jpg')).statusCode).toBe(403);
    expect((await get('/media/posters/open.jpg')).statusCode).toBe(200);
    paid.add('ines seat-1');
    const poster = await get('/media/posters/kiln.upright.jpg', 'ines');
    expect([poster.body, poster.headers['cache-control']]).toEqual(['u', 'private, no-store']);
  });
  it('[TKT-5] [TKT-6] the proof of its drop is for who may come in, and for everybody once it has ended', async () => {
    const address = `/api/shows/kiln/drops/${dropId}/proof`;
    expect((await get(address)).json()).toMatchObject({ code: 'ticket-needed' });
    paid.add('ines seat-1');
    expect((await get(address, 'ines')).json()).toMatchObject({ dropId });
    phase = 'ended';
    expect((await get(address)).json()).toMatchObject({ dropId });
  });
  it('[TKT-6] its picture is watched by who may come in', async () => {
    const { mayWatch } = mediaRights(
      'camera',
      async () => ({}) as never,
      door,
      {
        askAt: async () => ({ ok: false, why: 'key' }),
      },
      async (token) => (token === 'of-ines' ? ines : null),
    );
    const ask = (who: You | null, authorization?: string) =>
      mayWatch({ you: who, headers: { authorization } } as FastifyRequest, 'kiln');
    expect(await ask(null)).toEqual({ ok: false, code: 'ticket-needed' });
    paid.add('ines seat-1');
    expect(await ask(ines)).toEqual({ ok: true });
    // [TKT-10]
    expect(await ask(null, 'Bearer of-ines')).toEqual({ ok: true });
    expect(await ask(ines, 'Bearer other')).toEqual({ ok: false, code: 'watch-token-invalid' });
    paid.delete('ines seat-1');
    expect(await ask({ ...ines, role: 'owner' }, 'Bearer of-ines')).toEqual({
      ok: false,
      code: 'ticket-needed',
    });
  });
});

it('[TKT-9] those outside take the ticket and the materials off its shelf, nothing else', () => {
  const clay = { title: 'Clay', quantity: '1 kg', note: '', productId: 'clay' };
  const own = { ...clay, productId: null };
  const room = { plan: { ...plan, access: ticket, materials: [clay, own] } } as never;
  const may = (variantId: string, productId: string) =>
    isSoldOutside(room, { variantId, productId });
  expect(may('seat-1', 'seat')).toBe(true);
  expect(may('clay-white', 'clay')).toBe(true);
  expect(may('vase-lagoon', 'vase')).toBe(false);
  const everybodys = { plan: { ...plan } } as never;
  expect(isSoldOutside(everybodys, { variantId: 'seat-1', productId: 'seat' })).toBe(false);
});

describe('its socket', () => {
  it('[TKT-6] [TKT-7] closes with a code of its own, at the door and when the ticket is given back', async () => {
    const clock = new VirtualClock(Date.UTC(2026, 10, 24));
    const log = new MemoryLog();
    const engine = createEngine({ log, clock, node: 'test', deciders: [showDecider] });
    const rooms = new Rooms({
      log,
      epoch: 1,
      clock,
      countReactions: async () => undefined,
      report: (what) => expect.unreachable(what),
    });
    await engine.send(
      showStream('kiln' as ShowId),
      { kind: 'PlanShow', plan: { ...plan, access: ticket as never } },
      { commandId: 'c1' as never, by: mina },
    );
    const live = new LiveDoor({
      engine,
      rooms,
      sessionOf: async ({ cookie }) => (cookie === undefined ? null : you(cookie)),
      front: frontOf(null),
      allowOrigin: () => true,
      clock,
      random: new SeededRandom(1),
      showDoor: door,
      nonceOf: () => 'n',
      notary: { receipt: () => expect.unreachable() },
    });
    const server = createHttpServer((_, response) => response.end());
    server.on('upgrade', (request, socket, head) => live.upgrade(request, socket, head));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api/shows/kiln/live`;
    const closingOf = async (socket: WebSocket): Promise<number> =>
      (await once(socket, 'close'))[0] as number;

    expect(await closingOf(new WebSocket(url))).toBe(closeCodes.entryNeeded);
    expect(await closingOf(new WebSocket(url, { headers: { cookie: 'ines' } }))).toBe(
      closeCodes.entryNeeded,
    );
    paid.add('ines seat-1');
    paid.add('teo seat-1');
    const enters = async (cookie: string) => {
      const inside = new WebSocket(url, { headers: { cookie } });
      await once(inside, 'open');
      inside.send(JSON.stringify({ t: 'hello' }));
      const [welcome] = await once(inside, 'message');
      expect(JSON.parse(String(welcome))).toMatchObject({ t: 'welcome' });
      return inside;
    };
    const windows = [await enters('ines'), await enters('ines')];
    const stays = await enters('teo');
    paid.delete('ines seat-1');
    questions = 0;
    const closing = Promise.all(windows.map(closingOf));
    await clock.runUntil(clock.nowMs() + limits.entryCheckMs);
    expect(await closing).toEqual([closeCodes.entryNeeded, closeCodes.entryNeeded]);
    // One question for all three windows.
    expect(questions).toBe(1);
    expect(stays.readyState).toBe(WebSocket.OPEN);

    await live.close();
    server.closeAllConnections();
    server.close();
    await engine.stop();
  });
});
