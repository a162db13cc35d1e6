// Where processes of this machine publish: a loopback port that takes, for each session that the parent announced, one
// line in the form of a tap. The rule: a line without the token or for a session that nobody announced is dropped at its
// first frame, and an announced one that doesn't come is given up.

import type { TapPort } from '../messages.ts';
import type { TapLine, TapReader } from '../tap-listener.ts';
import { TapListener } from '../tap-listener.ts';
import { LineFeed } from './line-feed.ts';
import type { ShowRoom } from './show-room.ts';

/** From the announcement to the first media: an encoder sends within a second or two of its welcome. */
const FIRST_MEDIA_MS = 10_000;

type Expected = { readonly room: ShowRoom; readonly timer: NodeJS.Timeout; taken: boolean };

export class LineDoor {
  readonly #expected = new Map<string, Expected>();
  readonly #listener: TapListener;
  readonly #onFeed: (room: ShowRoom, feed: LineFeed) => boolean;
  readonly #onEnd: (sessionId: string, left: boolean) => void;
  #port: TapPort | undefined;

  /**
   * `onFeed` puts a feed in its room's place, false when the session is over; `onEnd` hears of a session whose line is
   * over or never came, and whether its publisher left of its own.
   */
  constructor(
    onFeed: (room: ShowRoom, feed: LineFeed) => boolean,
    onEnd: (sessionId: string, left: boolean) => void,
  ) {
    this.#onFeed = onFeed;
    this.#onEnd = onEnd;
    // The name in a line's first frame is its session.
    this.#listener = new TapListener((sessionId, line) => this.#admit(sessionId, line));
  }

  async listen(): Promise<void> {
    this.#port = await this.#listener.listen();
  }

  /** Waits for the session's line; gives where it connects. */
  expect(sessionId: string, room: ShowRoom): TapPort {
    if (!this.#port) throw new Error('the line door is not open');
    const timer = setTimeout(() => {
      if (this.#expected.delete(sessionId)) this.#onEnd(sessionId, false);
    }, FIRST_MEDIA_MS);
    this.#expected.set(sessionId, { room, timer, taken: false });
    return this.#port;
  }

  /** Waits for it no more. */
  forget(sessionId: string): void {
    clearTimeout(this.#expected.get(sessionId)?.timer);
    this.#expected.delete(sessionId);
  }

  /** Whether a line into this room is awaited. */
  expects(room: ShowRoom): string | undefined {
    for (const [sessionId, expected] of this.#expected)
      if (expected.room === room) return sessionId;
    return undefined;
  }

  close(): void {
    for (const { timer } of this.#expected.values()) clearTimeout(timer);
    this.#expected.clear();
    this.#listener.close();
  }

  #admit(sessionId: string, line: TapLine): TapReader | undefined {
    const expected = this.#expected.get(sessionId);
    if (!expected || expected.taken) return undefined;
    expected.taken = true;
    const { room } = expected;
    let feed: LineFeed | undefined;
    let hasLeft = false;
    return {
      session: (session) => {
        if (feed) {
          // Sound that began later: the same line, and more of it.
          feed.carries(session);
          room.retell(sessionId);
          return;
        }
        this.forget(sessionId);
        feed = new LineFeed(sessionId, session, line, room.sinkFor(sessionId));
        if (this.#onFeed(room, feed)) return;
        feed.close();
        feed = undefined;
      },
      packet: (kind, packet) => feed?.packet(kind, packet),
      clock: (clock) => feed?.clock(clock),
      left: () => {
        hasLeft = true;
      },
      end: () => {
        this.forget(sessionId);
        this.#onEnd(sessionId, hasLeft);
      },
    };
  }
}
