// A report in words: what to mend first, lengths of time, and the change since the last rehearsal.

import { problemOf } from '../../protocol/problems.ts';
import type { RehearsalReport } from '../../protocol/rehearsal.ts';

/** `8 s`, `2 min 05 s`. */
export const lengthText = (ms: number): string => {
  const seconds = Math.round(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds} s`;
  const rest = seconds % 60;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${String(rest).padStart(2, '0')} s`;
};

/** `3 more`, `2 fewer`, in figures or in what `words` makes of them; empty where there is nothing to compare. */
export const changeText = (
  now: number,
  before: number | null,
  words: (value: number) => string = String,
): string => {
  if (before === null) return '';
  const change = now - before;
  if (change === 0) return 'as before';
  return change > 0 ? `${words(change)} more` : `${words(-change)} less`;
};

export const refusalWords = (code: string): string => problemOf(code).title;

export type Mend = { readonly what: string; readonly cure: string };

/** A plan that is exceeded by less than this isn't worth a word. */
const overMs = 60_000;
/** Longer without a picture, and a crowd leaves. */
const awayMsMax = 15_000;

/** What the report asks its host to change, the gravest first. */
export const toMend = (report: RehearsalReport): readonly Mend[] => {
  const { cut, questions, withoutDemo, story, plannedMs, actualMs, rude, segments } = report;
  const open = questions.asked - questions.answered;
  const mends: (Mend | false)[] = [
    cut?.awayMs === null && {
      what: 'The picture never came back after the cut.',
      cure: 'Check the line, and keep the studio open: it comes back by itself.',
    },
    cut !== null &&
      cut.awayMs !== null &&
      cut.awayMs > awayMsMax && {
        what: `The picture was away for ${lengthText(cut.awayMs)}.`,
        cure: 'Stand closer to the router or take a cable; check the line before the show.',
      },
    ...withoutDemo.map((title) => ({
      what: `${title} was sold before anybody had seen it used.`,
      cure: 'Enter a demo of it first, or pin it while you show it.',
    })),
    open > 0 && {
      what: `${open} of ${questions.asked} questions stayed open.`,
      cure: 'Let somebody answer in the chat, or plan a question time.',
    },
    plannedMs > 0 &&
      actualMs - plannedMs > overMs && {
        what: `It took ${lengthText(actualMs - plannedMs)} longer than planned.`,
        cure: 'Shorten what the story can do without, or plan the time that it takes.',
      },
    rude.said > rude.removed && {
      what: `${rude.said - rude.removed} rude lines stayed.`,
      cure: 'Have a moderator in the room.',
    },
    segments.some(({ actualMs: took }) => took === 0) && {
      what: `${segments.filter(({ actualMs: took }) => took === 0).length} segments were never entered.`,
      cure: 'Take them out, or press N when you come to them.',
    },
    ...story.map(({ words, cure }) => ({ what: words, cure })),
  ];
  return mends.filter((one) => one !== false);
};
