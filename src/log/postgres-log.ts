// The event log in PostgreSQL. An append is one call of `append_batch`: one round trip, one transaction,
// acknowledged after its commit is on the disk. Tables and their reasons: `migrations/0001-event-log.sql`.
// The rule it guards: an outcome that isn't known is called unknown, never guessed.

import type pg from 'pg';
import { assert } from '../base/assert.ts';
import type { CommandId, StreamId } from '../base/brand.ts';
import { Fault } from '../base/fault.ts';
import type { Json } from '../base/json.ts';
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
  type SqlTransaction,
  type StreamHead,
  startOfLog,
  type Verification,
} from './event-log.ts';
import { genesisHash, randomSalt, type SealedEvent, sealBatch } from './hash-chain.ts';
import { type Lift, lifter, lifts as productLifts } from './lift.ts';
import {
  checkpointMoved,
  commandRecorded,
  epochFenced,
  logUnavailable,
  storageFull,
  streamOwned,
  versionConflict,
} from './log-faults.ts';
import { dataOf } from './open-part.ts';
import { streamSecrets } from './stream-secrets.ts';
import { chainCheck, openingOf, publishedOf, type StoredBody } from './verify-chain.ts';

export interface PostgresLogOptions {
  /** Migrated, and best one of the log's own: an append shouldn't wait for the queries of others. Not closed by the log. */
  readonly pool: pg.Pool;
  readonly newSalt?: () => string;
  readonly lifts?: readonly Lift[];
}

/** An event's columns as `eventColumns` asks for them. */
interface EventRow {
  stream: StreamId;
  seq: number;
  at_ms: number;
  by: string | null;
  kind: string;
  command_id: CommandId;
  data: string;
  withheld: string | null;
  personal: string | null;
  personal_hash: string | null;
  hash: string;
}

const eventColumns = `stream, seq, at_ms, by, kind, command_id, data, withheld, personal,
  encode(personal_hash, 'hex') as personal_hash, encode(hash, 'hex') as hash`;

const commandColumns = `command_id as "commandId", command_body_hash as "bodyHash", seq as "firstSeq", seq + command_events - 1 as "lastSeq"`;

/** Rows read at once while a chain is verified. */
const verifyPageEvents = 2_000;

/** Opens the log of a migrated database. */
export const openPostgresLog = async (options: PostgresLogOptions): Promise<PostgresLog> => {
  const log = new PostgresLog(options);
  await log.settle();
  return log;
};

export class PostgresLog implements EventLog {
  readonly #pool: pg.Pool;
  readonly #newSalt: () => string;
  /** Of the database itself, made when it was first opened. */
  #key = '';
  readonly #lift: (event: RecordedEvent) => RecordedEvent;
  readonly #figures = { appends: 0, events: 0, faults: 0, unknown: 0 };
  #closed = false;

  constructor(options: PostgresLogOptions) {
    this.#pool = options.pool;
    this.#newSalt = options.newSalt ?? randomSalt;
    this.#lift = lifter(options.lifts ?? productLifts);
  }

  /** Lets new events sort behind those of a restored dump, and learns the log's key. */
  async settle(): Promise<void> {
    const rows = await this.#query<{ key: string }>('select settle_log_base($1) as key', [
      randomSalt() + randomSalt(),
    ]);
    this.#key = rows[0]!.key;
  }

  async take(stream: StreamId, node: string): Promise<Lease> {
    const taken = await this.#query<{ epoch: number; version: number; head_hash: string }>(
      `insert into streams (stream, epoch, owner) values ($1, 1, $2)
       on conflict (stream) do update set epoch = streams.epoch + 1, owner = excluded.owner
         where streams.owner is null or streams.owner = excluded.owner or not exists (
           select from nodes where node = streams.owner and until_ms > extract(epoch from clock_timestamp()) * 1000
         )
       returning epoch, version, encode(head_hash, 'hex') as head_hash`,
      [stream, node],
    );
    const row = taken[0];
    if (row !== undefined)
      return { stream, node, epoch: row.epoch, version: row.version, headHash: row.head_hash };
    const owners = await this.#query<{ owner: string; until_ms: number | null }>(
      'select owner, until_ms from streams left join nodes on node = owner where stream = $1',
      [stream],
    );
    throw streamOwned(stream, owners[0]?.owner ?? '', owners[0]?.until_ms ?? 0);
  }

  async heartbeat(node: string, leaseMs: number): Promise<{ untilMs: number }> {
    assert(leaseMs >= 0, 'a lease is not negative');
    const rows = await this.#query<{ until_ms: number }>(
      `insert into nodes (node, until_ms) values ($1, floor(extract(epoch from clock_timestamp()) * 1000)::bigint + $2::bigint)
       on conflict (node) do update set until_ms = excluded.until_ms returning until_ms`,
      [node, Math.round(leaseMs)],
    );
    return { untilMs: rows[0]!.until_ms };
  }

  async append(batch: Append): Promise<Appended> {
    this.#ready();
    const client = await this.#connect();
    let broken: Error | undefined;
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on('error', onError);
    try {
      return await this.appendWithin(client, batch);
    } catch (error) {
      this.#figures.faults += 1;
      if (error instanceof Fault || isBug(error)) throw error;
      if (sqlState(error) === '23505') throw await this.#repeated(batch, error);
      const fault = appendFault(error);
      if (fault.detail.outcome === 'unknown') {
        this.#figures.unknown += 1;
        broken = error as Error;
      }
      throw fault;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  /**
   * Appends inside a transaction of the caller's: written only when that commits. The transaction must
   * have begun after every append to the stream that it builds on was acknowledged.
   */
  async appendWithin(transaction: pg.ClientBase, batch: Append): Promise<Appended> {
    assert(this.#key !== '', 'a log is opened by openPostgresLog');
    const sealed = sealBatch(batch, this.#key, this.#newSalt);
    const last = sealed.at(-1)!.event;
    const { rows } = await transaction.query<{ refused: string | null }>({
      name: 'append-batch',
      text: 'select append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) as refused',
      values: [
        batch.stream,
        batch.epoch,
        batch.expectedVersion,
        batch.headHash,
        last.hash,
        sealed.length,
        batch.dueAtMs ?? null,
        ...columnsOf(batch, sealed),
      ],
    });
    const refused = rows[0]?.refused ?? null;
    if (refused !== null) {
      const [what, number] = refused.split(' ');
      throw what === 'epoch'
        ? epochFenced(batch.stream, Number(number))
        : versionConflict(batch.stream, Number(number));
    }
    this.#figures.appends += 1;
    this.#figures.events += sealed.length;
    return { events: sealed.map(({ event }) => event), version: last.seq, headHash: last.hash };
  }

  async read(stream: StreamId, fromSeq: number, limit: number): Promise<RecordedEvent[]> {
    assert(fromSeq >= 1 && limit >= 1, 'reading starts at 1 and reads something');
    const rows = await this.#query<EventRow>(
      `select ${eventColumns} from events where stream = $1 and seq >= $2 order by seq limit $3`,
      [stream, fromSeq, limit],
    );
    return rows.map((row) => this.#lift(eventOf(row)));
  }

  async readPublished(stream: StreamId, fromSeq: number, limit: number): Promise<PublishedEvent[]> {
    assert(fromSeq >= 1 && limit >= 1, 'reading starts at 1 and reads something');
    const secrets = streamSecrets(this.#key, stream);
    const rows = await this.#stored(stream, fromSeq, limit);
    return rows.map((row) => publishedOf(secrets, row));
  }

  async opening(stream: StreamId, seq: number): Promise<Opening | null> {
    const [row] = await this.#stored(stream, seq, 1);
    return row?.seq === seq ? openingOf(streamSecrets(this.#key, stream), row) : null;
  }

  async head(stream: StreamId): Promise<StreamHead> {
    const rows = await this.#query<{ version: number; headHash: string }>(
      `select version, encode(head_hash, 'hex') as "headHash" from streams where stream = $1`,
      [stream],
    );
    return rows[0] ?? { version: 0, headHash: genesisHash };
  }

  async recorded(
    stream: StreamId,
    commandIds: readonly CommandId[],
  ): Promise<Map<CommandId, RecordedCommand>> {
    if (commandIds.length === 0) return new Map();
    const rows = await this.#query<RecordedCommand>(
      `select ${commandColumns} from events where stream = $1 and command_id = any($2) and command_events is not null`,
      [stream, commandIds],
    );
    return new Map(rows.map((command) => [command.commandId, command]));
  }

  async recentCommands(stream: StreamId, limit: number): Promise<RecordedCommand[]> {
    const rows = await this.#query<RecordedCommand>(
      `select ${commandColumns} from events where stream = $1 and command_events is not null order by seq desc limit $2`,
      [stream, limit],
    );
    return rows.reverse();
  }

  async streams(prefix: string, after: string, limit: number): Promise<StreamId[]> {
    const rows = await this.#query<{ stream: StreamId }>(
      'select stream from streams where starts_with(stream, $1) and stream > $2 order by stream limit $3',
      [prefix, after, limit],
    );
    return rows.map(({ stream }) => stream);
  }

  async due(untilMs: number, limit: number): Promise<DueStream[]> {
    return this.#query<DueStream & pg.QueryResultRow>(
      'select stream, due_at_ms as "dueAtMs" from streams where due_at_ms <= $1 order by due_at_ms, stream limit $2',
      [untilMs, limit],
    );
  }

  async readAll(
    after: Position,
    limit: number,
  ): Promise<{ events: PositionedEvent[]; position: Position }> {
    const [txn, place] = parsePosition(after);
    // Every transaction below the snapshot's xmin has ended; one at or above it may still commit
    // events that sort before what is visible now.
    const rows = await this.#query<EventRow & { txn: number; place: number }>(
      `select ${eventColumns}, txn, place from events
        where (txn, place) > ($1::bigint, $2::bigint)
          and txn < (select base from log_base) + pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        order by txn, place limit $3`,
      [txn, place, limit],
    );
    const events = rows.map((row) => ({
      ...this.#lift(eventOf(row)),
      position: `${row.txn}:${row.place}`,
    }));
    return { events, position: events.at(-1)?.position ?? after };
  }

  async saveSnapshot(
    stream: StreamId,
    { seq, hash, schemaVersion, state }: Snapshot,
  ): Promise<void> {
    await this.#query(
      `insert into snapshots (stream, seq, hash, schema_version, state) values ($1, $2, decode($3, 'hex'), $4, $5)
       on conflict (stream) do update
         set seq = excluded.seq, hash = excluded.hash, schema_version = excluded.schema_version, state = excluded.state
         where snapshots.seq <= excluded.seq`,
      [stream, seq, hash, schemaVersion, canonicalJson(state)],
    );
  }

  async loadSnapshot(stream: StreamId): Promise<Snapshot | null> {
    const rows = await this.#query<{
      seq: number;
      hash: string;
      schema_version: number;
      state: string;
    }>(
      `select seq, encode(hash, 'hex') as hash, schema_version, state
         from snapshots join events using (stream, seq, hash) where stream = $1`,
      [stream],
    );
    const row = rows[0];
    if (row === undefined) return null;
    return {
      seq: row.seq,
      hash: row.hash,
      schemaVersion: row.schema_version,
      state: JSON.parse(row.state) as Json,
    };
  }

  async checkpoint(policy: string): Promise<Position> {
    const rows = await this.#query<{ position: Position }>(
      'select position from checkpoints where policy = $1',
      [policy],
    );
    return rows[0]?.position ?? startOfLog;
  }

  async setCheckpoint(
    policy: string,
    position: Position,
    options: { expected?: Position; within?: SqlTransaction } = {},
  ): Promise<void> {
    parsePosition(position);
    const { expected, within } = options;
    // `expected` at the start may mean that there is no row yet; any other must be there.
    const statement = `insert into checkpoints (policy, position)
      select $1::text, $2::text where $3::text is null or $3 = '${startOfLog}' or exists (select from checkpoints where policy = $1)
      on conflict (policy) do update set position = excluded.position
        where $3::text is null or checkpoints.position = $3
      returning position`;
    const values = [policy, position, expected ?? null];
    const rows =
      within === undefined
        ? await this.#query(statement, values)
        : (await within.query(statement, values)).rows;
    if (rows.length === 0) throw checkpointMoved(policy, await this.checkpoint(policy));
  }

  async erasePersonal(stream: StreamId, which: Erasure): Promise<number> {
    const bySeq = 'seqs' in which;
    const rows = await this.#query<{ erased: number }>(
      `with erased as (
         update events set personal = null, salt = null
          where stream = $1 and personal is not null and ${bySeq ? 'seq = any($2::bigint[])' : 'by = $2'} returning 1
       ), dropped as (
         delete from snapshots where stream = $1
       )
       select count(*) as erased from erased`,
      [stream, bySeq ? which.seqs : which.by],
    );
    return rows[0]!.erased;
  }

  async verify(stream: StreamId): Promise<Verification> {
    const head = await this.head(stream);
    assert(this.#key !== '', 'a log is opened by openPostgresLog');
    const check = chainCheck(this.#key, stream);
    for (let from = 1; ; from += verifyPageEvents) {
      const count = Math.min(verifyPageEvents, head.version - from + 1);
      const rows = count < 1 ? [] : await this.#stored(stream, from, count);
      const whole = rows.every((row) => check.next(row));
      if (!whole || rows.length < verifyPageEvents) return check.end(head);
    }
  }

  /** Events as they are stored, `limit` from `fromSeq` on. */
  async #stored(stream: StreamId, fromSeq: number, limit: number): Promise<StoredBody[]> {
    const rows = await this.#query<EventRow & { salt: string | null }>(
      `select ${eventColumns}, encode(salt, 'hex') as salt from events where stream = $1 and seq >= $2 order by seq limit $3`,
      [stream, fromSeq, limit],
    );
    return rows.map((row) => ({
      stream,
      seq: row.seq,
      atMs: row.at_ms,
      by: row.by,
      kind: row.kind,
      commandId: row.command_id,
      hash: row.hash,
      dataText: row.data,
      withheldText: row.withheld,
      personalText: row.personal,
      personalHash: row.personal_hash,
      salt: row.salt,
    }));
  }

  async dump(): Promise<Json> {
    const rows = await this.#query<{ [column: string]: Json }>(
      `select (select count(*) from streams) as streams,
              (select coalesce(sum(version), 0)::bigint from streams) as events,
              pg_total_relation_size('events')::bigint as bytes,
              (select coalesce(json_object_agg(policy, position), '{}') from checkpoints) as checkpoints,
              (select coalesce(json_object_agg(node, until_ms), '{}') from nodes) as nodes`,
      [],
    );
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return {
      kind: 'postgres',
      ...rows[0],
      pool: { totalCount, idleCount, waitingCount },
      since: { ...this.#figures },
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #ready(): void {
    if (this.#closed) throw logUnavailable('not-written', new Error('the log is closed'));
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw logUnavailable('not-written', error);
    }
  }

  /** Any statement but an append. */
  async #query<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    this.#ready();
    try {
      return (await this.#pool.query<Row>(text, values)).rows;
    } catch (error) {
      if (sqlState(error) === '53100') throw storageFull(error);
      throw logUnavailable('unknown', error);
    }
  }

  async #repeated(batch: Append, cause: unknown): Promise<Fault> {
    const ids = batch.commands.map(({ commandId }) => commandId);
    const recorded = await this.recorded(batch.stream, ids);
    const repeated = ids.filter((id, i) => recorded.has(id) || ids.indexOf(id) !== i);
    return repeated.length > 0
      ? commandRecorded(batch.stream, repeated)
      : logUnavailable('not-written', cause);
  }
}

/** The batch as `append_batch` takes it: a text for each column, a line for each event. */
const columnsOf = (batch: Append, sealed: readonly SealedEvent[]): string[] => {
  const bodyHashes: string[] = [];
  const sizes: string[] = [];
  for (const { bodyHash, events } of batch.commands) {
    for (let nth = 0; nth < events.length; nth++) {
      bodyHashes.push(nth === 0 ? bodyHash : '');
      sizes.push(nth === 0 ? String(events.length) : '');
    }
  }
  const column = (cell: (event: SealedEvent) => string | number | null): string =>
    sealed.map((event) => cell(event) ?? '').join('\n');
  return [
    column(({ event }) => event.atMs),
    column(({ event }) => event.by),
    column(({ event }) => event.kind),
    column(({ event }) => event.commandId),
    bodyHashes.join('\n'),
    sizes.join('\n'),
    column(({ dataText }) => dataText),
    column(({ withheldText }) => withheldText),
    column(({ event }) => event.hash),
    column(({ personalText }) => personalText),
    column(({ event }) => event.personalHash),
    column(({ salt }) => salt),
  ];
};

const eventOf = (row: EventRow): RecordedEvent => {
  const event = {
    stream: row.stream,
    seq: row.seq,
    atMs: row.at_ms,
    by: row.by,
    kind: row.kind,
    commandId: row.command_id,
    personalHash: row.personal_hash,
    hash: row.hash,
    data: dataOf(row.data, row.withheld),
  };
  return row.personal === null ? event : { ...event, personal: JSON.parse(row.personal) as Json };
};

const parsePosition = (position: Position): [txn: string, place: string] => {
  const match = /^(\d+):(\d+)$/.exec(position);
  assert(match !== null, `${position} is no position in the log`);
  return [match[1]!, match[2]!];
};

const isBug = (error: unknown): boolean => (error as { code?: unknown }).code === 'bug';

/** The five letters of an answer of the server's; undefined when the connection itself failed. */
const sqlState = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && 'severity' in (error as object)
    ? code
    : undefined;
};

/** Told by the server that the statement failed: not written. Told nothing, or that it is going down: unknown. */
const appendFault = (error: unknown): Fault => {
  const state = sqlState(error);
  if (state === '53100') return storageFull(error);
  return logUnavailable(
    state === undefined || /^(57P|08|XX)/.test(state) ? 'unknown' : 'not-written',
    error,
  );
};
