// Where the simulated show is played: what everybody in it sees, and how its people act on it.

import type { HoldId, OfferId, PersonId, ShowId, StreamId, VariantId } from '../src/base/brand.ts';
import type { Money } from '../src/base/money.ts';
import type { Actor } from '../src/domain/decider.ts';
import type { Drop } from '../src/domain/sale/drop.ts';
import type { Hold } from '../src/domain/sale/hold.ts';
import type { Lot } from '../src/domain/sale/lot.ts';
import type { OfferTerms } from '../src/domain/sale/offer.ts';
import { type Show, type ShowCommand, showDecider } from '../src/domain/show/show.ts';
import { eventsOf } from './checks.ts';
import type { World } from './world.ts';

/** What everybody in the room can see. */
export interface Stage {
  readonly showId: ShowId;
  readonly show: StreamId;
  readonly variants: readonly VariantId[];
  readonly offers: OfferTerms[];
  readonly screen: Screen;
  /** Holds of lots that somebody's device is paying for: it knows what it does. */
  readonly isPaying: Set<HoldId>;
  isOver: boolean;
}

/** From a hold of the show to an order, or to nothing. */
export type Buyer = (holdId: string, variantId: VariantId, price: Money) => Promise<void>;

/** Sends a host's command; what it came to, or null when nobody answered. */
export type Send = (command: ShowCommand) => Promise<{ readonly kind: string } | null>;

export type Shopper = {
  readonly by: Actor & { readonly kind: 'person' };
  /** Of the command. */
  readonly id: string;
  readonly tries: number;
  readonly pay: Buyer;
  /** What goes on beside the shopper's other deeds. */
  readonly later: (doing: Promise<void>) => void;
};

/** What everybody sees of the show, as a room follows it: the fold of what is committed. */
export class Screen {
  readonly #world: World;
  readonly #stage: Pick<Stage, 'show' | 'showId'>;
  #show: Show;
  #seq = 0;

  constructor(world: World, stage: Pick<Stage, 'show' | 'showId'>) {
    this.#world = world;
    this.#stage = stage;
    this.#show = showDecider.initial(stage.showId);
  }

  get lots(): readonly Lot[] {
    return [...this.#now().sale.auction.lots.values()];
  }

  get drops(): readonly Drop[] {
    return [...this.#now().sale.drops.values()];
  }

  lot(lotId: OfferId): Lot | undefined {
    return this.#now().sale.auction.lots.get(lotId);
  }

  leads(by: PersonId, lot: Lot): boolean {
    const alias = this.#now().sale.auction.aliases.get(by);
    return alias !== undefined && lot.standing?.leader === alias;
  }

  /** A hold that stands, by its id. */
  hold(holdId: HoldId): Hold | undefined {
    return this.#now().sale.holds.get(holdId);
  }

  /** What is held for somebody from a lot or a drop. */
  holdOf(by: PersonId, lotId: OfferId): Hold | undefined {
    for (const hold of this.#now().sale.holds.values())
      if (hold.personId === by && hold.offerId === lotId) return hold;
    return undefined;
  }

  #now(): Show {
    for (const event of eventsOf(this.#world.log, this.#stage.show, this.#seq)) {
      this.#show = showDecider.evolve(this.#show, event as never, {
        seq: event.seq,
        atMs: event.atMs,
      });
      this.#seq = event.seq;
    }
    return this.#show;
  }
}
