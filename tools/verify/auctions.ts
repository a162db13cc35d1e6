// The check of auctions: prices, leaders, closes and winners follow from the bids and the maxima that the hammer
// revealed, and what is held from a lot is held at the price that was said. The recount is
// src/domain/sale/lot-recount.ts, which knows nothing of how the server decides.

import type { HoldEvent } from '../../src/domain/sale/hold.ts';
import type { LotEvent } from '../../src/domain/sale/lot.ts';
import { isOfOneLot, LotRecount } from '../../src/domain/sale/lot-recount.ts';
import type { ShowEvent } from '../../src/domain/show/show.ts';
import type { LogLine } from '../../src/protocol/receipt.ts';
import type { LogCheck } from '../../src/receipts/verify-log.ts';

type Placed = Extract<HoldEvent, { kind: 'HoldPlaced' }>['data'];
type Prepared = Extract<LotEvent, { kind: 'LotPrepared' }>['data'];

type Known = {
  readonly recount: LotRecount;
  /** Holds of its units that nothing has explained yet. */
  readonly unexplained: Placed[];
  /** What was said to be held next. */
  due: { readonly holdId: string; readonly priceMinor: number } | null;
  wasTaken: boolean;
};

export const auctions: LogCheck = {
  name: 'every lot went to whom its bids say, at the price that they say',
  begin() {
    const lots = new Map<string, Known>();

    const prepared = (data: Prepared): string | null => {
      const { lotId } = data.terms;
      if (lots.has(lotId)) return 'a lot with this id was prepared already';
      lots.set(lotId, {
        recount: new LotRecount(data),
        unexplained: [],
        due: null,
        wasTaken: false,
      });
      return null;
    };

    /** Who takes a unit is held it right behind; whom the hammer makes the winner, right before it. */
    const placed = (lot: Known, hold: Placed): string | null => {
      const { due } = lot;
      lot.due = null;
      if (due === null) {
        lot.unexplained.push(hold);
        return lot.unexplained.length > 1 ? 'a unit of a lot was given past its bids' : null;
      }
      return due.holdId === hold.holdId && due.priceMinor === hold.price.minor
        ? null
        : 'a unit of a lot is held for somebody else, or at another price';
    };

    const hammered = (
      lot: Known,
      { outcome, price }: Extract<LotEvent, { kind: 'LotHammered' }>['data'],
    ): string | null => {
      const hold = lot.unexplained.pop();
      if (hold === undefined)
        return outcome === 'sold' && !lot.wasTaken ? 'somebody won a lot and has nothing' : null;
      return outcome === 'sold' && hold.price.minor === price?.minor
        ? null
        : 'what is held isn’t at the hammer’s price';
    };

    const ofLot = (lot: Known, line: LogLine): string | null => {
      const event = line as unknown as ShowEvent;
      if (event.kind === 'HoldPlaced') return placed(lot, event.data);
      if (!isOfOneLot(event)) return null;
      if (lot.due !== null) return 'somebody took a unit of a lot and has nothing';
      const wrong = lot.recount.take(event, line.atMs);
      if (wrong !== null) return wrong;
      if (event.kind === 'LotTaken' || event.kind === 'SecondChanceOffered')
        lot.due = { holdId: event.data.holdId, priceMinor: event.data.price.minor };
      lot.wasTaken ||= event.kind === 'LotTaken';
      return event.kind === 'LotHammered' ? hammered(lot, event.data) : null;
    };

    return {
      event(line) {
        if (line.kind === 'LotPrepared') return prepared(line.data as unknown as Prepared);
        const { lotId, offerId } = line.data as { lotId?: string; offerId?: string };
        const lot = lots.get(lotId ?? offerId ?? '');
        return lot ? ofLot(lot, line) : null;
      },
      end() {
        for (const [lotId, { recount, unexplained, due }] of lots) {
          const wrong =
            recount.end() ??
            (due === null && unexplained.length === 0 ? null : 'a unit was given past its bids');
          if (wrong !== null) return `lot ${lotId}: ${wrong}`;
        }
        return null;
      },
    };
  },
};
