// The last messages of a lane, for those who come back: bounded, oldest forgotten first, and it knows
// what it has forgotten, so that nobody is told that nothing was missed when something was.

import type { Written } from './frame.ts';

export class Ring {
  readonly #max: number;
  #entries: { readonly seq: number; readonly written: Written }[] = [];
  #start = 0;
  /** Messages up to this place may be gone. */
  #forgottenTo: number;

  /** An empty ring of a lane that stands at `place`: what came before isn't in it. */
  constructor(max: number, place: number) {
    this.#max = max;
    this.#forgottenTo = place;
  }

  add(seq: number, written: Written): void {
    this.#entries.push({ seq, written });
    if (this.#entries.length - this.#start <= this.#max) return;
    this.#forgottenTo = this.#entries[this.#start]!.seq;
    this.#start += 1;
    // Moving all entries for each one that goes would cost more than keeping them for a while.
    if (this.#start >= this.#max) {
      this.#entries = this.#entries.slice(this.#start);
      this.#start = 0;
    }
  }

  /** All messages after a place, in order; null when some of them may be forgotten. */
  after(place: number): Written[] | null {
    if (place < this.#forgottenTo) return null;
    // Who comes back missed the end: look from there.
    let first = this.#entries.length;
    while (first > this.#start && this.#entries[first - 1]!.seq > place) first -= 1;
    return this.#entries.slice(first).map(({ written }) => written);
  }
}
