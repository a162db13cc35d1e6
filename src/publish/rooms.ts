// The rooms that somebody watches: opened by folding the show's log, fed with what is committed, checked
// against the log, forgotten when they are empty. Routing and loading only; what a room does with an event
// is in room-feed.ts. The rule it guards: a room never shows an event before its log has it, and never
// skips one.

import type { ShowId, StreamId, VariantId } from '../base/brand.ts';
import { idOfStream, showStream, typeOfStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { type Clock, systemClock } from '../base/ports.ts';
import type { WatchWay } from '../base/words.ts';
import type { EventLog, RecordedEvent } from '../log/event-log.ts';
import { closeCodes } from '../protocol/close-codes.ts';
import type { Room } from '../protocol/room.ts';
import type { Pulse } from '../protocol/socket.ts';
import { Outbox } from './member.ts';
import { type FeedFigures, type FeedOptions, RoomFeed } from './room-feed.ts';
import { StockBoard, type StockOf, stockFromLog } from './stock-board.ts';

export type RoomsOptions = {
  readonly log: Pick<EventLog, 'read' | 'head' | 'loadSnapshot'>;
  /**
   * Says which history of counted things clients stand in: anything that a new process, or a show's new
   * home node, has a higher number of. Its start time will do.
   */
  readonly epoch: number;
  /** Sends `CountReactions` for a show. */
  readonly countReactions: FeedOptions['countReactions'];
  readonly measureDelay?: FeedOptions['measureDelay'];
  readonly stockOf?: StockOf;
  readonly clock?: Clock;
  readonly soon?: FeedOptions['soon'];
  readonly elapsedMs?: FeedOptions['elapsedMs'];
  /** Told of a room that stopped because of a bug, and of a log that doesn't answer. */
  readonly report?: (what: string, error: unknown) => void;
};

type Slot = {
  readonly feed: RoomFeed;
  /** The fold or repair under way; events that come meanwhile wait in `waiting`. */
  busy: Promise<void> | null;
  waiting: RecordedEvent[];
};

const pageEvents = 1_000;

export class Rooms {
  readonly figures: FeedFigures = {
    frames: 0,
    deliveries: 0,
    bytes: 0,
    shedLines: 0,
    withheldFrames: 0,
  };
  readonly outbox: Outbox;
  readonly #options: RoomsOptions;
  readonly #clock: Clock;
  readonly #board: StockBoard;
  readonly #slots = new Map<ShowId, Slot>();
  readonly #opening = new Map<ShowId, Promise<RoomFeed | null>>();
  #checkedMs = 0;
  #isClosed = false;

  constructor(options: RoomsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.outbox = new Outbox(options.soon ?? setImmediate);
    this.#board = new StockBoard(options.stockOf ?? stockFromLog(options.log));
  }

  /**
   * What the engine has committed: events of one stream, in order, right after the commit. `waiting`: how
   * many commands the stream's writer will decide next.
   */
  committed(stream: StreamId, events: readonly RecordedEvent[], waiting = 0): void {
    switch (typeOfStream(stream)) {
      case 'show': {
        const showId = idOfStream(stream) as ShowId;
        const slot = this.#slots.get(showId);
        if (slot) this.#guard(showId, () => this.#feed(showId, slot, events, waiting));
        return;
      }
      case 'stock':
        this.#board.committed(idOfStream(stream) as VariantId, events);
        return;
      default:
        // Orders say nothing to a room (messages.ts).
        return;
    }
  }

  /** The room of a show, opened when nobody watched it yet; null when there is no such show. */
  async open(showId: ShowId): Promise<RoomFeed | null> {
    const slot = this.#slots.get(showId);
    if (slot && slot.busy === null) return slot.feed;
    const opening = this.#opening.get(showId);
    if (opening) return opening;
    const opened = this.#open(showId).finally(() => this.#opening.delete(showId));
    this.#opening.set(showId, opened);
    return opened;
  }

  /** What everyone sees of a show now; null when there is no such show. */
  async room(showId: ShowId): Promise<Room | null> {
    return (await this.open(showId))?.show.room ?? null;
  }

  /** The room of a show that is in memory at this moment; null for any other. */
  roomAtHand(showId: ShowId): Room | null {
    return this.#slots.get(showId)?.feed.show.room ?? null;
  }

  /** How many of the crowd watch a show. */
  viewers(showId: ShowId): number {
    return this.#slots.get(showId)?.feed.presence.viewers ?? 0;
  }

  /** How many of them have the picture by this way, as their pages say. */
  watching(showId: ShowId, watchBy: WatchWay): number {
    return this.#slots.get(showId)?.feed.presence.watching(watchBy) ?? 0;
  }

  /** Whether a person is in a show's room at this moment. */
  isHere(personId: string, showId: ShowId): boolean {
    return this.#slots.get(showId)?.feed.presence.has(personId) ?? false;
  }

  /** The crew's figures of a show; null when nobody watches it. */
  pulse(showId: ShowId): Pulse | null {
    return this.#slots.get(showId)?.feed.pulse() ?? null;
  }

  /** How late the picture is for 95 % of a show's viewers, as their players say. */
  pictureDelayP95Ms(showId: ShowId): number | null {
    return this.#slots.get(showId)?.feed.presence.pictureDelayP95Ms() ?? null;
  }

  /** How late the picture is for half of a show's viewers. */
  pictureDelayP50Ms(showId: ShowId): number | null {
    return this.#slots.get(showId)?.feed.presence.pictureDelayMs(0.5) ?? null;
  }

  /** Once a second: repairs slow readers, forgets empty rooms, looks for what nobody told us of. */
  async sweep(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    for (const [showId, { feed, busy }] of this.#slots) {
      this.#guard(showId, () => feed.sweep());
      const idle = feed.idleSinceMs !== null && nowMs - feed.idleSinceMs > limits.roomIdleMs;
      if (idle && busy === null && feed.show.room?.phase !== 'live')
        this.#drop(showId, closeCodes.shuttingDown);
    }
    if (nowMs - this.#checkedMs < limits.roomCheckMs) return;
    this.#checkedMs = nowMs;
    try {
      await this.#board.check(this.#options.log);
      for (const [showId, slot] of this.#slots) {
        if (slot.busy !== null) continue;
        const { version } = await this.#options.log.head(showStream(showId));
        if (version > slot.feed.show.seq) await this.#catchUp(showId, slot);
      }
    } catch (error) {
      this.#options.report?.('the log doesn’t answer a room', error);
    }
  }

  /** Closes every room and everyone in it; the crowd comes back by itself. */
  close(): void {
    this.#isClosed = true;
    for (const showId of [...this.#slots.keys()]) this.#drop(showId, closeCodes.shuttingDown);
  }

  dump() {
    return {
      rooms: [...this.#slots.values()].map(({ feed, busy, waiting }) => ({
        ...feed.dump(),
        busy: busy !== null,
        waitingEvents: waiting.length,
      })),
      stock: this.#board.dump(),
      figures: { ...this.figures },
    };
  }

  async #open(showId: ShowId): Promise<RoomFeed | null> {
    const known = this.#slots.get(showId);
    if (known) {
      await known.busy;
      return this.#slots.get(showId)?.feed ?? null;
    }
    const feed = new RoomFeed(showId, {
      clock: this.#clock,
      soon: this.#options.soon ?? setImmediate,
      elapsedMs: this.#options.elapsedMs ?? (() => performance.now()),
      outbox: this.outbox,
      board: this.#board,
      log: this.#options.log,
      epoch: this.#options.epoch,
      countReactions: this.#options.countReactions,
      measureDelay: this.#options.measureDelay ?? (() => {}),
      figures: this.figures,
    });
    const slot: Slot = { feed, busy: null, waiting: [] };
    this.#slots.set(showId, slot);
    slot.busy = this.#fold(showId, slot);
    try {
      await slot.busy;
    } catch (error) {
      this.#drop(showId, closeCodes.showStopped);
      throw error;
    }
    slot.busy = null;
    if (feed.show.room === null || this.#isClosed) {
      this.#drop(showId, closeCodes.shuttingDown);
      return null;
    }
    this.#guard(showId, () => this.#feed(showId, slot, slot.waiting.splice(0)));
    return this.#slots.get(showId)?.feed ?? null;
  }

  /** Folds the log into a room that nobody is in yet. */
  async #fold(showId: ShowId, { feed }: Slot): Promise<void> {
    for (;;) {
      const page = await this.#options.log.read(showStream(showId), feed.show.seq + 1, pageEvents);
      feed.replay(page);
      if (page.length < pageEvents) break;
    }
    if (feed.show.room !== null) await feed.open();
  }

  /** [PUB-4] Feeds events that follow on; an earlier one was seen, a later one sends us to the log. */
  #feed(showId: ShowId, slot: Slot, events: readonly RecordedEvent[], waiting = 0): void {
    if (slot.busy !== null) {
      slot.waiting.push(...events);
      return;
    }
    const news = events.filter((event) => event.seq > slot.feed.show.seq);
    if (news.length === 0) return;
    if (news[0]!.seq === slot.feed.show.seq + 1) {
      slot.feed.take(news, waiting > 0);
      return;
    }
    slot.waiting.push(...news);
    void this.#catchUp(showId, slot);
  }

  /** Takes from the log what the room has missed, then what came meanwhile. */
  async #catchUp(showId: ShowId, slot: Slot): Promise<void> {
    const caughtUp = (async () => {
      for (;;) {
        const page = await this.#options.log.read(
          showStream(showId),
          slot.feed.show.seq + 1,
          pageEvents,
        );
        this.#guard(showId, () => slot.feed.take(page));
        if (page.length < pageEvents || !this.#slots.has(showId)) return;
      }
    })();
    slot.busy = caughtUp.catch((error: unknown) =>
      this.#options.report?.('the log doesn’t answer a room', error),
    );
    await slot.busy;
    slot.busy = null;
    const waiting = slot.waiting.splice(0).filter((event) => event.seq > slot.feed.show.seq);
    // Still a gap: the log was away. The next check, or the next event, tries again.
    if (waiting[0]?.seq === slot.feed.show.seq + 1)
      this.#guard(showId, () => slot.feed.take(waiting));
  }

  /** A bug stops the show that it happened in, not the server. */
  #guard(showId: ShowId, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#options.report?.(`room ${showId} stopped`, error);
      this.#drop(showId, closeCodes.showStopped);
    }
  }

  #drop(showId: ShowId, code: number): void {
    const slot = this.#slots.get(showId);
    if (!slot) return;
    this.#slots.delete(showId);
    try {
      slot.feed.close(code);
    } catch (error) {
      this.#options.report?.(`room ${showId} didn’t close cleanly`, error);
    }
  }
}
