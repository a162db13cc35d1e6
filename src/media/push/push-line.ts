// One destination of one show while it is switched on: a process for each attempt, and the next attempt after a pause
// that grows. The rule: whatever a destination or its process does is over within a bounded time, and the next attempt
// comes no sooner than `PAUSES_MS` says.

import { SupervisedChild } from '../child-process.ts';
import type { Tappable } from '../hls/hls-plane.ts';
import type { TapPort } from '../messages.ts';
import type { PushCalls, PushEnd, PushNews, PushWish } from './messages.ts';

/** Pauses between attempts; the last one goes on. */
export const PAUSES_MS = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000] as const;
/** A destination that said no isn't asked again sooner: its word seldom changes by itself. */
export const REFUSED_PAUSE_MS = 30_000;
/** A push that lasted so long begins at the first pause again. */
const STEADY_MS = 30_000;
/** A live process tells its figures every second; one that says nothing for so long hangs. */
const SILENT_MS = 20_000;

/** Where a push stands. */
export type PushState = {
  readonly state: /** Nobody publishes: it begins with the picture. */
    | 'waiting'
    /** The picture isn't H.264, and isn't encoded again for destinations. */
    | 'needs-h264'
    | 'connecting'
    | 'live'
    /** Between two attempts; `nextAtMs` tells of the next. */
    | 'again'
    /** As `again`, and the destination itself said no. */
    | 'refused';
  /** Over the last second; 0 unless live. */
  readonly bitsPerSecond: number;
  /** Ms since 1970. */
  readonly liveSinceMs: number | null;
  readonly nextAtMs: number | null;
  /** Pictures that this destination didn't get in time, over all attempts. */
  readonly droppedPictures: number;
  readonly attempts: number;
  /** The last end, with its words; null before any. */
  readonly last: { readonly end: PushEnd; readonly words: string; readonly atMs: number } | null;
};

export type PushLineOptions = {
  readonly wish: PushWish;
  /** Names the tap. */
  readonly listener: string;
  readonly media: Pick<Tappable, 'tap' | 'untap'>;
  /** Processes start one after another, so that many destinations don't take the machine from the show. */
  readonly turn: <T>(run: () => Promise<T>) => Promise<T>;
  readonly onNote: (note: string) => void;
  /** Between 0 and 1; spreads attempts. */
  readonly chance: () => number;
};

type Child = SupervisedChild<PushCalls, PushNews>;

export class PushLine {
  readonly #options: PushLineOptions;
  #state: PushState = {
    ...{ state: 'waiting', bitsPerSecond: 0, liveSinceMs: null, nextAtMs: null },
    ...{ droppedPictures: 0, attempts: 0, last: null },
  };
  #child: Child | undefined;
  #pause = 0;
  #droppedBefore = 0;
  #heardAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  #attempt = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: PushLineOptions) {
    this.#options = options;
  }

  get state(): PushState {
    return this.#state;
  }

  /** The destination and whether its key is the one that it was. */
  isFor({ address, key, inside }: PushWish): boolean {
    const { wish } = this.#options;
    return wish.address === address && wish.key === key && wish.inside === inside;
  }

  start(): void {
    this.#running = this.#try();
  }

  /** Ends what runs; resolves when its process is gone. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#attempt.abort();
    await this.#running;
    await this.#letGo();
  }

  async dump(): Promise<unknown> {
    const child = await this.#child
      ?.call('dump', null, 2_000)
      .catch((fault: Error) => ({ fault: fault.message }));
    return { ...this.#state, child };
  }

  async #try(): Promise<void> {
    if (this.#closed) return;
    this.#set({ nextAtMs: null, attempts: this.#state.attempts + 1, state: 'waiting' });
    this.#attempt = new AbortController();
    const { signal } = this.#attempt;
    const { media, turn, wish, listener } = this.#options;
    try {
      let port: TapPort | undefined;
      await turn(async () => {
        const { child, ready } = await SupervisedChild.start<PushCalls, PushNews>(
          {
            name: 'push',
            entry: new URL('./main.ts', import.meta.url),
            argument: null,
            onNews: (news) => !signal.aborted && this.#hear(news),
            // A process is for one attempt: the supervisor's restart is called off.
            onDown: () =>
              queueMicrotask(() => !signal.aborted && this.#over('failed', 'Its process ended.')),
            onRestart: () => undefined,
            onNote: () => undefined,
          },
          signal,
        );
        this.#child = child;
        port = ready as TapPort;
      });
      this.#heardAtMs = Date.now();
      this.#watch = setInterval(() => this.#look(), 1_000);
      await this.#child!.call('open', wish);
      if (signal.aborted) return;
      await media.tap(wish.showId, listener, port!);
    } catch (fault) {
      if (!signal.aborted) this.#over('failed', (fault as Error).message);
    }
  }

  #hear(news: PushNews): void {
    this.#heardAtMs = Date.now();
    switch (news.type) {
      case 'push-picture':
        if (!news.isH264) this.#set({ state: 'needs-h264' });
        else if (this.#state.state === 'needs-h264') this.#set({ state: 'waiting' });
        break;
      case 'push-connecting':
        this.#set({ state: 'connecting' });
        break;
      case 'push-live':
        this.#set({ state: 'live', liveSinceMs: this.#heardAtMs });
        this.#options.onNote('is live');
        break;
      case 'push-figures':
        this.#set({
          bitsPerSecond: news.bitsPerSecond,
          droppedPictures: this.#droppedBefore + news.droppedPictures,
        });
        break;
      case 'push-over':
        this.#over(news.end, news.words);
        break;
      default:
        news satisfies never;
    }
  }

  #look(): void {
    const { state } = this.#state;
    const isBusy = state === 'live' || state === 'connecting';
    if (isBusy && Date.now() - this.#heardAtMs > Math.max(SILENT_MS, busyMs[state]))
      this.#over('failed', 'Its process did not answer.');
  }

  #over(end: PushEnd, words: string): void {
    const nowMs = Date.now();
    this.#attempt.abort();
    const { liveSinceMs } = this.#state;
    if (liveSinceMs !== null && nowMs - liveSinceMs >= STEADY_MS) this.#pause = 0;
    const pauseMs = Math.max(
      PAUSES_MS[Math.min(this.#pause, PAUSES_MS.length - 1)]!,
      saidNo.has(end) ? REFUSED_PAUSE_MS : 0,
    );
    this.#pause += 1;
    this.#droppedBefore = this.#state.droppedPictures;
    const afterMs = pauseMs * (0.9 + 0.2 * this.#options.chance());
    this.#set({
      ...{ state: saidNo.has(end) ? 'refused' : 'again', bitsPerSecond: 0, liveSinceMs: null },
      ...{ nextAtMs: nowMs + afterMs, last: { end, words, atMs: nowMs } },
    });
    this.#options.onNote(`ended (${end}): ${words}`);
    const gone = this.#letGo();
    this.#timer = setTimeout(() => {
      this.#running = gone.then(() => this.#try());
    }, afterMs);
  }

  async #letGo(): Promise<void> {
    clearInterval(this.#watch);
    const { media, wish, listener } = this.#options;
    await media.untap(wish.showId, listener).catch(() => undefined);
    const child = this.#child;
    this.#child = undefined;
    await child?.close();
  }

  #set(change: Partial<PushState>): void {
    this.#state = { ...this.#state, ...change };
  }
}

const saidNo: ReadonlySet<PushEnd> = new Set(['refused', 'inside', 'certificate']);
/** Longest silence of each state: dialling and asking have their own limits. */
const busyMs = { live: 0, connecting: 30_000 } as const;
