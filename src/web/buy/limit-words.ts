// What a buyer reads when a limit of their own refuses a wish: beside the button, with what is left of it.

import { momentText } from '../design/clock.tsx';
import { moneyText } from '../design/money.tsx';

export type LimitWords = { readonly title: string; readonly detail: string };

/** Null for a problem that isn't about the buyer's own limits. */
export const limitWords = (problem: { readonly code: string }): LimitWords | null => {
  const { leftMinor, aboveMinor, currency, per, untilMs } = problem as {
    readonly leftMinor?: unknown;
    readonly aboveMinor?: unknown;
    readonly currency?: unknown;
    readonly per?: unknown;
    readonly untilMs?: unknown;
  };
  const amount = (minor: unknown): string =>
    moneyText({ minor: Number(minor), currency: String(currency) });
  switch (problem.code) {
    case 'spending-limit': {
      const of = per === 'show' ? 'for this show' : 'for today';
      return {
        title: `Above your own limit ${of}`,
        detail: leftMinor === 0 ? 'Nothing of it is left.' : `${amount(leftMinor)} of it is left.`,
      };
    }
    case 'time-limit':
      return {
        title: 'Your time for today is used up',
        detail: `You set it yourself. Watch on if you like; buy again from ${momentText(Number(untilMs))}.`,
      };
    case 'needs-confirmation':
      return {
        title: `This may come to more than ${amount(aboveMinor)}`,
        detail: 'You wanted to be asked.',
      };
    case 'too-many-pledges':
      return {
        title: 'You have too many things open at once',
        detail: 'Pay or release some first.',
      };
    default:
      return null;
  }
};
