// An order's state in a word, the same in the list and on its page.

import type { OrderView } from '../../protocol/http.ts';
import { Badge, type BadgeLook } from '../design/badge.tsx';

const phases: Record<OrderView['phase'], readonly [word: string, look: BadgeLook]> = {
  placed: ['Placed', 'plain'],
  paying: ['Paying …', 'ritual'],
  paid: ['Paid', 'accent'],
  cancelled: ['Cancelled', 'outline'],
  refunding: ['Refunding …', 'ritual'],
  refunded: ['Refunded', 'outline'],
};

export function OrderPhase({ phase }: { phase: OrderView['phase'] }) {
  const [word, look] = phases[phase];
  return <Badge look={look}>{word}</Badge>;
}
