// Who watches a room: members, crew among them, people by id and by name. A person with three tabs is one
// viewer; the crew are not viewers. Names are kept to find who is named in a line, for those present only.

import type { WatchWay } from '../base/words.ts';
import type { Member } from './member.ts';

/** Longest name that is looked for after an `@`; accounts refuse longer ones. */
const nameMax = 24;

export class Presence {
  readonly members = new Set<Member>();
  readonly crew = new Set<Member>();
  readonly #people = new Map<string, Set<Member>>();
  readonly #byName = new Map<string, string>();
  #strangers = 0;
  #shoppers = 0;

  /** People of the crowd who watch now. */
  get viewers(): number {
    return this.#strangers + this.#shoppers;
  }

  add(member: Member): void {
    if (this.members.has(member)) return;
    this.members.add(member);
    if (member.isCrew) this.crew.add(member);
    const { you } = member;
    if (you === null) {
      this.#strangers += 1;
      return;
    }
    const others = this.#people.get(you.personId);
    if (others) {
      others.add(member);
      return;
    }
    this.#people.set(you.personId, new Set([member]));
    this.#byName.set(you.name.toLowerCase(), you.personId);
    if (!member.isCrew) this.#shoppers += 1;
  }

  remove(member: Member): void {
    if (!this.members.delete(member)) return;
    this.crew.delete(member);
    const { you } = member;
    if (you === null) {
      this.#strangers -= 1;
      return;
    }
    const others = this.#people.get(you.personId);
    others?.delete(member);
    if (others?.size !== 0) return;
    this.#people.delete(you.personId);
    this.#byName.delete(you.name.toLowerCase());
    if (!member.isCrew) this.#shoppers -= 1;
  }

  has(personId: string): boolean {
    return this.#people.has(personId);
  }

  /** The sockets of one person. */
  of(personId: string): Iterable<Member> {
    return this.#people.get(personId) ?? [];
  }

  /** 95 % of the pictures are at most so late; null when no player has said anything. */
  pictureDelayP95Ms(): number | null {
    return this.pictureDelayMs(0.95);
  }

  /** As `pictureDelayP95Ms`, for another share of the pictures. */
  pictureDelayMs(share: number): number | null {
    const delays: number[] = [];
    for (const { pictureDelayMs } of this.members)
      if (pictureDelayMs !== null) delays.push(pictureDelayMs);
    delays.sort((a, b) => a - b);
    return delays[Math.ceil(delays.length * share) - 1] ?? null;
  }

  /** People of the crowd whose pages have the picture by this way; who has several pages is one of each way. */
  watching(watchBy: WatchWay): number {
    let strangers = 0;
    const people = new Set<string>();
    for (const { you, isCrew, watchBy: way } of this.members) {
      if (isCrew || way !== watchBy) continue;
      if (you === null) strangers += 1;
      else people.add(you.personId);
    }
    return strangers + people.size;
  }

  nameOf(personId: string): string {
    for (const member of this.of(personId)) return member.you?.name ?? '';
    return '';
  }

  /** People present whom a text names with `@`: the longest name that fits counts. */
  namedIn(text: string): string[] {
    const found: string[] = [];
    for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      const after = text.slice(at + 1, at + 1 + nameMax).toLowerCase();
      for (let length = after.length; length > 0; length -= 1) {
        const personId = this.#byName.get(after.slice(0, length));
        if (personId !== undefined) {
          found.push(personId);
          break;
        }
      }
    }
    return found;
  }
}
