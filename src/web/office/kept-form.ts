// The form of how long recordings and clips are kept: what is typed, what is wrong with it, what is sent.

import { limits } from '../../base/limits.ts';
import type { KeptRulesBody } from '../../protocol/kept.ts';

export type Stay = 'for-ever' | 'days';

export type KeptForm = {
  readonly recordings: Stay;
  readonly recordingDays: string;
  readonly clips: Stay;
  readonly clipDays: string;
  readonly clipsWhileOnSale: boolean;
};

/** A length that is offered to who had none. */
const suggestedDays = '90';

export const keptFormOf = (rules: KeptRulesBody): KeptForm => ({
  recordings: rules.recordingDays === null ? 'for-ever' : 'days',
  recordingDays: String(rules.recordingDays ?? suggestedDays),
  clips: rules.clipDays === null ? 'for-ever' : 'days',
  clipDays: String(rules.clipDays ?? suggestedDays),
  clipsWhileOnSale: rules.clipsWhileOnSale,
});

export type KeptProblems = Partial<Record<'recordingDays' | 'clipDays', string>>;

export const checkKept = (
  form: KeptForm,
): { readonly body: KeptRulesBody | null; readonly problems: KeptProblems } => {
  const problems: { -readonly [name in keyof KeptProblems]: string } = {};
  const daysOf = (name: keyof KeptProblems, stay: Stay): number | null => {
    if (stay === 'for-ever') return null;
    const text = form[name].trim();
    const days = Number(text);
    if (!/^\d+$/.test(text) || days < 1 || days > limits.keptDaysMax)
      problems[name] = `Whole days, from 1 to ${limits.keptDaysMax}.`;
    return days;
  };
  const body = {
    recordingDays: daysOf('recordingDays', form.recordings),
    clipDays: daysOf('clipDays', form.clips),
    clipsWhileOnSale: form.clipsWhileOnSale,
  };
  return { body: Object.keys(problems).length > 0 ? null : body, problems };
};

/** Whether files that are there now go away sooner than they would have: asked about before it is done. */
export const isShorter = (before: KeptRulesBody, after: KeptRulesBody): boolean => {
  const days = (value: number | null) => value ?? Infinity;
  return (
    days(after.recordingDays) < days(before.recordingDays) ||
    days(after.clipDays) < days(before.clipDays) ||
    (before.clipsWhileOnSale && !after.clipsWhileOnSale && after.clipDays !== null)
  );
};
