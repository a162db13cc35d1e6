// A server that is asked to stop ends, whoever still hangs on to it: a page that never reads, a program that
// keeps its connection, half a request, a host on air and a viewer, a database that doesn't answer.

import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { playLoop } from '../src/media/camera/play-loop.ts';
import { smallLoop } from '../src/media/camera/small-loop.ts';
import { PublisherClient } from '../src/media/client/publisher-client.ts';
import { signalOverHttp } from '../src/media/client/signal.ts';
import { ViewerClient } from '../src/media/client/viewer-client.ts';
import { type House, openHouse } from './house.ts';

let house: House;
let leave: (() => unknown)[];

beforeEach(async () => {
  leave = [];
  house = await openHouse();
});
afterEach(async () => {
  for (const go of leave) await go();
  await house.close();
});

/** An owner's cookies, and a show that is live. */
const goLive = async () => {
  // The address is printed when everything has started.
  await vi.waitFor(() => house.ownerLink, { timeout: 30_000 });
  const signedIn = await fetch(house.ownerLink, { redirect: 'manual' });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((each) => each.split(';', 1)[0])
    .join('; ');
  const post = async (path: string, body?: object) => {
    const answer = await fetch(house.url + path, {
      method: 'POST',
      headers: { cookie, origin: house.url, 'content-type': 'application/json' },
      body: JSON.stringify(body ?? {}),
    });
    expect(answer.ok, path).toBe(true);
    return (await answer.json()) as { showId: string };
  };
  const { showId } = await post('/api/shows', {
    title: 'Kiln night',
    showKind: 'demonstration',
    startsAtMs: Date.now(),
    productIds: [],
  });
  await post(`/api/shows/${showId}/go-live`);
  return { cookie, showId };
};

/** Everybody who may hang on to a server. */
const hangOn = async ({ cookie, showId }: { cookie: string; showId: string }) => {
  const { port, url } = house;
  for (const reads of [true, false]) {
    const socket = new WebSocket(`ws://localhost:${port}/api/shows/${showId}/live`, {
      headers: { cookie, origin: url },
    });
    socket.on('error', () => undefined);
    await once(socket, 'open');
    socket.send(JSON.stringify({ t: 'hello' }));
    await once(socket, 'message');
    if (!reads) socket.pause();
    leave.push(() => socket.terminate());
  }
  const upgrade = [
    `GET /api/shows/${showId}/live HTTP/1.1`,
    'Host: x',
    'Origin: https://evil.example',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  const upload = ['POST /api/shows HTTP/1.1', 'Host: x', 'Content-Length: 100'];
  for (const begun of [
    '',
    'GET / HTTP/1.1\r\nHost: x\r\n',
    `${upload.join('\r\n')}\r\nContent-Type: application/json\r\n\r\n{"title"`,
    `${upgrade.join('\r\n')}\r\n\r\n`,
  ]) {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    if (begun !== '') socket.write(begun);
    leave.push(() => socket.destroy());
  }
  const agent = new Agent({ keepAlive: true });
  const [response] = await once(get(`${url}/healthz`, { agent }), 'response');
  await once(response.resume(), 'end');
  leave.push(() => agent.destroy());

  const publisher = await PublisherClient.connect({
    signal: signalOverHttp(`${url}/whip/${showId}`, { cookie, origin: url }),
  });
  const stopLoop = playLoop(publisher, smallLoop());
  const seen = Promise.withResolvers<void>();
  const viewer = await ViewerClient.connect({
    signal: signalOverHttp(`${url}/whep/${showId}`),
    onPicture: () => seen.resolve(),
  });
  await seen.promise;
  leave.push(
    stopLoop,
    () => publisher.close(),
    () => viewer.close(),
  );
};

test('everybody hangs on: it ends in time and cleanly, by SIGTERM and by SIGINT', async () => {
  const live = await goLive();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    await hangOn(live);
    // Exit code 1 would say that something was not waited for.
    expect(await house.end(signal), house.output).toBe(0);
    expect(house.output).toMatch(/Stopped\. All data is kept\.\s*$/);
    expect(house.output).not.toContain('bug in a handler');
    await house.start();
  }
});

test('asked to stop while it still starts, it starts and ends cleanly', async () => {
  await house.end('SIGTERM');
  const starting = house.start().catch(() => {});
  // Its database is the first thing that a start brings up.
  await vi.waitFor(() => house.databasePid(), { timeout: 30_000, interval: 5 });
  expect(await house.end('SIGTERM'), house.output).toBe(0);
  expect(house.output).toMatch(/Stopped\. All data is kept\.\s*$/);
  await starting;
});

test('a database that doesn’t answer is named and not waited for, and nothing is lost', async () => {
  const { showId } = await goLive();
  const pid = await house.databasePid();
  process.kill(pid, 'SIGSTOP');
  leave.push(async () => {
    // It was told to shut down, and does so as soon as it can.
    process.kill(pid, 'SIGCONT');
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), {
      timeout: 30_000,
    });
  });
  try {
    expect(await house.end('SIGTERM'), house.output).toBe(1);
    expect(house.output).toMatch(/Not waited for: database\. All data is kept\.\s*$/);
  } finally {
    await leave.pop()?.();
  }
  await house.start();
  const show = (await (await fetch(`${house.url}/api/shows/${showId}`)).json()) as {
    show: { phase: string };
  };
  expect(show.show.phase).toBe('live');
});
