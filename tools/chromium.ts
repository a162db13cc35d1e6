// A Chromium for the browser stories and the page measurement: the installed one, else Debian's by apt-get where
// that is allowed, else Playwright's own download. Nothing else of the project needs a browser.

import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const macChrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** Path of a Chromium that can be run; fetches one when there is none. Undefined when that failed too. */
export async function chromiumPath(): Promise<string | undefined> {
  const there = process.env.CHROMIUM_PATH ?? installed() ?? (await downloaded());
  if (there !== undefined) return there;

  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (onPath('apt-get') !== undefined && (asRoot.length === 0 || allowed([...asRoot, 'true']))) {
    console.log('Fetching Chromium by apt-get …');
    await run([...asRoot, 'apt-get', 'update', '-qq']);
    await run([
      ...asRoot,
      'apt-get',
      'install',
      '-qq',
      '-y',
      '--no-install-recommends',
      'chromium',
    ]);
    const fetched = installed();
    if (fetched !== undefined) return fetched;
  }

  console.log('Fetching Chromium by Playwright …');
  await run([
    process.execPath,
    join(root, 'node_modules/playwright-core/cli.js'),
    'install',
    'chromium',
  ]);
  return downloaded();
}

function installed(): string | undefined {
  const found = names.map(onPath).find((path) => path !== undefined);
  return found ?? (existsSync(macChrome) ? macChrome : undefined);
}

async function downloaded(): Promise<string | undefined> {
  const { chromium } = await import('playwright-core');
  const path = chromium.executablePath();
  return path !== '' && existsSync(path) ? path : undefined;
}

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
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

function allowed(command: readonly string[]): boolean {
  return spawnSync(command[0] ?? '', command.slice(1), { stdio: 'ignore' }).status === 0;
}

function run(command: readonly string[]): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(command[0] ?? '', command.slice(1), {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    child.on('error', () => resolve(null));
    child.on('close', resolve);
  });
}
