// The price that stands beside a reduced one: the lowest that the shop asked of everybody in the 30 days
// before the reduction began (Directive 98/6/EC, Article 6a). It is computed from what was asked, never
// typed: a price that nobody was asked makes no bargain. Rules: docs/rules/price.md.

import type { Money } from '../../base/money.ts';

/** A price that a variant was offered at to everybody, from a time on and until (not at) another. */
export type AskedPrice = {
  readonly price: Money;
  readonly fromMs: number;
  /** Null: it still holds. */
  readonly untilMs: number | null;
};

/** 30 days of 24 hours, so that no time zone and no change of clocks moves the window. */
export const referenceWindowMs = 30 * 24 * 3_600_000;

/**
 * The lowest price of `asked` in the 30 days before `beganMs`, in `currency`. A reduction that began when
 * nothing had been asked before (a product made for it) is compared with what holds as it begins. Null:
 * nothing was ever asked in this currency by then.
 */
export const referencePrice = (
  asked: readonly AskedPrice[],
  beganMs: number,
  currency: string,
): Money | null =>
  lowest(asked, currency, ({ fromMs, untilMs }) => {
    const endMs = untilMs ?? Number.POSITIVE_INFINITY;
    return fromMs < endMs && fromMs < beganMs && endMs > beganMs - referenceWindowMs;
  }) ??
  lowest(
    asked,
    currency,
    ({ fromMs, untilMs }) => fromMs <= beganMs && (untilMs === null || untilMs > beganMs),
  );

const lowest = (
  asked: readonly AskedPrice[],
  currency: string,
  counts: (price: AskedPrice) => boolean,
): Money | null => {
  let least: Money | null = null;
  for (const span of asked) {
    if (span.price.currency !== currency || !counts(span)) continue;
    if (least === null || span.price.minor < least.minor) least = span.price;
  }
  return least;
};

/** Changes of a price, in the order of time, as spans: each holds until the next. */
export const spansOf = (
  changes: readonly { readonly fromMs: number; readonly price: Money }[],
): AskedPrice[] =>
  changes.map((change, nth) => ({ ...change, untilMs: changes[nth + 1]?.fromMs ?? null }));
