// The whole server as a person starts it, on a data folder of its own and free ports, for measurements from outside.
// It says when it was ready; what is asked of it then is the measurement's business.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../src/base/free-port.ts';

const root = join(import.meta.dirname, '..');
const startMsMax = 120_000;
const stopMsMax = 30_000;
const pollMs = 5;

export type Start = {
  /** Program and arguments, run in the project's root. */
  readonly command: readonly [string, ...string[]];
  readonly dataFolder: string;
};

export type RunningServer = {
  readonly url: string;
  /** From the start of the command to the first 200 of `/readyz`. */
  readonly readyMs: number;
  /** Everything it has printed so far. */
  output(): string;
  /** Asks it to stop as a terminal would and waits; its exit code. */
  stop(): Promise<number | null>;
};

/** Starts the command and waits until it is ready. Throws with what it printed when it ends or takes too long. */
export async function startServer({ command, dataFolder }: Start): Promise<RunningServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedMs = performance.now();
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      RIALTO_DATA: dataFolder,
      RIALTO_URL: url,
      RIALTO_MEDIA_PORT: '0',
      LOG_LEVEL: 'warn',
    },
  });
  const output = collect(child);
  const stopBehind = () => child.kill('SIGTERM');
  process.once('exit', stopBehind);
  child.once('exit', () => process.off('exit', stopBehind));
  while (!(await isReady(url))) {
    const late = performance.now() - startedMs > startMsMax;
    if (late) child.kill('SIGKILL');
    if (late || child.exitCode !== null) {
      throw new Error(`${command.join(' ')} was not ready:\n${output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return { url, readyMs: performance.now() - startedMs, output, stop: () => stop(child) };
}

/** A new folder for a server's data, and the way to get rid of it. */
export function temporaryData(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'rialto-bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
  await ended;
  clearTimeout(impatience);
  return child.exitCode;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

function collect(child: ChildProcess): () => string {
  let text = '';
  const keep = (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-50_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => text;
}
