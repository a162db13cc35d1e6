// Starts the synthetic camera as a child process, so that its native parts and its encoder stay out of the server. The
// camera itself is `camera.ts`. The rule: it dies with its parent.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { CameraNews, CameraOptions } from './camera.ts';

/** A camera that runs. */
export type Camera = {
  readonly pid: number | undefined;
  /** Resolves when it is on air for the first time. */
  readonly onAir: Promise<void>;
  /** Says goodbye to the server and ends. */
  stop(): Promise<void>;
};

const STOP_TIMEOUT_MS = 3_000;
const RESTART_MS = 2_000;

/** Starts a camera; `onNews` hears of its life. A camera that dies is started again. */
export function startCamera(
  options: CameraOptions,
  onNews: (news: CameraNews) => void = () => undefined,
): Camera {
  const onAir = Promise.withResolvers<void>();
  let stopped = false;
  let restart: NodeJS.Timeout | undefined;
  const start = () => {
    const child = fork(new URL('./main.ts', import.meta.url), [JSON.stringify(options)], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.on('message', (news: CameraNews) => {
      if (news.state === 'on-air') onAir.resolve();
      onNews(news);
    });
    child.once('exit', (code, signal) => {
      if (stopped) return;
      onNews({
        state: 'off-air',
        reason: `The camera ended (${signal ?? `code ${code}`}).`,
        againInMs: RESTART_MS,
      });
      restart = setTimeout(() => {
        current = start();
      }, RESTART_MS);
    });
    child.on('error', () => undefined);
    return child;
  };
  let current = start();
  return {
    get pid() {
      return current.pid;
    },
    onAir: onAir.promise,
    async stop() {
      stopped = true;
      clearTimeout(restart);
      const child = current;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      const timeout = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      if (child.connected) child.send('stop', () => undefined);
      else child.kill('SIGKILL');
      await ended;
      clearTimeout(timeout);
    },
  };
}
