// Which label of disclosure holds in a room, and when each held in a show that is over: for the picture live, for the
// replay at its moments, and for whoever cuts a clip. Pure. Rules: docs/rules/disclosure.md.

import { byWeight, type DisclosureLabel, inForce, labelOf } from '../base/disclosure.ts';
import { applyMessage, type Room, type RoomMessage } from './room.ts';

/**
 * [DIS-5] Whether something that the host earns from is before the crowd: pinned, in an open offer, a running lot or
 * an open drop.
 */
const showsEarning = ({ shelf, pinned, offers, lots, drops }: Shown): boolean => {
  const shown = new Set<string | null>([
    pinned,
    ...offers.map(({ productId }) => productId),
    ...lots
      .filter(({ figures: { phase } }) => ['called', 'open', 'paused'].includes(phase))
      .map(({ productId }) => productId),
    ...drops.filter(({ figures }) => figures.phase === 'open').map(({ productId }) => productId),
  ]);
  return shelf.some(({ productId, hostEarns }) => hostEarns === true && shown.has(productId));
};

type Shown = Pick<Room, 'shelf' | 'pinned' | 'offers' | 'lots' | 'drops'>;

/** [DIS-4] The labels that hold now, the weightiest first; empty where the host has no stake. */
export const disclosuresOf = (
  room: Shown & Pick<Room, 'plan' | 'segments' | 'segmentId'>,
): readonly DisclosureLabel[] => {
  const { plan, segments, segmentId } = room;
  const segment = segments.find((one) => one.segmentId === segmentId);
  return inForce({
    show: plan.disclosure,
    segment: segment?.disclosure,
    earns: showsEarning(room),
  }).map((disclosure) => labelOf(disclosure, plan.hostName, plan.partner));
};

/** From here on these labels hold, until the next span. */
export type DisclosureSpan = {
  /** Milliseconds into the recording. */
  readonly fromMs: number;
  readonly labels: readonly DisclosureLabel[];
};

/**
 * [DIS-6] The labels of a show over its recording: a span for each change, the first at or before 0. `start` is the
 * room before the first of `moments`, which are in order. A clip from a to b carries every label that held in it:
 * `labelsWithin`.
 */
export const disclosureSpans = (
  start: Room,
  moments: readonly { readonly offsetMs: number; readonly message: RoomMessage }[],
): readonly DisclosureSpan[] => {
  let room = start;
  const spans: DisclosureSpan[] = [{ fromMs: 0, labels: disclosuresOf(start) }];
  for (const { offsetMs, message } of moments) {
    room = applyMessage(room, message, 1);
    if (!changesLabels.has(message.t)) continue;
    const labels = disclosuresOf(room);
    const last = spans.at(-1);
    if (last && sameLabels(last.labels, labels)) continue;
    const fromMs = Math.max(0, offsetMs);
    if (last?.fromMs === fromMs) spans.pop();
    spans.push({ fromMs, labels });
  }
  return spans;
};

/** [DIS-6] What a clip must carry: each label that held at some moment of it, the weightiest first. */
export const labelsWithin = (
  spans: readonly DisclosureSpan[],
  fromMs: number,
  toMs: number,
): readonly DisclosureLabel[] => {
  const byName = new Map<string, DisclosureLabel>();
  spans.forEach((span, index) => {
    const endMs = spans[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    if (span.fromMs <= toMs && endMs > fromMs)
      for (const label of span.labels) byName.set(label.disclosure, label);
  });
  return byWeight.flatMap((name) => byName.get(name) ?? []);
};

/** [DIS-6] The labels that held at a moment of the recording. */
export const labelsAt = (
  spans: readonly DisclosureSpan[],
  atMs: number,
): readonly DisclosureLabel[] => labelsWithin(spans, atMs, atMs);

const changesLabels: ReadonlySet<RoomMessage['t']> = new Set([
  'plan',
  'segments',
  'segment',
  'shelf',
  'pin',
  'offer-opened',
  'offer-closed',
  'lot-prepared',
  'lot',
  'drop-announced',
  'drop',
] as const);

const sameLabels = (a: readonly DisclosureLabel[], b: readonly DisclosureLabel[]): boolean =>
  a.length === b.length && a.every(({ disclosure }, index) => disclosure === b[index]?.disclosure);
