// The end of a show: the question before it, with what it means for the people in the room, and what the
// studio becomes afterwards.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { isRehearsal } from '../../base/rehearsal-id.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask } from '../crew/shop-data.ts';
import { Button, ButtonLink } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { useDesk, useRoom, useShow } from './desk.tsx';

export function Ended() {
  const { showId } = useDesk();
  const phase = useRoom((room) => room.phase);
  const recording = useRoom((room) => room.recording);
  const pulse = useShow((state) => state.pulse);
  return (
    <section className="grid content-start justify-items-start gap-3 rounded-card bg-card p-6">
      <h2 className="text-2xl">
        {phase === 'ended' ? 'The curtain is down' : 'This show was cancelled'}
      </h2>
      {phase === 'ended' ? (
        <p className="text-soft">
          {pulse ? `${pulse.soldUnits} sold to ${pulse.buyers} buyers. ` : ''}
          {recording
            ? 'The replay is ready and still sells.'
            : 'The replay is being made; this page tells when it is there.'}
        </p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        {phase === 'ended' ? (
          <ButtonLink look="strong" href={`/shows/${encodeURIComponent(showId)}`}>
            Watch the replay
          </ButtonLink>
        ) : null}
        <ButtonLink href="/office/orders">To the orders</ButtonLink>
        <ButtonLink look="plain" href="/office/shows">
          All shows
        </ButtonLink>
      </div>
    </section>
  );
}

export function EndDialog({ onClose }: { onClose: () => void }) {
  const { showId, stage } = useDesk();
  const offers = useRoom((room) => room.offers);
  const viewers = useRoom((room) => room.viewers);
  const cache = useQueryClient();
  const end = useMutation({
    mutationFn: () => ask.endShow(showId),
    onSuccess: () => {
      stage.leaveAir();
      void cache.invalidateQueries({ queryKey: ['shows'] });
      onClose();
    },
  });
  const inCarts = offers
    .flatMap(({ figures }) => Object.values(figures))
    .reduce((sum, one) => sum + one.inCarts, 0);
  return (
    <Dialog
      open
      theme="night"
      onClose={onClose}
      title={isRehearsal(showId) ? 'End the rehearsal?' : 'End the show for everyone?'}
      footer={
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={onClose}>
            Stay on air
          </Button>
          <Button look="urgent" busy={end.isPending} onClick={() => end.mutate()}>
            End {isRehearsal(showId) ? 'rehearsal' : 'show'}
          </Button>
        </div>
      }
    >
      <ul className="grid gap-2 text-sm">
        <li>
          <b>{viewers}</b>{' '}
          {isRehearsal(showId)
            ? 'invented people go home, and the report is made.'
            : 'watching see the end, and the page becomes the replay.'}
        </li>
        {offers.length > 0 ? (
          <li>
            <b>{offers.length}</b> open {offers.length === 1 ? 'offer closes' : 'offers close'} and
            what is left goes back to stock.
          </li>
        ) : null}
        {inCarts > 0 ? (
          <li>
            <b>{inCarts}</b> in carts stay held until their time is over: they can still be paid.
          </li>
        ) : null}
        <li className="text-soft">
          {isRehearsal(showId)
            ? 'The show itself stays as it was.'
            : 'An ended show can’t be started again.'}
        </li>
      </ul>
      <ProblemNote error={end.error} className="mt-4" />
    </Dialog>
  );
}
