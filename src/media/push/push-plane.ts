// All pushes of the server: which destinations a show has is asked for, and lines follow. The rule: a show is pushed
// while it is live and somebody publishes it, or did within `pushAbsentMs`; whatever fails here, shows, sales and the
// other destinations go on.

import { limits } from '../../base/limits.ts';
import { SupervisedChild } from '../child-process.ts';
import type { Tappable } from '../hls/hls-plane.ts';
import type { MediaEvent } from '../media-plane.ts';
import type { PushCalls, PushEnd, PushNews } from './messages.ts';
import { PushLine, type PushState } from './push-line.ts';

/** A destination that is switched on for a show. */
export type PushTarget = {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly key: string;
};

export type PushPlaneOptions = {
  readonly media: Tappable;
  readonly isLive: (showId: string) => boolean;
  /** The destinations that are switched on for this show, at most `simulcastPerShowMax`. */
  readonly targets: (showId: string) => Promise<readonly PushTarget[]>;
  /** Addresses inside are dialled too. */
  readonly inside: boolean;
  readonly onNote: (note: string, figures: object) => void;
};

/** How a try went. */
export type PushTrial = { readonly end: PushEnd | null; readonly words: string };

type Show = { lines: Map<string, PushLine>; timer: NodeJS.Timeout | undefined };

/** Name, TLS, RTMP, and the start of a process on a busy machine. */
const TRIAL_MS = 60_000;

export class PushPlane {
  readonly #options: PushPlaneOptions;
  /** Shows that are live. */
  readonly #live = new Set<string>();
  /** Shows that are live and published. */
  readonly #shows = new Map<string, Show>();
  readonly #stopListening: () => void;
  readonly #lastTurn = { done: Promise.resolve() as Promise<unknown> };
  readonly #following = new Map<string, Promise<void>>();
  #trials = 0;
  #closed = false;

  constructor(options: PushPlaneOptions) {
    this.#options = options;
    this.#stopListening = options.media.onEvent((event) => this.#hear(event));
  }

  /** The show went live, or was when the server started. */
  started(showId: string): void {
    this.#live.add(showId);
    if (this.#options.isLive(showId)) this.#begin(showId);
  }

  ended(showId: string): void {
    this.#live.delete(showId);
    this.#stop(showId);
  }

  /** Destinations or switches changed: lines of shows that are live follow. */
  async changed(): Promise<void> {
    await Promise.all([...this.#shows.keys()].map((showId) => this.#follow(showId)));
  }

  /** Where a destination of a show stands; undefined when it isn't pushed to now. */
  state(showId: string, targetId: string): PushState | undefined {
    return this.#shows.get(showId)?.lines.get(targetId)?.state;
  }

  /** Live and trying ones, for metrics. */
  figures(): { readonly live: number; readonly trying: number } {
    const states = [...this.#shows.values()].flatMap(({ lines }) =>
      [...lines.values()].map(({ state }) => state.state),
    );
    const live = states.filter((state) => state === 'live').length;
    return { live, trying: states.length - live };
  }

  /** Asks a destination for leave to publish; nothing is sent. Null: as many are tried as may be. */
  async try(target: Omit<PushTarget, 'id' | 'name'>): Promise<PushTrial | null> {
    if (this.#trials >= limits.simulcastTrialsMax) return null;
    this.#trials += 1;
    const done = Promise.withResolvers<PushTrial>();
    const giveUp = AbortSignal.timeout(TRIAL_MS);
    const outcome = (end: PushEnd | null, words: string) => done.resolve({ end, words });
    let child: SupervisedChild<PushCalls, PushNews> | undefined;
    try {
      child = await this.#turn(() => this.#trialChild(outcome, giveUp));
      const { address, key } = target;
      const wish = { showId: '', address, key, inside: this.#options.inside };
      await child.call('try', wish, TRIAL_MS);
      return await done.promise;
    } catch (fault) {
      return { end: 'failed', words: (fault as Error).message };
    } finally {
      this.#trials -= 1;
      await child?.close();
    }
  }

  async dump(): Promise<unknown> {
    const shows: Record<string, unknown> = {};
    for (const [showId, { lines }] of this.#shows)
      shows[showId] = Object.fromEntries(
        await Promise.all([...lines].map(async ([id, line]) => [id, await line.dump()] as const)),
      );
    return { live: [...this.#live], shows };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    await Promise.all([...this.#shows.keys()].map((showId) => this.#stop(showId)));
  }

  async #trialChild(
    outcome: (end: PushEnd | null, words: string) => void,
    giveUp: AbortSignal,
  ): Promise<SupervisedChild<PushCalls, PushNews>> {
    const { child } = await SupervisedChild.start<PushCalls, PushNews>(
      {
        name: 'push',
        entry: new URL('./main.ts', import.meta.url),
        argument: null,
        onNews: (news) => {
          if (news.type === 'push-live') outcome(null, 'It takes the picture.');
          else if (news.type === 'push-over') outcome(news.end, news.words);
        },
        onDown: () => queueMicrotask(() => outcome('failed', 'Its process ended.')),
        onRestart: () => undefined,
        onNote: () => undefined,
      },
      giveUp,
    );
    return child;
  }

  #hear(event: MediaEvent): void {
    if (event.type === 'publisher-connected' && this.#live.has(event.showId))
      this.#begin(event.showId);
    else if (event.type === 'publisher-lost') {
      const show = this.#shows.get(event.showId);
      if (!show) return;
      clearTimeout(show.timer);
      show.timer = setTimeout(() => this.#stop(event.showId), limits.pushAbsentMs);
    }
  }

  #begin(showId: string): void {
    const known = this.#shows.get(showId);
    clearTimeout(known?.timer);
    if (known || this.#closed) return;
    this.#shows.set(showId, { lines: new Map(), timer: undefined });
    void this.#follow(showId);
  }

  /** One after another for a show: the last one sees what is so in the end. */
  #follow(showId: string): Promise<void> {
    const before = this.#following.get(showId) ?? Promise.resolve();
    const now = before
      .then(() => this.#fit(showId))
      .catch((fault: Error) => {
        this.#options.onNote('destinations can’t be read', { showId, fault: fault.message });
      });
    this.#following.set(showId, now);
    return now.finally(() => {
      if (this.#following.get(showId) === now) this.#following.delete(showId);
    });
  }

  async #fit(showId: string): Promise<void> {
    const targets = await this.#options.targets(showId);
    const show = this.#shows.get(showId);
    if (!show || this.#closed) return;
    const { lines } = show;
    const wishes = new Map(
      targets.map(({ id, address, key, name }) => [
        id,
        { name, wish: { showId, address, key, inside: this.#options.inside } },
      ]),
    );
    for (const [id, line] of [...lines]) {
      const wanted = wishes.get(id);
      if (wanted && line.isFor(wanted.wish)) continue;
      lines.delete(id);
      await line.close();
    }
    for (const [id, { name, wish }] of wishes) {
      if (lines.has(id) || this.#running() >= limits.pushesMax) continue;
      const line = new PushLine({
        ...{ wish, listener: `push-${id}`, media: this.#options.media },
        turn: (run) => this.#turn(run),
        onNote: (note) =>
          this.#options.onNote(`destination ${note}`, { showId, destinationId: id, name }),
        chance: Math.random,
      });
      lines.set(id, line);
      line.start();
    }
  }

  #running(): number {
    let count = 0;
    for (const { lines } of this.#shows.values()) count += lines.size;
    return count;
  }

  #turn<T>(run: () => Promise<T>): Promise<T> {
    const mine = this.#lastTurn.done.then(run, run);
    this.#lastTurn.done = mine.catch(() => undefined);
    return mine;
  }

  async #stop(showId: string): Promise<void> {
    const show = this.#shows.get(showId);
    if (!show) return;
    this.#shows.delete(showId);
    clearTimeout(show.timer);
    await Promise.all([...show.lines.values()].map((line) => line.close()));
  }
}
