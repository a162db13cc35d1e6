// A buyer's own limits follow what becomes of what they promised: confirmed by a show it stands, ended it
// goes back, paid it counts as spent. Only events of people with limits come here; a book that is held in
// memory knows them, so that everybody else's cost nothing. Rules: docs/rules/limits.md, LIM-7 to LIM-9.

import { idOfStream, type PersonId, personStream, type ShowId } from '../../base/brand.ts';
import type { Money } from '../../base/money.ts';
import type { OrderEvent } from '../../domain/order/order.ts';
import { allInPrice, type PriceSettings } from '../../domain/order/price.ts';
import type { SpendingPlace } from '../../domain/person/pledge.ts';
import type { HoldEvent } from '../../domain/sale/hold.ts';
import type { LotEvent } from '../../domain/sale/lot.ts';
import type { StockEvent } from '../../domain/stock/stock.ts';
import type { RecordedEvent } from '../../log/event-log.ts';
import type { Act, Policy } from '../policy.ts';

/** Who has limits, and who of them has promised to pay what. */
export interface LimitedBuyers {
  /** Resolves when the book is open; before, its answers are worth nothing. */
  readonly opened: Promise<void>;
  readonly isOpen: boolean;
  has(personId: string): boolean;
  /** Who has a pledge at a hold or lot of this id. */
  pledgedAt(holdId: string): readonly string[];
}

type SpendingEvent =
  | Extract<HoldEvent, { kind: 'HoldPlaced' | 'HoldReleased' | 'HoldExpired' }>
  | Extract<StockEvent, { kind: 'ShelfHoldPlaced' | 'ShelfHoldReleased' }>
  | Extract<
      LotEvent,
      { kind: 'BidPlaced' | 'BidUndone' | 'LotHammered' | 'LotCancelled' | 'LotWithdrawn' }
    >
  | Extract<OrderEvent, { kind: 'OrderPaid' | 'OrderRefunded' }>;

/** An order's stream has tens of events at most: it is placed, tried, paid. */
const orderEventsMax = 1_000;

/** The policy over everybody’s pledges; `price` makes of a hold’s price what paying it costs. */
export const spending = (book: LimitedBuyers, price: PriceSettings): Policy => {
  const costOf = (unitPrice: Money, quantity = 1): Money =>
    allInPrice(unitPrice, quantity, price).total;

  const isConcerned = (recorded: RecordedEvent): boolean => {
    const event = recorded as RecordedEvent & SpendingEvent;
    switch (event.kind) {
      case 'HoldPlaced':
      case 'ShelfHoldPlaced':
      case 'HoldReleased':
      case 'HoldExpired':
      case 'ShelfHoldReleased':
        return book.has(event.data.personId);
      case 'BidPlaced':
      case 'BidUndone':
        return event.by !== null && book.has(event.by);
      case 'LotHammered':
      case 'LotCancelled':
      case 'LotWithdrawn':
        return book.pledgedAt(event.data.lotId).length > 0;
      case 'OrderPaid':
      case 'OrderRefunded':
        return book.pledgedAt(idOfStream(event.stream)).length > 0;
    }
  };

  return {
    name: 'spending',
    kinds: [
      'HoldPlaced',
      'HoldReleased',
      'HoldExpired',
      'ShelfHoldPlaced',
      'ShelfHoldReleased',
      'BidPlaced',
      'BidUndone',
      'LotHammered',
      'LotCancelled',
      'LotWithdrawn',
      'OrderPaid',
      'OrderRefunded',
    ],
    // What was confirmed late must not come after its end.
    inOrder: true,
    concerns: (event) => !book.isOpen || isConcerned(event),
    async run(recorded, act) {
      await book.opened;
      if (!isConcerned(recorded)) return;
      const event = recorded as RecordedEvent & SpendingEvent;
      const { stream } = event;
      switch (event.kind) {
        case 'HoldPlaced': {
          const { personId, holdId, offerId, quantity } = event.data;
          // [LIM-12] What nothing was reserved for (a drop's unit, a second chance) counts when it is paid.
          const isAsked =
            event.commandId === (holdId as string) || book.pledgedAt(holdId).includes(personId);
          const isWon = holdId === (offerId as string);
          if (!isAsked && !isWon) return;
          await act.send(
            personStream(personId),
            {
              kind: 'KeepSpending',
              place: { stream, holdId },
              showId: idOfStream(stream) as ShowId,
              ask: holdId,
              amount: costOf(event.data.price, quantity),
              isHold: true,
            },
            'keep',
          );
          return;
        }
        case 'ShelfHoldPlaced': {
          const { personId, holdId, showId, quantity } = event.data;
          await act.send(
            personStream(personId),
            {
              kind: 'KeepSpending',
              place: { stream, holdId },
              showId,
              ask: holdId,
              amount: costOf(event.data.price, quantity),
              isHold: true,
            },
            'keep',
          );
          return;
        }
        case 'BidPlaced': {
          const { lotId, bidId } = event.data;
          if (!event.personal) return;
          const { personId, maxMinor } = event.personal;
          await act.send(
            personStream(personId),
            {
              kind: 'KeepSpending',
              place: { stream, holdId: lotId },
              showId: idOfStream(stream) as ShowId,
              ask: bidId,
              amount: costOf({ minor: maxMinor, currency: event.data.price.currency }),
              isHold: false,
            },
            'keep',
          );
          return;
        }
        case 'BidUndone': {
          const { lotId, bidId } = event.data;
          await end(act, event.by!, { stream, holdId: lotId }, bidId);
          return;
        }
        case 'HoldReleased':
        case 'HoldExpired':
        case 'ShelfHoldReleased': {
          const { personId, holdId } = event.data;
          await end(act, personId, { stream, holdId }, null);
          return;
        }
        case 'LotHammered':
        case 'LotCancelled':
        case 'LotWithdrawn': {
          const { lotId } = event.data;
          const winner = event.kind === 'LotHammered' ? await winnerOf(event, act) : null;
          const others = book.pledgedAt(lotId).filter((personId) => personId !== winner);
          for (const personId of others) await end(act, personId, { stream, holdId: lotId }, null);
          return;
        }
        case 'OrderPaid':
        case 'OrderRefunded': {
          const { placed, isRefunded } = await orderAt(event, act);
          if (!placed || !book.has(placed.personId)) return;
          const { hold: place, showId, totals, personId } = placed;
          if (event.kind === 'OrderRefunded')
            await act.send(personStream(personId), { kind: 'UncountSpending', place }, 'uncount');
          // The order was cancelled before the money came: it goes back, nothing is spent.
          else if (!isRefunded)
            await act.send(
              personStream(personId),
              { kind: 'CountSpending', place, showId, amount: totals.total },
              'count',
            );
          return;
        }
      }
    },
  };
};

const end = (act: Act, personId: string, place: SpendingPlace, ask: string | null) =>
  act.send(personStream(personId as PersonId), { kind: 'EndSpending', place, ask }, 'end');

/** The winner's hold is placed right before the hammer's own event, by the same command. */
const winnerOf = async (
  event: RecordedEvent & Extract<LotEvent, { kind: 'LotHammered' }>,
  act: Act,
): Promise<string | null> => {
  if (event.seq === 1) return null;
  const [before] = await act.log.read(event.stream, event.seq - 1, 1);
  if (before?.kind !== 'HoldPlaced' || before.commandId !== event.commandId) return null;
  const { holdId, personId } = before.data as Extract<HoldEvent, { kind: 'HoldPlaced' }>['data'];
  return holdId === (event.data.lotId as string) ? personId : null;
};

const orderAt = async (event: RecordedEvent, act: Act) => {
  const events = await act.log.read(event.stream, 1, orderEventsMax);
  const placed = events.findLast(({ kind, seq }) => kind === 'OrderPlaced' && seq < event.seq);
  return {
    placed: placed?.data as unknown as
      | Extract<OrderEvent, { kind: 'OrderPlaced' }>['data']
      | undefined,
    isRefunded: events.some(
      ({ kind, commandId }) => kind === 'RefundRequested' && commandId === event.commandId,
    ),
  };
};
