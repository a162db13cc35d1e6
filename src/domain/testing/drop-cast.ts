// A drop for tests: so many vases, its usual events, and a run of it as the engine plays it, in which what
// falls due by the clock is done before the next command.

import type { OfferId, VariantId } from '../../base/brand.ts';
import { isRefusal, type Refusal } from '../../base/result.ts';
import { type Actor, system } from '../decider.ts';
import { unitsNeeded } from '../sale/bundle.ts';
import type { DropTerms } from '../sale/drop.ts';
import type { DropCommand } from '../sale/line.ts';
import { seedCommitment } from '../sale/shuffle.ts';
import { type Show, type ShowCommand, type ShowEvent, showDecider } from '../show/show.ts';
import { mina, startMs } from './given.ts';
import { eur, hold, lagoon, personId, plan, vase, vaseItem } from './show-cast.ts';

export const dropId = 'drop1' as OfferId;

export const dropTerms: DropTerms = {
  dropId,
  productId: vase,
  title: 'Lagoon vase, first firing',
  variants: [
    { variantId: lagoon, title: 'Lagoon', price: eur(8600), usualPrice: eur(9800), quantity: 2 },
  ],
  order: 'queue',
  isGiveaway: false,
  opensAtMs: null,
  durationMs: 600_000,
  holdMs: 60_000,
  perPersonMax: 2,
  earlyAccess: [],
  needsAccount: false,
};

/** Unguessable they need not be here. */
export const seedsFor = ({ earlyAccess }: DropTerms): string[] =>
  [...earlyAccess, null].map((_, stage) => `seed of stage ${stage}`);

export const announce = (change: Partial<DropTerms> = {}) => {
  const terms = { ...dropTerms, ...change };
  return { kind: 'AnnounceDrop', terms, seeds: seedsFor(terms) } as const;
};

export const announced = (change: Partial<DropTerms> = {}): readonly [ShowEvent, ShowEvent] => {
  const { terms, seeds } = announce(change);
  const { title, productId, variants, perPersonMax, durationMs, holdMs } = terms;
  return [
    {
      kind: 'DropAnnounced',
      data: { terms, seedCommitments: seeds.map((seed) => seedCommitment(terms.dropId, seed)) },
      personal: { seeds },
    },
    {
      kind: 'OfferRequested',
      data: {
        terms: {
          offerId: terms.dropId,
          by: 'drop',
          productId,
          title,
          variants,
          perPersonMax,
          durationMs,
          holdMs,
        },
      },
    },
  ];
};

/** Its units are there: the offer behind it is open. */
export const allocated = (terms: DropTerms = dropTerms): ShowEvent[] => [
  ...unitsNeeded(terms).map(({ variantId, quantity }): ShowEvent => {
    return { kind: 'OfferAllocated', data: { offerId: dropId, variantId, quantity } };
  }),
  { kind: 'OfferOpened', data: { offerId: dropId, closesAtMs: startMs + terms.durationMs } },
];

type Wish = Partial<Omit<Extract<DropCommand, { kind: 'EnterDrop' }>, 'kind'>>;

export const enter = (wish: Wish = {}) =>
  ({
    kind: 'EnterDrop',
    dropId,
    variantId: lagoon,
    quantity: 1,
    words: 'words',
    tier: null,
    identity: null,
    ...wish,
  }) as const;

export const entered = (
  entry: number,
  name: string,
  wish: Omit<Wish, 'dropId'> = {},
): Extract<ShowEvent, { kind: 'DropEntered' }> => {
  const { kind, identity, marks, ...data } = enter(wish) as Extract<
    DropCommand,
    { kind: 'EnterDrop' }
  >;
  return {
    kind: 'DropEntered',
    data: { ...data, entry },
    personal: { personId: personId(name), name, identity },
  };
};

export const leftDrop = (entry: number): ShowEvent => ({
  kind: 'DropLeft',
  data: { dropId, entry },
});

export const opened = (
  closesAtMs: number,
  stage = 0,
  tier: string | null = null,
): Extract<ShowEvent, { kind: 'DropOpened' }> => ({
  kind: 'DropOpened',
  data: { dropId, stage, tier, seed: `seed of stage ${stage}`, closesAtMs },
});

/** An entry that is served: the word of it and its hold. */
export const served = (
  entry: number,
  name: string,
  { quantity = 1, atMs = startMs, variantId = lagoon as VariantId, price = eur(8600) } = {},
): readonly [ShowEvent, ShowEvent] => {
  const holdId = hold(`${dropId}-${entry}`);
  return [
    { kind: 'DropServed', data: { dropId, entry, variantId, quantity, holdId } },
    {
      kind: 'HoldPlaced',
      data: {
        holdId,
        offerId: dropId,
        variantId,
        quantity,
        personId: personId(name),
        price,
        expiresAtMs: atMs + dropTerms.holdMs,
      },
      personal: { name },
    },
  ];
};

export const closedDrop = (
  reason: 'sold-out' | 'time' | 'crew' | 'show-ended',
  words = '',
): ShowEvent => ({ kind: 'DropClosed', data: { dropId, reason, words } });

/** A show with its vases on the shelf, played as the engine plays it. */
export class DropRun {
  #show: Show = showDecider.initial('x');
  readonly events: { readonly event: ShowEvent; readonly atMs: number }[] = [];
  #nowMs = startMs;

  constructor({ isLive = true } = {}) {
    this.send({ kind: 'PlanShow', plan }, mina);
    this.send({ kind: 'StockShelf', items: [vaseItem] }, mina);
    if (isLive) this.send({ kind: 'GoLive' }, mina);
  }

  get show(): Show {
    return this.#show;
  }
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Announces a drop whose units the stock has. */
  announce(change: Partial<DropTerms> = {}): void {
    const command = announce(change);
    this.send(command, mina);
    for (const { variantId, quantity } of unitsNeeded(command.terms))
      this.send(
        { kind: 'ConfirmAllocation', offerId: command.terms.dropId, variantId, quantity },
        system,
      );
  }

  /** One command, and everything that is due at that time after it. Answers the refusal or what happened. */
  send(command: ShowCommand, by: Actor): readonly ShowEvent[] | Refusal {
    const decided = this.#decide(command, by);
    if (isRefusal(decided)) return decided;
    return [...decided, ...this.until(this.#nowMs)];
  }

  /** Plays what falls due until then. Throws when a deadline changes nothing: the engine would spin. */
  until(atMs: number): ShowEvent[] {
    const happened: ShowEvent[] = [];
    for (;;) {
      const due = showDecider.deadline(this.#show);
      if (due === null || due.atMs > atMs) break;
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      const decided = this.#decide(due.command, system);
      if (isRefusal(decided) || decided.length === 0)
        throw new Error(`deadline ${due.command.kind} changes nothing`);
      happened.push(...decided);
    }
    this.#nowMs = Math.max(this.#nowMs, atMs);
    return happened;
  }

  #decide(command: ShowCommand, by: Actor): readonly ShowEvent[] | Refusal {
    const stamp = { commandId: 'c' as never, atMs: this.#nowMs, by };
    const decided = showDecider.decide(this.#show, command, stamp);
    if (!isRefusal(decided)) for (const event of decided) this.#take(event);
    return decided;
  }

  #take(event: ShowEvent): void {
    this.events.push({ event, atMs: this.#nowMs });
    const stamp = { seq: this.events.length, atMs: this.#nowMs };
    this.#show = showDecider.evolve(this.#show, event, stamp);
  }
}
