// The peer of the bids bench, as auctions are built: a WebSocket server (`ws`) that takes the bid, locks the lot's
// row with SELECT … FOR UPDATE in one transaction over a pool of 32 connections, raises the price, inserts the bid,
// and answers. It has no proxy maxima and tells nobody else.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { WebSocketServer } from 'ws';
import { type FromServer, startMinor, type ToServer } from './talk.ts';

const tell = (message: FromServer) => process.send?.(message);
const pool = new pg.Pool({ connectionString: process.env.RIALTO_BENCH_DATABASE, max: 32 });
await pool.query(
  'create table if not exists peer_lots (id text primary key, price integer not null, leader text)',
);
await pool.query(
  'create table if not exists peer_bids (id text primary key, lot text not null, person text not null, amount integer not null, at timestamptz not null default now())',
);

const bid = async (person: string, id: string, lotId: string, amount: number): Promise<boolean> => {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query<{ price: number }>(
      'select price from peer_lots where id = $1 for update',
      [lotId],
    );
    const isHigher = rows[0] !== undefined && amount > rows[0].price;
    if (isHigher) {
      await client.query('update peer_lots set price = $2, leader = $3 where id = $1', [
        lotId,
        amount,
        person,
      ]);
      await client.query(
        'insert into peer_bids (id, lot, person, amount) values ($1, $2, $3, $4)',
        [`${person} ${id}`, lotId, person, amount],
      );
    }
    await client.query('commit');
    return isHigher;
  } finally {
    client.release();
  }
};

process.on('message', async ({ lotId }: ToServer) => {
  await pool.query('insert into peer_lots (id, price) values ($1, $2)', [lotId, startMinor - 1]);
  tell({ is: 'opened' });
});
process.on('disconnect', () => process.exit(0));

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket, request) => {
  const person = request.headers.cookie ?? '';
  socket.on('message', async (data) => {
    const said = JSON.parse(String(data)) as {
      t: string;
      id: string;
      lotId: string;
      maxMinor: number;
    };
    if (said.t === 'hello') return socket.send('{"t":"welcome"}');
    const isAccepted = await bid(person, said.id, said.lotId, said.maxMinor);
    socket.send(
      JSON.stringify(
        isAccepted
          ? { t: 'done', id: said.id }
          : { t: 'refused', id: said.id, problem: { code: 'bid-too-low' } },
      ),
    );
  });
});
server.listen(0, '127.0.0.1', 4_096);
await once(server, 'listening');
tell({ is: 'ready', port: (server.address() as AddressInfo).port, path: '/' });
