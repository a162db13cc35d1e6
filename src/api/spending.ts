// The door of everything that promises money: a buyer with limits of their own reserves it in their own
// stream before the show is asked. Who has no limits goes straight on. Rules: docs/rules/limits.md.

import { type CommandId, personStream, type ShowId } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { Money } from '../base/money.ts';
import type { Clock, Random } from '../base/ports.ts';
import type { Refusal } from '../base/result.ts';
import { system } from '../domain/decider.ts';
import { allInPrice, type PriceSettings } from '../domain/order/price.ts';
import { type BuyerLimits, timeRefusal } from '../domain/person/limits.ts';
import type { SpendingPlace } from '../domain/person/pledge.ts';
import type { Engine, Outcome } from '../engine/contract.ts';
import type { Room } from '../protocol/room.ts';
import type { PlacedHold } from './placed-holds.ts';
import type { Person } from './visitor.ts';

export type SpendingOptions = {
  readonly engine: Pick<Engine, 'send'>;
  readonly book: {
    has(personId: string): boolean;
    of(personId: string): BuyerLimits;
    /** Who has a pledge at a hold or lot of this id. */
    pledgedAt(holdId: string): readonly string[];
  };
  /** The room as the crowd sees it now; never behind what its show would accept. */
  readonly roomOf: (showId: ShowId) => Promise<Room | null>;
  readonly price: PriceSettings;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Random;
  /** Told when something reserved couldn't be given back; it lapses by itself. */
  readonly report: (what: string, error: unknown) => void;
};

/** What somebody is about to promise. */
export type Wish = {
  /** Where it will stand: the hold, or the lot that is bid for. */
  readonly place: SpendingPlace;
  readonly showId: ShowId | null;
  /** The id of the command that the stream of the place is sent. */
  readonly ask: CommandId;
  /** For one; null when nothing of this name is offered, and then the wish is refused with `unknown`. */
  readonly unitPrice: () => Money | null | Promise<Money | null>;
  readonly unknown: string;
  readonly quantity: number;
  readonly isConfirmed: boolean;
  /** Whether what was done promises it; absent: whatever wasn't refused does. */
  readonly isPromised?: (outcome: Outcome) => boolean;
};

export class Spending {
  readonly #options: SpendingOptions;

  constructor(options: SpendingOptions) {
    this.#options = options;
  }

  /**
   * Reserves what the wish may cost at most, then sends it; what is refused is given back. Rejects as `send`
   * does: then it isn't known what was done, and what was reserved lapses or is confirmed by the show.
   */
  async promise(person: Person, wish: Wish, send: () => Promise<Outcome>): Promise<Outcome> {
    const { book, price } = this.#options;
    if (!book.has(person.id)) return send();
    const { unitPrice: priceNow, unknown, quantity, isPromised = isDone, ...rest } = wish;
    const unitPrice = await priceNow();
    // A price that isn't known can't be reserved; the room is never behind what its show would accept.
    if (unitPrice === null) return this.#refused({ refused: unknown });
    // What can't be is the show's to refuse, and costs nothing until then.
    const amount = canBe(unitPrice, quantity)
      ? allInPrice(unitPrice, quantity, price).total
      : { minor: 0, currency: unitPrice.currency };
    const reserved = await this.#reserve(person, { ...rest, amount, isPayment: false });
    if (reserved.kind === 'refused') return reserved;
    const outcome = await send();
    const seq = reserved.events.at(-1)?.seq;
    if (!isPromised(outcome) && seq !== undefined)
      await this.#return(person, wish.place, wish.ask, seq);
    return outcome;
  }

  /** [LIM-10] Why somebody may not enter a drop now; null when they may. */
  timeRefusal(personId: string): Outcome | null {
    const { book, clock } = this.#options;
    if (!book.has(personId)) return null;
    const late = timeRefusal(book.of(personId), clock.nowMs());
    return late && this.#refused(late);
  }

  /** [LIM-12] Reserves what is about to be paid, unless it was when it was promised; null when it may be paid. */
  async refusalToPay(
    person: Person,
    hold: Pick<PlacedHold, 'stream' | 'holdId' | 'showId' | 'offerId'>,
    total: Money,
  ): Promise<Refusal | null> {
    const { book, roomOf } = this.#options;
    if (!book.has(person.id)) return null;
    const { stream, holdId, showId, offerId } = hold;
    if (showId !== null && offerId !== null && binds(await roomOf(showId), offerId, holdId)) {
      await this.#keepBinding(person, { stream, holdId }, showId, total);
      return null;
    }
    const reserved = await this.#reserve(person, {
      place: { stream, holdId },
      showId,
      ask: holdId as string as CommandId,
      amount: total,
      isConfirmed: true,
      isPayment: true,
    });
    if (reserved.kind === 'done') return null;
    const { reason, detail } = reserved;
    return detail === undefined ? { refused: reason } : { refused: reason, detail };
  }

  /** [LIM-9] Won before there was a limit: it may be paid whatever the limit is now, and counts like the rest. */
  async #keepBinding(
    { id: personId }: Person,
    place: SpendingPlace,
    showId: ShowId,
    amount: Money,
  ): Promise<void> {
    const { book, engine, random } = this.#options;
    if (book.pledgedAt(place.holdId).includes(personId)) return;
    const ask = place.holdId;
    await engine.send(
      personStream(personId),
      { kind: 'KeepSpending', place, showId, ask, amount, isHold: true },
      { commandId: random.id() as CommandId, by: system },
    );
  }

  #refused({ refused, detail }: Refusal): Outcome {
    const atMs = this.#options.clock.nowMs();
    return { kind: 'refused', reason: refused, ...(detail === undefined ? {} : { detail }), atMs };
  }

  /** Under an id of its own each time: what lapsed or went back is reserved anew. */
  #reserve(
    person: Person,
    wish: {
      readonly place: SpendingPlace;
      readonly showId: ShowId | null;
      readonly ask: CommandId;
      readonly amount: Money;
      readonly isConfirmed: boolean;
      readonly isPayment: boolean;
    },
  ): Promise<Outcome> {
    const { engine, random } = this.#options;
    return engine.send(
      personStream(person.id),
      { kind: 'ReserveSpending', ...wish },
      { commandId: random.id() as CommandId, by: person },
    );
  }

  async #return(person: Person, place: SpendingPlace, ask: string, seq: number): Promise<void> {
    const { engine, random, report } = this.#options;
    const command = { kind: 'ReturnSpending', place, ask, seq } as const;
    try {
      await engine.send(personStream(person.id), command, {
        commandId: random.id() as CommandId,
        by: person,
      });
    } catch (error) {
      report('spending could not be given back and lapses', error);
    }
  }
}

/** What a unit costs in a running offer; null when the room has no such offer or variant. */
export const offerPrice = (room: Room | null, offerId: string, variantId: string): Money | null =>
  room?.offers
    .find((offer) => offer.offerId === offerId)
    ?.variants.find((variant) => variant.variantId === variantId)?.price ?? null;

const isDone = ({ kind }: Outcome): boolean => kind === 'done';

const canBe = ({ minor, currency }: Money, quantity: number): boolean =>
  Number.isSafeInteger(minor) &&
  minor >= 0 &&
  minor <= limits.bidMinorMax &&
  /^[A-Z]{3}$/.test(currency) &&
  Number.isSafeInteger(quantity) &&
  quantity > 0 &&
  quantity <= limits.claimQuantityMax;

/** [LIM-12] The hold of somebody who won or took a lot; a second chance may be declined. */
const binds = (room: Room | null, offerId: string, holdId: string): boolean =>
  room?.lots.some(({ lotId }) => lotId === offerId && holdId !== `${lotId}-2`) ?? false;
