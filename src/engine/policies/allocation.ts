// A show asks for units, stock gives or refuses them, the show opens the offer or not; and units that a
// show doesn't need any more, or has sold, are booked in stock. Rules: docs/rules/engine.md, POL-3 and 4.

import {
  idOfStream,
  type ShowId,
  showStream,
  stockStream,
  type VariantId,
} from '../../base/brand.ts';
import { Fault } from '../../base/fault.ts';
import { type Units, unitsNeeded } from '../../domain/sale/bundle.ts';
import type { HoldEvent } from '../../domain/sale/hold.ts';
import type { OfferEvent } from '../../domain/sale/offer.ts';
import type { StockEvent } from '../../domain/stock/stock.ts';
import type { RecordedEvent } from '../../log/event-log.ts';
import type { Policy } from '../policy.ts';

type AllocationEvent =
  | Extract<OfferEvent, { kind: 'OfferRequested' }>
  | Extract<StockEvent, { kind: 'StockAllocated' }>;

export const allocation: Policy = {
  name: 'allocation',
  kinds: ['OfferRequested', 'StockAllocated'],
  inOrder: false,
  async run(recorded, act) {
    const event = recorded as RecordedEvent & AllocationEvent;
    if (event.kind === 'StockAllocated') {
      const { offerId, showId, quantity } = event.data;
      const variantId = idOfStream(event.stream) as VariantId;
      const confirmed = await act.send(
        showStream(showId),
        { kind: 'ConfirmAllocation', offerId, variantId, quantity },
        'confirm',
      );
      // A show that knows nothing of the offer can't use the units; a repeated message has them already.
      if (confirmed.kind === 'refused' && confirmed.reason !== 'allocation-unexpected') {
        act.report({
          level: 'warn',
          what: 'allocation-unwanted',
          stream: event.stream,
          offerId,
          reason: confirmed.reason,
        });
        await act.send(event.stream, { kind: 'ReturnAllocation', offerId, quantity }, 'return');
      }
      return;
    }
    const { offerId } = event.data.terms;
    const showId = idOfStream(event.stream) as ShowId;
    const asked = await Promise.all(
      unitsNeeded(event.data.terms).map(async ({ variantId, quantity }, nth) => {
        const allocated = await act.send(
          stockStream(variantId),
          { kind: 'AllocateStock', offerId, showId, quantity },
          `ask-${nth}`,
        );
        return allocated.kind === 'done'
          ? []
          : [{ variantId, quantity, available: Number(allocated.detail?.available ?? 0) }];
      }),
    );
    const [scarcest] = asked
      .flat()
      .sort((a, b) => a.available / a.quantity - b.available / b.quantity);
    if (scarcest === undefined) return;
    const { variantId, available } = scarcest;
    await act.send(
      event.stream,
      { kind: 'RefuseAllocation', offerId, variantId, available },
      'refuse',
    );
  },
};

type LeavingEvent =
  | Extract<OfferEvent, { kind: 'UnitsReleased' }>
  | Extract<HoldEvent, { kind: 'HoldSettled' }>;

/** Units leave a show: unsold ones go back, sold ones leave the house. Which comes first makes no difference. */
export const unitsLeaving: Policy = {
  name: 'units',
  kinds: ['UnitsReleased', 'HoldSettled'],
  inOrder: false,
  async run(recorded, act) {
    const event = recorded as RecordedEvent & LeavingEvent;
    const { offerId, variantId, quantity, parts } = event.data;
    const book = (units: Units, step: string) =>
      event.kind === 'UnitsReleased'
        ? act.send(
            stockStream(units.variantId),
            { kind: 'ReturnAllocation', offerId, quantity: units.quantity },
            `back${step}`,
          )
        : act.send(
            stockStream(units.variantId),
            {
              kind: 'RecordSale',
              offerId,
              quantity: units.quantity,
              orderId: event.data.orderId,
            },
            `sold${step}`,
          );
    const outcomes = await Promise.all(
      parts ? parts.map((part, nth) => book(part, `-${nth}`)) : [book({ variantId, quantity }, '')],
    );
    const outcome = outcomes.find(({ kind }) => kind === 'refused');
    if (outcome?.kind === 'refused') {
      // Show and stock disagree about what was allocated. It stays on the operator's list, never dropped.
      throw new Fault(
        'units-unaccounted',
        `stock refuses what left ${event.stream}: ${outcome.reason}`,
      );
    }
  },
};
