// Decides the commands that wait for one stream, in order, each on the state that the one before left.
// Nothing is stored, published or answered here: the result says what to append and, once that is
// committed, what to answer. The rule it guards: a command that fails leaves nothing in the batch.

import { hash } from 'node:crypto';
import { assert } from '../base/assert.ts';
import type { CommandId, StreamId } from '../base/brand.ts';
import { Fault } from '../base/fault.ts';
import type { Json } from '../base/json.ts';
import { isRefusal, type Refusal } from '../base/result.ts';
import { type Actor, type EventShape, system } from '../domain/decider.ts';
import { canonicalJson } from '../log/canonical-json.ts';
import type { CommandRecord, NewEvent, RecordedCommand, RecordedEvent } from '../log/event-log.ts';
import type { AnyDecider, Outcome } from './contract.ts';
import type { Accepted, Settled, StreamState } from './stream-state.ts';

/** What waits in a mailbox. */
export type Entry =
  | {
      readonly kind: 'command';
      readonly command: { readonly kind: string };
      readonly commandId: CommandId;
      readonly by: Actor;
      attempts: number;
      readonly resolve: (outcome: Outcome) => void;
      readonly reject: (fault: Fault) => void;
    }
  /** Time has come: whatever the state waits for is decided, if it still waits. */
  | { readonly kind: 'deadline' }
  /** Somebody asks where the stream ends. */
  | {
      readonly kind: 'look';
      readonly resolve: (head: { seq: number; epoch: number }) => void;
      readonly reject: (fault: Fault) => void;
    };

/** What an entry is told once the batch is committed. */
export type Answer =
  | { readonly kind: 'events'; readonly accepted: Accepted; readonly repeated: boolean }
  | { readonly kind: 'settled'; readonly settled: Settled; readonly repeated: boolean }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'look' }
  | { readonly kind: 'nothing' };

export interface Decided {
  readonly commands: CommandRecord[];
  /** One for each entry, in order; fewer than entries when `broken`. */
  readonly answers: Answer[];
  /** A command contradicted itself: its state is worthless, and what came after it was not decided. */
  readonly broken: unknown;
  /** A deadline led to nothing although it is due: the decider would be asked for ever. */
  readonly stuck: boolean;
}

/** The same wish: the command as it came, and who sent it. A name or role may change between two tries. */
export const bodyHashOf = (command: { readonly kind: string }, by: Actor): string =>
  hash('sha256', canonicalJson({ by: personOf(by), command } as unknown as Json), 'hex');

const personOf = (by: Actor): string | null => (by.kind === 'person' ? by.id : null);

const reused = (commandId: CommandId): Fault =>
  new Fault('command-id-reused', `command id ${commandId} was used for another command`, {
    detail: { commandId },
  });

/**
 * Decides `entries` at `atMs` and evolves `loaded` in place, as if the batch were committed: whoever
 * can't commit it must drop `loaded`. `older` has accepted commands that are no longer in memory.
 */
export const decideBatch = (
  decider: AnyDecider,
  stream: StreamId,
  loaded: StreamState,
  entries: readonly Entry[],
  atMs: number,
  older: ReadonlyMap<CommandId, RecordedCommand> | null,
): Decided => {
  const commands: CommandRecord[] = [];
  const answers: Answer[] = [];
  let stuck = false;

  const settle = (
    commandId: CommandId,
    command: { readonly kind: string },
    by: Actor,
    refusal: Refusal | null,
  ): Answer => {
    const settled: Settled = { command, by, atMs, refusal, seq: loaded.version, hash: null };
    loaded.settled.set(commandId, settled);
    return { kind: 'settled', settled, repeated: false };
  };

  const accept = (
    commandId: CommandId,
    command: { readonly kind: string },
    by: Actor,
    events: readonly EventShape[],
  ): Answer => {
    // Everything that may fail comes before the first change of state that counts.
    const bodyHash = bodyHashOf(command, by);
    const firstSeq = loaded.version + 1;
    const stored: NewEvent[] = [];
    for (const event of events) {
      const { kind, data, personal } = event;
      assert(
        typeof kind === 'string' && kind.length > 0,
        `${command.kind} made an event without a kind`,
      );
      loaded.version += 1;
      loaded.state = decider.evolve(loaded.state, event, { seq: loaded.version, atMs });
      stored.push(
        personal === undefined || personal === null ? { kind, data } : { kind, data, personal },
      );
    }
    const accepted: Accepted = { bodyHash, firstSeq, lastSeq: loaded.version };
    loaded.accepted.set(commandId, accepted);
    commands.push({ commandId, bodyHash, events: stored, atMs, by: personOf(by) });
    return { kind: 'events', accepted, repeated: false };
  };

  const answerTo = (entry: Entry): Answer => {
    if (entry.kind === 'look') return { kind: 'look' };
    if (entry.kind === 'deadline') {
      const due = decider.deadline(loaded.state);
      if (due === null || due.atMs > atMs) return { kind: 'nothing' };
      const command = due.command as { readonly kind: string };
      // The stream passes each sequence once, so this id can't be used for another deadline.
      const commandId = `due-${loaded.version}-${command.kind}` as CommandId;
      const made = decider.decide(loaded.state, command, { commandId, atMs, by: system });
      if (isRefusal(made) || made.length === 0) stuck = true;
      else accept(commandId, command, system, made);
      return { kind: 'nothing' };
    }

    const { command, commandId, by } = entry;
    const accepted = loaded.accepted.get(commandId) ?? older?.get(commandId);
    if (accepted !== undefined) {
      if (accepted.bodyHash !== bodyHashOf(command, by))
        return { kind: 'fault', fault: reused(commandId) };
      return { kind: 'events', accepted, repeated: true };
    }
    const settled = loaded.settled.get(commandId);
    if (settled !== undefined) {
      if (bodyHashOf(settled.command, settled.by) !== bodyHashOf(command, by))
        return { kind: 'fault', fault: reused(commandId) };
      return { kind: 'settled', settled, repeated: true };
    }
    const made = decider.decide(loaded.state, command, { commandId, atMs, by });
    if (isRefusal(made)) return settle(commandId, command, by, made);
    if (made.length === 0) return settle(commandId, command, by, null);
    return accept(commandId, command, by, made);
  };

  for (const entry of entries) {
    const { version } = loaded;
    try {
      answers.push(answerTo(entry));
    } catch (error) {
      // The state may be half changed; the events before it are whole and good.
      loaded.version = version;
      return {
        commands,
        answers,
        broken: error ?? new Error(`${stream} broke without a reason`),
        stuck,
      };
    }
  }
  return { commands, answers, broken: null, stuck };
};

/** What the sender of events is told. */
export const doneOutcome = (events: readonly RecordedEvent[], repeated: boolean): Outcome => {
  const { seq, hash } = events.at(-1)!;
  return { kind: 'done', seq, hash, events, repeated, atMs: events[0]!.atMs };
};

/**
 * [ENG-11] A refused policy gives money or units back: that must not rest on the memory of a machine whose
 * clock stood still while another node wrote. What is appended, the log compares by itself.
 */
export const refusesSystem = (entries: readonly Entry[], answers: readonly Answer[]): boolean =>
  answers.some((answer, nth) => {
    const entry = entries[nth];
    return answer.kind === 'settled' && entry?.kind === 'command' && entry.by.kind === 'system';
  });

/** What the sender of a refused or needless command is told. */
export const settledOutcome = (
  { refusal, atMs, seq, hash }: Settled,
  repeated: boolean,
): Outcome => {
  if (refusal === null) return { kind: 'done', seq, hash: hash!, events: [], repeated, atMs };
  return refusal.detail === undefined
    ? { kind: 'refused', reason: refusal.refused, atMs }
    : { kind: 'refused', reason: refusal.refused, detail: refusal.detail, atMs };
};
