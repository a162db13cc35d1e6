// The promo code of a purchase on the page: what the shop says that it takes off, and why it can't be used, in words.

import type { CodeQuote } from '../../protocol/codes.ts';
import type { MyHold } from '../../protocol/socket.ts';
import { moneyText } from '../design/money.tsx';
import { http, type WebProblem } from '../live/http-client.ts';

/** What a code takes off a hold, or off units of an offer that nobody keeps. Throws `ProblemError`. */
export const askQuote = (hold: MyHold, isKept: boolean, code: string) =>
  http.get<CodeQuote>(isKept ? quotePath(hold, code) : unkeptPath(hold, code));

const unkeptPath = ({ stream, offerId, variantId, quantity }: MyHold, code: string): string => {
  const at = [stream.replace(/^show-/, ''), offerId ?? '', variantId, code.trim()];
  const [show, offer, variant, word] = at.map(encodeURIComponent);
  return `/api/shows/${show}/offers/${offer}/variants/${variant}/codes/${word}?quantity=${quantity}`;
};

const quotePath = (hold: Pick<MyHold, 'stream' | 'holdId'>, code: string): string =>
  `/api/holds/${encodeURIComponent(hold.stream)}/${encodeURIComponent(hold.holdId)}/codes/${encodeURIComponent(code.trim())}`;

/** Why a code isn't taken, for the field that it was typed in. */
export const refusedCode = (problem: WebProblem): string => {
  const { code, minimumMinor, currency } = problem;
  if (code === 'code-minimum' && typeof minimumMinor === 'number' && typeof currency === 'string')
    return `It counts from goods of ${moneyText({ minor: minimumMinor, currency })} on.`;
  if (code === 'too-many-requests') return 'Too many tries. Wait a minute, then try again.';
  return `${problem.title}.`;
};

/** Problems that a purchase meets because of its code: without it, it may go on. */
export const isCodeProblem = ({ code }: WebProblem): boolean => code.startsWith('code-');
