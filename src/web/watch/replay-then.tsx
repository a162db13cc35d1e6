// What was for sale at a replay's moment: the lot with its price then, an offer, a drop. Told as the past that it is;
// what can be bought stands in the card below.

import type { Room } from '../../protocol/room.ts';
import type { RoomLot } from '../../protocol/room-lot.ts';
import { moneyText } from '../design/money.tsx';

/** A line of the past; null when nothing of the kind was on. */
export type Then = {
  readonly key: string;
  readonly label: string;
  readonly title: string;
  readonly figure: string;
  readonly detail: string;
};

const bids = (count: number) => `${count} ${count === 1 ? 'bid' : 'bids'}`;

const lotThen = (lot: RoomLot): Then | null => {
  const { phase, price, leader, bids: count } = lot.figures;
  const start = moneyText(lot.bidding.start);
  switch (phase) {
    case 'called':
    case 'open':
    case 'paused':
      return {
        key: lot.lotId,
        label: phase === 'paused' ? 'Lot, paused then' : 'Lot, open then',
        title: lot.title,
        figure: price ? moneyText(price) : start,
        detail: price && leader !== null ? `Bidder ${leader} led, ${bids(count)}` : `from ${start}`,
      };
    case 'sold':
      return {
        key: lot.lotId,
        label: 'Sold in the show',
        title: lot.title,
        figure: price ? moneyText(price) : '',
        detail: leader === null ? bids(count) : `to Bidder ${leader}, ${bids(count)}`,
      };
    case 'unsold':
      return {
        key: lot.lotId,
        label: 'Lot, over then',
        title: lot.title,
        figure: 'Not sold',
        detail: bids(count),
      };
    default:
      return null;
  }
};

/** What was on at a moment, the lot before the rest. `hammeredMs` tells for how long a lot that fell is still told. */
export const thenOf = (room: Room, startedAtMs: number, atMs: number): Then | null => {
  const nowMs = startedAtMs + atMs;
  const running = room.lots.find(({ figures }) =>
    ['called', 'open', 'paused'].includes(figures.phase),
  );
  if (running) return lotThen(running);
  const fallen = room.lots.findLast(
    ({ figures }) =>
      (figures.phase === 'sold' || figures.phase === 'unsold') &&
      figures.hammerAtMs !== null &&
      nowMs - figures.hammerAtMs < fallenMs,
  );
  if (fallen) return lotThen(fallen);
  const drop = room.drops.find(({ figures }) => figures.phase === 'open');
  if (drop) {
    const price = drop.variants[0]?.price;
    return {
      key: drop.dropId,
      label: drop.isGiveaway ? 'Giveaway, open then' : 'Drop, open then',
      title: drop.title,
      figure: drop.isGiveaway || !price ? 'Free' : moneyText(price),
      detail: 'in the show',
    };
  }
  const offer = room.offers.at(-1);
  const price = offer?.variants[0]?.price;
  if (!offer || !price) return null;
  return {
    key: offer.offerId,
    label: 'Live offer then',
    title: offer.title,
    figure: moneyText(price),
    detail: 'in the show',
  };
};
const fallenMs = 15_000;

export function ThenCard({ then }: { then: Then }) {
  return (
    <aside
      aria-label="In the show at this moment"
      className="mb-2 flex items-center gap-3 rounded-card border border-dashed border-line-strong bg-sunken px-4 py-2.5 text-text lg:mb-0"
    >
      <span className="min-w-0 flex-1">
        <span className="block text-xs text-soft">{then.label}</span>
        <span className="block truncate text-sm font-semibold">{then.title}</span>
      </span>
      <span className="shrink-0 text-right">
        <span className="block font-semibold tabular-nums">{then.figure}</span>
        <span className="block text-xs text-soft">{then.detail}</span>
      </span>
    </aside>
  );
}
