// A bounded memory by key: the newest entries are there, the oldest go in bulk. Two maps that take turns
// cost one lookup and no bookkeeping per entry, which is what a drop of 50,000 commands a second allows.

/** Keeps at least the `max` newest entries and at most twice as many. */
export class Recent<K, V> {
  readonly #max: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();
  #forgot = false;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** True once an entry was dropped: a key that isn't here may have been. */
  get forgot(): boolean {
    return this.#forgot;
  }

  get(key: K): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  set(key: K, value: V): void {
    this.#young.set(key, value);
    if (this.#young.size < this.#max) return;
    if (this.#old.size > 0) this.#forgot = true;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
