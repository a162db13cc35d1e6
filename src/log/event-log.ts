// The contract of the event log: ordered streams with one writer each, appended in batches, hashed in
// a chain, read by stream and across streams. No storage lives here; `memory-log.ts` and
// `postgres-log.ts` are twins that pass the same suite (`event-log.contract.ts`). The rule it guards:
// what an append answered is durable and stays in its place for ever; only personal text may go.

import type { CommandId, StreamId } from '../base/brand.ts';
import type { Json } from '../base/json.ts';

/** What a decider made and nobody has stored yet. */
export interface NewEvent {
  readonly kind: string;
  /**
   * Stays for ever: never put here what a person may ask to have erased. What of a show's data is published
   * says `domain/show/published-form.ts`; the rest is hashed under a salt.
   */
  readonly data: Json;
  /** Text about a person (chat, an address). Stands outside the hashed body under a salted hash of its own. */
  readonly personal?: Json;
}

/** An event in its place, covered by `hash`: open data and time as they are, the rest under salted hashes. */
export interface RecordedEvent extends NewEvent {
  readonly stream: StreamId;
  /** 1 for the first event of the stream, without gaps. */
  readonly seq: number;
  readonly atMs: number;
  /** Who gave the command; null for the system itself. */
  readonly by: string | null;
  readonly commandId: CommandId;
  /** Hex SHA-256 over the salt and `personal`; null when there never was any. Set with no `personal`: erased. */
  readonly personalHash: string | null;
  /** Hex SHA-256 over the hash of the event before and this event's canonical body (`hash-chain.ts`). */
  readonly hash: string;
}

/** What of an event its hash covers, and what is published of it; `dataText` is canonical. */
export interface HashedBody {
  readonly stream: StreamId;
  readonly seq: number;
  readonly atMs: number;
  /** The pseudonym of who gave the command; null for the system. */
  readonly by: string | null;
  readonly kind: string;
  readonly dataText: string;
  readonly hiddenHash: string;
  readonly personalHash: string | null;
}

/** What of an event everybody may read, and all that its hash covers. */
export interface PublishedEvent extends HashedBody {
  readonly hash: string;
}

/** The hidden part of one event: `[commandId, by, withheld]` as canonical JSON, and the salt before it. */
export interface Opening {
  readonly salt: string;
  readonly text: string;
}

/**
 * A place in the log as a whole, for readers across streams: opaque, and comparable only by the log.
 * `startOfLog` stands before the first event.
 */
export type Position = string;
export const startOfLog: Position = '0:0';

/** An event as `readAll` hands it out. */
export interface PositionedEvent extends RecordedEvent {
  readonly position: Position;
}

/** An accepted command with everything it led to; at least one event. */
export interface CommandRecord {
  readonly commandId: CommandId;
  /** Of the command as it came, so that the same id with another body can be told from a retry. */
  readonly bodyHash: string;
  readonly events: readonly NewEvent[];
  readonly atMs: number;
  readonly by: string | null;
}

/** Where a stream ends. A stream that nobody wrote to has version 0 and `genesisHash`. */
export interface StreamHead {
  /** The sequence of the last event. */
  readonly version: number;
  readonly headHash: string;
}

/** The right to write to a stream, until somebody takes it with a higher epoch. */
export interface Lease extends StreamHead {
  readonly stream: StreamId;
  readonly node: string;
  readonly epoch: number;
}

/** One transaction's worth of commands, in the order in which they were decided. */
export interface Append {
  readonly stream: StreamId;
  readonly epoch: number;
  readonly expectedVersion: number;
  /** The hash at `expectedVersion`: from the lease, then from the answer to the append before. */
  readonly headHash: string;
  readonly commands: readonly CommandRecord[];
  /** When the stream waits to be woken (its next deadline); null or left out: it waits for nothing. */
  readonly dueAtMs?: number | null;
}

/** A stream that waits to be woken, as its last append said. */
export interface DueStream {
  readonly stream: StreamId;
  readonly dueAtMs: number;
}

export interface Appended extends StreamHead {
  readonly events: readonly RecordedEvent[];
}

/** Where a command's events stand. */
export interface RecordedCommand {
  readonly commandId: CommandId;
  readonly bodyHash: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** A stream's state at a sequence, so that loading needs only the events after it. A cache: it may be deleted. */
export interface Snapshot {
  readonly seq: number;
  /** The hash of the event at `seq`: a snapshot of another history doesn't fit. */
  readonly hash: string;
  /** Whoever loads it ignores a version that it doesn't know. */
  readonly schemaVersion: number;
  readonly state: Json;
}

/** Which personal text to erase: of certain events, or of everything that one person's commands wrote. */
export type Erasure = { readonly seqs: readonly number[] } | { readonly by: string };

export type Verification =
  | ({ readonly ok: true } & StreamHead)
  | {
      readonly ok: false;
      /** The first event that doesn't fit; `version + 1` when the end is missing. */
      readonly brokenSeq: number;
      readonly reason: 'hash' | 'personal' | 'gap' | 'head';
    };

/** A transaction of the caller's that a checkpoint rides in: a `pg` client, or `sqlWithin(kyselyTransaction)`. */
export interface SqlTransaction {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

/**
 * The log. Everything it throws is a `Fault` with one of these codes (`faultCode(error)`):
 *
 * - `stream-owned`: another living node holds the stream; `detail` has `owner` and `untilMs`.
 * - `epoch-fenced`: a higher epoch was taken; this writer must stop. `detail.epoch`.
 * - `version-conflict`: the stream doesn't end where the batch says; reload. `detail.version`.
 * - `command-recorded`: a command of the batch is in the log already; nothing was written.
 *   `detail.commandIds`.
 * - `checkpoint-moved`: somebody else moved the checkpoint. `detail.position`.
 * - `storage-full`: no room on the disk; nothing was written.
 * - `log-unavailable`: the storage didn't answer. For an append `detail.outcome` is `not-written` or
 *   `unknown`; when unknown, take the stream again (which waits for what is still in flight) and read.
 */
export interface EventLog {
  /**
   * Takes the right to write: the epoch rises by one and every older writer is fenced, also one of the
   * same node (an earlier run of the same program). Waits for an append in flight, so that the head
   * that it answers with is final. Refused with `stream-owned` while another node that holds the
   * stream is alive by its own heartbeat; a node that never sent one, or whose time ran out, is dead.
   * A stream comes into being when it is first taken.
   */
  take(stream: StreamId, node: string): Promise<Lease>;

  /**
   * Says that the node lives for `leaseMs` from now, by the log's own clock; 0 hands over at once what
   * the node holds (a clean stop). Resolves to when the time runs out.
   */
  heartbeat(node: string, leaseMs: number): Promise<{ untilMs: number }>;

  /**
   * Appends all commands of the batch or none, durably, in one transaction. After it resolves the
   * events are there for every reader of the stream. Callers don't overlap appends to one stream.
   */
  append(batch: Append): Promise<Appended>;

  /** Events of one stream from `fromSeq` on, in order, at most `limit`; fewer only at the end. */
  read(stream: StreamId, fromSeq: number, limit: number): Promise<RecordedEvent[]>;

  /** As `read`, but only what is published of each event, as it was hashed and never lifted. */
  readPublished(stream: StreamId, fromSeq: number, limit: number): Promise<PublishedEvent[]>;

  /** What is hidden of one event, for whom it is about; null when there is no such event. */
  opening(stream: StreamId, seq: number): Promise<Opening | null>;

  /** Where the stream ends now. */
  head(stream: StreamId): Promise<StreamHead>;

  /** Which of these commands are in the log: the ids that are missing from the answer are not. */
  recorded(
    stream: StreamId,
    commandIds: readonly CommandId[],
  ): Promise<Map<CommandId, RecordedCommand>>;

  /** The last `limit` commands, oldest first, to fill the writer's window after loading. */
  recentCommands(stream: StreamId, limit: number): Promise<RecordedCommand[]>;

  /** Names of streams that start with `prefix`, in order after `after`, at most `limit`. */
  streams(prefix: string, after: string, limit: number): Promise<StreamId[]>;

  /**
   * Streams whose last append asked to be woken at `untilMs` or earlier, the earliest first, at most
   * `limit`. So that deadlines outlive the process that armed them.
   */
  due(untilMs: number, limit: number): Promise<DueStream[]>;

  /**
   * Events of all streams after a position, at most `limit`, in an order that never changes and keeps
   * each stream's own. Stops before what a transaction in flight may still put in front, so that who
   * goes on from `position` skips nothing; what was appended just now may come a moment later.
   */
  readAll(
    after: Position,
    limit: number,
  ): Promise<{ events: PositionedEvent[]; position: Position }>;

  /** Keeps the newest snapshot of the stream; an older one than is stored is ignored. */
  saveSnapshot(stream: StreamId, snapshot: Snapshot): Promise<void>;
  /** The newest snapshot whose hash fits the chain, or null. */
  loadSnapshot(stream: StreamId): Promise<Snapshot | null>;

  /** Where a policy or a view stands; `startOfLog` when it never moved. */
  checkpoint(policy: string): Promise<Position>;
  /**
   * Moves a checkpoint. With `expected` only from there (else `checkpoint-moved`), so that two runners
   * can't both count the same events. `within` puts it into the caller's own transaction.
   */
  setCheckpoint(
    policy: string,
    position: Position,
    options?: { expected?: Position; within?: SqlTransaction },
  ): Promise<void>;

  /**
   * Erases personal text with its salts, for good, and drops the stream's snapshot, whose state may
   * hold it. The chain stays whole. Resolves to how many events lost their text.
   */
  erasePersonal(stream: StreamId, which: Erasure): Promise<number>;

  /** Recomputes the chain from what is stored, and the hash of what personal text is left. */
  verify(stream: StreamId): Promise<Verification>;

  /** For the operator: what the log holds and does right now. */
  dump(): Promise<Json>;

  close(): Promise<void>;
}

/** All events of a stream from `fromSeq` to where it ends now, page by page. */
export async function* readStream(
  log: Pick<EventLog, 'read'>,
  stream: StreamId,
  fromSeq = 1,
  pageEvents = 1_000,
): AsyncGenerator<RecordedEvent, void, void> {
  for (let from = fromSeq; ; ) {
    const page = await log.read(stream, from, pageEvents);
    yield* page;
    if (page.length < pageEvents) return;
    from += page.length;
  }
}
