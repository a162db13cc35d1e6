// The lane of what may wait a moment: chat, reactions, how many watch. Everyone gets at most one frame a
// tick. The members stand in groups, each with a tick of its own: a frame is written to one group in a turn
// of the event loop, so that nobody waits while thousands are served, and a price waits for one group at
// most. What a slow reader gets instead is decided here too; what is in a frame, in slow-frame.ts.

import { limits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import type { RoomMessage } from '../protocol/room.ts';
import { ChatSample } from './chat-sample.ts';
import { type Written, write } from './frame.ts';
import type { Member, SlowGroup } from './member.ts';
import type { Presence } from './presence.ts';
import { Authors, type Said, SlowFrame } from './slow-frame.ts';

/** About 2 ms of writing. */
const groupMax = 256;

/** A frame for a group; `from` is where the lane stood before. */
export type Composed = { readonly frame: SlowFrame; readonly from: number };

export type SlowLaneOptions = {
  readonly clock: Clock;
  readonly soon: (run: () => void) => void;
  readonly presence: Presence;
  /** The show's place, and its reactions, as they stand. */
  readonly seq: () => number;
  readonly reactions: () => Readonly<Record<string, number>>;
  /** How the open poll stands; null: none is open. */
  readonly votes: () => RoomMessage | null;
  /** Gives a reader who was slow and has room again what they missed. */
  readonly repair: (member: Member, from: number) => void;
  readonly figures: {
    frames: number;
    deliveries: number;
    bytes: number;
    shedLines: number;
    withheldFrames: number;
  };
};

export class SlowLane {
  readonly #options: SlowLaneOptions;
  readonly #sample = new ChatSample();
  readonly #authors = new Authors();
  readonly #groups: SlowGroup[] = [];
  readonly #behind = new Set<Member>();
  /** Lines that some group hasn't got; the first of them is number `#first`. */
  #lines: Said[] = [];
  #first = 0;
  #reactions = 0;
  #votes = 0;
  #viewers = 0;
  #viewersMs = Number.NEGATIVE_INFINITY;
  #dueMs: number | null = null;
  #cancel: (() => void) | null = null;
  #isClosed = false;

  constructor(options: SlowLaneOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#lines.length;
  }

  get behind(): number {
    return this.#behind.size;
  }

  /** A line from before anybody was here: only who wrote it is remembered. */
  remember(message: RoomMessage & { readonly t: 'chat' }): void {
    this.#authors.add(message);
  }

  /** A line or a removal. */
  say(written: Written): void {
    const { message } = written;
    let isShown = true;
    if (message.t === 'chat') {
      this.#authors.add(message);
      isShown = this.#sample.shows(message, this.#options.clock.nowMs());
      if (!isShown) this.#options.figures.shedLines += 1;
    }
    if (this.#groups.length === 0) return;
    this.#lines.push({ written, isShown });
    this.#schedule();
  }

  reactionsChanged(): void {
    this.#reactions += 1;
    this.#schedule();
  }

  /** [ASK-5] */
  votesChanged(): void {
    this.#votes += 1;
    this.#schedule();
  }

  viewersChanged(): void {
    this.#schedule();
  }

  /** A member who has just been greeted with all there is. */
  add(member: Member): void {
    this.#behind.delete(member);
    member.behindFrom = null;
    if (member.group) return;
    let group = this.#groups.find(({ members }) => members.size < groupMax);
    if (!group) {
      group = {
        members: new Set(),
        next: this.#first + this.#lines.length,
        place: this.#options.seq(),
        lastMs: Number.NEGATIVE_INFINITY,
        reactions: this.#reactions,
        votes: this.#votes,
        viewers: this.#viewers,
      };
      this.#groups.push(group);
    }
    group.members.add(member);
    member.group = group;
  }

  remove(member: Member): void {
    this.#behind.delete(member);
    const { group } = member;
    if (!group) return;
    member.group = null;
    group.members.delete(member);
    if (group.members.size > 0) return;
    this.#groups.splice(this.#groups.indexOf(group), 1);
    this.#forgetLines();
  }

  /** Once a second: slow readers who have room again get what they missed. */
  sweep(): void {
    for (const member of this.#behind) if (member.hasDrained) this.#repair(member);
  }

  /**
   * What waits for a group, to ride along with a fast frame: the system call is the cost, not the bytes.
   * Its tick begins again with that. Null when nothing waits.
   */
  compose(group: SlowGroup, nowMs: number): Composed | null {
    return this.#hasNews(group) ? this.#compose(group, nowMs) : null;
  }

  /** [PUB-8] One who reads slowly keeps the prices and loses the chat, until there is room again. */
  frameFor(member: Member, { frame, from }: Composed): Buffer | null {
    if (member.behindFrom === null && !member.isSlow) return frame.for(member);
    if (member.isGone) return null;
    if (member.behindFrom === null) {
      member.behindFrom = from;
      this.#behind.add(member);
    }
    this.#options.figures.withheldFrames += 1;
    if (member.hasDrained) this.#repair(member);
    return null;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  get #tickMs(): number {
    const isBig = this.#options.presence.members.size > limits.frameSlowTickSockets;
    return isBig ? limits.frameSlowTickMs : limits.frameTickMs;
  }

  #hasNews(group: SlowGroup): boolean {
    return (
      group.next < this.#first + this.#lines.length ||
      group.reactions !== this.#reactions ||
      group.votes !== this.#votes ||
      group.viewers !== this.#viewers
    );
  }

  /** [PUB-6] At once for a group that was quiet for a tick, else with its tick. */
  #schedule(): void {
    if (this.#isClosed || this.#groups.length === 0) return;
    let dueMs = Number.POSITIVE_INFINITY;
    const tickMs = this.#tickMs;
    for (const group of this.#groups) {
      if (this.#hasNews(group)) dueMs = Math.min(dueMs, group.lastMs + tickMs);
    }
    const { clock, soon, presence } = this.#options;
    if (presence.viewers !== this.#viewers)
      dueMs = Math.min(dueMs, this.#viewersMs + limits.presenceMs);
    if (dueMs === Number.POSITIVE_INFINITY) return;
    dueMs = Math.max(dueMs, clock.nowMs());
    if (this.#dueMs !== null && this.#dueMs <= dueMs) return;
    this.#cancel?.();
    this.#cancel = null;
    this.#dueMs = dueMs;
    const run = () => {
      // Whoever was overtaken by an earlier wish finds its work done.
      if (this.#dueMs === dueMs) this.#run();
    };
    if (dueMs <= clock.nowMs()) soon(run);
    else this.#cancel = clock.at(dueMs, run);
  }

  /** One group in a turn: the one that has waited longest. */
  #run(): void {
    this.#dueMs = null;
    this.#cancel = null;
    if (this.#isClosed) return;
    const { clock, presence } = this.#options;
    const nowMs = clock.nowMs();
    if (presence.viewers !== this.#viewers && nowMs >= this.#viewersMs + limits.presenceMs) {
      this.#viewers = presence.viewers;
      this.#viewersMs = nowMs;
    }
    const tickMs = this.#tickMs;
    let due: SlowGroup | null = null;
    for (const group of this.#groups) {
      if (!this.#hasNews(group) || group.lastMs + tickMs > nowMs) continue;
      if (due === null || group.lastMs < due.lastMs) due = group;
    }
    if (due) {
      const composed = this.#compose(due, nowMs);
      for (const member of due.members) {
        const frame = this.frameFor(member, composed);
        if (frame !== null) member.write(frame);
      }
    }
    this.#schedule();
  }

  #compose(group: SlowGroup, nowMs: number): Composed {
    const { seq, presence, figures } = this.#options;
    const counted: Written[] = [];
    if (group.reactions !== this.#reactions)
      counted.push(write({ t: 'reactions', totals: this.#options.reactions() }));
    const votes = group.votes === this.#votes ? null : this.#options.votes();
    if (votes) counted.push(write(votes));
    if (group.viewers !== this.#viewers)
      counted.push(write({ t: 'viewers', viewers: this.#viewers }));
    const said = this.#lines.slice(group.next - this.#first);
    const frame = new SlowFrame({ atMs: nowMs, to: seq(), said, counted }, presence, this.#authors);
    const from = group.place;
    group.next = this.#first + this.#lines.length;
    group.place = seq();
    group.lastMs = nowMs;
    group.reactions = this.#reactions;
    group.votes = this.#votes;
    group.viewers = this.#viewers;
    this.#forgetLines();
    figures.frames += 1;
    figures.deliveries += group.members.size;
    figures.bytes += group.members.size * frame.bytes;
    return { frame, from };
  }

  /** Lines that every group has got are history. */
  #forgetLines(): void {
    let oldest = this.#first + this.#lines.length;
    for (const { next } of this.#groups) oldest = Math.min(oldest, next);
    this.#lines = this.#lines.slice(oldest - this.#first);
    this.#first = oldest;
  }

  #repair(member: Member): void {
    const from = member.behindFrom;
    this.#behind.delete(member);
    member.behindFrom = null;
    if (from !== null && !member.isGone) this.#options.repair(member, from);
  }
}
