import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type {
  HoldId,
  MessageId,
  OfferId,
  OrderId,
  PollId,
  SegmentId,
  ShowId,
  VariantId,
} from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { type Actor, system } from '../domain/decider.ts';
import { closeCodes } from '../protocol/close-codes.ts';
import type { Room } from '../protocol/room.ts';
import type { CrewMessage, ServerMessage } from '../protocol/socket.ts';
import { type Guest, House, you } from './house.fixture.ts';
import { liveShow, openOffer, person } from './recorded-show.fixture.ts';

const frames = (guest: Guest, lane: 'fast' | 'slow') =>
  guest.heard.filter((message) => message.t === 'frame' && message.lane === lane) as Extract<
    ServerMessage,
    { t: 'frame' }
  >[];
const lines = (guest: Guest) => guest.follower.room?.chat.map(({ text }) => text);
const comparable = (room: Room | null) => ({ ...room, viewers: 0 });

let house: House;
let posted = 0;
const say = (text: string, by: Actor = person('ines')) =>
  house.recorded.show(
    { kind: 'PostMessage', messageId: `m${++posted}` as MessageId, text, replyTo: null },
    by,
  );
const claim = (holdId: string, by: Actor, quantity = 1) =>
  house.recorded.show(
    {
      kind: 'Claim',
      offerId: 'o1' as OfferId,
      variantId: 'v1' as VariantId,
      quantity,
      holdId: holdId as HoldId,
    },
    by,
  );

beforeEach(() => {
  house = new House(liveShow());
});

describe('a room', () => {
  it('[PUB-1] is null for a show that nobody planned', async () => {
    expect(await house.rooms.open('nowhere' as never)).toBeNull();
    expect(house.rooms.dump().rooms).toEqual([]);
  });

  it('[PUB-1] greets a newcomer with what the log says', async () => {
    openOffer(house.recorded, 'o1', 10);
    claim('h1', person('ines'));
    say('hello');
    const guest = await house.join(null);
    const { room } = guest.follower;
    expect(room).toMatchObject({ phase: 'live', plan: { title: 'Kiln night' }, viewers: 1 });
    expect(room?.stock).toEqual({
      v1: { available: 30, inCarts: 0 },
      v2: { available: 9, inCarts: 0 },
      v3: { available: 5, inCarts: 0 },
    });
    expect(room?.offers[0]?.figures).toEqual({ v1: { left: 9, inCarts: 1, sold: 0 } });
    expect(lines(guest)).toEqual(['hello']);
  });

  it('[PUB-1] knows when each segment was entered, also after a restart', async () => {
    const crew = await house.join(you('mod', 'moderator'));
    const [hook, offer] = ['hook', 'offer'] as SegmentId[];
    const segments = [hook!, offer!].map((segmentId) => ({
      segmentId,
      title: segmentId,
      beat: 'hook' as const,
      minutes: 5,
      notes: '',
      productIds: [],
    }));
    house.recorded.show({ kind: 'ArrangeSegments', segments });
    for (const segmentId of [hook!, offer!, hook!]) {
      house.recorded.show({ kind: 'EnterSegment', segmentId });
      await house.pass(60_000);
    }
    const visits = crew.follower.room!.visits;
    expect(visits.map(({ segmentId }) => segmentId)).toEqual([hook, offer, hook]);
    expect(visits[1]!.atMs - visits[0]!.atMs).toBe(60_000);
    const restarted = await new House(house.recorded, 8).join(null);
    expect(restarted.follower.room!.visits).toEqual(visits);
  });

  it('[PUB-2] tells everyone the same bytes', async () => {
    const first = await house.join(null);
    const second = await house.join(you('jo'));
    first.wire.written.length = second.wire.written.length = 0;
    house.recorded.show({ kind: 'PinProduct', productId: 'p1' as never });
    await house.settle();
    expect(first.wire.written.length).toBe(1);
    expect(first.wire.written[0]).toBe(second.wire.written[0]);
  });

  it('[PUB-3] gives one who comes back only what is missing, and the true figures', async () => {
    openOffer(house.recorded, 'o1', 10);
    const guest = await house.join(you('ines'));
    say('before');
    await house.pass(100);
    guest.feed.leave(guest.member);
    say('while away');
    claim('h1', person('ines'));
    house.recorded.stock('v2', { kind: 'CountStock', onHand: 8 });
    await house.pass(100);
    const back = await house.join(you('ines'), guest.follower.position!, guest.follower);
    expect(back.heard[0]).toMatchObject({ t: 'welcome', room: null, holds: [{ holdId: 'h1' }] });
    expect(back.follower.snapshots).toBe(1);
    expect(lines(back)).toEqual(['before', 'while away']);
    expect(comparable(back.follower.room)).toEqual(comparable(back.feed.show.room));
  });

  it('[PUB-3] starts one over who stood in another epoch, ahead of the log, or too far behind', async () => {
    const guest = await house.join(null);
    const { position } = guest.follower;
    for (const wrong of [
      { ...position!, epoch: 6 },
      { ...position!, fast: 9_999 },
      { ...position!, slow: 9_999 },
      { ...position!, fast: 0, slow: 0 },
    ]) {
      const back = await house.join(null, wrong);
      expect(back.heard[0]).toMatchObject({ t: 'welcome', room: { phase: 'live' } });
    }
  });

  it('[PUB-3] says that chat is missing when more was written than a newcomer gets', async () => {
    const guest = await house.join(null);
    for (let index = 0; index < limits.chatWindowMax + 10; index += 1) {
      say(`line ${index}`, person(`p${index}`));
      await house.pass(100);
    }
    const back = await house.join(null, { ...guest.follower.position!, slow: 3 });
    expect(back.heard[0]).toMatchObject({ t: 'welcome', room: { phase: 'live' }, chatGap: true });
    expect((await house.join(null)).heard[0]).toMatchObject({ chatGap: false });
  });

  it('[PUB-4] repairs a gap from the log, and shows nothing twice', async () => {
    const guest = await house.join(null);
    house.isCommittedHeard = false;
    say('unheard');
    house.isCommittedHeard = true;
    say('heard');
    await house.pass(200);
    house.rooms.committed(house.recorded.events()[0]!.stream, house.recorded.events());
    await house.pass(200);
    expect(lines(guest)).toEqual(['unheard', 'heard']);
  });

  it('[PUB-4] finds by itself what was committed without being told', async () => {
    const guest = await house.join(null);
    house.isCommittedHeard = false;
    say('unheard');
    house.recorded.clock.advance(limits.roomCheckMs + 1);
    await house.rooms.sweep();
    await house.pass(200);
    expect(lines(guest)).toEqual(['unheard']);
  });

  it('stops alone when it meets a bug, with a code to come back', async () => {
    const guest = await house.join(null);
    const { stream, seq } = house.recorded.events().at(-1)!;
    const broken = { ...house.recorded.events()[0]!, seq: seq + 1, kind: 'NobodyKnows', data: {} };
    house.rooms.committed(stream, [broken]);
    expect(guest.wire.closedWith).toBe(closeCodes.showStopped);
    expect(house.reports[0]).toContain('stopped');
    expect((await house.join(null)).follower.room?.phase).toBe('live');
  });

  it('is forgotten when nobody watches and it is not live', async () => {
    house.recorded.show({ kind: 'EndShow' });
    const guest = await house.join(null);
    guest.feed.leave(guest.member);
    house.recorded.clock.advance(limits.roomIdleMs + 1);
    await house.rooms.sweep();
    expect(house.rooms.dump()).toMatchObject({ rooms: [], stock: { variants: 0 } });
  });
});

describe('the fast lane', () => {
  it('[PUB-5] leaves in the same turn, with the last figures of each variant', async () => {
    openOffer(house.recorded, 'o1', 40);
    const guest = await house.join(null);
    for (let index = 0; index < 20; index += 1) claim(`h${index}`, person(`p${index}`));
    await house.settle();
    expect(frames(guest, 'fast').map(({ m }) => m)).toEqual([
      [expect.objectContaining({ t: 'offer', figures: { left: 20, inCarts: 20, sold: 0 } })],
    ]);
  });

  it('[PUB-5] waits in a burst for the next commit, and not longer than a frame may', async () => {
    openOffer(house.recorded, 'o1', 40);
    const guest = await house.join(null);
    const told = () => frames(guest, 'fast').map(({ m }) => m.length);
    house.commandsWaiting = 3;
    claim('h1', person('p1'));
    await house.settle();
    expect(told()).toEqual([]);
    house.commandsWaiting = 0;
    claim('h2', person('p2'));
    await house.settle();
    expect(told()).toEqual([1]);
    house.commandsWaiting = 3;
    claim('h3', person('p3'));
    await house.pass(limits.fastFrameBurstMsMax - 1);
    expect(told()).toEqual([1]);
    await house.pass(1);
    expect(told()).toEqual([1, 1]);
  });

  it('[PUB-5] does not wait for the chat', async () => {
    const guest = await house.join(null);
    await house.pass(2_000);
    say('one');
    await house.settle();
    say('two');
    house.recorded.show({ kind: 'PinProduct', productId: 'p2' as never });
    await house.settle();
    expect(guest.follower.room?.pinned).toBe('p2');
    // What waited rode along; what comes now waits for its tick.
    expect(lines(guest)).toEqual(['one', 'two']);
    say('three');
    await house.settle();
    expect(lines(guest)).toEqual(['one', 'two']);
    await house.pass(limits.frameTickMs);
    expect(lines(guest)).toEqual(['one', 'two', 'three']);
  });
});

describe('a big room', () => {
  it('[PUB-6] writes chat in turns; a price overtakes it and takes the chat along, each line once', async () => {
    const guests: Guest[] = [];
    for (let index = 0; index < 600; index += 1) guests.push(await house.join(null));
    await house.pass(3_000);
    await house.pass(3_000);
    for (const guest of guests) {
      guest.heard.length = 0;
      guest.wire.written.length = 0;
    }
    const reached = (what: () => (guest: Guest) => boolean) => guests.filter(what()).length;
    const hasLine = () => (guest: Guest) => lines(guest)?.includes('one') === true;
    const hasPin = () => (guest: Guest) => guest.follower.room?.pinned === 'p1';
    say('one');
    house.turn();
    expect(reached(hasLine)).toBe(256);
    house.recorded.show({ kind: 'PinProduct', productId: 'p1' as never });
    house.turn();
    expect(reached(hasPin)).toBe(600);
    expect(reached(hasLine)).toBe(600);
    await house.settle();
    for (const guest of guests) {
      expect(lines(guest)).toEqual(['one']);
      expect(guest.wire.written.length).toBeLessThanOrEqual(2);
    }
    expect(guests.filter((guest) => guest.wire.written.length === 1).length).toBeGreaterThan(80);
  });
});

describe('the slow lane', () => {
  it('[PUB-6] goes at once in a quiet room, then with the tick', async () => {
    const guest = await house.join(null);
    await house.pass(2_000);
    guest.heard.length = 0;
    for (let index = 0; index < 30; index += 1) {
      say(`line ${index}`, person(`p${index}`));
      await house.pass(10);
    }
    await house.pass(100);
    expect(frames(guest, 'slow').length).toBeLessThanOrEqual(
      1 + Math.ceil(300 / limits.frameTickMs),
    );
    expect(guest.follower.room?.chat).toHaveLength(30);
  });

  it('[PUB-7] counts taps, at most so many a second and person, in one message a tick and one command', async () => {
    const guest = await house.join(you('ines'));
    const second = await house.join(you('ines'));
    await house.pass(2_000);
    guest.heard.length = 0;
    for (let index = 0; index < 15; index += 1) {
      guest.feed.tap(guest.member, 'heart', 1);
      guest.feed.tap(second.member, 'heart', 1);
    }
    await house.settle();
    expect(frames(guest, 'slow').map(({ m }) => m)).toEqual([
      [{ t: 'reactions', totals: { heart: limits.reactionsPerSecond } }],
    ]);
    await house.pass(limits.reactionsLogMs + 100);
    expect(house.counted).toEqual([{ heart: limits.reactionsPerSecond }]);
    expect(guest.follower.room?.reactions).toEqual({ heart: limits.reactionsPerSecond });
    const fresh = new House(house.recorded);
    expect((await fresh.join(null)).follower.room?.reactions).toEqual({
      heart: limits.reactionsPerSecond,
    });
  });

  it('[ASK-5] tells how a poll stands with the chat’s frames, the last alone, and each their own choice', async () => {
    const guest = await house.join(you('ines'));
    const pollId = 'poll1' as PollId;
    house.recorded.show({
      kind: 'OpenPoll',
      pollId,
      question: 'Which?',
      options: ['A', 'B'],
      durationMs: 60_000,
    });
    await house.pass(2_000);
    guest.heard.length = 0;
    for (let index = 0; index < 40; index += 1) {
      const by = person(index === 0 ? 'ines' : `p${index}`);
      house.recorded.show({ kind: 'Vote', pollId, option: index % 2 }, by);
    }
    await house.settle();
    expect(frames(guest, 'fast')).toEqual([]);
    expect(frames(guest, 'slow').map(({ m }) => m)).toEqual([
      [{ t: 'votes', pollId, tally: [20, 20] }],
    ]);
    expect(guest.heard.filter(({ t }) => t === 'you')).toMatchObject([
      { m: [{ t: 'vote', vote: { pollId, option: 0 } }] },
    ]);
    expect(guest.follower.room?.poll?.tally).toEqual([20, 20]);
    // Who was away has it all; who is new too; and a vote that comes late moves nothing that is closed.
    guest.feed.leave(guest.member);
    house.recorded.show({ kind: 'Vote', pollId, option: 1 }, person('late'));
    await house.pass(100);
    const back = await house.join(you('ines'), guest.follower.position!, guest.follower);
    expect(back.heard[0]).toMatchObject({ t: 'welcome', room: null, vote: { pollId, option: 0 } });
    expect(back.follower.room?.poll?.tally).toEqual([20, 21]);
    house.recorded.show({ kind: 'ClosePoll', pollId });
    await house.pass(100);
    expect(back.follower.room?.poll).toMatchObject({
      tally: [20, 21],
      closedAtMs: expect.any(Number),
    });
    expect(comparable((await house.join(null)).follower.room)).toEqual(
      comparable(back.follower.room),
    );
  });

  it('[PUB-7] tells how many watch at most once a second; a person with two tabs is one, the crew none', async () => {
    const guest = await house.join(you('ines'));
    await house.pass(2_000);
    guest.heard.length = 0;
    await house.join(you('ines'));
    await house.join(you('mina', 'owner'));
    for (let index = 0; index < 9; index += 1) await house.join(null);
    await house.pass(300);
    await house.join(null);
    await house.pass(300);
    const told = () => guest.heard.flatMap((message) => (message.t === 'frame' ? message.m : []));
    expect(told().filter(({ t }) => t === 'viewers').length).toBeLessThanOrEqual(1);
    await house.pass(2_000);
    expect(
      told()
        .filter(({ t }) => t === 'viewers')
        .at(-1),
    ).toEqual({ t: 'viewers', viewers: 11 });
    expect(house.rooms.viewers(house.recorded.showId)).toBe(11);
  });
});

describe('a slow reader', () => {
  const big = 'x'.repeat(limits.chatTextMax);
  const flood = async (from: number, count: number) => {
    for (let index = from; index < from + count; index += 1) {
      say(`${index} ${big}`.slice(0, limits.chatTextMax), person(`p${index}`));
      await house.pass(100);
    }
  };

  it('[PUB-8] keeps the prices, loses the chat, and gets it back when it reads again', async () => {
    const guest = await house.join(null);
    const beside = await house.join(null);
    guest.wire.isStuck = true;
    guest.wire.write(Buffer.alloc(limits.socketSlowBytes + 1, 0x81));
    const queued = guest.wire.queuedBytes();
    await flood(0, 20);
    expect(guest.wire.queuedBytes()).toBe(queued);
    house.recorded.show({ kind: 'PinProduct', productId: 'p1' as never });
    await house.pass(50);
    expect(guest.wire.queuedBytes()).toBeGreaterThan(queued);
    // What filled the queue was no frame: take it out and let the rest go.
    guest.wire.dropFirst();
    guest.wire.drain();
    await house.rooms.sweep();
    await house.settle();
    expect(guest.follower.snapshots).toBe(1);
    expect(comparable(guest.follower.room)).toEqual(comparable(beside.follower.room));
    expect(guest.follower.room?.pinned).toBe('p1');
  });

  it('[PUB-8] starts over when too much was missed, and is told of the gap', async () => {
    const guest = await house.join(null);
    guest.wire.isStuck = true;
    guest.wire.write(Buffer.alloc(limits.socketSlowBytes + 1, 0x81));
    await flood(0, limits.chatWindowMax + 5);
    guest.wire.dropFirst();
    guest.wire.drain();
    await house.rooms.sweep();
    await house.settle();
    expect(guest.follower.snapshots).toBe(2);
    expect(guest.follower.chatGap).toBe(true);
    expect(comparable(guest.follower.room)).toEqual(comparable(guest.feed.show.room));
  });

  it('[PUB-9] is closed when the queue is full, and takes no memory after that', async () => {
    const guest = await house.join(you('ines'));
    guest.wire.isStuck = true;
    for (let index = 0; index < 20_000 && guest.wire.closedWith === null; index += 1) {
      guest.member.write(Buffer.alloc(1_000));
    }
    expect(guest.wire.closedWith).toBe(closeCodes.slowReader);
    const queued = guest.wire.queuedBytes();
    guest.member.write(Buffer.alloc(1_000));
    guest.member.send({ t: 'pong', sentMs: 0, atMs: 0 });
    await house.settle();
    expect(guest.wire.queuedBytes()).toBe(queued);
    expect(queued).toBeLessThan(limits.socketQueueBytesMax + 2_000);
  });
});

describe('too much chat', () => {
  it('[PUB-10] is sampled for viewers, who are told; never for crew, author, named and answered', async () => {
    const reader = await house.join(you('reader'));
    const author = await house.join(you('author'));
    const named = await house.join(you('Anna Lena'));
    const answered = await house.join(you('answered'));
    const crew = await house.join(you('mod', 'moderator'));
    await house.pass(2_000);
    say('first', person('answered'));
    const first = `m${posted}` as MessageId;
    await house.settle();
    const total = limits.chatShownPerSecond * 4;
    for (let index = 0; index < total; index += 1) say(`noise ${index}`, person(`p${index}`));
    say('hi @anna lena!', person('q1'));
    say('mine', person('author'));
    house.recorded.show(
      { kind: 'PostMessage', messageId: 'mr' as MessageId, text: 'to you', replyTo: first },
      person('q2'),
    );
    say('where is it made?', person('q3'));
    say('from the crew', person('mod2', 'moderator'));
    await house.pass(200);
    const seen = (guest: Guest) =>
      guest.follower.seen.flatMap((message) => (message.t === 'chat' ? [message.text] : []));
    expect(seen(reader).length).toBeLessThanOrEqual(limits.chatShownPerSecond + 2);
    expect(seen(reader)).toEqual(expect.arrayContaining(['where is it made?', 'from the crew']));
    expect(reader.follower.shed).toBe(total + 6 - seen(reader).length);
    expect(seen(crew)).toHaveLength(total + 6);
    expect(crew.follower.shed).toBe(0);
    expect(seen(author)).toContain('mine');
    expect(seen(named)).toContain('hi @anna lena!');
    expect(seen(answered)).toContain('to you');
    for (const guest of [reader, author, named, answered, crew]) {
      const order = guest.follower.seen.flatMap((message) =>
        'seq' in message ? [message.seq] : [],
      );
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }
  });
});

describe('the crew', () => {
  it('[PUB-13] hears of claims, expiries and sales, with figures that the log gives again', async () => {
    openOffer(house.recorded, 'o1', 10);
    const crew = await house.join(you('mod', 'moderator'));
    claim('h1', person('ines'), 2);
    claim('h2', person('jo'));
    say('hello');
    await house.pass(1_100);
    house.recorded.show(
      { kind: 'SettleHold', holdId: 'h1' as HoldId, orderId: 'r1' as OrderId },
      system,
    );
    house.recorded.clock.advance(60_001);
    house.recorded.show({ kind: 'ExpireHolds' }, system);
    house.recorded.stock(
      'v3',
      {
        kind: 'HoldFromShelf',
        holdId: 'h3' as HoldId,
        quantity: 1,
        price: { minor: 4200, currency: 'EUR' },
        showId: house.recorded.showId,
        holdMs: 60_000,
      },
      person('ines'),
    );
    house.recorded.stock(
      'v3',
      { kind: 'SettleHold', holdId: 'h3' as HoldId, orderId: 'r2' as OrderId },
      system,
    );
    await house.pass(1_100);
    const told = crew.heard.flatMap((message): readonly CrewMessage[] =>
      message.t === 'crew' ? message.m : [],
    );
    expect(told.map(({ t }) => t)).toEqual([
      'claimed',
      'claimed',
      'sold',
      'expired',
      'claimed',
      'sold',
    ]);
    const pulse = crew.feed.pulse();
    expect(pulse).toMatchObject({
      messages: 1,
      claims: 3,
      soldUnits: 3,
      buyers: 1,
      sales: [{ minor: 10_200, currency: 'EUR' }],
    });
    expect(crew.heard.at(-1)).toMatchObject({ t: 'crew', pulse: { soldUnits: 3 } });
  });

  it('[PUB-17] finds what it was told, and the shelf in its figures, after a restart', async () => {
    const crew = await house.join(you('mod', 'moderator'));
    openOffer(house.recorded, 'o1', 10);
    const shelf = (id: string, variantId: string, showId: ShowId | null) =>
      house.recorded.stock(
        variantId,
        {
          kind: 'HoldFromShelf',
          holdId: id as HoldId,
          quantity: 2,
          price: { minor: 4200, currency: 'EUR' },
          showId,
          holdMs: 60_000,
        },
        person('ines'),
      );
    const settle = (id: string, variantId: string) =>
      house.recorded.stock(
        variantId,
        { kind: 'SettleHold', holdId: id as HoldId, orderId: `r-${id}` as OrderId },
        system,
      );
    say('mine!', person('ines'));
    shelf('a', 'v3', house.recorded.showId);
    shelf('elsewhere', 'v3', null);
    await house.pass(1_100);
    claim('h1', person('jo'));
    await house.pass(1_100);
    settle('a', 'v3');
    settle('elsewhere', 'v3');
    await house.pass(1_100);
    const told = crew.heard.flatMap((message) => (message.t === 'crew' ? message.m : []));
    expect(told.map(({ t }) => t)).toEqual(['offer-pending', 'claimed', 'claimed', 'sold']);

    // What was sold stays sold when its piece is taken off the shelf.
    house.recorded.show({ kind: 'StockShelf', items: [] });
    const again = await new House(house.recorded, 8).join(you('mod', 'moderator'));
    const welcome = again.heard.find((message) => message.t === 'welcome');
    const timeless = (messages: readonly CrewMessage[]) =>
      messages.map((message) => ({ ...message, seq: 0, name: '' }));
    expect(timeless(welcome!.crew!)).toEqual(timeless(told));
    expect(welcome!.crew![1]).toMatchObject({ t: 'claimed', name: 'ines' });
    const { viewersPeak: _peak, ...pulse } = again.feed.pulse();
    expect(crew.feed.pulse()).toMatchObject(pulse);
    expect(pulse).toMatchObject({ claims: 2, soldUnits: 2, buyers: 1 });
    expect((await new House(house.recorded, 9).join(you('jo'))).heard[0]).toMatchObject({
      crew: null,
    });
  });

  it('[PUB-13] is told the newest of thousands of claims, and the sum of all', async () => {
    openOffer(house.recorded, 'o1', 40);
    const crew = await house.join(you('mod', 'moderator'));
    const before = crew.heard.length;
    for (let index = 0; index < 40; index += 1) {
      for (let again = 0; again < 5; again += 1) {
        claim(`h${index}-${again}`, person(`p${index}`));
        house.recorded.show(
          { kind: 'ReleaseHold', holdId: `h${index}-${again}` as HoldId },
          person(`p${index}`),
        );
      }
    }
    await house.pass(1_100);
    const told = crew.heard.slice(before).filter((message) => message.t === 'crew');
    expect(told[0]?.m).toHaveLength(limits.crewMessagesPerTickMax);
    expect(told.at(-1)?.pulse.claims).toBe(200);
  });
});

describe('one person', () => {
  it('[PUB-14] hears of their own holds on every socket, and nobody else does', async () => {
    openOffer(house.recorded, 'o1', 10);
    const phone = await house.join(you('ines'));
    const desk = await house.join(you('ines'));
    const other = await house.join(you('jo'));
    claim('h1', person('ines'));
    await house.pass(100);
    for (const guest of [phone, desk]) expect([...guest.follower.holds.keys()]).toEqual(['h1']);
    expect(other.heard.filter(({ t }) => t === 'you')).toEqual([]);
    house.recorded.show(
      { kind: 'BeginPayment', holdId: 'h1' as HoldId, orderId: 'r1' as OrderId, attempt: 'a1' },
      person('ines'),
    );
    await house.pass(100);
    expect(desk.follower.holds.get('h1')).toMatchObject({
      paying: true,
      title: 'Bowl p1 · size v1',
    });
    house.recorded.show(
      { kind: 'SettleHold', holdId: 'h1' as HoldId, orderId: 'r1' as OrderId },
      system,
    );
    await house.pass(100);
    expect(desk.follower.holds.size).toBe(0);
  });

  it('[PUB-14] finds holds from the shelf when they come back', async () => {
    const hold = { holdId: 'h9' as HoldId, quantity: 2, price: { minor: 4200, currency: 'EUR' } };
    house.recorded.stock(
      'v2',
      { kind: 'HoldFromShelf', ...hold, showId: null, holdMs: 60_000 },
      person('ines'),
    );
    const guest = await house.join(you('ines'));
    expect([...guest.follower.holds.values()]).toEqual([
      expect.objectContaining({ holdId: 'h9', stream: 'stock-v2', offerId: null, productId: 'p1' }),
    ]);
    expect(guest.follower.room?.stock.v2).toEqual({ available: 7, inCarts: 2 });
  });
});

// ── whatever happens ───────────────────────────────────────────────────────────────────────────────

type Step =
  | { do: 'say' | 'claim' | 'release' | 'pay' | 'settle'; who: number }
  | {
      do:
        | 'remove'
        | 'pin'
        | 'open'
        | 'close-offer'
        | 'count'
        | 'shelf-hold'
        | 'restock'
        | 'picture';
      of: number;
    }
  | { do: 'tap'; who: number }
  | { do: 'join' }
  | { do: 'leave' | 'return' | 'stick' | 'drain'; guest: number }
  | { do: 'miss' }
  | { do: 'end' }
  | { do: 'pass'; ms: number };

const who = fc.nat({ max: 4 });
const of = fc.nat({ max: 3 });
const guest = fc.nat({ max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'say' as const,
        'claim' as const,
        'release' as const,
        'pay' as const,
        'settle' as const,
      ),
      who,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'remove' as const,
        'pin' as const,
        'open' as const,
        'close-offer' as const,
        'count' as const,
        'shelf-hold' as const,
        'restock' as const,
        'picture' as const,
      ),
      of,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tap' as const), who }) },
  { weight: 2, arbitrary: fc.constant({ do: 'join' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('leave' as const, 'return' as const, 'stick' as const, 'drain' as const),
      guest,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'miss' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat({ max: 30_000 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat({ max: 120 }) }),
  },
);

class Story {
  readonly house = new House(liveShow());
  readonly guests: (Guest & { isAway: boolean })[] = [];
  #ids = 0;
  readonly #holds: string[] = [];
  readonly #offers: string[] = [];

  async run(steps: readonly Step[]): Promise<void> {
    await this.#join();
    for (const one of steps) {
      await this.#step(one);
      this.house.isCommittedHeard = one.do !== 'miss';
    }
    this.house.isCommittedHeard = true;
    this.house.recorded.show(
      { kind: 'PostMessage', messageId: 'last' as MessageId, text: 'last', replyTo: null },
      person('z'),
    );
    for (const one of this.guests) one.wire.drain();
    await this.house.pass(limits.roomCheckMs + 1);
    await this.house.rooms.sweep();
    for (const one of this.guests.filter(({ isAway }) => isAway)) await this.#return(one);
    await this.house.pass(3_000);
    await this.house.rooms.sweep();
    await this.house.pass(3_000);
  }

  async #join(): Promise<void> {
    const id = this.guests.length;
    this.guests.push({ ...(await this.house.join(id % 2 ? you(`p${id}`) : null)), isAway: false });
  }

  async #return(back: Guest & { isAway: boolean }): Promise<void> {
    const { you: same } = back.member;
    Object.assign(
      back,
      await this.house.join(same, back.follower.position ?? undefined, back.follower),
      { isAway: false },
    );
    expect(comparable(back.follower.room)).toEqual(comparable(back.feed.show.room));
  }

  async #step(one: Step): Promise<void> {
    const { recorded } = this.house;
    const id = `i${++this.#ids}`;
    switch (one.do) {
      case 'say':
        recorded.show(
          { kind: 'PostMessage', messageId: id as MessageId, text: `said ${id}`, replyTo: null },
          person(`p${one.who}`),
        );
        return;
      case 'claim': {
        const offerId = this.#offers.at(-1);
        if (!offerId) return;
        this.#holds.push(id);
        recorded.show(
          {
            kind: 'Claim',
            offerId: offerId as OfferId,
            variantId: 'v1' as VariantId,
            quantity: 1 + (one.who % 2),
            holdId: id as HoldId,
          },
          person(`p${one.who}`),
        );
        return;
      }
      case 'release':
      case 'pay':
      case 'settle': {
        const holdId = (this.#holds[this.#holds.length - 1 - one.who] ?? 'none') as HoldId;
        const orderId = `r${holdId}` as OrderId;
        if (one.do === 'release') recorded.show({ kind: 'ReleaseHold', holdId });
        if (one.do === 'pay')
          recorded.show({ kind: 'BeginPayment', holdId, orderId, attempt: 'a1' }, system);
        if (one.do === 'settle') recorded.show({ kind: 'SettleHold', holdId, orderId }, system);
        return;
      }
      case 'remove':
        recorded.show({
          kind: 'RemoveMessage',
          messageId: `i${this.#ids - 1 - one.of}` as MessageId,
          reason: '',
        });
        return;
      case 'pin':
        recorded.show({
          kind: 'PinProduct',
          productId: (['p1', 'p2', null][one.of % 3] ?? null) as never,
        });
        return;
      case 'open':
        if (this.#offers.length < 6) openOffer(recorded, id, 2 + one.of);
        this.#offers.push(id);
        return;
      case 'close-offer':
        recorded.show({
          kind: 'CloseOffer',
          offerId: (this.#offers.at(-1 - one.of) ?? 'none') as OfferId,
        });
        return;
      case 'count':
        recorded.stock(`v${1 + (one.of % 3)}`, { kind: 'CountStock', onHand: 30 + this.#ids });
        return;
      case 'shelf-hold': {
        const hold = {
          holdId: id as HoldId,
          quantity: 1,
          price: { minor: 4200, currency: 'EUR' },
          showId: recorded.showId,
        };
        recorded.stock(
          `v${1 + (one.of % 3)}`,
          { kind: 'HoldFromShelf', ...hold, holdMs: 20_000 },
          person(`p${one.of}`),
        );
        return;
      }
      case 'restock': {
        const shelf = recorded.events().find(({ kind }) => kind === 'ShelfStocked')!.data as {
          items: unknown[];
        };
        recorded.show({
          kind: 'StockShelf',
          items: shelf.items.slice(0, 1 + (one.of % 2)) as never,
        });
        return;
      }
      case 'picture':
        recorded.show({ kind: one.of % 2 ? 'PictureOn' : 'PictureLost' }, system);
        return;
      case 'tap': {
        const tapper = this.guests.find(({ isAway }) => !isAway);
        tapper?.feed.tap(tapper.member, 'heart', 1 + one.who);
        return;
      }
      case 'join':
        if (this.guests.length < 6) await this.#join();
        return;
      case 'leave': {
        const leaving = this.guests[one.guest];
        if (!leaving || leaving.isAway) return;
        leaving.feed.leave(leaving.member);
        leaving.member.left();
        leaving.isAway = true;
        return;
      }
      case 'return': {
        const back = this.guests[one.guest];
        if (back?.isAway) await this.#return(back);
        return;
      }
      case 'stick': {
        const stuck = this.guests[one.guest];
        if (stuck) stuck.wire.isStuck = true;
        return;
      }
      case 'drain':
        this.guests[one.guest]?.wire.drain();
        return;
      case 'pass':
        recorded.stock('v1', { kind: 'ExpireHolds' }, system);
        recorded.show({ kind: 'ExpireHolds' }, system);
        await this.house.pass(one.ms);
        return;
      case 'miss':
      case 'end':
        return;
    }
  }
}

describe('whoever comes, goes and comes back', () => {
  it('[PUB-3] ends with the room that everybody has, nothing lost and nothing doubled', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 10, maxLength: 80, size: 'max' }),
        async (steps) => {
          const story = new Story();
          await story.run(steps);
          expect(story.house.reports).toEqual([]);
          const { room } = await story.house.feed().then((feed) => feed.show);
          // From the log alone, as another process would see it.
          const fresh = new House(story.house.recorded, 8);
          const newcomer = await fresh.join(null);
          expect(comparable(newcomer.follower.room)).toEqual(comparable(room));
          for (const { follower } of story.guests) {
            expect(comparable(follower.room)).toEqual(comparable(room));
            const ids = follower.seen.flatMap((message) =>
              message.t === 'chat' ? [message.messageId] : [],
            );
            expect(new Set(ids).size).toBe(ids.length);
          }
        },
      ),
      { numRuns: 200, seed: 20261124 },
    );
  }, 60_000);
});
