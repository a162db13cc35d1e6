// What the crew was told of a show, for a member who comes later or reloads: the newest messages, by the time at which
// they happened. Bounded, and nothing here is stored: the log of the show and of its shelf gives it again.

import { limits } from '../base/limits.ts';
import type { CrewMessage } from '../protocol/socket.ts';

type Entry = { readonly atMs: number; readonly message: CrewMessage };

export class CrewLog {
  readonly #entries: Entry[] = [];
  /** What became of comments, by themselves: a crowd that asks for a code word must not push sales out. */
  readonly #comments: Entry[] = [];

  /** Messages of one event; one that happened before others, read later from another stream, finds its place. */
  add(messages: readonly CrewMessage[], atMs: number): void {
    for (const message of messages) {
      const isOfComment = message.t === 'comment';
      const entries = isOfComment ? this.#comments : this.#entries;
      let place = entries.length;
      while (place > 0 && entries[place - 1]!.atMs > atMs) place -= 1;
      entries.splice(place, 0, { atMs, message });
      // As many as there are lines of chat that a newcomer gets.
      if (entries.length > (isOfComment ? limits.chatWindowMax : limits.crewMessagesKept))
        entries.shift();
    }
  }

  /** Oldest first, what became of comments before the rest. */
  get messages(): readonly CrewMessage[] {
    return [...this.#comments, ...this.#entries].map(({ message }) => message);
  }
}
