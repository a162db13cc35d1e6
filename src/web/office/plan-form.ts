// What a host types to plan a show, and what the shop gets from it. Text stays text until it is sent.
// Moving segments, checking fields and finding what changed live here, pure; drag and keys are
// crew/sortable-run.tsx.

import type { SegmentId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import {
  type Beat,
  beats,
  type Disclosure,
  disclosures,
  type ShowKind,
  showKinds,
} from '../../base/words.ts';
import type { Story } from '../../domain/show/story-lint.ts';
import { templateFor } from '../../domain/show/templates.ts';
import type {
  AccessBody,
  PlanShowBody,
  SegmentBody,
  SegmentCueBody,
  SegmentEditBody,
  ShowDetail,
} from '../../protocol/http.ts';
import type { RoomAccess } from '../../protocol/room.ts';

export type SegmentRow = {
  readonly segmentId: string;
  readonly title: string;
  readonly beat: Beat;
  readonly minutes: string;
  readonly productIds: readonly string[];
  readonly notes: string;
  /** Null: what the show says. */
  readonly disclosure: Disclosure | null;
  readonly cues: readonly SegmentCueBody[];
};

export type MaterialRow = {
  /** Of the row on the screen alone. */
  readonly rowId: string;
  readonly title: string;
  readonly quantity: string;
  readonly note: string;
  readonly productId: string | null;
};

export type PlanForm = {
  readonly title: string;
  readonly showKind: ShowKind;
  /** As a `datetime-local` field holds it: `2026-11-29T21:00`, in the host's own time zone. */
  readonly startsAt: string;
  readonly disclosure: Disclosure;
  /** Who pays for a paid partnership; empty: nobody is named. */
  readonly partner: string;
  /** How long the evening is meant to be, in minutes; empty: as long as its segments. */
  readonly length: string;
  readonly productIds: readonly string[];
  readonly segments: readonly SegmentRow[];
  readonly accessFor: AccessBody['for'];
  /** The variant that is the ticket; counts for `ticket`. */
  readonly ticket: { readonly productId: string; readonly variantId: string } | null;
  /** Counts for `members`. */
  readonly tier: string;
  readonly materials: readonly MaterialRow[];
};

export type PlanProblems = Readonly<Record<string, string>>;

/** `2026-11-29T21:00` for a moment, in this browser's time zone. */
export const localText = (atMs: number): string => {
  const date = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
};

/** The moment of a `datetime-local` text, or null while it is none. */
export const momentOf = (text: string): number | null => {
  const atMs = new Date(text).getTime();
  return text.trim() === '' || Number.isNaN(atMs) ? null : atMs;
};

/** Tonight at eight, or tomorrow when that is less than an hour away. */
export const defaultStartMs = (nowMs: number): number => {
  const evening = new Date(nowMs);
  evening.setHours(20, 0, 0, 0);
  if (evening.getTime() - nowMs < 3_600_000) evening.setDate(evening.getDate() + 1);
  return evening.getTime();
};

type SegmentShown = Omit<SegmentBody, 'beat' | 'disclosure' | 'cues'> & {
  beat: string;
  disclosure?: string | undefined;
  cues?: readonly SegmentCueBody[] | undefined;
};

const rowOf = (segment: SegmentShown): SegmentRow => ({
  segmentId: segment.segmentId,
  title: segment.title,
  beat: beats.find((beat) => beat === segment.beat) ?? 'demo',
  minutes: String(segment.minutes),
  productIds: segment.productIds,
  notes: segment.notes,
  disclosure: disclosures.find((one) => one === segment.disclosure) ?? null,
  cues: segment.cues ?? [],
});

/** A segment of a beat, for its place in a run of show. */
export const blankRow = (segmentId: string, beat: Beat = 'demo', title = ''): SegmentRow => ({
  segmentId,
  title,
  beat,
  minutes: '8',
  productIds: [],
  notes: '',
  disclosure: null,
  cues: [],
});

/** The template of a kind as rows, with ids from `newId`. */
export const templateRows = (kind: ShowKind, newId: () => string): readonly SegmentRow[] =>
  templateFor(kind, () => newId() as SegmentId).map((segment) =>
    rowOf({ ...segment, productIds: [], cues: [] }),
  );

export const newPlan = (nowMs: number, newId: () => string): PlanForm => ({
  title: '',
  showKind: 'demonstration',
  startsAt: localText(defaultStartMs(nowMs)),
  disclosure: 'own-brand',
  partner: '',
  length: '',
  productIds: [],
  segments: templateRows('demonstration', newId),
  accessFor: 'everybody',
  ticket: null,
  tier: '',
  materials: [],
});

export const planOf = ({ show, room, segments }: ShowDetail): PlanForm => ({
  title: show.title,
  showKind: showKinds.find((kind) => kind === show.showKind) ?? 'demonstration',
  startsAt: localText(show.startsAtMs),
  disclosure: disclosures.find((one) => one === show.disclosure) ?? 'own-brand',
  partner: room.plan.partner ?? '',
  length: room.plan.minutes === undefined ? '' : String(room.plan.minutes),
  productIds: room.shelf.map(({ productId }) => productId),
  segments: (
    segments ??
    room.segments.map((segment) => ({ ...segment, productIds: [...segment.productIds], notes: '' }))
  ).map(rowOf),
  ...accessOf(room.plan.access),
  materials: (room.plan.materials ?? []).map((material, index) => ({
    ...material,
    rowId: `m${index}`,
  })),
});

const accessOf = (
  access: RoomAccess = { for: 'everybody' },
): Pick<PlanForm, 'accessFor' | 'ticket' | 'tier'> => ({
  accessFor: access.for,
  ticket:
    access.for === 'ticket' ? { productId: access.productId, variantId: access.variantId } : null,
  tier: access.for === 'members' ? access.tier : '',
});

const accessBodyOf = ({ accessFor, ticket, tier }: PlanForm): AccessBody => {
  if (accessFor === 'ticket' && ticket) return { for: 'ticket', ...ticket };
  return accessFor === 'members' ? { for: 'members', tier: tier.trim() } : { for: 'everybody' };
};

/** True while the rows are a template as it came: another kind may replace them without asking. */
export const isUntouched = ({ segments, showKind }: PlanForm): boolean => {
  const template = templateRows(showKind, () => 'x');
  return (
    segments.length === template.length &&
    segments.every((row, index) => {
      const same = template[index];
      return (
        row.title === same?.title &&
        row.beat === same.beat &&
        row.minutes === same.minutes &&
        row.notes === same.notes &&
        row.disclosure === null &&
        row.cues.length === 0 &&
        row.productIds.length === 0
      );
    })
  );
};

/** The list with one item taken out at `from` and put back at `to`; out of range changes nothing. */
export const moved = <T>(list: readonly T[], from: number, to: number): readonly T[] => {
  const item = list[from];
  if (item === undefined || from === to || to < 0 || to >= list.length) return list;
  const rest = list.filter((_, index) => index !== from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
};

/** Minutes as hosts type them, or null: `7`, `2.5`, `2,5`. */
export const minutesOf = (text: string): number | null => {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) && value > 0 && value <= 1_440 ? value : null;
};

export const totalMinutes = (rows: readonly SegmentRow[]): number =>
  rows.reduce((sum, { minutes }) => sum + (minutesOf(minutes) ?? 0), 0);

/** Field by field what the shop would refuse. Rows are `title:<id>`, `minutes:<id>`, `notes:<id>`. */
export const planProblems = (form: PlanForm): PlanProblems => {
  const problems: Record<string, string> = {};
  if (form.title.trim() === '') problems.title = 'A show needs a title.';
  if (form.title.length > limits.titleMax)
    problems.title = `At most ${limits.titleMax} characters.`;
  if (momentOf(form.startsAt) === null) problems.startsAt = 'A day and a time.';
  if (form.length.trim() !== '' && minutesOf(form.length) === null)
    problems.length = 'Minutes, such as 60; or nothing.';
  if (form.accessFor === 'ticket' && form.ticket === null)
    problems.ticket = 'Search the product and take one of its variants.';
  if (form.accessFor === 'members' && form.tier.trim() === '')
    problems.tier = 'Members of which tier?';
  for (const { rowId, title } of form.materials) {
    if (title.trim() === '') problems[`material:${rowId}`] = 'What is it?';
    if (title.length > limits.titleMax)
      problems[`material:${rowId}`] = `At most ${limits.titleMax} characters.`;
  }
  for (const { segmentId, title, minutes, notes } of form.segments) {
    if (title.trim() === '') problems[`title:${segmentId}`] = 'What happens here?';
    if (title.length > limits.titleMax)
      problems[`title:${segmentId}`] = `At most ${limits.titleMax} characters.`;
    if (minutesOf(minutes) === null) problems[`minutes:${segmentId}`] = 'Minutes, such as 8.';
    if (notes.length > limits.noteMax)
      problems[`notes:${segmentId}`] = `At most ${limits.noteMax} characters.`;
  }
  return problems;
};

/** The segments as the shop takes them; products that left the shelf leave the segments too. */
export const segmentBodies = (form: PlanForm): SegmentBody[] =>
  form.segments.map((row) => ({
    segmentId: row.segmentId,
    title: row.title.trim(),
    beat: row.beat,
    minutes: minutesOf(row.minutes) ?? 1,
    productIds: row.productIds.filter((id) => form.productIds.includes(id)),
    notes: row.notes,
    ...(row.disclosure === null ? {} : { disclosure: row.disclosure }),
    ...(row.cues.length === 0 ? {} : { cues: [...row.cues] }),
  }));

/**
 * What changed between two runs of show, as edits of whichever stands now: as few moves as there can be, so that
 * what somebody else moved meanwhile stays moved.
 */
export const segmentEdits = (
  before: readonly SegmentBody[],
  now: readonly SegmentBody[],
): SegmentEditBody[] => {
  const placeBefore = new Map(before.map(({ segmentId }, index) => [segmentId, index]));
  const kept = new Set(now.map(({ segmentId }) => segmentId));
  const stays = longestRise(now.flatMap(({ segmentId }) => placeBefore.get(segmentId) ?? []));
  const edits: SegmentEditBody[] = before
    .filter(({ segmentId }) => !kept.has(segmentId))
    .map(({ segmentId }) => ({ do: 'remove', segmentId }));
  now.forEach((segment, index) => {
    const { segmentId } = segment;
    const after = now[index - 1]?.segmentId ?? null;
    const place = placeBefore.get(segmentId);
    const former = place === undefined ? undefined : before[place];
    if (place === undefined || !former) {
      edits.push({ do: 'add', segment, after });
      return;
    }
    if (!stays.has(place)) edits.push({ do: 'move', segmentId, after });
    const change = changeOf(former, segment);
    if (change) edits.push({ do: 'change', segmentId, change });
  });
  return edits;
};

/** The fields that differ, or null. */
const changeOf = (
  before: SegmentBody,
  now: SegmentBody,
): Extract<SegmentEditBody, { do: 'change' }>['change'] | null => {
  const whole = (one: SegmentBody) => ({
    ...one,
    disclosure: one.disclosure ?? null,
    cues: one.cues ?? [],
  });
  const [was, is] = [whole(before), whole(now)];
  const fields = (Object.keys(is) as (keyof typeof is)[]).filter(
    (field) => JSON.stringify(was[field]) !== JSON.stringify(is[field]),
  );
  return fields.length === 0 ? null : Object.fromEntries(fields.map((field) => [field, is[field]]));
};

/** The values of the longest rising row in `values`: those that needn't move. */
const longestRise = (values: readonly number[]): ReadonlySet<number> => {
  const best = values.map(() => ({ length: 1, from: -1 }));
  let end = values.length - 1;
  values.forEach((value, index) => {
    for (let earlier = 0; earlier < index; earlier += 1) {
      const here = best[index];
      const there = best[earlier];
      if (here && there && (values[earlier] ?? 0) < value && there.length + 1 > here.length)
        best[index] = { length: there.length + 1, from: earlier };
    }
    if ((best[index]?.length ?? 0) > (best[end]?.length ?? 0)) end = index;
  });
  const rise = new Set<number>();
  for (let at = end; at >= 0; at = best[at]?.from ?? -1) rise.add(values[at] ?? 0);
  return rise;
};

export const planBody = (form: PlanForm): PlanShowBody => ({
  title: form.title.trim(),
  showKind: form.showKind,
  startsAtMs: momentOf(form.startsAt) ?? 0,
  disclosure: form.disclosure,
  partner: form.partner.trim(),
  minutes: minutesOf(form.length),
  segments: segmentBodies(form),
  productIds: [...form.productIds],
  access: accessBodyOf(form),
  materials: form.materials.map(({ rowId: _, ...material }) => material),
});

/** Which parts of a plan differ: each is sent on its own. */
export const changedParts = (
  before: PlanForm,
  now: PlanForm,
): { readonly plan: boolean; readonly segments: boolean; readonly shelf: boolean } => {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const head = (form: PlanForm) => {
    const { title, showKind, startsAt, disclosure, partner, length, materials } = form;
    const access = accessBodyOf(form);
    return [title, showKind, startsAt, disclosure, partner, length, access, materials];
  };
  return {
    plan: !same(head(before), head(now)),
    segments:
      !same(before.segments, now.segments) || !same(segmentBodies(before), segmentBodies(now)),
    shelf: !same(before.productIds, now.productIds),
  };
};

/** The rows as the story is read from them (docs/rules/story.md). */
export const storyOf = (form: PlanForm): Story => ({
  segments: form.segments.map((row) => ({
    ...row,
    minutes: minutesOf(row.minutes) ?? 0,
    productIds: row.productIds.filter((id) => form.productIds.includes(id)),
  })),
  minutes: minutesOf(form.length),
  shelf: form.productIds,
});
