import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { CommandId, OfferId, PersonId, ShowId, VariantId } from '../base/brand.ts';
import { showStream, stockStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { systemClock, systemRandom } from '../base/ports.ts';
import { type Actor, system } from '../domain/decider.ts';
import { orderDecider } from '../domain/order/order.ts';
import { showDecider } from '../domain/show/show.ts';
import { stockDecider } from '../domain/stock/stock.ts';
import type { Command, Engine } from '../engine/contract.ts';
import { createEngine } from '../engine/engine.ts';
import { MemoryLog } from '../log/memory-log.ts';
import { closeCodes } from '../protocol/close-codes.ts';
import { type ClientMessage, retryMsOf, type ServerMessage, type You } from '../protocol/socket.ts';
import { Follower } from '../publish/follower.ts';
import { Rooms } from '../publish/rooms.ts';
import { Notary } from '../receipts/notary.ts';
import { testKeys } from '../receipts/test-keys.fixture.ts';
import { verifyReceipt } from '../receipts/verify-log.ts';
import { frontOf } from './front.ts';
import { LiveDoor } from './live-socket.ts';
import { nonces } from './nonces.ts';
import { originAllowed } from './visitor.ts';

const showId = 's1' as ShowId;
const owner: Actor = { kind: 'person', id: 'owner' as PersonId, name: 'Mina', role: 'owner' };
const eur = (minor: number) => ({ minor, currency: 'EUR' });

let log: MemoryLog;
let engine: Engine;
let rooms: Rooms;
let door: LiveDoor;
let server: Server;
let url: string;
let commands = 0;
const open: WebSocket[] = [];
const reports: string[] = [];

const send = (command: Command, by: Actor = owner, stream = showStream(showId)) =>
  engine.send(stream, command, { commandId: `t${++commands}` as CommandId, by });

/** The session is the cookie itself: `session=ines.shopper`. Anything else is forged. */
const sessionOf = async (cookie: string | undefined): Promise<You | null> => {
  const match = /^session=(\w+)\.(shopper|moderator|host)$/.exec(cookie ?? '');
  return match
    ? { personId: match[1]!, name: match[1]!, role: match[2] as You['role'], guest: true }
    : null;
};

const startHouse = async (epoch: number) => {
  engine = createEngine({
    log,
    clock: systemClock,
    node: 'test',
    deciders: [showDecider, stockDecider, orderDecider],
  });
  rooms = new Rooms({
    log,
    epoch,
    countReactions: async (show, counts) => {
      await send({ kind: 'CountReactions', counts }, system, showStream(show as ShowId));
    },
    report: (what, error) => reports.push(`${what}: ${error}`),
  });
  engine.onCommitted(({ stream, events }) => rooms.committed(stream, events));
  door = new LiveDoor({
    engine,
    rooms,
    sessionOf: ({ cookie }) => sessionOf(cookie),
    front: frontOf(1),
    allowOrigin: (origin, host) => originAllowed(origin, host, 'https://shop.example'),
    clock: systemClock,
    nonceOf: nonces('a secret'),
    notary: new Notary(testKeys()),
    random: systemRandom,
    report: (what, error) => reports.push(`${what}: ${error}`),
  });
  server = createServer((_request, response) => response.end());
  server.on('upgrade', (request, socket, head) => {
    if (!door.upgrade(request, socket, head)) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api/shows/${showId}/live`;
};

const stopHouse = async () => {
  await door.close();
  await engine.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
};

beforeEach(async () => {
  reports.length = 0;
  log = new MemoryLog();
  await startHouse(1);
  const plan = {
    title: 'Kiln night',
    showKind: 'demonstration',
    startsAtMs: 0,
    hostId: 'owner' as PersonId,
  } as const;
  const variants = [{ variantId: 'v1' as VariantId, title: '', price: eur(4200) }];
  await send({ kind: 'CountStock', onHand: 50 }, owner, stockStream('v1' as VariantId));
  await send({
    kind: 'PlanShow',
    plan: { ...plan, hostName: 'Mina', shopName: 'Laguna', disclosure: 'own-brand', isDemo: false },
  });
  await send({
    kind: 'StockShelf',
    items: [
      { productId: 'p1' as never, title: 'Bowl', imageUrl: null, variants, provenance: null },
    ],
  });
  await send({ kind: 'GoLive' });
  await send({
    kind: 'OpenOffer',
    terms: {
      offerId: 'o1' as OfferId,
      productId: 'p1' as never,
      title: 'Bowl',
      variants: [{ ...variants[0]!, price: eur(3000), usualPrice: eur(4200), quantity: 5 }],
      perPersonMax: 2,
      durationMs: 600_000,
      holdMs: 60_000,
    },
  });
  await send(
    {
      kind: 'ConfirmAllocation',
      offerId: 'o1' as OfferId,
      variantId: 'v1' as VariantId,
      quantity: 5,
    },
    system,
  );
});

afterEach(async () => {
  for (const ws of open.splice(0)) ws.terminate();
  await stopHouse();
  expect(reports).toEqual([]);
});

/** A client that keeps what it hears and can wait for a message. */
class Client {
  readonly ws: WebSocket;
  readonly follower: Follower;
  readonly heard: ServerMessage[] = [];
  closed: { code: number; reason: string } | null = null;
  #waiting: {
    wanted: (message: ServerMessage) => boolean;
    resolve: (message: ServerMessage) => void;
  }[] = [];

  constructor(
    headers: Record<string, string> = {},
    follower = new Follower(limits.chatWindowMax),
    address = url,
  ) {
    this.follower = follower;
    this.ws = new WebSocket(address, { headers, perMessageDeflate: false });
    open.push(this.ws);
    this.ws.on('error', () => {});
    this.ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    this.ws.on('message', (data) => {
      const message = JSON.parse(String(data)) as ServerMessage;
      this.heard.push(message);
      this.follower.hear(message);
      this.#waiting = this.#waiting.filter(({ wanted, resolve }) => {
        if (!wanted(message)) return true;
        resolve(message);
        return false;
      });
    });
  }

  /** The next message that fits; one that came already counts. */
  hears<T extends ServerMessage['t']>(
    t: T,
    fits: (message: Extract<ServerMessage, { t: T }>) => boolean = () => true,
  ): Promise<Extract<ServerMessage, { t: T }>> {
    const wanted = (message: ServerMessage) =>
      message.t === t && fits(message as Extract<ServerMessage, { t: T }>);
    const known = this.heard.find(wanted);
    if (known) return Promise.resolve(known as Extract<ServerMessage, { t: T }>);
    return new Promise((resolve) =>
      this.#waiting.push({ wanted, resolve: resolve as (message: ServerMessage) => void }),
    );
  }

  say(message: ClientMessage): void {
    this.ws.send(JSON.stringify(message));
  }

  async enter(): Promise<this> {
    await once(this.ws, 'open');
    this.say({ t: 'hello', position: this.follower.position ?? undefined });
    await this.hears('welcome');
    return this;
  }

  async leaves(): Promise<{ code: number; reason: string }> {
    while (this.closed === null) await new Promise((resolve) => this.ws.once('close', resolve));
    return this.closed;
  }

  answer(id: string) {
    return Promise.race([
      this.hears('done', (message) => message.id === id),
      this.hears('refused', (message) => message.id === id),
    ]);
  }
}

const session = (name: string, role = 'shopper') => ({ cookie: `session=${name}.${role}` });
const enter = (headers: Record<string, string> = {}) => new Client(headers).enter();

describe('who may come in', () => {
  it('[PUB-11] is anyone, to watch', async () => {
    const client = await enter();
    expect(client.heard[0]).toMatchObject({
      t: 'welcome',
      you: null,
      room: { phase: 'live' },
      pulse: null,
    });
  });

  it('[PUB-11] is refused before the upgrade when the page is of another site', async () => {
    const client = new Client({ origin: 'https://evil.example' });
    const [, response] = (await once(client.ws, 'unexpected-response')) as [
      unknown,
      IncomingMessage,
    ];
    const body = await response.toArray();
    expect(response.statusCode).toBe(403);
    expect(response.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(Buffer.concat(body).toString())).toMatchObject({ code: 'origin-refused' });
    expect((await enter({ origin: 'https://shop.example' })).heard[0]?.t).toBe('welcome');
  });

  it('[PUB-11] is counted by the address that a trusted proxy passes on, and asked for the host there', async () => {
    const at = (address: string) => ({ 'x-forwarded-for': address });
    await enter(at('198.51.100.1'));
    await enter(at('1.1.1.1, 198.51.100.1'));
    await enter(at('198.51.100.2'));
    expect(door.dump()).toMatchObject({ sockets: 3, addresses: 2 });
    const headers = { origin: 'https://other.example', 'x-forwarded-host': 'other.example' };
    expect((await enter(headers)).heard[0]?.t).toBe('welcome');
  });

  it('[PUB-11] is nobody with a forged session: they watch as strangers', async () => {
    const client = await enter({ cookie: 'session=owner.owner' });
    expect(client.heard[0]).toMatchObject({ t: 'welcome', you: null });
    client.say({ t: 'chat', id: 'c1', text: 'let me in' });
    client.say({ t: 'claim', id: 'c2', offerId: 'o1', variantId: 'v1', quantity: 1 });
    client.say({ t: 'release', id: 'c3', holdId: 'h' });
    for (const id of ['c1', 'c2', 'c3']) {
      expect(await client.answer(id)).toMatchObject({
        t: 'refused',
        problem: { code: 'sign-in-needed', status: 401 },
      });
    }
  });

  it('[PUB-11] hears that there is no such show', async () => {
    const client = new Client({}, undefined, url.replace(showId, 'nowhere'));
    expect((await client.leaves()).code).toBe(closeCodes.showUnknown);
  });

  it('leaves other addresses to others', async () => {
    const client = new Client({}, undefined, url.replace('/live', '/other'));
    expect((await client.leaves()).code).toBe(1006);
  });
});

describe('what is said', () => {
  it('[PUB-12] chat is answered after commit, seen by all, and repeated once', async () => {
    const ines = await enter(session('ines'));
    const jo = await enter(session('jo'));
    ines.say({ t: 'chat', id: 'same', text: 'hello all' });
    const done = await ines.answer('same');
    ines.say({ t: 'chat', id: 'same', text: 'hello all' });
    jo.say({ t: 'chat', id: 'same', text: 'my own' });
    await jo.hears('frame', ({ m }) => m.some((one) => one.t === 'chat' && one.text === 'my own'));
    expect(done).toMatchObject({ t: 'done', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(jo.follower.room?.chat.map(({ text, name }) => `${name}: ${text}`)).toEqual([
      'ines: hello all',
      'jo: my own',
    ]);
    expect(jo.follower.room?.chat[0]?.seq).toBe(done.t === 'done' && done.seq);
  });

  it('[PUB-12] a claim gives a hold, the same one when it is repeated, also from another socket', async () => {
    const phone = await enter(session('ines'));
    const desk = await enter(session('ines'));
    const claim = { t: 'claim', id: 'k1', offerId: 'o1', variantId: 'v1', quantity: 1 } as const;
    phone.say(claim);
    const first = await phone.answer('k1');
    desk.say(claim);
    expect(await desk.answer('k1')).toMatchObject({
      t: 'done',
      holdId: first.t === 'done' && first.holdId,
    });
    const { m } = await desk.hears('you');
    expect(m).toEqual([
      {
        t: 'hold',
        hold: expect.objectContaining({ offerId: 'o1', quantity: 1, unitPrice: eur(3000) }),
      },
    ]);
    expect(phone.heard.findIndex(({ t }) => t === 'you')).toBeLessThan(
      phone.heard.findIndex(({ t }) => t === 'done'),
    );
    phone.say({ t: 'release', id: 'r1', holdId: m[0]!.t === 'hold' ? m[0]!.hold.holdId : '' });
    expect(await phone.answer('r1')).toMatchObject({ t: 'done' });
    await desk.hears('you', (message) => message.m[0]?.t === 'hold-ended');
    // The room's frame may leave after what is for one alone.
    await desk.hears('frame', ({ m: said }) =>
      said.some((one) => one.t === 'offer' && one.figures.left === 5 && one.figures.inCarts === 0),
    );
    expect(desk.follower.room?.offers[0]?.figures.v1).toMatchObject({ left: 5, inCarts: 0 });
  });

  it('[RCP-2] a claim is answered with its signed receipt, also when it is repeated; words are not', async () => {
    const phone = await enter(session('ines'));
    const claim = { t: 'claim', id: 'k1', offerId: 'o1', variantId: 'v1', quantity: 1 } as const;
    phone.say(claim);
    const first = await phone.answer('k1');
    const desk = await enter(session('ines'));
    desk.say(claim);
    const again = await desk.answer('k1');
    if (first.t !== 'done' || again.t !== 'done') throw new Error('the claim was refused');
    const { seq, hash, atMs, receipt } = first;
    expect(receipt).toMatchObject({ show: showId, seq, hash, atMs, kind: 'HoldPlaced' });
    expect(again.receipt).toEqual(receipt);
    expect(verifyReceipt(receipt!, testKeys().keys)).toMatchObject({ ok: true });
    const [event] = await log.readPublished(showStream(showId), seq, 1);
    expect(event).toMatchObject({ kind: 'HoldPlaced', hash });
    phone.say({ t: 'chat', id: 'm1', text: 'mine' });
    const word = await phone.answer('m1');
    expect(word).toMatchObject({ t: 'done' });
    expect(word).not.toHaveProperty('receipt');
  });

  it('[PUB-12] a claim that can’t be is refused with its reason', async () => {
    const client = await enter(session('ines'));
    const wishes = [
      ['q0', 'o1', 'v1', 0, 'quantity-invalid'],
      ['q-1', 'o1', 'v1', -1, 'quantity-invalid'],
      ['q1e9', 'o1', 'v1', 1e9, 'quantity-invalid'],
      ['q1.5', 'o1', 'v1', 1.5, 'quantity-invalid'],
      ['v', 'o1', 'v9', 1, 'variant-not-offered'],
      ['o', 'o9', 'v1', 1, 'offer-unknown'],
      ['p', 'o1', 'v1', 3, 'per-person-limit'],
    ] as const;
    for (const [id, offerId, variantId, quantity, code] of wishes) {
      const clean = id.replace(/\W/g, '_');
      client.say({ t: 'claim', id: clean, offerId, variantId, quantity });
      expect(await client.answer(clean)).toMatchObject({ t: 'refused', problem: { code } });
    }
    client.say({ t: 'claim', id: 'k1', offerId: 'o1', variantId: 'v1', quantity: 1 });
    await client.answer('k1');
    client.heard.length = 0;
    client.say({ t: 'claim', id: 'k1', offerId: 'o1', variantId: 'v1', quantity: 2 });
    expect(await client.answer('k1')).toMatchObject({
      t: 'refused',
      problem: { code: 'command-id-reused' },
    });
  });

  it('[PUB-12] chat that is too long keeps the socket and says how long it may be', async () => {
    const client = await enter(session('ines'));
    for (const [id, length] of [
      ['a', limits.chatTextMax + 1],
      ['b', 6_000],
    ] as const) {
      client.say({ t: 'chat', id, text: 'x'.repeat(length) });
      expect(await client.answer(id)).toMatchObject({
        t: 'refused',
        problem: { code: 'message-too-long', max: limits.chatTextMax },
      });
    }
  });

  it('[PUB-12] more than so many messages a second are refused, and far more end the socket', async () => {
    const client = await enter(session('ines'));
    const { socketMessagesPerSecond: perSecond, socketRefusedMax } = limits;
    for (let index = 0; index < perSecond * 2 + socketRefusedMax + 60; index += 1) {
      client.say({ t: 'chat', id: `n${index}`, text: 'spam' });
    }
    expect(
      await client.hears('refused', ({ problem }) => problem.code === 'too-many-requests'),
    ).toMatchObject({
      problem: { status: 429, retryAfterMs: expect.any(Number) },
    });
    const { code, reason } = await client.leaves();
    expect(code).toBe(closeCodes.tooMany);
    expect(retryMsOf(reason)).toBeGreaterThan(0);
  });

  it('[PUB-7] reactions reach everyone and the log', async () => {
    const ines = await enter(session('ines'));
    const other = await enter();
    ines.say({ t: 'react', reaction: 'heart', count: 3 });
    await other.hears('frame', ({ m }) =>
      m.some((one) => one.t === 'reactions' && one.totals.heart === 3),
    );
  });

  it('[PUB-12] a ping brings the server’s time, and how late the picture is', async () => {
    const client = await enter();
    client.say({ t: 'ping', sentMs: 42, pictureDelayMs: 310, watchBy: 'hls' });
    expect(await client.hears('pong')).toMatchObject({ sentMs: 42, atMs: expect.any(Number) });
    expect(rooms.pictureDelayP95Ms(showId)).toBe(310);
  });

  it('[HEA-1] a ping says by which way the picture comes: people of the crowd are counted, each once', async () => {
    const watching = () =>
      (['webrtc', 'hls'] as const).map((watchBy) => rooms.watching(showId, watchBy));
    const stranger = await enter();
    const pages = [await enter(session('ines')), await enter(session('ines'))];
    const host = await enter(session('otto', 'host'));
    let sentMs = 0;
    const tell = async (client: typeof stranger, watchBy?: 'webrtc' | 'hls') => {
      sentMs += 1;
      client.say({ t: 'ping', sentMs, ...(watchBy ? { watchBy } : {}) });
      await client.hears('pong', (pong) => pong.sentMs === sentMs);
    };
    expect(watching()).toEqual([0, 0]);
    for (const client of [stranger, ...pages, host]) await tell(client, 'hls');
    expect(watching()).toEqual([0, 2]);
    await tell(stranger, 'webrtc');
    expect(watching()).toEqual([1, 1]);
    // No picture on the page: nothing is watched.
    await tell(stranger);
    expect(watching()).toEqual([0, 1]);
  });
});

describe('what is not a message', () => {
  it.each([
    ['no JSON', '{"t":'],
    ['another language', '{"jsonrpc":"2.0"}'],
    ['a word that nobody knows', '{"t":"shout"}'],
    ['a wrong reaction', '{"t":"react","reaction":"poison","count":1}'],
    ['too many taps at once', '{"t":"react","reaction":"heart","count":1000000}'],
    ['nothing', ''],
    ['null', 'null'],
  ])('[PUB-12] %s ends the socket', async (_what, text) => {
    const client = await enter(session('ines'));
    client.ws.send(text);
    expect(await client.leaves()).toEqual({ code: closeCodes.badMessage, reason: '' });
  });

  it('[PUB-12] bytes end the socket', async () => {
    const client = await enter();
    client.ws.send(Buffer.from([1, 2, 3]));
    expect((await client.leaves()).code).toBe(closeCodes.badMessage);
  });

  it('[PUB-12] a word before hello ends the socket', async () => {
    const client = new Client(session('ines'));
    await once(client.ws, 'open');
    client.say({ t: 'chat', id: 'c1', text: 'hi' });
    expect((await client.leaves()).code).toBe(closeCodes.badMessage);
  });

  it('[PUB-12] a message with an id and wrong fields is refused by name', async () => {
    const client = await enter(session('ines'));
    client.ws.send(
      JSON.stringify({ t: 'claim', id: 'c1', offerId: '../../etc', variantId: 'v1', quantity: 1 }),
    );
    expect(await client.answer('c1')).toMatchObject({
      problem: { code: 'request-invalid', errors: [expect.objectContaining({ field: 'offerId' })] },
    });
  });

  it('[PUB-12] a message of 1 MB ends this socket alone', async () => {
    const client = await enter(session('ines'));
    const beside = await enter(session('jo'));
    client.ws.send(JSON.stringify({ t: 'chat', id: 'c1', text: 'x'.repeat(1024 * 1024) }));
    expect((await client.leaves()).code).toBe(1009);
    beside.say({ t: 'chat', id: 'c2', text: 'still here' });
    expect(await beside.answer('c2')).toMatchObject({ t: 'done' });
  });
});

describe('a line that breaks', () => {
  it('[PUB-3] loses and doubles nothing', async () => {
    const follower = new Follower(limits.chatWindowMax);
    const client = await new Client(session('ines'), follower).enter();
    const jo = await enter(session('jo'));
    jo.say({ t: 'chat', id: 'a', text: 'before' });
    await client.hears('frame', ({ m }) => m.some(({ t }) => t === 'chat'));
    client.ws.terminate();
    jo.say({ t: 'chat', id: 'b', text: 'while away' });
    jo.say({ t: 'claim', id: 'k', offerId: 'o1', variantId: 'v1', quantity: 2 });
    await Promise.all([jo.answer('b'), jo.answer('k')]);
    const back = await new Client(session('ines'), follower).enter();
    await back.hears('frame', ({ lane }) => lane === 'slow');
    expect(back.heard[0]).toMatchObject({ t: 'welcome', room: null });
    jo.say({ t: 'chat', id: 'c', text: 'after' });
    await back.hears('frame', ({ m }) => m.some((one) => one.t === 'chat' && one.text === 'after'));
    expect(follower.room?.chat.map(({ text }) => text)).toEqual(['before', 'while away', 'after']);
    expect(follower.room?.offers[0]?.figures.v1).toEqual({ left: 3, inCarts: 2, sold: 0 });
    expect(follower.snapshots).toBe(1);
  });

  it('[PUB-3] and a server that comes back in a new epoch: the crowd is told when to return, and gets the room', async () => {
    const follower = new Follower(limits.chatWindowMax);
    const client = await new Client(session('ines'), follower).enter();
    client.say({ t: 'chat', id: 'a', text: 'before' });
    await client.answer('a');
    const closing = client.leaves();
    await stopHouse();
    const { code, reason } = await closing;
    expect(code).toBe(closeCodes.shuttingDown);
    expect(retryMsOf(reason)).toBeGreaterThan(0);
    await startHouse(2);
    const back = await new Client(session('ines'), follower).enter();
    expect(back.heard[0]).toMatchObject({ t: 'welcome', epoch: 2, room: { phase: 'live' } });
    expect(follower.room?.chat.map(({ text }) => text)).toEqual(['before']);
    back.say({ t: 'chat', id: 'a', text: 'before' });
    expect(await back.answer('a')).toMatchObject({ t: 'done' });
    expect(follower.room?.chat).toHaveLength(1);
  });

  it('[PUB-9] a socket that never reads is closed, and the others don’t notice', async () => {
    const { port } = server.address() as AddressInfo;
    const raw = connect(port, '127.0.0.1');
    const key = Buffer.alloc(16).toString('base64');
    raw.write(
      `GET /api/shows/${showId}/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    await once(raw, 'data');
    // `{"t":"hello"}` as a masked frame with an empty mask; from here on nothing is read.
    const hello = Buffer.from('{"t":"hello"}');
    raw.write(Buffer.concat([Buffer.from([0x81, 0x80 | hello.length, 0, 0, 0, 0]), hello]));
    raw.pause();
    const beside = await enter(session('jo'));
    await expect.poll(() => rooms.viewers(showId)).toBe(2);
    // Big changes that go through the fast lane, which nothing is ever withheld from.
    const story = 'x'.repeat(2_000);
    for (let round = 0; round < 400 && rooms.viewers(showId) > 1; round += 1) {
      const items = Array.from({ length: 20 }, (_, index) => ({
        productId: (index === 0 ? 'p1' : `q${index}`) as never,
        title: `Bowl ${round}`,
        imageUrl: null,
        variants: [
          { variantId: (index === 0 ? 'v1' : `w${index}`) as VariantId, title: '', price: eur(1) },
        ],
        provenance: {
          maker: '',
          origin: '',
          materials: '',
          serialNumber: '',
          certificate: '',
          condition: '',
          story,
        },
      }));
      await send({ kind: 'StockShelf', items });
      await beside.hears('frame', ({ m }) =>
        m.some((one) => one.t === 'shelf' && one.items[0]?.title === `Bowl ${round}`),
      );
      beside.heard.length = 0;
    }
    expect(rooms.viewers(showId)).toBe(1);
    beside.say({ t: 'chat', id: 'c1', text: 'still here' });
    expect(await beside.answer('c1')).toMatchObject({ t: 'done' });
    raw.destroy();
  }, 30_000);
});
