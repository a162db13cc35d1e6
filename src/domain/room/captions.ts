// What is said in a show, written down while it is said: by the host's browser, by their encoder, or by
// somebody of the crew who types. The words are personal: they stand outside the hashed body. The state
// keeps only when the last one came. Rules: docs/rules/captions.md.

import { limits } from '../../base/limits.ts';
import { type Refusal, refuse } from '../../base/result.ts';
import { isCrew, type Stamp } from '../decider.ts';
import { cleanText } from './chat.ts';

/** Who wrote it down: a browser that listens, the encoder's own captions, or a person. */
export const captionSources = ['speech', 'encoder', 'typed'] as const;
export type CaptionSource = (typeof captionSources)[number];

export type Captions = {
  /** Times of the latest captions, for the burst limit. */
  times: number[];
};

export const noCaptions = (): Captions => ({ times: [] });

export type CaptionCommand = {
  readonly kind: 'SayCaption';
  readonly text: string;
  readonly source: CaptionSource;
  /** BCP 47. */
  readonly language: string;
  /** For how long it had been spoken when it was sent, in ms. */
  readonly spokenMs: number;
};

export type CaptionEvent = {
  readonly kind: 'CaptionSaid';
  readonly data: {
    readonly source: CaptionSource;
    readonly language: string;
    readonly spokenMs: number;
  };
  readonly personal?: { readonly text: string } | null;
};

/** Letters, then subtags: enough of BCP 47 to hand it to a browser. */
const languagePattern = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;

export const isLanguage = (language: string): boolean => languagePattern.test(language);

export const decideCaption = (
  { times }: Captions,
  command: CaptionCommand,
  { by, atMs }: Stamp,
): readonly CaptionEvent[] | Refusal => {
  if (by.kind !== 'system' && !isCrew(by)) return refuse('not-allowed');
  const text = cleanText(command.text);
  if (text.length === 0) return refuse('message-empty');
  if (text.length > limits.captionTextMax)
    return refuse('message-too-long', { max: limits.captionTextMax });
  if (!isLanguage(command.language)) return refuse('caption-invalid', { field: 'language' });
  const { spokenMs, source, language } = command;
  if (!Number.isSafeInteger(spokenMs) || spokenMs < 0 || spokenMs > limits.captionSpokenMsMax)
    return refuse('caption-invalid', { field: 'spokenMs' });
  const recent = recentTimes(times, atMs);
  if (recent.length >= limits.captionBurst)
    return refuse('captions-too-fast', { retryAfterMs: recent[0]! + limits.captionBurstMs - atMs });
  return [{ kind: 'CaptionSaid', data: { source, language, spokenMs }, personal: { text } }];
};

const recentTimes = (times: readonly number[], nowMs: number): readonly number[] =>
  times.filter((atMs) => atMs > nowMs - limits.captionBurstMs);

export const evolveCaption = (captions: Captions, atMs: number): void => {
  captions.times = [...recentTimes(captions.times, atMs), atMs];
};
