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
  processes: number;
};

export type Crowd = {
  /** What was seen since the crowd was whole, or since the last report. */
  report(): Promise<ViewersReport>;
  stop(): void;
};

/** Resolves when each viewer has seen a picture. */
export async function gather({ url, viewers, apartMs, processes }: CrowdOptions): Promise<Crowd> {
  const children = Array.from({ length: processes }, (_, i) =>
    fork(
      new URL('./viewers.ts', import.meta.url),
      [
        url,
        String(Math.floor((viewers + i) / processes)),
        String(apartMs * processes),
        String(apartMs * i),
      ],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    ),
  );
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
    async report() {
      const reports = await Promise.all(
        children.map(async (child) => {
          const answer = fromChild(child);
          child.send('report');
          return (await answer) as ViewersReport;
        }),
      );
      const sum = (of: 'missing' | 'lost' | 'bytes' | 'pictures' | 'retries' | 'cpuMs') =>
        reports.reduce((total, report) => total + report[of], 0);
      return {
        firstPictureMs: reports.flatMap((report) => report.firstPictureMs),
        delaysMs: reports.flatMap((report) => report.delaysMs),
        bytes: sum('bytes'),
        pictures: sum('pictures'),
        retries: sum('retries'),
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
