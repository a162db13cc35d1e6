// What must hold for any edits by any number of crew members, in any order, before and during a show: no segment
// is lost or doubled but by a wish to, ids stay, what runs stays, replay equals live.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SegmentId } from '../../base/brand.ts';
import { isRefusal } from '../../base/result.ts';
import { beats, disclosures } from '../../base/words.ts';
import type { Actor } from '../decider.ts';
import { mina, otto, startMs, testbed } from '../testing/given.ts';
import { plan, segment, vase, vaseItem } from '../testing/show-cast.ts';
import type { Segment, SegmentEdit } from './run-of-show.ts';
import { type ShowCommand, showDecider } from './show.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const id = fc.constantFrom(...names).map((name) => name as SegmentId);
const after = fc.option(id, { nil: null });

const moves: fc.Arbitrary<SegmentEdit> = fc.record({
  do: fc.constant('move' as const),
  segmentId: id,
  after,
});
const changes: fc.Arbitrary<SegmentEdit> = fc.record({
  do: fc.constant('change' as const),
  segmentId: id,
  change: fc.record(
    {
      title: fc.string({ maxLength: 130 }),
      minutes: fc.double(),
      beat: fc.constantFrom(...beats),
      notes: fc.string({ maxLength: 20 }),
      disclosure: fc.option(fc.constantFrom(...disclosures), { nil: null }),
    },
    { requiredKeys: [] },
  ),
});
const additions: fc.Arbitrary<SegmentEdit> = fc.record({
  do: fc.constant('add' as const),
  segment: id.map((name) => segment(name, name === 'a' ? [vase] : [])),
  after,
});
const removals: fc.Arbitrary<SegmentEdit> = fc.record({
  do: fc.constant('remove' as const),
  segmentId: id,
});
const edits = (...kinds: readonly fc.Arbitrary<SegmentEdit>[]) =>
  fc.array(fc.oneof(...kinds), { minLength: 1, maxLength: 5 });

const step = (list: fc.Arbitrary<readonly SegmentEdit[]>) =>
  fc.record({
    by: fc.constantFrom<Actor>(mina, otto),
    command: fc.oneof(
      {
        weight: 4,
        arbitrary: list.map((of): ShowCommand => ({ kind: 'EditSegments', edits: of })),
      },
      {
        weight: 1,
        arbitrary: id.map((segmentId): ShowCommand => ({ kind: 'EnterSegment', segmentId })),
      },
    ),
  });
const steps = (list: fc.Arbitrary<readonly SegmentEdit[]>) =>
  fc.array(step(list), { maxLength: 30 });

const begun = ['a', 'b', 'c', 'd'].map((name) => segment(name));
const opening = (
  [
    { kind: 'PlanShow', plan },
    { kind: 'StockShelf', items: [vaseItem] },
    { kind: 'ArrangeSegments', segments: begun },
    { kind: 'GoLive' },
  ] as const
).map((command) => ({ command, by: mina, atMs: startMs }));
const bed = testbed(showDecider);
const played = (list: readonly { command: ShowCommand; by: Actor }[]) =>
  bed.play([...opening, ...list.map((one) => ({ ...one, atMs: startMs }))]);

describe('a run of show, whoever edits it', () => {
  it('[SHO-13] moving and changing keeps every segment, once', () => {
    fc.assert(
      fc.property(steps(edits(moves, changes)), (list) => {
        const { state } = played(list);
        const ids = state.run.segments.map(({ segmentId }) => segmentId);
        expect([...ids].sort()).toEqual(['a', 'b', 'c', 'd']);
      }),
    );
  });
  it('[SHO-6] [SHO-13] with additions and removals ids stay single, and what runs stays in it', () => {
    fc.assert(
      fc.property(steps(edits(moves, changes, additions, removals)), (list) => {
        const { events } = played(list);
        let state = showDecider.initial('x');
        events.forEach(({ event, atMs }, index) => {
          state = showDecider.evolve(state, event, { seq: index + 1, atMs });
          const ids = state.run.segments.map(({ segmentId }) => segmentId);
          expect(new Set(ids).size).toBe(ids.length);
          if (state.run.current !== null) expect(ids).toContain(state.run.current);
        });
      }),
    );
  });
  it('[SHO-12] an edit moves what it names and leaves the others in their order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(begun, { minLength: 4 }), moves, (segments, edit) => {
        const { state } = played([{ command: { kind: 'ArrangeSegments', segments }, by: mina }]);
        const stamp = { commandId: 'c' as never, atMs: startMs, by: otto };
        const decided = showDecider.decide(state, { kind: 'EditSegments', edits: [edit] }, stamp);
        if (isRefusal(decided) || edit.do !== 'move') return;
        const [event] = decided;
        if (event?.kind !== 'SegmentsArranged') {
          expect(decided).toEqual([]);
          return;
        }
        const others = (list: readonly Segment[]) =>
          list.filter(({ segmentId }) => segmentId !== edit.segmentId);
        expect(others(event.data.segments)).toEqual(others(segments));
        const at = event.data.segments.findIndex(({ segmentId }) => segmentId === edit.segmentId);
        expect(event.data.segments[at - 1]?.segmentId ?? null).toBe(edit.after);
      }),
    );
  });
  it('replay equals live, and a snapshot is the state', () => {
    fc.assert(
      fc.property(steps(edits(moves, changes, additions, removals)), (list) => {
        const { state, events } = played(list);
        let again = showDecider.initial('x');
        events.forEach(({ event, atMs }, index) => {
          again = showDecider.load(showDecider.save(again));
          again = showDecider.evolve(again, event, { seq: index + 1, atMs });
        });
        expect(showDecider.save(again)).toEqual(showDecider.save(state));
      }),
    );
  });
});
