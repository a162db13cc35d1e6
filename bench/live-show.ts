// A live show behind the real engine, rooms and socket door, for measurements through sockets: one product on its
// shelf, and whoever brings a cookie `bench=name` is the shopper of that name.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { frontOf } from '../src/api/front.ts';
import { LiveDoor } from '../src/api/live-socket.ts';
import { nonces } from '../src/api/nonces.ts';
import {
  type CommandId,
  type PersonId,
  type ProductId,
  type ShowId,
  type StreamId,
  showStream,
  type VariantId,
} from '../src/base/brand.ts';
import { systemClock, systemRandom } from '../src/base/ports.ts';
import type { Actor } from '../src/domain/decider.ts';
import { showDecider } from '../src/domain/show/show.ts';
import { stockDecider } from '../src/domain/stock/stock.ts';
import type { Command } from '../src/engine/contract.ts';
import { createEngine } from '../src/engine/engine.ts';
import type { EventLog } from '../src/log/event-log.ts';
import { Rooms } from '../src/publish/rooms.ts';
import { Notary } from '../src/receipts/notary.ts';
import { testKeys } from '../src/receipts/test-keys.fixture.ts';

export const benchProduct = 'p1' as ProductId;
export const benchPrice = { minor: 3000, currency: 'EUR' };

const owner: Actor = { kind: 'person', id: 'owner' as PersonId, name: 'Mina', role: 'owner' };

export type LiveShow = {
  readonly path: string;
  /** A command of the owner's, or of somebody else's; throws when it is refused. */
  send(command: Command, by?: Actor, stream?: StreamId): Promise<void>;
  viewers(): number;
  /** The port on which its door listens. */
  listen(): Promise<number>;
};

/** Opens the show in a log that is ready. */
export const liveShow = async (
  log: EventLog,
  showId: ShowId,
  variantId: VariantId,
): Promise<LiveShow> => {
  const engine = createEngine({
    log,
    clock: systemClock,
    node: 'bench',
    deciders: [showDecider, stockDecider],
  });
  const rooms = new Rooms({ log, epoch: 1, countReactions: async () => {} });
  engine.onCommitted(({ stream, events, waiting }) => rooms.committed(stream, events, waiting));
  const door = new LiveDoor({
    engine,
    rooms,
    sessionOf: async ({ cookie }) => {
      const personId = cookie?.split('=')[1];
      return personId ? { personId, name: personId, role: 'shopper', guest: true } : null;
    },
    front: frontOf(null),
    allowOrigin: () => true,
    clock: systemClock,
    nonceOf: nonces('a secret'),
    notary: new Notary(testKeys()),
    random: systemRandom,
    report: (what, error) => console.error(what, error),
  });
  let ids = 0;
  const send = async (
    command: Command,
    by: Actor = owner,
    stream: StreamId = showStream(showId),
  ): Promise<void> => {
    const outcome = await engine.send(stream, command, { commandId: `b${++ids}` as CommandId, by });
    if (outcome.kind === 'refused') throw new Error(`${command.kind}: ${outcome.reason}`);
  };
  await send({
    kind: 'PlanShow',
    plan: {
      title: 'Bench',
      showKind: 'demonstration',
      startsAtMs: 0,
      hostId: 'owner' as PersonId,
      hostName: 'Mina',
      shopName: 'Laguna',
      disclosure: 'own-brand',
      isDemo: false,
    },
  });
  await send({
    kind: 'StockShelf',
    items: [
      {
        productId: benchProduct,
        title: 'Bowl',
        imageUrl: null,
        variants: [{ variantId, title: '', price: benchPrice }],
        provenance: null,
      },
    ],
  });
  await send({ kind: 'GoLive' });
  return {
    path: `/api/shows/${showId}/live`,
    send,
    viewers: () => rooms.viewers(showId),
    async listen() {
      const server = createServer((_request, response) => response.end());
      server.on(
        'upgrade',
        (request, socket, head) => door.upgrade(request, socket, head) || socket.destroy(),
      );
      // Two thousand come at once: the queue of those not yet accepted must hold them.
      server.listen(0, '127.0.0.1', 4_096);
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
  };
};
