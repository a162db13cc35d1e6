// The form of a buyer's own limits: what stands in its fields, what is wrong with it, what is sent.

import { type Money, money } from '../../base/money.ts';
import type { LimitsBody, LimitsView } from '../../protocol/limits.ts';
import { amountText, readAmount } from '../design/amount.ts';
import { moneyText } from '../design/money.tsx';

export type LimitField = 'dayMinor' | 'showMinor' | 'confirmAboveMinor' | 'watchMinutes';
const limitFields: readonly LimitField[] = [
  'dayMinor',
  'showMinor',
  'confirmAboveMinor',
  'watchMinutes',
];

/** As typed; empty: no limit. */
export type LimitsForm = Readonly<Record<LimitField, string>>;

const isAmount = (field: LimitField): boolean => field !== 'watchMinutes';

const textOf = (field: LimitField, value: number | null, currency: string): string => {
  if (value === null) return '';
  return isAmount(field) ? amountText(money(value, currency)) : String(value);
};

/** The change of a field that will count later; undefined: none. */
export const pendingOf = (view: LimitsView, field: LimitField) =>
  view.pending.find(({ limit }) => limit === field);

/** What counts or will count: who saves it unchanged changes nothing. */
export const formOf = (view: LimitsView): LimitsForm => {
  const text = (field: LimitField) => {
    const later = pendingOf(view, field);
    return textOf(field, later ? later.value : view.limits[field], view.currency);
  };
  return {
    dayMinor: text('dayMinor'),
    showMinor: text('showMinor'),
    confirmAboveMinor: text('confirmAboveMinor'),
    watchMinutes: text('watchMinutes'),
  };
};

type Read = { readonly value: number | null } | { readonly error: string };

const read = (field: LimitField, text: string, currency: string): Read => {
  const typed = text.trim();
  if (typed === '') return { value: null };
  if (isAmount(field)) {
    const amount = readAmount(typed, currency);
    return amount
      ? { value: amount.minor }
      : { error: `An amount such as ${amountText(money(5_000, currency))}, or nothing.` };
  }
  const minutes = /^\d{1,4}$/.test(typed) ? Number(typed) : Number.NaN;
  return minutes <= 24 * 60
    ? { value: minutes }
    : { error: 'Whole minutes, at most 1440, or nothing.' };
};

/** What is sent, or what is wrong with which field. */
export const bodyOf = (
  form: LimitsForm,
  currency: string,
): { readonly body: LimitsBody } | { readonly errors: Partial<Record<LimitField, string>> } => {
  const values: Partial<Record<LimitField, number | null>> = {};
  const errors: Partial<Record<LimitField, string>> = {};
  for (const field of limitFields) {
    const found = read(field, form[field], currency);
    if ('error' in found) errors[field] = found.error;
    else values[field] = found.value;
  }
  return Object.keys(errors).length > 0
    ? { errors }
    : { body: values as Record<LimitField, number | null> };
};

/** A value in words: `€ 50.00`, `1 hour 30 minutes`, `no limit`. */
export const valueWords = (field: LimitField, value: number | null, currency: string): string => {
  if (value === null) return field === 'confirmAboveMinor' ? 'never' : 'no limit';
  const amount: Money | null = isAmount(field) ? money(value, currency) : null;
  return amount ? moneyText(amount) : durationWords(value);
};

/** `1 h 30 min`, `45 min`. */
export const durationWords = (minutes: number): string => {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
};
