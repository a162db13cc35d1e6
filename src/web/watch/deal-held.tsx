// What is held for me of a deal, with its clock and the two ways on. Apart from the card, because hardly anybody holds
// anything when the page comes.

import { useState } from 'react';
import { allInPrice } from '../../domain/order/price.ts';
import type { MyHold } from '../../protocol/socket.ts';
import { Button } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { durationText, useSecondsLeft } from '../design/clock.tsx';
import { moneyText } from '../design/money.tsx';
import { partsText } from './parts-text.ts';
import { usePage, useParcel } from './watch-context.ts';

/** My hold: how long it stands, what it costs in all, and the two ways on. */
export default function Held({
  hold,
  isPaying,
  offsetMs,
}: {
  hold: MyHold;
  isPaying: boolean;
  offsetMs: number;
}) {
  const { shop, holds, checkout } = usePage();
  const seconds = useSecondsLeft(hold.expiresAtMs, offsetMs);
  const [fullMs] = useState(() => Math.max(1_000, hold.expiresAtMs - Date.now() - offsetMs));
  const joinsParcel = useParcel() !== null;
  const { total } = allInPrice(hold.unitPrice, hold.quantity, shop, joinsParcel);
  const isLate = seconds <= 30;
  return (
    <div className="mt-3">
      <div
        className={classes('time-bar', isLate ? 'text-vermilion' : 'text-gold')}
        aria-hidden="true"
      >
        <span
          style={{ transform: `scaleX(${isPaying ? 1 : Math.min(1, (seconds * 1000) / fullMs)})` }}
        />
      </div>
      <p className="mt-2 flex items-baseline justify-between gap-3 text-sm">
        <span className="font-semibold">
          {isPaying
            ? 'Your payment is under way'
            : `${hold.quantity === 1 ? 'One is' : `${hold.quantity} are`} held for you`}
        </span>
        {isPaying ? null : (
          <time role="timer" className={classes('figure text-xl', isLate && 'text-urgent')}>
            {durationText(seconds)}
          </time>
        )}
      </p>
      <div className="mt-3 flex gap-2">
        <Button size="large" disabled={isPaying} onClick={() => holds.release(hold)}>
          Release
        </Button>
        <Button
          look="strong"
          size="large"
          className="flex-1 flex-col gap-0.5! px-2!"
          busy={isPaying || seconds === 0}
          onClick={() => checkout(hold)}
        >
          <span className="text-lg">Pay {moneyText(total)}</span>
          <span className="text-xs font-normal opacity-85">
            {partsText(hold.unitPrice, hold.quantity, shop, joinsParcel)}
          </span>
        </Button>
      </div>
    </div>
  );
}
