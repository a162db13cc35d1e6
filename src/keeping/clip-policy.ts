// Asks for a clip when a lot has fallen and when a demonstration is over, and says in the show's log that it was made or
// couldn't be. It reads the log, so a crash costs no clip. The rule: a clip that fails is noted and disturbs nobody.

import type { StreamId } from '../base/brand.ts';
import { idOfStream } from '../base/brand.ts';
import { Fault } from '../base/fault.ts';
import { limits } from '../base/limits.ts';
import type { Clip, ClipFault } from '../domain/show/clips.ts';
import type { Act, Policy } from '../engine/policy.ts';
import type { RecordedEvent } from '../log/event-log.ts';
import { type ClipDue, ClipStory } from './clip-story.ts';

/** A clip's file as pages address it. */
export type CutClip = Pick<Clip, 'url' | 'posterUrl' | 'startedAtMs' | 'durationMs' | 'leadMs'>;

/** Cuts a clip; null when nothing was recorded then. Rejects with a `Fault` `media-unavailable` when it may be tried again. */
export type CutClipOf = (showId: string, due: ClipDue) => Promise<CutClip | null>;

/** Shows whose log is remembered as far as it was read. */
const storiesKept = 50;

export const clipPolicy = (cut: CutClipOf): Policy => {
  const stories = new Map<StreamId, ClipStory>();
  const tries = new Map<string, number>();

  const dueOf = async (event: RecordedEvent, act: Act): Promise<ClipDue | null> => {
    const stream = event.stream as StreamId;
    const kept = stories.get(stream);
    // A second try, or an event that comes again after a crash: its show is read again from the start.
    const story = kept && kept.seq < event.seq ? kept : new ClipStory();
    const due = await story.upTo(act.log, event);
    if ((kept?.seq ?? 0) <= story.seq) {
      stories.delete(stream);
      stories.set(stream, story);
      const [oldest] = stories.keys();
      if (stories.size > storiesKept && oldest !== undefined) stories.delete(oldest);
    }
    return due;
  };

  return {
    name: 'clips',
    kinds: ['LotHammered', 'SegmentEntered', 'ShowEnded'],
    inOrder: true,
    async run(event, act) {
      const key = `${event.stream}/${event.seq}`;
      const due = await dueOf(event, act);
      if (due === null) {
        tries.delete(key);
        return;
      }
      const { clipId, of, title, productIds, disclosures } = due;
      const stream = event.stream as StreamId;
      const failed = async (fault: ClipFault) => {
        tries.delete(key);
        await act.send(stream, { kind: 'NoteClipFailed', clipId, fault }, 'failed');
      };
      const before = tries.get(key) ?? 0;
      tries.set(key, before + 1);
      let file: CutClip | null;
      try {
        file = await cut(idOfStream(stream), due);
      } catch (error) {
        const isAway = error instanceof Fault && error.code === 'media-unavailable';
        if (isAway || before + 1 < limits.clipTriesMax) throw error;
        act.report({ level: 'error', what: 'clip-failed', stream, seq: event.seq, error });
        await failed('not-written');
        return;
      }
      if (file === null) {
        await failed('no-picture');
        return;
      }
      await act.send(
        stream,
        { kind: 'AttachClip', clip: { clipId, of, title, productIds, disclosures, ...file } },
        'made',
      );
      tries.delete(key);
    },
  };
};
