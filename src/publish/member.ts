// One watcher of a room: a wire, who is behind it, and where it stands when it can't keep up. It decides
// what a slow reader gets; what there is to get is the room's business. No timers and no closures of its
// own: a crowd has thousands of these.

import { limits } from '../base/limits.ts';
import type { WatchWay } from '../base/words.ts';
import { closeCodes } from '../protocol/close-codes.ts';
import type { ServerMessage, You } from '../protocol/socket.ts';
import { messageFrame } from './frame.ts';

/** The connection as the room needs it. Writing to a wire that is closing does nothing. */
export interface Wire {
  /** Whole WebSocket frames; the buffer is shared with other wires and never changed. */
  write(frames: Buffer): void;
  /** Bytes that were written and the system hasn't taken yet. */
  queuedBytes(): number;
  /** Ends the connection with a close code; spreads the return of those that may come back. */
  close(code: number): void;
}

/** Frames of this turn of the event loop that wait to be written together. */
export class Outbox {
  #waiting: Member[] = [];
  readonly #soon: (run: () => void) => void;

  constructor(soon: (run: () => void) => void) {
    this.#soon = soon;
  }

  add(member: Member): void {
    if (this.#waiting.push(member) === 1) this.#soon(() => this.#flush());
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const member of waiting) member.flush();
  }
}

/** Members who get the same frame at the same time. */
export type SlowGroup = {
  readonly members: Set<Member>;
  /** The next line that they haven't got, counted from the first that the lane ever had. */
  next: number;
  /** Where the show stood when they got the last frame, and when that was. */
  place: number;
  lastMs: number;
  /** What they were told of counted things. */
  reactions: number;
  votes: number;
  viewers: number;
};

export class Member {
  readonly you: You | null;
  readonly #wire: Wire;
  readonly #outbox: Outbox;
  #own: Buffer[] | null = null;
  #gone = false;
  /** With whom it gets its slow frames; null before it is greeted. */
  group: SlowGroup | null = null;
  /** Where its slow lane stopped; null while it keeps up. */
  behindFrom: number | null = null;
  /** How late its picture is, as its player says. */
  pictureDelayMs: number | null = null;
  /** By which way it comes, as their page says; null while none stands there. */
  watchBy: WatchWay | null = null;

  constructor(you: You | null, wire: Wire, outbox: Outbox) {
    this.you = you;
    this.#wire = wire;
    this.#outbox = outbox;
  }

  get isCrew(): boolean {
    return this.you !== null && this.you.role !== 'shopper';
  }

  get isGone(): boolean {
    return this.#gone;
  }

  /** To this one alone: leaves at the end of this turn, with whatever else is for it. */
  send(message: ServerMessage): void {
    this.post(messageFrame(message));
  }

  post(frame: Buffer): void {
    if (this.#gone) return;
    if (this.#own) {
      this.#own.push(frame);
      return;
    }
    this.#own = [frame];
    this.#outbox.add(this);
  }

  flush(): void {
    const own = this.#own;
    this.#own = null;
    if (own !== null && !this.#gone) this.#write(own.length === 1 ? own[0]! : Buffer.concat(own));
  }

  /** A shared frame, now, after what waits for this one alone: in one write, the system call is the cost. */
  write(frame: Buffer): void {
    const own = this.#own;
    this.#own = null;
    if (this.#gone) return;
    if (own === null) this.#write(frame);
    else {
      own.push(frame);
      this.#write(Buffer.concat(own));
    }
  }

  /** [PUB-8] Whether slow frames are to be withheld now. */
  get isSlow(): boolean {
    return this.#wire.queuedBytes() > limits.socketSlowBytes;
  }

  /** Whether a reader that was slow has room again for what it missed. */
  get hasDrained(): boolean {
    return this.#wire.queuedBytes() < limits.socketSlowBytes / 4;
  }

  close(code: number): void {
    if (this.#gone) return;
    this.flush();
    this.#gone = true;
    this.#wire.close(code);
  }

  /** The wire is closed from the other side. */
  left(): void {
    this.#gone = true;
    this.#own = null;
  }

  #write(frame: Buffer): void {
    this.#wire.write(frame);
    // [PUB-9] Memory for one who doesn't read is taken from all who do.
    if (this.#wire.queuedBytes() > limits.socketQueueBytesMax) {
      this.#gone = true;
      this.#wire.close(closeCodes.slowReader);
    }
  }
}
