// A program that a test or a measurement needs besides npm's packages, and that Debian has: the installed one, else by
// apt-get where that is allowed. Chromium has ways of its own (`chromium.ts`).

import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of the program; fetches its package when it isn't there. Undefined when that failed too. */
export async function debianProgram(
  name: string,
  packageName: string = name,
): Promise<string | undefined> {
  const there = onPath(name);
  if (there !== undefined || onPath('apt-get') === undefined) return there;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  console.log(`Fetching ${packageName} by apt-get …`);
  const run = (...command: string[]): boolean => {
    const [first = '', ...rest] = [...asRoot, ...command];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    return spawnSync(first, rest, { stdio: 'ignore', env }).status === 0;
  };
  const install = ['apt-get', 'install', '-qq', '-y', '--no-install-recommends', packageName];
  if (!run(...install)) {
    run('apt-get', 'update', '-qq');
    run(...install);
  }
  return onPath(name);
}

function onPath(name: string): string | undefined {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
