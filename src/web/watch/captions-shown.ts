// Which captions stand on the screen: while it is live each for as long as it takes to read it, two at most; in a replay
// those of its moment. Pure. Rules: docs/rules/captions.md (CAP-7, CAP-8).

import type { CaptionLine } from '../../protocol/room.ts';
import { type CaptionCue, captionShownMs } from '../../protocol/web-vtt.ts';

/** Words on the screen. `untilMs` is when they go, on the clock that `nowMs` was of. */
export type ShownCaption = {
  readonly key: number;
  readonly text: string;
  readonly language: string;
  readonly untilMs: number;
};

/** Two captions of a line each stand together; with a longer one the former goes. */
const lineChars = 40;

/** What stands there once `latest` came, at `nowMs`: what was read goes, and what came before this page did isn't shown. */
export const withLatest = (
  shown: readonly ShownCaption[],
  latest: CaptionLine | null,
  nowMs: number,
): readonly ShownCaption[] => {
  const still = shown.filter(({ untilMs }) => untilMs > nowMs);
  if (!latest || shown.some(({ key }) => key === latest.seq)) return still;
  const untilMs = latest.atMs + captionShownMs(latest.text);
  if (untilMs <= nowMs) return still;
  const { seq: key, text, language } = latest;
  const before = still.at(-1);
  const fits = before && before.text.length <= lineChars && text.length <= lineChars;
  return [...(fits ? [before] : []), { key, text, language, untilMs }];
};

/** The cue of a moment of the replay; null where nothing was said. */
export const cueAt = (cues: readonly CaptionCue[], atMs: number): CaptionCue | null => {
  const last = cues.findLast(({ fromMs }) => fromMs <= atMs);
  return last && atMs < last.toMs ? last : null;
};
