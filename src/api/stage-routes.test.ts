// The doors of the stage over the real engine and a media plane of a few lines: who may do what, what is told to whom,
// and whose lines end when. That media flows is a story of its own, in e2e.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type PersonId, type ShowId, showStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { systemClock, systemRandom } from '../base/ports.ts';
import type { Actor } from '../domain/decider.ts';
import { showDecider } from '../domain/show/show.ts';
import type { Command } from '../engine/contract.ts';
import { createEngine } from '../engine/engine.ts';
import { MemoryLog } from '../log/memory-log.ts';
import type { You } from '../protocol/socket.ts';
import type { GuestInvited, GuestList, StageView } from '../protocol/stage.ts';
import { stageDoors } from './stage-routes.ts';
import { type TestServer, testServer } from './test-server.fixture.ts';

const showId = 's1' as ShowId;
const owner: Actor = { kind: 'person', id: 'mina' as PersonId, name: 'Mina', role: 'owner' };
const people: Readonly<Record<string, You>> = {
  mina: { personId: 'mina', name: 'Mina', role: 'owner', guest: false },
  teo: { personId: 'teo', name: 'Teo', role: 'moderator', guest: false },
  ines: { personId: 'ines', name: 'ines_w', role: 'shopper', guest: true },
};

let log: MemoryLog;
let engine: ReturnType<typeof createEngine>;
let app: TestServer;
/** Lines that are open: `publisher stage.s1.host`. */
let lines: Map<string, string>;
/** Runs in the middle of opening a line. */
let meanwhile: () => Promise<unknown>;

const send = (command: Command) =>
  engine.send(showStream(showId), command, { commandId: systemRandom.id() as never, by: owner });

beforeEach(async () => {
  log = new MemoryLog();
  engine = createEngine({ log, clock: systemClock, node: 'one', deciders: [showDecider] });
  lines = new Map();
  meanwhile = async () => {};
  let count = 0;
  const begin = async (role: string, place: string) => {
    await meanwhile();
    const sessionId = `line-${++count}`;
    lines.set(sessionId, `${role} ${place}`);
    return { sessionId, answerSdp: 'v=0' };
  };
  app = await testServer(people);
  await app.register(
    stageDoors({
      ...{ engine, log, clock: systemClock, random: systemRandom },
      publicUrl: 'http://shop.example',
      media: {
        publish: (place) => begin('send', place),
        watch: (place) => begin('watch', place),
        leave: async (sessionId) => lines.delete(sessionId),
        session: (sessionId) =>
          lines.has(sessionId) ? { showId: 'any', role: 'viewer', iceUfrag: null } : undefined,
      },
    }),
  );
  const plan = {
    title: 'Silver',
    showKind: 'demonstration',
    startsAtMs: 0,
    hostId: 'mina' as PersonId,
    hostName: 'Mina',
    shopName: 'Laguna',
    disclosure: 'own-brand',
    isDemo: false,
  } as const;
  await send({ kind: 'PlanShow', plan });
  await send({ kind: 'GoLive' });
});
afterEach(async () => {
  await app.close();
  await engine.stop();
});

type Asked = { status: number; code: string | undefined; body: unknown };
/** `who` is a name with a cookie, or a link. */
const ask = async (
  who: string,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
) => {
  const isLink = who.includes('#');
  const isSdp = typeof body === 'string';
  const answer = await app.inject({
    method,
    url: `/api/shows/${showId}/${path}`,
    headers: {
      ...(isLink ? { authorization: `Bearer ${who.split('#')[1]}` } : { cookie: `who=${who}` }),
      ...(isSdp ? { 'content-type': 'application/sdp' } : {}),
    },
    ...(body === undefined ? {} : { payload: body as string }),
  });
  const isJson = answer.headers['content-type']?.toString().includes('json') ?? false;
  const json = isJson ? answer.json() : null;
  return { status: answer.statusCode, code: json?.code, body: json } satisfies Asked;
};
const invite = async () => (await ask('mina', 'POST', 'guests')).body as GuestInvited;
const arrive = async (name: string) => {
  const guest = await invite();
  expect((await ask(guest.link, 'POST', 'stage/join', { name })).status).toBe(200);
  return guest;
};
const direct = (guestId: string, act: string, body?: object) =>
  ask('mina', 'POST', `guests/${guestId}/${act}`, body);
const open = (who: string, seat: string, role: 'send' | 'watch') =>
  ask(who, 'POST', `stage/seats/${seat}/${role}`, 'v=0');

describe('the doors of the stage', () => {
  test('[STG-1] the crew’s doors are the crew’s; a moderator sees and directs nothing', async () => {
    const { guestId } = await arrive('Ann');
    for (const who of ['ines', '']) {
      const { code } = await ask(who, 'GET', 'guests');
      expect(code).toBe(who ? 'not-allowed' : 'sign-in-needed');
    }
    expect((await ask('teo', 'GET', 'guests')).body).toMatchObject({ guests: [{ name: 'Ann' }] });
    for (const path of ['guests', `guests/${guestId}/admit`, `guests/${guestId}/remove`])
      for (const who of ['teo', 'ines'])
        expect((await ask(who, 'POST', path)).code).toBe('not-allowed');
  });

  test('[STG-4] the link is told once, and stands nowhere else', async () => {
    const { link, guestId } = await invite();
    expect(link).toMatch(/^http:\/\/shop\.example\/on-stage\/s1#\w+\.\w{40}$/);
    const token = link.split('.').at(-1) ?? '';
    const { body } = await ask('mina', 'GET', 'guests');
    expect(JSON.stringify(body)).not.toContain(token);
    expect(body).toMatchObject({ guests: [{ guestId, phase: 'invited' }] });
    expect(JSON.stringify(body)).not.toContain('tokenHash');
    expect(JSON.stringify(await log.read(showStream(showId), 1, 100))).not.toContain(token);
    const published = JSON.stringify(await log.readPublished(showStream(showId), 1, 100));
    expect(published).toContain('GuestInvited');
    expect(published).not.toContain('tokenHash');
  });

  test('[STG-5] a wrong link opens no door', async () => {
    const { link, guestId } = await invite();
    const other = await invite();
    const mixed = `#${guestId}.${other.link.split('.').at(-1)}`;
    for (const wrong of ['#', `${link}x`, mixed]) {
      expect((await ask(wrong, 'GET', 'stage')).code).toBe('stage-link-invalid');
      expect((await ask(wrong, 'POST', 'stage/join', { name: 'Eve' })).code).toBe(
        'stage-link-invalid',
      );
      expect((await open(wrong, guestId, 'send')).code).toBe('stage-link-invalid');
    }
    expect(lines.size).toBe(0);
  });

  test('[STG-7] everybody sends to their own seat alone, and sees whom they may', async () => {
    const [ann, ben] = [await arrive('Ann'), await arrive('Ben')];
    const status = async (who: string, seat: string, role: 'send' | 'watch') => {
      const { status, code } = await open(who, seat, role);
      return status === 201 ? 'open' : code;
    };
    // In the wings: seen by the crew, seeing nobody.
    expect(await status(ann.link, ann.guestId, 'send')).toBe('open');
    expect(await status('teo', ann.guestId, 'watch')).toBe('open');
    expect(await status(ann.link, 'host', 'watch')).toBe('not-allowed');
    expect(await status(ann.link, ben.guestId, 'send')).toBe('not-allowed');
    expect(await status(ann.link, 'host', 'send')).toBe('not-allowed');
    expect(await status('teo', 'host', 'send')).toBe('not-allowed');
    expect(await status('ines', ann.guestId, 'watch')).toBe('not-allowed');
    await direct(ann.guestId, 'admit');
    expect(await status(ann.link, 'host', 'watch')).toBe('open');
    expect(await status(ann.link, ben.guestId, 'watch')).toBe('stage-guest-away');
    expect(await status(ann.link, ann.guestId, 'watch')).toBe('not-allowed');
    await direct(ben.guestId, 'admit');
    expect(await status(ann.link, ben.guestId, 'watch')).toBe('open');
    expect(await status('mina', 'host', 'send')).toBe('open');
    expect(await status('mina', ann.guestId, 'send')).toBe('not-allowed');
    expect(new Set(lines.values())).toContain(`send stage.s1.${ann.guestId}`);
  });

  test('[STG-8] who is removed loses what they send and see at once', async () => {
    const [ann, ben] = [await arrive('Ann'), await arrive('Ben')];
    for (const { guestId } of [ann, ben]) await direct(guestId, 'admit');
    await open(ann.link, ann.guestId, 'send');
    await open(ann.link, 'host', 'watch');
    await open(ben.link, ben.guestId, 'send');
    await open(ben.link, ann.guestId, 'watch');
    await direct(ann.guestId, 'remove');
    expect([...lines.values()]).toEqual([`send stage.s1.${ben.guestId}`]);
    expect((await open(ann.link, ann.guestId, 'send')).code).toBe('stage-link-invalid');
    expect((await ask(ann.link, 'GET', 'stage')).code).toBe('stage-link-invalid');
  });

  test('[STG-8] who is removed while their line is made doesn’t keep it', async () => {
    const ann = await arrive('Ann');
    meanwhile = () => direct(ann.guestId, 'remove');
    expect((await open(ann.link, ann.guestId, 'send')).code).toBe('stage-link-invalid');
    expect(lines.size).toBe(0);
  });

  test('[STG-2] the end of the show ends every line', async () => {
    const ann = await arrive('Ann');
    await direct(ann.guestId, 'admit');
    await open(ann.link, ann.guestId, 'send');
    await open('mina', 'host', 'send');
    await send({ kind: 'EndShow' });
    expect(lines.size).toBe(0);
    expect((await open(ann.link, ann.guestId, 'send')).code).toBe('show-ended');
    expect((await ask(ann.link, 'POST', 'stage/join', { name: 'Ann' })).code).toBe('show-ended');
    const { show, others } = (await ask(ann.link, 'GET', 'stage')).body as StageView;
    expect([show.phase, others]).toEqual(['over', []]);
  });

  test('[STG-3] [STG-10] a guest who waits hears at once that they are on, and whom they see', async () => {
    const ann = await arrive('Ann');
    const { version, me } = (await ask(ann.link, 'GET', 'stage')).body as StageView;
    expect(me.phase).toBe('wings');
    const waiting = ask(ann.link, 'GET', `stage?after=${version}`);
    // The question is there before its answer comes about.
    await new Promise((resolve) => setImmediate(resolve));
    await direct(ann.guestId, 'admit');
    const now = (await waiting).body as StageView;
    expect(now.version).toBeGreaterThan(version);
    expect(now.me.phase).toBe('stage');
    expect(now.others).toEqual([{ seat: 'host', name: 'Mina', muted: false }]);
  });

  test('[STG-6] a guest mutes themselves; the crew’s mute isn’t theirs to lift', async () => {
    const ann = await arrive('Ann');
    await direct(ann.guestId, 'admit');
    await direct(ann.guestId, 'mute', { muted: true });
    await ask(ann.link, 'POST', 'stage/mute', { muted: false });
    const list = (await ask('mina', 'GET', 'guests')).body as GuestList;
    expect(list.guests[0]).toMatchObject({ mutedByCrew: true, mutedBySelf: false });
  });

  test('[STG-3] as many lines as a stage needs, and no more', async () => {
    const ann = await arrive('Ann');
    const seats = limits.stageSessionsMax;
    for (let line = 0; line < seats; line += 1)
      expect((await open('mina', ann.guestId, 'watch')).status).toBe(201);
    expect((await open('mina', ann.guestId, 'watch')).code).toBe('stage-busy');
    lines.clear();
    expect((await open('mina', ann.guestId, 'watch')).status).toBe(201);
  });
});
