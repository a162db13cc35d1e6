// Figures of one kind of media as it comes from an encoder: bits and pictures a second, and how far key pictures are
// apart, all on the encoder's own time; and what may arrive by ours. The rule: figures of a second or two, so that a setting that was mended is seen.

const WINDOW_MS = 2000;

/** Bits and messages a second over the last two seconds of the encoder's time. */
export class Rate {
  #startMs: number | undefined;
  #bytes = 0;
  #count = 0;
  #bitsPerSecond = 0;
  #perSecond: number | null = null;

  add(timestampMs: number, bytes: number): void {
    this.#startMs ??= timestampMs;
    const spanMs = timestampMs - this.#startMs;
    if (spanMs >= WINDOW_MS || spanMs < 0) {
      if (spanMs > 0) {
        this.#bitsPerSecond = Math.round((this.#bytes * 8000) / spanMs);
        this.#perSecond = Math.round((this.#count * 10_000) / spanMs) / 10;
      }
      this.#startMs = timestampMs;
      this.#bytes = 0;
      this.#count = 0;
    }
    this.#bytes += bytes;
    this.#count += 1;
  }

  get bitsPerSecond(): number {
    return this.#bitsPerSecond;
  }

  /** Null before the first two seconds are over. */
  get perSecond(): number | null {
    return this.#perSecond;
  }
}

/** What arrives may be ahead of the limit by so much time: a line that stood still gives all at once what it held. */
const AHEAD_MS = 10_000;

/** Whether bytes come within a rate by the server's own clock, whatever time the encoder writes on them. */
export class Allowance {
  readonly #bitsPerMs: number;
  #bits: number;
  #atMs: number | undefined;

  constructor(bitsPerSecondMax: number) {
    this.#bitsPerMs = bitsPerSecondMax / 1000;
    this.#bits = this.#bitsPerMs * AHEAD_MS;
  }

  /** False when it is used up. */
  take(bytes: number, nowMs: number): boolean {
    const sinceMs = Math.max(0, nowMs - (this.#atMs ?? nowMs));
    this.#atMs = nowMs;
    this.#bits = Math.min(this.#bitsPerMs * AHEAD_MS, this.#bits + sinceMs * this.#bitsPerMs);
    this.#bits -= bytes * 8;
    return this.#bits >= 0;
  }
}

/** How far key pictures are apart: the last distance, or the one under way when that is longer. */
export class KeyInterval {
  #lastKeyMs: number | undefined;
  #lastMs = 0;
  #intervalMs: number | null = null;

  picture(timestampMs: number, key: boolean): void {
    this.#lastMs = timestampMs;
    if (!key) return;
    if (this.#lastKeyMs !== undefined && timestampMs > this.#lastKeyMs)
      this.#intervalMs = timestampMs - this.#lastKeyMs;
    this.#lastKeyMs = timestampMs;
  }

  /** In ms; null before the second key picture, unless that is late already. */
  get intervalMs(): number | null {
    const underWay = this.#lastKeyMs === undefined ? 0 : this.#lastMs - this.#lastKeyMs;
    return this.#intervalMs === null
      ? underWay > WINDOW_MS * 2
        ? underWay
        : null
      : Math.max(this.#intervalMs, underWay);
  }
}
