// The engine: one writer for each stream, the only way in which anything that is an event comes to be.
// Here stand its contract and the register of streams (load, wake, unload, stop); how one stream decides
// and appends is in `stream-writer.ts`, what spans streams in `policy.ts`. The rule it guards: nobody is
// told anything, not even a refusal, before what it rests on is committed.

import { assert } from '../base/assert.ts';
import { type CommandId, idOfStream, isId, type StreamId, typeOfStream } from '../base/brand.ts';
import { Fault } from '../base/fault.ts';
import type { Json } from '../base/json.ts';
import { limits as allLimits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import type { Refusal } from '../base/result.ts';
import type { Actor, Decider } from '../domain/decider.ts';
import type { OrderCommand } from '../domain/order/order.ts';
import type { PromoCodeCommand } from '../domain/order/promo-code.ts';
import type { LimitsCommand } from '../domain/person/limits.ts';
import type { ShowCommand } from '../domain/show/show.ts';
import type { StockCommand } from '../domain/stock/stock.ts';
import type { EventLog, RecordedEvent } from '../log/event-log.ts';
import { StreamWriter, type WriterPorts } from './stream-writer.ts';

/** What a command came to. */
export type Outcome =
  | {
      readonly kind: 'done';
      /** Sequence and hash of the command's last event; of the stream's head when it led to none. */
      readonly seq: number;
      readonly hash: string;
      /** What it led to, in order; empty when all was as wished already. */
      readonly events: readonly RecordedEvent[];
      /** This id was answered before: the first answer again. */
      readonly repeated: boolean;
      /** When it was decided: the stream's time, which never runs backwards. */
      readonly atMs: number;
    }
  | {
      readonly kind: 'refused';
      /** A code of the problem table. */
      readonly reason: string;
      readonly detail?: Refusal['detail'];
      readonly atMs: number;
    };

/** One transaction's events of one stream, in order. */
export interface CommittedBatch {
  readonly stream: StreamId;
  /** Rises whenever a writer takes the stream (again). */
  readonly epoch: number;
  readonly events: readonly RecordedEvent[];
  /** Commands that wait for the stream's writer right now: more is on its way. */
  readonly waiting: number;
}

export interface SendOptions {
  /** Made by whoever wishes, once for each wish; a retry brings the same id and the same command. */
  readonly commandId: CommandId;
  readonly by: Actor;
}

/** The commands of the deciders that the product has. */
export type Command = ShowCommand | StockCommand | OrderCommand | PromoCodeCommand | LimitsCommand;

export interface Engine<C extends { readonly kind: string } = Command> {
  /**
   * Decides a command and answers after commit. Commands to one stream are decided in the order in which
   * `send` was called; those that wait together are appended in one transaction.
   *
   * The same id gets the first answer: for what led to events as long as the log stands, for refusals
   * and for what led to no event as long as the stream's memory goes back (`limits.refusalWindowMax`
   * commands, this process); a refused command that comes again after that is decided anew.
   *
   * Rejects with a `Fault` only, and then nothing was done or (`log-unavailable`) it isn't known: send
   * the same command with the same id again and it is done once.
   * - `busy`: too many commands wait for this stream.
   * - `shutting-down`: the engine stops.
   * - `stream-owned`: another living node writes to this stream; `detail.owner`.
   * - `log-unavailable`, `storage-full`: the log doesn't take it.
   * - `command-id-reused`, `command-id-invalid`: the caller's id. Not to be retried.
   * - `stream-unknown`: no decider has streams of this name. Not to be retried.
   * - `bug`: deciding this command contradicted itself; the stream goes on with the next one.
   */
  send(stream: StreamId, command: C, options: SendOptions): Promise<Outcome>;

  /** Where a stream ends, as its writer knows it; loads it when needed. Nobody wrote to it: 0 and 0. */
  head(stream: StreamId): Promise<{ seq: number; epoch: number }>;

  /**
   * Calls `listener` with everything that this engine commits: synchronously after the commit, in order
   * for each stream, and before the commands of that transaction are answered. So whoever hears "done"
   * can rely on it that the event is on its way to all. A listener must not throw and must not block; a
   * thrown error is counted and swallowed. Returns the end of listening.
   *
   * While a stream stays loaded nothing is left out: what was committed by an append whose answer was
   * lost, or by another node in between, is told when the stream is read again (with a new epoch).
   * Nothing of before the first load is told, and what other nodes do to streams of theirs isn't:
   * readers that must have everything read the log.
   */
  onCommitted(listener: (batch: CommittedBatch) => void): () => void;

  /** Takes no more commands, finishes those that wait, keeps snapshots, and gives the streams free. */
  stop(): Promise<void>;

  /** For the operator: which streams are loaded, how long their mailboxes are, what failed. */
  dump(): Json;
}

/** A decider of whatever state and events; the engine treats both as opaque. */
// biome-ignore lint/suspicious/noExplicitAny: states of different deciders have nothing in common.
export type AnyDecider = Decider<any, any, any>;

/** A line for the operator: one a lifecycle step or a failure, never one a command. */
export interface ReportLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly what: string;
  readonly [figure: string]: unknown;
}

export interface EngineOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  /** This process's name in the log's leases; the same after a restart, so that it takes over from itself. */
  readonly node: string;
  readonly deciders: readonly AnyDecider[];
  readonly report?: (line: ReportLine) => void;
  /** Tighter limits than the product's, for tests. */
  readonly limits?: Partial<EngineLimits>;
}

export type EngineLimits = Readonly<Record<keyof typeof engineLimits, number>>;
const {
  mailboxCommandsMax,
  batchCommandsMax,
  commandWindowMax,
  refusalWindowMax,
  decideAttemptsMax,
  snapshotEveryEvents,
  streamsLoadedMax,
  streamIdleMs,
  nodeLeaseMs,
} = allLimits;
const engineLimits = {
  mailboxCommandsMax,
  batchCommandsMax,
  commandWindowMax,
  refusalWindowMax,
  decideAttemptsMax,
  snapshotEveryEvents,
  streamsLoadedMax,
  streamIdleMs,
  nodeLeaseMs,
};

/** How much of the lease a node relies on: two machines' clocks don't run equally fast. */
const leaseTrusted = 0.8;

/** Snapshots of short streams cost more than the replay that they save. */
const worthSnapshotEvents = 100;

/** Starts at once: renews the node's lease, and wakes the streams whose deadlines have passed. */
export const createEngine = <C extends { readonly kind: string } = Command>(
  options: EngineOptions,
): Engine<C> => {
  const { log, clock, node, report = () => undefined } = options;
  const limits: EngineLimits = { ...engineLimits, ...options.limits };
  const deciders = new Map(options.deciders.map((decider) => [decider.type, decider]));
  assert(deciders.size === options.deciders.length, 'two deciders have one type');
  const writers = new Map<StreamId, StreamWriter>();
  const listeners = new Set<(batch: CommittedBatch) => void>();
  const tickMs = limits.nodeLeaseMs / 3;
  let leaseUntilMs = 0;
  let leaseTerm = 0;
  let listenerFailures = 0;
  let stopping: Promise<void> | null = null;
  let cancelTick: () => void = () => undefined;

  const publish = (batch: CommittedBatch): void => {
    for (const listener of listeners) {
      try {
        listener(batch);
      } catch (error) {
        listenerFailures += 1;
        report({
          level: 'error',
          what: 'listener-failed',
          stream: batch.stream,
          seq: batch.events[0]?.seq,
          error,
        });
      }
    }
  };

  const beat = async (): Promise<void> => {
    // From before the call: however long it takes, the log counts from later on.
    const fromMs = clock.nowMs();
    await log.heartbeat(node, limits.nodeLeaseMs);
    // It ran out before: others may have taken our streams and given them back. Memory is worthless.
    if (!holdsLease()) leaseTerm += 1;
    leaseUntilMs = fromMs + limits.nodeLeaseMs * leaseTrusted;
  };
  let beating: Promise<void> | null = null;
  const holdsLease = (): boolean => clock.nowMs() < leaseUntilMs;

  const ports: WriterPorts = {
    log,
    clock,
    node,
    limits,
    report,
    publish,
    leaseTerm: () => (holdsLease() ? leaseTerm : null),
    async ensureLease() {
      if (!holdsLease()) {
        beating ??= beat().finally(() => {
          beating = null;
        });
        await beating;
      }
      return leaseTerm;
    },
    rested(writer) {
      if (writer.isUntouched && writers.get(writer.stream) === writer)
        writers.delete(writer.stream);
    },
  };

  /** The stream's writer; a `Fault` to reject with when there can't be one. */
  const writerOf = (stream: StreamId): StreamWriter | Fault => {
    const known = writers.get(stream);
    if (known !== undefined) return known;
    const decider = deciders.get(typeOfStream(stream));
    if (decider === undefined || !isId(idOfStream(stream))) {
      return new Fault('stream-unknown', 'no decider has streams of this name', {
        detail: { stream },
      });
    }
    if (writers.size >= limits.streamsLoadedMax) makeRoom();
    if (writers.size >= limits.streamsLoadedMax)
      return new Fault('busy', `${writers.size} streams are at work`);
    const writer = new StreamWriter(stream, decider, ports);
    writers.set(stream, writer);
    return writer;
  };

  const leave = (writer: StreamWriter): void => {
    writers.delete(writer.stream);
    void writer.unload(worthSnapshotEvents);
  };

  /** Unloads the tenth of the streams that rest longest. Their deadlines stand in the log. */
  const makeRoom = (): void => {
    const resting = [...writers.values()].filter((writer) => writer.isResting);
    resting.sort((a, b) => a.lastUsedMs - b.lastUsedMs);
    for (const writer of resting.slice(0, Math.ceil(limits.streamsLoadedMax / 10))) leave(writer);
  };

  const unloadIdle = (): void => {
    const nowMs = clock.nowMs();
    for (const writer of writers.values()) {
      const isIdle = writer.isResting && writer.lastUsedMs <= nowMs - limits.streamIdleMs;
      // What falls due soon would only be loaded again.
      if (isIdle && (writer.dueAtMs ?? Number.POSITIVE_INFINITY) > nowMs + 2 * tickMs)
        leave(writer);
    }
  };

  /** Loads what falls due before the tick after next: its deadline is then armed to the millisecond. */
  const wakeDue = async (): Promise<void> => {
    for (const { stream } of await log.due(clock.nowMs() + 2 * tickMs, limits.batchCommandsMax)) {
      if (stopping !== null) return;
      const writer = deciders.has(typeOfStream(stream)) ? writerOf(stream) : null;
      if (writer instanceof StreamWriter && !writer.isLoaded && writer.waiting === 0)
        writer.enter({ kind: 'deadline' });
    }
  };

  const tick = async (): Promise<void> => {
    try {
      await beat();
      unloadIdle();
      await wakeDue();
    } catch (error) {
      report({ level: 'warn', what: 'heartbeat-failed', node, error });
    }
    if (stopping === null) cancelTick = clock.at(clock.nowMs() + tickMs, () => void tick());
  };
  void tick();

  const stop = async (): Promise<void> => {
    cancelTick();
    await Promise.all([...writers.values()].map((writer) => writer.rest()));
    await Promise.all([...writers.values()].map((writer) => writer.unload(worthSnapshotEvents)));
    writers.clear();
    listeners.clear();
    leaseUntilMs = 0;
    await log
      .heartbeat(node, 0)
      .catch((error: unknown) =>
        report({ level: 'warn', what: 'lease-not-returned', node, error }),
      );
  };

  return {
    send(stream, command, { commandId, by }) {
      if (stopping !== null) return Promise.reject(new Fault('shutting-down', 'the engine stops'));
      if (!isId(commandId))
        return Promise.reject(new Fault('command-id-invalid', 'the command id is not usable'));
      const writer = writerOf(stream);
      if (writer instanceof Fault) return Promise.reject(writer);
      if (writer.waiting >= limits.mailboxCommandsMax) {
        return Promise.reject(
          new Fault('busy', `${writer.waiting} commands wait for ${stream}`, {
            detail: { stream },
          }),
        );
      }
      return new Promise((resolve, reject) => {
        writer.enter({ kind: 'command', command, commandId, by, attempts: 0, resolve, reject });
      });
    },

    head(stream) {
      if (stopping !== null) return Promise.reject(new Fault('shutting-down', 'the engine stops'));
      const writer = writerOf(stream);
      if (writer instanceof Fault) return Promise.reject(writer);
      return new Promise((resolve, reject) => writer.enter({ kind: 'look', resolve, reject }));
    },

    onCommitted(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    stop() {
      stopping ??= stop();
      return stopping;
    },

    dump() {
      return {
        node,
        leaseUntilMs,
        stopping: stopping !== null,
        listenerFailures,
        streams: [...writers.values()].map((writer) => writer.dump()),
      };
    },
  };
};
