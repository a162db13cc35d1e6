// `npm test`: every check in order of cost, each timed and named, stopping at the first that fails.
// The last line is `N passed, N failed`: tests as vitest and the simulator count them, every other check as one.
// What a check needs from the machine (the browser) is fetched here; dependencies and the web build are set-up's.

import { type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { measurements } from '../bench/measurements.ts';
import { chromiumPath } from './chromium.ts';

const root = join(import.meta.dirname, '..');
const artefacts = join(root, 'artefacts');
const node = process.execPath;
const modules = join(root, 'node_modules');

/** Measured by hand alone: its peer is a server that a fresh machine doesn't have. */
const onDemand: ReadonlySet<string> = new Set(['hls']);

type Counts = { readonly passed: number; readonly failed: number };
type Check = {
  readonly name: string;
  readonly what: string;
  readonly run: () => Promise<Counts>;
};

const checks: readonly Check[] = [
  { name: 'types', what: 'types', run: () => asOne(bin('typescript/bin/tsc', '--noEmit')) },
  {
    name: 'lint',
    what: 'lint and format',
    run: () => asOne(bin('@biomejs/biome/bin/biome', 'check', '--error-on-warnings')),
  },
  { name: 'tidy', what: 'tidy', run: () => asOne([join(root, 'tools/tidy.ts')]) },
  { name: 'unit', what: 'unit and property tests', run: () => vitest('unit') },
  { name: 'pg', what: 'PostgreSQL tests', run: () => vitest('pg') },
  { name: 'sim', what: 'simulation of 200 seeds', run: simulation },
  { name: 'e2e', what: 'browser stories', run: browserStories },
  { name: 'bench', what: 'measurements in quick form', run: quickBench },
];

const wanted = readWanted(process.argv.slice(2));
mkdirSync(artefacts, { recursive: true });

let passed = 0;
let failedAt: { readonly check: Check; readonly failed: number } | undefined;
for (const check of checks) {
  if (wanted !== undefined && !wanted.includes(check.name)) continue;
  console.log(`\n── ${check.what}`);
  const startedMs = performance.now();
  const counts = await check.run();
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  passed += counts.passed;
  if (counts.failed > 0) {
    failedAt = { check, failed: counts.failed };
    console.log(`✗ ${check.what}: ${counts.failed} failed after ${seconds} s`);
    break;
  }
  console.log(`✓ ${check.what}: ${counts.passed} in ${seconds} s`);
}

if (failedAt !== undefined) {
  const { name, what } = failedAt.check;
  console.log(`\nStopped at ${what}. Run it alone: npm test -- --only ${name}`);
}
console.log(`\n${passed} passed, ${failedAt?.failed ?? 0} failed`);
process.exitCode = failedAt === undefined && passed > 0 ? 0 : 1;

// --- the checks ---

async function asOne(args: readonly string[]): Promise<Counts> {
  const { code } = await run(node, args);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function vitest(project: string, env: NodeJS.ProcessEnv = {}): Promise<Counts> {
  const report = join(artefacts, `vitest-${project}.json`);
  rmSync(report, { force: true });
  const { code } = await run(
    node,
    [
      ...bin('vitest/vitest.mjs', 'run', '--project', project, '--project', `${project}-*`),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { env: { ...process.env, ...env } },
  );
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const counted = JSON.parse(readFileSync(report, 'utf8'));
  const failed: number = counted.numFailedTests;
  // A file that can't be loaded fails without a failed test; so does a run that found no test at all.
  const unseen = code !== 0 || counted.numPassedTests === 0 ? 1 : 0;
  return { passed: counted.numPassedTests, failed: failed > 0 ? failed : unseen };
}

async function simulation(): Promise<Counts> {
  const { code, output } = await run(node, [join(root, 'sim/run.ts'), '--seeds', '200']);
  const line = /^(\d+) passed, (\d+) failed$/m.exec(output);
  const counts = { passed: Number(line?.[1] ?? 0), failed: Number(line?.[2] ?? 1) };
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function browserStories(): Promise<Counts> {
  const chromium = await chromiumPath();
  if (chromium === undefined) {
    console.log(
      'No Chromium: none is installed, and neither apt-get nor Playwright could fetch one.',
    );
    return { passed: 0, failed: 1 };
  }
  return vitest('e2e', { CHROMIUM_PATH: chromium });
}

async function quickBench(): Promise<Counts> {
  const counts = { passed: 0, failed: 0 };
  for (const { name } of measurements().filter((one) => !onDemand.has(one.name))) {
    console.log(`\n${name}`);
    const { code } = await run(node, [join(root, 'bench/run.ts'), name, '--quick']);
    if (code === 0) counts.passed++;
    else counts.failed++;
  }
  return counts;
}

// --- small parts ---

function bin(path: string, ...args: readonly string[]): readonly string[] {
  return [join(modules, path), ...args];
}

/** Runs a command in sight of the person, and keeps what it prints on its standard output. */
function run(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      ...options,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-100_000);
      process.stdout.write(text);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

function readWanted(args: readonly string[]): readonly string[] | undefined {
  const at = args.indexOf('--only');
  if (at === -1 && args.length === 0) return undefined;
  const names = at === -1 ? args : (args[at + 1] ?? '').split(',');
  const known = checks.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`There is no check "${unknown}". There are: ${known.join(', ')}.`);
    process.exit(1);
  }
  return names;
}
