// What a host types for a live offer, and what the shop gets from it. All fields are text until they are
// sent, so that nothing that was typed is ever lost or silently changed. True stock is a figure given
// here, never typed; the shop decides in the end, and this file says beforehand what it would refuse.

import { limits } from '../../base/limits.ts';
import type { Money } from '../../base/money.ts';
import { areConfusable, codeWordOf, suggestCodeWord } from '../../domain/room/code-word.ts';
import type { RoomCommentTerms } from '../../protocol/comment-claim.ts';
import type { OpenOfferBody } from '../../protocol/http.ts';
import type { Room, RoomItem, StockFigures } from '../../protocol/room.ts';
import { amountText, readAmount } from '../design/amount.ts';
import { type BundleForm, checkBundle } from './bundle-form.ts';

export type OfferRow = {
  readonly variantId: string;
  readonly title: string;
  readonly usualPrice: Money;
  readonly price: string;
  /** Empty: members pay what everybody pays. */
  readonly membersPrice: string;
  /** Empty or 0: this variant stays out of the offer. */
  readonly quantity: string;
  /** What claims it in the chat; empty: the button alone. */
  readonly word: string;
};

export type OfferForm = {
  readonly productId: string;
  readonly title: string;
  readonly rows: readonly OfferRow[];
  /** Empty: no limit. */
  readonly perPerson: string;
  readonly minutes: string;
  readonly holdSeconds: string;
  /** Members have prices of their own. */
  readonly forMembers: boolean;
  /** Several pieces as a set; null: none. */
  readonly bundle: BundleForm | null;
  /** `off`: the button alone claims. */
  readonly comments: 'off' | RoomCommentTerms['policy'];
};

/** What the room says of claiming by comment. */
export type CommentClaims = {
  readonly isOn: boolean;
  /** Code words of offers that are open. */
  readonly taken: readonly string[];
};

export const commentClaimsOf = (room: Pick<Room, 'commentClaims' | 'offers'>): CommentClaims => ({
  isOn: room.commentClaims,
  taken: room.offers.flatMap(({ comments }) => comments?.codes.map(({ word }) => word) ?? []),
});

const noComments: CommentClaims = { isOn: false, taken: [] };

/** By field name; rows are `price:<variant>`, `members:…`, `quantity:…` and `word:…`. */
export type OfferProblems = Readonly<Record<string, string>>;

export type OfferCheck =
  | { readonly ok: true; readonly body: OpenOfferBody }
  | { readonly ok: false; readonly problems: OfferProblems };

/** A form that could be sent as it stands: the usual price and all that is there. */
export const offerFormFor = (
  item: RoomItem,
  stock: Readonly<Record<string, StockFigures>>,
  comments: CommentClaims = noComments,
): OfferForm => ({
  productId: item.productId,
  title: item.title,
  rows: rowsFor(item, stock, comments),
  perPerson: '2',
  minutes: '10',
  holdSeconds: String(limits.holdMs / 1_000),
  forMembers: false,
  bundle: null,
  comments: comments.isOn ? 'hold' : 'off',
});

const rowsFor = (
  { title, variants }: RoomItem,
  stock: Readonly<Record<string, StockFigures>>,
  { isOn, taken }: CommentClaims,
): readonly OfferRow[] => {
  const words = [...taken];
  return variants.map((variant) => {
    const word = isOn ? suggestCodeWord(title, variant.title, words) : '';
    words.push(word);
    return {
      variantId: variant.variantId,
      title: variant.title,
      usualPrice: variant.price,
      price: amountText(variant.price),
      membersPrice: '',
      quantity: String(stock[variant.variantId]?.available ?? 0),
      word,
    };
  });
};

const whole = (text: string): number | null =>
  /^\d{1,9}$/.test(text.trim()) ? Number(text) : null;
const positive = (text: string): number | null => {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) && value > 0 ? value : null;
};

/** What the shop would get, or what stands against it, field by field. */
export const checkOffer = (
  form: OfferForm,
  stock: Readonly<Record<string, StockFigures>>,
  taken: readonly string[] = [],
): OfferCheck => {
  const problems: Record<string, string> = {};
  const variants: OpenOfferBody['variants'] = [];
  const codes: { variantId: string; word: string }[] = [];
  for (const row of form.rows) {
    if (row.quantity.trim() === '' || whole(row.quantity) === 0) continue;
    const quantity = whole(row.quantity);
    const available = stock[row.variantId]?.available ?? 0;
    if (quantity === null) problems[`quantity:${row.variantId}`] = 'A whole number, please.';
    else if (quantity > available) {
      problems[`quantity:${row.variantId}`] =
        available === 0 ? 'None is left to offer.' : `Only ${available} can be offered.`;
    }
    const price = readAmount(row.price, row.usualPrice.currency);
    if (price === null) problems[`price:${row.variantId}`] = 'A price such as 12 or 12.50.';
    if (form.comments !== 'off' && row.word.trim() !== '') {
      const word = codeWordOf(row.word);
      const others = [...taken, ...codes.map((code) => code.word)];
      if (word === null)
        problems[`word:${row.variantId}`] =
          '2 to 20 letters or digits; no word that people say anyway.';
      else if (others.some((other) => areConfusable(other, word)))
        problems[`word:${row.variantId}`] = 'Taken by another variant or open offer.';
      else codes.push({ variantId: row.variantId, word });
    }
    const isAsked = form.forMembers && row.membersPrice.trim() !== '';
    const members = isAsked ? readAmount(row.membersPrice, row.usualPrice.currency) : null;
    if (isAsked && (members === null || members.minor > (price?.minor ?? members.minor)))
      problems[`members:${row.variantId}`] = 'At most the live price, or empty.';
    if (quantity !== null && price !== null) {
      const membersPriceMinor = members?.minor ?? null;
      variants.push({
        variantId: row.variantId,
        priceMinor: price.minor,
        membersPriceMinor,
        quantity,
      });
    }
  }
  const currency = form.rows[0]?.usualPrice.currency ?? form.bundle?.pieces[0]?.price.currency;
  const alone = variants.map(({ variantId }) => variantId);
  const set =
    form.bundle && currency
      ? checkBundle(form.bundle, stock, { currency, forMembers: form.forMembers, alone })
      : null;
  Object.assign(problems, set?.problems);
  if (
    !form.bundle &&
    form.rows.every((row) => row.quantity.trim() === '' || whole(row.quantity) === 0)
  ) {
    problems.rows = 'Choose how many of at least one variant you offer.';
  }
  const perPerson = form.perPerson.trim() === '' ? null : whole(form.perPerson);
  if (form.perPerson.trim() !== '' && (perPerson === null || perPerson < 1)) {
    problems.perPerson = 'A whole number from 1, or empty for no limit.';
  }
  const minutes = positive(form.minutes);
  if (minutes === null || minutes * 60_000 > limits.offerMsMax || minutes * 60_000 < 1_000) {
    problems.minutes = `Minutes, at most ${limits.offerMsMax / 60_000}.`;
  }
  const holdSeconds = positive(form.holdSeconds);
  const holdMs = holdSeconds === null ? 0 : Math.round(holdSeconds * 1_000);
  if (holdMs < limits.holdMsMin || holdMs > limits.holdMsMax) {
    problems.holdSeconds = `Between ${limits.holdMsMin / 1_000} and ${limits.holdMsMax / 1_000} seconds.`;
  }
  if (Object.keys(problems).length > 0 || minutes === null) return { ok: false, problems };
  return {
    ok: true,
    body: {
      productId: form.productId,
      variants,
      ...(set?.body ? { bundles: [set.body] } : {}),
      perPersonMax: perPerson,
      durationMs: Math.round(minutes * 60_000),
      holdMs,
      ...(form.comments !== 'off' && codes.length > 0
        ? { comments: { policy: form.comments, codes } }
        : {}),
    },
  };
};

/** The form with the quantity that the shop said it has: the one-click cure of "only N available". */
export const withAvailable = (
  form: OfferForm,
  variantId: string,
  available: number,
): OfferForm => ({
  ...form,
  rows: form.rows.map((row) =>
    row.variantId === variantId ? { ...row, quantity: String(Math.max(0, available)) } : row,
  ),
});

/** How much less than the reference price, in whole percent; null when it isn't less. */
export const percentOff = (row: OfferRow, reference: Money): number | null => {
  const price = readAmount(row.price, reference.currency);
  if (price === null || reference.minor === 0 || price.minor >= reference.minor) return null;
  return Math.round((1 - price.minor / reference.minor) * 100);
};
