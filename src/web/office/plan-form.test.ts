import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../base/result.ts';
import { decideRunOfShow, type Segment, type SegmentEdit } from '../../domain/show/run-of-show.ts';
import { mina } from '../../domain/testing/given.ts';
import { planShowBody, type ShowDetail } from '../../protocol/http.ts';
import {
  changedParts,
  defaultStartMs,
  isUntouched,
  localText,
  minutesOf,
  momentOf,
  moved,
  newPlan,
  planBody,
  planOf,
  planProblems,
  segmentBodies,
  segmentEdits,
  templateRows,
  totalMinutes,
} from './plan-form.ts';

let ids = 0;
const newId = () => {
  ids += 1;
  return `s${ids}`;
};
const nowMs = new Date(2026, 10, 24, 12, 0).getTime();
const form = { ...newPlan(nowMs, newId), title: 'Kiln night' };

describe('a plan for a show', () => {
  it('begins with a run of show that the shop takes as it stands', () => {
    expect(planProblems(form)).toEqual({});
    expect(planShowBody.safeParse(planBody(form)).success).toBe(true);
    expect(form.segments.length).toBeGreaterThan(3);
    expect(totalMinutes(form.segments)).toBe(43);
  });

  it('starts this evening, or tomorrow when the evening is here', () => {
    expect(localText(defaultStartMs(nowMs))).toBe('2026-11-24T20:00');
    expect(localText(defaultStartMs(new Date(2026, 10, 24, 19, 30).getTime()))).toBe(
      '2026-11-25T20:00',
    );
  });

  it('keeps the moment through the field that shows it', () => {
    const atMs = new Date(2026, 2, 29, 21, 15).getTime();
    expect(momentOf(localText(atMs))).toBe(atMs);
    expect(momentOf('')).toBeNull();
  });

  it('names every field that can’t be', () => {
    const [first, ...rest] = form.segments;
    if (!first) throw new Error('no segment');
    const wrong = {
      ...form,
      title: ' ',
      startsAt: '',
      segments: [{ ...first, title: '', minutes: '0' }, ...rest],
    };
    expect(Object.keys(planProblems(wrong)).sort()).toEqual(
      ['title', 'startsAt', `title:${first.segmentId}`, `minutes:${first.segmentId}`].sort(),
    );
  });

  it('knows whether a template was touched, so that another kind may replace it', () => {
    expect(isUntouched(form)).toBe(true);
    expect(isUntouched({ ...form, segments: moved(form.segments, 0, 1) })).toBe(false);
    expect(
      isUntouched({ ...form, showKind: 'auction', segments: templateRows('auction', newId) }),
    ).toBe(true);
  });

  it('sends only the parts that changed', () => {
    expect(changedParts(form, form)).toEqual({ plan: false, segments: false, shelf: false });
    expect(changedParts(form, { ...form, title: 'Another' })).toEqual({
      plan: true,
      segments: false,
      shelf: false,
    });
    expect(changedParts(form, { ...form, segments: moved(form.segments, 1, 0) }).segments).toBe(
      true,
    );
    expect(changedParts(form, { ...form, productIds: ['vase'] })).toEqual({
      plan: false,
      segments: false,
      shelf: true,
    });
  });

  it('a product that leaves the shelf leaves its segments', () => {
    const [first, ...rest] = form.segments;
    if (!first) throw new Error('no segment');
    const withVase = {
      ...form,
      productIds: ['vase'],
      segments: [{ ...first, productIds: ['vase'] }, ...rest],
    };
    const without = { ...withVase, productIds: [] };
    expect(planBody(without).segments?.[0]?.productIds).toEqual([]);
    expect(changedParts(withVase, without)).toEqual({ plan: false, segments: true, shelf: true });
  });
});

describe('who gets in, and what to bring', () => {
  const seat = { productId: 'seat', variantId: 'seat-1' };
  const clay = { rowId: 'm1', title: 'Clay', quantity: '2 kg', note: '', productId: null };

  it('[TKT-1] is everybody, whoever holds the ticket, or the members of a tier', () => {
    expect(planBody(form).access).toEqual({ for: 'everybody' });
    const ticket = { ...form, accessFor: 'ticket' as const, ticket: seat };
    expect(planBody(ticket).access).toEqual({ for: 'ticket', ...seat });
    const club = { ...ticket, accessFor: 'members' as const, tier: ' Kiln club ' };
    expect(planBody(club).access).toEqual({ for: 'members', tier: 'Kiln club' });
    expect(changedParts(form, ticket).plan).toBe(true);
  });

  it('[TKT-1] a ticket must be chosen and a tier named', () => {
    expect(Object.keys(planProblems({ ...form, accessFor: 'ticket' }))).toEqual(['ticket']);
    expect(Object.keys(planProblems({ ...form, accessFor: 'members' }))).toEqual(['tier']);
  });

  it('[TKT-8] a material has a name; what stands in the form comes back from the plan', () => {
    expect(planProblems({ ...form, materials: [{ ...clay, title: ' ' }] })).toEqual({
      'material:m1': 'What is it?',
    });
    const { rowId: _, ...material } = clay;
    expect(planBody({ ...form, materials: [clay] }).materials).toEqual([material]);
    const detail = {
      show: { title: 'Bowls', showKind: 'workshop', startsAtMs: nowMs, disclosure: 'own-brand' },
      room: { plan: { access: { for: 'ticket', ...seat }, materials: [material] }, shelf: [] },
      segments: [],
    } as unknown as ShowDetail;
    expect(planOf(detail)).toMatchObject({
      accessFor: 'ticket',
      ticket: seat,
      materials: [material],
    });
  });
});

describe('moving a segment', () => {
  it('takes it out and puts it back elsewhere', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  });

  it('past the ends changes nothing', () => {
    const list = ['a', 'b'];
    expect(moved(list, 0, -1)).toBe(list);
    expect(moved(list, 1, 2)).toBe(list);
    expect(moved(list, 5, 0)).toBe(list);
  });
});

describe('the rhythm', () => {
  it('reads minutes as hosts type them', () => {
    expect(['7', '2,5', ' 3 ', '', '-1', 'x', '2000'].map(minutesOf)).toEqual([
      7,
      2.5,
      3,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('what changed of a run of show', () => {
  const bodies = segmentBodies(form);
  const idOf = (body: { segmentId: string }) => body.segmentId;

  it('[SHO-13] a move is one move, so that others’ moves stay', () => {
    const [first, ...rest] = bodies;
    if (!first) throw new Error('an empty template');
    const last = rest.at(-1);
    expect(segmentEdits(bodies, [...rest, first])).toEqual([
      { do: 'move', segmentId: first.segmentId, after: last?.segmentId },
    ]);
    expect(segmentEdits(bodies, bodies)).toEqual([]);
  });

  it('[SHO-13] names the fields that changed alone', () => {
    const [first, ...rest] = bodies;
    if (!first) throw new Error('an empty template');
    const edits = segmentEdits(bodies, [{ ...first, minutes: 99, disclosure: 'gift' }, ...rest]);
    expect(edits).toEqual([
      { do: 'change', segmentId: idOf(first), change: { minutes: 99, disclosure: 'gift' } },
    ]);
    expect(segmentEdits([{ ...first, disclosure: 'gift' }], [first])).toEqual([
      { do: 'change', segmentId: idOf(first), change: { disclosure: null } },
    ]);
  });

  it('[SHO-12] the edits make of the one run of show the other, whatever they are', () => {
    const one = bodies[0];
    if (!one) throw new Error('an empty template');
    const list = fc
      .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'))
      .chain((ids) =>
        fc.tuple(
          ...ids.map((segmentId) => fc.nat(2).map((n) => ({ ...one, segmentId, minutes: n + 1 }))),
        ),
      );
    const stamp = { commandId: 'c' as never, atMs: 0, by: mina };
    fc.assert(
      fc.property(list, list, (before, now) => {
        const edits = segmentEdits(before, now) as unknown as readonly SegmentEdit[];
        const run = {
          segments: before as unknown as readonly Segment[],
          current: null,
          currentSinceMs: null,
        };
        const events = decideRunOfShow(run, { kind: 'EditSegments', edits }, stamp);
        if (isRefusal(events)) throw new Error(events.refused);
        const [event] = events;
        const after = event?.kind === 'SegmentsArranged' ? event.data.segments : before;
        expect(after).toEqual(now);
      }),
    );
  });
});
