// The card of a lot whose bidding is over: what I won and have to pay, what was paid, what became of it. The
// words are lot.ts's.

import { allInPrice } from '../../domain/order/price.ts';
import type { RoomLot } from '../../protocol/room-lot.ts';
import { Button, ButtonLink } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { timeLeftText, useSecondsLeft } from '../design/clock.tsx';
import { CheckIcon } from '../design/icons.tsx';
import { moneyText } from '../design/money.tsx';
import { useLive } from '../live/use-live.ts';
import { type LotState, type MyLot, outcomeWords } from './lot.ts';
import { GavelIcon } from './lot-icons.tsx';
import { partsText } from './parts-text.ts';
import { usePage, useParcel } from './watch-context.ts';

/** The piece is mine if I pay in time. */
export function Won({
  state,
}: {
  state: Extract<LotState, { step: 'won' | 'chance' | 'paying' }>;
}) {
  const { client, shop, holds, checkout } = usePage();
  const { hold, step } = state;
  const offsetMs = useLive(client, (live) => live.clockOffsetMs);
  const seconds = useSecondsLeft(hold.expiresAtMs, offsetMs);
  const joinsParcel = useParcel() !== null;
  const { total } = allInPrice(hold.unitPrice, hold.quantity, shop, joinsParcel);
  const price = moneyText(hold.unitPrice);
  const isLate = seconds <= 60;
  return (
    <div className="mt-3">
      <div className="rounded-control bg-ritual-mist px-3.5 py-3">
        <p className="flex items-center gap-2 font-semibold text-ritual">
          <CheckIcon className="size-5 shrink-0" />
          {step === 'chance'
            ? `Second chance: yours at ${price} if you want it`
            : step === 'paying'
              ? 'Your payment is under way'
              : hold.holdId === hold.offerId
                ? `You won at ${price}`
                : `Yours at ${price}`}
        </p>
        {step === 'paying' ? null : (
          <p className="mt-0.5 text-sm">
            {step === 'chance' ? 'The winner didn’t pay. Take it within ' : 'Pay within '}
            <time role="timer" className={classes('font-semibold', isLate && 'text-urgent')}>
              {timeLeftText(seconds)}
            </time>
            {step === 'chance' ? '.' : ': a won lot is bought.'}
          </p>
        )}
      </div>
      <div className="mt-3 flex gap-2">
        {step === 'chance' ? (
          <Button size="large" onClick={() => holds.release(hold)}>
            Decline
          </Button>
        ) : null}
        <Button
          look="strong"
          size="large"
          className="min-w-0 flex-1 flex-col gap-0.5! px-2!"
          busy={step === 'paying' || seconds === 0}
          onClick={() => checkout(hold)}
        >
          <span className="text-lg">
            {step === 'chance' ? 'Take it for' : 'Pay'} {moneyText(total)}
          </span>
          <span className="text-xs font-normal opacity-85">
            {partsText(hold.unitPrice, hold.quantity, shop, joinsParcel)}
          </span>
        </Button>
      </div>
    </div>
  );
}

/** What became of it. */
export function Over({ lot, mine, state }: { lot: RoomLot; mine: MyLot; state: LotState }) {
  if (state.step === 'paid') {
    return (
      <div className="mt-3 flex items-center justify-between gap-3 rounded-control bg-accent-mist py-1.5 pr-1.5 pl-3.5 text-sm">
        <span className="flex items-center gap-2 font-semibold text-accent">
          <CheckIcon className="size-4" /> Paid: it’s yours
        </span>
        {state.orderId ? (
          <ButtonLink href={`/orders/${state.orderId}`} look="plain" className="min-h-11">
            See the order
          </ButtonLink>
        ) : null}
      </div>
    );
  }
  const { title, detail } = outcomeWords(lot, mine);
  return (
    <div className="mt-3 flex items-center gap-3 rounded-control bg-sunken px-3.5 py-3">
      <GavelIcon className="size-6 shrink-0 text-soft" />
      <p className="text-sm">
        <b className="block text-base">{title}</b>
        {detail ? <span className="text-soft">{detail}</span> : null}
      </p>
    </div>
  );
}
