// The way to the encoder's dialog, and its light: whether an encoder is on air and whether something is wrong with what
// it sends. The dialog itself is loaded when it is opened.

import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { classes } from '../../design/classes.ts';
import { useDesk } from '../desk.tsx';
import { reportQuery } from './encoder-data.ts';

const EncoderDialog = lazy(() => import('./encoder-dialog.tsx'));

export function EncoderEntry({ className }: { className?: string }) {
  const { showId } = useDesk();
  const [open, setOpen] = useState(false);
  const { data: report } = useQuery(reportQuery(showId, open ? 2_000 : 5_000));
  const isOn = report?.state === 'on';
  const troubles = isOn ? report.complaints.length : 0;
  // Around the dialog too: it takes presses wherever the button stands.
  return (
    <div className={classes('pointer-events-auto', className)}>
      <Button look="veil" className="rounded-full" onClick={() => setOpen(true)}>
        <span
          aria-hidden="true"
          className={classes('size-2.5 rounded-full', isOn ? 'bg-lagoon' : 'bg-white/40')}
        />
        {isOn ? (
          'Encoder on air'
        ) : (
          <>
            <span aria-hidden="true" className="sm:hidden">
              Encoder
            </span>
            <span className="max-sm:sr-only">Use an encoder</span>
          </>
        )}
        {troubles > 0 ? (
          <span className="rounded-chip bg-vermilion-deep px-2 text-xs text-white">
            {troubles} to mend
          </span>
        ) : null}
      </Button>
      {open ? (
        <Suspense fallback={null}>
          <EncoderDialog onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}
