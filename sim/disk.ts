// The disk under the log, and the connection to it, in the hands of chance: slow, failing before the
// write, after it, or while the storage still works on it. Every transaction ends in the end.

import { Fault } from '../src/base/fault.ts';
import type { SeededRandom, VirtualClock } from '../src/base/virtual-time.ts';
import { storageFull } from '../src/log/log-faults.ts';
import type { DiskTransaction, DiskWrite, LogDisk } from '../src/log/memory-log.ts';

/** How often, out of 1, a write or a read goes wrong. */
export interface Weather {
  failBefore: number;
  failAfter: number;
  /** The answer is lost at once; the storage commits or aborts up to seconds later. */
  lost: number;
  full: number;
  failRead: number;
}

export const calm: Weather = { failBefore: 0, failAfter: 0, lost: 0, full: 0, failRead: 0 };

export class SimDisk implements LogDisk {
  weather: Weather = calm;
  /** Called between any two steps of a write: the moment to crash. */
  between: (what: string) => void = () => undefined;
  readonly figures = { writes: 0, failed: 0, lostAnswers: 0 };
  readonly #clock: VirtualClock;
  readonly #random: SeededRandom;

  constructor(clock: VirtualClock, random: SeededRandom) {
    this.#clock = clock;
    this.#random = random;
  }

  async write(write: DiskWrite, transaction: DiskTransaction): Promise<void> {
    const random = this.#random;
    const { failBefore, failAfter, lost, full } = this.weather;
    this.figures.writes += 1;
    const luck = random.fraction();
    // Decided before anything waits, so that a crash in between changes nothing of the fate.
    const doomed = luck < failBefore + failAfter + lost + full;
    const laterMs = 50 + random.below(3_000);
    const commitsLater = random.chance(0.5);
    this.between(`before ${write.what}`);
    await this.#pass(1 + random.below(random.chance(0.05) ? 200 : 12));
    if (!doomed) {
      transaction.commit();
      this.between(`after ${write.what}`);
      await this.#pass(1 + random.below(4));
      return;
    }
    this.figures.failed += 1;
    if (luck < failBefore) {
      transaction.abort();
      throw new Error('connection refused');
    }
    if (luck < failBefore + full) {
      transaction.abort();
      throw storageFull(new Error('no space left on device'));
    }
    this.figures.lostAnswers += 1;
    if (luck < failBefore + full + failAfter) {
      transaction.commit();
      this.between(`after ${write.what}, answer lost`);
      throw new Error('connection reset');
    }
    this.#clock.at(this.#clock.nowMs() + laterMs, () =>
      commitsLater ? transaction.commit() : transaction.abort(),
    );
    throw new Error('connection lost');
  }

  async read(): Promise<void> {
    await this.#pass(1 + this.#random.below(3));
    this.between('after a read');
    if (this.#random.chance(this.weather.failRead))
      throw new Fault('log-unavailable', 'connection reset', {
        detail: { outcome: 'not-written' },
      });
  }

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.at(this.#clock.nowMs() + ms, resolve));
  }
}
