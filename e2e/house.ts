// The real server as a child process: fresh data, free ports, its own PostgreSQL. A story can end it as a
// power cut would and start it again on the same port and data. What it printed is kept for a story that
// fails. Nothing here reaches into the server: a story has its address, as everybody has.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { freePort } from '../src/base/free-port.ts';

const root = join(import.meta.dirname, '..');
/** A first start makes a database; on a busy machine that takes its time. */
const readyWithinMs = 150_000;
const stopWithinMs = 30_000;
const outputKeptChars = 20_000;
/** The last that a start prints: whatever a story reads there stands before it. */
const lastLineOfStart = 'Ctrl-C stops everything';

export type HouseOptions = {
  /** The demo shop instead of an empty one. */
  readonly demo?: boolean;
  readonly env?: Readonly<Record<string, string>>;
};

declare module 'vitest' {
  export interface ProvidedContext {
    /** The data of an empty shop that has been started once: every house but a demo begins with a copy. */
    readonly preparedData: string;
  }
}

/** Opens a house; `close` it when the story is over. */
export const openHouse = async (options: HouseOptions = {}): Promise<House> => {
  if (!existsSync(join(root, 'dist/web/watch.html'))) {
    throw new Error('The pages are not built: npm run build');
  }
  const data = await mkdtemp(join(tmpdir(), 'rialto-e2e-'));
  const house = new House(data, await freePort(), options);
  const prepared = inject('preparedData');
  // A demo is decided on at a folder's first start.
  if (prepared && !options.demo) await copyOfData(prepared, data);
  try {
    await house.start();
    return house;
  } catch (error) {
    await house.close();
    throw error;
  }
};

/** With the owners that files have: a database's aren't root's. */
export const copyOfData = async (from: string, to: string): Promise<void> => {
  await promisify(execFile)('cp', ['-a', `${from}/.`, to]);
};

export class House {
  readonly port: number;
  readonly url: string;
  readonly #data: string;
  readonly #options: HouseOptions;
  #child: ChildProcess | null = null;
  #output = '';

  constructor(data: string, port: number, options: HouseOptions) {
    this.#data = data;
    this.port = port;
    this.url = `http://localhost:${port}`;
    this.#options = options;
  }

  /** What the server printed, its newest part. */
  get output(): string {
    return this.#output;
  }

  /** The one-time link that was printed at the first start. */
  get ownerLink(): string {
    const link = /Owner: sign in once with (\S+)/.exec(this.#output)?.[1];
    if (!link) throw new Error(`No owner link was printed:\n${this.#output}`);
    return link;
  }

  /** Starts the server and waits until it says that it is ready. */
  async start(): Promise<void> {
    const { demo = false, env = {} } = this.#options;
    const child = spawn(
      process.execPath,
      [join(root, 'src/main.ts'), ...(demo ? [] : ['--bare'])],
      {
        cwd: root,
        env: {
          ...process.env,
          PORT: String(this.port),
          HOST: '127.0.0.1',
          RIALTO_DATA: this.#data,
          // A test runner's own settings are none of a shop's.
          NODE_ENV: '',
          VITEST: '',
          DATABASE_URL: '',
          // One port for all houses of this machine would be the first one's.
          RIALTO_RTMP_PORT: '0',
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-outputKeptChars);
      });
    }
    const greeted = new Promise<void>((resolve) => {
      let said = '';
      child.stdout.on('data', (text: string) => {
        said = (said + text).slice(-outputKeptChars);
        if (said.includes(lastLineOfStart)) resolve();
      });
    });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`The server ended with ${code} while it started:\n${this.#output}`);
    });
    await Promise.race([Promise.all([this.#ready(), greeted]), ended]);
    ended.catch(() => {});
  }

  async #ready(): Promise<void> {
    const untilMs = performance.now() + readyWithinMs;
    for (;;) {
      const isReady = await fetch(`${this.url}/readyz`, {
        signal: AbortSignal.timeout(5_000),
      }).then(
        (answer) => answer.ok,
        () => false,
      );
      if (isReady) return;
      if (performance.now() > untilMs) throw new Error(`Not ready in time:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Ends the server as a power cut would: nothing in it gets to finish anything. */
  async kill9(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Asks the server to stop, as a supervisor or Ctrl-C does; resolves to its exit code. */
  async end(signal: 'SIGTERM' | 'SIGINT'): Promise<number | null> {
    const child = this.#child;
    if (!child) throw new Error('The server was never started.');
    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  }

  /** The process of the embedded PostgreSQL that listens. */
  async databasePid(): Promise<number> {
    const text = await readFile(join(this.#data, 'postgres/cluster/postmaster.pid'), 'utf8');
    return Number(text.split('\n', 1)[0]);
  }

  /** Starts again on the same port and data. */
  async restart(): Promise<void> {
    await this.kill9();
    await this.start();
  }

  /** Stops the server as Ctrl-C does, and deletes its data. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      child.kill('SIGTERM');
      await once(child, 'exit');
      clearTimeout(late);
    }
    await rm(this.#data, { recursive: true, force: true, maxRetries: 5 });
  }
}
