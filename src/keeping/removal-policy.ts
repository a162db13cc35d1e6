// Deletes the files of what a show's log says is gone: a recording, a clip. The rule: the log says so first, then the
// files go, here and in the object store, as often as it takes.

import { idOfStream, type StreamId } from '../base/brand.ts';
import type { ClipEvent } from '../domain/show/clips.ts';
import type { LifeEvent } from '../domain/show/life.ts';
import type { Policy } from '../engine/policy.ts';
import type { KeptFiles } from './kept-files.ts';

export const removalPolicy = (
  files: Pick<KeptFiles, 'removeRecording' | 'removeClip'>,
): Policy => ({
  name: 'removal',
  kinds: ['RecordingDropped', 'ClipRemoved'],
  inOrder: true,
  async run(recorded) {
    const event = recorded as unknown as ClipEvent | LifeEvent;
    const showId = idOfStream(recorded.stream as StreamId);
    if (event.kind === 'RecordingDropped') await files.removeRecording(showId);
    else if (event.kind === 'ClipRemoved') await files.removeClip(showId, event.data.clipId);
  },
});
