// `npm run bench -- <name> [--quick] [--viewers N] [--minutes N]`: runs one measurement and prints its result as one JSON
// object on the last line, with the commit and the machine. What is measured, and against which peer, stands in
// `bench/<name>.ts`.

import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { measurements } from './measurements.ts';
import type { BenchOptions, BenchResult } from './result.ts';

const args = process.argv.slice(2);
const known = measurements();
const read = (() => {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        viewers: { type: 'string' },
        minutes: { type: 'string' },
      },
    });
  } catch {
    return undefined;
  }
})();
const [name, ...more] = read?.positionals ?? [];
const counts = [read?.values.viewers, read?.values.minutes].filter((text) => text !== undefined);

const wrong =
  (name !== undefined && !known.some((one) => one.name === name) && `no measurement "${name}"`) ||
  (more.length > 0 && 'room for one measurement at a time') ||
  (read === undefined && 'no option but --quick, --viewers N and --minutes N') ||
  (counts.some((text) => !(Number(text) > 0)) && 'no number like that');
if (name === undefined || wrong) {
  if (wrong) console.error(`There is ${wrong}.\n`);
  console.log('npm run bench -- <name> [--quick] [--viewers N] [--minutes N]\n');
  for (const one of known) console.log(`  ${one.name.padEnd(10)} ${one.about}`);
  process.exit(wrong ? 1 : 0);
}

const bench: { default: (options: BenchOptions) => Promise<BenchResult> } = await import(
  `./${name}.ts`
);
const { quick, viewers, minutes } = read?.values ?? { quick: false };
const result = await bench.default({
  quick,
  ...(viewers === undefined ? {} : { viewers: Number(viewers) }),
  ...(minutes === undefined ? {} : { minutes: Number(minutes) }),
});
console.log(JSON.stringify({ ...result, commit: commit(), machine: machine() }));
// A measurement that leaves something open (a pool, a child) must not keep the shell waiting.
process.exit(0);

function commit(): string {
  const git = (...words: string[]) =>
    execFileSync('git', words, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', '--short', 'HEAD') + (changed ? '-dirty' : '');
  } catch {
    return 'unknown';
  }
}

function machine(): Readonly<Record<string, string | number>> {
  return {
    cores: cpus().length,
    model: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
  };
}
