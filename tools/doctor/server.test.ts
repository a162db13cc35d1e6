import { createServer, type RequestListener } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { checkServer } from './server.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serverThat(
  answers: RequestListener,
): Promise<{ url: string; sockets: WebSocketServer }> {
  const server = createServer(answers);
  const sockets = new WebSocketServer({ server });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  closing.push(() => {
    sockets.close();
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${address.port}`, sockets };
}

const plannedShow: RequestListener = (request, response) => {
  response.setHeader('content-type', 'application/json');
  const shows = [{ showId: 'fair', title: 'Fair', phase: 'planned' }];
  response.end(request.url === '/api/shows' ? JSON.stringify({ shows }) : '{}');
};

test('where nothing runs the server is passed over', async () => {
  const outcomes = await checkServer('http://127.0.0.1:9');
  expect(outcomes.map(({ state }) => state)).toEqual(['passed-over']);
});

test('a server that is up but not ready is ill, with what it says', async () => {
  const { url } = await serverThat((request, response) => {
    response.statusCode = request.url === '/readyz' ? 503 : 200;
    response.end(request.url === '/readyz' ? 'the log does not answer' : '{"shows":[]}');
  });
  const outcomes = await checkServer(url);
  expect(outcomes.map(({ state }) => state)).toEqual(['well', 'ill', 'passed-over']);
  expect(outcomes[1]?.says).toContain('the log does not answer');
});

test('a socket that speaks after hello is well, one that closes is ill with its code', async () => {
  const { url, sockets } = await serverThat(plannedShow);
  sockets.once('connection', (socket) =>
    socket.on('message', (text) => {
      expect(JSON.parse(String(text))).toEqual({ t: 'hello' });
      socket.send('{}');
    }),
  );
  expect((await checkServer(url)).map(({ state }) => state)).toEqual([
    'well',
    'well',
    'well',
    'passed-over',
  ]);

  sockets.once('connection', (socket) => socket.close(4101));
  const [, , closed] = await checkServer(url);
  expect(closed).toMatchObject({ state: 'ill', says: 'the socket of "Fair" closed with 4101' });
});
