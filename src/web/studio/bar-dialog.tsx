// Barring somebody of the crowd from buying in this show, with a reason that the log keeps. They may be let
// again by the notice that follows.

import { useMutation } from '@tanstack/react-query';
import type { ChatLine } from '../../protocol/room.ts';
import { ReasonDialog } from '../crew/reason-dialog.tsx';
import { ask } from '../crew/shop-data.ts';
import { toast } from '../design/toast.tsx';
import { problemFrom } from '../live/http-client.ts';
import { useDesk } from './desk.tsx';

const reasons = ['Doesn’t pay', 'Bids without meaning it', 'Disturbs the sale'];

export function BarDialog({ line, onClose }: { line: ChatLine; onClose: () => void }) {
  const { showId } = useDesk();
  const { personId, name } = line;
  const again = () =>
    ask.bar(showId, personId, false, 'Barred by mistake').then(
      () => toast(`${name} may buy again.`),
      (error: unknown) => toast(problemFrom(error).title, { look: 'urgent' }),
    );
  const bar = useMutation({
    mutationFn: (reason: string) => ask.bar(showId, personId, true, reason),
    onSuccess: () => {
      toast(`${name} can’t buy in this show.`, {
        action: { label: 'Let them again', run: () => void again() },
      });
      onClose();
    },
  });
  return (
    <ReasonDialog
      title={`Bar ${name} from buying?`}
      legend="Reason, for the log"
      reasons={reasons}
      action="Bar from buying"
      busy={bar.isPending}
      error={bar.error}
      onReason={(reason) => bar.mutate(reason)}
      onClose={onClose}
    >
      <p className="mb-4 text-sm text-soft">
        {name} can’t claim, bid or take anything in this show from now on, but may go on writing.
        What they have already stays theirs.
      </p>
    </ReasonDialog>
  );
}
