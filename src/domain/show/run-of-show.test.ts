import { describe, expect, it } from 'vitest';
import type { SegmentId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { showKinds } from '../../base/words.ts';
import { mina, otto, teo, testbed } from '../testing/given.ts';
import { ended, lagoon, live, plan, planned, segment, vase } from '../testing/show-cast.ts';
import type { Segment, SegmentEdit } from './run-of-show.ts';
import { type ShowEvent, showDecider } from './show.ts';
import { storyHints } from './story-lint.ts';
import { templateFor } from './templates.ts';

const { given, play } = testbed(showDecider);
const id = (name: string) => name as SegmentId;
const arranged = (...segments: readonly Segment[]): ShowEvent => ({
  kind: 'SegmentsArranged',
  data: { segments },
});
const [one, two, three] = [segment('one'), segment('two', [vase]), segment('three')];
const edit = (...edits: readonly SegmentEdit[]) => ({ kind: 'EditSegments', edits }) as const;
const move = (segmentId: string, after: string | null): SegmentEdit => ({
  do: 'move',
  segmentId: id(segmentId),
  after: after === null ? null : id(after),
});

describe('changing a run of show that others change too', () => {
  const before = arranged(one, two, three);

  it('[SHO-12] adds, changes, moves and takes out, before the show and while it is live', () => {
    for (const show of [
      [planned, before],
      [...live, before],
    ]) {
      const told = given(...show);
      told.when(edit(move('three', null)), mina).then(arranged(three, one, two));
      told.when(edit(move('one', 'three')), otto).then(arranged(two, three, one));
      told
        .when(edit({ do: 'add', segment: segment('four'), after: id('one') }), mina)
        .then(arranged(one, segment('four'), two, three));
      told.when(edit({ do: 'remove', segmentId: id('two') }), mina).then(arranged(one, three));
      told
        .when(edit({ do: 'change', segmentId: id('two'), change: { minutes: 9 } }), mina)
        .then(arranged(one, { ...two, minutes: 9 }, three));
    }
  });
  it('[SHO-12] several edits are one event, or none where one of them is refused', () => {
    given(planned, before)
      .when(edit(move('three', null), { do: 'remove', segmentId: id('one') }), mina)
      .then(arranged(three, two));
    given(planned, before)
      .when(edit(move('three', null), move('gone', null)), mina)
      .refused('segment-unknown', { segmentId: 'gone' });
  });
  it('[SHO-13] two of the crew who move and write at once lose nothing of each other’s', () => {
    const atMs = 2_000_000;
    const { state } = play([
      {
        command: { kind: 'PlanShow', plan },
        by: mina,
        atMs,
      },
      { command: { kind: 'ArrangeSegments', segments: [one, two, three] }, by: mina, atMs },
      // Both saw one, two, three.
      { command: edit(move('three', 'one')), by: mina, atMs },
      { command: edit(move('two', null)), by: otto, atMs },
      {
        command: edit({ do: 'change', segmentId: id('one'), change: { notes: 'wave' } }),
        by: mina,
        atMs,
      },
      {
        command: edit({ do: 'change', segmentId: id('one'), change: { minutes: 2 } }),
        by: otto,
        atMs,
      },
    ]);
    expect(state.run.segments).toEqual([two, { ...one, notes: 'wave', minutes: 2 }, three]);
  });
  it('[SHO-13] what somebody else took out is no anchor: an addition comes last, a move stays', () => {
    given(planned, before)
      .when(edit({ do: 'add', segment: segment('four'), after: id('gone') }), mina)
      .then(arranged(one, two, three, segment('four')));
    given(planned, before)
      .when(edit(move('one', 'gone')), mina)
      .then();
    given(planned, before)
      .when(edit({ do: 'remove', segmentId: id('gone') }), mina)
      .then();
  });
  it('[SHO-13] what changes nothing leads to nothing; an id stands once', () => {
    given(planned, before)
      .when(edit(move('one', null)), mina)
      .then();
    given(planned, before)
      .when(edit({ do: 'add', segment: segment('two'), after: null }), mina)
      .refused('plan-invalid', { field: 'segments' });
  });
  it('[SHO-6] the running segment is moved, never taken out', () => {
    const entered = { kind: 'SegmentEntered', data: { segmentId: id('two') } } as const;
    given(...live, before, entered)
      .when(edit({ do: 'remove', segmentId: id('two') }), mina)
      .refused('segment-running');
    given(...live, before, entered)
      .when(edit(move('two', null)), mina)
      .then(arranged(two, one, three));
  });
  it('[SHO-2] a moderator changes nothing; [SHO-12] an ended show stays as it was', () => {
    given(planned, before)
      .when(edit(move('one', 'two')), teo)
      .refused('not-allowed');
    given(...live, before, ended)
      .when(edit(move('one', 'two')), mina)
      .refused('show-ended');
  });
});

describe('what a segment carries', () => {
  const put = (change: Partial<Segment>) => ({
    kind: 'ArrangeSegments' as const,
    segments: [{ ...one, ...change }],
  });
  const offer = {
    kind: 'offer',
    productId: vase,
    variants: [{ variantId: lagoon, priceMinor: 8600, quantity: 3 }],
    perPersonMax: null,
    durationMs: 60_000,
  } as const;

  const poll = {
    kind: 'poll',
    question: 'Which?',
    options: ['A', 'B'],
    durationMs: 60_000,
  } as const;

  it('[SHO-14] [ASK-6] offers, lots, drops and polls are ready to fire', () => {
    const cues = [offer, { kind: 'lot', id: 'l1' as never }, poll] as const;
    given(planned)
      .when(put({ cues }), mina)
      .then(arranged({ ...one, cues }));
  });
  it.each([
    ['segment cues', { cues: [{ ...offer, durationMs: 0 }] }],
    ['segment cues', { cues: [{ ...offer, variants: [] }] }],
    ['segment cues', { cues: [{ ...offer, perPersonMax: 0 }] }],
    [
      'segment cues',
      { cues: [{ ...offer, variants: [{ ...offer.variants[0], priceMinor: -1 }] }] },
    ],
    ['segment cues', { cues: Array.from({ length: limits.segmentCuesMax + 1 }, () => offer) }],
    ['segment cues', { cues: [{ kind: 'lot', id: '../x' as never }] }],
    ['segment cues', { cues: [{ ...poll, options: ['A'] }] }],
    ['segment disclosure', { disclosure: 'secret' as never }],
    ['segment minutes', { minutes: Number.NaN }],
    ['segment title', { title: ' ' }],
  ] as const)('[SHO-14] an impossible %s is refused by name', (field, change) => {
    given(planned).when(put(change), mina).refused('plan-invalid', { field });
  });
  it('[DIS-3] a segment’s own disclosure is set and taken back', () => {
    const gift = { ...one, disclosure: 'gift' } as const;
    const change = (disclosure: 'gift' | null) =>
      edit({ do: 'change', segmentId: id('one'), change: { disclosure } });
    given(planned, arranged(one)).when(change('gift'), mina).then(arranged(gift));
    given(planned, arranged(gift)).when(change(null), mina).then(arranged(one));
    given(planned, arranged(gift))
      .when(edit({ do: 'change', segmentId: id('one'), change: { minutes: 9 } }), mina)
      .then(arranged({ ...gift, minutes: 9 }));
  });
});

describe('templates', () => {
  it.each(showKinds)(
    '[SHO-15] the one of a %s has notes, a question time and no fault as a story',
    (kind) => {
      const segments = templateFor(kind, (index) => id(`s${index}`));
      expect(segments.every(({ notes }) => notes.length > 0)).toBe(true);
      expect(segments.some(({ beat }) => beat === 'questions')).toBe(true);
      expect(storyHints({ segments, minutes: null, shelf: [] })).toEqual([]);
    },
  );
});
