// A promo code: so much off for whoever has it, so often, for so long. One stream a code counts its uses,
// so that its limits hold over all shows at once. A use is reserved for an order before its payment and
// comes back when the order is cancelled. Terms never change: another reduction is another code.
// Rules: docs/rules/price.md.

import type { OrderId, PersonId, ProductId } from '../../base/brand.ts';
import type { JsonObject } from '../../base/json.ts';
import { limits } from '../../base/limits.ts';
import { type Money, money, timesMoney } from '../../base/money.ts';
import { type Refusal, refuse } from '../../base/result.ts';
import type { Decider, Stamp } from '../decider.ts';

export type PromoTerms = {
  /** In its normal form, see `normalCode`. */
  readonly code: string;
  readonly off:
    | { readonly kind: 'percent'; readonly percent: number }
    | { readonly kind: 'amount'; readonly minor: number };
  readonly currency: string;
  /** Goods that it takes something off; null: all. */
  readonly productIds: readonly ProductId[] | null;
  /** What the goods of the order come to at least, in minor units; 0: anything. */
  readonly minimumMinor: number;
  readonly fromMs: number;
  /** Null: until it is ended. */
  readonly untilMs: number | null;
  /** Orders in total and of one person; null: no limit. */
  readonly usesMax: number | null;
  readonly perPersonMax: number | null;
};

export type PromoCode = {
  readonly code: string;
  terms: PromoTerms | null;
  isEnded: boolean;
  /** By order: whose it is, and for which placing of the order it was reserved last. */
  readonly uses: Map<OrderId, { readonly personId: PersonId; readonly useId: string }>;
  readonly usesOf: Map<PersonId, number>;
  /** Placings that were given up before their use was reserved: it comes too late. The latest of them. */
  readonly barred: Set<string>;
};

export type PromoCodeCommand =
  | { readonly kind: 'MakeCode'; readonly terms: PromoTerms }
  | { readonly kind: 'EndCode' }
  /** By the buyer. `useId` names one placing of the order; a later one takes its use over. */
  | { readonly kind: 'ReserveUse'; readonly orderId: OrderId; readonly useId: string }
  /** These placings of the order are over; a use that a later one has taken over stays. */
  | {
      readonly kind: 'ReturnUse';
      readonly orderId: OrderId;
      readonly useIds: readonly string[];
    };

export type PromoCodeEvent =
  | { readonly kind: 'CodeMade'; readonly data: { readonly terms: PromoTerms } }
  | { readonly kind: 'CodeEnded'; readonly data: Record<string, never> }
  | {
      readonly kind: 'CodeUseReserved';
      readonly data: {
        readonly orderId: OrderId;
        readonly useId: string;
        readonly personId: PersonId;
      };
    }
  | {
      readonly kind: 'CodeUseMoved';
      readonly data: { readonly orderId: OrderId; readonly useId: string };
    }
  | { readonly kind: 'CodeUseReturned'; readonly data: { readonly orderId: OrderId } }
  | { readonly kind: 'CodeUseBarred'; readonly data: { readonly useIds: readonly string[] } };

/** A code as it is kept, from how somebody typed it: capitals without spaces. Null for what can't be one. */
export const normalCode = (text: string): string | null => {
  const code = text.replace(/\s+/g, '').toUpperCase();
  return /^[A-Z0-9][A-Z0-9_-]{2,31}$/.test(code) ? code : null;
};

export type CodedLine = {
  readonly productId: ProductId;
  readonly unitPrice: Money;
  readonly quantity: number;
};

/**
 * What the code takes off these goods: its share rounded half up to the minor unit, or its amount; at most what the
 * goods that it is for cost. Refused as `code-not-for-these` (with goods of other products, of another currency, or
 * free ones alone) or `code-minimum` (with `minimumMinor`).
 */
export const discountOf = (terms: PromoTerms, lines: readonly CodedLine[]): Money | Refusal => {
  const { off, currency, productIds, minimumMinor } = terms;
  const costOf = (some: readonly CodedLine[]): number =>
    some.reduce((sum, { unitPrice, quantity }) => sum + timesMoney(unitPrice, quantity).minor, 0);
  if (lines.some(({ unitPrice }) => unitPrice.currency !== currency))
    return refuse('code-not-for-these');
  const chosen = costOf(
    lines.filter(({ productId }) => productIds === null || productIds.includes(productId)),
  );
  if (chosen === 0) return refuse('code-not-for-these');
  if (costOf(lines) < minimumMinor) return refuse('code-minimum', { minimumMinor, currency });
  const wanted = off.kind === 'percent' ? Math.round((chosen * off.percent) / 100) : off.minor;
  return money(Math.min(chosen, wanted), currency);
};

/** Why a code can't be used at this time; null when it can. */
export const outOfTime = (terms: PromoTerms, isEnded: boolean, atMs: number): Refusal | null => {
  if (isEnded || (terms.untilMs !== null && atMs >= terms.untilMs)) return refuse('code-over');
  return atMs < terms.fromMs ? refuse('code-not-begun', { fromMs: terms.fromMs }) : null;
};

const decide = (
  state: PromoCode,
  command: PromoCodeCommand,
  { by, atMs }: Stamp,
): readonly PromoCodeEvent[] | Refusal => {
  const isOwner = by.kind === 'system' || by.role === 'owner';
  switch (command.kind) {
    case 'MakeCode': {
      if (!isOwner) return refuse('not-allowed');
      if (state.terms !== null) return refuse('code-exists');
      const wrong = wrongTerms(command.terms, state.code, atMs);
      return wrong === null
        ? [{ kind: 'CodeMade', data: { terms: command.terms } }]
        : refuse('code-invalid', { field: wrong });
    }
    case 'EndCode':
      if (!isOwner) return refuse('not-allowed');
      if (state.terms === null) return refuse('code-unknown');
      return state.isEnded ? [] : [{ kind: 'CodeEnded', data: {} }];
    case 'ReserveUse': {
      if (by.kind !== 'person') return refuse('sign-in-needed');
      return reserve(state, command, by.id, atMs);
    }
    case 'ReturnUse': {
      if (by.kind !== 'system') return refuse('not-allowed');
      const { orderId, useIds } = command;
      const use = state.uses.get(orderId);
      if (use) return useIds.includes(use.useId) ? [returned(orderId)] : [];
      const late = useIds.filter((useId) => !state.barred.has(useId));
      return late.length > 0 ? [{ kind: 'CodeUseBarred', data: { useIds: late } }] : [];
    }
  }
};

const returned = (orderId: OrderId): PromoCodeEvent => ({
  kind: 'CodeUseReturned',
  data: { orderId },
});

const reserve = (
  { terms, isEnded, uses, usesOf, barred }: PromoCode,
  { orderId, useId }: Extract<PromoCodeCommand, { kind: 'ReserveUse' }>,
  personId: PersonId,
  atMs: number,
): readonly PromoCodeEvent[] | Refusal => {
  if (terms === null) return refuse('code-unknown');
  const wrongTime = outOfTime(terms, isEnded, atMs);
  if (wrongTime) return wrongTime;
  if (barred.has(useId)) return refuse('order-not-open');
  const use = uses.get(orderId);
  if (use) {
    if (use.personId !== personId) return refuse('not-allowed');
    return use.useId === useId ? [] : [{ kind: 'CodeUseMoved', data: { orderId, useId } }];
  }
  if (uses.size >= Math.min(terms.usesMax ?? limits.codeUsesMax, limits.codeUsesMax))
    return refuse('code-used-up');
  const max = terms.perPersonMax;
  if (max !== null && (usesOf.get(personId) ?? 0) >= max) return refuse('code-used', { max });
  return [{ kind: 'CodeUseReserved', data: { orderId, useId, personId } }];
};

const isCount = (value: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= 1 && value <= max;

/** The first term that can't be, by name; null when all are sound. */
const wrongTerms = (terms: PromoTerms, code: string, nowMs: number): string | null => {
  const { off, currency, productIds, minimumMinor, fromMs, untilMs } = terms;
  if (terms.code !== code || normalCode(code) !== code) return 'code';
  if (off.kind === 'percent' && !isCount(off.percent, 100)) return 'percent';
  if (off.kind === 'amount' && !isCount(off.minor, limits.codeMinorMax)) return 'amount';
  if (!/^[A-Z]{3}$/.test(currency)) return 'currency';
  if (productIds !== null && !isCount(productIds.length, limits.codeProductsMax))
    return 'productIds';
  if (!Number.isSafeInteger(minimumMinor) || minimumMinor < 0 || minimumMinor > limits.codeMinorMax)
    return 'minimumMinor';
  if (!Number.isSafeInteger(fromMs)) return 'fromMs';
  if (untilMs !== null && (!Number.isSafeInteger(untilMs) || untilMs <= Math.max(fromMs, nowMs)))
    return 'untilMs';
  if (terms.usesMax !== null && !isCount(terms.usesMax, limits.codeUsesMax)) return 'usesMax';
  if (terms.perPersonMax !== null && !isCount(terms.perPersonMax, limits.codeUsesMax))
    return 'perPersonMax';
  return null;
};

const evolve = (state: PromoCode, event: PromoCodeEvent): PromoCode => {
  switch (event.kind) {
    case 'CodeMade':
      state.terms = event.data.terms;
      return state;
    case 'CodeEnded':
      state.isEnded = true;
      return state;
    case 'CodeUseReserved': {
      const { orderId, useId, personId } = event.data;
      state.uses.set(orderId, { personId, useId });
      state.usesOf.set(personId, (state.usesOf.get(personId) ?? 0) + 1);
      return state;
    }
    case 'CodeUseMoved': {
      const { orderId, useId } = event.data;
      const use = state.uses.get(orderId);
      if (use) state.uses.set(orderId, { ...use, useId });
      return state;
    }
    case 'CodeUseReturned': {
      const { orderId } = event.data;
      const use = state.uses.get(orderId);
      if (!use) return state;
      state.uses.delete(orderId);
      const rest = (state.usesOf.get(use.personId) ?? 0) - 1;
      if (rest > 0) state.usesOf.set(use.personId, rest);
      else state.usesOf.delete(use.personId);
      return state;
    }
    case 'CodeUseBarred': {
      for (const useId of event.data.useIds) state.barred.add(useId);
      for (const oldest of state.barred) {
        if (state.barred.size <= limits.codeUsesBarredKept) break;
        state.barred.delete(oldest);
      }
      return state;
    }
  }
};

type SavedPromoCode = {
  code: string;
  terms: PromoTerms | null;
  isEnded: boolean;
  uses: [OrderId, { personId: PersonId; useId: string }][];
  barred: string[];
};

export const promoCodeDecider: Decider<PromoCode, PromoCodeCommand, PromoCodeEvent> = {
  type: 'code',
  stateVersion: 1,
  initial: (code) => ({
    code,
    terms: null,
    isEnded: false,
    uses: new Map(),
    usesOf: new Map(),
    barred: new Set(),
  }),
  decide,
  evolve,
  deadline: () => null,
  save: ({ code, terms, isEnded, uses, barred }) =>
    ({ code, terms, isEnded, uses: [...uses], barred: [...barred] }) as unknown as JsonObject,
  load: (saved) => {
    const { uses, barred, ...rest } = structuredClone(saved) as unknown as SavedPromoCode;
    const usesOf = new Map<PersonId, number>();
    for (const [, { personId }] of uses) usesOf.set(personId, (usesOf.get(personId) ?? 0) + 1);
    return { ...rest, uses: new Map(uses), usesOf, barred: new Set(barred) };
  },
};
