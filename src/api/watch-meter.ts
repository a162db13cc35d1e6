// How long people with a time limit watch: whoever is in a live show when the sockets are looked through was
// there since the look before. Coarse on purpose; a minute at a time goes to the person's own stream.
// Rules: docs/rules/limits.md, LIM-10.

import type { CommandId, PersonId } from '../base/brand.ts';
import { personStream } from '../base/brand.ts';
import type { Random } from '../base/ports.ts';
import { system } from '../domain/decider.ts';
import { type BuyerLimits, limitOf } from '../domain/person/limits.ts';
import type { Engine } from '../engine/contract.ts';

export type WatchMeterOptions = {
  readonly engine: Pick<Engine, 'send'>;
  readonly book: { has(personId: string): boolean; of(personId: string): BuyerLimits };
  readonly random: Random;
  readonly report: (what: string, error: unknown) => void;
};

/** Longer than two looks apart nobody was there: the machine slept. */
const lookMsMax = 60_000;
const minuteMs = 60_000;

export class WatchMeter {
  readonly #options: WatchMeterOptions;
  /** Watched and not yet in the log, in milliseconds; a minute at most for each. */
  readonly #uncounted = new Map<string, number>();
  #lookedMs: number | null = null;

  constructor(options: WatchMeterOptions) {
    this.#options = options;
  }

  /** Whether it matters how long this person watches. */
  counts(personId: string): boolean {
    const { book } = this.#options;
    return book.has(personId) && limitOf(book.of(personId), 'watch') !== null;
  }

  /** Everybody who counts and is in a live show at this moment, each once. */
  look(present: ReadonlySet<string>, nowMs: number): void {
    const sinceMs = Math.min(lookMsMax, Math.max(0, nowMs - (this.#lookedMs ?? nowMs)));
    this.#lookedMs = nowMs;
    for (const personId of present) {
      const ms = (this.#uncounted.get(personId) ?? 0) + sinceMs;
      if (ms < minuteMs) this.#uncounted.set(personId, ms);
      else {
        this.#uncounted.delete(personId);
        this.#count(personId, ms);
      }
    }
  }

  #count(personId: string, ms: number): void {
    const { engine, random, report } = this.#options;
    engine
      .send(
        personStream(personId as PersonId),
        { kind: 'CountWatching', ms },
        { commandId: random.id() as CommandId, by: system },
      )
      .catch((error: unknown) => report('watched time could not be counted', error));
  }
}
