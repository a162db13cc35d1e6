// Captions in their place on a recording, and as a WebVTT file (https://www.w3.org/TR/webvtt1/). Shared by the
// server's file and the player, so that both show the same words at the same moment.

import type { CaptionLine } from './room.ts';

/** Milliseconds from the start of the recording. */
export type CaptionCue = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly text: string;
  /** BCP 47. */
  readonly language: string;
};

/** About 17 characters a second are read with ease; a cue stays for that, and at least for a moment. */
const readMsPerCharacter = 60;
const shownMsMin = 1_200;
const shownMsMax = 8_000;

/** How long words stay on a screen so that they can be read, in ms; at least for as long as they were spoken. */
export const captionShownMs = (text: string, spokenMs = 0): number =>
  Math.min(shownMsMax, Math.max(shownMsMin, text.length * readMsPerCharacter, spokenMs));

/** The cues of captions in their order; those from before the recording are left out, and none covers the next. */
export const cuesOf = (
  captions: readonly CaptionLine[],
  recordingStartedAtMs: number,
): readonly CaptionCue[] => {
  const cues: CaptionCue[] = [];
  let nextFromMs = Number.POSITIVE_INFINITY;
  for (const { atMs, spokenMs, text, language } of captions.toReversed()) {
    const saidMs = atMs - recordingStartedAtMs;
    const fromMs = Math.max(0, saidMs - spokenMs);
    if (saidMs < 0) continue;
    const toMs = Math.min(nextFromMs, fromMs + captionShownMs(text, spokenMs));
    if (toMs <= fromMs) continue;
    cues.push({ fromMs, toMs, text, language });
    nextFromMs = fromMs;
  }
  return cues.reverse();
};

export const webVtt = (cues: readonly Omit<CaptionCue, 'language'>[]): string =>
  ['WEBVTT', ...cues.map(written)].join('\n\n').concat('\n');

const written = ({ fromMs, toMs, text }: Omit<CaptionCue, 'language'>): string =>
  `${timestamp(fromMs)} --> ${timestamp(toMs)}\n${escaped(text)}`;

const timestamp = (ms: number): string => {
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = Math.floor(ms / 1000);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two);
  return `${clock.join(':')}.${String(ms % 1000).padStart(3, '0')}`;
};

/** Cue text knows tags, so that what somebody said can't be one; a caption is one line. */
const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\s+/g, ' ');
