// A room that is being watched: takes what its show says and gives it to everyone in it, in two lanes.
// The fast lane (prices, units, pins, the clock of an offer) leaves at once and is never dropped; the slow
// lane (chat, reactions, presence) rides a tick and is shed by a stated policy. A frame is written once and
// the same bytes go to all. What an event says is in messages.ts, what a slow reader gets in member.ts,
// what one who was away gets in history.ts.

import type { PersonId, VariantId } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import { allowanceOf } from '../domain/sale/lot.ts';
import type { ShelfHold, Stock, StockEvent } from '../domain/stock/stock.ts';
import type { EventLog, RecordedEvent } from '../log/event-log.ts';
import { isSlow, type RoomMessage } from '../protocol/room.ts';
import type { MyHold, Position, Pulse } from '../protocol/socket.ts';
import { CrewLane } from './crew-lane.ts';
import { laneFrame, textFrame, type Written, write } from './frame.ts';
import { History } from './history.ts';
import { LinePace } from './line-pace.ts';
import type { Member, Outbox, SlowGroup } from './member.ts';
import { shelfHold } from './messages.ts';
import { Presence } from './presence.ts';
import type { Said } from './said.ts';
import { type ShelfRange, shelfSales } from './shelf-sales.ts';
import { ShowRoom } from './show-room.ts';
import { type Composed, SlowLane } from './slow-lane.ts';
import type { StockBoard, StockWatcher } from './stock-board.ts';
import { Taps } from './taps.ts';
import { WelcomeWriter } from './welcome.ts';

/** What a room did since it was opened; for /metrics and dump(). */
export type FeedFigures = {
  frames: number;
  deliveries: number;
  bytes: number;
  shedLines: number;
  withheldFrames: number;
};

export type FeedOptions = {
  readonly clock: Clock;
  /** Runs something at the end of this turn of the event loop. */
  readonly soon: (run: () => void) => void;
  /** Milliseconds with fractions, only to measure what a write loop cost. */
  readonly elapsedMs: () => number;
  readonly outbox: Outbox;
  readonly board: StockBoard;
  readonly log: Pick<EventLog, 'read' | 'head'>;
  readonly epoch: number;
  /** Brings counted taps to the log; a rejection counts them again later. */
  readonly countReactions: (
    showId: string,
    counts: Readonly<Record<string, number>>,
  ) => Promise<void>;
  /** Brings the 95th percentile of the room's picture delay to the log. */
  readonly measureDelay: (showId: string, pictureDelayP95Ms: number, viewers: number) => void;
  readonly figures: FeedFigures;
};

/** A smaller change of the picture delay isn't worth an event. */
const allowanceStepMs = 100;

export class RoomFeed implements StockWatcher {
  readonly show: ShowRoom;
  readonly presence = new Presence();
  /** Since when nobody has been here; null while somebody is. */
  idleSinceMs: number | null;
  readonly #options: FeedOptions;
  readonly #welcome = new WelcomeWriter();
  readonly #slow: SlowLane;
  readonly #crew: CrewLane;
  readonly #taps: Taps;
  readonly #lines: LinePace;
  /** Of each variant, the last place in its stream that the crew's figures have. */
  readonly #counted = new Map<VariantId, number>();
  readonly #counting = new Set<Promise<void>>();
  #history = new History(0);
  #isOpen = false;

  #fast = new Map<string, Written | RoomMessage>();
  /** When the fast frame leaves; 0: at the end of this turn; null: nothing waits. */
  #fastDueMs: number | null = null;
  #cancelFast: (() => void) | null = null;
  #fastNotBeforeMs = 0;
  #isMoreComing = false;
  #ordinal = 0;

  constructor(showId: string, options: FeedOptions) {
    this.show = new ShowRoom(showId);
    this.#options = options;
    this.#taps = new Taps(options.clock, (counts) => options.countReactions(showId, counts));
    const { clock, soon, figures } = options;
    this.#slow = new SlowLane({
      clock,
      soon,
      presence: this.presence,
      seq: () => this.show.seq,
      reactions: () => this.show.room?.reactions ?? {},
      votes: () => this.show.votes,
      repair: (member, from) => this.#repair(member, from),
      figures,
    });
    this.#lines = new LinePace(clock, (message) => {
      this.#history.add(message, this.show.seq);
      this.#putFast(`drop ${message.dropId}`, message);
    });
    this.#crew = new CrewLane(clock, this.presence.crew, () => this.pulse());
    this.idleSinceMs = clock.nowMs();
  }

  /** Events from the log, before anybody is here. */
  replay(events: readonly RecordedEvent[]): void {
    for (const event of events) this.show.take(event);
  }

  /** Ends the replay: from here on what comes is news. Resolves when the stock is in. */
  async open(): Promise<void> {
    await this.#watchShelf();
    for (const variantId of this.show.shelvedVariants)
      if (!this.#counted.has(variantId)) this.#countShelf(variantId, null);
    await Promise.all(this.#counting);
    this.#history = new History(this.show.seq);
    for (const line of this.show.room?.chat ?? []) this.#slow.remember({ t: 'chat', ...line });
    this.#isOpen = true;
  }

  /** The next events of the show's stream, in order and without a gap; `isMoreComing`: with the next commit. */
  take(events: readonly RecordedEvent[], isMoreComing = false): void {
    this.#isMoreComing = isMoreComing;
    let shelfChanged = false;
    for (const event of events) {
      this.#tell(this.show.take(event));
      if (event.kind === 'ShelfStocked') shelfChanged = true;
    }
    this.#isMoreComing = false;
    if (shelfChanged) void this.#watchShelf();
  }

  stockShown(stock: Stock, seq: number): void {
    this.#countShelf(stock.variantId as VariantId, seq);
    if (!this.show.itemOf(stock.variantId)) return;
    const message = this.show.showStock(stock);
    if (this.#isOpen) this.#tell({ room: [message], crew: [], personal: [] });
  }

  stockChanged(event: RecordedEvent, stock: Stock, hold: ShelfHold | undefined): void {
    this.#counted.set(stock.variantId as VariantId, event.seq);
    const nameOf = (personId: PersonId) => this.presence.nameOf(personId);
    const said = this.show.takeStock(
      event as unknown as StockEvent,
      event.atMs,
      stock,
      hold,
      nameOf,
    );
    if (this.#isOpen) this.#tell(said);
  }

  /** Greets a member, who gets everything from here on. With a good position: only what is missing. */
  hello(member: Member, position: Position | undefined): void {
    this.idleSinceMs = null;
    this.presence.add(member);
    this.#slow.add(member);
    this.#presenceChanged();
    this.#greet(member, position);
  }

  leave(member: Member): void {
    this.presence.remove(member);
    this.#slow.remove(member);
    if (this.presence.members.size === 0) this.idleSinceMs = this.#options.clock.nowMs();
    this.#presenceChanged();
  }

  /** A member's taps on a reaction. */
  tap(member: Member, reaction: string, count: number): void {
    if (this.show.room?.phase !== 'live') return;
    const counted = this.#taps.count(member.you?.personId ?? member, reaction, count);
    if (counted === 0) return;
    this.show.tap(reaction, counted);
    this.#slow.reactionsChanged();
  }

  /** The crew's figures now. */
  pulse(): Pulse {
    return this.show.pulse.at(this.#options.clock.nowMs(), this.presence.viewers);
  }

  /** What is held for a member, from this show's offers and from its shelf. */
  holdsOf(member: Member): MyHold[] {
    if (member.you === null) return [];
    const personId = member.you.personId as PersonId;
    const holds = this.show.holdsOf(personId);
    for (const item of this.show.room?.shelf ?? []) {
      for (const { variantId } of item.variants) {
        for (const hold of this.#options.board.stock(variantId as VariantId)?.holds.values() ??
          []) {
          if (hold.personId === personId) holds.push(shelfHold(variantId, hold, item));
        }
      }
    }
    return holds;
  }

  /** Once a second: slow readers who have room again get what they missed; the hammer's allowance is measured. */
  sweep(): void {
    this.#slow.sweep();
    this.#measureDelay();
  }

  /** Ends the room: everyone is closed with this code. */
  close(code: number): void {
    this.#isOpen = false;
    this.#slow.close();
    this.#crew.close();
    this.#taps.flush();
    this.#options.board.forget(this);
    for (const member of [...this.presence.members]) member.close(code);
  }

  dump() {
    return {
      showId: this.show.showId,
      seq: this.show.seq,
      members: this.presence.members.size,
      crew: this.presence.crew.size,
      viewers: this.presence.viewers,
      behind: this.#slow.behind,
      waiting: { fast: this.#fast.size, slow: this.#slow.waiting },
      pictureDelayP95Ms: this.presence.pictureDelayP95Ms(),
    };
  }

  /** [LOT-14] While a lot waits for its hammer: how late the room's pictures are, when that has changed. */
  #measureDelay(): void {
    const { allowanceMs, awaitsHammer } = this.show.auction;
    if (!awaitsHammer || this.show.room?.phase !== 'live') return;
    const delayMs = this.presence.pictureDelayP95Ms();
    // By what the auction would make of it: beyond its most it changes no more.
    if (delayMs === null || Math.abs(allowanceOf(delayMs) - allowanceMs) < allowanceStepMs) return;
    this.#options.measureDelay(this.show.showId, delayMs, this.presence.viewers);
  }

  // ── telling ──────────────────────────────────────────────────────────────────────────────────────

  #tell(said: Said): void {
    for (const message of said.room) this.#tellAll(message);
    const atMs = this.#options.clock.nowMs();
    for (const { to, message } of said.personal) {
      for (const member of this.presence.of(to)) member.send({ t: 'you', atMs, m: [message] });
    }
    this.#crew.tell(said.crew);
  }

  #tellAll(message: RoomMessage): void {
    // Figures of a line may wait: until they are told nobody has them, wherever their place is.
    const place = message.t === 'drop' ? Number.POSITIVE_INFINITY : this.show.seq;
    const written = this.#history.add(message, place);
    if (isSlow(message)) {
      if (message.t === 'reactions') this.#slow.reactionsChanged();
      if (message.t === 'votes') this.#slow.votesChanged();
      if (written) this.#slow.say(written);
    } else if (message.t === 'offer') {
      this.#putFast(`offer ${message.offerId} ${message.variantId}`, message);
    } else if (message.t === 'drop') {
      this.#lines.say(message);
    } else if (message.t === 'lot') {
      this.#putFast(`lot ${message.lotId}`, message);
    } else if (message.t === 'stock') {
      this.#putFast(`stock ${message.variantId}`, message);
    } else {
      this.#ordinal += 1;
      this.#putFast(`${this.#ordinal}`, written ?? message);
    }
  }

  /** [PUB-5] Figures are absolute: in one frame the last ones of a variant stand, at their last place. */
  #putFast(key: string, message: Written | RoomMessage): void {
    this.#fast.delete(key);
    this.#fast.set(key, message);
    const { clock, soon } = this.#options;
    const nowMs = clock.nowMs();
    // In the middle of a burst the frame waits for the next commit, not longer than a frame may.
    const patienceMs = this.#isMoreComing ? limits.fastFrameBurstMsMax : 0;
    const dueMs = Math.max(this.#fastNotBeforeMs, nowMs + patienceMs);
    if (this.#fastDueMs !== null && this.#fastDueMs <= dueMs) return;
    this.#cancelFast?.();
    this.#cancelFast = null;
    if (dueMs > nowMs) {
      this.#fastDueMs = dueMs;
      this.#cancelFast = clock.at(dueMs, () => this.#flushFast());
    } else {
      this.#fastDueMs = 0;
      soon(() => this.#flushFast());
    }
  }

  #flushFast(): void {
    this.#fastDueMs = null;
    this.#cancelFast = null;
    if (this.#fast.size === 0 || !this.#isOpen) return;
    const { clock, elapsedMs } = this.#options;
    const nowMs = clock.nowMs();
    const messages = [...this.#fast.values()].map((message) =>
      'json' in message ? message : write(message),
    );
    this.#fast.clear();
    const frame = laneFrame('fast', nowMs, this.show.seq, messages);
    const beganMs = elapsedMs();
    // Chat that waits rides along: one write for both.
    const composed = new Map<SlowGroup, Composed | null>();
    const joined = new Map<Buffer, Buffer>();
    for (const member of this.presence.members) {
      const slow = this.#slowFor(member, composed, nowMs);
      if (slow === null) {
        member.write(frame);
        continue;
      }
      let both = joined.get(slow);
      if (!both) {
        both = Buffer.concat([frame, slow]);
        joined.set(slow, both);
      }
      member.write(both);
    }
    const { figures } = this.#options;
    figures.frames += 1;
    figures.deliveries += this.presence.members.size;
    figures.bytes += this.presence.members.size * frame.length;
    // Twice what it cost: writing takes at most a third of the time, however many are in the room.
    const pauseMs = Math.min(limits.fastFrameMsMax, Math.floor(2 * (elapsedMs() - beganMs)));
    this.#fastNotBeforeMs = clock.nowMs() + pauseMs;
  }

  #slowFor(
    member: Member,
    composed: Map<SlowGroup, Composed | null>,
    nowMs: number,
  ): Buffer | null {
    const { group } = member;
    if (!group) return null;
    let waiting = composed.get(group);
    if (waiting === undefined) {
      waiting = this.#slow.compose(group, nowMs);
      composed.set(group, waiting);
    }
    return waiting && this.#slow.frameFor(member, waiting);
  }

  // ── greeting and catching up ─────────────────────────────────────────────────────────────────────

  #greet(member: Member, position: Position | undefined): void {
    const { room, seq } = this.show;
    const { epoch, clock } = this.#options;
    const isKnown = position !== undefined && position.epoch === epoch && room !== null;
    const missed = isKnown ? this.#history.missed(position, room, seq) : null;
    const nowMs = clock.nowMs();
    const text = this.#welcome.write(
      {
        t: 'welcome',
        atMs: nowMs,
        epoch,
        seq,
        you: member.you,
        holds: this.holdsOf(member),
        bids: member.you ? this.show.bidsOf(member.you.personId as PersonId) : [],
        entries: member.you ? this.show.entriesOf(member.you.personId as PersonId) : [],
        replies: member.you ? this.show.repliesTo(member.you.personId as PersonId) : [],
        vote: member.you ? this.show.voteOf(member.you.personId as PersonId) : null,
        pulse: member.isCrew ? this.pulse() : null,
        crew: member.isCrew ? this.show.crewLog.messages : null,
        chatGap: missed === null && position !== undefined && this.#isGapBehind(position.slow),
      },
      missed === null ? room : null,
    );
    member.post(textFrame(text));
    if (missed === null) return;
    if (missed.fast.length > 0) member.post(laneFrame('fast', nowMs, seq, missed.fast));
    this.#postSlow(member, missed.slow);
  }

  /** Whether lines may be missing between a place and the lines that a newcomer gets. */
  #isGapBehind(place: number): boolean {
    const chat = this.show.room?.chat ?? [];
    return chat.length >= limits.chatWindowMax && place + 1 < (chat[0]?.seq ?? 0);
  }

  /** What a slow reader missed since a place, or all of it again. */
  #repair(member: Member, from: number): void {
    const slow = this.#history.slowAfter(from);
    // An epoch that never was: start over.
    if (!slow) this.#greet(member, { epoch: -1, fast: 0, slow: from });
    else this.#postSlow(member, slow);
  }

  #postSlow(member: Member, lines: readonly Written[]): void {
    const { votes } = this.show;
    const messages = [
      ...lines,
      this.#reactionTotals(),
      ...(votes ? [write(votes)] : []),
      this.#viewersNow(),
    ];
    member.post(laneFrame('slow', this.#options.clock.nowMs(), this.show.seq, messages));
  }

  #reactionTotals(): Written {
    return write({ t: 'reactions', totals: this.show.room?.reactions ?? {} });
  }

  #viewersNow(): Written {
    return write({ t: 'viewers', viewers: this.presence.viewers });
  }

  #presenceChanged(): void {
    if (this.show.room) this.show.apply({ t: 'viewers', viewers: this.presence.viewers });
    this.#slow.viewersChanged();
    this.#crew.tell([]);
  }

  /**
   * [PUB-17] Reads into the crew's figures what the shelf sold until `upTo`, a place that the room is shown at or, with
   * null, the end of a stream that it doesn't follow. What comes after is told event by event.
   */
  #countShelf(variantId: VariantId, upTo: number | null): void {
    const startedAtMs = this.show.room?.startedAtMs ?? null;
    const after = this.#counted.get(variantId) ?? 0;
    if (upTo !== null) this.#counted.set(variantId, upTo);
    if (startedAtMs === null || (upTo !== null && upTo <= after)) return;
    const range = { sinceMs: startedAtMs, after, upTo };
    const counting = this.#readShelf(variantId, range).finally(() =>
      this.#counting.delete(counting),
    );
    this.#counting.add(counting);
    // A fault fails the opening, which waits for all of them; later the figures stay behind until it is opened again.
    counting.catch(() => undefined);
  }

  async #readShelf(variantId: VariantId, range: ShelfRange): Promise<void> {
    for await (const sale of shelfSales(this.#options.log, variantId, this.show.showId, range)) {
      this.show.takeShelfSale(variantId, sale);
      if (range.upTo === null) this.#counted.set(variantId, sale.event.seq);
    }
    if (this.#isOpen) this.#crew.tell([]);
  }

  #watchShelf(): Promise<void> {
    const variants = this.show.room?.shelf.flatMap((item) => item.variants) ?? [];
    const variantIds = new Set(variants.map(({ variantId }) => variantId as VariantId));
    return this.#options.board.watch(this, variantIds);
  }
}
