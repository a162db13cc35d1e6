// `npm run sim -- --seeds N [--from S] [--verbose]`: plays N shows, each in a world of its own seed, and
// ends with `N passed, N failed`. A failing seed is printed with what was wrong; run it again alone by
// `--seeds 1 --from S`. What the world does to a show is in `world.ts`, what must hold in `checks.ts`.

import { simulate } from './simulate.ts';

const args = process.argv.slice(2);
const numberAfter = (name: string, otherwise: number): number => {
  const at = args.indexOf(name);
  if (at < 0) return otherwise;
  const value = Number(args[at + 1]);
  if (!Number.isSafeInteger(value) || value < 0) {
    console.error(`${name} wants a whole number.`);
    process.exit(1);
  }
  return value;
};
const seeds = numberAfter('--seeds', 20);
const from = numberAfter('--from', 1);
const isVerbose = args.includes('--verbose');
const unknown = args.find(
  (arg, at) =>
    !['--seeds', '--from', '--verbose'].includes(arg) &&
    !['--seeds', '--from'].includes(args[at - 1] ?? ''),
);
if (unknown !== undefined) {
  console.error(`There is no option ${unknown}. npm run sim -- --seeds N [--from S] [--verbose]`);
  process.exit(1);
}

const sums: Record<string, number> = {};
const failed: number[] = [];
let virtualMs = 0;
const startedMs = performance.now();
for (let seed = from; seed < from + seeds; seed++) {
  const result = await simulate(seed).catch((error: unknown) => ({
    seed,
    problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    virtualMs: 0,
    figures: {},
    faults: {},
    showHash: '',
  }));
  virtualMs += result.virtualMs;
  for (const [name, value] of [...Object.entries(result.figures), ...Object.entries(result.faults)])
    sums[name] = (sums[name] ?? 0) + value;
  if (isVerbose)
    console.log(`seed ${seed}: ${JSON.stringify({ ...result.figures, ...result.faults })}`);
  if (result.problems.length === 0) continue;
  failed.push(seed);
  console.log(
    `seed ${seed} failed:\n${result.problems
      .slice(0, 10)
      .map((problem) => `  ${problem}`)
      .join('\n')}`,
  );
}
const tookMs = performance.now() - startedMs;
console.log(
  Object.entries(sums)
    .map(([name, value]) => `${name} ${value}`)
    .join(', '),
);
console.log(
  `${(seeds / (tookMs / 1_000)).toFixed(1)} seeds/s, ${Math.round(virtualMs / tookMs)} virtual seconds a second`,
);
if (failed.length > 0) console.log(`failing seeds: ${failed.join(' ')}`);
console.log(`${seeds - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
