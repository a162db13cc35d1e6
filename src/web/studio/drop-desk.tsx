// The desk of an open drop: how far its line has come, its units, its clock, and the way to cancel it.

import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { RoomDrop } from '../../protocol/room.ts';
import { ReasonDialog } from '../crew/reason-dialog.tsx';
import { ask } from '../crew/shop-data.ts';
import { Button } from '../design/button.tsx';
import { Countdown } from '../design/clock.tsx';
import { useDesk } from './desk.tsx';
import { unitsOf } from './drop-board.ts';

const cancelReasons = ['The piece is damaged', 'It was described wrongly', 'A technical fault'];

export function DropDesk({ drop, direct }: { drop: RoomDrop; direct: boolean }) {
  const { client } = useDesk();
  const { all, left, inCarts, sold } = unitsOf(drop);
  const { closesAtMs, waiting } = drop.figures;
  return (
    <article
      aria-label={`${drop.isGiveaway ? 'Giveaway' : 'Drop'}: ${drop.title}`}
      className="grid grid-cols-[minmax(0,1fr)] gap-2"
    >
      <div className="flex items-baseline justify-between gap-3">
        <p className="label min-w-0 truncate text-soft">
          {drop.isGiveaway ? 'Giveaway' : 'Drop'} · {drop.title}
        </p>
        {closesAtMs === null ? null : (
          <Countdown
            atMs={closesAtMs}
            offsetMs={client.state().clockOffsetMs}
            className="figure shrink-0 text-2xl"
          />
        )}
      </div>
      <p className="flex flex-wrap items-baseline gap-x-2.5">
        <span className="figure text-3xl whitespace-nowrap">
          {sold} of {all}
        </span>
        <span className="text-sm font-semibold">{drop.isGiveaway ? 'taken' : 'sold'}</span>
      </p>
      <div
        aria-hidden="true"
        className="flex h-2 gap-0.5 overflow-hidden rounded-full bg-[#e2d7c5]"
      >
        <span
          className="bg-lagoon transition-[width] duration-300"
          style={{ width: `${(sold / Math.max(1, all)) * 100}%` }}
        />
        <span
          className="bg-gold transition-[width] duration-300"
          style={{ width: `${(inCarts / Math.max(1, all)) * 100}%` }}
        />
      </div>
      <p className="text-sm">
        <b>{left}</b> left · <b>{inCarts}</b> in carts · <b>{waiting}</b> waiting
      </p>
      {direct ? (
        <div>
          <CancelDrop drop={drop}>
            {(cancel) => (
              <Button className="bg-[#e4dac9] text-ink" onClick={cancel}>
                Cancel …
              </Button>
            )}
          </CancelDrop>
        </div>
      ) : null}
    </article>
  );
}

/** Asks for the reason; whoever entered reads it. */
export function CancelDrop({
  drop,
  children,
}: {
  drop: RoomDrop;
  children: (cancel: () => void) => ReactNode;
}) {
  const { showId } = useDesk();
  const [asked, setAsked] = useState(false);
  const cancel = useMutation({
    mutationFn: (reason: string) => ask.cancelDrop(showId, drop.dropId, reason),
    onSuccess: () => setAsked(false),
  });
  return (
    <>
      {children(() => setAsked(true))}
      {asked ? (
        <ReasonDialog
          title={`Cancel this ${drop.isGiveaway ? 'giveaway' : 'drop'}?`}
          legend="Reason; everyone in the room reads it"
          reasons={cancelReasons}
          action="Cancel it"
          busy={cancel.isPending}
          error={cancel.error}
          onReason={(reason) => cancel.mutate(reason)}
          onClose={() => {
            cancel.reset();
            setAsked(false);
          }}
        >
          <p className="mb-4 text-sm text-soft">
            Nobody else is served, and what is left goes back to stock. Who has a unit in the cart
            keeps it. This can’t be undone.
          </p>
        </ReasonDialog>
      ) : null}
    </>
  );
}
