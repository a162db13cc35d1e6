// What is held for me, with its clock, whatever the card shows: a new offer takes the card, and a hold that can't be
// seen would run out unpaid. Opens the checkout of the one that ends first.

import type { MyHold } from '../../protocol/socket.ts';
import { durationText, useSecondsLeft } from '../design/clock.tsx';
import { BagIcon } from '../design/icons.tsx';
import { useLive } from '../live/use-live.ts';
import { usePage } from './watch-context.ts';

/** The hold to pay next: the one that ends first of those that aren't being paid. Null when there is none. */
export const nextToPay = (holds: readonly MyHold[]): MyHold | null =>
  holds
    .filter(({ paying }) => !paying)
    .reduce<MyHold | null>(
      (first, hold) => (first && first.expiresAtMs <= hold.expiresAtMs ? first : hold),
      null,
    );

export function CartChip({ hold, count }: { hold: MyHold; count: number }) {
  const { client, checkout } = usePage();
  const offsetMs = useLive(client, (state) => state.clockOffsetMs);
  const seconds = useSecondsLeft(hold.expiresAtMs, offsetMs);
  return (
    <button
      type="button"
      onClick={() => checkout(hold)}
      aria-label={`${count === 1 ? '' : `${count} held for you, first `}${hold.title}: pay, ${durationText(seconds)} left`}
      className="reach inline-flex animate-appear items-center gap-1.5 rounded-chip bg-gold px-2.5 py-1 text-xs leading-tight font-semibold whitespace-nowrap text-ink"
    >
      <BagIcon className="size-3.5" />
      {count > 1 ? <span>{count}</span> : null}
      <span className="figure">{durationText(seconds)}</span>
    </button>
  );
}
