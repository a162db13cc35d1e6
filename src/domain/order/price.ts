// The all-in price: what a buyer pays for everything, from one function that the button and the charge
// both use. Shipping is a flat rate for a parcel and tax is included in the price, by the shop's
// settings; tables of carriers and tax rates will feed the same function. Rules: docs/rules/price.md.

import { assert } from '../../base/assert.ts';
import { addMoney, type Money, money, timesMoney } from '../../base/money.ts';
import type { Totals } from './order.ts';

export type PriceSettings = {
  /** What a parcel costs to send, once for each parcel. */
  readonly shippingMinor: number;
  /** Share of tax inside the displayed prices, in thousandths of a percent: 22 % is 22,000. */
  readonly taxIncludedMilliPercent: number;
};

export type PricedLine = { readonly unitPrice: Money; readonly quantity: number };

/** What bears on an order's price besides its goods and the shop's settings. */
export type PriceTerms = {
  /** Off the goods, never more than they cost; null: none. */
  readonly discount: Money | null;
  /** The goods go into a parcel that has paid its way already (parcel.ts). */
  readonly joinsParcel: boolean;
};

/**
 * What the lines cost in all: total = goods - discount + shipping; tax is the part inside, rounded half up. At least
 * one line, all of one currency, which is the discount's too. Goods that cost nothing before any discount are sent
 * for nothing: a giveaway that asks for postage is a sale (docs/rules/drop.md, DRO-15).
 */
export const orderPrice = (
  lines: readonly PricedLine[],
  { discount, joinsParcel }: PriceTerms,
  settings: PriceSettings,
): Totals => {
  const [first, ...others] = lines.map(({ unitPrice, quantity }) =>
    timesMoney(unitPrice, quantity),
  );
  assert(first !== undefined, 'an order without lines has no price');
  const goods = others.reduce(addMoney, first);
  const { currency } = goods;
  assert(discount === null || discount.currency === currency, 'a discount in another currency');
  const off = money(Math.max(0, Math.min(goods.minor, discount?.minor ?? 0)), currency);
  const isFree = joinsParcel || goods.minor === 0;
  const shipping = money(isFree ? 0 : settings.shippingMinor, currency);
  const total = money(goods.minor - off.minor + shipping.minor, currency);
  // Included tax = gross · r / (1 + r); it is shown, not added.
  const rate = settings.taxIncludedMilliPercent;
  const tax = money(Math.round((total.minor * rate) / (100_000 + rate)), currency);
  return { goods, discount: off, shipping, tax, total };
};

/** `orderPrice` of one line without a discount, as a card's button asks for it. */
export const allInPrice = (
  unitPrice: Money,
  quantity: number,
  settings: PriceSettings,
  joinsParcel = false,
): Totals => orderPrice([{ unitPrice, quantity }], { discount: null, joinsParcel }, settings);
