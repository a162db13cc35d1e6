import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeCodes } from '../../protocol/close-codes.ts';
import { problemOf } from '../../protocol/problems.ts';
import type { MyHold } from '../../protocol/socket.ts';
import {
  countingRandom,
  createFakeClock,
  createFakeNetwork,
  createFakeServer,
} from './fake-server.ts';
import { createLiveClient } from './socket-client.ts';

const setUp = () => {
  const { clock, advance } = createFakeClock();
  const network = createFakeNetwork();
  const server = createFakeServer(clock);
  const client = createLiveClient({
    showId: 'kiln',
    open: server.open,
    clock,
    random: countingRandom(),
    network: network.events,
  });
  return { clock, advance, network, server, client };
};

const connected = () => {
  const all = setUp();
  all.server.accept();
  return all;
};

const texts = (client: { state: () => { room: { chat: readonly { text: string }[] } | null } }) =>
  client.state().room?.chat.map(({ text }) => text);

const hold: MyHold = {
  holdId: 'h1',
  stream: 'show-kiln',
  offerId: 'o1',
  productId: 'vase',
  variantId: 'v1',
  title: 'Lagoon vase',
  quantity: 1,
  unitPrice: { minor: 8600, currency: 'EUR' },
  expiresAtMs: 2_000_000,
  paying: false,
};

describe('coming and coming back', () => {
  it('greets without a position first and folds what follows the snapshot', () => {
    const { server, client } = connected();
    expect(server.state.socket?.sent[0]).toEqual({ t: 'hello' });
    server.chat('hello');
    server.pin('vase');
    expect(texts(client)).toEqual(['hello']);
    expect(client.state().room?.pinned).toBe('vase');
    expect(client.state().connection).toBe('open');
  });

  it('says where it stands after a cut and gets only what is missing', () => {
    const { server, client, advance } = connected();
    server.chat('one');
    server.cut();
    expect(client.state().connection).toBe('reconnecting');
    server.chat('two');
    advance(1_000);
    server.accept();
    expect(server.state.socket?.sent[0]).toEqual({
      t: 'hello',
      position: { epoch: 1, fast: 0, slow: 1 },
    });
    expect(texts(client)).toEqual(['one', 'two']);
  });

  it('takes a message at or below its place in the lane for a repeat', () => {
    const { server, client } = connected();
    server.pin('vase');
    server.pin('bowl');
    const m = [{ t: 'pin', seq: 1, productId: 'vase', atMs: 0 }] as const;
    server.say({ t: 'frame', atMs: 0, lane: 'fast', to: 1, m });
    expect(client.state().room?.pinned).toBe('bowl');
    expect(client.state().position?.fast).toBe(2);
  });

  it('takes counted things, which carry no place, every time', () => {
    const { server, client } = connected();
    for (const heart of [3, 6]) {
      const m = [{ t: 'reactions', totals: { heart } }] as const;
      server.say({ t: 'frame', atMs: 0, lane: 'slow', to: 0, m });
    }
    expect(client.state().room?.reactions).toEqual({ heart: 6 });
  });

  it('starts from the snapshot when the epoch has changed', () => {
    const { server, client, advance } = connected();
    server.chat('one');
    server.cut();
    server.state.epoch = 2;
    server.pin('bowl');
    advance(1_000);
    server.accept();
    expect(client.state().position).toEqual({ epoch: 2, fast: 2, slow: 2 });
    expect(client.state().room?.pinned).toBe('bowl');
  });

  it('stays away when the close code says so', () => {
    const { server, client, advance } = connected();
    server.cut(closeCodes.showUnknown);
    advance(600_000);
    expect(client.state()).toMatchObject({
      connection: 'closed',
      closeCode: closeCodes.showUnknown,
    });
    expect(server.state.opened).toBe(1);
  });

  it('tries again later and later, never in step', () => {
    const { server, advance } = setUp();
    const openedAfter = [750, 1_500, 3_000].map((ms) => {
      server.cut();
      advance(ms / 2 - 1);
      const before = server.state.opened;
      advance(ms / 2 + 2);
      return server.state.opened - before;
    });
    expect(openedAfter).toEqual([1, 1, 1]);
  });

  it('waits while the device is offline and comes back when it is online', () => {
    const { server, client, network, advance } = connected();
    network.set(false);
    expect(client.state().connection).toBe('offline');
    advance(600_000);
    expect(server.state.opened).toBe(1);
    network.set(true);
    advance(300);
    server.accept();
    expect(client.state().connection).toBe('open');
  });

  it('gives up a server that answers no ping', () => {
    const { server, client, advance } = connected();
    server.state.silent = true;
    advance(30_000);
    expect(server.state.opened).toBeGreaterThan(1);
    expect(client.state().connection).toBe('reconnecting');
  });

  it('lets nothing of an old socket in', () => {
    const { server, client, advance } = connected();
    const old = server.state.socket;
    const late = old?.onmessage;
    server.cut();
    advance(1_000);
    server.accept();
    late?.({ data: JSON.stringify({ t: 'frame', atMs: 0, lane: 'slow', to: 99, m: [] }) });
    expect(client.state().position?.slow).toBe(0);
  });
});

describe('what I wish', () => {
  it('shows a line as pending until the room shows it', () => {
    const { server, client } = connected();
    server.state.silent = true;
    client.chat('is it safe?');
    expect(client.state().pendingChat).toMatchObject([{ text: 'is it safe?', state: 'sending' }]);
  });

  it('sends a line again with the same id after a cut, and it stands there once', () => {
    const { server, client, advance } = connected();
    server.state.answersLost = true;
    const id = client.chat('mine');
    server.state.answersLost = false;
    server.cut();
    advance(1_000);
    server.accept();
    expect(server.state.socket?.sent).toContainEqual({ t: 'chat', id, text: 'mine' });
    expect(texts(client)).toEqual(['mine']);
    expect(client.state().pendingChat).toEqual([]);
  });

  it('keeps a refused line with its reason, and sends it again under its id', () => {
    const { server, client } = connected();
    server.state.silent = true;
    const id = client.chat('x'.repeat(501));
    server.say({ t: 'refused', id, atMs: 0, problem: problemOf('message-too-long', { max: 500 }) });
    expect(client.state().pendingChat).toMatchObject([
      { state: 'refused', problem: { code: 'message-too-long' } },
    ]);
    client.retryChat(id);
    expect(server.state.socket?.sent.at(-1)).toMatchObject({ t: 'chat', id });
  });

  it('waits by itself when it wrote too fast', () => {
    const { server, client, advance } = connected();
    server.state.silent = true;
    const id = client.chat('again');
    server.say({
      t: 'refused',
      id,
      atMs: 0,
      problem: problemOf('chat-too-fast', { retryAfterMs: 900 }),
    });
    expect(client.state().pendingChat).toMatchObject([{ state: 'sending' }]);
    advance(1_100);
    expect(server.state.socket?.sent.filter(({ t }) => t === 'chat')).toHaveLength(2);
  });

  it('claims once however often the button is pressed, and the claim becomes a hold', () => {
    const { server, client } = connected();
    const id = client.claim('o1', 'v1', 1);
    expect(client.claim('o1', 'v1', 1)).toBe(id);
    server.say({ t: 'done', id, atMs: 0, seq: 4, hash: 'h', holdId: 'h1' });
    expect(client.state().pendingClaims).toMatchObject([{ state: 'accepted' }]);
    server.say({ t: 'you', atMs: 0, m: [{ t: 'hold', hold }] });
    expect(client.state()).toMatchObject({ pendingClaims: [], holds: [{ holdId: 'h1' }] });
  });

  it('doesn’t wait for ever for a hold that ended while it was away', () => {
    const { server, client, advance } = connected();
    const id = client.claim('o1', 'v1', 1);
    server.say({ t: 'done', id, atMs: 0, seq: 4, hash: 'h', holdId: 'h1' });
    advance(4_000);
    expect(client.state().pendingClaims).toEqual([]);
  });

  it('keeps the refusal of a claim until the next one', () => {
    const { server, client } = connected();
    const id = client.claim('o1', 'v1', 1);
    server.say({ t: 'refused', id, atMs: 0, problem: problemOf('sold-out') });
    expect(client.state().pendingClaims).toMatchObject([
      { state: 'refused', problem: { code: 'sold-out' } },
    ]);
    client.claim('o1', 'v1', 1);
    expect(client.state().pendingClaims).toMatchObject([{ state: 'sending' }]);
  });

  it('[CCL-14] keeps the shop’s replies to comments once each, and asks out of the line', () => {
    const { server, client } = connected();
    const reply = (seq: number) => ({
      seq,
      atMs: 0,
      answer: { says: 'unclear' as const, reason: 'words' as const, codes: [] },
    });
    const hear = (...seqs: number[]) =>
      server.say({ t: 'you', atMs: 0, m: seqs.map((seq) => ({ t: 'reply', reply: reply(seq) })) });
    hear(4, 5);
    hear(5);
    expect(client.state().replies.map(({ seq }) => seq)).toEqual([4, 5]);
    client.leaveLine('o1', 'v1');
    expect(server.state.socket?.sent.at(-1)).toMatchObject({
      t: 'leave-line',
      offerId: 'o1',
      variantId: 'v1',
    });
  });

  it('knows how a hold ended', () => {
    const { server, client } = connected();
    server.say({ t: 'you', atMs: 0, m: [{ t: 'hold', hold }] });
    server.say({
      t: 'you',
      atMs: 0,
      m: [{ t: 'hold-ended', holdId: 'h1', reason: 'paid', orderId: 'order1' }],
    });
    expect(client.state()).toMatchObject({
      holds: [],
      endedHolds: [{ reason: 'paid', orderId: 'order1' }],
    });
  });

  it('gathers taps into one message', () => {
    const { server, client, advance } = connected();
    for (let tap = 0; tap < 30; tap += 1) client.react('heart');
    advance(250);
    expect(server.state.socket?.sent.filter(({ t }) => t === 'react')).toEqual([
      { t: 'react', reaction: 'heart', count: 20 },
    ]);
  });
});

describe('the server’s clock', () => {
  it('is known by the answer with the shortest way', () => {
    const { server, client, clock } = connected();
    server.say({ t: 'pong', sentMs: clock.nowMs() - 400, atMs: clock.nowMs() + 9_000 });
    expect(client.state().rttMs).toBe(0);
    expect(client.state().clockOffsetMs).toBe(0);
  });
});

/** What may happen between a crowd, a server and the line between them. */
type Step =
  | { readonly kind: 'chat' | 'pin'; readonly delivered: boolean }
  | {
      readonly kind:
        | 'mine'
        | 'cut'
        | 'offline'
        | 'restart'
        | 'snapshots'
        | 'overlap'
        | 'lose-answers';
    }
  | { readonly kind: 'time'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('chat' as const, 'pin' as const),
      delivered: fc.constant(true),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: 'mine' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('time' as const),
      ms: fc.integer({ min: 0, max: 4_000 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'cut',
        'offline',
        'restart',
        'snapshots',
        'overlap',
        'lose-answers' as const,
      ),
    }) as fc.Arbitrary<Step>,
  },
);

it('loses nothing and doubles nothing, whatever is cut off when', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { server, client, network, advance } = setUp();
      const wished: string[] = [];
      let count = 0;
      for (const one of steps) {
        count += 1;
        switch (one.kind) {
          case 'chat':
            server.chat(`crowd ${count}`);
            break;
          case 'pin':
            server.pin(`product-${count}`);
            break;
          case 'mine':
            wished.push(`mine ${count}`);
            client.chat(`mine ${count}`);
            break;
          case 'cut':
            server.cut();
            break;
          case 'offline':
            network.set(false);
            network.set(true);
            break;
          case 'restart':
            server.cut(closeCodes.shuttingDown);
            server.state.epoch += 1;
            break;
          case 'snapshots':
            server.state.snapshots = !server.state.snapshots;
            break;
          case 'overlap':
            server.state.overlap = (server.state.overlap + 3) % 9;
            break;
          case 'lose-answers':
            server.state.answersLost = !server.state.answersLost;
            break;
          case 'time':
            advance(one.ms);
            server.accept();
            break;
        }
      }
      // The line holds from here on: everything must come right by itself.
      server.state.answersLost = false;
      server.cut();
      advance(60_000);
      server.accept();
      advance(60_000);

      const { room, pendingChat } = client.state();
      expect(pendingChat).toEqual([]);
      expect(room?.chat).toEqual(server.state.room.chat);
      expect(room?.pinned).toBe(server.state.room.pinned);
      const mine = room?.chat.map(({ text }) => text).filter((text) => text.startsWith('mine'));
      expect([...(mine ?? [])].sort()).toEqual([...wished].sort());
      client.close();
    }),
    { seed: 20261124, numRuns: 300 },
  );
});
