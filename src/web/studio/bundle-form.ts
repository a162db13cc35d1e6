// What a host types to offer several pieces as a set, and what the shop gets from it. Pieces come from the shelf;
// how many sets there are to offer is what the scarcest piece allows.

import { limits } from '../../base/limits.ts';
import type { Money } from '../../base/money.ts';
import type { BundleBody } from '../../protocol/http.ts';
import type { RoomItem, StockFigures } from '../../protocol/room.ts';
import { readAmount } from '../design/amount.ts';
import { moneyText } from '../design/money.tsx';

export type BundlePiece = {
  readonly productId: string;
  readonly variantId: string;
  readonly title: string;
  readonly price: Money;
  readonly quantity: string;
};

export type BundleForm = {
  readonly title: string;
  readonly price: string;
  readonly membersPrice: string;
  readonly quantity: string;
  readonly pieces: readonly BundlePiece[];
};

export const newBundle: BundleForm = {
  title: '',
  price: '',
  membersPrice: '',
  quantity: '',
  pieces: [],
};

/** Everything on the shelf that can be a piece of a set. */
export const piecesOf = (shelf: readonly RoomItem[]): readonly BundlePiece[] =>
  shelf.flatMap(({ productId, title, variants }) =>
    variants.map((variant) => ({
      productId,
      variantId: variant.variantId,
      title: variant.title ? `${title} · ${variant.title}` : title,
      price: variant.price,
      quantity: '1',
    })),
  );

const count = (text: string): number | null =>
  /^\d{1,6}$/.test(text.trim()) && Number(text) >= 1 ? Number(text) : null;

/** How many sets the stock allows; null while a piece has no number. */
export const setsAvailable = (
  { pieces }: BundleForm,
  stock: Readonly<Record<string, StockFigures>>,
): number | null => {
  let least: number | null = null;
  for (const piece of pieces) {
    const each = count(piece.quantity);
    if (each === null) return null;
    const sets = Math.floor((stock[piece.variantId]?.available ?? 0) / each);
    least = least === null ? sets : Math.min(least, sets);
  }
  return least;
};

/** `€ 134.00 apart`: what the pieces cost one by one; empty while they can't be summed up. */
export const apartText = ({ pieces }: BundleForm): string => {
  let minor = 0;
  for (const { price, quantity } of pieces) minor += price.minor * (count(quantity) ?? Number.NaN);
  const currency = pieces[0]?.price.currency;
  return currency && Number.isFinite(minor) ? `${moneyText({ minor, currency })} apart` : '';
};

/** What the shop would get, or what stands against it; fields are `bundle:title` and so on. */
export const checkBundle = (
  form: BundleForm,
  stock: Readonly<Record<string, StockFigures>>,
  options: {
    readonly currency: string;
    readonly forMembers: boolean;
    /** Variants that the same offer has on their own. */
    readonly alone: readonly string[];
  },
): { readonly body: BundleBody | null; readonly problems: Readonly<Record<string, string>> } => {
  const { currency, forMembers, alone } = options;
  const problems: Record<string, string> = {};
  const title = form.title.trim();
  if (title === '') problems['bundle:title'] = 'A name, such as Tea for two.';
  const price = readAmount(form.price, currency);
  if (price === null) problems['bundle:price'] = 'A price such as 12 or 12.50.';
  const isAsked = forMembers && form.membersPrice.trim() !== '';
  const members = isAsked ? readAmount(form.membersPrice, currency) : null;
  if (isAsked && (members === null || members.minor > (price?.minor ?? members.minor)))
    problems['bundle:members'] = 'At most the price of the set, or empty.';
  const available = setsAvailable(form, stock);
  const quantity = count(form.quantity);
  if (quantity === null) problems['bundle:quantity'] = 'A whole number, please.';
  else if (available !== null && quantity > available)
    problems['bundle:quantity'] =
      available === 0 ? 'A piece of it is gone.' : `Only ${available} can be put together.`;
  const parts: BundleBody['parts'] = [];
  for (const piece of form.pieces) {
    const each = count(piece.quantity);
    if (each === null || each > limits.bundlePartUnitsMax)
      problems[`bundle:${piece.variantId}`] = `From 1 to ${limits.bundlePartUnitsMax}.`;
    else if (alone.includes(piece.variantId))
      problems[`bundle:${piece.variantId}`] = 'In this offer it is sold on its own already.';
    else parts.push({ productId: piece.productId, variantId: piece.variantId, quantity: each });
  }
  if (form.pieces.length === 0) problems['bundle:pieces'] = 'Add the pieces of the set.';
  if (Object.keys(problems).length > 0 || price === null || quantity === null)
    return { body: null, problems };
  return {
    body: {
      title,
      priceMinor: price.minor,
      membersPriceMinor: members?.minor ?? null,
      quantity,
      parts,
    },
    problems,
  };
};
