// A clock that stands still until it is told to go on, and chance from a seed: the same seed gives the
// same run. For the simulator and for tests; the product itself runs on `systemClock`.

import { assert } from './assert.ts';
import type { Clock, Random } from './ports.ts';

/** Runs everything that promises have lined up, until nothing but timers is left. */
export const microtasks = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

type Timer = { readonly atMs: number; readonly nth: number; readonly run: () => void };

export class VirtualClock implements Clock {
  #nowMs: number;
  #nth = 0;
  /** A binary heap by time, then by the order in which the timers were set. */
  readonly #timers: Timer[] = [];
  readonly #cancelled = new Set<number>();

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  at(atMs: number, run: () => void): () => void {
    const timer = { atMs: Math.max(atMs, this.#nowMs), nth: this.#nth++, run };
    const heap = this.#timers;
    let at = heap.length;
    heap.push(timer);
    while (at > 0 && isBefore(timer, heap[(at - 1) >> 1]!)) {
      heap[at] = heap[(at - 1) >> 1]!;
      at = (at - 1) >> 1;
    }
    heap[at] = timer;
    return () => void this.#cancelled.add(timer.nth);
  }

  /** When the next timer runs, or null. */
  nextMs(): number | null {
    while (this.#timers[0] !== undefined && this.#cancelled.delete(this.#timers[0].nth))
      this.#shift();
    return this.#timers[0]?.atMs ?? null;
  }

  /** Runs the next timer at its time and all that follows from it without another timer. False when there is none. */
  async step(): Promise<boolean> {
    if (this.nextMs() === null) return false;
    const timer = this.#shift();
    this.#nowMs = Math.max(this.#nowMs, timer.atMs);
    timer.run();
    await microtasks();
    return true;
  }

  /** Lets time pass up to `untilMs`, timer by timer. */
  async runUntil(untilMs: number): Promise<void> {
    await microtasks();
    for (let next = this.nextMs(); next !== null && next <= untilMs; next = this.nextMs())
      await this.step();
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #shift(): Timer {
    const heap = this.#timers;
    const first = heap[0];
    const last = heap.pop();
    assert(first !== undefined && last !== undefined, 'no timer is set');
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

const isBefore = (a: Timer, b: Timer): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.nth < b.nth);

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

/**
 * Chance that repeats itself: a xorshift generator (G. Marsaglia, "Xorshift RNGs", 2003, the triple
 * 13, 17, 5) whose output is scrambled by a multiplication, since its low bits alone are poor.
 */
export class SeededRandom implements Random {
  #state: number;

  constructor(seed: number) {
    // Neighbouring seeds must not give neighbouring runs, and the state must not be 0.
    this.#state = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1;
    for (let i = 0; i < 8; i++) this.fraction();
  }

  fraction(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return (Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) >>> 0) / 2 ** 32;
  }

  id(length = 20): string {
    let text = '';
    while (text.length < length) text += alphabet[this.below(alphabet.length)];
    return text;
  }

  /** A whole number in [0, max). */
  below(max: number): number {
    return Math.floor(this.fraction() * max);
  }

  /** True once in so many: `chance(0.1)` one time in ten. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(from: readonly T[]): T {
    assert(from.length > 0, 'nothing to pick from');
    return from[this.below(from.length)] as T;
  }
}
