// What an owner types to make a promo code, and what the shop gets from it; and a code in words. Text stays
// text until it is sent.

import { limits } from '../../base/limits.ts';
import { normalCode } from '../../domain/order/promo-code.ts';
import type { CodeView, MakeCodeBody } from '../../protocol/codes.ts';
import { readAmount } from '../design/amount.ts';
import { momentText } from '../design/clock.tsx';
import { moneyText } from '../design/money.tsx';
import { momentOf } from './plan-form.ts';

export type CodeForm = {
  readonly code: string;
  readonly kind: 'percent' | 'amount';
  /** Percent, or an amount in the shop's currency. */
  readonly off: string;
  /** Empty: all products. */
  readonly productIds: readonly string[];
  /** Empty: none. */
  readonly minimum: string;
  /** As `datetime-local` fields hold them; empty: now, and until it is ended. */
  readonly from: string;
  readonly until: string;
  /** Empty: no limit. */
  readonly uses: string;
  readonly perPerson: string;
};

export type CodeProblems = Readonly<Record<string, string>>;

export const newCode: CodeForm = {
  code: '',
  kind: 'percent',
  off: '10',
  productIds: [],
  minimum: '',
  from: '',
  until: '',
  uses: '',
  perPerson: '1',
};

const count = (text: string, max: number): number | null => {
  const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
  return value >= 1 && value <= max ? value : null;
};

/** What the shop would get, or what stands against it, field by field. */
export const checkCode = (
  form: CodeForm,
  currency: string,
  nowMs: number,
):
  | { readonly ok: true; readonly body: MakeCodeBody }
  | { readonly ok: false; readonly problems: CodeProblems } => {
  const problems: Record<string, string> = {};
  const code = normalCode(form.code);
  if (code === null) problems.code = '3 to 32 letters, digits, - or _.';
  const percent = count(form.off, 100);
  const amount = readAmount(form.off, currency);
  const isOff = form.kind === 'percent' ? percent !== null : amount !== null && amount.minor > 0;
  if (!isOff) {
    problems.off =
      form.kind === 'percent' ? 'A whole number from 1 to 100.' : 'An amount such as 5 or 5.50.';
  }
  const minimum = form.minimum.trim() === '' ? { minor: 0 } : readAmount(form.minimum, currency);
  if (minimum === null) problems.minimum = 'An amount such as 50, or empty for none.';
  const fromMs = momentOf(form.from);
  const untilMs = momentOf(form.until);
  if (untilMs !== null && untilMs <= Math.max(nowMs, fromMs ?? nowMs))
    problems.until = 'After its beginning, and still to come.';
  const usesMax = form.uses.trim() === '' ? null : count(form.uses, limits.codeUsesMax);
  if (form.uses.trim() !== '' && usesMax === null)
    problems.uses = 'A whole number from 1, or empty for no limit.';
  const perPersonMax =
    form.perPerson.trim() === '' ? null : count(form.perPerson, limits.codeUsesMax);
  if (form.perPerson.trim() !== '' && perPersonMax === null)
    problems.perPerson = 'A whole number from 1, or empty for no limit.';
  if (Object.keys(problems).length > 0 || code === null || minimum === null)
    return { ok: false, problems };
  return {
    ok: true,
    body: {
      code,
      off:
        form.kind === 'percent'
          ? { kind: 'percent', percent: percent ?? 0 }
          : { kind: 'amount', minor: amount?.minor ?? 0 },
      productIds: form.productIds.length === 0 ? null : [...form.productIds],
      minimumMinor: minimum.minor,
      fromMs,
      untilMs,
      usesMax,
      perPersonMax,
    },
  };
};

/** `10 % off all products, from € 50.00 on`. */
export const codeWords = ({ off, currency, productIds, minimumMinor }: CodeView): string => {
  const what =
    off.kind === 'percent' ? `${off.percent} %` : moneyText({ minor: off.minor, currency });
  const whose =
    productIds === null
      ? 'all products'
      : `${productIds.length} ${productIds.length === 1 ? 'product' : 'products'}`;
  const least = minimumMinor > 0 ? `, from ${moneyText({ minor: minimumMinor, currency })} on` : '';
  return `${what} off ${whose}${least}`;
};

/** `3 of 100 used, 1 a person`. */
export const usesWords = ({ uses, usesMax, perPersonMax }: CodeView): string =>
  `${usesMax === null ? `${uses} used` : `${uses} of ${usesMax} used`}${perPersonMax === null ? '' : `, ${perPersonMax} a person`}`;

export type CodeState = 'coming' | 'running' | 'used-up' | 'over';

/** How a code stands at a moment. */
export const codeState = (code: CodeView, nowMs: number): CodeState => {
  if (code.isEnded || (code.untilMs !== null && nowMs >= code.untilMs)) return 'over';
  if (code.usesMax !== null && code.uses >= code.usesMax) return 'used-up';
  return nowMs < code.fromMs ? 'coming' : 'running';
};

/** When it counts, as far as that still says something. */
export const timeWords = ({ fromMs, untilMs }: CodeView, nowMs: number): string =>
  [
    fromMs > nowMs ? `from ${momentText(fromMs)}` : '',
    untilMs === null ? '' : `until ${momentText(untilMs)}`,
  ]
    .filter(Boolean)
    .join(' ');
