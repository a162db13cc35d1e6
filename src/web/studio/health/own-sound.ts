// The sound that this browser sends, as its own statistics count it: how loud it is, and since when there is none. A
// host whose microphone was switched off at its cable hears nothing of that. Rules: docs/rules/health.md.

import { useEffect, useState } from 'react';
import type { OwnSound } from '../../../protocol/health.ts';
import { useStageState } from '../desk.tsx';

/** Below the noise of any room that a microphone hears. */
const silentDb = -70;

export type Sending = {
  readonly isOn: boolean;
  readonly muted: boolean;
  /** Null where the browser doesn't say. */
  readonly soundDb: number | null;
};

/** Since when nothing is heard; null while something is, while it is meant so, and where nobody can know. */
export const silentSince = (
  before: number | null,
  { isOn, muted, soundDb }: Sending,
  nowMs: number,
): number | null =>
  !isOn || muted || soundDb === null || soundDb > silentDb ? null : (before ?? nowMs);

/** `−23 dB`; `–` where nobody can know. */
export const soundWords = ({ muted, soundDb }: Sending): string =>
  muted
    ? 'muted'
    : soundDb === null
      ? '–'
      : soundDb <= silentDb
        ? 'silent'
        : `−${Math.abs(Math.round(soundDb))} dB`;

/** What goes out from here, looked at whenever the line is. */
export const useOwnSound = (): Sending & OwnSound => {
  const { line, muted, publish } = useStageState();
  const [heard, setHeard] = useState({ sinceMs: null as number | null, nowMs: 0 });
  const isOn = publish.phase === 'on';
  const soundDb = line?.soundDb ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each count of the line is looked at, though it be equal.
  useEffect(() => {
    const nowMs = Date.now();
    const sending = { isOn, muted, soundDb };
    setHeard(({ sinceMs }) => ({ sinceMs: silentSince(sinceMs, sending, nowMs), nowMs }));
  }, [line, isOn, muted, soundDb]);
  const { sinceMs, nowMs } = heard;
  return { isOn, muted, soundDb, silentForMs: sinceMs === null ? null : nowMs - sinceMs };
};
