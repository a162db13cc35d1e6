// Crowds of WHEP viewers in processes of their own (`viewers.ts`), as one: they come, watch, report. Used by
// `bench/forward.ts`, `bench/forward-loss.ts` and `bench/soak.ts`.

import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { ViewersReport } from './viewers.ts';

/** How a crowd comes. */
export type CrowdOptions = {
  /** WHEP address; `janus` for the one that `janus.ts` starts. */
  url: string;
  viewers: number;
  /** From one viewer to the next. */
  apartMs: number;
  /** So many of them are there as a load, and read at the end what came. */
  load?: number;
};

export type Crowd = {
  /** What was seen since the crowd was whole, or since the last report. */
  report(): Promise<ViewersReport>;
  /** How many had whole pictures, the load too; after this no report is asked for. */
  served(): Promise<number>;
  stop(): void;
};

/** Resolves when each viewer has seen a picture, is connected (the load), or has given up. */
export async function gather({ url, viewers, apartMs, load = 0 }: CrowdOptions): Promise<Crowd> {
  const part = (count: number, mode: string) =>
    fork(
      new URL('./viewers.ts', import.meta.url),
      [url, String(count), String((apartMs * viewers) / count), '0', mode],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    );
  const children = [part(viewers - load, 'watch'), ...(load > 0 ? [part(load, 'load')] : [])];
  const stop = (): void => {
    for (const child of children) child.kill();
  };
  try {
    await Promise.all(children.map(fromChild));
  } catch (fault) {
    stop();
    throw fault;
  }
  return {
    stop,
    async served() {
      const counts = children.map(async (child) => {
        const answer = fromChild(child);
        child.send('read');
        return (await answer) as number;
      });
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    },
    async report() {
      const reports = await Promise.all(
        children.map(async (child) => {
          const answer = fromChild(child);
          child.send('report');
          return (await answer) as ViewersReport;
        }),
      );
      const sum = (
        of: 'missing' | 'lost' | 'bytes' | 'pictures' | 'retries' | 'failed' | 'cpuMs',
      ) => reports.reduce((total, report) => total + report[of], 0);
      return {
        firstPictureMs: reports.flatMap((report) => report.firstPictureMs),
        delaysMs: reports.flatMap((report) => report.delaysMs),
        bytes: sum('bytes'),
        pictures: sum('pictures'),
        retries: sum('retries'),
        failed: sum('failed'),
        missing: sum('missing'),
        lost: sum('lost'),
        cpuMs: sum('cpuMs'),
        elapsedMs: Math.max(...reports.map((report) => report.elapsedMs)),
      };
    },
  };
}

/** The next message of a child; rejects when it dies first. */
export async function fromChild(child: ChildProcess): Promise<unknown> {
  const end = new AbortController();
  try {
    return await Promise.race([
      once(child, 'message', { signal: end.signal }).then(([message]) => message as unknown),
      once(child, 'exit', { signal: end.signal }).then(() => {
        throw new Error('A process of the measurement died.');
      }),
    ]);
  } finally {
    end.abort();
  }
}
