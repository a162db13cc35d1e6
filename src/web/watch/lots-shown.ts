// Which lots the card can show, most urgent first. Apart from lot.ts, because every page decides this and
// only a page with a lot needs the rest. Pure.

import type { RoomLot } from '../../protocol/room-lot.ts';

/** How long the outcome of a lot is shown to whoever saw it end. */
export const outcomeShownMs = 30_000;
const comingMax = 3;

/** Its clock runs, is about to, or stands still. */
export const isRunning = ({ figures: { phase } }: RoomLot) =>
  phase === 'called' || phase === 'open' || phase === 'paused';

/** How soon a running lot asks for something: those that are paused wait behind those whose clock runs. */
const urgency = ({ figures }: RoomLot): number =>
  figures.phase === 'open' ? (figures.closesAtMs ?? 0) : Number.MAX_SAFE_INTEGER;

/** People may leave a maximum before it opens, also before the show. */
export const takesMaxima = ({ figures, bidding }: RoomLot): boolean =>
  figures.phase === 'prepared' && bidding.format === 'english' && bidding.takesEarlyBids;

/** `held`: lots of which I hold a piece. `ended`: lots whose end this page has just seen, newest last. */
export const lotsShown = (
  lots: readonly RoomLot[],
  { held, ended }: { readonly held: ReadonlySet<string>; readonly ended: readonly string[] },
): {
  /** Before everything else that is for sale. */
  readonly running: readonly RoomLot[];
  /** After the offers, before the pin. */
  readonly waiting: readonly RoomLot[];
} => {
  const running = lots.filter(isRunning).sort((a, b) => urgency(a) - urgency(b));
  const isOver = (lot: RoomLot) => !isRunning(lot) && lot.figures.phase !== 'prepared';
  const over = lots.filter((lot) => isOver(lot) && ended.includes(lot.lotId));
  over.sort((a, b) => ended.indexOf(b.lotId) - ended.indexOf(a.lotId));
  const mine = lots.filter((lot) => isOver(lot) && held.has(lot.lotId) && !over.includes(lot));
  const coming = lots.filter(takesMaxima).slice(0, comingMax);
  return { running: [...running, ...over], waiting: [...mine, ...coming] };
};
