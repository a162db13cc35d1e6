// The states of an order in the buyer's words, and the steps of its way. Pure.

import type { OrderView } from '../../protocol/http.ts';

export const orderWords: Readonly<
  Record<OrderView['phase'], { readonly title: string; readonly detail: string }>
> = {
  placed: {
    title: 'Waits for payment',
    detail: 'Your unit is held for a short time. Pay from the show’s page.',
  },
  paying: {
    title: 'Payment under way',
    detail: 'The payment service hasn’t answered yet; this page follows by itself.',
  },
  paid: { title: 'Paid', detail: 'The shop has your order and your address.' },
  cancelled: { title: 'Cancelled', detail: 'Nothing was charged.' },
  refunding: { title: 'Refund under way', detail: 'The whole sum goes back the way it came.' },
  refunded: { title: 'Refunded', detail: 'The whole sum went back the way it came.' },
};

export type OrderStep = {
  readonly title: string;
  readonly atMs: number | null;
  readonly state: 'done' | 'now' | 'coming' | 'failed';
};

/** What happened, what happens now, what comes: never a step that this shop doesn't take. */
export const orderSteps = (
  order: Pick<OrderView, 'phase' | 'placedAtMs' | 'paidAtMs'>,
): readonly OrderStep[] => {
  const placed: OrderStep = { title: 'Placed', atMs: order.placedAtMs, state: 'done' };
  const paid: OrderStep = { title: 'Paid', atMs: order.paidAtMs, state: 'done' };
  const isPaid = order.paidAtMs !== null;
  switch (order.phase) {
    case 'placed':
      return [placed, { title: 'Waits for payment', atMs: null, state: 'now' }];
    case 'paying':
      return [placed, { title: 'Payment under way', atMs: null, state: 'now' }];
    case 'paid':
      return [placed, paid, { title: 'The shop packs it', atMs: null, state: 'now' }];
    case 'cancelled':
      return [
        placed,
        ...(isPaid ? [paid] : []),
        { title: 'Cancelled', atMs: null, state: 'failed' },
      ];
    case 'refunding':
      return [
        placed,
        ...(isPaid ? [paid] : []),
        { title: 'Refund under way', atMs: null, state: 'now' },
      ];
    case 'refunded':
      return [placed, ...(isPaid ? [paid] : []), { title: 'Refunded', atMs: null, state: 'done' }];
  }
};

/** Whether the order may still change by itself soon, so that the page asks again. */
export const isMoving = (phase: OrderView['phase']): boolean =>
  phase === 'placed' || phase === 'paying' || phase === 'refunding';

const reasons: Readonly<Record<string, string>> = {
  'hold-gone': 'What was held for you had run out.',
  buyer: 'You cancelled it.',
  crew: 'The shop gave your money back.',
};

/** The reason in words, for codes that are known; a gateway's own words as they are. */
export const reasonText = (reason: string | null): string | null =>
  reason === null ? null : (reasons[reason] ?? reason);
