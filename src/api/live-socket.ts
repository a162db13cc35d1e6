// The WebSocket door `/api/shows/{show}/live`: who may come in, and one sweep that serves all sockets; a
// socket has no timer. What is said on one stands in live-connection.ts. The rule it guards: nothing that a
// stranger sends can cost more than its limit, and nothing that goes wrong here is told in other words than
// those of the problem table.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { ShowId } from '../base/brand.ts';
import { faultCode } from '../base/fault.ts';
import { limits } from '../base/limits.ts';
import type { Random } from '../base/ports.ts';
import { closeCodes } from '../protocol/close-codes.ts';
import type { You } from '../protocol/socket.ts';
import type { RoomFeed } from '../publish/room-feed.ts';
import type { Rooms } from '../publish/rooms.ts';
import type { Front } from './front.ts';
import { LiveConnection, type LiveConnectionOptions } from './live-connection.ts';
import type { ShowDoor } from './show-access.ts';
import { refuseUpgrade } from './upgrade-refusal.ts';
import type { WatchMeter } from './watch-meter.ts';

export type LiveDoorOptions = LiveConnectionOptions & {
  readonly rooms: Rooms;
  readonly sessionOf: (headers: IncomingHttpHeaders) => Promise<You | null>;
  readonly allowOrigin: (origin: string | undefined, host: string | undefined) => boolean;
  readonly front: Front;
  readonly random: Random;
  /** Who may come into a show; absent: everybody into every one. */
  readonly showDoor?: Pick<ShowDoor, 'refusal' | 'outside'>;
  readonly watchMeter?: Pick<WatchMeter, 'counts' | 'look'>;
};

/** Clients of a server that stops come back over this many milliseconds, and more when they are many. */
const returnSpreadMs = 2_000;
const returnsPerSecond = 500;
/** Sockets are pinged in turns, each once in so many sweeps (a sweep a second). */
const pingTurns = 15;
/** How long a closing handshake may take before the connection is cut. */
const closeTimeoutMs = 5_000;

const addressPattern = /^\/api\/shows\/([A-Za-z0-9_-]{1,64})\/live$/;

export class LiveDoor {
  readonly #options: LiveDoorOptions;
  readonly #sockets = new Set<LiveConnection>();
  readonly #perAddress = new Map<string, number>();
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.socketMessageBytesMax,
    closeTimeout: closeTimeoutMs,
  } as ConstructorParameters<typeof WebSocketServer>[0]);
  #turn = 0;
  #askedMs: number;
  #isAsking = false;
  #cancelSweep: (() => void) | null = null;
  #isClosed = false;

  constructor(options: LiveDoorOptions) {
    this.#options = options;
    this.#askedMs = options.clock.nowMs();
    this.#armSweep();
  }

  get size(): number {
    return this.#sockets.size;
  }

  /**
   * Takes a request to upgrade (`server.on('upgrade', …)`). False when the address isn't this door's:
   * then nothing was done, and whoever asked must answer.
   */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const path = (request.url ?? '').split('?', 1)[0]!;
    const showId = addressPattern.exec(path)?.[1];
    if (showId === undefined) return false;
    socket.on('error', noop);
    this.#admit(showId as ShowId, request, socket, head).catch((error: unknown) => {
      this.#report('a live socket could not be opened', error);
      refuseUpgrade(socket, faultCode(error) ?? 'bug');
    });
    return true;
  }

  /** Says goodbye to everybody with a time to come back at, and takes nobody any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelSweep?.();
    this.#options.rooms.close();
    const closing = [...this.#sockets].map((socket) => {
      socket.close(closeCodes.shuttingDown);
      return socket.ended;
    });
    await Promise.race([
      Promise.all(closing),
      new Promise<void>((resolve) =>
        this.#options.clock.at(this.#options.clock.nowMs() + 1_000, resolve),
      ),
    ]);
    for (const socket of this.#sockets) socket.cut();
  }

  dump() {
    return { sockets: this.#sockets.size, addresses: this.#perAddress.size };
  }

  async #admit(
    showId: ShowId,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> {
    const { allowOrigin, front, sessionOf, rooms, clock, showDoor } = this.#options;
    if (this.#isClosed) {
      refuseUpgrade(socket, 'shutting-down');
      return;
    }
    // [PUB-11] Before anything else: a foreign page must not ride on a visitor's cookie.
    if (!allowOrigin(request.headers.origin, front.hostOf(request))) {
      refuseUpgrade(socket, 'origin-refused');
      return;
    }
    const address = front.addressOf(request);
    if ((this.#perAddress.get(address) ?? 0) >= limits.socketsPerAddressMax) {
      refuseUpgrade(socket, 'too-many-requests');
      return;
    }
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
    const leave = () => {
      const rest = (this.#perAddress.get(address) ?? 1) - 1;
      if (rest > 0) this.#perAddress.set(address, rest);
      else this.#perAddress.delete(address);
    };
    let you: You | null;
    let feed: RoomFeed | null;
    let isOutside = false;
    try {
      // Most of a crowd has no session: no look-up for them.
      const known =
        request.headers.cookie !== undefined || request.headers.authorization !== undefined;
      [you, feed] = await Promise.all([
        known ? sessionOf(request.headers) : null,
        rooms.open(showId),
      ]);
      isOutside = (await showDoor?.refusal(you, showId)) != null;
    } catch (error) {
      leave();
      throw error;
    }
    if (this.#isClosed || socket.destroyed) {
      leave();
      refuseUpgrade(socket, 'shutting-down');
      return;
    }
    socket.once('close', leave);
    socket.off('error', noop);
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      const live = new LiveConnection(ws, socket, showId, you, feed, this.#options, () =>
        this.#retryMs(),
      );
      if (feed === null || isOutside) {
        live.close(feed === null ? closeCodes.showUnknown : closeCodes.entryNeeded);
        return;
      }
      live.seenMs = clock.nowMs();
      this.#sockets.add(live);
      ws.once('close', () => this.#sockets.delete(live));
    });
  }

  #retryMs(): number {
    const spreadMs = Math.max(returnSpreadMs, (this.#sockets.size / returnsPerSecond) * 1000);
    return 250 + this.#options.random.fraction() * spreadMs;
  }

  #armSweep(): void {
    const { clock } = this.#options;
    this.#cancelSweep = clock.at(clock.nowMs() + 1_000, () => {
      this.#sweep();
      this.#armSweep();
    });
  }

  #sweep(): void {
    const nowMs = this.#options.clock.nowMs();
    this.#turn = (this.#turn + 1) % pingTurns;
    let place = 0;
    for (const socket of this.#sockets) {
      place = (place + 1) % pingTurns;
      if (place === this.#turn) socket.check(nowMs);
    }
    if (this.#turn === 0) this.#lookAround(nowMs);
    if (!this.#isAsking && nowMs >= this.#askedMs + limits.entryCheckMs) void this.#askAgain(nowMs);
    this.#options.rooms
      .sweep()
      .catch((error: unknown) => this.#report('the rooms could not be swept', error));
  }

  /** [TKT-7] A ticket may be given back, a membership may end: asked show by show, one round after the other. */
  async #askAgain(nowMs: number): Promise<void> {
    const { showDoor } = this.#options;
    if (!showDoor) return;
    this.#askedMs = nowMs;
    this.#isAsking = true;
    try {
      for (const [showId, sockets] of Map.groupBy(this.#sockets, (socket) => socket.showId)) {
        const people = sockets.map(({ you }) => you);
        const outside = await showDoor.outside(people, showId);
        for (const socket of sockets)
          if (outside.has(socket.you)) socket.close(closeCodes.entryNeeded);
      }
    } catch (error) {
      // Whoever was let in stays until it can be asked.
      this.#report('who may stay in a show could not be asked', error);
    } finally {
      this.#isAsking = false;
    }
  }

  /** [LIM-10] Who is in a live show now, of those whom it matters for. */
  #lookAround(nowMs: number): void {
    const { watchMeter } = this.#options;
    if (!watchMeter) return;
    const present = new Set<string>();
    for (const { watcher } of this.#sockets)
      if (watcher !== null && watchMeter.counts(watcher)) present.add(watcher);
    watchMeter.look(present, nowMs);
  }

  #report(what: string, error: unknown): void {
    this.#options.report?.(what, error);
  }
}

const noop = () => {};
