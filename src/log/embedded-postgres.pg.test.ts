// The embedded server over its whole life: first start, next start, a killed owner, a second owner, and
// folders it can't use. Each test has a folder of its own; owners that get killed are child processes.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';

/** Set up once: setting up takes a second or more of the machine's time, copying it a fraction. */
let ready: string;
let above: string;
let folder: string;
let undo: (() => Promise<unknown> | unknown)[] = [];

beforeAll(async () => {
  ready = await mkdtemp(join(tmpdir(), 'rialto-embedded-ready-'));
  await (await startEmbeddedPostgres({ folder: join(ready, 'postgres'), volatile: true })).stop();
});
afterAll(() => rm(ready, { recursive: true, force: true }));

beforeEach(async () => {
  above = await mkdtemp(join(tmpdir(), 'rialto-embedded-'));
  await chmod(above, 0o755);
  folder = join(above, 'postgres');
});
afterEach(async () => {
  for (const step of undo.reverse()) await step();
  undo = [];
  await rm(above, { recursive: true, force: true });
});

/** A folder that is set up already. */
const copyReady = (): void => void execFileSync('cp', ['-a', join(ready, 'postgres'), folder]);

const start = async (
  options: { folder?: string; port?: number } = {},
): Promise<EmbeddedPostgres> => {
  const server = await startEmbeddedPostgres({ folder, volatile: true, ...options });
  undo.push(() => server.stop());
  return server;
};

const ask = async <Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
};

/** An owner in a process of its own, as far as the server is up. */
const owner = async (): Promise<{
  child: ChildProcess;
  url: string;
  pid: number;
  exited: Promise<unknown>;
}> => {
  const source = `const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('./embedded-postgres.ts', import.meta.url).href)});
    const { url, pid } = await startEmbeddedPostgres({ folder: ${JSON.stringify(folder)} });
    console.log(JSON.stringify({ url, pid }));
    setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  undo.push(() => child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout! }))
    return { child, exited, ...(JSON.parse(line) as { url: string; pid: number }) };
  throw new Error('the owner ended early');
};

test('[LOG-17] a new folder becomes a database; what was committed is there at the next start', async () => {
  const first = await startEmbeddedPostgres({ folder });
  await ask(first.url, "create table kept (word text); insert into kept values ('Rialto')");
  await first.stop();
  expect(existsSync(join(folder, 'cluster', 'postmaster.pid'))).toBe(false);
  const second = await start();
  expect(new URL(second.url).password).toBe(new URL(first.url).password);
  expect(new URL(second.url).password).not.toBe(
    (await readFile(join(ready, 'postgres', 'password'), 'utf8')).trim(),
  );
  expect(await ask(second.url, 'select word from kept')).toEqual([{ word: 'Rialto' }]);
});

test('[LOG-17] it stores UTF-8, sorts the same on every machine, is durable and listens on the loopback only', async () => {
  copyReady();
  const server = await startEmbeddedPostgres({ folder });
  undo.push(() => server.stop());
  const [row] = await ask<Record<string, string>>(
    server.url,
    `select current_setting('server_encoding') as encoding, current_setting('listen_addresses') as addresses, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages, current_setting('data_checksums') as checksums,
      (select datlocprovider::text || datlocale from pg_database where datname = current_database()) as locale, (select string_agg(c, '' order by c) from unnest(array['ä','b','A','a','Z']) c) as sorted`,
  );
  expect(row).toEqual({
    encoding: 'UTF8',
    addresses: '127.0.0.1',
    fsync: 'on',
    commit: 'on',
    pages: 'on',
    checksums: 'on',
    locale: 'bC.UTF-8',
    sorted: 'AZabä',
  });
});

test('[LOG-17] the password is random, for the account’s eyes only, and without it nobody gets in', async () => {
  copyReady();
  const server = await start();
  const password = (await readFile(join(folder, 'password'), 'utf8')).trim();
  expect(password).toMatch(/^[\w-]{32}$/);
  expect((await stat(join(folder, 'password'))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  const wrong = new URL(server.url);
  wrong.password = 'wrong';
  await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
});

test('[LOG-18] a killed owner takes its server with it, and the next start finds all that was committed', async () => {
  copyReady();
  const { child, url, pid, exited } = await owner();
  await ask(url, "create table kept (word text); insert into kept values ('Rialto')");
  child.kill('SIGKILL');
  await exited;
  const server = await start();
  expect(server.pid).not.toBe(pid);
  expect(await ask(server.url, 'select word from kept')).toEqual([{ word: 'Rialto' }]);
});

test('[LOG-18] server and owner both killed: the next start recovers', async () => {
  copyReady();
  const { child, url, pid, exited } = await owner();
  await ask(url, "create table kept (word text); insert into kept values ('Rialto')");
  process.kill(pid, 'SIGKILL');
  child.kill('SIGKILL');
  await exited;
  expect(existsSync(join(folder, 'cluster', 'postmaster.pid'))).toBe(true);
  const server = await start();
  expect(await ask(server.url, 'select word from kept')).toEqual([{ word: 'Rialto' }]);
});

test('[LOG-18] a stale process id that another program has by now does not stop the start', async () => {
  copyReady();
  await writeFile(
    join(folder, 'cluster', 'postmaster.pid'),
    `${process.pid}\n${folder}/cluster\n1700000000\n5432\n\n127.0.0.1\n0 0\nready\n`,
  );
  await start();
});

test('[LOG-18] a second owner is refused while the first is alive, and the first goes on', async () => {
  copyReady();
  const first = await start();
  await expect(startEmbeddedPostgres({ folder })).rejects.toMatchObject({
    code: 'data-folder-in-use',
    message: expect.stringContaining('RIALTO_DATA'),
  });
  expect(await ask(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('[LOG-18] a server that ends by itself is told of', async () => {
  copyReady();
  const told = Promise.withResolvers<unknown>();
  const server = await startEmbeddedPostgres({ folder, volatile: true, onExit: told.resolve });
  process.kill(server.pid, 'SIGKILL');
  expect(await told.promise).toMatchObject({ code: 'database-failed' });
  await server.stop();
});

test('[LOG-19] a folder that can not be made names the setting', async () => {
  await writeFile(join(above, 'file'), '');
  await expect(
    startEmbeddedPostgres({ folder: join(above, 'file', 'postgres') }),
  ).rejects.toMatchObject({
    code: 'storage-unavailable',
    message: expect.stringContaining('RIALTO_DATA'),
  });
});

test('[LOG-19] a folder of another server version is refused with both versions, and left alone', async () => {
  await mkdir(join(folder, 'cluster'), { recursive: true });
  await writeFile(join(folder, 'cluster', 'PG_VERSION'), '16\n');
  await expect(startEmbeddedPostgres({ folder })).rejects.toMatchObject({
    code: 'database-version',
    message: expect.stringMatching(/PostgreSQL 16.*PostgreSQL 18/),
  });
  expect(await readFile(join(folder, 'cluster', 'PG_VERSION'), 'utf8')).toBe('16\n');
});

test('[LOG-19] a port that is taken is named', async () => {
  copyReady();
  const other = createServer();
  await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
  undo.push(() => new Promise((resolve) => other.close(resolve)));
  const { port } = other.address() as { port: number };
  await expect(startEmbeddedPostgres({ folder, port, volatile: true })).rejects.toMatchObject({
    code: 'port-busy',
    message: expect.stringContaining(String(port)),
  });
  expect(await start()).toMatchObject({ port: expect.any(Number) });
});

test('[LOG-19] a set-up that broke off in the middle is begun again', async () => {
  await mkdir(join(folder, 'cluster.new', 'base'), { recursive: true });
  await writeFile(join(folder, 'cluster.new', 'PG_VERSION'), '18\n');
  await start();
  expect(existsSync(join(folder, 'cluster.new'))).toBe(false);
});

test('[LOG-19] a project inside a private folder works, also as root, and the private folder stays private', async () => {
  const closed = join(above, 'private');
  await mkdir(closed, { mode: 0o700 });
  const server = await start({ folder: join(closed, 'data', 'postgres') });
  expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect((await stat(closed)).mode & 0o777).toBe(0o700);
});
