// What a writer has of its stream while it is loaded: the state, where the stream ends, and the memory
// of commands that were answered. Made from the log alone; to drop it loses nothing that anyone was told.

import type { CommandId, StreamId } from '../base/brand.ts';
import { idOfStream } from '../base/brand.ts';
import type { JsonObject } from '../base/json.ts';
import type { Refusal } from '../base/result.ts';
import type { Actor } from '../domain/decider.ts';
import { type EventLog, readStream, type StreamHead } from '../log/event-log.ts';
import { genesisHash } from '../log/hash-chain.ts';
import { epochFenced } from '../log/log-faults.ts';
import type { AnyDecider, EngineLimits } from './contract.ts';
import { Recent } from './recent.ts';

/** An accepted command: where its events stand, or will once the batch that it is in is committed. */
export interface Accepted {
  readonly bodyHash: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** A command that led to no event: refused, or all was as wished. The command itself tells a retry from a reuse. */
export interface Settled {
  readonly command: { readonly kind: string };
  readonly by: Actor;
  readonly atMs: number;
  readonly refusal: Refusal | null;
  /** Where the stream ended then; the hash is known once the batch is committed. */
  readonly seq: number;
  hash: string | null;
}

export interface StreamState {
  // biome-ignore lint/suspicious/noExplicitAny: the decider's own state.
  state: any;
  /** 0 while nobody ever wrote to the stream: then there is nothing to hold a right to. */
  epoch: number;
  /** The unbroken stretch of the node's lease that it was loaded in: in another one it is worth nothing. */
  leaseTerm: number;
  version: number;
  headHash: string;
  /** The stream's time: no event and no answer is earlier. */
  lastAtMs: number;
  snapshotSeq: number;
  readonly accepted: Recent<CommandId, Accepted>;
  /** Older accepted commands stand in the log only. */
  hasOlderCommands: boolean;
  readonly settled: Recent<CommandId, Settled>;
}

const emptyState = (
  decider: AnyDecider,
  stream: StreamId,
  head: StreamHead & { epoch: number },
  { commandWindowMax, refusalWindowMax }: EngineLimits,
): StreamState => ({
  state: decider.initial(idOfStream(stream)),
  epoch: head.epoch,
  leaseTerm: 0,
  version: head.version,
  headHash: head.headHash,
  lastAtMs: 0,
  snapshotSeq: 0,
  accepted: new Recent(Math.ceil(commandWindowMax / 2)),
  hasOlderCommands: false,
  settled: new Recent(Math.ceil(refusalWindowMax / 2)),
});

/** A stream that nobody wrote to, or null when somebody did. Takes nothing, so that a guessed name costs no row. */
export const untouched = async (
  log: EventLog,
  decider: AnyDecider,
  stream: StreamId,
  limits: EngineLimits,
): Promise<StreamState | null> => {
  const head = await log.head(stream);
  return head.version === 0
    ? emptyState(decider, stream, { version: 0, headHash: genesisHash, epoch: 0 }, limits)
    : null;
};

/** Takes the right to write and brings the state to the end of the stream: snapshot, then the events after it. */
export const takeStream = async (
  log: EventLog,
  decider: AnyDecider,
  stream: StreamId,
  node: string,
  limits: EngineLimits,
  leaseTerm: number,
): Promise<StreamState> => {
  const lease = await log.take(stream, node);
  const loaded = emptyState(decider, stream, lease, limits);
  loaded.leaseTerm = leaseTerm;
  if (lease.version === 0) return loaded;
  const snapshot = await log.loadSnapshot(stream);
  if (
    snapshot !== null &&
    snapshot.schemaVersion === decider.stateVersion &&
    snapshot.seq <= lease.version
  ) {
    loaded.state = decider.load(snapshot.state as JsonObject);
    loaded.snapshotSeq = snapshot.seq;
  }
  let seq = 0;
  let hash = genesisHash;
  // From the snapshot's own event on: its time is the stream's time.
  for await (const event of readStream(log, stream, Math.max(1, loaded.snapshotSeq))) {
    if (event.seq > loaded.snapshotSeq) {
      loaded.state = decider.evolve(loaded.state, event, { seq: event.seq, atMs: event.atMs });
    }
    ({ seq, hash } = event);
    loaded.lastAtMs = event.atMs;
  }
  // More than the lease says: another writer took the stream while it was read.
  if (seq !== lease.version || hash !== lease.headHash) throw epochFenced(stream, lease.epoch + 1);
  const recent = await log.recentCommands(stream, limits.commandWindowMax);
  for (const { commandId, bodyHash, firstSeq, lastSeq } of recent) {
    loaded.accepted.set(commandId, { bodyHash, firstSeq, lastSeq });
  }
  loaded.hasOlderCommands = recent.length >= limits.commandWindowMax;
  return loaded;
};

/** Whether a command that isn't in memory may stand in the log all the same. */
export const mayBeOlder = (loaded: StreamState): boolean =>
  loaded.hasOlderCommands || loaded.accepted.forgot;
