// The lot that an order was won at, read from the show's log: the way of its price and its clip.

import { type ShowId, showStream } from '../base/brand.ts';
import type { ShowEvent } from '../domain/show/show.ts';
import { type EventLog, readStream } from '../log/event-log.ts';
import type { OrderView } from '../protocol/http.ts';
import type { WonMoment } from '../protocol/kept.ts';

/** Prices that a receipt shows: the last of a long auction. */
const trailMax = 100;

type Won = Omit<WonMoment, 'clip' | 'noClip'> & { readonly clipFailed: boolean };
type Lot = Pick<Won, 'title' | 'openedAtMs' | 'trail'>;

/** Null for what wasn't won at a lot. An order's id is that of its hold. */
export const wonMomentOf = async (
  log: Pick<EventLog, 'read'>,
  order: Pick<OrderView, 'orderId' | 'showId'>,
): Promise<Won | null> => {
  if (order.showId === null) return null;
  const lots = new Map<string, Lot>();
  let won = null as Won | null;
  for await (const recorded of readStream(log, showStream(order.showId as ShowId))) {
    const event = recorded as unknown as ShowEvent;
    switch (event.kind) {
      case 'LotPrepared':
        lots.set(event.data.terms.lotId, {
          title: event.data.terms.title,
          openedAtMs: null,
          trail: [],
        });
        break;
      case 'LotOpened': {
        const lot = lots.get(event.data.lotId);
        if (lot) lot.openedAtMs = recorded.atMs;
        break;
      }
      case 'BidPlaced': {
        const { lotId, price, leader } = event.data;
        const trail = lots.get(lotId)?.trail;
        const last = trail?.at(-1);
        if (!trail || (last?.price.minor === price.minor && last.leader === leader)) break;
        trail.push({ atMs: recorded.atMs, price, leader });
        if (trail.length > trailMax) trail.shift();
        break;
      }
      case 'HoldPlaced': {
        const { holdId, offerId, price } = event.data;
        const lot = lots.get(offerId);
        if (!lot || holdId !== order.orderId) break;
        const alias = lot.trail.at(-1)?.leader ?? 0;
        won = {
          ...lot,
          lotId: offerId,
          hammerAtMs: recorded.atMs,
          price,
          alias,
          clipFailed: false,
        };
        break;
      }
      case 'LotTaken':
        if (won && event.data.holdId === order.orderId) won = { ...won, alias: event.data.alias };
        break;
      case 'ClipFailed':
        if (won && event.data.clipId === `lot-${won.lotId}`) won = { ...won, clipFailed: true };
        break;
      default:
        break;
    }
  }
  return won;
};
