// What the card of a drop or giveaway says and does: where it stands, where I stand in its line, and what the one
// button is. Pure, so that every state can be tested; how it looks is in drop-card.tsx, what is heard of it in
// drop-crier.ts. Rules: docs/rules/drop.md.

import { crowdLimits } from '../../base/crowd-limits.ts';
import { allInPrice, type PriceSettings } from '../../domain/order/price.ts';
import type { Problem } from '../../protocol/problems.ts';
import type { DropVariantFigures, RoomDrop, RoomOfferVariant } from '../../protocol/room.ts';
import type { MyEntry, MyHold, You } from '../../protocol/socket.ts';
import { limitWords } from '../buy/limit-words.ts';
import { timeLeftText, timeText } from '../design/clock.tsx';
import { moneyText } from '../design/money.tsx';
import type {
  Connection,
  EndedHold,
  EntryWish,
  LiveState,
  PendingEntry,
} from '../live/live-state.ts';

/** What is mine in one drop. */
export type MyDrop = {
  readonly entry: MyEntry | null;
  readonly hold: MyHold | null;
  /** My last hold of it that is over. */
  readonly ended: EndedHold | null;
  readonly pending: PendingEntry | null;
};

export const myDrop = (
  dropId: string,
  live: Pick<LiveState, 'holds' | 'endedHolds' | 'entries' | 'pendingEntries'>,
): MyDrop => ({
  // Who has left is somebody who never entered: a new entry takes a new place.
  entry: live.entries.find((one) => one.dropId === dropId && one.state !== 'left') ?? null,
  hold: live.holds.find(({ offerId }) => offerId === dropId) ?? null,
  ended: live.endedHolds.findLast(({ hold }) => hold.offerId === dropId) ?? null,
  pending: live.pendingEntries.findLast(({ wish }) => wish.dropId === dropId) ?? null,
});

export type DropState =
  /** Entries are taken, nobody has a place yet. */
  | { readonly step: 'announced' }
  /** The line moves; with early access everybody else may still be waiting for their own opening. */
  | { readonly step: 'open' }
  | { readonly step: 'served'; readonly hold: MyHold }
  | { readonly step: 'paying'; readonly hold: MyHold }
  | { readonly step: 'paid'; readonly orderId: string | null }
  /** I had my turn, or it is over for everybody. */
  | { readonly step: 'over' };

export const dropState = ({ figures }: RoomDrop, { entry, hold, ended }: MyDrop): DropState => {
  if (hold) return { step: hold.paying ? 'paying' : 'served', hold };
  if (ended?.reason === 'paid') return { step: 'paid', orderId: ended.orderId };
  if (ended || entry?.state === 'served') return { step: 'over' };
  if (figures.phase === 'announced' || figures.phase === 'open') return { step: figures.phase };
  return { step: 'over' };
};

/**
 * When everybody is let in: the clock's time before that, null while only the host knows. A tier that was let in
 * earlier leaves the others' opening where it was (DRO-8).
 */
export const everybodyAtMs = ({ figures, opensAtMs, durationMs }: RoomDrop): number | null =>
  figures.closesAtMs === null ? opensAtMs : figures.closesAtMs - durationMs;

/** Whether everybody's order stands: a draw then takes no entries any more (DRO-7). */
export const isOrderMade = (drop: RoomDrop, nowMs: number): boolean =>
  drop.figures.phase === 'open' && nowMs >= (everybodyAtMs(drop) ?? Number.MAX_SAFE_INTEGER);

const noFigures: DropVariantFigures = { left: 0, inCarts: 0, sold: 0, served: 0 };

export const figuresOf = ({ figures }: RoomDrop, variantId: string): DropVariantFigures =>
  figures.variants[variantId] ?? noFigures;

/** How many stand before me in my line, at most; null before the line is made. */
export const aheadOf = (drop: RoomDrop, { place, variantId }: MyEntry): number | null =>
  place === null ? null : Math.max(0, place - 1 - figuresOf(drop, variantId).served);

/** An honest look ahead, by what is there and who stands before me; no share of chance is made up. */
export type Outlook = 'likely' | 'if-some' | 'if-many' | 'gone';

export const outlookOf = (drop: RoomDrop, entry: MyEntry): Outlook | null => {
  const ahead = aheadOf(drop, entry);
  if (ahead === null) return null;
  const { left, inCarts } = figuresOf(drop, entry.variantId);
  if (left + inCarts === 0) return 'gone';
  // Everyone ahead may take as many as one person may.
  if (left > ahead * drop.perPersonMax) return 'likely';
  return left + inCarts > ahead ? 'if-some' : 'if-many';
};

export const outlookWords: Readonly<Record<Outlook, string>> = {
  likely: 'Likely yours',
  'if-some': 'Only if others let go',
  'if-many': 'Only if many let go',
  gone: 'Not this time',
};

/** `12 ahead of you at most`; how far it is. */
export const aheadWords = (ahead: number): string =>
  ahead === 0 ? 'You are next' : `At most ${ahead} ahead of you`;

/** `3 left, 2 in carts`; before the opening how many there are. */
export const unitsWords = (drop: RoomDrop, variant: RoomOfferVariant): string => {
  const { left, inCarts, sold } = figuresOf(drop, variant.variantId);
  if (drop.figures.phase === 'announced') {
    return `${variant.quantity} ${variant.quantity === 1 ? 'unit' : 'units'}`;
  }
  if (left + inCarts === 0) return sold > 0 || drop.figures.isReady ? 'Sold out' : 'None left';
  const carts = inCarts === 0 ? '' : `${inCarts} in ${inCarts === 1 ? 'a cart' : 'carts'}`;
  return [left > 0 ? `${left} left` : 'None left now', carts].filter(Boolean).join(', ');
};

/** `1 person has entered`, and after the opening who waits. */
export const waitingWords = ({ figures: { phase, waiting } }: RoomDrop): string => {
  if (phase === 'open') return `${waiting} waiting`;
  return waiting === 1 ? '1 has entered' : `${waiting} have entered`;
};

/** How it works, in a sentence or two. */
export const howWords = (drop: RoomDrop, nowMs: number): string => {
  const { order, opensAtMs } = drop;
  if (isOrderMade(drop, nowMs)) {
    return order === 'draw'
      ? 'Entries are closed: a draw that you can check has made the order.'
      : 'A draw that you can check put everyone who was in time into one order. Who enters now stands behind them.';
  }
  const until = opensAtMs === null ? 'before the host opens it' : `before ${timeText(opensAtMs)}`;
  return order === 'draw'
    ? `Enter ${until}: then a draw that you can check decides who gets one. Early or late makes no difference.`
    : `Enter ${until}: then everyone is put into one order by a draw that you can check. Who comes later stands behind.`;
};

/** When I am let in, with what I am a member of; null while only the host knows. */
export const openingAtMs = (drop: RoomDrop, tier: string | null, nowMs: number): number | null => {
  const early = drop.earlyAccess.find((one) => one.tier === tier);
  const everybodyMs = everybodyAtMs(drop);
  if (!early || drop.opensAtMs === null) return everybodyMs;
  const mineMs = drop.opensAtMs - early.earlierMs;
  return nowMs < mineMs ? mineMs : everybodyMs;
};

/** `As Gold you are let in 5:00 earlier.`, or who is; null where all are equal. */
export const earlyWords = ({ earlyAccess }: RoomDrop, tier: string | null): string | null => {
  if (earlyAccess.length === 0) return null;
  const mine = earlyAccess.find((one) => one.tier === tier);
  if (mine)
    return `As ${tier} you are let in ${timeLeftText(Math.round(mine.earlierMs / 1_000))} earlier.`;
  const tiers = earlyAccess.map(
    ({ tier, earlierMs }) => `${tier} ${timeLeftText(Math.round(earlierMs / 1_000))}`,
  );
  return `Let in earlier: ${tiers.join(', ')}.`;
};

/** `One entry for each proven address and each card on file.`; null where nothing is asked to be shown. */
export const oncePerWords = ({ oncePer = [] }: RoomDrop): string | null => {
  const what = oncePer.map((kind) =>
    kind === 'card' ? 'each card on file' : 'each proven address',
  );
  return what.length === 0 ? null : `One entry for ${what.join(' and ')}.`;
};

/** Whether a refusal is undone by showing what the drop asks for. */
export const isForShowing = ({ code }: Problem): boolean =>
  code === 'address-unverified' || code === 'card-needed';

export type DropAction =
  | { readonly do: 'enter' }
  /** An address is asked for first: one entry for each. */
  | { readonly do: 'add-address' }
  | { readonly do: 'leave' }
  | { readonly do: 'sending'; readonly wish: EntryWish }
  | { readonly do: 'unreachable' }
  | { readonly do: 'nothing'; readonly words: string };

/** The button of a drop that is announced or open. */
export const dropAction = (
  drop: RoomDrop,
  mine: MyDrop,
  connection: Connection,
  me: Pick<You, 'role' | 'guest'> | null,
  nowMs: number,
): DropAction => {
  if (mine.pending?.state === 'sending') return { do: 'sending', wish: mine.pending.wish };
  if (connection !== 'open') return { do: 'unreachable' };
  if (me && me.role !== 'shopper') return { do: 'nothing', words: crewWords };
  if (mine.entry) return { do: 'leave' };
  if (drop.order === 'draw' && isOrderMade(drop, nowMs))
    return { do: 'nothing', words: 'Entries are closed' };
  const needsAddress = drop.needsAccount || drop.oncePer?.includes('verified-address');
  return needsAddress && me?.guest !== false ? { do: 'add-address' } : { do: 'enter' };
};

const crewWords = 'The crew doesn’t enter its own drop';

/** What a turn would cost in all; the entry itself costs nothing. */
export const costWords = (
  { isGiveaway }: RoomDrop,
  { price }: RoomOfferVariant,
  quantity: number,
  shop: PriceSettings,
  joinsParcel: boolean,
): string => {
  if (isGiveaway) return 'free, delivery included';
  const { total, shipping } = allInPrice(price, quantity, shop, joinsParcel);
  const how = shipping.minor > 0 ? 'with shipping' : joinsParcel ? 'in your parcel' : 'sent free';
  return `${moneyText(total)} ${how}, if it’s yours`;
};

export type Words = { readonly title: string; readonly detail: string };

/** Why a wish was refused, and what to do. */
export const refusedWords = (problem: Problem, wish: EntryWish): Words => {
  const limited = limitWords(problem);
  if (limited) return limited;
  switch (problem.code) {
    case 'entry-exists':
      return {
        title: 'This address has entered already',
        detail: 'One entry for each address. Sign in with the account that entered.',
      };
    case 'account-needed':
      return {
        title: 'An address is needed',
        detail: 'Press again, add your e-mail and a password, and you are in.',
      };
    case 'drop-over':
      return wish.t === 'leave'
        ? { title: 'It is over', detail: 'There is nothing left to leave.' }
        : {
            title: 'Too late to enter',
            detail: 'It takes no entries any more. Nothing is charged.',
          };
    case 'too-many-entries':
      return problem.max === crowdLimits.dropEntriesMax
        ? { title: 'As many have entered as can', detail: 'Nobody else can enter this one.' }
        : {
            title: 'You have left too often',
            detail: `One person has ${String(problem.max)} entries. Try the next drop.`,
          };
    case 'quantity-invalid':
      return { title: 'Too many', detail: `One person has at most ${String(problem.max)}.` };
    case 'buyer-barred':
      return {
        title: 'You can’t buy in this show',
        detail: 'The crew has barred you. Write to the shop.',
      };
    case 'crew-may-not-enter':
      return { title: crewWords, detail: 'Leave it to the crowd.' };
    case 'entry-unknown':
      return { title: 'You weren’t in this line', detail: 'There is nothing to leave.' };
    case 'sign-in-needed':
      return { title: 'Say who you are first', detail: 'Press again and give a name.' };
    default:
      return { title: problem.title, detail: problem.detail };
  }
};

/** What became of it, for me. */
export const outcomeWords = (drop: RoomDrop, { entry, ended }: MyDrop): Words => {
  const { phase, reason } = drop.figures;
  const free = drop.isGiveaway ? '' : ' Nothing was charged.';
  if (ended?.reason === 'expired')
    return { title: 'Your time ran out', detail: `It went to the next in line.${free}` };
  if (ended?.reason === 'released')
    return { title: 'You let it go', detail: `It went to the next in line.${free}` };
  if (entry?.state === 'served')
    return { title: 'You had your turn', detail: 'What you took stands with your orders.' };
  switch (phase) {
    case 'refused':
      return { title: 'It can’t take place', detail: 'The shop hasn’t got these units.' };
    case 'cancelled':
      return { title: 'Cancelled', detail: `${reason ?? 'By the host'}.${free}` };
    default: {
      const title = reason === 'time' ? 'Its time is over' : 'Sold out';
      if (reason === 'show-ended')
        return { title: 'The show has ended', detail: `Nobody else is served.${free}` };
      return entry ? { title: 'Not this time', detail: `${title}.${free}` } : { title, detail: '' };
    }
  }
};

/** Its public proof, from its opening on: before there is no order to check. */
export const proofPath = (showId: string, { dropId, figures }: RoomDrop): string | null =>
  figures.openedAtMs === null
    ? null
    : `/shows/${encodeURIComponent(showId)}/drops/${encodeURIComponent(dropId)}`;
