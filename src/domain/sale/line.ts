// What is decided of drops: announcing, entering, opening, and serving whoever is next when units are
// there. State and events are in drop.ts. Rules: docs/rules/drop.md.

import { assert } from '../../base/assert.ts';
import type { HoldId, OfferId, VariantId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { type Refusal, refuse } from '../../base/result.ts';
import { isCrew, mayDirect, type Stamp } from '../decider.ts';
import {
  type Drop,
  type DropEvent,
  type DropTerms,
  type Entry,
  hasEverybody,
  isTimeOver,
  lineOf,
  type Marks,
  nextDropStep,
  wrongDropTerms,
} from './drop.ts';
import type { HoldEvent } from './hold.ts';
import { closeOffer, type OfferEvent, type OfferTerms, offerOf, wrongTerms } from './offer.ts';
import type { Sale } from './sale.ts';
import { seedCommitment } from './shuffle.ts';

export type DropCommand =
  | {
      readonly kind: 'AnnounceDrop';
      readonly terms: DropTerms;
      /** One for each stage: each tier, then everybody. Unguessable. */
      readonly seeds: readonly string[];
    }
  | {
      readonly kind: 'EnterDrop';
      readonly dropId: OfferId;
      readonly variantId: VariantId;
      readonly quantity: number;
      /** Chance of the buyer's own. */
      readonly words: string;
      /** Filled in by the door: the person's tier, and what their address comes down to; null for a guest. */
      readonly tier: string | null;
      readonly identity: string | null;
      /** What the door found them to have shown; absent: nothing. */
      readonly marks?: Marks;
    }
  | { readonly kind: 'LeaveDrop'; readonly dropId: OfferId }
  /** By the host; the clock sends StepDrop. */
  | { readonly kind: 'OpenDrop'; readonly dropId: OfferId }
  | { readonly kind: 'StepDrop'; readonly dropId: OfferId }
  | { readonly kind: 'CancelDrop'; readonly dropId: OfferId; readonly reason: string };

export type DropStepEvents = readonly (DropEvent | OfferEvent | HoldEvent)[];

/** What a command about drops leads to; the units of a drop are asked for and given back with it. */
export const decideDrop = (
  sale: Sale,
  command: DropCommand,
  stamp: Stamp,
): DropStepEvents | Refusal => {
  if (command.kind === 'AnnounceDrop') return announce(sale, command, stamp);
  const drop = sale.drops.get(command.dropId);
  if (!drop) return refuse('drop-unknown');
  const { dropId } = drop.terms;
  switch (command.kind) {
    case 'EnterDrop':
      return enter(sale, drop, command, stamp);
    case 'LeaveDrop': {
      if (!isOn(drop)) return refuse('drop-over');
      const own = stamp.by.kind === 'person' ? drop.entryOf.get(stamp.by.id) : undefined;
      const entry = own === undefined ? undefined : drop.entries.get(own);
      if (entry?.state !== 'waiting') return refuse('entry-unknown');
      return [{ kind: 'DropLeft', data: { dropId, entry: entry.entry } }];
    }
    case 'OpenDrop':
      if (!mayDirect(stamp.by)) return refuse('not-allowed');
      if (!mayOpen(sale, drop)) return refuse('drop-not-ready');
      // [DRO-8] Who has early access stands before everybody else, also when the host opens by hand.
      return drop.seeds
        .slice(drop.stagesIn)
        .map((_, nth) => opened(drop, drop.stagesIn + nth, stamp));
    case 'StepDrop':
      if (stamp.by.kind !== 'system') return refuse('not-allowed');
      return step(sale, drop, stamp);
    case 'CancelDrop': {
      const { reason } = command;
      if (!mayDirect(stamp.by)) return refuse('not-allowed');
      if (!isOn(drop)) return refuse('drop-over');
      if (reason.trim().length < 1 || reason.length > limits.reasonMax)
        return refuse('reason-needed');
      return closeDrop(sale, drop, 'crew', reason);
    }
  }
};

/** Whether somebody may still get something of it. */
export const isOn = ({ phase }: Drop): boolean => phase === 'announced' || phase === 'open';

const announce = (
  sale: Sale,
  { terms, seeds }: Extract<DropCommand, { kind: 'AnnounceDrop' }>,
  stamp: Stamp,
): DropStepEvents | Refusal => {
  if (!mayDirect(stamp.by)) return refuse('not-allowed');
  const { dropId } = terms;
  if (sale.offers.has(dropId) || sale.auction.lots.has(dropId)) return refuse('drop-exists');
  if (sale.drops.size >= limits.dropsMax) return refuse('too-many-drops', { max: limits.dropsMax });
  const offer = offerTermsOf(terms);
  const wrong = wrongDropTerms(terms, stamp.atMs) ?? wrongTerms(offer);
  if (wrong || seeds.length !== terms.earlyAccess.length + 1 || hasTwice(seeds))
    return refuse('drop-invalid', { field: wrong ?? 'seeds' });
  const seedCommitments = seeds.map((seed) => seedCommitment(dropId, seed));
  return [
    { kind: 'DropAnnounced', data: { terms, seedCommitments }, personal: { seeds } },
    { kind: 'OfferRequested', data: { terms: offer } },
  ];
};

/** The seed of one stage would be told with that of another. */
const hasTwice = (seeds: readonly string[]): boolean => new Set(seeds).size !== seeds.length;

const offerTermsOf = (terms: DropTerms): OfferTerms => {
  const { dropId, productId, title, variants, durationMs, holdMs, perPersonMax } = terms;
  return {
    offerId: dropId,
    by: 'drop',
    productId,
    title,
    variants,
    perPersonMax,
    durationMs,
    holdMs,
  };
};

const enter = (
  sale: Sale,
  drop: Drop,
  command: Extract<DropCommand, { kind: 'EnterDrop' }>,
  { by, atMs }: Stamp,
): DropStepEvents | Refusal => {
  const { terms } = drop;
  const { dropId, variantId, quantity, words, tier, identity, marks = {} } = command;
  if (by.kind !== 'person') return refuse('sign-in-needed');
  if (isCrew(by)) return refuse('crew-may-not-enter');
  if (sale.auction.barred.has(by.id)) return refuse('buyer-barred');
  const known = drop.entryOf.get(by.id);
  // [DRO-4] Entering again is the same entry, and nothing changes.
  if (known !== undefined) return [];
  if (terms.needsAccount && identity === null) return refuse('account-needed');
  if (identity !== null && drop.marks.has(identity)) return refuse('entry-exists');
  const { card } = marks;
  const unshown = wrongMark(drop, command);
  if (unshown) return unshown;
  // [DRO-7] Everybody's opening counts: a tier's is no reason to turn others away.
  if (!isOn(drop) || isTimeOver(drop, atMs) || (terms.order === 'draw' && hasEverybody(drop)))
    return refuse('drop-over');
  if (!drop.lines.has(variantId)) return refuse('variant-not-offered');
  if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > terms.perPersonMax)
    return refuse('quantity-invalid', { max: terms.perPersonMax });
  if (words.length > limits.dropWordsMax)
    return refuse('words-too-long', { max: limits.dropWordsMax });
  if ((drop.exits.get(by.id) ?? 0) >= limits.dropExitsMax)
    return refuse('too-many-entries', { max: limits.dropExitsMax + 1 });
  if (drop.entryCount >= limits.dropEntriesMax)
    return refuse('too-many-entries', { max: limits.dropEntriesMax });
  return [
    {
      kind: 'DropEntered',
      data: { dropId, entry: drop.entryCount + 1, variantId, quantity, tier, words },
      personal: {
        personId: by.id,
        name: by.name,
        identity,
        ...(card !== undefined && terms.oncePer?.includes('card') ? { card } : {}),
      },
    },
  ];
};

/** [DRO-17] What the drop asks to be shown and isn't, or what has been used up by another entry. */
const wrongMark = (
  { terms: { oncePer = [] }, marks: used }: Drop,
  { identity, marks = {} }: Extract<DropCommand, { kind: 'EnterDrop' }>,
): Refusal | null => {
  if (oncePer.includes('verified-address')) {
    if (identity === null) return refuse('account-needed');
    const proven = marks['verified-address'];
    if (proven === undefined) return refuse('address-unverified');
    if (used.has(proven)) return refuse('entry-exists');
  }
  if (oncePer.includes('card')) {
    if (marks.card === undefined) return refuse('card-needed');
    if (used.has(marks.card)) return refuse('card-entered');
  }
  return null;
};

const mayOpen = (sale: Sale, drop: Drop): boolean =>
  isOn(drop) &&
  !hasEverybody(drop) &&
  !isSeedless(drop) &&
  offerOf(sale, drop.terms.dropId).phase === 'open';

/** Whoever announced it was erased, and the secret with them. */
const isSeedless = ({ seeds }: Drop): boolean => seeds.length === 0;

const opened = (drop: Drop, stage: number, stamp: Stamp): DropEvent => {
  const { dropId, earlyAccess, durationMs, opensAtMs } = drop.terms;
  const tier = earlyAccess[stage]?.tier ?? null;
  const seed = drop.seeds[stage];
  assert(seed !== undefined, `drop ${dropId} has no seed for stage ${stage}`);
  // Early access is on top of the drop's own time.
  const openingMs = tier === null ? stamp.atMs : Math.max(stamp.atMs, opensAtMs ?? stamp.atMs);
  return {
    kind: 'DropOpened',
    data: { dropId, stage, tier, seed, closesAtMs: openingMs + durationMs },
  };
};

/** By the clock: the next stage, more of those who wait, or the end. */
const step = (sale: Sale, drop: Drop, stamp: Stamp): DropStepEvents | Refusal => {
  if (isSoldOut(sale, drop)) return closeDrop(sale, drop, 'sold-out', '');
  // [DRO-13] Nobody is served after its time, though units came back meanwhile.
  if (isOn(drop) && isTimeOver(drop, stamp.atMs)) return closeDrop(sale, drop, 'time', '');
  if (isServable(sale, drop)) return serve(sale, drop, stamp);
  const dueMs = nextDropStep(drop, true);
  if (dueMs === null || stamp.atMs < dueMs) return refuse('drop-not-ready');
  // [DRO-9] Without its seed there is no order that anybody could check.
  if (isSeedless(drop)) return closeDrop(sale, drop, 'crew', 'Its order can’t be proven any more.');
  return mayOpen(sale, drop) ? [opened(drop, drop.stagesIn, stamp)] : refuse('drop-not-ready');
};

// ── serving ────────────────────────────────────────────────────────────────────────────────────────

/** Somebody waits for units that are there: the next step is due at once. */
const isServable = (sale: Sale, drop: Drop): boolean => {
  if (drop.phase !== 'open') return false;
  const { pools } = offerOf(sale, drop.terms.dropId);
  for (const [variantId, line] of drop.lines) {
    if (line.next < line.entries.length && (pools.get(variantId)?.left ?? 0) > 0) return true;
  }
  return false;
};

/** [DRO-10] Units that are there go to whoever is next, so many in one step. */
const serve = (sale: Sale, drop: Drop, stamp: Stamp): DropStepEvents => {
  const events: (DropEvent | HoldEvent)[] = [];
  const { pools } = offerOf(sale, drop.terms.dropId);
  for (const [variantId, pool] of pools) {
    let { left } = pool;
    for (const entry of waitingIn(drop, variantId)) {
      if (left === 0 || events.length >= 2 * limits.dropServedAtOnce) break;
      if (isGone(sale, entry)) {
        const { dropId } = drop.terms;
        events.push({ kind: 'DropLeft', data: { dropId, entry: entry.entry } });
        continue;
      }
      const quantity = Math.min(left, entry.quantity);
      left -= quantity;
      events.push(...served(drop, entry, quantity, stamp.atMs));
    }
  }
  return events;
};

function* waitingIn(drop: Drop, variantId: VariantId): Generator<Entry> {
  const line = lineOf(drop, variantId);
  for (let at = line.next; at < line.entries.length; at += 1) {
    const entry = drop.entries.get(line.entries[at]!);
    if (entry?.state === 'waiting') yield entry;
  }
}

/** [DRO-5] Erased or barred since they entered. */
const isGone = ({ auction }: Sale, { personId }: Entry): boolean =>
  personId === null || auction.barred.has(personId);

const served = (
  { terms: { dropId, holdMs, variants } }: Drop,
  { entry, variantId, personId, name }: Entry,
  quantity: number,
  atMs: number,
): (DropEvent | HoldEvent)[] => {
  const holdId = `${dropId}-${entry}` as HoldId;
  const { price } = variants.find((variant) => variant.variantId === variantId)!;
  return [
    { kind: 'DropServed', data: { dropId, entry, variantId, quantity, holdId } },
    {
      kind: 'HoldPlaced',
      data: {
        holdId,
        offerId: dropId,
        variantId,
        quantity,
        personId: personId!,
        price,
        expiresAtMs: atMs + holdMs,
      },
      personal: { name },
    },
  ];
};

/** [DRO-13] */
export const closeDrop = (
  sale: Sale,
  drop: Drop,
  reason: Extract<DropEvent, { kind: 'DropClosed' }>['data']['reason'],
  words: string,
): DropStepEvents => {
  const { dropId } = drop.terms;
  const offer = offerOf(sale, dropId);
  const closed: DropEvent = { kind: 'DropClosed', data: { dropId, reason, words } };
  // Refused by the stock meanwhile: there is nothing to give back.
  if (offer.phase === 'refused' || offer.phase === 'closed') return [closed];
  return [closed, ...closeOffer(offer, reason === 'sold-out' ? 'time' : reason)];
};

/** Whether the last unit has just been paid for: nobody who waits will get one. */
const isSoldOut = (sale: Sale, drop: Drop): boolean => {
  if (drop.phase !== 'open') return false;
  const { pools } = offerOf(sale, drop.terms.dropId);
  return [...pools.values()].every(({ left, held }) => left === 0 && held === 0);
};

/** What the drops wait for next. */
export const nextDropDue = (
  sale: Sale,
  isLive: boolean,
): { readonly atMs: number; readonly command: DropCommand } | null => {
  let due: { atMs: number; command: DropCommand } | null = null;
  for (const drop of sale.drops.values()) {
    if (!isOn(drop) || offerOf(sale, drop.terms.dropId).phase === 'allocating') continue;
    const atMs = isServable(sale, drop) || isSoldOut(sale, drop) ? 0 : nextDropStep(drop, isLive);
    if (atMs !== null && (due === null || atMs < due.atMs))
      due = { atMs, command: { kind: 'StepDrop', dropId: drop.terms.dropId } };
  }
  return due;
};
