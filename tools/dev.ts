// The developer's server: started again when server code changes, with the web app built again when its code changes;
// reload the page to see it. There is no second address and no proxy: pages come from `dist/web` as in production.

import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const webOutput = join(root, 'dist', 'web');

// What is watched is built over what was there: an open page keeps its scripts, and the server never starts without a
// page. What stands there afterwards is nobody's build, so the next start makes its own (tools/setup.mjs).
rmSync(join(webOutput, '.sources'), { force: true });

const vite = spawn(
  process.execPath,
  [
    join(root, 'node_modules/vite/bin/vite.js'),
    'build',
    '--watch',
    '--logLevel=warn',
    '--outDir',
    webOutput,
    '--emptyOutDir=false',
  ],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
);
const server = spawn(
  process.execPath,
  ['--watch', '--watch-preserve-output', 'src/main.ts', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);

// Whichever ends first takes the other with it, so that nothing is left running behind a closed terminal.
const both = [vite, server];
const stopAll = (signal: NodeJS.Signals) => {
  for (const child of both) if (child.exitCode === null) child.kill(signal);
};
process.on('SIGINT', () => stopAll('SIGINT'));
process.on('SIGTERM', () => stopAll('SIGTERM'));
for (const child of both) {
  child.on('exit', (code) => {
    process.exitCode ||= code ?? 0;
    stopAll('SIGTERM');
  });
}
