// The projector folds the log into the read models: one page of events and the checkpoint in one
// transaction, so that a crash repeats nothing and skips nothing. It is woken by commits of this node
// and looks by itself for those of others. Nothing is decided from a view.

import type { Kysely, Transaction } from 'kysely';
import type { StreamId } from '../base/brand.ts';
import { Fault, faultCode } from '../base/fault.ts';
import type { Clock } from '../base/ports.ts';
import {
  type EventLog,
  type PositionedEvent,
  type RecordedEvent,
  startOfLog,
} from '../log/event-log.ts';
import { sqlWithin } from '../log/sql-within.ts';
import type { ViewTables } from './tables.ts';

export interface View {
  readonly name: string;
  /** Folds a page of the log, in order, inside the caller's transaction. */
  apply(tx: Transaction<ViewTables>, events: readonly RecordedEvent[]): Promise<void>;
  /** Empties the view's tables. */
  clear(tx: Transaction<ViewTables>): Promise<void>;
}

const checkpointName = 'views';
/** Events folded in one transaction. */
const pageEvents = 1_000;
/** How soon to look again when a commit of this node is not readable yet: another is in flight. */
const againMs = 3;
/** How often to look for what other nodes wrote. */
const idleMs = 1_000;
/** After a fault of the database. */
const faultMs = 1_000;

export type ProjectorOptions = {
  readonly log: EventLog;
  readonly db: Kysely<ViewTables>;
  readonly views: readonly View[];
  readonly clock: Clock;
  /** Told of faults; the projector goes on by itself. */
  readonly onFault: (error: unknown) => void;
};

export class Projector {
  readonly #options: ProjectorOptions;
  /** Per stream, the last event folded; only for streams that changed since the start. */
  readonly #folded = new Map<StreamId, number>();
  /** Per stream, the last event that this node committed and the views haven't folded. */
  readonly #wanted = new Map<StreamId, number>();
  #waiting: {
    stream: StreamId;
    seq: number;
    resolve: () => void;
    reject: (error: Error) => void;
  }[] = [];
  #cancelTimer: (() => void) | null = null;
  #running: Promise<void> | null = null;
  #stopped = false;
  #pages = 0;

  constructor(options: ProjectorOptions) {
    this.#options = options;
  }

  /** Folds everything that is in the log, then keeps folding until `stop`. */
  async start(): Promise<void> {
    while (await this.#page()) {
      // A page at a time until the end.
    }
    this.#arm(idleMs);
  }

  /** Says that a stream reached `seq`: the views follow as soon as the log lets them read it. */
  committed(stream: StreamId, seq: number): void {
    if ((this.#folded.get(stream) ?? 0) >= seq) return;
    this.#wanted.set(stream, seq);
    this.#arm(0);
  }

  /** Resolves when the views contain `stream` up to `seq`; for an answer that shows what was just done. */
  reached(stream: StreamId, seq: number): Promise<void> {
    if (seq === 0 || (this.#folded.get(stream) ?? 0) >= seq) return Promise.resolve();
    if (this.#stopped) return Promise.reject(new Fault('shutting-down', 'the views have stopped'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ stream, seq, resolve, reject });
      this.committed(stream, seq);
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#running;
    for (const { reject } of this.#waiting.splice(0)) {
      reject(new Fault('shutting-down', 'the views have stopped'));
    }
  }

  /** Empties every view and folds the log again from its start. */
  async rebuild(): Promise<void> {
    const { db, views, log } = this.#options;
    await db.transaction().execute(async (tx) => {
      for (const view of views) await view.clear(tx);
      await log.setCheckpoint(checkpointName, startOfLog, { within: sqlWithin(tx) });
    });
    this.#folded.clear();
    while (await this.#page()) {
      // As in `start`.
    }
  }

  dump(): object {
    return {
      pages: this.#pages,
      wanted: Object.fromEntries(this.#wanted),
      waiting: this.#waiting.length,
      stopped: this.#stopped,
    };
  }

  #arm(afterMs: number): void {
    if (this.#stopped || this.#running) return;
    this.#cancelTimer?.();
    const { clock } = this.#options;
    this.#cancelTimer = clock.at(clock.nowMs() + afterMs, () => {
      this.#cancelTimer = null;
      this.#running = this.#catchUp().then((nextMs) => {
        this.#running = null;
        this.#arm(nextMs);
      });
    });
  }

  async #catchUp(): Promise<number> {
    try {
      while (!this.#stopped && (await this.#page())) {
        // Until the log has no more to read.
      }
      return this.#wanted.size > 0 ? againMs : idleMs;
    } catch (error) {
      // Another runner moved the checkpoint: it folded the page, we go on from there.
      if (faultCode(error) === 'checkpoint-moved') return againMs;
      this.#options.onFault(error);
      return faultMs;
    }
  }

  /** Folds one page; true when there may be another. */
  async #page(): Promise<boolean> {
    const { log, db, views } = this.#options;
    const from = await log.checkpoint(checkpointName);
    const { events, position } = await log.readAll(from, pageEvents);
    if (events.length === 0) return false;
    await db.transaction().execute(async (tx) => {
      for (const view of views) await view.apply(tx, events);
      await log.setCheckpoint(checkpointName, position, { expected: from, within: sqlWithin(tx) });
    });
    this.#pages += 1;
    this.#note(events);
    return events.length === pageEvents;
  }

  #note(events: readonly PositionedEvent[]): void {
    for (const { stream, seq } of events) {
      this.#folded.set(stream, seq);
      if ((this.#wanted.get(stream) ?? Number.POSITIVE_INFINITY) <= seq)
        this.#wanted.delete(stream);
    }
    if (this.#waiting.length === 0) return;
    this.#waiting = this.#waiting.filter(({ stream, seq, resolve }) => {
      if ((this.#folded.get(stream) ?? 0) < seq) return true;
      resolve();
      return false;
    });
  }
}
