// Supervision of one media child: starts it, calls it, restarts it with back-off when it dies, ends it. The child's end
// is `child-side.ts`. What the calls mean is not known here. The rule: a call is answered within its time or fails with
// `media-unavailable`; a child that dies fails all its open calls at once.

import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import type { MediaFaultCode } from './media-plane.ts';
import { MediaFault } from './media-plane.ts';
import type { Answer, Call, News } from './messages.ts';

/** First pause before a restart, and the longest. A child that lived for a minute starts again at the first. */
const BACK_OFF_MIN_MS = 100;
const BACK_OFF_MAX_MS = 5_000;
const STEADY_MS = 60_000;
/** The recorder loads a large native library; on a machine under full load that was seen to take 25 s. */
const READY_TIMEOUT_MS = 90_000;
/** A child that is asked to go gets this long before it is killed. */
const END_TIMEOUT_MS = 3_000;

/** How a supervised child behaves. */
export type ChildProcessOptions<E> = {
  /** For messages: `forwarder`, `recorder`. */
  name: string;
  entry: URL;
  argument: unknown;
  onNews(news: E): void;
  /** The child died; another one is started. */
  onDown?(): void;
  /** The child died and another one is ready. */
  onRestart(ready: unknown): void;
  /** One line about the child's life, for the log. */
  onNote(note: string): void;
};

type Open = { resolve(value: unknown): void; reject(fault: Error): void; timeout: NodeJS.Timeout };

export class SupervisedChild<C extends { [N in keyof C]: [unknown, unknown] }, E> {
  readonly #options: ChildProcessOptions<E>;
  readonly #open = new Map<number, Open>();
  #child: ChildProcess | undefined;
  #isReady = false;
  #nextId = 1;
  #backOffMs = BACK_OFF_MIN_MS;
  #restartTimer: NodeJS.Timeout | undefined;
  #closing = false;
  restarts = 0;

  private constructor(options: ChildProcessOptions<E>) {
    this.#options = options;
  }

  /**
   * Starts the child. Rejects with the child's own sentence when it can't work at all (a busy port), and when `signal`
   * is aborted before it is ready: then it has ended.
   */
  static async start<C extends { [N in keyof C]: [unknown, unknown] }, E>(
    options: ChildProcessOptions<E>,
    signal: AbortSignal,
  ): Promise<{ child: SupervisedChild<C, E>; ready: unknown }> {
    const child = new SupervisedChild<C, E>(options);
    const giveUp = (): void => void child.close();
    signal.throwIfAborted();
    signal.addEventListener('abort', giveUp);
    try {
      return { child, ready: await child.#start() };
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Calls the child. Rejects with a `MediaFault`. */
  call<N extends keyof C & string>(name: N, input: C[N][0], timeoutMs = 10_000): Promise<C[N][1]> {
    const child = this.#child;
    if (!child || !this.#isReady) {
      return Promise.reject(unavailable(`The media ${this.#options.name} is starting.`));
    }
    return new Promise<C[N][1]>((resolve, reject) => {
      const id = this.#nextId++;
      const timeout = setTimeout(() => {
        this.#open.delete(id);
        reject(unavailable(`The media ${this.#options.name} did not answer "${name}" in time.`));
      }, timeoutMs);
      this.#open.set(id, { resolve: resolve as (value: unknown) => void, reject, timeout });
      const call: Call = { id, name, input };
      child.send(call, (fault) => {
        if (fault) this.#settle(id, (open) => open.reject(unavailable(fault.message)));
      });
    });
  }

  /** Ends the child and doesn't start it again. */
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#restartTimer);
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const kill = (): void => void child.kill('SIGKILL');
    const timeout = setTimeout(kill, END_TIMEOUT_MS);
    // The program may not wait for it: one that hangs would then outlive it.
    process.once('exit', kill);
    // The child ends itself when its line is closed.
    if (child.connected) child.disconnect();
    else kill();
    await ended;
    clearTimeout(timeout);
    process.off('exit', kill);
  }

  #start(): Promise<unknown> {
    const { name, entry, argument } = this.#options;
    const startedAtMs = Date.now();
    const child = fork(entry, [JSON.stringify(argument)], {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    return new Promise<unknown>((resolve, reject) => {
      let ready = false;
      let fatal: string | undefined;
      const timeout = setTimeout(() => {
        fatal ??= `The media ${name} was not ready within ${READY_TIMEOUT_MS / 1000} s.`;
        child.kill('SIGKILL');
      }, READY_TIMEOUT_MS);
      child.on('message', (message: Answer | News<E>) => {
        if ('news' in message) {
          this.#options.onNews(message.news);
        } else if ('ready' in message) {
          ready = true;
          clearTimeout(timeout);
          this.#isReady = true;
          this.#options.onNote(`The media ${name} is ready (process ${message.pid}).`);
          resolve(message.value);
        } else if ('fatal' in message) {
          fatal = message.fatal;
        } else {
          this.#settle(message.id, (open) => {
            if (message.ok) open.resolve(message.value);
            else open.reject(toFault(message.code, message.message));
          });
        }
      });
      child.on('error', (fault) => {
        fatal ??= fault.message;
      });
      child.once('exit', (code, signal) => {
        clearTimeout(timeout);
        this.#isReady = false;
        const reason = fatal ?? `The media ${name} ended (${signal ?? `code ${code}`}).`;
        for (const id of [...this.#open.keys()])
          this.#settle(id, (open) => open.reject(unavailable(reason)));
        if (!ready) reject(unavailable(reason));
        else if (!this.#closing) {
          this.#options.onDown?.();
          if (Date.now() - startedAtMs > STEADY_MS) this.#backOffMs = BACK_OFF_MIN_MS;
          this.#restartLater(reason);
        }
      });
    });
  }

  #restartLater(reason: string): void {
    this.#options.onNote(`${reason} It is started again in ${this.#backOffMs} ms.`);
    this.#restartTimer = setTimeout(() => {
      this.#start().then(
        (ready) => {
          this.restarts += 1;
          if (!this.#closing) this.#options.onRestart(ready);
        },
        (fault: Error) => {
          if (!this.#closing) this.#restartLater(fault.message);
        },
      );
    }, this.#backOffMs);
    this.#backOffMs = Math.min(BACK_OFF_MAX_MS, this.#backOffMs * 2);
  }

  #settle(id: number, how: (open: Open) => void): void {
    const open = this.#open.get(id);
    if (!open) return;
    this.#open.delete(id);
    clearTimeout(open.timeout);
    how(open);
  }
}

function unavailable(message: string): MediaFault {
  return new MediaFault('media-unavailable', message);
}

function toFault(code: MediaFaultCode | 'internal', message: string): MediaFault {
  return code === 'internal'
    ? unavailable(`The media engine failed: ${message}`)
    : new MediaFault(code, message);
}
