// Reactions on their way: how many of a person's taps count in a second, and what has been counted and is
// not in the log yet. Adding up for the crowd is the room's part (show-room.ts).

import { limits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';

type Counts = Readonly<Record<string, number>>;

export class Taps {
  readonly #clock: Clock;
  readonly #log: (counts: Counts) => Promise<void>;
  readonly #thisSecond = new Map<unknown, number>();
  #second = 0;
  #toLog: Record<string, number> = {};
  #cancel: (() => void) | null = null;

  /** `log` brings counts to the log; what it rejects is counted with the next ones. */
  constructor(clock: Clock, log: (counts: Counts) => Promise<void>) {
    this.#clock = clock;
    this.#log = log;
  }

  /** [PUB-7] How many of these taps count: so many a second for each `who`. */
  count(who: unknown, reaction: string, count: number): number {
    const nowMs = this.#clock.nowMs();
    const second = Math.floor(nowMs / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#thisSecond.clear();
    }
    const before = this.#thisSecond.get(who) ?? 0;
    const counted = Math.min(count, limits.reactionsPerSecond - before);
    if (counted <= 0) return 0;
    this.#thisSecond.set(who, before + counted);
    this.#toLog[reaction] = (this.#toLog[reaction] ?? 0) + counted;
    this.#cancel ??= this.#clock.at(nowMs + limits.reactionsLogMs, () => this.flush());
    return counted;
  }

  /** What is counted goes to the log now. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    const counts = this.#toLog;
    this.#toLog = {};
    if (Object.keys(counts).length === 0) return;
    this.#log(counts).catch(() => {
      for (const [reaction, count] of Object.entries(counts)) {
        this.#toLog[reaction] = (this.#toLog[reaction] ?? 0) + count;
      }
    });
  }
}
