// What goes on by itself with recordings and clips: files move to the object store, and what was kept long enough is
// taken away, at the start and once a day. The rule: a round does a bounded amount of work, and what fails is tried
// again; a show that is live notices nothing.

import { limits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import type { Removal } from '../domain/show/clips.ts';
import type { KeptFiles } from './kept-files.ts';
import type { KeptRules } from './kept-rules.ts';

/** What the keeper asks of the rest. */
export type KeeperShop = {
  rules(): Promise<KeptRules>;
  /** Ended shows with a recording that ended before a time, oldest first. */
  recordingsBefore(beforeMs: number, limit: number): Promise<readonly string[]>;
  /** Clips from before a time, oldest first, the first `after` left out. */
  clipsBefore(
    beforeMs: number,
    page: { readonly limit: number; readonly after: number },
  ): Promise<
    readonly {
      readonly show_id: string;
      readonly clip_id: string;
      readonly productIds: readonly string[];
    }[]
  >;
  /** Those of the products that can be bought. */
  onSale(productIds: readonly string[]): Promise<ReadonlySet<string>>;
  dropRecording(showId: string, why: Removal): Promise<void>;
  removeClip(showId: string, clipId: string, why: Removal): Promise<void>;
};

export type KeeperOptions = {
  readonly clock: Clock;
  readonly files: Pick<KeptFiles, 'move' | 'hasStore'>;
  readonly shop: KeeperShop;
  readonly report: (what: string, figures: Record<string, unknown>) => void;
};

const dayMs = 24 * 3_600_000;
/** How soon after something was finished its files move, and how soon a move that failed is tried again. */
const moveMs = 2_000;
const againMs = 60_000;

export class Keeper {
  readonly #options: KeeperOptions;
  readonly #timers = new Set<() => void>();
  #moving: Promise<void> = Promise.resolve();
  #isMoveDue = false;
  #sweeping: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Sweeps and moves what is there, then goes on until `stop`. */
  start(): void {
    this.#sweeping = this.#sweepDaily();
    this.finished(0);
  }

  /** Something was finished: its files may move. */
  finished(inMs = moveMs): void {
    if (!this.#options.files.hasStore || this.#isMoveDue || this.#stopped) return;
    this.#isMoveDue = true;
    this.#at(inMs, () => {
      this.#isMoveDue = false;
      this.#moving = this.#moving.then(() => this.#move());
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#timers) cancel();
    await Promise.all([this.#moving, this.#sweeping]);
  }

  /** Takes away what was kept long enough, at most `keptRoundMax` of each; gives how much that was. */
  async sweep(): Promise<{ readonly recordings: number; readonly clips: number }> {
    const { clock, shop } = this.#options;
    const { recordingDays, clipDays, clipsWhileOnSale } = await shop.rules();
    const sum = { recordings: 0, clips: 0 };
    if (recordingDays !== null) {
      const beforeMs = clock.nowMs() - recordingDays * dayMs;
      for (const showId of await shop.recordingsBefore(beforeMs, limits.keptRoundMax)) {
        if (this.#stopped) return sum;
        await shop.dropRecording(showId, 'kept-long-enough');
        sum.recordings += 1;
      }
    }
    if (clipDays === null) return sum;
    const beforeMs = clock.nowMs() - clipDays * dayMs;
    // Clips that stay because of their product are looked at again each day: pages of them, not all at once.
    for (let after = 0; sum.clips < limits.keptRoundMax && !this.#stopped; ) {
      const page = await shop.clipsBefore(beforeMs, { limit: limits.keptRoundMax, after });
      if (page.length === 0) break;
      const onSale = clipsWhileOnSale
        ? await shop.onSale([...new Set(page.flatMap(({ productIds }) => productIds))])
        : new Set<string>();
      for (const { show_id, clip_id, productIds } of page) {
        if (sum.clips >= limits.keptRoundMax || this.#stopped) return sum;
        if (productIds.some((id) => onSale.has(id))) {
          after += 1;
          continue;
        }
        await shop.removeClip(show_id, clip_id, 'kept-long-enough');
        sum.clips += 1;
      }
    }
    return sum;
  }

  async #sweepDaily(): Promise<void> {
    let nextMs = dayMs;
    try {
      const { recordings, clips } = await this.sweep();
      if (recordings + clips > 0) this.#options.report('kept long enough', { recordings, clips });
      if (Math.max(recordings, clips) >= limits.keptRoundMax) nextMs = againMs;
    } catch (error) {
      this.#options.report('what was kept long enough can’t be taken away', { err: error });
      nextMs = againMs;
    }
    this.#at(nextMs, () => {
      this.#sweeping = this.#sweepDaily();
    });
  }

  async #move(): Promise<void> {
    if (this.#stopped) return;
    try {
      const { waiting } = await this.#options.files.move(null);
      if (waiting > 0) this.finished(againMs);
    } catch (error) {
      this.#options.report('files could not be moved to the object store', { err: error });
      this.finished(againMs);
    }
  }

  #at(inMs: number, run: () => void): void {
    if (this.#stopped) return;
    const { clock } = this.#options;
    const cancel = clock.at(clock.nowMs() + inMs, () => {
      this.#timers.delete(cancel);
      if (!this.#stopped) run();
    });
    this.#timers.add(cancel);
  }
}
