// Whether this process still keeps up. The library's thread hands packets over through a queue that has no limit and
// can't be looked into; what can be seen is that the event loop no longer comes round, because it works off that queue.
// The rule: a process that is late throws packets away before it does anything with them, until it is on time again.

/** How often the loop is expected to come round. */
export const LOOP_TICK_MS = 100;
/** A second behind, a jump to the next key frame is better than what waits: a hiccup of garbage collection is far shorter. */
const LATE_MS = 1000;

export class LoopWatch {
  #tickAtMs: number;
  #late = false;

  constructor(nowMs: number) {
    this.#tickAtMs = nowMs;
  }

  /** True from the moment that the loop is a second behind until it comes round in time again. One comparison. */
  isLate(nowMs: number): boolean {
    if (nowMs - this.#tickAtMs > LATE_MS) this.#late = true;
    return this.#late;
  }

  /** To be called each `LOOP_TICK_MS` by the loop itself. */
  tick(nowMs: number): void {
    if (nowMs - this.#tickAtMs <= 2 * LOOP_TICK_MS) this.#late = false;
    this.#tickAtMs = nowMs;
  }
}
