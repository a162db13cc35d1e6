// What the contract suite of the event log works on: a log with what only its storage can do to itself,
// and the few commands and batches that all its tests share.

import type { CommandId, StreamId } from '../../base/brand.ts';
import { Fault } from '../../base/fault.ts';
import {
  type Append,
  type Appended,
  type CommandRecord,
  type EventLog,
  type Lease,
  type PositionedEvent,
  type StreamHead,
  startOfLog,
} from '../event-log.ts';

/** What can be changed of a stored event behind the log's back. */
export const storedFields = [
  'kind',
  'by',
  'commandId',
  'dataText',
  'withheldText',
  'personalText',
  'salt',
  'personalHash',
  'hash',
  'atMs',
] as const;
export type StoredField = (typeof storedFields)[number];

export interface LogUnderTest {
  readonly log: EventLog;
  /** The same storage as another process sees it. */
  readonly other: EventLog;
  /** Changes one character (of a time, one millisecond) of what is stored. */
  tamper(stream: StreamId, seq: number, field: StoredField): Promise<void>;
  /** Takes an event out, leaving all others as they are. */
  remove(stream: StreamId, seq: number): Promise<void>;
  /** Brings an append to where only the commit is missing. */
  hold(batch: Append): Promise<{ commit(): Promise<void>; abort(): Promise<void> }>;
  /** An append on `log` that loses its connection before the storage commits it, or after. */
  lose(batch: Append, when: 'before' | 'after'): Promise<Appended>;
  close(): Promise<void>;
}

export const show = 'show-rialto' as StreamId;
export const stock = 'stock-ring' as StreamId;
export const atMs = Date.UTC(2026, 10, 24, 18, 0, 0);

export const command = (id: string, ...events: CommandRecord['events']): CommandRecord => ({
  commandId: id as CommandId,
  bodyHash: `body of ${id}`,
  atMs,
  by: 'ada',
  events: events.length > 0 ? events : [{ kind: 'Said', data: { line: id } }],
});

export const batchAt = (
  lease: Lease | Append,
  head: StreamHead,
  ...commands: CommandRecord[]
): Append => ({
  stream: lease.stream,
  epoch: lease.epoch,
  expectedVersion: head.version,
  headHash: head.headHash,
  commands,
});

/** The fault that `promise` ends in. */
export const faultOf = async (promise: Promise<unknown>): Promise<Fault> => {
  const error = await promise.then(
    (value) => new Error(`resolved with ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Fault)) throw error;
  return error;
};

export const everything = async (log: EventLog, pageEvents = 100): Promise<PositionedEvent[]> => {
  const all: PositionedEvent[] = [];
  for (let position = startOfLog; ; ) {
    const page = await log.readAll(position, pageEvents);
    all.push(...page.events);
    if (page.events.length === 0) return all;
    position = page.position;
  }
};
