// The least that any server on the same database can do at its start: PostgreSQL on an existing folder, Fastify,
// and a `/readyz` that asks the database. The peer of `bench/boot.ts`; run as a program.

import { join } from 'node:path';
import fastify from 'fastify';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/log/embedded-postgres.ts';

const postgres = await startEmbeddedPostgres({
  folder: join(process.env.RIALTO_DATA ?? '.', 'boot-peer'),
});
const pool = new pg.Pool({ connectionString: postgres.url, max: 1 });
const server = fastify();
server.get('/readyz', async () => (await pool.query('select 1 as ready')).rows[0]);
await server.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });

process.once('SIGTERM', async () => {
  await server.close();
  await pool.end();
  await postgres.stop();
});
