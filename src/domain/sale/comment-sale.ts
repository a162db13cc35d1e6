// Selling by what the crowd writes: the owner's switch, the code words of an offer, what a comment becomes,
// and the lines of those who wait for a unit to come back. Reading a comment is comment-claim.ts; units and
// holds are those of offers: nothing here takes a unit past their rules. Rules: docs/rules/comment-claim.md.

import type { HoldId, MessageId, OfferId, PersonId, VariantId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { isRefusal, type Refusal, refuse } from '../../base/result.ts';
import { isCrew, type Stamp } from '../decider.ts';
import { areConfusable, codeWordOf } from '../room/code-word.ts';
import { readComment, type UnclearReason } from '../room/comment-claim.ts';
import type { HoldEvent } from './hold.ts';
import type { Offer, OfferCommand, OfferEvent, OfferTerms } from './offer.ts';
import type { Sale, SaleEvent } from './sale.ts';

/** What a claim by comment keeps: a hold (CCL-7), nothing until it is paid (CCL-8), or a place in a line (CCL-9). */
export const commentPolicies = ['hold', 'first-paid', 'waitlist'] as const;
export type CommentPolicy = (typeof commentPolicies)[number];

/** How an offer is claimed by comment. A variant without a word is claimed by the button alone. */
export type CommentTerms = {
  readonly policy: CommentPolicy;
  /** Words as `codeWordOf` gives them. */
  readonly codes: readonly { readonly variantId: VariantId; readonly word: string }[];
};

/** Somebody who waits for a unit to come back. */
export type Waiting = {
  /** Of the hold that it becomes: also the name of the entry. */
  readonly holdId: HoldId;
  readonly variantId: VariantId;
  readonly quantity: number;
  /** Null once the person was erased. */
  readonly personId: PersonId | null;
  readonly name: string;
  readonly tier: string | null;
};

export type CommentSale = {
  isOn: boolean;
  /** Of each offer those who wait, in order of arrival. */
  readonly lines: Map<OfferId, Waiting[]>;
};

export type CommentCommand =
  | { readonly kind: 'SwitchCommentClaims'; readonly isOn: boolean }
  | {
      readonly kind: 'LeaveCommentLine';
      readonly offerId: OfferId;
      readonly variantId: VariantId;
    };

type ByComment = {
  readonly messageId: MessageId;
  readonly personId: PersonId;
  readonly offerId: OfferId;
  readonly variantId: VariantId;
  readonly quantity: number;
};

export type CommentEvent =
  | { readonly kind: 'CommentClaimsSwitched'; readonly data: { readonly isOn: boolean } }
  /** The message before is a claim; the hold follows. Null: nothing is kept, whoever pays first gets it. */
  | {
      readonly kind: 'CommentClaimed';
      readonly data: ByComment & { readonly holdId: HoldId | null };
    }
  | {
      readonly kind: 'CommentUnclear';
      readonly data: {
        readonly messageId: MessageId;
        readonly personId: PersonId;
        readonly reason: UnclearReason;
        readonly words: readonly string[];
      };
    }
  | {
      readonly kind: 'CommentRefused';
      readonly data: ByComment & {
        readonly reason: string;
        readonly detail: NonNullable<Refusal['detail']>;
      };
    }
  | {
      readonly kind: 'CommentWaiting';
      readonly data: Omit<ByComment, 'personId'> & { readonly holdId: HoldId };
      readonly personal?: {
        readonly personId: PersonId;
        readonly name: string;
        /** Absent: no member. */
        readonly tier?: string;
      } | null;
    }
  /** A unit came back: the hold of whoever was next follows. */
  | {
      readonly kind: 'CommentServed';
      readonly data: {
        readonly offerId: OfferId;
        readonly variantId: VariantId;
        readonly quantity: number;
        readonly holdId: HoldId;
      };
    }
  | {
      readonly kind: 'CommentLineLeft';
      readonly data: {
        readonly offerId: OfferId;
        readonly variantId: VariantId;
        readonly holdId: HoldId;
        readonly reason: 'own' | 'closed' | 'sold-out' | 'barred' | 'limit' | 'erased';
      };
    };

export const emptyCommentSale = (): CommentSale => ({ isOn: false, lines: new Map() });

/** The switch of a show, and leaving a line. What a comment claims is decided by `decideComment`. */
export const decideCommentSale = (
  sale: Sale,
  command: CommentCommand,
  { by }: Stamp,
): readonly CommentEvent[] | Refusal => {
  if (by.kind !== 'person') return refuse('not-allowed');
  switch (command.kind) {
    case 'SwitchCommentClaims': {
      // [CCL-1]
      if (by.role !== 'owner') return refuse('not-allowed');
      const { isOn } = command;
      return isOn === sale.comments.isOn ? [] : [{ kind: 'CommentClaimsSwitched', data: { isOn } }];
    }
    case 'LeaveCommentLine': {
      const { offerId, variantId } = command;
      const own = lineOf(sale, offerId).find(
        (one) => one.personId === by.id && one.variantId === variantId,
      );
      return own ? [left(offerId, own, 'own')] : refuse('entry-unknown');
    }
  }
};

/** [CCL-2, CCL-3] What stands against the code words of an offer that is to be opened; null for nothing. */
export const wrongCodes = (sale: Sale, { comments, variants }: OfferTerms): Refusal | null => {
  if (comments === undefined) return null;
  if (!sale.comments.isOn) return refuse('comment-claims-off');
  const { codes, policy } = comments;
  const isOfVariants =
    codes.length > 0 &&
    new Set(codes.map(({ variantId }) => variantId)).size === codes.length &&
    codes.every(({ variantId }) => variants.some((variant) => variant.variantId === variantId));
  if (!isOfVariants || !commentPolicies.includes(policy))
    return refuse('offer-invalid', { field: 'comments' });
  const taken = [...sale.offers.values()]
    .filter(({ phase }) => phase === 'open' || phase === 'allocating')
    .flatMap(({ terms }) => terms.comments?.codes.map(({ word }) => word) ?? []);
  for (const { word } of codes) {
    if (codeWordOf(word) !== word) return refuse('code-word-invalid', { word });
    if (taken.some((other) => areConfusable(other, word)))
      return refuse('code-word-taken', { word });
    taken.push(word);
  }
  return null;
};

// ── reading a comment ──────────────────────────────────────────────────────────────────────────────

export type Comment = {
  readonly messageId: MessageId;
  readonly text: string;
  /** The id of the hold that it places, if it does. */
  readonly holdId: HoldId;
  /** [PRI-17] Null: no member. */
  readonly tier: string | null;
};

/** How the sale decides a claim by the button: with every rule that it has. */
export type DecideClaim = (
  command: Extract<OfferCommand, { kind: 'Claim' }>,
) => readonly SaleEvent[] | Refusal;

/** What a message that was accepted means for the sale. Never a refusal: the message stands anyway. */
export const decideComment = (
  sale: Sale,
  { messageId, text, holdId, tier }: Comment,
  { by }: Stamp,
  decideClaim: DecideClaim,
): readonly SaleEvent[] => {
  // [CCL-12]
  if (!sale.comments.isOn || by.kind !== 'person' || isCrew(by)) return [];
  const sold = soldByWord(sale);
  if (sold.size === 0) return [];
  const reading = readComment(text, sold.keys());
  if (reading.kind === 'none') return [];
  const { id: personId, name } = by;
  if (reading.kind === 'unclear') {
    const { reason, words } = reading;
    return [{ kind: 'CommentUnclear', data: { messageId, personId, reason, words } }];
  }
  const { offer, variantId } = sold.get(reading.word)!;
  const { offerId } = offer.terms;
  const { quantity } = reading;
  const about: ByComment = { messageId, personId, offerId, variantId, quantity };
  const refused = ({ refused: reason, detail = {} }: Refusal): readonly CommentEvent[] => [
    { kind: 'CommentRefused', data: { ...about, reason, detail } },
  ];
  const policy = offer.terms.comments?.policy;
  if (policy !== 'first-paid' && hasClaimed(sale, offer, variantId, personId))
    return refused(refuse('claimed-already'));
  // [CCL-10] What somebody waits for counts to their limit as what they hold does.
  const waits = lineOf(sale, offerId).reduce(
    (sum, one) => (one.personId === personId ? sum + one.quantity : sum),
    0,
  );
  const max = offer.terms.perPersonMax;
  const taken = (offer.taken.get(personId) ?? 0) + waits;
  if (max !== null && taken + quantity > max)
    return refused(refuse('per-person-limit', { max, taken }));
  const claimed = decideClaim({ kind: 'Claim', offerId, variantId, quantity, holdId, tier });
  if (!isRefusal(claimed)) {
    const isKept = policy !== 'first-paid';
    return [
      { kind: 'CommentClaimed', data: { ...about, holdId: isKept ? holdId : null } },
      ...(isKept ? claimed : []),
    ];
  }
  const pool = offer.pools.get(variantId);
  if (
    policy !== 'waitlist' ||
    claimed.refused !== 'sold-out' ||
    pool?.left !== 0 ||
    pool.held === 0
  )
    return refused(claimed);
  const line = lineOf(sale, offerId);
  if (line.length >= limits.commentLineMax)
    return refused(refuse('line-full', { max: limits.commentLineMax }));
  return [
    {
      kind: 'CommentWaiting',
      data: { messageId, offerId, variantId, quantity, holdId },
      personal: { personId, name, ...(tier === null ? {} : { tier }) },
    },
  ];
};

const soldByWord = (
  sale: Sale,
): ReadonlyMap<string, { readonly offer: Offer; readonly variantId: VariantId }> => {
  const sold = new Map<string, { offer: Offer; variantId: VariantId }>();
  for (const offer of sale.offers.values()) {
    if (offer.phase !== 'open') continue;
    for (const { variantId, word } of offer.terms.comments?.codes ?? [])
      sold.set(word, { offer, variantId });
  }
  return sold;
};

/** [CCL-11] Holds are looked through only for who has taken something of the offer. */
const hasClaimed = (
  sale: Sale,
  offer: Offer,
  variantId: VariantId,
  personId: PersonId,
): boolean => {
  const { offerId } = offer.terms;
  const isTheirs = (one: { readonly personId: PersonId | null; readonly variantId: VariantId }) =>
    one.personId === personId && one.variantId === variantId;
  if (lineOf(sale, offerId).some(isTheirs)) return true;
  if (!offer.taken.has(personId)) return false;
  for (const hold of sale.holds.values())
    if (hold.offerId === offerId && isTheirs(hold)) return true;
  return false;
};

// ── lines ──────────────────────────────────────────────────────────────────────────────────────────

const nobody: readonly Waiting[] = [];

/** Those who wait for a unit of an offer. */
export const lineOf = (sale: Sale, offerId: OfferId): readonly Waiting[] =>
  sale.comments.lines.get(offerId) ?? nobody;

/** The place of an entry in the line of its variant, from 1; null when it isn't there. */
export const placeOf = (sale: Sale, offerId: OfferId, holdId: HoldId): number | null => {
  const line = lineOf(sale, offerId);
  const own = line.find((one) => one.holdId === holdId);
  if (!own) return null;
  return line.filter(({ variantId }) => variantId === own.variantId).indexOf(own) + 1;
};

const left = (
  offerId: OfferId,
  { holdId, variantId }: Waiting,
  reason: Extract<CommentEvent, { kind: 'CommentLineLeft' }>['data']['reason'],
): CommentEvent => ({ kind: 'CommentLineLeft', data: { offerId, variantId, holdId, reason } });

/**
 * [CCL-9, CCL-13] What events that were just decided mean for those who wait: units that came back go to
 * the next; when the offer ends, or the last unit of a variant is paid for, nobody waits any more.
 */
export const afterInLines = (
  sale: Sale,
  events: readonly (OfferEvent | HoldEvent | { readonly kind: string })[],
  stamp: Stamp,
): readonly (CommentEvent | HoldEvent)[] => {
  if (sale.comments.lines.size === 0) return [];
  const after: (CommentEvent | HoldEvent)[] = [];
  const endsOf = new Map<OfferId, HoldEnd[]>();
  for (const event of events as readonly (OfferEvent | HoldEvent)[]) {
    if (event.kind === 'OfferClosed') {
      const { offerId } = event.data;
      after.push(...lineOf(sale, offerId).map((one) => left(offerId, one, 'closed')));
    } else if (isHoldEnd(event)) {
      const { offerId } = event.data;
      endsOf.set(offerId, [...(endsOf.get(offerId) ?? []), event]);
    }
  }
  for (const [offerId, ends] of endsOf) {
    const offer = sale.offers.get(offerId);
    // [OFF-8] By the clock, though its closing may come later.
    if (offer?.phase === 'open' && stamp.atMs < (offer.closesAtMs ?? 0))
      after.push(...serve(sale, offer, ends, stamp.atMs));
  }
  return after;
};

const isHoldEnd = (event: { readonly kind: string }): event is HoldEnd =>
  event.kind === 'HoldReleased' || event.kind === 'HoldExpired' || event.kind === 'HoldSettled';

type HoldEnd = Extract<HoldEvent, { kind: 'HoldReleased' | 'HoldExpired' | 'HoldSettled' }>;

const serve = (
  sale: Sale,
  offer: Offer,
  ends: readonly HoldEnd[],
  atMs: number,
): readonly (CommentEvent | HoldEvent)[] => {
  const { offerId, holdMs, perPersonMax, variants } = offer.terms;
  const back = new Map<VariantId, number>();
  const paid = new Map<VariantId, number>();
  const taken = new Map(offer.taken);
  for (const { kind, data } of ends) {
    const { variantId, personId, quantity } = data;
    const sum = kind === 'HoldSettled' ? paid : back;
    sum.set(variantId, (sum.get(variantId) ?? 0) + quantity);
    if (kind !== 'HoldSettled') taken.set(personId, (taken.get(personId) ?? 0) - quantity);
  }
  const events: (CommentEvent | HoldEvent)[] = [];
  for (const one of lineOf(sale, offerId)) {
    const { variantId, holdId, personId, name } = one;
    const pool = offer.pools.get(variantId);
    if (!pool) continue;
    const there = back.get(variantId) ?? 0;
    if (there === 0) {
      // Neither left, nor in a cart: none can come back.
      const isSold = pool.left === 0 && pool.held === (paid.get(variantId) ?? 0);
      if (isSold) events.push(left(offerId, one, 'sold-out'));
      continue;
    }
    if (personId === null || sale.auction.barred.has(personId)) {
      events.push(left(offerId, one, personId === null ? 'erased' : 'barred'));
      continue;
    }
    const has = taken.get(personId) ?? 0;
    const allowed = perPersonMax === null ? one.quantity : perPersonMax - has;
    const quantity = Math.min(one.quantity, there, allowed);
    if (quantity < 1) {
      events.push(left(offerId, one, 'limit'));
      continue;
    }
    back.set(variantId, there - quantity);
    taken.set(personId, has + quantity);
    const variant = variants.find((other) => other.variantId === variantId)!;
    const price = (one.tier && variant.membersPrice) || variant.price;
    const units = { offerId, variantId, quantity, holdId };
    events.push(
      { kind: 'CommentServed', data: units },
      {
        kind: 'HoldPlaced',
        data: { ...units, personId, price, expiresAtMs: atMs + holdMs },
        personal: { name },
      },
    );
  }
  return events;
};

// ── state ──────────────────────────────────────────────────────────────────────────────────────────

export const evolveCommentSale = (comments: CommentSale, event: CommentEvent): void => {
  switch (event.kind) {
    case 'CommentClaimsSwitched':
      comments.isOn = event.data.isOn;
      return;
    case 'CommentClaimed':
    case 'CommentUnclear':
    case 'CommentRefused':
      return;
    case 'CommentWaiting': {
      const { offerId, variantId, quantity, holdId } = event.data;
      const waiting: Waiting = {
        holdId,
        variantId,
        quantity,
        personId: event.personal?.personId ?? null,
        name: event.personal?.name ?? '',
        tier: event.personal?.tier ?? null,
      };
      const line = comments.lines.get(offerId);
      if (line) line.push(waiting);
      else comments.lines.set(offerId, [waiting]);
      return;
    }
    case 'CommentServed':
    case 'CommentLineLeft': {
      const { offerId, holdId } = event.data;
      const rest = (comments.lines.get(offerId) ?? []).filter((one) => one.holdId !== holdId);
      if (rest.length > 0) comments.lines.set(offerId, rest);
      else comments.lines.delete(offerId);
      return;
    }
  }
};
