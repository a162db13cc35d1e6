// Money is an integer of minor units with an ISO 4217 currency. There is no division here and no
// floating point: what needs a share (tax, commission) says how it rounds where it is computed.

import { assert } from './assert.ts';

/** `{ minor: 8600, currency: 'EUR' }` is € 86.00; `{ minor: 500, currency: 'JPY' }` is ¥ 500. */
export type Money = { readonly minor: number; readonly currency: string };

export const money = (minor: number, currency: string): Money => {
  assert(Number.isSafeInteger(minor), `money must be whole minor units, not ${minor}`);
  assert(/^[A-Z]{3}$/.test(currency), `currency must be ISO 4217, not ${currency}`);
  return { minor, currency };
};

/** The sum of two amounts of one currency; mixing currencies is a bug. */
export const addMoney = (a: Money, b: Money): Money => {
  assert(a.currency === b.currency, `can't add ${b.currency} to ${a.currency}`);
  return money(a.minor + b.minor, a.currency);
};

export const timesMoney = (a: Money, count: number): Money => money(a.minor * count, a.currency);

/** Digits after the point of a currency as ICU knows them: EUR 2, JPY 0, KWD 3. */
export const currencyDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits ?? 2;

/** For people: `formatMoney({minor: 8600, currency: 'EUR'}, 'en')` → `€86.00`. */
export const formatMoney = (amount: Money, locale = 'en'): string => {
  const digits = currencyDigits(amount.currency);
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: amount.currency,
    currencyDisplay: 'narrowSymbol',
  }).format(amount.minor / 10 ** digits);
};

/**
 * Reads a price as people and CSV files write it: `12`, `12.5`, `1299.00`. Null for anything else: a
 * sign, thousands separators, more digits than the currency has, or more than a safe integer.
 */
export const parsePrice = (text: string, currency: string): Money | null => {
  const match = /^(\d{1,12})(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const digits = currencyDigits(currency);
  const fraction = match[2] ?? '';
  if (fraction.length > digits && /[^0]/.test(fraction.slice(digits))) return null;
  const minor =
    Number(match[1]) * 10 ** digits + Number((fraction + '0'.repeat(digits)).slice(0, digits) || 0);
  return Number.isSafeInteger(minor) ? money(minor, currency) : null;
};
