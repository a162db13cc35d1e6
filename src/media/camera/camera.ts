// The synthetic camera: stays on air at a WHIP address, with the demo's loop or with a clock in the picture, and comes
// back by itself when it is thrown off. Runs in a process of its own (`main.ts`, or `npm run camera`). The rule: it
// speaks to the server only through the doors that everybody uses.

import { setTimeout as wait } from 'node:timers/promises';
import { PublisherClient } from '../client/publisher-client.ts';
import { signalOverHttp } from '../client/signal.ts';
import { demoLoop, demoPicture } from './demo-loop.ts';
import { liveSource } from './play-live.ts';
import { playLoop } from './play-loop.ts';

export type CameraOptions = {
  whipUrl: string;
  /** Sent with every request, e.g. `authorization`. */
  headers?: Record<string, string>;
  /** Where the encoded loop is kept. */
  cacheFolder: string;
  /** Film live with a machine-readable clock in the picture; costs about a fifth of a core. */
  clock?: boolean;
  bitsPerSecond?: number;
};

/** What the camera tells of its life. */
export type CameraNews =
  | { state: 'preparing'; share: number }
  | { state: 'on-air' }
  | { state: 'off-air'; reason: string; againInMs: number };

const RETRY_MIN_MS = 300;
const RETRY_MAX_MS = 5_000;

type Source = {
  play(publisher: PublisherClient): () => void;
  requestKeyFrame(): void;
};

/** Films until `signal` is aborted. Rejects only when there is nothing to film with. */
export async function runCamera(
  options: CameraOptions,
  tell: (news: CameraNews) => void,
  signal: AbortSignal,
): Promise<void> {
  const source = await openSource(options, tell);
  let retryMs = RETRY_MIN_MS;
  while (!signal.aborted) {
    let reason = '';
    try {
      const ended = Promise.withResolvers<string>();
      const publisher = await PublisherClient.connect({
        signal: signalOverHttp(options.whipUrl, options.headers),
        onKeyFrameRequest: () => source.requestKeyFrame(),
        onEnd: (why) => ended.resolve(`The connection is ${why}.`),
      });
      const stop = source.play(publisher);
      tell({ state: 'on-air' });
      retryMs = RETRY_MIN_MS;
      const onAbort = (): void => ended.resolve('');
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      reason = await ended.promise;
      signal.removeEventListener('abort', onAbort);
      stop();
      await publisher.close();
    } catch (fault) {
      reason = fault instanceof Error ? fault.message : String(fault);
    }
    if (signal.aborted) return;
    tell({ state: 'off-air', reason, againInMs: retryMs });
    await wait(retryMs, undefined, { signal }).catch(() => undefined);
    retryMs = Math.min(RETRY_MAX_MS, retryMs * 2);
  }
}

async function openSource(
  options: CameraOptions,
  tell: (news: CameraNews) => void,
): Promise<Source> {
  let toldShare = -1;
  const loop = await demoLoop(options.cacheFolder, (share) => {
    if (share - toldShare < 0.1 && share < 1) return;
    toldShare = share;
    tell({ state: 'preparing', share });
  });
  if (!options.clock) {
    // A loop can't make a key frame when asked; one comes every second.
    return { play: (publisher) => playLoop(publisher, loop), requestKeyFrame: () => undefined };
  }
  const { width, height, framesPerSecond } = demoPicture;
  const bitsPerSecond = options.bitsPerSecond ?? 2_000_000;
  return liveSource({ width, height, framesPerSecond, bitsPerSecond, sounds: loop.sounds });
}
