// Seeded chance: the same seed gives the same crowd and the same evening.

export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** In [0, 1). */
  fraction(): number {
    // A Weyl sequence through an integer hash: even enough for people, and the state is one number.
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + this.fraction() * (high - low);
  }

  happens(likelihood: number): boolean {
    return this.fraction() < likelihood;
  }

  of<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.fraction() * items.length)];
  }

  /** One item, likelier the more it weighs. */
  weighted<T>(items: readonly T[], weightOf: (item: T) => number): T | undefined {
    const sum = items.reduce((total, item) => total + weightOf(item), 0);
    let left = this.fraction() * sum;
    for (const item of items) {
      left -= weightOf(item);
      if (left < 0) return item;
    }
    return undefined;
  }
}
