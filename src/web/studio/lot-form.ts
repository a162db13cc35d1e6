// What a host types for a lot, and what the shop gets from it. All fields are text until they are sent, as
// in offer-form.ts. The shop decides in the end (LOT-3) and names the field that it refuses; this file says
// beforehand what it would refuse. A reserve goes out from here and never comes back.

import { limits } from '../../base/limits.ts';
import { currencyDigits, type Money } from '../../base/money.ts';
import { usualSteps } from '../../domain/sale/bidding.ts';
import type { PrepareLotBody } from '../../protocol/lots.ts';
import type { RoomItem } from '../../protocol/room.ts';
import { amountText, readAmount } from '../design/amount.ts';

export type StepRow = { readonly from: string; readonly step: string };

export type LotForm = {
  readonly productId: string;
  readonly variantId: string;
  readonly usualPrice: Money;
  readonly format: 'english' | 'dutch';
  readonly start: string;
  /** Empty: none. */
  readonly reserve: string;
  /** Empty: none. */
  readonly buyNow: string;
  readonly steps: 'usual' | 'own';
  readonly rows: readonly StepRow[];
  readonly seconds: string;
  readonly ending: 'soft' | 'sudden';
  readonly softSeconds: string;
  readonly takesEarlyBids: boolean;
  /** Dutch: where it stops falling, by how much and how often it falls. */
  readonly floor: string;
  readonly fall: string;
  readonly fallSeconds: string;
  readonly quantity: string;
  readonly payHours: string;
  readonly secondChance: boolean;
};

/** By field of the form. */
export type LotProblems = Readonly<Partial<Record<keyof LotForm, string>>>;

export type LotCheck =
  | { readonly ok: true; readonly body: PrepareLotBody }
  | { readonly ok: false; readonly problems: LotProblems };

/** A form that could be sent as it stands: a third of the usual price, a minute, a soft close. */
export const lotFormFor = (item: RoomItem, variantId?: string): LotForm => {
  const variant = item.variants.find((one) => one.variantId === variantId) ?? item.variants[0];
  const price = variant?.price ?? { minor: 0, currency: 'EUR' };
  const unit = 10 ** currencyDigits(price.currency);
  const share = (part: number): Money => ({
    ...price,
    minor: Math.max(unit, Math.floor((price.minor * part) / unit) * unit),
  });
  return {
    productId: item.productId,
    variantId: variant?.variantId ?? '',
    usualPrice: price,
    format: 'english',
    start: amountText(share(0.3)),
    reserve: '',
    buyNow: '',
    steps: 'usual',
    rows: [
      { from: amountText({ ...price, minor: 0 }), step: amountText({ ...price, minor: unit }) },
    ],
    seconds: '60',
    ending: 'soft',
    softSeconds: '10',
    takesEarlyBids: true,
    floor: amountText(share(0.5)),
    fall: amountText(share(0.02)),
    fallSeconds: '2',
    quantity: '1',
    payHours: '24',
    secondChance: true,
  };
};

/** The form for another product or variant: amounts follow its price, the other terms stay. */
export const lotFormWith = (form: LotForm, item: RoomItem, variantId?: string): LotForm => {
  const fresh = lotFormFor(item, variantId);
  const { start, floor, fall, rows, productId, usualPrice } = fresh;
  return {
    ...form,
    productId,
    usualPrice,
    variantId: fresh.variantId,
    start: form.format === 'dutch' ? amountText(usualPrice) : start,
    floor,
    fall,
    rows,
    reserve: '',
    buyNow: '',
  };
};

/** A falling price begins at the usual one, a rising one below it. */
export const lotFormAs = (form: LotForm, item: RoomItem, format: LotForm['format']): LotForm => ({
  ...lotFormWith({ ...form, format }, item, form.variantId),
  format,
});

const whole = (text: string): number | null =>
  /^\d{1,9}$/.test(text.trim()) ? Number(text) : null;
const positive = (text: string): number | null => {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) && value > 0 ? value : null;
};
const milliseconds = (text: string, unitMs: number): number | null => {
  const value = positive(text);
  return value === null ? null : Math.round(value * unitMs);
};

const notAnAmount = 'A price such as 12 or 12.50.';

/** What the shop would get, or what stands against it, field by field. */
export const checkLot = (form: LotForm): LotCheck => {
  const problems: Partial<Record<keyof LotForm, string>> = {};
  const amount = (field: 'start' | 'reserve' | 'buyNow' | 'floor' | 'fall'): number | null => {
    const read = readAmount(form[field], form.usualPrice.currency);
    if (read === null) problems[field] = notAnAmount;
    return read?.minor ?? null;
  };
  const optional = (field: 'reserve' | 'buyNow') =>
    form[field].trim() === '' ? null : amount(field);

  const startMinor = amount('start');
  if (startMinor === 0) problems.start = 'More than nothing.';
  const payMs = milliseconds(form.payHours, 3_600_000);
  if (payMs === null || payMs < limits.lotPayMsMin || payMs > limits.lotPayMsMax)
    problems.payHours = `Hours, at most ${limits.lotPayMsMax / 3_600_000}.`;
  const bidding =
    form.format === 'english'
      ? checkEnglish(form, startMinor, { problems, optional })
      : checkDutch(form, startMinor, { problems, amount });
  const quantity = form.format === 'english' ? 1 : whole(form.quantity);
  if (quantity === null || quantity < 1 || quantity > limits.lotUnitsMax)
    problems.quantity = `A whole number, at most ${limits.lotUnitsMax}.`;
  if (Object.keys(problems).length > 0 || !bidding) return { ok: false, problems };
  const { productId, variantId, secondChance } = form;
  return {
    ok: true,
    body: {
      productId,
      variantId,
      quantity: quantity ?? 1,
      payMs: payMs ?? 0,
      secondChance,
      bidding,
    },
  };
};

type Problems = Partial<Record<keyof LotForm, string>>;

const checkEnglish = (
  form: LotForm,
  startMinor: number | null,
  tools: { problems: Problems; optional: (field: 'reserve' | 'buyNow') => number | null },
): PrepareLotBody['bidding'] | null => {
  const { problems, optional } = tools;
  const reserveMinor = optional('reserve');
  const buyNowMinor = optional('buyNow');
  if (reserveMinor !== null && startMinor !== null && reserveMinor < startMinor)
    problems.reserve = 'At least the start.';
  if (buyNowMinor !== null && buyNowMinor < Math.max(startMinor ?? 0, reserveMinor ?? 0))
    problems.buyNow = reserveMinor === null ? 'At least the start.' : 'At least the reserve.';
  const durationMs = milliseconds(form.seconds, 1_000);
  if (durationMs === null || durationMs < 1_000 || durationMs > limits.offerMsMax)
    problems.seconds = `Seconds, at most ${limits.offerMsMax / 1_000}.`;
  const softCloseMs = form.ending === 'sudden' ? 0 : milliseconds(form.softSeconds, 1_000);
  if (softCloseMs === null) problems.softSeconds = 'Seconds, such as 10.';
  else if (durationMs !== null && softCloseMs > durationMs)
    problems.softSeconds = 'At most as long as the lot runs.';
  const steps = form.steps === 'usual' ? undefined : readSteps(form);
  if (steps === null) {
    problems.rows =
      'Each row needs two prices; the first begins at 0, both columns rise downwards.';
  }
  if (startMinor === null || durationMs === null || softCloseMs === null || steps === null)
    return null;
  const { takesEarlyBids } = form;
  return {
    format: 'english',
    startMinor,
    ...(steps ? { steps: [...steps] } : {}),
    reserveMinor,
    buyNowMinor,
    durationMs,
    softCloseMs,
    takesEarlyBids,
  };
};

/** The host's own table, or null when it can't be one. */
const readSteps = (
  form: LotForm,
): readonly { readonly fromMinor: number; readonly stepMinor: number }[] | null => {
  const { currency } = form.usualPrice;
  const rows = form.rows.map(({ from, step }) => ({
    fromMinor: readAmount(from, currency)?.minor ?? -1,
    stepMinor: readAmount(step, currency)?.minor ?? 0,
  }));
  const isSound = rows.every(({ fromMinor, stepMinor }, nth) => {
    const before = rows[nth - 1];
    if (!before) return fromMinor === 0 && stepMinor > 0;
    return fromMinor > before.fromMinor && stepMinor >= before.stepMinor;
  });
  return isSound && rows.length > 0 && rows.length <= limits.lotStepsMax ? rows : null;
};

const checkDutch = (
  form: LotForm,
  startMinor: number | null,
  tools: { problems: Problems; amount: (field: 'floor' | 'fall') => number | null },
): PrepareLotBody['bidding'] | null => {
  const { problems, amount } = tools;
  const floorMinor = amount('floor');
  const stepMinor = amount('fall');
  if (floorMinor !== null && startMinor !== null && floorMinor > startMinor)
    problems.floor = 'At most the start.';
  if (stepMinor === 0) problems.fall = 'More than nothing.';
  const stepMs = milliseconds(form.fallSeconds, 1_000);
  if (stepMs === null || stepMs < 250) problems.fallSeconds = 'Seconds, at least 0.25.';
  if (startMinor === null || floorMinor === null || stepMinor === null || stepMs === null)
    return null;
  const fallsMs = Math.ceil((startMinor - floorMinor) / Math.max(1, stepMinor)) * stepMs;
  if (fallsMs > limits.offerMsMax) problems.fallSeconds = 'It would fall for more than a day.';
  return { format: 'dutch', startMinor, floorMinor, stepMinor, stepMs };
};

/** The form's field that a refused term of the shop's (`field` of `lot-invalid`) belongs to. */
export const fieldOfTerm = (term: unknown): keyof LotForm | null =>
  typeof term === 'string' ? (fields[term] ?? null) : null;

const fields: Readonly<Record<string, keyof LotForm>> = {
  start: 'start',
  steps: 'rows',
  reserve: 'reserve',
  buyNow: 'buyNow',
  durationMs: 'seconds',
  softCloseMs: 'softSeconds',
  quantity: 'quantity',
  payMs: 'payHours',
  floor: 'floor',
  stepMinor: 'fall',
  stepMs: 'fallSeconds',
};

/** The usual steps around a start, for people: `€ 1 up to € 30, then € 2, …`. */
export const usualStepsNear = (
  startMinor: number,
  currency: string,
): readonly { readonly from: Money; readonly step: Money }[] => {
  const table = usualSteps(currencyDigits(currency));
  const first = Math.max(
    0,
    table.findLastIndex(({ fromMinor }) => fromMinor <= startMinor),
  );
  return table.slice(first, first + 3).map(({ fromMinor, stepMinor }) => ({
    from: { minor: fromMinor, currency },
    step: { minor: stepMinor, currency },
  }));
};
