// Everybody who waits in the drop's room, without sockets: each wire counts what it is given and knows when its
// owner was told of a hold.

import type { PersonId } from '../../src/base/brand.ts';
import { Member, type Wire } from '../../src/publish/member.ts';
import type { RoomFeed } from '../../src/publish/room-feed.ts';
import type { Rooms } from '../../src/publish/rooms.ts';
import { personOf } from './announced.ts';

const hold = Buffer.from('"t":"hold"');

class CountingWire implements Wire {
  frames = 0;
  bytes = 0;
  readonly #onHold: () => void;
  constructor(onHold: () => void) {
    this.#onHold = onHold;
  }
  write(frames: Buffer): void {
    this.frames += 1;
    this.bytes += frames.length;
    if (frames.includes(hold)) this.#onHold();
  }
  queuedBytes(): number {
    return 0;
  }
  close(): void {}
}

export class Crowd {
  readonly #wires = new Map<PersonId, CountingWire>();
  readonly #told = new Map<PersonId, number>();
  #wanted: { readonly count: number; readonly resolve: () => void } | null = null;

  constructor(feed: RoomFeed, rooms: Rooms, people: number) {
    for (let nth = 0; nth < people; nth += 1) {
      const { id, name, role } = personOf(nth);
      const wire = new CountingWire(() => {
        if (!this.#told.has(id)) this.#told.set(id, performance.now());
        if (this.#wanted && this.#told.size >= this.#wanted.count) this.#wanted.resolve();
      });
      this.#wires.set(id, wire);
      feed.hello(
        new Member({ personId: id, name, role, guest: false }, wire, rooms.outbox),
        undefined,
      );
    }
  }

  /** Resolves when so many were told of their hold. */
  told(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wanted = { count, resolve };
      if (this.#told.size >= count) resolve();
    });
  }

  /** What one who still waits was given so far: writes, and bytes. */
  waiting(): { readonly frames: number; readonly bytes: number } {
    for (const [id, { frames, bytes }] of this.#wires)
      if (!this.#told.has(id)) return { frames, bytes };
    return { frames: 0, bytes: 0 };
  }
}
