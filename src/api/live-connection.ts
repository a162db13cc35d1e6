// One connection to a live show: its wire, its limits, and the translation of what it says into commands.
// What it hears is the room's part (publish/); who gets as far as here is the door's (live-socket.ts).

import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ShowId } from '../base/brand.ts';
import { faultCode } from '../base/fault.ts';
import { limits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import type { EntryMark } from '../domain/sale/drop.ts';
import type { Engine } from '../engine/contract.ts';
import { clientMessage, idIn, isLongChat } from '../protocol/client-messages.ts';
import { closeCodes, comesBack } from '../protocol/close-codes.ts';
import { problemOf } from '../protocol/problems.ts';
import {
  type ClientMessage,
  closeReason,
  type ServerMessage,
  type You,
} from '../protocol/socket.ts';
import { pingFrame } from '../publish/frame.ts';
import { Member, type Wire } from '../publish/member.ts';
import type { RoomFeed } from '../publish/room-feed.ts';
import type { Rooms } from '../publish/rooms.ts';
import { type Notary, type Promised, receiptedOf } from '../receipts/notary.ts';
import {
  askedOf,
  type Entrant,
  liveCommand,
  sendWithin,
  stranger,
  type WishMessage,
} from './live-commands.ts';
import type { Spending } from './spending.ts';
import { actorOf } from './visitor.ts';

export type LiveConnectionOptions = {
  readonly engine: Pick<Engine, 'send'>;
  readonly rooms: Pick<Rooms, 'outbox'>;
  readonly clock: Clock;
  /** Looks up what a drop must know of a person; absent: everybody is a guest. */
  readonly entrantOf?: (personId: string, asked: readonly EntryMark[]) => Promise<Entrant>;
  /** Buyers' own limits; absent: nobody has any. */
  readonly spending?: Pick<Spending, 'promise' | 'timeRefusal'>;
  /** [LOT-24] 128 bits that only this server can make, the same for the same words: a bid sent again is the same bid. */
  readonly nonceOf: (...words: readonly string[]) => string;
  /** Signs the receipts that go out with the answers. */
  readonly notary: Pick<Notary, 'receipt'>;
  /** Told of what is wrong with us; never of what is wrong with a stranger's message. */
  readonly report?: (what: string, error: unknown) => void;
};

const noop = () => {};

export class LiveConnection implements Wire {
  readonly #ws: WebSocket;
  readonly #stream: Duplex;
  readonly showId: ShowId;
  readonly you: You | null;
  readonly #feed: RoomFeed | null;
  readonly #options: LiveConnectionOptions;
  readonly #retryMs: () => number;
  #member: Member | null = null;
  /** Messages that may come now; refilled by the time that has passed. */
  #tokens: number = limits.socketMessagesPerSecond * 2;
  #tokensMs: number;
  /** Messages refused more often than taken. */
  #refused = 0;
  /** When anything was heard from the other side. */
  seenMs = 0;

  constructor(
    ws: WebSocket,
    stream: Duplex,
    showId: ShowId,
    you: You | null,
    feed: RoomFeed | null,
    options: LiveConnectionOptions,
    retryMs: () => number,
  ) {
    this.#ws = ws;
    this.#stream = stream;
    this.showId = showId;
    this.you = you;
    this.#feed = feed;
    this.#options = options;
    this.#retryMs = retryMs;
    this.#tokensMs = options.clock.nowMs();
    ws.on('message', (data, isBinary) => this.#hear(data as Buffer, isBinary));
    ws.on('pong', () => {
      this.seenMs = this.#options.clock.nowMs();
    });
    ws.on('close', () => this.#ended());
    // Too long a message, a broken frame, a lost line: ws closes with the right code by itself.
    ws.on('error', noop);
  }

  // ── the wire ─────────────────────────────────────────────────────────────────────────────────────

  /**
   * Whole frames go to the stream as they are. ws writes its own (pong, close) whole and at once too, so
   * neither ends up inside the other; after a close frame nothing more is written.
   */
  write(frames: Buffer): void {
    if (this.#ws.readyState === this.#ws.OPEN && this.#stream.writable) this.#stream.write(frames);
  }

  queuedBytes(): number {
    return this.#stream.writableLength;
  }

  /** Leaves the room at once; a reader that doesn't read may take its time to say goodbye. */
  close(code: number): void {
    this.#member?.flush();
    this.#ended();
    this.#ws.close(code, comesBack(code) ? closeReason(this.#retryMs()) : '');
  }

  cut(): void {
    this.#ws.terminate();
  }

  get ended(): Promise<void> {
    if (this.#ws.readyState === this.#ws.CLOSED) return Promise.resolve();
    return new Promise((resolve) => this.#ws.once('close', () => resolve()));
  }

  /** Who watches a live show here; null: nobody known, or no show that is on. */
  get watcher(): string | null {
    if (this.#member === null || this.you === null) return null;
    return this.#feed?.show.room?.phase === 'live' ? this.you.personId : null;
  }

  /** Its turn in the sweep: silent for too long is gone, silent for a while is asked. */
  check(nowMs: number): void {
    const silentMs = nowMs - this.seenMs;
    if (silentMs > limits.socketSilentMs) this.close(closeCodes.silent);
    else if (silentMs > 5_000) this.write(pingFrame);
  }

  #ended(): void {
    const member = this.#member;
    if (member === null) return;
    this.#member = null;
    member.left();
    this.#feed?.leave(member);
  }

  // ── what it says ─────────────────────────────────────────────────────────────────────────────────

  #hear(data: Buffer, isBinary: boolean): void {
    const nowMs = this.#options.clock.nowMs();
    this.seenMs = nowMs;
    if (this.#ws.readyState !== this.#ws.OPEN || this.#feed === null) return;
    if (isBinary) {
      this.close(closeCodes.badMessage);
      return;
    }
    let said: unknown;
    try {
      said = JSON.parse(data.toString());
    } catch {
      this.close(closeCodes.badMessage);
      return;
    }
    const id = idIn(said);
    if (!this.#maySpeak(nowMs)) {
      const retryAfterMs = Math.ceil(1000 / limits.socketMessagesPerSecond);
      this.#refuse(id, 'too-many-requests', { retryAfterMs }, closeCodes.tooMany);
      return;
    }
    const parsed = clientMessage.safeParse(said);
    if (!parsed.success) {
      // Without an id there is nobody to answer: a program that speaks another language.
      if (id === null) {
        this.close(closeCodes.badMessage);
        return;
      }
      if (isLongChat(said)) {
        this.#refuse(id, 'message-too-long', { max: limits.chatTextMax });
        return;
      }
      const errors = parsed.error.issues.map(({ path, message }) => ({
        field: path.join('.'),
        message,
      }));
      this.#refuse(id, 'request-invalid', { errors }, closeCodes.badMessage);
      return;
    }
    this.#refused = Math.max(0, this.#refused - 1);
    try {
      this.#understand(parsed.data, nowMs);
    } catch (error) {
      this.#options.report?.('a message to a live socket met a bug', error);
      this.close(closeCodes.showStopped);
    }
  }

  #understand(message: ClientMessage, nowMs: number): void {
    const feed = this.#feed!;
    if (message.t === 'hello') {
      this.#member ??= new Member(this.you, this, this.#options.rooms.outbox);
      feed.hello(this.#member, message.position);
      return;
    }
    const member = this.#member;
    if (member === null) {
      this.close(closeCodes.badMessage);
      return;
    }
    switch (message.t) {
      case 'ping':
        if (message.pictureDelayMs !== undefined) member.pictureDelayMs = message.pictureDelayMs;
        member.watchBy = message.watchBy ?? null;
        member.send({ t: 'pong', sentMs: message.sentMs, atMs: nowMs });
        return;
      case 'react':
        feed.tap(member, message.reaction, message.count);
        return;
      default:
        this.#wish(message, feed, member);
    }
  }

  #wish(message: WishMessage, feed: RoomFeed, member: Member): void {
    const { id } = message;
    const you = this.you;
    if (you === null) {
      this.#refuse(id, 'sign-in-needed');
      return;
    }
    const { entrantOf } = this.#options;
    if (message.t === 'enter' && entrantOf) {
      entrantOf(you.personId, askedOf(feed.show.room, message.dropId)).then(
        (entrant) => this.#send(message, you, entrant, feed, member),
        (error: unknown) => {
          this.#options.report?.('an account could not be looked up', error);
          this.#refuse(id, faultCode(error) ?? 'bug');
        },
      );
      return;
    }
    this.#send(message, you, stranger, feed, member);
  }

  #send(message: WishMessage, you: You, entrant: Entrant, feed: RoomFeed, member: Member): void {
    const { id } = message;
    const { engine, nonceOf, spending, clock } = this.#options;
    const by = actorOf(you);
    const live = liveCommand(message, {
      showId: this.showId,
      you,
      nowMs: clock.nowMs(),
      nonceOf,
      entrant,
      streamOfHold: (wanted) => feed.holdsOf(member).find((hold) => hold.holdId === wanted)?.stream,
    });
    const { stream, command, commandId, holdId } = live;
    const about = { showId: this.showId, by, room: () => feed.show.room };
    sendWithin(spending, message, live, about, () =>
      engine.send(stream, command, { commandId, by }),
    ).then(
      (outcome) => {
        const { atMs } = outcome;
        if (outcome.kind === 'refused') {
          const problem = problemOf(outcome.reason, outcome.detail ?? {});
          this.#member?.send({ t: 'refused', id, atMs, problem });
          return;
        }
        const { seq, hash } = outcome;
        const done = {
          t: 'done',
          id,
          atMs,
          seq,
          hash,
          ...(holdId === undefined ? {} : { holdId }),
        } as const;
        const receipted = receiptedOf(outcome.events);
        if (receipted === undefined) this.#member?.send(done);
        else this.#sendWithReceipt(done, receipted);
      },
      (error: unknown) => {
        const code = faultCode(error) ?? 'bug';
        if (code === 'bug') this.#options.report?.('a command from a live socket failed', error);
        this.#member?.send({
          t: 'refused',
          id,
          atMs: this.#options.clock.nowMs(),
          problem: problemOf(code),
        });
      },
    );
  }

  /** What was done stays done when it can't be signed: the receipt is found among one's own later. */
  #sendWithReceipt(done: Extract<ServerMessage, { t: 'done' }>, event: Promised): void {
    this.#options.notary.receipt(event).then(
      (receipt) => this.#member?.send({ ...done, receipt }),
      (error: unknown) => {
        this.#options.report?.('a receipt could not be signed', error);
        this.#member?.send(done);
      },
    );
  }

  /** Answers with a problem. Given a close code, too many of them end the connection with it. */
  #refuse(
    id: string | null,
    code: string,
    extra: Readonly<Record<string, unknown>> = {},
    closeCode?: number,
  ): void {
    if (closeCode !== undefined) {
      this.#refused += 1;
      if (this.#refused > limits.socketRefusedMax) {
        this.close(closeCode);
        return;
      }
    }
    if (id === null || this.#member === null) return;
    this.#member.send({
      t: 'refused',
      id,
      atMs: this.#options.clock.nowMs(),
      problem: problemOf(code, extra),
    });
  }

  /** [PUB-12] A bucket of messages: so many a second, twice as many at once. */
  #maySpeak(nowMs: number): boolean {
    const perSecond = limits.socketMessagesPerSecond;
    const gained = ((nowMs - this.#tokensMs) * perSecond) / 1000;
    this.#tokens = Math.min(perSecond * 2, this.#tokens + Math.max(0, gained));
    this.#tokensMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
