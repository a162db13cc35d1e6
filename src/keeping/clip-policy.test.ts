// Which clips a show's log calls for, and what becomes of each wish. The log is a list of events; the recorder a function.

import { describe, expect, it } from 'vitest';
import { Fault } from '../base/fault.ts';
import { limits } from '../base/limits.ts';
import type { ShowEvent } from '../domain/show/show.ts';
import type { Act } from '../engine/policy.ts';
import type { RecordedEvent } from '../log/event-log.ts';
import { type CutClip, clipPolicy } from './clip-policy.ts';
import type { ClipDue } from './clip-story.ts';

const file: CutClip = {
  url: '/media/recordings/s1/clips/x.mp4',
  posterUrl: null,
  startedAtMs: 1,
  durationMs: 2,
  leadMs: 0,
};

/** An evening: two segments of which the first is a demonstration, and a lot in the second. */
const evening = (): RecordedEvent[] => {
  const events: RecordedEvent[] = [];
  const add = (atMs: number, kind: ShowEvent['kind'], data: unknown = {}) =>
    events.push({ stream: 'show-s1', seq: events.length + 1, atMs, kind, data } as never);
  add(0, 'ShowPlanned', { plan: { disclosure: 'gift' } });
  add(0, 'SegmentsArranged', {
    segments: [
      { segmentId: 'd', title: 'The glaze', beat: 'demo', productIds: ['vase'] },
      { segmentId: 'o', title: 'For sale', beat: 'offer', productIds: [], disclosure: 'own-brand' },
    ],
  });
  add(0, 'ShelfStocked', { items: [{ productId: 'vase', hostEarns: true }] });
  add(0, 'LotPrepared', { terms: { lotId: 'l1', title: 'Lagoon vase', productId: 'vase' } });
  add(1_000, 'ShowStarted');
  add(10_000, 'SegmentEntered', { segmentId: 'd' });
  add(12_000, 'ProductPinned', { productId: 'bowl' });
  add(70_000, 'SegmentEntered', { segmentId: 'o' });
  add(80_000, 'LotOpened', { lotId: 'l1' });
  add(110_000, 'LotHammered', { lotId: 'l1' });
  add(120_000, 'SegmentEntered', { segmentId: 'd' });
  add(123_000, 'SegmentEntered', { segmentId: 'o' });
  add(130_000, 'SegmentEntered', { segmentId: 'd' });
  add(140_000, 'ShowEnded');
  return events;
};

const house = (events: RecordedEvent[], cut: (due: ClipDue) => Promise<CutClip | null>) => {
  const cuts: ClipDue[] = [];
  const sent: unknown[] = [];
  const policy = clipPolicy((_show, due) => {
    cuts.push(due);
    return cut(due);
  });
  const act: Act = {
    async send(_stream, command) {
      sent.push(command);
      return { kind: 'done' } as never;
    },
    key: (step) => step,
    log: {
      read: async (_stream, from, limit) => events.slice(from - 1, from - 1 + limit),
    },
    report: () => undefined,
  };
  const run = (seq: number) => policy.run(events[seq - 1]!, act);
  /** Every event that the policy acts on, in order. */
  const runAll = async () => {
    for (const { seq, kind } of events) if (policy.kinds.includes(kind)) await run(seq);
  };
  return { cuts, sent, run, runAll };
};

describe('clips of an evening', () => {
  it('[RPL-7] [RPL-8] [RPL-9] [RPL-11] are a lot’s and each demonstration’s, with their stakes', async () => {
    const { cuts, sent, runAll } = house(evening(), async () => file);
    await runAll();
    expect(cuts).toEqual([
      {
        clipId: 'demo-6',
        of: { kind: 'segment', segmentId: 'd' },
        title: 'The glaze',
        productIds: ['vase', 'bowl'],
        disclosures: ['affiliate', 'gift'],
        fromMs: 10_000,
        toMs: 70_000,
      },
      {
        clipId: 'lot-l1',
        of: { kind: 'lot', lotId: 'l1' },
        title: 'Lagoon vase',
        productIds: ['vase'],
        disclosures: ['affiliate', 'gift', 'own-brand'],
        fromMs: 78_000,
        toMs: 114_000,
      },
      expect.objectContaining({ clipId: 'demo-13', fromMs: 130_000, toMs: 140_000 }),
    ]);
    expect(sent).toHaveLength(3);
    expect(sent[1]).toEqual({
      kind: 'AttachClip',
      clip: expect.objectContaining({ clipId: 'lot-l1', ...file }),
    });
  });

  it('[RPL-7] are asked for after a crash, from any event on, and again for one that was dealt with', async () => {
    const { cuts, run } = house(evening(), async () => file);
    await run(10);
    await run(14);
    await run(8);
    await run(10);
    expect(cuts.map(({ clipId }) => clipId)).toEqual(['lot-l1', 'demo-13', 'demo-6', 'lot-l1']);
  });

  it('[RPL-8] show the last half hour of what is longer', async () => {
    const events = evening().slice(0, 10);
    Object.assign(events[9]!, { atMs: 80_000 + 2 * limits.clipMsMax });
    const { cuts, run } = house(events, async () => file);
    await run(10);
    expect(cuts[0]!.toMs - cuts[0]!.fromMs).toBe(limits.clipMsMax);
  });

  it('[RPL-10] that weren’t recorded are noted as such', async () => {
    const { sent, run } = house(evening(), async () => null);
    await run(10);
    expect(sent).toEqual([{ kind: 'NoteClipFailed', clipId: 'lot-l1', fault: 'no-picture' }]);
  });

  it('[RPL-10] that can’t be written are tried a few times and then noted', async () => {
    const { cuts, sent, run } = house(evening(), () => Promise.reject(new Error('disk full')));
    for (let tries = 1; tries < limits.clipTriesMax; tries += 1)
      await expect(run(10)).rejects.toThrow('disk full');
    await run(10);
    expect(cuts).toHaveLength(limits.clipTriesMax);
    expect(sent).toEqual([{ kind: 'NoteClipFailed', clipId: 'lot-l1', fault: 'not-written' }]);
  });

  it('[RPL-7] wait for a recorder that is away, however long', async () => {
    const away = new Fault('media-unavailable', 'away');
    const { sent, run } = house(evening(), () => Promise.reject(away));
    for (let tries = 0; tries < limits.clipTriesMax * 2; tries += 1)
      await expect(run(10)).rejects.toBe(away);
    expect(sent).toEqual([]);
  });
});
