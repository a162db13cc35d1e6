// A database of its own for each test file, made from a template with today's tables in some tens of
// milliseconds, and gone when the file is done. The servers behind it are `global-setup.ts`'s.

import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { afterAll, inject } from 'vitest';
import { openPool } from '../database.ts';

/** Migrated once a run; nobody connects to it afterwards, or it could not be copied. */
export const templateName = 'rialto_template';

export interface FreshDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
}

/** The same server, another database. */
export const databaseAt = (url: string, name: string): string => {
  const at = new URL(url);
  at.pathname = `/${name}`;
  return at.href;
};

/**
 * A migrated, empty database that is dropped after the test file, together with whatever connections
 * are still open to it. Call it in `beforeAll` or at the top of a file. `empty: true` leaves out the tables.
 */
export const freshDatabase = async ({
  empty = false,
  connectionsMax = 10,
} = {}): Promise<FreshDatabase> => {
  // Workers are numbered from 1, and a number is one worker's at a time.
  const serverUrl = inject('postgresUrls')[Number(process.env.VITEST_POOL_ID) - 1];
  if (serverUrl === undefined) throw new Error('There are more workers than servers.');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = openPool(serverUrl, { connectionsMax: 1 });
  await admin.query(`create database ${name} template ${empty ? 'template0' : templateName}`);
  const url = databaseAt(serverUrl, name);
  const pool = openPool(url, { connectionsMax });
  afterAll(async () => {
    await pool.end().catch(() => {});
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
  return { url, pool };
};
