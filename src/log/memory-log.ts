// The event log in memory: the twin that unit tests and the simulator run on. Same answers and faults as
// PostgreSQL, also between the steps: an append holds its stream until its transaction ends, and readers
// across streams wait for what is in flight. Nothing outlives the process.

import { assert } from '../base/assert.ts';
import type { CommandId, StreamId } from '../base/brand.ts';
import { Fault } from '../base/fault.ts';
import type { Json } from '../base/json.ts';
import { type Clock, systemClock } from '../base/ports.ts';
import { canonicalJson } from './canonical-json.ts';
import {
  type Append,
  type Appended,
  type DueStream,
  type Erasure,
  type EventLog,
  type Lease,
  type Opening,
  type Position,
  type PositionedEvent,
  type PublishedEvent,
  type RecordedCommand,
  type RecordedEvent,
  type Snapshot,
  type StreamHead,
  startOfLog,
  type Verification,
} from './event-log.ts';
import { genesisHash, randomSalt, sealBatch } from './hash-chain.ts';
import { type Lift, lifter, lifts as productLifts } from './lift.ts';
import {
  checkpointMoved,
  commandRecorded,
  epochFenced,
  logUnavailable,
  streamOwned,
  versionConflict,
} from './log-faults.ts';
import { dataOf } from './open-part.ts';
import { streamSecrets } from './stream-secrets.ts';
import { chainCheck, openingOf, publishedOf, type StoredBody, storedOf } from './verify-chain.ts';

/** What a transaction is about, for a disk that decides its fate. */
export interface DiskWrite {
  readonly what: 'append' | 'take' | 'snapshot' | 'checkpoint' | 'erase' | 'heartbeat';
  /** The stream, the policy or the node. */
  readonly of: string;
  readonly events: number;
}

/** Ends a transaction: exactly one of the two, exactly once. */
export interface DiskTransaction {
  /** Makes it durable and visible. */
  commit(): void;
  /** As if it had never been. */
  abort(): void;
}

/**
 * The disk (and the connection to it) as the simulator plays it. To fail before the write: abort, then
 * reject. After it, so that the outcome is unknown: commit, then reject. To lose the connection while
 * the storage still works on it: reject, and commit or abort later. Every transaction must be ended,
 * also in a crash; until then its stream stays locked.
 */
export interface LogDisk {
  write(write: DiskWrite, transaction: DiskTransaction): Promise<void>;
  /** Reject to let a read fail. */
  read?(what: string): Promise<void>;
}

interface StoredEvent extends StoredBody {
  readonly commandId: CommandId;
  readonly transaction: number;
  readonly place: number;
}

interface Stream {
  epoch: number;
  owner: string | null;
  rows: StoredEvent[];
  /** Stands on its own, as in PostgreSQL: a missing last row is found by it. */
  head: StreamHead;
  dueAtMs: number | null;
  commands: Map<CommandId, RecordedCommand>;
  snapshot: { text: string; seq: number } | null;
  /** Resolves when the transactions that hold or wait for the stream are over. */
  lock: Promise<void>;
}

export interface MemoryLogOptions {
  readonly clock?: Clock;
  readonly disk?: LogDisk;
  /** The salts of personal text; give a seeded one for a run that can be repeated. */
  readonly newSalt?: () => string;
  /** Pseudonyms and salts of hidden parts come from it; give a known one for a run that can be repeated. */
  readonly key?: string;
  readonly lifts?: readonly Lift[];
}

export class MemoryLog implements EventLog {
  readonly #clock: Clock;
  readonly #disk: LogDisk | undefined;
  readonly #newSalt: () => string;
  readonly #key: string;
  readonly #lift: (event: RecordedEvent) => RecordedEvent;
  readonly #streams = new Map<string, Stream>();
  readonly #nodes = new Map<string, number>();
  readonly #checkpoints = new Map<string, Position>();
  /** Every event by (transaction, place). */
  readonly #all: StoredEvent[] = [];
  readonly #inFlight = new Set<number>();
  #transactions = 0;
  #places = 0;
  #closed = false;

  constructor(options: MemoryLogOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#disk = options.disk;
    this.#newSalt = options.newSalt ?? randomSalt;
    this.#key = options.key ?? randomSalt();
    this.#lift = lifter(options.lifts ?? productLifts);
  }

  async take(stream: StreamId, node: string): Promise<Lease> {
    let lease: Lease | undefined;
    await this.#write('take', stream, 0, this.#stream(stream), (held) => {
      const untilMs = held.owner === null ? 0 : (this.#nodes.get(held.owner) ?? 0);
      if (held.owner !== null && held.owner !== node && untilMs > this.#clock.nowMs())
        throw streamOwned(stream, held.owner, untilMs);
      return () => {
        held.owner = node;
        held.epoch += 1;
        lease = { stream, node, epoch: held.epoch, ...held.head };
      };
    });
    assert(lease !== undefined, 'a take that went through has a lease');
    return lease;
  }

  async heartbeat(node: string, leaseMs: number): Promise<{ untilMs: number }> {
    assert(leaseMs >= 0, 'a lease is not negative');
    let untilMs = 0;
    await this.#write('heartbeat', node, 0, null, () => () => {
      untilMs = this.#clock.nowMs() + leaseMs;
      this.#nodes.set(node, untilMs);
    });
    return { untilMs };
  }

  async append(batch: Append): Promise<Appended> {
    const sealed = sealBatch(batch, this.#key, this.#newSalt);
    const { stream, epoch, expectedVersion, headHash, commands } = batch;
    await this.#write(
      'append',
      stream,
      sealed.length,
      this.#stream(stream),
      (held, transaction) => {
        const { head } = held;
        if (held.epoch !== epoch) throw epochFenced(stream, held.epoch);
        if (head.version !== expectedVersion || head.headHash !== headHash)
          throw versionConflict(stream, head.version);
        const repeated = repeatedIds(held, batch);
        if (repeated.length > 0) throw commandRecorded(stream, repeated);
        return () => {
          let seq = expectedVersion;
          for (const { commandId, bodyHash, events } of commands) {
            held.commands.set(commandId, {
              commandId,
              bodyHash,
              firstSeq: seq + 1,
              lastSeq: seq + events.length,
            });
            seq += events.length;
          }
          const rows = sealed.map(
            (one): StoredEvent => ({ ...storedOf(one), transaction, place: ++this.#places }),
          );
          held.rows.push(...rows);
          held.head = { version: seq, headHash: rows.at(-1)!.hash };
          held.dueAtMs = batch.dueAtMs ?? null;
          this.#all.splice(this.#indexAfter(transaction, Number.MAX_SAFE_INTEGER), 0, ...rows);
        };
      },
    );
    const last = sealed.at(-1)!.event;
    return { events: sealed.map(({ event }) => event), version: last.seq, headHash: last.hash };
  }

  async read(stream: StreamId, fromSeq: number, limit: number): Promise<RecordedEvent[]> {
    assert(fromSeq >= 1 && limit >= 1, 'reading starts at 1 and reads something');
    await this.#reading('read');
    const rows = this.#streams.get(stream)?.rows ?? [];
    return rows.slice(fromSeq - 1, fromSeq - 1 + limit).map((row) => this.#lift(eventOf(row)));
  }

  async readPublished(stream: StreamId, fromSeq: number, limit: number): Promise<PublishedEvent[]> {
    assert(fromSeq >= 1 && limit >= 1, 'reading starts at 1 and reads something');
    await this.#reading('readPublished');
    const secrets = streamSecrets(this.#key, stream);
    const rows = this.#streams.get(stream)?.rows ?? [];
    return rows.slice(fromSeq - 1, fromSeq - 1 + limit).map((row) => publishedOf(secrets, row));
  }

  async opening(stream: StreamId, seq: number): Promise<Opening | null> {
    await this.#reading('opening');
    const row = this.#streams.get(stream)?.rows[seq - 1];
    return row === undefined ? null : openingOf(streamSecrets(this.#key, stream), row);
  }

  async head(stream: StreamId): Promise<StreamHead> {
    await this.#reading('head');
    return this.#streams.get(stream)?.head ?? emptyHead;
  }

  async recorded(
    stream: StreamId,
    commandIds: readonly CommandId[],
  ): Promise<Map<CommandId, RecordedCommand>> {
    await this.#reading('recorded');
    const commands = this.#streams.get(stream)?.commands;
    return new Map(
      commandIds.flatMap((id) => {
        const command = commands?.get(id);
        return command === undefined ? [] : [[id, command]];
      }),
    );
  }

  async recentCommands(stream: StreamId, limit: number): Promise<RecordedCommand[]> {
    await this.#reading('recentCommands');
    return limit === 0
      ? []
      : [...(this.#streams.get(stream)?.commands.values() ?? [])].slice(-limit);
  }

  async streams(prefix: string, after: string, limit: number): Promise<StreamId[]> {
    await this.#reading('streams');
    const names = [...this.#streams.keys()].filter(
      (name) => name.startsWith(prefix) && name > after,
    );
    return names.sort().slice(0, limit) as StreamId[];
  }

  async due(untilMs: number, limit: number): Promise<DueStream[]> {
    await this.#reading('due');
    return [...this.#streams]
      .flatMap(([stream, { dueAtMs }]) =>
        dueAtMs !== null && dueAtMs <= untilMs ? [{ stream: stream as StreamId, dueAtMs }] : [],
      )
      .sort((a, b) => a.dueAtMs - b.dueAtMs)
      .slice(0, limit);
  }

  async readAll(
    after: Position,
    limit: number,
  ): Promise<{ events: PositionedEvent[]; position: Position }> {
    await this.#reading('readAll');
    const [transaction, place] = parsePosition(after);
    // Sets keep their order and transactions begin in order: the first is the oldest.
    const oldest = this.#inFlight.values().next().value ?? Number.MAX_SAFE_INTEGER;
    const events: PositionedEvent[] = [];
    for (
      let i = this.#indexAfter(transaction, place);
      i < this.#all.length && events.length < limit;
      i++
    ) {
      const row = this.#all[i]!;
      if (row.transaction >= oldest) break;
      events.push({ ...this.#lift(eventOf(row)), position: `${row.transaction}:${row.place}` });
    }
    return { events, position: events.at(-1)?.position ?? after };
  }

  async saveSnapshot(stream: StreamId, snapshot: Snapshot): Promise<void> {
    await this.#write('snapshot', stream, 0, this.#stream(stream), (held) => {
      const text = canonicalJson({ ...snapshot });
      return () => {
        if (held.snapshot === null || held.snapshot.seq <= snapshot.seq)
          held.snapshot = { text, seq: snapshot.seq };
      };
    });
  }

  async loadSnapshot(stream: StreamId): Promise<Snapshot | null> {
    await this.#reading('loadSnapshot');
    const held = this.#streams.get(stream);
    if (!held?.snapshot) return null;
    const snapshot = JSON.parse(held.snapshot.text) as Snapshot;
    return held.rows[snapshot.seq - 1]?.hash === snapshot.hash ? snapshot : null;
  }

  async checkpoint(policy: string): Promise<Position> {
    await this.#reading('checkpoint');
    return this.#checkpoints.get(policy) ?? startOfLog;
  }

  async setCheckpoint(
    policy: string,
    position: Position,
    options: { expected?: Position } = {},
  ): Promise<void> {
    parsePosition(position);
    await this.#write('checkpoint', policy, 0, null, () => {
      const now = this.#checkpoints.get(policy) ?? startOfLog;
      if (options.expected !== undefined && options.expected !== now)
        throw checkpointMoved(policy, now);
      return () => void this.#checkpoints.set(policy, position);
    });
  }

  async erasePersonal(stream: StreamId, which: Erasure): Promise<number> {
    let erased = 0;
    await this.#write('erase', stream, 0, this.#stream(stream), (held) => () => {
      const seqs = 'seqs' in which ? new Set(which.seqs) : null;
      for (const row of held.rows) {
        if (
          row.personalText === null ||
          !(seqs === null ? 'by' in which && row.by === which.by : seqs.has(row.seq))
        )
          continue;
        Object.assign(row, { personalText: null, salt: null });
        erased += 1;
      }
      held.snapshot = null;
    });
    return erased;
  }

  async verify(stream: StreamId): Promise<Verification> {
    await this.#reading('verify');
    const check = chainCheck(this.#key, stream);
    const held = this.#streams.get(stream);
    (held?.rows ?? []).every((row) => check.next(row));
    return check.end(held?.head ?? emptyHead);
  }

  /** The rows themselves, for a test that changes what is stored behind the log's back. */
  storedRows(stream: StreamId): StoredBody[] {
    return this.#streams.get(stream)?.rows ?? [];
  }

  async dump(): Promise<Json> {
    return {
      kind: 'memory',
      events: this.#all.length,
      inFlight: this.#inFlight.size,
      streams: [...this.#streams].map(([stream, { epoch, owner, head }]) => ({
        stream,
        epoch,
        owner,
        version: head.version,
      })),
      checkpoints: Object.fromEntries(this.#checkpoints),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #stream(stream: StreamId): Stream {
    let held = this.#streams.get(stream);
    if (held === undefined) {
      held = {
        epoch: 0,
        owner: null,
        rows: [],
        head: emptyHead,
        dueAtMs: null,
        commands: new Map(),
        snapshot: null,
        lock: Promise.resolve(),
      };
      this.#streams.set(stream, held);
    }
    return held;
  }

  #ready(): void {
    if (this.#closed) throw logUnavailable('not-written', new Error('the log is closed'));
  }

  async #reading(what: string): Promise<void> {
    this.#ready();
    if (this.#disk?.read === undefined) return;
    try {
      await this.#disk.read(what);
    } catch (error) {
      throw error instanceof Fault ? error : logUnavailable('not-written', error);
    }
  }

  /**
   * One transaction. `check` runs once the stream is held and throws a fault or returns what to do at
   * commit. The disk says when, and what the caller hears of it.
   */
  async #write<Held extends Stream | null>(
    what: DiskWrite['what'],
    of: string,
    events: number,
    held: Held,
    check: (held: Held, transaction: number) => () => void,
  ): Promise<void> {
    this.#ready();
    const transaction = ++this.#transactions;
    this.#inFlight.add(transaction);
    const before = held?.lock;
    const over = Promise.withResolvers<void>();
    if (held !== null) held.lock = over.promise;
    await before;

    let ended = false;
    const end = (apply?: () => void) => {
      assert(!ended, `the transaction of ${what} ${of} ended twice`);
      ended = true;
      apply?.();
      this.#inFlight.delete(transaction);
      over.resolve();
    };

    let apply: () => void;
    try {
      apply = check(held, transaction);
    } catch (error) {
      end();
      throw error;
    }
    if (this.#disk === undefined) return end(apply);
    try {
      await this.#disk.write(
        { what, of, events },
        { commit: () => end(apply), abort: () => end() },
      );
    } catch (error) {
      throw error instanceof Fault ? error : logUnavailable('unknown', error);
    }
    assert(ended, `the disk acknowledged ${what} ${of} before it ended the transaction`);
  }

  /** Index in `#all` of the first event after (transaction, place). */
  #indexAfter(transaction: number, place: number): number {
    let low = 0;
    let high = this.#all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = this.#all[middle]!;
      if (row.transaction < transaction || (row.transaction === transaction && row.place <= place))
        low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const emptyHead: StreamHead = { version: 0, headHash: genesisHash };

const repeatedIds = (held: Stream, batch: Append): CommandId[] => {
  const seen = new Set<CommandId>();
  return batch.commands.flatMap(({ commandId }) => {
    if (held.commands.has(commandId) || seen.has(commandId)) return [commandId];
    seen.add(commandId);
    return [];
  });
};

const eventOf = (row: StoredEvent): RecordedEvent => {
  const { stream, seq, atMs, by, kind, commandId, personalHash, hash, withheldText } = row;
  const event = {
    stream,
    seq,
    atMs,
    by,
    kind,
    commandId,
    personalHash,
    hash,
    data: dataOf(row.dataText, withheldText),
  };
  return row.personalText === null
    ? event
    : { ...event, personal: JSON.parse(row.personalText) as Json };
};

const parsePosition = (position: Position): [transaction: number, place: number] => {
  const match = /^(\d+):(\d+)$/.exec(position);
  assert(match !== null, `${position} is no position in the log`);
  return [Number(match[1]), Number(match[2])];
};
