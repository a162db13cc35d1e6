// What has to stand before anything else can run: the dependencies, the pinned Node among them, and the built web app.
// Plain JavaScript on purpose: a fresh clone has only an older Node (18 or newer) and npm, which can't run our TypeScript.
// The rule it guards: with everything in place it says nothing and costs a blink; otherwise it says what it does and how long it takes.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const lockFile = join(root, 'package-lock.json');
const installStamp = join(modules, '.rialto-setup');
const pinnedNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const webOutput = join(root, 'dist', 'web');
const webStampName = '.sources';

/** All that the web build reads; a change in any of it makes a new build. */
const webSources = [
  'src/web',
  'src/protocol',
  'src/base',
  'src/domain',
  'vite.config.ts',
  'tsconfig.json',
  'package-lock.json',
];

/** A reason to stop that a person can act on; shown without a stack trace. */
class SetupFailure extends Error {}

async function setUp() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 18) {
    throw new SetupFailure(
      `This is Node ${process.versions.node}; set-up needs Node 18 or newer (it fetches the right one for the rest).`,
    );
  }
  await installDependencies();
  await buildWeb();
}

// --- dependencies ---

async function installDependencies() {
  const wanted = digest([readFileSync(lockFile)]);
  if (readText(installStamp) === wanted && existsSync(pinnedNode)) return;

  if (!installedMatchesLock()) {
    // Not `npm ci`: it fails when the registry lacks a package for some other platform, and it
    // throws away what is already right. `--no-save` takes the lock as it stands and never writes it.
    const install = await run('Installing the parts that Rialto is made of', npm, [
      'install',
      '--no-save',
      '--include=dev',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]);
    if (install.code !== 0) {
      throw new SetupFailure(
        `${install.output}\nnpm could not install the dependencies (its last words are above). ` +
          'Check the connection to the npm registry and the free space on the disk, then run the same command again.',
      );
    }
  }
  if (!existsSync(pinnedNode)) await runInstallScripts();
  writeFileSync(installStamp, wanted);
}

/**
 * Whether node_modules already holds what the lock asks for, whoever installed it.
 * npm writes its own list (`.package-lock.json`) last, so a broken-off install has none.
 */
function installedMatchesLock() {
  const listed = readText(join(modules, '.package-lock.json'));
  if (listed === undefined) return false;
  const installed = JSON.parse(listed).packages;
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  const withDev = process.env.NODE_ENV !== 'production';
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || installed[path]?.version === entry.version) return true;
    // What is for another platform, or for developers on a production machine, may be absent, but not in an older version.
    const mayBeAbsent =
      entry.optional || entry.devOptional || entry.peer || (entry.dev && !withDev);
    return mayBeAbsent && installed[path] === undefined;
  });
}

/** npm was told somewhere not to run install scripts, so the pinned Node was never unpacked. */
async function runInstallScripts() {
  const rebuild = await run('Fetching the pinned Node', npm, ['rebuild', '--loglevel=error']);
  if (rebuild.code !== 0 || !existsSync(pinnedNode)) {
    throw new SetupFailure(
      `${rebuild.output}\nThe pinned Node is missing: npm did not run the install script of the package "node". ` +
        'Look whether "ignore-scripts" is set (npm config get ignore-scripts), allow it here, and run the same command again.',
    );
  }
}

// --- web app ---

async function buildWeb() {
  const sources = digest(
    webSources.flatMap((path) => filesUnder(join(root, path))).flatMap(nameAndContent),
  );
  if (readText(join(webOutput, webStampName)) === sources) return;

  // Built beside the old one and then swapped, so that a running server never serves half a build.
  const next = `${webOutput}.next-${process.pid}`;
  const past = `${webOutput}.past-${process.pid}`;
  try {
    const build = await run('Building the web app', pinnedNode, [
      join(modules, 'vite', 'bin', 'vite.js'),
      'build',
      '--logLevel=warn',
      '--emptyOutDir',
      '--outDir',
      next,
    ]);
    if (build.code !== 0)
      throw new SetupFailure(
        `${build.output}\nThe web app could not be built (the reason is above).`,
      );
    writeFileSync(join(next, webStampName), sources);
    if (existsSync(webOutput)) renameSync(webOutput, past);
    else mkdirSync(dirname(webOutput), { recursive: true });
    renameSync(next, webOutput);
  } finally {
    rmSync(next, { recursive: true, force: true });
    rmSync(past, { recursive: true, force: true });
  }
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  const entries = tryList(path);
  if (entries === undefined) return [path];
  // Vite keeps a cache of its own in a node_modules beside the pages.
  const ours = entries.filter((name) => name !== 'node_modules').sort();
  return ours.flatMap((name) => filesUnder(join(path, name)));
}

function tryList(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function nameAndContent(path) {
  // Tests lie beside what they test and are no part of the page.
  return path.includes('.test.') ? [] : [relative(root, path), readFileSync(path)];
}

// --- running something long, with words ---

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Runs a command with its output kept back, and shows `words` with the seconds that have passed. */
function run(words, command, args) {
  return new Promise((resolve, reject) => {
    const started = Date.now();
    const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
    const terminal = process.stdout.isTTY;
    const say = (line, end) =>
      process.stdout.write(terminal ? `\r\x1b[K${line}${end ? '\n' : ''}` : `${line}\n`);
    say(`${words} …`, false);
    const ticker = setInterval(
      () => say(`${words} … ${seconds()}`, false),
      terminal ? 1_000 : 10_000,
    );

    let output = '';
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    const keep = (chunk) => {
      output = (output + chunk).slice(-8_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearInterval(ticker);
      const how = code === 0 ? 'done' : signal ? `stopped by ${signal}` : 'failed';
      say(`${words} … ${how} after ${seconds()}`, true);
      resolve({ code, output: output.trimEnd() });
    });
    running = child;
  });
}

let running;
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.on(signal, () => {
    running?.kill(signal);
    process.exitCode = code;
    // The child's end resolves `run` with a failure, which ends set-up; nothing half-made carries a stamp.
    stopped = true;
  });
}
let stopped = false;

// --- small parts ---

function digest(parts) {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

function readText(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

try {
  await setUp();
} catch (error) {
  if (stopped) console.error('Set-up was stopped; the next start goes on from here.');
  else {
    console.error(error instanceof SetupFailure ? error.message : error);
    process.exitCode = 1;
  }
}
