// A long log at the door: it is sent piece by piece, to so many at a time, and who hangs up or only wants
// the head gives the place back.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { limits } from '../base/limits.ts';
import { MemoryLog } from '../log/memory-log.ts';
import { Notary } from '../receipts/notary.ts';
import { evening, writeEvening } from '../receipts/published-show.fixture.ts';
import { testKeys } from '../receipts/test-keys.fixture.ts';
import { verifyLog } from '../receipts/verify-log.ts';
import { frontOf } from './front.ts';
import { receiptRoutes } from './receipt-routes.ts';
import { createServer } from './server.ts';

/** Far more than the sockets of both ends buffer. */
const words = 60_000;

let app: Awaited<ReturnType<typeof createServer>>;
let port: number;
let pagesRead = 0;
const connections = new Set<Socket>();
/** What happens while the door looks the show up. */
let beforeAnswer: () => Promise<unknown> = async () => {};

beforeAll(async () => {
  const log = new MemoryLog();
  await writeEvening(log, (told) => [
    ...told,
    ...Array.from({ length: words }, (_, i) => {
      const data = { messageId: `m${i}`, by: null, reason: 'x' };
      return [null, { kind: 'MessageRemoved', data }] as const;
    }),
  ]);
  app = await createServer({
    logger: false,
    publicUrl: 'http://shop.example',
    front: frontOf(null),
    version: 'test',
    sessionOf: async () => null,
    readiness: async () => [],
    metrics: () => '',
  });
  const keys = testKeys();
  await app.register(
    receiptRoutes({
      log: {
        head: (stream) => log.head(stream),
        opening: (stream, seq) => log.opening(stream, seq),
        readPublished(stream, fromSeq, limit) {
          pagesRead += 1;
          return log.readPublished(stream, fromSeq, limit);
        },
      },
      keys,
      notary: new Notary(keys),
      desk: {
        async phaseOf() {
          await beforeAnswer();
          return 'ended';
        },
        list: async () => [],
        commandOf: async () => null,
      },
    }),
  );
  app.server.on('connection', (connection: Socket) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  port = Number(new URL(address).port);
});
afterAll(() => app.close());

const path = `/api/shows/${evening.slice('show-'.length)}/log`;
const url = () => `http://127.0.0.1:${port}${path}`;

/** Asks for the log and reads only the beginning of the answer. */
const stalled = async (): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: shop.example\r\n\r\n`);
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  expect(first.toString()).toMatch(/^HTTP\/1\.1 200 /);
  return socket;
};

/** Cuts the lines, and waits until the server has noticed. */
const hangUp = async (clients: readonly Socket[]): Promise<void> => {
  const noticed = [...connections].map(
    (connection) => new Promise((resolve) => void connection.once('close', resolve)),
  );
  for (const client of clients) client.destroy();
  await Promise.all(noticed);
  await new Promise((resolve) => setImmediate(resolve));
};

test('[RCP-6] a log is read only as fast as it is taken, and by two of one address at most', async () => {
  const slow = [await stalled(), await stalled()];
  expect(pagesRead).toBeLessThan((2 * words) / 1_000);
  expect(limits.logExportsPerAddressMax).toBe(2);
  const third = await fetch(url(), { headers: { connection: 'close' } });
  expect([third.status, ((await third.json()) as { code: string }).code]).toEqual([503, 'busy']);
  await hangUp(slow);
  const answer = await fetch(url());
  expect(await verifyLog(answer.body!)).toMatchObject({ ok: true, events: words + 16 });
});

test('who asks for the head alone holds no place', async () => {
  for (let asked = 0; asked < 4; asked++) {
    const { status } = await fetch(url(), { method: 'HEAD' });
    expect(status).toBe(200);
  }
  const { status, body } = await fetch(url());
  expect(status).toBe(200);
  await body?.cancel();
});

test('who hangs up before the answer began holds no place', async () => {
  const clients = Array.from({ length: limits.logExportsPerAddressMax }, () => {
    const client = connect(port, '127.0.0.1');
    client.write(`GET ${path} HTTP/1.1\r\nHost: shop.example\r\n\r\n`);
    return client;
  });
  let asked = 0;
  const allAsked = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  beforeAnswer = () => {
    asked += 1;
    if (asked === clients.length) allAsked.resolve();
    return gone.promise;
  };
  await allAsked.promise;
  await hangUp(clients);
  gone.resolve();
  beforeAnswer = async () => {};
  const { status, body } = await fetch(url());
  expect(status).toBe(200);
  await body?.cancel();
});
