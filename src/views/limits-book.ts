// The limits of all who have some, in memory: doors and policies ask it for everybody, so that people
// without limits cost one look into a map. It follows the commits of this process at once, before they are
// answered: what somebody was told to be reserved stands here.

import { idOfStream, type PersonId, personStream, typeOfStream } from '../base/brand.ts';
import { type BuyerLimits, hasLimits } from '../domain/person/limits.ts';
import { type EventLog, type RecordedEvent, readStream } from '../log/event-log.ts';
import { foldLimits, type LimitsAt, noLimits } from './limits.ts';

export type LimitsBookOptions = {
  readonly log: Pick<EventLog, 'read'>;
  /** Told when a person's limits can't be read; the ones that are known go on counting. */
  readonly onFault: (error: unknown) => void;
};

export class LimitsBook {
  readonly opened: Promise<void>;
  isOpen = false;
  readonly #options: LimitsBookOptions;
  readonly #people = new Map<string, LimitsAt>();
  /** By hold or lot: who has a pledge there. By person: where. */
  readonly #pledged = new Map<string, Set<string>>();
  readonly #holds = new Map<string, ReadonlySet<string>>();
  /** What was committed before the book was open. */
  #early: RecordedEvent[] = [];
  #open!: () => void;

  constructor(options: LimitsBookOptions) {
    this.#options = options;
    this.opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  /** Opens the book with what the views have; once. */
  open(known: readonly LimitsAt[]): void {
    for (const at of known) this.#set(at.state.personId, at);
    this.isOpen = true;
    for (const event of this.#early.splice(0)) this.#take(event);
    this.#open();
  }

  /** The next events of a stream that this process has committed. */
  committed(stream: string, events: readonly RecordedEvent[]): void {
    if (!stream.startsWith('person-')) return;
    if (this.isOpen) for (const event of events) this.#take(event);
    else this.#early.push(...events);
  }

  has(personId: string): boolean {
    const at = this.#people.get(personId);
    return at !== undefined && hasLimits(at.state);
  }

  /** A person's limits; empty ones for whoever never set any. Not to be changed, nor kept. */
  of(personId: string): BuyerLimits {
    return (this.#people.get(personId) ?? noLimits(personId)).state;
  }

  pledgedAt(holdId: string): readonly string[] {
    return [...(this.#pledged.get(holdId) ?? [])];
  }

  dump() {
    return { isOpen: this.isOpen, people: this.#people.size, pledged: this.#pledged.size };
  }

  #take(event: RecordedEvent): void {
    if (typeOfStream(event.stream) !== 'person') return;
    const personId = idOfStream(event.stream);
    const at = this.#people.get(personId) ?? noLimits(personId);
    if (event.seq > at.seq + 1) void this.#readAgain(personId);
    else this.#set(personId, foldLimits(at, event));
  }

  /** Another node wrote to the stream meanwhile. */
  async #readAgain(personId: string): Promise<void> {
    try {
      let at = noLimits(personId);
      for await (const event of readStream(this.#options.log, personStream(personId as PersonId)))
        at = foldLimits(at, event);
      if (at.seq > (this.#people.get(personId)?.seq ?? 0)) this.#set(personId, at);
    } catch (error) {
      this.#options.onFault(error);
    }
  }

  #set(personId: string, at: LimitsAt): void {
    const before = this.#holds.get(personId) ?? new Set();
    const now = new Set([...at.state.pledges.values()].map(({ place }) => place.holdId));
    this.#people.set(personId, at);
    this.#holds.set(personId, now);
    for (const holdId of before) {
      if (now.has(holdId)) continue;
      const people = this.#pledged.get(holdId);
      people?.delete(personId);
      if (people?.size === 0) this.#pledged.delete(holdId);
    }
    for (const holdId of now) {
      const people = this.#pledged.get(holdId);
      if (people) people.add(personId);
      else this.#pledged.set(holdId, new Set([personId]));
    }
  }
}
