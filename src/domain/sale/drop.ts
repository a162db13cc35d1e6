// A drop: a limited release whose units go to those who entered, in an order that everybody can check. A
// giveaway is one that costs nothing. Its state, the words of its log and how they change it; what is
// decided stands in line.ts. Its units are those of an offer with its id. Rules: docs/rules/drop.md.

import { assert } from '../../base/assert.ts';
import type { HoldId, OfferId, PersonId, ProductId, VariantId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import type { OfferVariant } from './offer.ts';
import { emptyMix, mixedSeed, mixedWith, shuffled } from './shuffle.ts';

export type DropTerms = {
  /** Also the id of the offer that holds its units. */
  readonly dropId: OfferId;
  readonly productId: ProductId;
  readonly title: string;
  readonly variants: readonly OfferVariant[];
  readonly order: 'queue' | 'draw';
  readonly isGiveaway: boolean;
  /** Server time; null: when the host opens it. */
  readonly opensAtMs: number | null;
  /** How long it stands once it is open. */
  readonly durationMs: number;
  readonly holdMs: number;
  readonly perPersonMax: number;
  /** [DRO-8] How much earlier a tier is served; longest first. */
  readonly earlyAccess: readonly { readonly tier: string; readonly earlierMs: number }[];
  /** Guests can't enter: one entry for each address. */
  readonly needsAccount: boolean;
  /** [DRO-17] What an entrant must show, each good for one entry; absent: nothing. */
  readonly oncePer?: readonly EntryMark[];
};

/** What counts persons who have many accounts: an address that they have proven, a card that they keep on file. */
export const entryMarks = ['verified-address', 'card'] as const;
export type EntryMark = (typeof entryMarks)[number];

/** Opaque words for what an entrant has shown; the same address or card is the same word. */
export type Marks = { readonly [Kind in EntryMark]?: string };

export type Entry = {
  readonly entry: number;
  readonly variantId: VariantId;
  readonly quantity: number;
  readonly tier: string | null;
  /** Null once the person was erased: the entry keeps its place in the order and leaves when its turn comes. */
  readonly personId: PersonId | null;
  readonly name: string;
  /** What their entry used up: words of an address, and of a card. */
  readonly marks: readonly string[];
  state: 'waiting' | 'served' | 'left';
  /** The place in the variant's line, from 1; null before it stands there. */
  place: number | null;
};

/** Who waits for a variant, in order. Those before `next` were served or have left. */
export type Line = {
  readonly entries: number[];
  next: number;
  /** From here on stand those whom the latest stage let in. */
  letInFrom: number;
};

export type DropPhase = 'announced' | 'open' | 'closed' | 'refused' | 'cancelled';

export type Drop = {
  readonly terms: DropTerms;
  phase: DropPhase;
  /** One for each stage, secret until its opening: whoever enters for the next must not know it. */
  readonly seeds: readonly string[];
  mix: string;
  readonly entries: Map<number, Entry>;
  entryCount: number;
  waiting: number;
  readonly entryOf: Map<PersonId, number>;
  /** Of all who are in. */
  readonly marks: Set<string>;
  /** How often somebody has left. */
  readonly exits: Map<PersonId, number>;
  /** Entries before the opening that stand in no line yet. */
  pool: number[];
  readonly lines: Map<VariantId, Line>;
  openedAtMs: number | null;
  closesAtMs: number | null;
  /** How many stages (each tier, then everybody) were let in already. */
  stagesIn: number;
  /** Why it has ended: the host's words, or the kind of end. */
  reason: string | null;
};

export type Drops = Map<OfferId, Drop>;

type EntryRef = { readonly dropId: OfferId; readonly entry: number };

export type DropEvent =
  | {
      readonly kind: 'DropAnnounced';
      readonly data: { readonly terms: DropTerms; readonly seedCommitments: readonly string[] };
      readonly personal?: { readonly seeds: readonly string[] } | null;
    }
  | {
      readonly kind: 'DropRefused';
      readonly data: { readonly dropId: OfferId; readonly available: number };
    }
  | {
      readonly kind: 'DropEntered';
      readonly data: EntryRef & {
        readonly variantId: VariantId;
        readonly quantity: number;
        readonly tier: string | null;
        readonly words: string;
      };
      readonly personal?: {
        readonly personId: PersonId;
        readonly name: string;
        readonly identity: string | null;
        /** Where the drop asks for a card. */
        readonly card?: string;
      } | null;
    }
  | { readonly kind: 'DropLeft'; readonly data: EntryRef }
  /** A tier, or (null) everybody, is put into the lines; the stage's seed is told. */
  | {
      readonly kind: 'DropOpened';
      readonly data: {
        readonly dropId: OfferId;
        readonly stage: number;
        readonly tier: string | null;
        readonly seed: string;
        readonly closesAtMs: number;
      };
    }
  | {
      readonly kind: 'DropServed';
      readonly data: EntryRef & {
        readonly variantId: VariantId;
        readonly quantity: number;
        readonly holdId: HoldId;
      };
    }
  | {
      readonly kind: 'DropClosed';
      readonly data: {
        readonly dropId: OfferId;
        readonly reason: 'sold-out' | 'time' | 'crew' | 'show-ended';
        readonly words: string;
      };
    };

/** The drop of an event that is in the log; a missing one is a bug. */
export const dropOf = (drops: Drops, dropId: OfferId): Drop => {
  const drop = drops.get(dropId);
  assert(drop, `drop ${dropId} is in the log before it was announced`);
  return drop;
};

/** The line of a variant of the drop; one that the drop doesn’t have is a bug. */
export const lineOf = (drop: Drop, variantId: VariantId): Line => {
  const line = drop.lines.get(variantId);
  assert(line, `variant ${variantId} isn't in drop ${drop.terms.dropId}`);
  return line;
};

export const evolveDrop = (drops: Drops, event: DropEvent, atMs: number): void => {
  switch (event.kind) {
    case 'DropAnnounced': {
      const { terms } = event.data;
      drops.set(terms.dropId, {
        terms,
        phase: 'announced',
        seeds: event.personal?.seeds ?? [],
        mix: emptyMix(terms.dropId),
        entries: new Map(),
        entryCount: 0,
        waiting: 0,
        entryOf: new Map(),
        marks: new Set(),
        exits: new Map(),
        pool: [],
        lines: new Map(
          terms.variants.map(({ variantId }) => [
            variantId,
            { entries: [], next: 0, letInFrom: 0 },
          ]),
        ),
        openedAtMs: null,
        closesAtMs: null,
        stagesIn: 0,
        reason: null,
      });
      return;
    }
    case 'DropRefused': {
      const drop = dropOf(drops, event.data.dropId);
      drop.phase = 'refused';
      forgetTheLine(drop);
      return;
    }
    case 'DropEntered':
      enter(dropOf(drops, event.data.dropId), event);
      return;
    case 'DropLeft': {
      const drop = dropOf(drops, event.data.dropId);
      leave(drop, drop.entries.get(event.data.entry));
      return;
    }
    case 'DropOpened': {
      const { dropId, stage, tier, seed, closesAtMs } = event.data;
      const drop = dropOf(drops, dropId);
      drop.phase = 'open';
      drop.openedAtMs ??= atMs;
      drop.closesAtMs = closesAtMs;
      drop.stagesIn = stage + 1;
      letIn(drop, tier, seed);
      return;
    }
    case 'DropServed': {
      const drop = dropOf(drops, event.data.dropId);
      const entry = drop.entries.get(event.data.entry);
      assert(entry, `entry ${event.data.entry} was served before it was made`);
      if (entry.state === 'waiting') drop.waiting -= 1;
      entry.state = 'served';
      settle(drop, lineOf(drop, entry.variantId));
      return;
    }
    case 'DropClosed': {
      const drop = dropOf(drops, event.data.dropId);
      drop.phase = event.data.reason === 'crew' ? 'cancelled' : 'closed';
      drop.reason = event.data.words || event.data.reason;
      forgetTheLine(drop);
      return;
    }
  }
};

const enter = (
  drop: Drop,
  { data, personal }: Extract<DropEvent, { kind: 'DropEntered' }>,
): void => {
  const { entry, variantId, quantity, tier, words } = data;
  const personId = personal?.personId ?? null;
  const marks = [personal?.identity, personal?.card].filter((mark) => mark != null);
  const isLate = hasEverybody(drop);
  drop.entries.set(entry, {
    entry,
    variantId,
    quantity,
    tier,
    personId,
    name: personal?.name ?? '',
    marks,
    state: 'waiting',
    place: null,
  });
  drop.entryCount = entry;
  drop.waiting += 1;
  if (personId !== null) drop.entryOf.set(personId, entry);
  for (const mark of marks) drop.marks.add(mark);
  // [DRO-6] Who comes after the shuffle stands behind it, by arrival.
  if (isLate) append(drop, entry);
  else {
    drop.pool.push(entry);
    drop.mix = mixedWith(drop.mix, entry, words);
  }
};

const leave = (drop: Drop, entry: Entry | undefined): void => {
  if (entry?.state !== 'waiting') return;
  entry.state = 'left';
  drop.waiting -= 1;
  if (entry.personId !== null) {
    drop.entryOf.delete(entry.personId);
    drop.exits.set(entry.personId, (drop.exits.get(entry.personId) ?? 0) + 1);
  }
  for (const mark of entry.marks) drop.marks.delete(mark);
  settle(drop, lineOf(drop, entry.variantId));
};

/**
 * [DRO-19] Nothing comes of waiting any more: what is kept is who was served, so that the state of a show stays as
 * flat as what it sold. How far each line came stays, and how many waited.
 */
const forgetTheLine = (drop: Drop): void => {
  for (const [number, { state, personId }] of drop.entries) {
    if (state === 'served') continue;
    drop.entries.delete(number);
    if (personId !== null && drop.entryOf.get(personId) === number) drop.entryOf.delete(personId);
  }
  drop.marks.clear();
  drop.exits.clear();
  drop.pool = [];
  for (const line of drop.lines.values()) line.entries.length = 0;
};

/** Everybody who is in the pool now stands in a line from now on. */
export const hasEverybody = ({ stagesIn, terms }: Drop): boolean =>
  stagesIn > terms.earlyAccess.length;

/** [DRO-6, DRO-8] A tier, or everybody, in the order of the mixed seed. */
const letIn = (drop: Drop, tier: string | null, seed: string): void => {
  const isIn = (entry: number) => tier === null || drop.entries.get(entry)?.tier === tier;
  const coming = shuffled(
    mixedSeed(seed, drop.mix),
    drop.pool.filter((entry) => isIn(entry) && drop.entries.get(entry)?.state === 'waiting'),
  );
  drop.pool = drop.pool.filter((entry) => !isIn(entry));
  for (const line of drop.lines.values()) line.letInFrom = line.entries.length;
  for (const entry of coming) append(drop, entry);
};

const append = (drop: Drop, number: number): void => {
  const entry = drop.entries.get(number)!;
  const line = lineOf(drop, entry.variantId);
  line.entries.push(number);
  entry.place = line.entries.length;
  settle(drop, line);
};

/** The head of a line is somebody who waits. Amortised O(1): each entry is passed once. */
const settle = (drop: Drop, line: Line): void => {
  while (line.next < line.entries.length) {
    if (drop.entries.get(line.entries[line.next]!)?.state === 'waiting') return;
    line.next += 1;
  }
};

/** When the drop's next step is due by the clock, or null. `isLive`: only a live show opens a drop. */
export const nextDropStep = (drop: Drop, isLive: boolean): number | null => {
  const { terms, phase, stagesIn, closesAtMs } = drop;
  if (phase === 'announced' || (phase === 'open' && !hasEverybody(drop))) {
    if (terms.opensAtMs === null || !isLive) return null;
    const early = terms.earlyAccess[stagesIn];
    return early ? terms.opensAtMs - early.earlierMs : terms.opensAtMs;
  }
  return phase === 'open' ? closesAtMs : null;
};

/** By the clock, though its closing may come later. Until everybody was let in its time hasn't begun. */
export const isTimeOver = (drop: Drop, nowMs: number): boolean =>
  hasEverybody(drop) && drop.closesAtMs !== null && nowMs >= drop.closesAtMs;

const isWithin = (value: number, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= min && value <= max;

/** [DRO-18] Once each; and a giveaway has a free way in: no card opens it. */
const hasWrongMarks = ({ oncePer = [], isGiveaway }: DropTerms): boolean =>
  new Set(oncePer).size !== oncePer.length ||
  oncePer.some((kind) => !entryMarks.includes(kind)) ||
  (isGiveaway && oncePer.includes('card'));

/** [DRO-3] The first term that can't be, by name; null when all are sound. Prices are checked as an offer's. */
export const wrongDropTerms = (terms: DropTerms, nowMs: number): string | null => {
  const { opensAtMs, earlyAccess } = terms;
  if (opensAtMs !== null && !isWithin(opensAtMs, nowMs, nowMs + limits.dropAheadMsMax))
    return 'opensAtMs';
  if (!isWithin(terms.durationMs, 1_000, limits.offerMsMax)) return 'durationMs';
  if (!isWithin(terms.perPersonMax, 1, limits.claimQuantityMax)) return 'perPersonMax';
  if (terms.isGiveaway && terms.variants.some(({ price }) => price.minor !== 0)) return 'price';
  if (terms.isGiveaway && terms.order !== 'draw') return 'order';
  if (hasWrongMarks(terms)) return 'oncePer';
  if (earlyAccess.length > limits.dropTiersMax) return 'earlyAccess';
  if (new Set(earlyAccess.map(({ tier }) => tier)).size !== earlyAccess.length)
    return 'earlyAccess';
  const isFalling = earlyAccess.every(
    ({ earlierMs }, nth) =>
      isWithin(earlierMs, 1_000, limits.offerMsMax) &&
      (nth === 0 || earlierMs < earlyAccess[nth - 1]!.earlierMs),
  );
  if (!isFalling || (earlyAccess.length > 0 && opensAtMs === null)) return 'earlyAccess';
  return null;
};
