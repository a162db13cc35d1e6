// Migrations: once each, in order, whole or not at all, and never edited afterwards.

import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { migrate, migrationsFolder } from './migrate.ts';
import { freshDatabase } from './testing/postgres.ts';

const { pool } = await freshDatabase({ empty: true });
const folder = await mkdtemp(join(tmpdir(), 'rialto-migrations-'));
const write = (name: string, sql: string) => writeFile(join(folder, name), sql);

beforeEach(async () => {
  await pool.query('drop schema public cascade; create schema public');
  await rm(folder, { recursive: true });
  await mkdir(folder);
  await write('0001-words.sql', 'create table words (word text);');
  await write('0002-first-word.sql', "insert into words values ('Rialto');");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const words = async () =>
  (await pool.query<{ word: string }>('select word from words')).rows.map(({ word }) => word);

test('[LOG-20] each file is applied once, in order', async () => {
  expect(await migrate(pool, folder)).toEqual(['0001-words.sql', '0002-first-word.sql']);
  expect(await migrate(pool, folder)).toEqual([]);
  await write('0003-second-word.sql', "insert into words values ('Bridge');");
  expect(await migrate(pool, folder)).toEqual(['0003-second-word.sql']);
  expect(await words()).toEqual(['Rialto', 'Bridge']);
});

test('[LOG-20] nodes that start together apply it once', async () => {
  const applied = await Promise.all([
    migrate(pool, folder),
    migrate(pool, folder),
    migrate(pool, folder),
  ]);
  expect(applied.map(({ length }) => length).sort()).toEqual([0, 0, 2]);
  expect(await words()).toEqual(['Rialto']);
});

test('[LOG-20] a file that fails leaves nothing of itself, and is named', async () => {
  await write(
    '0003-broken.sql',
    "insert into words values ('half'); insert into nowhere values (1);",
  );
  await expect(migrate(pool, folder)).rejects.toMatchObject({
    code: 'migration-failed',
    message: expect.stringMatching(/0003-broken\.sql.*nowhere/),
  });
  expect(await words()).toEqual(['Rialto']);
  await write('0003-broken.sql', "insert into words values ('whole');");
  expect(await migrate(pool, folder)).toEqual(['0003-broken.sql']);
});

test('[LOG-20] an applied file that was changed, renamed or taken away is refused and named', async () => {
  await migrate(pool, folder);
  await write('0001-words.sql', 'create table words (word text, other text);');
  await expect(migrate(pool, folder)).rejects.toMatchObject({
    code: 'migration-changed',
    message: expect.stringContaining('0001-words.sql'),
  });
  await write('0001-words.sql', 'create table words (word text);');
  await rm(join(folder, '0002-first-word.sql'));
  await expect(migrate(pool, folder)).rejects.toMatchObject({
    code: 'migration-changed',
    message: expect.stringContaining('0002-first-word.sql'),
  });
});

test('[LOG-20] line ends of another system are no change', async () => {
  await write('0001-words.sql', 'create table words (\n  word text\n);\n');
  await migrate(pool, folder);
  await write('0001-words.sql', 'create table words (\r\n  word text\r\n);\r\n');
  expect(await migrate(pool, folder)).toEqual([]);
});

test('[LOG-20] a bad name and a number used twice are refused', async () => {
  await write('0002-other.sql', 'select 1');
  await expect(migrate(pool, folder)).rejects.toThrow(/0002-first-word\.sql and 0002-other\.sql/);
  await rm(join(folder, '0002-other.sql'));
  await write('three.sql', 'select 1');
  await expect(migrate(pool, folder)).rejects.toThrow('three.sql');
});

test('[LOG-20] the product’s own files apply to an empty database', async () => {
  const applied = await migrate(pool, migrationsFolder);
  expect(applied[0]).toBe('0001-event-log.sql');
  expect(await migrate(pool, migrationsFolder)).toEqual([]);
});

test('[LOG-20] logs of another form of the chain are refused by name, and an empty one goes on', async () => {
  await rm(folder, { recursive: true });
  await cp(migrationsFolder, folder, { recursive: true });
  await rm(join(folder, '0019-chain-3.sql'));
  await migrate(pool, folder);
  await pool.query(`insert into events (seq, txn, at_ms, stream, kind, command_id, hash, data)
    values (1, 1, 1, 'show-old', 'ShowStarted', 'k', '', '{}')`);
  await expect(migrate(pool)).rejects.toMatchObject({
    code: 'migration-failed',
    message: expect.stringMatching(/0019-chain-3\.sql.*earlier version.*RIALTO_DATA/s),
  });
  await pool.query('truncate events');
  expect(await migrate(pool)).toEqual(['0019-chain-3.sql']);
});
