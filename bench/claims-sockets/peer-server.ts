// The peer of the claims-over-sockets bench, as shops are built: a WebSocket server (`ws`) that takes the claim, runs
// one conditional UPDATE transaction over a pool of 32 connections, and answers. It tells nobody else.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { WebSocketServer } from 'ws';
import type { FromServer, ToServer } from './talk.ts';

const tell = (message: FromServer) => process.send?.(message);
const pool = new pg.Pool({ connectionString: process.env.RIALTO_BENCH_DATABASE, max: 32 });
await pool.query(
  'create table if not exists peer_offers (id text primary key, units_left integer not null)',
);
await pool.query(
  'create table if not exists peer_claims (id text primary key, offer text not null, person text not null, at timestamptz not null default now())',
);

const claim = async (person: string, id: string, offerId: string): Promise<boolean> => {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const taken = await client.query(
      'update peer_offers set units_left = units_left - 1 where id = $1 and units_left >= 1',
      [offerId],
    );
    if (taken.rowCount === 1) {
      await client.query('insert into peer_claims (id, offer, person) values ($1, $2, $3)', [
        `${person} ${id}`,
        offerId,
        person,
      ]);
    }
    await client.query('commit');
    return taken.rowCount === 1;
  } finally {
    client.release();
  }
};

process.on('message', async ({ offerId, units }: ToServer) => {
  await pool.query('insert into peer_offers values ($1, $2)', [offerId, units]);
  tell({ is: 'opened' });
});
process.on('disconnect', () => process.exit(0));

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket, request) => {
  const person = request.headers.cookie ?? '';
  socket.on('message', async (data) => {
    const said = JSON.parse(String(data)) as { t: string; id: string; offerId: string };
    if (said.t === 'hello') return socket.send('{"t":"welcome"}');
    const isHeld = await claim(person, said.id, said.offerId);
    socket.send(
      JSON.stringify(
        isHeld
          ? { t: 'done', id: said.id }
          : { t: 'refused', id: said.id, problem: { code: 'sold-out' } },
      ),
    );
  });
});
server.listen(0, '127.0.0.1', 4_096);
await once(server, 'listening');
tell({ is: 'ready', port: (server.address() as AddressInfo).port, path: '/' });
