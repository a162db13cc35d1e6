// Brings a database to today's tables: numbered SQL files, each applied once in a transaction of its
// own, in order, recorded with its checksum. There is no way back: a mistake is mended by a new file.
// The rule it guards: what was applied once is never edited, or two installations would differ.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { Fault } from '../base/fault.ts';

/** Where the product's own files stand, `0001-event-log.sql` and on. */
export const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** Nodes that start together migrate one after the other. */
const migrationLock = 0x5249_4d47;

/**
 * Applies what is missing and resolves to the names of what it applied. Faults: `migration-changed`
 * when an applied file differs from its record or is gone, `migration-failed` with the file's name when
 * its SQL is refused (everything before it stays applied).
 */
export const migrate = async (pool: pg.Pool, folder = migrationsFolder): Promise<string[]> => {
  const migrations = migrationsIn(folder);
  const client = await pool.connect();
  client.on('error', ignore);
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await client.query(`create table if not exists migrations (
      number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now()
    )`);
    const { rows } = await client.query<{ number: number; name: string; checksum: string }>(
      'select number, name, checksum from migrations order by number',
    );
    checkApplied(rows, migrations);
    const applied = new Set(rows.map(({ number }) => number));
    const missing = migrations.filter(({ number }) => !applied.has(number));
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [migrationLock]).catch(ignore);
    client.off('error', ignore);
    client.release();
  }
};

const ignore = (): void => {};

const migrationsIn = (folder: string): Migration[] => {
  const migrations = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name): Migration => {
      const number = /^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1];
      if (number === undefined)
        throw new Fault(
          'migration-changed',
          `${name} is no name for a migration: 0007-what-it-brings.sql`,
        );
      const sql = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
      return {
        number: Number(number),
        name,
        sql,
        checksum: createHash('sha256').update(sql).digest('hex'),
      };
    });
  for (const [i, { number, name }] of migrations.entries()) {
    const before = migrations[i - 1];
    if (before?.number === number)
      throw new Fault('migration-changed', `${before.name} and ${name} have the same number`);
  }
  return migrations;
};

const checkApplied = (
  applied: readonly { number: number; name: string; checksum: string }[],
  migrations: readonly Migration[],
): void => {
  for (const { number, name, checksum } of applied) {
    const file = migrations.find((migration) => migration.number === number);
    if (file === undefined)
      throw new Fault(
        'migration-changed',
        `this database has ${name}, which this version of Rialto doesn't know: start a newer version`,
        { detail: { name } },
      );
    if (file.checksum !== checksum || file.name !== name)
      throw new Fault(
        'migration-changed',
        `${name} was changed after it was applied: bring the old file back and put the change into a new one`,
        { detail: { name } },
      );
  }
};

const apply = async (
  client: pg.PoolClient,
  { number, name, sql, checksum }: Migration,
): Promise<void> => {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query('insert into migrations (number, name, checksum) values ($1, $2, $3)', [
      number,
      name,
      checksum,
    ]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(ignore);
    throw new Fault(
      'migration-failed',
      `${name} could not be applied: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause, detail: { name } },
    );
  }
};
