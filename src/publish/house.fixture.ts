// A house for tests of rooms: a crowd in front of one show, with the clock and every step of the event loop in
// the test's hands. What comes over a watcher's wire is read and followed as a browser does.

import { limits } from '../base/limits.ts';
import { system } from '../domain/decider.ts';
import type { Position, ServerMessage, You } from '../protocol/socket.ts';
import { Follower } from './follower.ts';
import { Member } from './member.ts';
import type { RecordedShow } from './recorded-show.fixture.ts';
import type { RoomFeed } from './room-feed.ts';
import { Rooms } from './rooms.ts';
import { TestWire } from './test-wire.fixture.ts';

/** Somebody as the door knows them. */
export const you = (id: string, role: You['role'] = 'shopper'): You => ({
  personId: id,
  name: id,
  role,
  guest: true,
});

/** A crowd in front of one show, with every step of the event loop in the test's hands. */
export class House {
  readonly recorded: RecordedShow;
  readonly rooms: Rooms;
  readonly counted: Readonly<Record<string, number>>[] = [];
  readonly measured: { readonly pictureDelayP95Ms: number; readonly viewers: number }[] = [];
  readonly reports: string[] = [];
  #soon: (() => void)[] = [];
  isCommittedHeard = true;
  /** Commands that the show's writer says it will decide next. */
  commandsWaiting = 0;

  constructor(recorded: RecordedShow, epoch = 7) {
    this.recorded = recorded;
    this.rooms = new Rooms({
      log: recorded.log,
      epoch,
      clock: recorded.clock,
      soon: (run) => this.#soon.push(run),
      elapsedMs: () => 0,
      countReactions: async (_showId, counts) => {
        this.counted.push(counts);
        recorded.show({ kind: 'CountReactions', counts }, system);
      },
      measureDelay: (_showId, pictureDelayP95Ms, viewers) => {
        this.measured.push({ pictureDelayP95Ms, viewers });
        recorded.show({ kind: 'MeasureAllowance', pictureDelayP95Ms, viewers }, system);
      },
      report: (what, error) => this.reports.push(`${what}: ${error}`),
    });
    recorded.onCommitted((stream, events) => {
      if (this.isCommittedHeard) this.rooms.committed(stream, events, this.commandsWaiting);
    });
  }

  /** Until nothing waits any more at this moment of the clock. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; ) {
      await new Promise((resolve) => setImmediate(resolve));
      const soon = this.#soon.splice(0);
      for (const run of soon) run();
      quiet = soon.length === 0 ? quiet + 1 : 0;
    }
  }

  /** One turn of the event loop. */
  turn(): void {
    for (const run of this.#soon.splice(0)) run();
  }

  async pass(ms: number): Promise<void> {
    await this.settle();
    this.recorded.clock.advance(ms);
    await this.settle();
  }

  async feed(): Promise<RoomFeed> {
    const feed = await this.rooms.open(this.recorded.showId);
    if (!feed) throw new Error('no such show');
    return feed;
  }

  async join(
    who: You | null,
    position?: Position,
    follower = new Follower(limits.chatWindowMax),
  ): Promise<Guest> {
    const heard: ServerMessage[] = [];
    const wire = new TestWire((message) => {
      heard.push(message);
      follower.hear(message);
    });
    const member = new Member(who, wire, this.rooms.outbox);
    const feed = await this.feed();
    feed.hello(member, position);
    await this.settle();
    return { wire, member, follower, heard, feed };
  }
}

/** A watcher: their wire, what came over it, and what they make of it. */
export type Guest = {
  wire: TestWire;
  member: Member;
  follower: Follower;
  heard: ServerMessage[];
  feed: RoomFeed;
};
