// One frame of the slow lane, in as many forms as it needs: whole for the crew, and sampled for the crowd
// when the room writes faster than anybody reads, with exceptions for those whom a line concerns. In a
// calm room all forms are the same bytes.

import { limits } from '../base/limits.ts';
import type { ChatLine } from '../protocol/room.ts';
import { laneFrame, type Written } from './frame.ts';
import type { Member } from './member.ts';
import type { Presence } from './presence.ts';

/** Who wrote the last lines, to find who is answered. */
export class Authors {
  readonly #of = new Map<string, string>();

  add({ messageId, personId }: ChatLine): void {
    this.#of.set(messageId, personId);
    if (this.#of.size <= limits.roomRingMessages) return;
    for (const oldest of this.#of.keys()) {
      this.#of.delete(oldest);
      return;
    }
  }

  of(messageId: string): string | undefined {
    return this.#of.get(messageId);
  }
}

/** A line or a removal, and whether everyone gets it. */
export type Said = { readonly written: Written; readonly isShown: boolean };

export type SlowContent = {
  readonly atMs: number;
  /** Where the lane stands after the frame. */
  readonly to: number;
  readonly said: readonly Said[];
  /** What is only counted: reactions, viewers. */
  readonly counted: readonly Written[];
};

export class SlowFrame {
  readonly #whole: Buffer;
  readonly #crowd: Buffer;
  readonly #own = new Map<Member, Buffer>();

  constructor({ atMs, to, said, counted }: SlowContent, presence: Presence, authors: Authors) {
    const frame = (lines: readonly Said[], shed: number) =>
      laneFrame('slow', atMs, to, [...lines.map(({ written }) => written), ...counted], shed);
    this.#whole = frame(said, 0);
    const shed = said.filter(({ isShown }) => !isShown);
    if (shed.length === 0) {
      this.#crowd = this.#whole;
      return;
    }
    this.#crowd = frame(
      said.filter(({ isShown }) => isShown),
      shed.length,
    );
    for (const [personId, lines] of concernedBy(shed, presence, authors)) {
      const own = frame(
        said.filter((line) => line.isShown || lines.has(line)),
        shed.length - lines.size,
      );
      for (const member of presence.of(personId)) this.#own.set(member, own);
    }
  }

  get bytes(): number {
    return this.#crowd.length;
  }

  for(member: Member): Buffer {
    if (this.#crowd === this.#whole || member.isCrew) return this.#whole;
    return this.#own.get(member) ?? this.#crowd;
  }
}

/** [PUB-10] Who wrote, is named or is answered in a line that was left out, with those lines. */
const concernedBy = (
  shed: readonly Said[],
  presence: Presence,
  authors: Authors,
): ReadonlyMap<string, ReadonlySet<Said>> => {
  const concerned = new Map<string, Set<Said>>();
  const concerns = (personId: string | undefined, line: Said) => {
    if (personId === undefined) return;
    const lines = concerned.get(personId);
    if (lines) lines.add(line);
    else concerned.set(personId, new Set([line]));
  };
  for (const line of shed) {
    const { message } = line.written;
    if (message.t !== 'chat') continue;
    concerns(message.personId, line);
    for (const personId of presence.namedIn(message.text)) concerns(personId, line);
    if (message.replyTo !== null) concerns(authors.of(message.replyTo), line);
  }
  return concerned;
};
