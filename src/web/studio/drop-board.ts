// The drops of a show as its crew sees them: the terms in a line, where each stands, which comes next, and what the
// stock refused. Pure.

import type { RoomDrop } from '../../protocol/room.ts';
import type { CrewMessage } from '../../protocol/socket.ts';
import { durationText, timeText } from '../design/clock.tsx';
import { moneyText } from '../design/money.tsx';

/** Units of all variants. */
export type DropUnits = {
  readonly all: number;
  readonly left: number;
  readonly inCarts: number;
  readonly sold: number;
};

export const unitsOf = ({ variants, figures }: RoomDrop): DropUnits => {
  const sum = (of: (variantId: string) => number) =>
    variants.reduce((total, { variantId }) => total + of(variantId), 0);
  return {
    all: variants.reduce((total, { quantity }) => total + quantity, 0),
    left: sum((id) => figures.variants[id]?.left ?? 0),
    inCarts: sum((id) => figures.variants[id]?.inCarts ?? 0),
    sold: sum((id) => figures.variants[id]?.sold ?? 0),
  };
};

/** `20 units at € 42.00 · queue · 120 s to pay`. */
export const dropTermsWords = (drop: RoomDrop): string => {
  const { all } = unitsOf(drop);
  const prices = drop.variants.map(({ price }) => price);
  const low = prices.reduce((least, price) => (price.minor < least.minor ? price : least));
  const isOne = prices.every(({ minor }) => minor === low.minor);
  const holdS = drop.holdMs / 1_000;
  const what = `${all} ${all === 1 ? 'unit' : 'units'}`;
  return [
    drop.isGiveaway ? `${what} for free` : `${what} ${isOne ? 'at' : 'from'} ${moneyText(low)}`,
    drop.order === 'draw' ? 'draw' : 'queue',
    `${holdS < 120 ? `${holdS} s` : durationText(holdS)} to ${drop.isGiveaway ? 'take' : 'pay'}`,
    ...(drop.needsAccount && !drop.oncePer?.includes('verified-address') ? ['accounts only'] : []),
    ...(drop.oncePer?.includes('verified-address') ? ['proven addresses'] : []),
    ...(drop.oncePer?.includes('card') ? ['a card each'] : []),
    ...(drop.earlyAccess.length > 0
      ? [`early: ${drop.earlyAccess.map(({ tier }) => tier).join(', ')}`]
      : []),
  ].join(' · ');
};

/** Where a drop stands, for its line. */
export const dropStateWords = (drop: RoomDrop): string => {
  const { phase, waiting, isReady, reason } = drop.figures;
  const { left, inCarts, sold } = unitsOf(drop);
  switch (phase) {
    case 'announced': {
      const entered = `${waiting} ${waiting === 1 ? 'has' : 'have'} entered`;
      if (!isReady) return 'Taking its units from stock …';
      const when = drop.opensAtMs === null ? 'by hand' : `opens ${timeText(drop.opensAtMs)}`;
      return `${entered} · ${when}`;
    }
    case 'open':
      return `Open: ${left} left, ${inCarts} in carts, ${sold} ${drop.isGiveaway ? 'taken' : 'sold'} · ${waiting} waiting`;
    case 'refused':
      return 'Not announced: too few in stock';
    case 'cancelled':
      return `Cancelled: ${reason ?? ''}`;
    default: {
      const taken = drop.isGiveaway ? 'taken' : 'sold';
      return reason === 'sold-out' ? `All ${sold} ${taken}` : `Over, ${sold} ${taken}`;
    }
  }
};

export type DropBoard = {
  readonly open: readonly RoomDrop[];
  /** In the order in which they open; those that the host opens first. */
  readonly announced: readonly RoomDrop[];
  /** What one key opens. */
  readonly next: RoomDrop | null;
};

export const dropBoardOf = (drops: readonly RoomDrop[]): DropBoard => {
  const announced = drops.filter(({ figures }) => figures.phase === 'announced');
  announced.sort((a, b) => (a.opensAtMs ?? 0) - (b.opensAtMs ?? 0));
  return {
    open: drops.filter(({ figures }) => figures.phase === 'open'),
    announced,
    next: announced[0] ?? null,
  };
};

/** For reading: what is open, what comes, then what is over, the newest first. */
export const inReadingOrder = (drops: readonly RoomDrop[]): readonly RoomDrop[] => {
  const { open, announced } = dropBoardOf(drops);
  const isOver = (drop: RoomDrop) => !open.includes(drop) && !announced.includes(drop);
  return [...open, ...announced, ...drops.filter(isOver).reverse()];
};

/** How many units there were when a drop was refused; null when nobody was told. */
export const dropShortOf = (dropId: string, crew: readonly CrewMessage[]): number | null => {
  const last = crew.findLast(
    (message) => message.t === 'drop-refused' && message.dropId === dropId,
  );
  return last?.t === 'drop-refused' ? last.available : null;
};
