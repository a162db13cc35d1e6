// Ids by the time at which they fall due, earliest first: a binary heap. Entries are never taken out
// early; whoever reads the head drops what is stale, so that a change of mind costs nothing.

export type Due<Id> = { readonly atMs: number; readonly id: Id };

export class DueQueue<Id> {
  readonly #heap: Due<Id>[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The earliest entry. O(1). */
  head(): Due<Id> | undefined {
    return this.#heap[0];
  }

  /** O(log n). */
  add(atMs: number, id: Id): void {
    const heap = this.#heap;
    const entry = { atMs, id };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.atMs <= atMs) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Takes the earliest entry out. O(log n). */
  shift(): Due<Id> | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.atMs < heap[child]!.atMs) child += 1;
      if (last.atMs <= heap[child]!.atMs) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  /** Drops stale entries from the head until `isCurrent` accepts it. */
  settle(isCurrent: (entry: Due<Id>) => boolean): void {
    for (let head = this.head(); head && !isCurrent(head); head = this.head()) this.shift();
  }

  /** The ids that are due at `nowMs` and still current, earliest first, at most `max` of them. */
  dueAt(nowMs: number, max: number, isCurrent: (entry: Due<Id>) => boolean): Id[] {
    return this.#heap
      .filter((entry) => entry.atMs <= nowMs && isCurrent(entry))
      .sort((a, b) => a.atMs - b.atMs)
      .slice(0, max)
      .map((entry) => entry.id);
  }
}
