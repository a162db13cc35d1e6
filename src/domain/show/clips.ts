// The clips of a show: which were made, which couldn't be, which were taken away again. What is in a clip and where its
// file lies comes from outside; here stands that it is, once. Rules: docs/rules/replay.md.

import type { OfferId, ProductId, SegmentId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { type Refusal, refuse } from '../../base/result.ts';
import type { Disclosure } from '../../base/words.ts';
import type { Stamp } from '../decider.ts';

/** What a clip shows: a lot from its opening to its hammer, or a demonstration. */
export type ClipSubject =
  | { readonly kind: 'lot'; readonly lotId: OfferId }
  | { readonly kind: 'segment'; readonly segmentId: SegmentId };

export type Clip = {
  readonly clipId: string;
  readonly of: ClipSubject;
  readonly title: string;
  readonly productIds: readonly ProductId[];
  /** [RPL-11] Every stake of the host that was to be told at some moment of it, the weightiest first. */
  readonly disclosures: readonly Disclosure[];
  readonly url: string;
  readonly posterUrl: string | null;
  /** Server time of the first picture that it shows. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** How far into the file a player begins. */
  readonly leadMs: number;
};

/** Why there is no clip: nothing was recorded then, or the files couldn't be written. */
export type ClipFault = 'no-picture' | 'not-written';

/** Why a recording or a clip is gone: its time is over, somebody of the shop took it away, or it was the demo's. */
export type Removal = 'kept-long-enough' | 'by-the-shop' | 'demo';

export type Clips = Record<string, 'kept' | 'failed' | 'gone'>;

export type ClipCommand =
  | { readonly kind: 'AttachClip'; readonly clip: Clip }
  | { readonly kind: 'NoteClipFailed'; readonly clipId: string; readonly fault: ClipFault }
  | {
      readonly kind: 'RemoveClip';
      readonly clipId: string;
      readonly why: Removal;
      /** What the owner says of it. */
      readonly reason: string;
    };

export type ClipEvent =
  | { readonly kind: 'ClipAttached'; readonly data: { readonly clip: Clip } }
  | {
      readonly kind: 'ClipFailed';
      readonly data: { readonly clipId: string; readonly fault: ClipFault };
    }
  | {
      readonly kind: 'ClipRemoved';
      readonly data: { readonly clipId: string; readonly why: Removal; readonly reason: string };
    };

/** What `RemoveClip` and `DropRecording` share: who may, and what must be said. Null: nothing is wrong. */
export const wrongRemoval = (
  { why, reason }: { readonly why: Removal; readonly reason: string },
  { by }: Stamp,
): Refusal | null => {
  if (by.kind === 'system') return null;
  // [RPL-14]
  if (by.role !== 'owner') return refuse('not-allowed');
  if (why !== 'by-the-shop') return refuse('not-allowed');
  const length = reason.trim().length;
  return length < 1 || length > limits.reasonMax ? refuse('reason-needed') : null;
};

export const decideClips = (
  clips: Clips,
  command: ClipCommand,
  stamp: Stamp,
): readonly ClipEvent[] | Refusal => {
  switch (command.kind) {
    case 'AttachClip': {
      if (stamp.by.kind !== 'system') return refuse('not-allowed');
      const { clip } = command;
      // [RPL-10] Made once; what was taken away doesn't come back.
      if (clips[clip.clipId] === 'kept' || clips[clip.clipId] === 'gone') return [];
      if (Object.keys(clips).length >= limits.clipsMax) return refuse('clip-unknown');
      return [{ kind: 'ClipAttached', data: { clip } }];
    }
    case 'NoteClipFailed': {
      if (stamp.by.kind !== 'system') return refuse('not-allowed');
      const { clipId, fault } = command;
      if (clips[clipId] !== undefined || Object.keys(clips).length >= limits.clipsMax) return [];
      return [{ kind: 'ClipFailed', data: { clipId, fault } }];
    }
    case 'RemoveClip': {
      const wrong = wrongRemoval(command, stamp);
      if (wrong) return wrong;
      const { clipId, why, reason } = command;
      if (clips[clipId] === 'gone') return [];
      if (clips[clipId] !== 'kept') return refuse('clip-unknown');
      return [{ kind: 'ClipRemoved', data: { clipId, why, reason: reason.trim() } }];
    }
  }
};

export const evolveClips = (clips: Clips, event: ClipEvent): void => {
  switch (event.kind) {
    case 'ClipAttached':
      clips[event.data.clip.clipId] = 'kept';
      return;
    case 'ClipFailed':
      clips[event.data.clipId] = 'failed';
      return;
    case 'ClipRemoved':
      clips[event.data.clipId] = 'gone';
      return;
  }
};
