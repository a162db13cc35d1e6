// The desk of a running lot: price, clock, demand, and the ways to halt it. What nobody may know, a maximum
// or the height of a reserve, isn't here either.

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { RoomLot } from '../../protocol/room-lot.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ReasonDialog } from '../crew/reason-dialog.tsx';
import { ask } from '../crew/shop-data.ts';
import { Button, Spinner } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { timeLeftText, useTick } from '../design/clock.tsx';
import { moneyText } from '../design/money.tsx';
import { bidderName, momentOf, priceOf } from '../watch/lot.ts';
import { useDesk, useRoom } from './desk.tsx';
import { demandWords } from './lot-board.ts';

const pauseReasons = ['One moment, please', 'A question about the piece', 'The picture is gone'];
const cancelReasons = ['The piece is damaged', 'It was described wrongly', 'A technical fault'];
const quiet = 'bg-[#e4dac9] text-ink';

export function LotDesk({ lot, direct }: { lot: RoomLot; direct: boolean }) {
  useTick();
  const { showId, client } = useDesk();
  const viewers = useRoom((room) => room.viewers);
  const stock = useRoom((room) => room.stock);
  const [asked, setAsked] = useState<'pause' | 'cancel' | null>(null);
  const halt = useMutation({
    mutationFn: ({ how, reason }: { how: 'pause' | 'cancel'; reason: string }) =>
      how === 'pause'
        ? ask.pauseLot(showId, lot.lotId, reason)
        : ask.cancelLot(showId, lot.lotId, reason),
    onSuccess: () => setAsked(null),
  });
  const resume = useMutation({ mutationFn: () => ask.resumeLot(showId, lot.lotId) });
  const { figures, bidding } = lot;
  const nowMs = client.nowMs();
  const price = priceOf(lot, nowMs);
  const inCarts = stock[lot.variantId]?.inCarts ?? 0;
  const isOpen = figures.phase === 'open';

  return (
    <article aria-label={`Lot: ${lot.title}`} className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex items-baseline justify-between gap-3">
        <p className="label min-w-0 truncate text-soft">
          {figures.phase === 'paused' ? 'Paused · ' : ''}
          {lot.title}
        </p>
        <ClockWords lot={lot} nowMs={nowMs} />
      </div>
      <p className="flex flex-wrap items-baseline gap-x-2.5">
        <span className="figure text-3xl whitespace-nowrap">{moneyText(price)}</span>
        <span className="text-sm font-semibold">
          {figures.leader === null
            ? bidding.format === 'dutch'
              ? `${figures.left} left`
              : 'no bids yet'
            : bidding.format === 'dutch'
              ? `${figures.left} left, last to ${bidderName(figures.leader)}`
              : `${bidderName(figures.leader)} leads`}
        </span>
      </p>
      <p className="text-sm">
        {demandWords(figures, viewers)}
        {inCarts > 0 ? ` · ${inCarts} held` : ''}
        {figures.reserveMet === null ? null : (
          <b className={figures.reserveMet ? 'text-accent' : 'text-urgent'}>
            {' '}
            · {figures.reserveMet ? 'reserve met' : 'reserve not met'}
          </b>
        )}
      </p>
      {figures.phase === 'paused' ? (
        <p className="text-sm">
          <b>Everyone reads:</b> {figures.reason}
        </p>
      ) : null}
      {figures.phase === 'called' ? (
        <p role="status" className="flex items-center gap-2 text-sm font-semibold">
          <Spinner /> Taking its piece from stock …
        </p>
      ) : null}
      <ProblemNote error={resume.error} />
      {direct ? (
        <div className="flex flex-wrap gap-2">
          {figures.phase === 'paused' ? (
            <Button look="strong" busy={resume.isPending} onClick={() => resume.mutate()}>
              Go on
            </Button>
          ) : isOpen && bidding.format === 'english' ? (
            <Button className={quiet} onClick={() => setAsked('pause')}>
              Pause …
            </Button>
          ) : null}
          <Button className={quiet} onClick={() => setAsked('cancel')}>
            Cancel …
          </Button>
        </div>
      ) : null}
      {asked ? (
        <ReasonDialog
          title={asked === 'pause' ? 'Pause this lot?' : 'Cancel this lot?'}
          legend="Reason; everyone in the room reads it"
          reasons={asked === 'pause' ? pauseReasons : cancelReasons}
          action={asked === 'pause' ? 'Pause the lot' : 'Cancel the lot'}
          busy={halt.isPending}
          error={halt.error}
          onReason={(reason) => halt.mutate({ how: asked, reason })}
          onClose={() => {
            halt.reset();
            setAsked(null);
          }}
        >
          <p className="mb-4 text-sm text-soft">
            {asked === 'pause'
              ? 'The clock stands and no bids are taken until you go on.'
              : 'Nobody gets it, nobody is charged, and the piece goes back to stock. This can’t be undone.'}
          </p>
        </ReasonDialog>
      ) : null}
    </article>
  );
}

function ClockWords({ lot, nowMs }: { lot: RoomLot; nowMs: number }) {
  const { figures } = lot;
  const moment = momentOf(figures, nowMs);
  const leftMs = figures.leftMs ?? (figures.closesAtMs ?? nowMs) - nowMs;
  const seconds = Math.max(0, Math.ceil(leftMs / 1_000));
  if (figures.phase === 'called') return null;
  return (
    <time
      role="timer"
      className={classes('figure shrink-0 text-2xl', seconds <= 10 && 'text-urgent')}
    >
      {figures.phase === 'paused' || moment === 'running'
        ? timeLeftText(seconds)
        : moment === 'going'
          ? 'Going…'
          : 'Hammer'}
    </time>
  );
}
