import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { frontOf } from '../src/api/front.ts';
import { LiveDoor } from '../src/api/live-socket.ts';
import { nonces } from '../src/api/nonces.ts';
import {
  type CommandId,
  type OfferId,
  type PersonId,
  type ShowId,
  showStream,
  type VariantId,
} from '../src/base/brand.ts';
import { limits } from '../src/base/limits.ts';
import { systemClock, systemRandom } from '../src/base/ports.ts';
import { type Actor, system } from '../src/domain/decider.ts';
import { showDecider } from '../src/domain/show/show.ts';
import { stockDecider } from '../src/domain/stock/stock.ts';
import type { Command, Engine } from '../src/engine/contract.ts';
import { createEngine } from '../src/engine/engine.ts';
import { MemoryLog } from '../src/log/memory-log.ts';
import { Rooms } from '../src/publish/rooms.ts';
import { Notary } from '../src/receipts/notary.ts';
import { testKeys } from '../src/receipts/test-keys.fixture.ts';
import { crowdOf } from '../src/rehearsal/cast.ts';
import { Chance } from '../src/rehearsal/chance.ts';
import { lineFor, occasions } from '../src/rehearsal/lines.ts';
import { type Crowd, startCrowd } from './crowd.ts';

describe('the people of a crowd', () => {
  it('are the named cast first, everyone once, the same for a seed', () => {
    const people = crowdOf(120, new Chance(7));
    expect(people.slice(0, 6).map(({ name }) => name)).toEqual([
      'ines_w',
      'tomasz',
      'jo.m',
      'halima',
      'petr_k',
      'anouk',
    ]);
    expect(new Set(people.map(({ name }) => name)).size).toBe(120);
    expect(crowdOf(120, new Chance(7))).toEqual(people);
    for (const { name } of people) expect(name).toMatch(/^[\p{L}\p{M}\p{N} ._'-]{2,24}$/u);
  });

  it('say something short for every occasion in every language, with no blank left open', () => {
    const chance = new Chance(3);
    const languages = new Set(crowdOf(60, new Chance(1)).map(({ language }) => language));
    for (const occasion of occasions) {
      for (const language of languages) {
        for (let again = 0; again < 12; again += 1) {
          const line = lineFor(occasion, language, chance, {
            title: 'Lagoon vase · large',
            name: 'jo.m',
          });
          expect(line.length).toBeGreaterThan(0);
          expect(line.length).toBeLessThan(limits.chatTextMax);
          expect(line).not.toMatch(/[{}]/);
        }
      }
    }
  });
});

describe('a crowd in front of a real door', () => {
  const showId = 's1' as ShowId;
  const owner: Actor = { kind: 'person', id: 'owner' as PersonId, name: 'Mina', role: 'owner' };
  const variant = {
    variantId: 'v1' as VariantId,
    title: '',
    price: { minor: 3000, currency: 'EUR' },
  };
  let log: MemoryLog;
  let engine: Engine;
  let door: LiveDoor;
  let server: Server;
  let crowd: Crowd;
  let commands = 0;

  const send = (command: Command, by: Actor = owner) =>
    engine.send(showStream(showId), command, { commandId: `t${++commands}` as CommandId, by });
  const counted = async (kind: string) =>
    (await log.read(showStream(showId), 1, 10_000)).filter((event) => event.kind === kind).length;

  beforeEach(async () => {
    log = new MemoryLog();
    engine = createEngine({
      log,
      clock: systemClock,
      node: 'test',
      deciders: [showDecider, stockDecider],
    });
    const rooms = new Rooms({
      log,
      epoch: 1,
      countReactions: async (_show, counts) => {
        await send({ kind: 'CountReactions', counts }, system);
      },
    });
    engine.onCommitted(({ stream, events }) => rooms.committed(stream, events));
    door = new LiveDoor({
      engine,
      rooms,
      sessionOf: async ({ cookie }) => {
        const name = decodeURIComponent(cookie?.split('=')[1] ?? '');
        return {
          personId: `p_${name.length}_${name.replace(/\W/g, '')}`,
          name,
          role: 'shopper',
          guest: true,
        };
      },
      front: frontOf(null),
      allowOrigin: () => true,
      clock: systemClock,
      nonceOf: nonces('a secret'),
      notary: new Notary(testKeys()),
      random: systemRandom,
    });
    server = createServer((_request, response) => response.writeHead(404).end());
    server.on(
      'upgrade',
      (request, socket, head) => door.upgrade(request, socket, head) || socket.destroy(),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const plan = {
      title: 'Kiln night',
      showKind: 'demonstration',
      startsAtMs: 0,
      hostId: 'owner' as PersonId,
    } as const;
    await send({
      kind: 'PlanShow',
      plan: {
        ...plan,
        hostName: 'Mina',
        shopName: 'Laguna',
        disclosure: 'own-brand',
        isDemo: true,
      },
    });
    const productId = 'p1' as never;
    await send({
      kind: 'StockShelf',
      items: [{ productId, title: 'Bowl', imageUrl: null, variants: [variant], provenance: null }],
    });
    await send({ kind: 'GoLive' });
  });

  afterEach(async () => {
    crowd.stop();
    await door.close();
    await engine.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('comes in, talks, reacts, and claims when an offer opens', async () => {
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const makeSession = async (name: string) => `session=${encodeURIComponent(name)}`;
    crowd = startCrowd({ url, showId, count: 6, seed: 5, makeSession, linesPerSecond: 8 });
    await expect.poll(() => crowd.figures().here, { timeout: 20_000 }).toBe(6);
    const offerId = 'o1' as OfferId;
    const terms = {
      productId: 'p1' as never,
      title: 'Bowl',
      perPersonMax: 1,
      durationMs: 600_000,
      holdMs: 60_000,
    };
    const variants = [{ ...variant, usualPrice: variant.price, quantity: 40 }];
    await send({ kind: 'OpenOffer', terms: { offerId, ...terms, variants } });
    await send(
      { kind: 'ConfirmAllocation', offerId, variantId: variant.variantId, quantity: 40 },
      system,
    );
    await expect.poll(() => counted('MessagePosted'), { timeout: 30_000 }).toBeGreaterThan(1);
    await expect.poll(() => counted('ReactionsCounted'), { timeout: 30_000 }).toBeGreaterThan(0);
    await expect.poll(() => counted('HoldPlaced'), { timeout: 30_000 }).toBeGreaterThan(0);
    // The log has the hold before the bot has heard of it.
    await expect.poll(() => crowd.figures().holds, { timeout: 30_000 }).toBeGreaterThan(0);
  }, 120_000);
});
