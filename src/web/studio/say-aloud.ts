// When the host is reminded to say aloud what their stake is: at the beginning, every so often, and when many
// newcomers came since it was said last. Pure. Rules: docs/rules/disclosure.md (DIS-8).

import type { DisclosureLabel } from '../../base/disclosure.ts';
import { aloudOf } from '../../base/disclosure.ts';
import { limits } from '../../base/limits.ts';

export type AloudInput = {
  /** What is on the label now. */
  readonly labels: readonly DisclosureLabel[];
  readonly nowMs: number;
  /** When it was said last; null: not yet. */
  readonly saidAtMs: number | null;
  /** People who came since then. */
  readonly newcomers: number;
  readonly viewers: number;
};

export type AloudCue = {
  readonly why: 'first' | 'newcomers' | 'time';
  /** What to say, in the host's own voice. */
  readonly words: string;
};

/** The cue that is due, or null. A show that has no stake to tell is never reminded. */
export const aloudCue = ({
  labels,
  nowMs,
  saidAtMs,
  newcomers,
  viewers,
}: AloudInput): AloudCue | null => {
  if (labels.length === 0) return null;
  const words = labels.map(aloudOf).join(' ');
  if (saidAtMs === null) return { why: 'first', words };
  const many = Math.max(limits.disclosureNewcomersMin, viewers * limits.disclosureNewcomersShare);
  if (newcomers >= many) return { why: 'newcomers', words };
  return nowMs - saidAtMs >= limits.disclosureAloudMs ? { why: 'time', words } : null;
};

/** People who came, from the room's figures one after the other: whoever left and came back counts again. */
export type Arrivals = {
  readonly viewers: number;
  readonly came: number;
  readonly saidAtMs: number | null;
};

export const countArrivals = (
  { viewers: before, came, saidAtMs: since }: Arrivals,
  viewers: number,
  saidAtMs: number | null,
): Arrivals => {
  const more = Math.max(0, viewers - before);
  return { viewers, came: saidAtMs === since ? came + more : 0, saidAtMs };
};
