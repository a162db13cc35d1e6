// The run of show: ordered segments, each a story beat with its minutes, products, notes and what is ready to fire,
// and which of them runs now. What each kind of show begins with is in templates.ts. The rule it guards: two who
// change it at once lose nothing of each other's. Rules: docs/rules/show.md.

import {
  isId,
  type OfferId,
  type ProductId,
  type SegmentId,
  type VariantId,
} from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { isRefusal, type Refusal, refuse } from '../../base/result.ts';
import { type Beat, beats, type Disclosure, disclosures } from '../../base/words.ts';
import { mayDirect, type Stamp } from '../decider.ts';
import { type PollTerms, wrongPoll } from '../room/polls.ts';

export type Segment = {
  readonly segmentId: SegmentId;
  readonly title: string;
  readonly beat: Beat;
  readonly minutes: number;
  readonly productIds: readonly ProductId[];
  /** For the prompter; the crew's alone. */
  readonly notes: string;
  /** What is said of the host's stake while it runs, beside what the show says. Absent: nothing more. */
  readonly disclosure?: Disclosure;
  /** What is fired while it runs, by one press each; the crew's alone until it is. Absent: none. */
  readonly cues?: readonly SegmentCue[];
};

/** Something that is ready to fire. An offer's terms are checked like any other's when it is. */
export type SegmentCue =
  | {
      readonly kind: 'offer';
      readonly productId: ProductId;
      readonly variants: readonly {
        readonly variantId: VariantId;
        readonly priceMinor: number;
        readonly quantity: number;
      }[];
      readonly perPersonMax: number | null;
      readonly durationMs: number;
    }
  | ({ readonly kind: 'poll' } & PollTerms)
  /** A lot or a drop that was prepared for this show. */
  | { readonly kind: 'lot' | 'drop'; readonly id: OfferId };

/**
 * One change of the run of show. `after`: the segment behind which it stands then; null: at the head.
 */
export type SegmentEdit =
  | { readonly do: 'add'; readonly segment: Segment; readonly after: SegmentId | null }
  | {
      readonly do: 'change';
      readonly segmentId: SegmentId;
      /** What changes; `disclosure: null` takes it back. */
      readonly change: Partial<Omit<Segment, 'segmentId' | 'disclosure'>> & {
        readonly disclosure?: Disclosure | null;
      };
    }
  | { readonly do: 'move'; readonly segmentId: SegmentId; readonly after: SegmentId | null }
  | { readonly do: 'remove'; readonly segmentId: SegmentId };

export type RunOfShow = {
  segments: readonly Segment[];
  current: SegmentId | null;
  currentSinceMs: number | null;
};

export type RunOfShowCommand =
  /** The whole of it anew: for a show that nobody else plans yet. */
  | { readonly kind: 'ArrangeSegments'; readonly segments: readonly Segment[] }
  /** What one member of the crew changed, in order; all of it or nothing. */
  | { readonly kind: 'EditSegments'; readonly edits: readonly SegmentEdit[] }
  | { readonly kind: 'EnterSegment'; readonly segmentId: SegmentId };

export type RunOfShowEvent =
  | { readonly kind: 'SegmentsArranged'; readonly data: { readonly segments: readonly Segment[] } }
  | { readonly kind: 'SegmentEntered'; readonly data: { readonly segmentId: SegmentId } };

export const decideRunOfShow = (
  run: RunOfShow,
  command: RunOfShowCommand,
  stamp: Stamp,
): readonly RunOfShowEvent[] | Refusal => {
  if (!mayDirect(stamp.by)) return refuse('not-allowed');
  switch (command.kind) {
    case 'ArrangeSegments':
      return arranged(run, command.segments);
    case 'EditSegments': {
      let segments = run.segments;
      for (const edit of command.edits) {
        const next = edited(segments, edit);
        if (isRefusal(next)) return next;
        segments = next;
      }
      return JSON.stringify(segments) === JSON.stringify(run.segments)
        ? []
        : arranged(run, segments);
    }
    case 'EnterSegment': {
      if (!run.segments.some(({ segmentId }) => segmentId === command.segmentId))
        return refuse('segment-unknown');
      if (run.current === command.segmentId) return [];
      return [{ kind: 'SegmentEntered', data: { segmentId: command.segmentId } }];
    }
  }
};

const arranged = (
  run: RunOfShow,
  segments: readonly Segment[],
): readonly RunOfShowEvent[] | Refusal => {
  const wrong = wrongSegments(segments);
  if (wrong) return refuse('plan-invalid', { field: wrong });
  // [SHO-6] What runs can be moved, not deleted from under the host.
  if (run.current !== null && !segments.some(({ segmentId }) => segmentId === run.current)) {
    return refuse('segment-running');
  }
  return [{ kind: 'SegmentsArranged', data: { segments } }];
};

/**
 * [SHO-12] [SHO-13] The list after one edit of whoever may have seen an older one: what somebody else took out
 * is no anchor any more, so an addition comes last and a move stays where it was.
 */
const edited = (segments: readonly Segment[], edit: SegmentEdit): readonly Segment[] | Refusal => {
  const at = segments.findIndex(({ segmentId }) => segmentId === idOf(edit));
  switch (edit.do) {
    case 'add':
      if (at >= 0) return refuse('plan-invalid', { field: 'segments' });
      return inserted(segments, edit.segment, edit.after);
    case 'change': {
      const segment = segments[at];
      if (!segment) return refuse('segment-unknown', { segmentId: edit.segmentId });
      return segments.with(at, changed(segment, edit.change));
    }
    case 'move': {
      const segment = segments[at];
      if (!segment) return refuse('segment-unknown', { segmentId: edit.segmentId });
      const others = segments.toSpliced(at, 1);
      const anchored =
        edit.after === null || others.some(({ segmentId }) => segmentId === edit.after);
      return anchored ? inserted(others, segment, edit.after) : segments;
    }
    case 'remove':
      return at < 0 ? segments : segments.toSpliced(at, 1);
  }
};

const idOf = (edit: SegmentEdit): SegmentId =>
  edit.do === 'add' ? edit.segment.segmentId : edit.segmentId;

const inserted = (
  segments: readonly Segment[],
  segment: Segment,
  after: SegmentId | null,
): readonly Segment[] => {
  if (after === null) return [segment, ...segments];
  const at = segments.findIndex(({ segmentId }) => segmentId === after);
  return at < 0 ? [...segments, segment] : segments.toSpliced(at + 1, 0, segment);
};

const changed = (
  { disclosure: before, ...segment }: Segment,
  { disclosure, ...change }: Extract<SegmentEdit, { do: 'change' }>['change'],
): Segment => {
  const after = disclosure === undefined ? before : (disclosure ?? undefined);
  return { ...segment, ...change, ...(after === undefined ? {} : { disclosure: after }) };
};

const wrongSegments = (segments: readonly Segment[]): string | null => {
  if (segments.length > limits.segmentsMax) return 'segments';
  if (new Set(segments.map(({ segmentId }) => segmentId)).size !== segments.length)
    return 'segments';
  for (const segment of segments) {
    if (segment.title.trim().length < 1 || segment.title.length > limits.titleMax)
      return 'segment title';
    if (!beats.includes(segment.beat)) return 'segment beat';
    if (!(segment.minutes > 0 && segment.minutes <= 24 * 60)) return 'segment minutes';
    if (segment.notes.length > limits.noteMax) return 'segment notes';
    if (segment.productIds.length > limits.shelfProductsMax) return 'segment products';
    if (segment.disclosure !== undefined && !disclosures.includes(segment.disclosure))
      return 'segment disclosure';
    if ((segment.cues?.length ?? 0) > limits.segmentCuesMax) return 'segment cues';
    if (segment.cues?.some(isWrongCue)) return 'segment cues';
  }
  return null;
};

const isWrongCue = (cue: SegmentCue): boolean => {
  if (cue.kind === 'poll') return wrongPoll(cue) !== null;
  if (cue.kind !== 'offer') return !isId(cue.id);
  const { variants, perPersonMax, durationMs } = cue;
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 1;
  return !(
    variants.length >= 1 &&
    variants.length <= limits.offerVariantsMax &&
    variants.every(
      ({ priceMinor, quantity }) =>
        Number.isSafeInteger(priceMinor) && priceMinor >= 0 && isCount(quantity),
    ) &&
    (perPersonMax === null || isCount(perPersonMax)) &&
    isCount(durationMs) &&
    durationMs <= limits.offerMsMax
  );
};

export const evolveRunOfShow = (run: RunOfShow, event: RunOfShowEvent, atMs: number): void => {
  switch (event.kind) {
    case 'SegmentsArranged':
      run.segments = event.data.segments;
      return;
    case 'SegmentEntered':
      run.current = event.data.segmentId;
      run.currentSinceMs = atMs;
      return;
  }
};
