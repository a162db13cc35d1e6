// The check of drops and giveaways: who got a unit is whose turn it was, in the order that the committed seeds and
// everybody's words make. The recount is src/domain/sale/recount.ts, which knows nothing of how the server decides.

import type { Money } from '../../src/base/money.ts';
import type { DropEvent } from '../../src/domain/sale/drop.ts';
import type { HoldEvent } from '../../src/domain/sale/hold.ts';
import { LineRecount } from '../../src/domain/sale/recount.ts';
import type { LogLine } from '../../src/protocol/receipt.ts';
import type { LogCheck } from '../../src/receipts/verify-log.ts';

type DropData<Kind extends DropEvent['kind']> = Extract<DropEvent, { kind: Kind }>['data'];
type Placed = Extract<HoldEvent, { kind: 'HoldPlaced' }>['data'];
type Served = DropData<'DropServed'>;

type Known = {
  readonly recount: LineRecount;
  readonly isDraw: boolean;
  readonly stages: number;
  readonly prices: ReadonlyMap<string, Money>;
  readonly holders: Set<string>;
  stagesIn: number;
  isOver: boolean;
};

export const draws: LogCheck = {
  name: 'every drop was served in the order that its seeds and entries make',
  begin() {
    const drops = new Map<string, Known>();
    let promised: Served | null = null;

    const announced = ({ terms, seedCommitments }: DropData<'DropAnnounced'>): string | null => {
      const { dropId, variants, earlyAccess } = terms;
      if (drops.has(dropId)) return 'a drop with this id was announced already';
      const tiers = earlyAccess.map(({ tier }) => tier);
      if (seedCommitments.length !== tiers.length + 1)
        return 'not every stage has a committed seed';
      const variantIds = variants.map(({ variantId }) => variantId);
      drops.set(dropId, {
        recount: new LineRecount({ dropId, variantIds, tiers, seedCommitments }),
        isDraw: terms.order === 'draw',
        stages: tiers.length + 1,
        prices: new Map(variants.map(({ variantId, price }) => [variantId, price])),
        holders: new Set(),
        stagesIn: 0,
        isOver: false,
      });
      return null;
    };

    const inDrop = (drop: Known, { kind, data }: LogLine): string | null => {
      switch (kind as DropEvent['kind']) {
        case 'DropEntered':
          if (drop.isOver) return 'somebody entered a drop that was over';
          if (drop.isDraw && drop.stagesIn === drop.stages)
            return 'somebody entered a draw after its opening';
          return drop.recount.entered(data as DropData<'DropEntered'>);
        case 'DropLeft':
          return drop.recount.left(data as DropData<'DropLeft'>);
        case 'DropOpened':
          if (drop.isOver) return 'a drop that was over opened';
          drop.stagesIn += 1;
          return drop.recount.opened(data as DropData<'DropOpened'>);
        case 'DropServed':
          if (drop.isOver) return 'a drop that was over went on';
          promised = data as Served;
          return drop.recount.served(promised);
        case 'DropRefused':
        case 'DropClosed':
          drop.isOver = true;
          return null;
        default:
          return null;
      }
    };

    /** A hold of a drop's unit comes right behind the word that its entry is served. */
    const placed = (drop: Known, hold: Placed, due: Served | null): string | null => {
      if (due?.holdId !== hold.holdId)
        return 'a unit of a drop was given to somebody past its line';
      if (due.variantId !== hold.variantId || due.quantity !== hold.quantity)
        return `entry ${due.entry} was given something else than it was served`;
      const price = drop.prices.get(hold.variantId);
      if (price?.minor !== hold.price.minor || price.currency !== hold.price.currency)
        return `entry ${due.entry} was asked another price than the drop’s`;
      if (drop.holders.has(hold.personId)) return `${hold.personId} was served twice`;
      drop.holders.add(hold.personId);
      return null;
    };

    return {
      event(line) {
        const due: Served | null = promised;
        promised = null;
        if (due !== null && line.kind !== 'HoldPlaced')
          return `entry ${due.entry} was served and has nothing`;
        if (line.kind === 'DropAnnounced') return announced(line.data as DropData<'DropAnnounced'>);
        const { dropId, offerId } = line.data as { dropId?: string; offerId?: string };
        if (line.kind === 'HoldPlaced') {
          const drop = drops.get(offerId ?? '');
          return drop ? placed(drop, line.data as Placed, due) : null;
        }
        const drop = dropId === undefined ? undefined : drops.get(dropId);
        return drop ? inDrop(drop, line) : null;
      },
      end: () => (promised === null ? null : 'the last entry was served and has nothing'),
    };
  },
};
