// A show's room as a fold of its log: what everyone sees, the holds of each person, the crew's figures.
// It knows no sockets and no time of its own; the same events give the same room. Figures in messages
// are absolute and come from the pools that are kept here with the decider's own `evolve`.

import { assert } from '../base/assert.ts';
import type { HoldId, PersonId, VariantId } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { reactions } from '../base/words.ts';
import { lineOf } from '../domain/sale/comment-sale.ts';
import { isRunning } from '../domain/sale/lot.ts';
import { emptySale, evolveSale, isOfSale, type Sale } from '../domain/sale/sale.ts';
import type { ShowEvent } from '../domain/show/show.ts';
import type { ShelfHold, Stock, StockEvent } from '../domain/stock/stock.ts';
import type { RecordedEvent } from '../log/event-log.ts';
import type { CommentReply } from '../protocol/comment-claim.ts';
import {
  applyMessage,
  emptyRoom,
  type Room,
  type RoomItem,
  type RoomMessage,
} from '../protocol/room.ts';
import type { MyVote } from '../protocol/room-poll.ts';
import type { CrewMessage, MyBid, MyEntry, MyHold } from '../protocol/socket.ts';
import { CrewLog } from './crew-log.ts';
import { entriesOf } from './drop-messages.ts';
import { bidsOf } from './lot-messages.ts';
import {
  offerHold,
  shelfCrewMessages,
  showMessages,
  stockFigures,
  stockMessages,
} from './messages.ts';
import { publicPlan } from './public-parts.ts';
import { PulseCount } from './pulse.ts';
import { type Said, shelfTitle } from './said.ts';
import type { ShelfSale } from './shelf-sales.ts';

export class ShowRoom {
  readonly showId: string;
  readonly pulse = new PulseCount();
  readonly crewLog = new CrewLog();
  /** The place of the last event that is in here. */
  seq = 0;
  #room: Room | null = null;
  /** What was ever on the shelf, by variant: sales of a piece that was taken off count too. */
  readonly #items = new Map<VariantId, RoomItem>();
  readonly #sale: Sale = emptySale();
  readonly #holdsOf = new Map<PersonId, Set<HoldId>>();
  /** Who chose what in the last poll. */
  readonly #votes = new Map<PersonId, MyVote>();
  readonly #repliesTo = new Map<PersonId, readonly CommentReply[]>();
  /** Taps that everyone has been told of and the log has not. */
  readonly #tapped = new Map<string, number>();

  constructor(showId: string) {
    this.showId = showId;
  }

  /** What everyone sees; null before the show was planned. */
  get room(): Room | null {
    return this.#room;
  }

  /** Takes the next event of the show's stream and gives what it says. */
  take(recorded: RecordedEvent): Said {
    assert(
      recorded.seq === this.seq + 1,
      `room ${this.showId} stands at ${this.seq} and got event ${recorded.seq}`,
    );
    this.seq = recorded.seq;
    const event = recorded as unknown as ShowEvent;
    const holdId = 'holdId' in event.data ? event.data.holdId : null;
    const hold = holdId === null ? undefined : this.#sale.holds.get(holdId);
    const waiting =
      event.kind === 'CommentServed' || event.kind === 'CommentLineLeft'
        ? lineOf(this.#sale, event.data.offerId).find((one) => one.holdId === holdId)
        : undefined;
    this.#evolve(event, recorded.atMs);
    const said = showMessages(
      event,
      { seq: recorded.seq, atMs: recorded.atMs, showId: this.showId },
      this.#sale,
      hold,
      waiting,
    );
    for (const { to, message } of said.personal)
      if (message.t === 'reply') this.#rememberReply(to, message.reply);
    if (event.kind === 'ShowPlanned')
      this.#room = emptyRoom(this.showId, publicPlan(event.data.plan));
    if (event.kind === 'PollOpened') this.#votes.clear();
    if (event.kind === 'Voted') {
      const { pollId, personId, option } = event.data;
      this.#votes.set(personId, { pollId, option });
    }
    if (event.kind === 'MessagePosted') this.pulse.addMessage(recorded.atMs);
    if (event.kind === 'HoldSettled') this.pulse.addBuyer(event.data.personId);
    this.#tellCrew(said.crew, recorded.atMs);
    for (const message of said.room) {
      this.apply(message);
      if (message.t === 'shelf') for (const item of message.items) this.#rememberItem(item);
    }
    if (event.kind !== 'ReactionsCounted') return said;
    const told = this.#countReactions(event.data.counts);
    return told ? { ...said, room: [told] } : said;
  }

  /** Takes an event of a variant's stock, which `stock` has in it and `hold` was before. */
  takeStock(
    event: StockEvent,
    atMs: number,
    stock: Stock,
    hold: ShelfHold | undefined,
    nameOf: (personId: PersonId) => string,
  ): Said {
    const item = this.itemOf(stock.variantId);
    const name = event.kind === 'ShelfHoldPlaced' ? nameOf(event.data.personId) : '';
    const said = stockMessages(
      event,
      { seq: this.seq, atMs, showId: this.showId },
      stock,
      hold,
      item,
      name,
    );
    this.#tellCrew(said.crew, atMs);
    if (hold && said.crew.some(({ t }) => t === 'sold')) this.pulse.addBuyer(hold.personId);
    for (const message of said.room) this.apply(message);
    return said;
  }

  /** Takes what became of a hold from the shelf while nobody watched: for the crew's figures alone. */
  takeShelfSale(variantId: VariantId, { event, claim }: ShelfSale): void {
    const item = this.#items.get(variantId);
    const told = shelfCrewMessages(
      event as unknown as StockEvent,
      claim,
      { seq: this.seq, atMs: event.atMs, showId: this.showId },
      item ? shelfTitle(item, variantId) : '',
      this.#room?.chat.find(({ personId }) => personId === claim.personId)?.name ?? '',
    );
    this.#tellCrew(told, event.atMs);
    if (told.some(({ t }) => t === 'sold')) this.pulse.addBuyer(claim.personId);
  }

  /** Every variant that was on the shelf so far. */
  get shelvedVariants(): Iterable<VariantId> {
    return this.#items.keys();
  }

  /** The figures of a variant as they stand now: what is said when it comes onto the shelf. */
  showStock(stock: Stock): RoomMessage {
    const message: RoomMessage = {
      t: 'stock',
      variantId: stock.variantId,
      figures: stockFigures(stock),
    };
    this.apply(message);
    return message;
  }

  /** Counts a tap on a reaction, which goes to the log later. */
  tap(reaction: string, count: number): void {
    this.#tapped.set(reaction, (this.#tapped.get(reaction) ?? 0) + count);
    const { reactions: before } = this.#planned();
    this.apply({
      t: 'reactions',
      totals: { ...before, [reaction]: (before[reaction] ?? 0) + count },
    });
  }

  apply(message: RoomMessage): void {
    this.#room = applyMessage(this.#planned(), message, limits.chatWindowMax);
  }

  /** The product on the shelf that has this variant. */
  itemOf(variantId: string): RoomItem | undefined {
    return this.#room?.shelf.find((item) =>
      item.variants.some((variant) => variant.variantId === variantId),
    );
  }

  /** A person's open holds of this show's offers, oldest first. */
  holdsOf(personId: PersonId): MyHold[] {
    const ids = this.#holdsOf.get(personId) ?? [];
    return [...ids].flatMap((id) => {
      const hold = this.#sale.holds.get(id);
      return hold ? [offerHold(this.showId, this.#sale, hold)] : [];
    });
  }

  /** What a person has bid in lots that aren't over. */
  bidsOf(personId: PersonId): MyBid[] {
    return bidsOf(this.#sale.auction, personId);
  }

  /** A person's entries in drops. */
  entriesOf(personId: PersonId): MyEntry[] {
    return entriesOf(this.#sale, personId);
  }

  /** [ASK-5] A person's choice in the last poll. */
  voteOf(personId: PersonId): MyVote | null {
    return this.#votes.get(personId) ?? null;
  }

  /** How the open poll stands; null: none is open. */
  get votes(): RoomMessage | null {
    const poll = this.#room?.poll;
    if (!poll || poll.closedAtMs !== null) return null;
    return { t: 'votes', pollId: poll.pollId, tally: poll.tally };
  }

  /** [CCL-14] What the shop answered to a person's comments, the newest. */
  repliesTo(personId: PersonId): readonly CommentReply[] {
    return this.#repliesTo.get(personId) ?? [];
  }

  /** [LOT-14] The allowance that the log has, and whether any lot still waits for a hammer that has one. */
  get auction(): { readonly allowanceMs: number; readonly awaitsHammer: boolean } {
    const { allowanceMs, lots } = this.#sale.auction;
    return {
      allowanceMs,
      awaitsHammer: [...lots.values()].some(
        (lot) =>
          lot.terms.bidding.format === 'english' && (lot.phase === 'prepared' || isRunning(lot)),
      ),
    };
  }

  #tellCrew(messages: readonly CrewMessage[], atMs: number): void {
    for (const message of messages) this.pulse.addCrewMessage(message);
    this.crewLog.add(messages, atMs);
  }

  #rememberReply(to: PersonId, reply: CommentReply): void {
    const kept = this.#repliesTo.get(to) ?? [];
    this.#repliesTo.set(to, [...kept, reply].slice(-limits.repliesKept));
  }

  #rememberItem(item: RoomItem): void {
    for (const { variantId } of item.variants) this.#items.set(variantId as VariantId, item);
  }

  #planned(): Room {
    assert(this.#room, `room ${this.showId} was used before its show was planned`);
    return this.#room;
  }

  /** Taps of this room come back from the log; only what is more than those is news. */
  #countReactions(counts: Readonly<Partial<Record<string, number>>>): RoomMessage | null {
    const totals = { ...this.#planned().reactions };
    let more = false;
    for (const reaction of reactions) {
      const logged = counts[reaction] ?? 0;
      const known = Math.min(logged, this.#tapped.get(reaction) ?? 0);
      if (known > 0) this.#tapped.set(reaction, (this.#tapped.get(reaction) ?? 0) - known);
      if (logged > known) {
        totals[reaction] = (totals[reaction] ?? 0) + logged - known;
        more = true;
      }
    }
    if (!more) return null;
    const message: RoomMessage = { t: 'reactions', totals };
    this.apply(message);
    return message;
  }

  #evolve(event: ShowEvent, atMs: number): void {
    if (!isOfSale(event)) return;
    evolveSale(this.#sale, event, atMs);
    switch (event.kind) {
      case 'HoldPlaced': {
        const { personId, holdId } = event.data;
        const holds = this.#holdsOf.get(personId);
        if (holds) holds.add(holdId);
        else this.#holdsOf.set(personId, new Set([holdId]));
        return;
      }
      case 'HoldReleased':
      case 'HoldExpired':
      case 'HoldSettled': {
        const { personId, holdId } = event.data;
        const holds = this.#holdsOf.get(personId);
        holds?.delete(holdId);
        if (holds?.size === 0) this.#holdsOf.delete(personId);
        return;
      }
      default:
        return;
    }
  }
}
