import { describe, expect, it } from 'vitest';
import type { OfferId, PersonId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { system } from '../decider.ts';
import { type Clip, type ClipCommand, type Clips, decideClips, evolveClips } from './clips.ts';

const person = (role: 'owner' | 'host' | 'moderator' | 'shopper') =>
  ({ kind: 'person', id: role as PersonId, name: role, role }) as const;
const clip: Clip = {
  clipId: 'lot-1',
  of: { kind: 'lot', lotId: '1' as OfferId },
  title: 'Lagoon vase',
  productIds: [],
  disclosures: ['own-brand'],
  url: '/media/recordings/s1/clips/lot-1.mp4',
  posterUrl: null,
  startedAtMs: 1_000,
  durationMs: 9_000,
  leadMs: 0,
};
const attach: ClipCommand = { kind: 'AttachClip', clip };
const failed: ClipCommand = { kind: 'NoteClipFailed', clipId: 'lot-1', fault: 'no-picture' };
const remove = (
  change: Partial<Extract<ClipCommand, { kind: 'RemoveClip' }>> = {},
): ClipCommand => ({
  kind: 'RemoveClip',
  clipId: 'lot-1',
  why: 'by-the-shop',
  reason: 'A customer is in it',
  ...change,
});
const decide = (
  clips: Clips,
  command: ClipCommand,
  by = system as typeof system | ReturnType<typeof person>,
) => decideClips(clips, command, { commandId: 'c' as never, atMs: 1, by });
/** The clips after commands of the system. */
const clipsAfter = (...commands: ClipCommand[]): Clips => {
  const clips: Clips = {};
  for (const command of commands) {
    const events = decide(clips, command);
    if (Array.isArray(events)) for (const event of events) evolveClips(clips, event);
  }
  return clips;
};

describe('clips of a show', () => {
  it('[RPL-10] are made once, and one that was taken away doesn’t come back', () => {
    expect(decide({}, attach)).toEqual([{ kind: 'ClipAttached', data: { clip } }]);
    expect(decide(clipsAfter(attach), attach)).toEqual([]);
    expect(decide(clipsAfter(attach, remove()), attach)).toEqual([]);
  });

  it('[RPL-10] that failed are noted once, and may come after all', () => {
    expect(decide({}, failed)).toEqual([
      { kind: 'ClipFailed', data: { clipId: 'lot-1', fault: 'no-picture' } },
    ]);
    expect(decide(clipsAfter(failed), failed)).toEqual([]);
    expect(decide(clipsAfter(attach), failed)).toEqual([]);
    expect(clipsAfter(failed, attach)).toEqual({ 'lot-1': 'kept' });
  });

  it('[RPL-14] are taken away by an owner, with a reason', () => {
    const clips = clipsAfter(attach);
    expect(decide(clips, remove({ reason: '  Blurred  ' }), person('owner'))).toEqual([
      { kind: 'ClipRemoved', data: { clipId: 'lot-1', why: 'by-the-shop', reason: 'Blurred' } },
    ]);
    for (const role of ['host', 'moderator', 'shopper'] as const)
      expect(decide(clips, remove(), person(role))).toMatchObject({ refused: 'not-allowed' });
    for (const reason of ['', '  ', 'x'.repeat(limits.reasonMax + 1)])
      expect(decide(clips, remove({ reason }), person('owner'))).toMatchObject({
        refused: 'reason-needed',
      });
    expect(decide(clips, remove({ why: 'kept-long-enough' }), person('owner'))).toMatchObject({
      refused: 'not-allowed',
    });
    expect(decide({}, remove(), person('owner'))).toMatchObject({ refused: 'clip-unknown' });
    expect(decide(clipsAfter(attach, remove()), remove(), person('owner'))).toEqual([]);
  });

  it('only the recorder says that there is one', () => {
    for (const command of [attach, failed])
      expect(decide({}, command, person('owner'))).toMatchObject({ refused: 'not-allowed' });
  });

  it('are as many as there may be', () => {
    const full: Clips = Object.fromEntries(
      Array.from({ length: limits.clipsMax }, (_, at) => [`demo-${at}`, 'kept' as const]),
    );
    expect(decide(full, attach)).toMatchObject({ refused: 'clip-unknown' });
    expect(decide(full, failed)).toEqual([]);
  });
});
