// What a host types for a drop or giveaway, and what the shop gets from it. All fields are text until they are sent, as
// in lot-form.ts. The shop decides in the end (DRO-3) and names the term that it refuses; this file says beforehand
// what it would refuse. Times are the browser's; the shop's clock has the last word.

import { limits } from '../../base/limits.ts';
import type { Money } from '../../base/money.ts';
import type { AnnounceDropBody } from '../../protocol/drops.ts';
import type { RoomItem, StockFigures } from '../../protocol/room.ts';
import { amountText, readAmount } from '../design/amount.ts';
import { type BundleForm, checkBundle } from './bundle-form.ts';

export type DropRow = {
  readonly variantId: string;
  readonly title: string;
  readonly usualPrice: Money;
  readonly price: string;
  /** Empty or 0: this variant stays out of the drop. */
  readonly quantity: string;
};

export type TierRow = { readonly tier: string; readonly minutes: string };

export type DropForm = {
  readonly productId: string;
  readonly rows: readonly DropRow[];
  /** Several pieces as a set; null: each on its own. */
  readonly bundle: BundleForm | null;
  readonly kind: 'drop' | 'giveaway';
  /** A giveaway is always a draw. */
  readonly order: 'queue' | 'draw';
  /** `in`: minutes from the announcement; `at`: a day and a time; `hand`: when the host opens it. */
  readonly opening: 'in' | 'at' | 'hand';
  readonly inMinutes: string;
  /** As a `datetime-local` field has it. */
  readonly opensAt: string;
  readonly minutes: string;
  readonly holdSeconds: string;
  readonly perPerson: string;
  readonly needsAccount: boolean;
  /** One entry for each address that was proven; that needs an account anyway. */
  readonly provenAddress: boolean;
  /** One entry for each card on file; no giveaway asks for one (DRO-18). */
  readonly cardOnFile: boolean;
  readonly tiers: readonly TierRow[];
};

/** By field of the form; rows are `price:<variant>` and `quantity:<variant>`. */
export type DropProblems = Readonly<Record<string, string>>;

export type DropCheck =
  | { readonly ok: true; readonly body: AnnounceDropBody }
  | { readonly ok: false; readonly problems: DropProblems };

type Stock = Readonly<Record<string, StockFigures>>;

/** A form that could be sent as it stands: all that is there, at the usual price, in ten minutes. */
export const dropFormFor = (item: RoomItem, stock: Stock): DropForm => ({
  productId: item.productId,
  rows: rowsFor(item, stock),
  bundle: null,
  kind: 'drop',
  order: 'queue',
  opening: 'in',
  inMinutes: '10',
  opensAt: '',
  minutes: '10',
  holdSeconds: String(limits.holdMs / 1_000),
  perPerson: '1',
  needsAccount: false,
  provenAddress: false,
  cardOnFile: false,
  tiers: [],
});

/** The form for another product: its variants; the other terms stay. */
export const dropFormWith = (form: DropForm, item: RoomItem, stock: Stock): DropForm => ({
  ...form,
  productId: item.productId,
  rows: rowsFor(item, stock),
});

const rowsFor = ({ variants }: RoomItem, stock: Stock): readonly DropRow[] =>
  variants.map(({ variantId, title, price }) => ({
    variantId,
    title,
    usualPrice: price,
    price: amountText(price),
    quantity: String(stock[variantId]?.available ?? 0),
  }));

const whole = (text: string): number | null =>
  /^\d{1,9}$/.test(text.trim()) ? Number(text) : null;
const milliseconds = (text: string, unitMs: number): number | null => {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) && value > 0
    ? Math.round(value * unitMs)
    : null;
};
const isBlank = ({ quantity }: DropRow): boolean => quantity.trim() === '' || whole(quantity) === 0;

/** What the shop would get, or what stands against it, field by field. `nowMs`: server time. */
export const checkDrop = (form: DropForm, stock: Stock, nowMs: number): DropCheck => {
  const problems: Record<string, string> = {};
  const isGiveaway = form.kind === 'giveaway';
  const variants: NonNullable<AnnounceDropBody['variants']> = [];
  for (const row of form.rows.filter((one) => !isBlank(one))) {
    const quantity = whole(row.quantity);
    const available = stock[row.variantId]?.available ?? 0;
    const price = isGiveaway ? { minor: 0 } : readAmount(row.price, row.usualPrice.currency);
    if (quantity === null) problems[`quantity:${row.variantId}`] = 'A whole number, please.';
    else if (quantity > available)
      problems[`quantity:${row.variantId}`] =
        available === 0 ? 'None is in stock.' : `Only ${available} in stock.`;
    if (price === null) problems[`price:${row.variantId}`] = 'A price such as 12 or 12.50.';
    else if (price.minor === 0 && !isGiveaway)
      problems[`price:${row.variantId}`] = 'For nothing, make it a giveaway.';
    if (quantity !== null && price !== null)
      variants.push({ variantId: row.variantId, priceMinor: price.minor, quantity });
  }
  const set = setOf(form, stock, variants);
  Object.assign(problems, set?.problems);
  if (!set && form.rows.every(isBlank)) problems.rows = 'Choose how many of at least one variant.';
  const opensAtMs = openingOf(form, nowMs, problems);
  const durationMs = milliseconds(form.minutes, 60_000);
  if (durationMs === null || durationMs < 1_000 || durationMs > limits.offerMsMax)
    problems.minutes = `Minutes, at most ${limits.offerMsMax / 60_000}.`;
  const holdMs = milliseconds(form.holdSeconds, 1_000);
  if (holdMs === null || holdMs < limits.holdMsMin || holdMs > limits.holdMsMax)
    problems.holdSeconds = `${limits.holdMsMin / 1_000} to ${limits.holdMsMax / 1_000} seconds.`;
  const perPersonMax = whole(form.perPerson);
  if (perPersonMax === null || perPersonMax < 1 || perPersonMax > limits.claimQuantityMax)
    problems.perPerson = `1 to ${limits.claimQuantityMax}.`;
  const earlyAccess = form.opening === 'hand' ? [] : tiersOf(form, problems);
  if (Object.keys(problems).length > 0) return { ok: false, problems };
  const { productId, needsAccount, provenAddress } = form;
  const oncePer: NonNullable<AnnounceDropBody['oncePer']> = [];
  if (provenAddress) oncePer.push('verified-address');
  if (form.cardOnFile && !isGiveaway) oncePer.push('card');
  return {
    ok: true,
    body: {
      productId,
      variants,
      ...(set?.body ? { bundles: [set.body] } : {}),
      order: isGiveaway ? 'draw' : form.order,
      isGiveaway,
      opensAtMs,
      durationMs: durationMs ?? 0,
      holdMs: holdMs ?? 0,
      perPersonMax: perPersonMax ?? 1,
      earlyAccess,
      needsAccount: needsAccount || provenAddress,
      ...(oncePer.length > 0 ? { oncePer } : {}),
    },
  };
};

/** Of the set, where there is one; in a giveaway it costs nothing, whatever stands in its price. */
const setOf = (
  { bundle, kind, rows }: DropForm,
  stock: Stock,
  variants: NonNullable<AnnounceDropBody['variants']>,
) =>
  bundle &&
  checkBundle(kind === 'giveaway' ? { ...bundle, price: '0' } : bundle, stock, {
    currency: rows[0]?.usualPrice.currency ?? '',
    forMembers: false,
    alone: variants.map(({ variantId }) => variantId),
  });

const openingOf = (
  form: DropForm,
  nowMs: number,
  problems: Record<string, string>,
): number | null => {
  const farthestMs = nowMs + limits.dropAheadMsMax;
  if (form.opening === 'in') {
    const ms = milliseconds(form.inMinutes, 60_000);
    if (ms === null || nowMs + ms > farthestMs) problems.inMinutes = 'Minutes, such as 10.';
    return ms === null ? null : nowMs + ms;
  }
  if (form.opening === 'hand') return null;
  const atMs = new Date(form.opensAt).getTime();
  if (Number.isNaN(atMs)) problems.opensAt = 'A day and a time.';
  else if (atMs <= nowMs) problems.opensAt = 'A time to come.';
  else if (atMs > farthestMs)
    problems.opensAt = `At most ${limits.dropAheadMsMax / 86_400_000} days ahead.`;
  return Number.isNaN(atMs) ? null : atMs;
};

const tiersOf = (
  { tiers }: DropForm,
  problems: Record<string, string>,
): { tier: string; earlierMs: number }[] => {
  const read = tiers.map(({ tier, minutes }) => ({
    tier: tier.trim(),
    earlierMs: milliseconds(minutes, 60_000) ?? 0,
  }));
  const hasWrong = read.some(
    ({ tier, earlierMs }) =>
      tier === '' ||
      tier.length > limits.tierNameMax ||
      earlierMs < 1_000 ||
      earlierMs > limits.offerMsMax,
  );
  const names = new Set(read.map(({ tier }) => tier));
  const times = new Set(read.map(({ earlierMs }) => earlierMs));
  if (hasWrong || names.size < read.length || times.size < read.length)
    problems.tiers = 'Each tier needs a name and minutes of its own.';
  return read;
};

/** The form's field that a refused term of the shop's (`field` of `drop-invalid`) belongs to. */
export const fieldOfDropTerm = (term: unknown, { opening }: DropForm): string | null =>
  term === 'opensAtMs'
    ? opening === 'in'
      ? 'inMinutes'
      : 'opensAt'
    : typeof term === 'string'
      ? (fields[term] ?? null)
      : null;

const fields: Readonly<Record<string, string>> = {
  variants: 'rows',
  quantity: 'rows',
  parts: 'bundle:pieces',
  price: 'rows',
  order: 'rows',
  durationMs: 'minutes',
  holdMs: 'holdSeconds',
  perPersonMax: 'perPerson',
  earlyAccess: 'tiers',
};
