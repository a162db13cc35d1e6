// What the engine promises to those who use it, and the words in which it answers.

import type { CommandId, StreamId } from '../base/brand.ts';
import type { Json } from '../base/json.ts';
import type { Refusal } from '../base/result.ts';
import type { Actor, Decider } from '../domain/decider.ts';
import type { OrderCommand } from '../domain/order/order.ts';
import type { PromoCodeCommand } from '../domain/order/promo-code.ts';
import type { LimitsCommand } from '../domain/person/limits.ts';
import type { ShowCommand } from '../domain/show/show.ts';
import type { StockCommand } from '../domain/stock/stock.ts';
import type { RecordedEvent } from '../log/event-log.ts';

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

/** What one engine takes at once and keeps: of the product's limits those that it obeys. */
export type EngineLimits = Readonly<
  Record<
    | 'mailboxCommandsMax'
    | 'batchCommandsMax'
    | 'commandWindowMax'
    | 'refusalWindowMax'
    | 'decideAttemptsMax'
    | 'snapshotEveryEvents'
    | 'streamsLoadedMax'
    | 'streamIdleMs'
    | 'nodeLeaseMs',
    number
  >
>;
