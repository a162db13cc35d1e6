// A queue as shops build it on a database: an entry is one INSERT … ON CONFLICT transaction, serving is one UPDATE of
// the next row with SKIP LOCKED, both with so many connections. It has no proof of its order: a random number sorts.

import type pg from 'pg';
import { assert } from '../../src/base/assert.ts';

export type PeerRound = { readonly perSecond: number; readonly servedMs: number };

export const peerTables = `create table peer_entries (
  drop_id text not null, person text not null, words text not null, turn double precision not null default random(),
  served boolean not null default false, at timestamptz not null default now(), primary key (drop_id, person));
  create index on peer_entries (drop_id, served, turn)`;

export const peerRound = async (
  pool: pg.Pool,
  name: string,
  people: number,
  units: number,
  connections: number,
): Promise<PeerRound> => {
  const withAll = async (each: (client: pg.PoolClient) => Promise<void>): Promise<number> => {
    const startMs = performance.now();
    await Promise.all(
      Array.from({ length: connections }, async () => {
        const client = await pool.connect();
        await each(client);
        client.release();
      }),
    );
    return performance.now() - startMs;
  };
  let next = 0;
  const enteredMs = await withAll(async (client) => {
    while (next < people) {
      const nth = next++;
      await client.query({
        name: 'peer-enter',
        text: 'insert into peer_entries (drop_id, person, words) values ($1, $2, $3) on conflict do nothing',
        values: [name, `person-${nth}`, nth.toString(16).padStart(32, '0')],
      });
    }
  });
  await pool.query('analyze peer_entries');
  let taken = 0;
  let served = 0;
  const servedMs = await withAll(async (client) => {
    while (taken < units) {
      taken += 1;
      const { rowCount } = await client.query({
        name: 'peer-serve',
        text: `update peer_entries set served = true where drop_id = $1 and person =
               (select person from peer_entries where drop_id = $1 and not served order by turn limit 1 for update skip locked)`,
        values: [name],
      });
      served += rowCount ?? 0;
    }
  });
  assert(served === units, `the peer served ${served} of ${units}`);
  return { perSecond: (people / enteredMs) * 1_000, servedMs };
};
