// How much of a publisher's picture is passed on: a publisher is told what it may send, and one that doesn't listen (an
// encoder set to 50 Mbit/s) must not be multiplied by its viewers. The rule: peaks pass, what stays above the limit
// doesn't; after too much the picture goes on at a key frame, when there is room again.

/** An encoder's peaks: key frames and scene changes may be ahead of the limit by so much time. */
const AHEAD_MS = 2000;

/** `resume`: passes, and comes after packets that didn't. */
export type Passage = 'pass' | 'resume' | 'drop';

export class RateGuard {
  readonly #bitsPerMs: number;
  readonly #bitsMax: number;
  #bits: number;
  #atMs: number;
  #dropping = false;

  constructor(bitsPerSecondMax: number, nowMs: number) {
    this.#bitsPerMs = bitsPerSecondMax / 1000;
    this.#bitsMax = this.#bitsPerMs * AHEAD_MS;
    this.#bits = this.#bitsMax;
    this.#atMs = nowMs;
  }

  /** There is room again, and only a key frame is missing. */
  get waitsForKeyFrame(): boolean {
    return this.#dropping && this.#bits >= this.#bitsMax / 2;
  }

  /** What becomes of a packet. */
  take(bytes: number, startsKeyFrame: boolean, nowMs: number): Passage {
    this.#bits = Math.min(
      this.#bitsMax,
      this.#bits + Math.max(0, nowMs - this.#atMs) * this.#bitsPerMs,
    );
    this.#atMs = nowMs;
    const wasDropping = this.#dropping;
    if (wasDropping && !(startsKeyFrame && this.#bits >= this.#bitsMax / 2)) return 'drop';
    this.#dropping = this.#bits < bytes * 8;
    if (this.#dropping) return 'drop';
    this.#bits -= bytes * 8;
    return wasDropping ? 'resume' : 'pass';
  }
}
