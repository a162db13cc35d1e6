// The faults of the event log, each made in one place, so that both twins throw the same code with the
// same details. Their meaning stands at the contract in `event-log.ts`.

import type { CommandId, StreamId } from '../base/brand.ts';
import { Fault } from '../base/fault.ts';
import type { Position } from './event-log.ts';

export const streamOwned = (stream: StreamId, owner: string, untilMs: number): Fault =>
  new Fault('stream-owned', `${stream} is held by node ${owner}`, {
    detail: { stream, owner, untilMs },
  });

export const epochFenced = (stream: StreamId, epoch: number): Fault =>
  new Fault('epoch-fenced', `${stream} was taken by a writer with epoch ${epoch}`, {
    detail: { stream, epoch },
  });

export const versionConflict = (stream: StreamId, version: number): Fault =>
  new Fault('version-conflict', `${stream} ends at ${version}, not where the batch says`, {
    detail: { stream, version },
  });

export const commandRecorded = (stream: StreamId, commandIds: readonly CommandId[]): Fault =>
  new Fault('command-recorded', `${stream} holds command ${commandIds.join(', ')} already`, {
    detail: { stream, commandIds },
  });

export const checkpointMoved = (policy: string, position: Position): Fault =>
  new Fault('checkpoint-moved', `the checkpoint of ${policy} stands at ${position} by now`, {
    detail: { policy, position },
  });

export const storageFull = (cause: unknown): Fault =>
  new Fault('storage-full', 'the disk of the event log is full; nothing was written', { cause });

/** `outcome` is for appends: whether it may have been written all the same. */
export const logUnavailable = (outcome: 'not-written' | 'unknown', cause: unknown): Fault =>
  new Fault('log-unavailable', 'the storage of the event log did not answer', {
    cause,
    detail: { outcome },
  });
