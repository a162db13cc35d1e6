// A lot recounted from what is public of it: its terms, its bids with their commitments, and the maxima that the
// hammer reveals. It shares the arithmetic of bidding.ts and the hash of commitment.ts with the server and
// nothing else: not its state, not its decisions. For `npm run verify`, for the browser, for tests and the
// simulator. Rules: docs/rules/auction.md, LOT-25.

import { assertNever } from '../../base/assert.ts';
import { limits } from '../../base/limits.ts';
import type { ShowEvent } from '../show/show.ts';
import { afterBid, fallenPrice, fallMs, type Standing, smallestBid } from './bidding.ts';
import { commitmentTo, type Secret } from './commitment.ts';
import type { LotEvent } from './lot.ts';
import type { LotTerms } from './lot-terms.ts';

type EventOf<Kind extends LotEvent['kind']> = Extract<LotEvent, { kind: Kind }>;

/** The events that are about one lot. */
export type OneLotEvent = Exclude<
  LotEvent,
  { kind: 'LotPrepared' | 'LotRunChanged' | 'LotRunStopped' | 'AllowanceMeasured' | 'BuyerBarred' }
>;

const ofMore = new Set(['LotPrepared', 'LotRunChanged', 'LotRunStopped']);

/** Whether a show's event is one that a recount takes. */
export const isOfOneLot = (event: ShowEvent): event is OneLotEvent =>
  'lotId' in event.data && !ofMore.has(event.kind);

type Placed = EventOf<'BidPlaced'>['data'];
type Opened = EventOf<'MaximaRevealed'>['data']['bids'][number];

/** Each step answers why it can't be, in words, or null. After the first that can't be the rest says nothing. */
export class LotRecount {
  readonly #terms: LotTerms;
  readonly #reserveCommitment: string | null;
  /** Bids and undos in their order. */
  readonly #course: (Placed | 'undo')[] = [];
  readonly #opened = new Map<string, Opened>();
  #standing: { readonly price: number; readonly leader: number } | null = null;
  #clock: { openedMs: number; closesMs: number; hammerMs: number } | null = null;
  #pausedLeftMs: number | null = null;
  #extendedMs = 0;
  #taken = 0;
  #isOver = false;
  #hammered: EventOf<'LotHammered'>['data'] | null = null;
  #reserve: Secret | null = null;

  constructor({ terms, reserveCommitment }: EventOf<'LotPrepared'>['data']) {
    this.#terms = terms;
    this.#reserveCommitment = reserveCommitment;
  }

  /** The next event of this lot, at its time in the log. */
  take(event: OneLotEvent, atMs: number): string | null {
    switch (event.kind) {
      case 'LotCalled':
      case 'LotRefused':
        return this.#isOver ? 'a lot that is over is called again' : null;
      case 'LotOpened':
        this.#clock = { openedMs: atMs, closesMs: 0, hammerMs: 0 };
        return this.#setClock(event.data, atMs + this.#plannedMs());
      case 'LotPaused':
        this.#pausedLeftMs = event.data.leftMs;
        return this.#lateness(atMs) ?? this.#pauseWrong(event.data.leftMs, atMs);
      case 'LotResumed': {
        const { bidding } = this.#terms;
        const softMs = bidding.format === 'english' ? bidding.softCloseMs : 0;
        const leftMs = Math.max(this.#pausedLeftMs ?? 0, softMs);
        this.#pausedLeftMs = null;
        return this.#setClock(event.data, atMs + leftMs);
      }
      case 'LotExtended':
        return this.#extended(event.data, atMs);
      case 'BidPlaced':
        return this.#lateness(atMs) ?? this.#placed(event.data, atMs);
      case 'BidUndone':
        return this.#lateness(atMs) ?? this.#undone(event.data);
      case 'LotTaken':
        return this.#lateness(atMs) ?? this.#takenAt(event.data.price.minor, atMs);
      case 'LotHammered':
        if (this.#isOver) return 'the hammer falls on a lot that is over';
        this.#isOver = true;
        this.#hammered = event.data;
        return null;
      case 'LotCancelled':
      case 'LotWithdrawn':
        if (this.#isOver) return 'a lot that is over is taken back';
        this.#isOver = true;
        return null;
      case 'MaximaRevealed':
        return this.#revealed(event.data);
      case 'SecondChanceOffered':
        return this.#offeredAgain(event.data);
      default:
        return assertNever(event, 'an event of a lot that isn’t recounted');
    }
  }

  /** What is left to say when the log is at its end: whether prices and winner follow from the maxima. */
  end(): string | null {
    return this.#hammered === null ? null : (this.#counted().wrong ?? null);
  }

  /** [LOT-28] */
  #extended(told: EventOf<'LotExtended'>['data'], atMs: number): string | null {
    const { bidding } = this.#terms;
    if (this.#isOver || this.#clock === null || bidding.format === 'dutch')
      return 'a lot that isn’t open is extended';
    if (atMs <= this.#clock.hammerMs + limits.hammerLateMsMax)
      return 'a lot is extended though its hammer wasn’t missed';
    return this.#setClock(told, atMs + Math.max(bidding.softCloseMs, limits.missedHammerMs));
  }

  #plannedMs(): number {
    const { bidding } = this.#terms;
    if (bidding.format === 'english') return bidding.durationMs;
    return fallMs(falling(bidding)) + bidding.floorMs;
  }

  #setClock(told: { readonly closesAtMs: number; readonly hammerAtMs: number }, closesMs: number) {
    if (told.closesAtMs !== closesMs) return 'it closes at another time than its terms say';
    if (told.hammerAtMs < told.closesAtMs) return 'the hammer falls before the close';
    if (this.#clock === null) return 'its clock goes on before it was opened';
    this.#clock = { ...this.#clock, closesMs, hammerMs: told.hammerAtMs };
    return null;
  }

  #lateness(atMs: number): string | null {
    if (this.#isOver) return 'something of the bidding comes after the hammer';
    return this.#clock !== null && this.#pausedLeftMs === null && atMs >= this.#clock.hammerMs
      ? 'something of the bidding is later than the hammer was to fall'
      : null;
  }

  #pauseWrong(leftMs: number, atMs: number): string | null {
    const left = Math.max(0, (this.#clock?.closesMs ?? 0) - atMs);
    return left === leftMs ? null : 'a pause keeps another time than was left';
  }

  #placed(bid: Placed, atMs: number): string | null {
    const before = this.#standing;
    this.#standing = { price: bid.price.minor, leader: bid.leader };
    this.#course.push(bid);
    if (bid.bids !== this.#standingBids().length) return 'the bids are counted wrongly';
    if (before !== null && bid.price.minor < before.price) return 'the price falls';
    const changes = before?.price !== bid.price.minor || before.leader !== bid.leader;
    return this.#moved(bid, changes, atMs);
  }

  /** [LOT-13] */
  #moved({ closesAtMs, hammerAtMs }: Placed, changes: boolean, atMs: number): string | null {
    const { bidding } = this.#terms;
    if (this.#clock === null || bidding.format !== 'english')
      return closesAtMs === null ? null : 'a close is told before the lot is open';
    const { closesMs, hammerMs } = this.#clock;
    const isLast = changes && bidding.softCloseMs > 0 && atMs + bidding.softCloseMs > closesMs;
    const furthestMs = closesMs + (bidding.extensionMsMax ?? Infinity) - this.#extendedMs;
    const dueMs = isLast
      ? Math.max(closesMs, Math.min(furthestMs, atMs + bidding.softCloseMs))
      : closesMs;
    if (closesAtMs !== dueMs) return 'the close isn’t where the terms move it';
    if (hammerAtMs === null || hammerAtMs < hammerMs || hammerAtMs < dueMs)
      return 'the hammer is to fall earlier than was told';
    this.#extendedMs += dueMs - closesMs;
    this.#clock = { ...this.#clock, closesMs: dueMs, hammerMs: hammerAtMs };
    return null;
  }

  #undone({ bidId, price, leader }: EventOf<'BidUndone'>['data']): string | null {
    const last = this.#course.at(-1);
    if (last === undefined || last === 'undo' || last.bidId !== bidId)
      return 'a bid is undone that isn’t the last one';
    this.#course.push('undo');
    this.#standing = price === null || leader === null ? null : { price: price.minor, leader };
    return null;
  }

  /** Bids that weren't undone. */
  #standingBids(): Placed[] {
    const bids: Placed[] = [];
    for (const step of this.#course) {
      if (step === 'undo') bids.pop();
      else bids.push(step);
    }
    return bids;
  }

  /** [LOT-17, LOT-22] */
  #takenAt(priceMinor: number, atMs: number): string | null {
    const { bidding, quantity } = this.#terms;
    this.#taken += 1;
    if (this.#taken > quantity) return 'more is taken than there was';
    if (bidding.format === 'english') {
      if (this.#standing !== null) return 'it is bought at once though somebody has bid';
      return priceMinor === bidding.buyNow?.minor ? null : 'it is bought at once at another price';
    }
    return priceMinor === fallenPrice(falling(bidding), atMs - (this.#clock?.openedMs ?? atMs))
      ? null
      : 'it is taken at another price than that of the moment';
  }

  #revealed({ lotId, bids, reserve }: EventOf<'MaximaRevealed'>['data']): string | null {
    if (this.#hammered === null) return 'maxima are revealed before the hammer';
    const { currency } = this.#terms.bidding.start;
    for (const bid of bids) this.#opened.set(bid.bidId, bid);
    if (reserve === null) return null;
    this.#reserve = reserve;
    return commitmentTo(lotId, 'reserve', currency, reserve) === this.#reserveCommitment
      ? null
      : 'the reserve isn’t the one that was committed to';
  }

  /** [LOT-16, LOT-25] Goes through the bids again with what was revealed. */
  #counted(): { readonly wrong?: string; readonly second: number | null } {
    const { bidding, lotId } = this.#terms;
    const wrong = (text: string) => ({ wrong: text, second: null });
    const hammered = this.#hammered;
    if (bidding.format === 'dutch' || this.#taken > 0 || hammered === null) {
      const isRight = this.#taken > 0 === (hammered?.outcome === 'sold');
      return isRight ? { second: null } : wrong('what was taken isn’t what was sold');
    }
    const { currency, minor: startMinor } = bidding.start;
    const reserveMinor = this.#reserve?.minor ?? null;
    const terms = { startMinor, steps: bidding.steps, reserveMinor };
    const stands: (Standing | null)[] = [null];
    for (const step of this.#course) {
      if (step === 'undo') {
        stands.pop();
        continue;
      }
      const { bidId, alias } = step;
      const opened = this.#opened.get(bidId);
      if (opened === undefined) return wrong(`bid ${bidId} isn’t revealed`);
      const secret = { minor: opened.maxMinor, nonce: opened.nonce };
      if (
        opened.alias !== alias ||
        commitmentTo(lotId, bidId, currency, secret) !== step.commitment
      )
        return wrong(`what is revealed of bid ${bidId} isn’t what was committed to`);
      const before = stands.at(-1) ?? null;
      const least =
        before?.leader === alias ? before.leaderMaxMinor + 1 : smallestBid(terms, before);
      if (opened.maxMinor < least) return wrong(`bid ${bidId} was too low`);
      const after = afterBid(terms, before, { alias, maxMinor: opened.maxMinor });
      if (after.priceMinor !== step.price.minor || after.leader !== step.leader)
        return wrong(`after bid ${bidId} it stands elsewhere`);
      if (reserveMinor !== null && step.reserveMet !== after.leaderMaxMinor >= reserveMinor)
        return wrong(`after bid ${bidId} the reserve is met or not otherwise than told`);
      stands.push(after);
    }
    return this.#outcome(stands.at(-1) ?? null, hammered);
  }

  #outcome(last: Standing | null, { outcome, price, alias }: EventOf<'LotHammered'>['data']) {
    const wrong = (text: string) => ({ wrong: text, second: null });
    const lastBid = this.#standingBids().at(-1);
    const due =
      last === null ? 'no-bids' : lastBid?.reserveMet === false ? 'reserve-not-met' : 'sold';
    if (outcome !== due) return wrong(`it ends as ${outcome} and should as ${due}`);
    if (outcome === 'sold' && (price?.minor !== last?.priceMinor || alias !== last?.leader))
      return wrong('it goes to somebody else, or at another price');
    const others = this.#standingBids()
      .filter((bid) => bid.alias !== last?.leader)
      .map(({ bidId }) => this.#opened.get(bidId)?.maxMinor ?? 0);
    return { second: others.length === 0 ? null : Math.max(...others) };
  }

  /** [LOT-21] */
  #offeredAgain({ alias, price }: EventOf<'SecondChanceOffered'>['data']): string | null {
    const { wrong, second } = this.#counted();
    if (wrong !== undefined) return wrong;
    if (second === null || this.#hammered?.price == null) return 'nobody came second';
    if (price.minor !== Math.min(second, this.#hammered.price.minor))
      return 'the second chance isn’t at the runner-up’s maximum';
    if (this.#reserve !== null && price.minor < this.#reserve.minor)
      return 'the second chance is below the reserve';
    const first = this.#standingBids().find(
      ({ bidId, alias: by }) =>
        by !== this.#hammered?.alias && this.#opened.get(bidId)?.maxMinor === second,
    );
    return first?.alias === alias ? null : 'the second chance goes to somebody else';
  }
}

const falling = (bidding: Extract<LotTerms['bidding'], { format: 'dutch' }>) => ({
  startMinor: bidding.start.minor,
  floorMinor: bidding.floor.minor,
  stepMinor: bidding.stepMinor,
  stepMs: bidding.stepMs,
});
