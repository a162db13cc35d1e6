// The card of a drop when it is my turn, and when it is over for me: the hold with its clock, what was paid, what
// became of it, and the way to the public proof. The words are drop.ts's.

import { useState } from 'react';
import { allInPrice } from '../../domain/order/price.ts';
import type { RoomDrop } from '../../protocol/room.ts';
import { Button, ButtonLink } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { durationText, useSecondsLeft } from '../design/clock.tsx';
import { CheckIcon, ClockIcon } from '../design/icons.tsx';
import { moneyText } from '../design/money.tsx';
import { useLive } from '../live/use-live.ts';
import { CardNote } from './card-note.tsx';
import { type DropState, type MyDrop, outcomeWords, proofPath } from './drop.ts';
import { partsText } from './parts-text.ts';
import { usePage, useParcel } from './watch-context.ts';

/** To the page that recounts the order, beside the show; nothing before there is an order. */
export function ProofLink({ showId, drop }: { showId: string; drop: RoomDrop }) {
  const path = proofPath(showId, drop);
  if (path === null) return null;
  return (
    <a
      href={path}
      target="_blank"
      rel="noopener"
      className="reach font-semibold whitespace-nowrap text-text underline decoration-line decoration-2 underline-offset-4 hover:decoration-text"
    >
      Check the order<span className="sr-only"> (another tab)</span>
    </a>
  );
}

/** Units are held for me, if I pay in time. */
export function Served({
  drop,
  state: { hold, step },
}: {
  drop: RoomDrop;
  state: Extract<DropState, { step: 'served' | 'paying' }>;
}) {
  const { client, shop, showId, holds, checkout } = usePage();
  const offsetMs = useLive(client, (live) => live.clockOffsetMs);
  const seconds = useSecondsLeft(hold.expiresAtMs, offsetMs);
  const joinsParcel = useParcel() !== null;
  const [isLeaving, setLeaving] = useState(false);
  const { total } = allInPrice(hold.unitPrice, hold.quantity, shop, joinsParcel);
  const isPaying = step === 'paying';
  const isLate = seconds <= 30 && !isPaying;
  const share = isPaying ? 1 : Math.min(1, (seconds * 1_000) / drop.holdMs);
  return (
    <div className="mt-3">
      <div
        className={classes('time-bar', isLate ? 'text-vermilion' : 'text-gold')}
        aria-hidden="true"
      >
        <span style={{ transform: `scaleX(${share})` }} />
      </div>
      <div className="mt-2.5 flex items-center gap-3 rounded-control bg-ritual-mist px-3.5 py-2.5">
        <CheckIcon className="size-5 shrink-0 text-ritual" />
        <p className="min-w-0 flex-1 text-sm leading-snug">
          <b className="block text-base text-ritual">
            {isPaying ? 'Your payment is under way' : 'It’s your turn'}
          </b>
          {isPaying
            ? 'Stay here for a moment.'
            : `${hold.quantity === 1 ? 'One is' : `${hold.quantity} are`} kept for you until the clock ends, then for the next in line.`}{' '}
          <ProofLink showId={showId} drop={drop} />
        </p>
        {isPaying ? null : (
          <time role="timer" className={classes('figure text-2xl', isLate && 'text-urgent')}>
            {durationText(seconds)}
          </time>
        )}
      </div>
      {isLeaving && !isPaying ? (
        <CardNote
          title="The next in line gets it"
          detail="You have one turn."
          yes="Let it go for good"
          onConfirm={() => holds.release(hold)}
          onClose={() => setLeaving(false)}
        />
      ) : null}
      <div className="mt-3 flex gap-2">
        <Button
          size="large"
          className="px-3! text-sm!"
          disabled={isPaying || isLeaving}
          onClick={() => setLeaving(true)}
        >
          Let it go
        </Button>
        <Button
          look="strong"
          size="large"
          className="min-w-0 flex-1 flex-col gap-0.5! px-2!"
          busy={isPaying || seconds === 0}
          onClick={() => checkout(hold)}
        >
          <span className="text-lg">{drop.isGiveaway ? 'Take it' : `Pay ${moneyText(total)}`}</span>
          <span className="text-xs font-normal opacity-85">
            {drop.isGiveaway
              ? 'free, delivery included'
              : partsText(hold.unitPrice, hold.quantity, shop, joinsParcel)}
          </span>
        </Button>
      </div>
    </div>
  );
}

/** What became of it. */
export function Over({ drop, mine, state }: { drop: RoomDrop; mine: MyDrop; state: DropState }) {
  const { showId } = usePage();
  if (state.step === 'paid') {
    return (
      <div className="mt-3 flex items-center justify-between gap-3 rounded-control bg-accent-mist py-1.5 pr-1.5 pl-3.5 text-sm">
        <span className="flex items-center gap-2 font-semibold text-accent">
          <CheckIcon className="size-4" /> {drop.isGiveaway ? 'It’s yours' : 'Paid: it’s yours'}
        </span>
        {state.orderId ? (
          <ButtonLink href={`/orders/${state.orderId}`} look="plain" className="min-h-11">
            See the order
          </ButtonLink>
        ) : null}
      </div>
    );
  }
  const { title, detail } = outcomeWords(drop, mine);
  return (
    <div className="mt-3 flex items-center gap-3 rounded-control bg-sunken px-3.5 py-3">
      <ClockIcon className="size-6 shrink-0 text-soft" />
      <p className="min-w-0 flex-1 text-sm leading-snug">
        <b className="block text-base">{title}</b>
        <span className="text-soft">{detail}</span> <ProofLink showId={showId} drop={drop} />
      </p>
    </div>
  );
}
