// The engine: one writer for each stream, the only way in which anything that is an event comes to be.
// Here stands the register of streams (load, wake, unload, stop); what it promises is in `contract.ts`, how one
// stream decides and appends in `stream-writer.ts`, what spans streams in `policy.ts`. The rule it guards: nobody
// is told anything, not even a refusal, before what it rests on is committed.

import { assert } from '../base/assert.ts';
import { idOfStream, isId, type StreamId, typeOfStream } from '../base/brand.ts';
import { Fault } from '../base/fault.ts';
import { limits as allLimits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import type { EventLog } from '../log/event-log.ts';
import type {
  AnyDecider,
  Command,
  CommittedBatch,
  Engine,
  EngineLimits,
  ReportLine,
} from './contract.ts';
import { StreamWriter, type WriterPorts } from './stream-writer.ts';

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

/** How much of the lease a node relies on: two machines' clocks don't run equally fast. */
const leaseTrusted = 0.8;

/** Snapshots of short streams cost more than the replay that they save. */
const worthSnapshotEvents = 100;

/** Starts at once: renews the node's lease, and wakes the streams whose deadlines have passed. */
export const createEngine = <C extends { readonly kind: string } = Command>(
  options: EngineOptions,
): Engine<C> => {
  const { log, clock, node, report = () => undefined } = options;
  const limits: EngineLimits = { ...allLimits, ...options.limits };
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
