// Going live from OBS or another encoder: where it sends to and with which key, what arrives and what is wrong with it,
// and the show's start when the picture is there.

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { StreamKeyMade } from '../../../protocol/encoder.ts';
import { CopyLine } from '../../crew/copy-line.tsx';
import { LoadFailure, ProblemNote } from '../../crew/problem-note.tsx';
import { ask } from '../../crew/shop-data.ts';
import { Button, Spinner } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { useDesk, useRoom } from '../desk.tsx';
import { Arrival } from './arrival.tsx';
import { keysQuery, reportQuery } from './encoder-data.ts';
import { KeyList } from './key-list.tsx';

export default function EncoderDialog({ onClose }: { onClose: () => void }) {
  const { showId } = useDesk();
  const phase = useRoom((room) => room.phase);
  const keys = useQuery(keysQuery(showId));
  const { data: report = null } = useQuery(reportQuery(showId, 2_000));
  const [made, setMade] = useState<StreamKeyMade | null>(null);
  const start = useMutation({ mutationFn: () => ask.goLive(showId), onSuccess: onClose });
  const isOn = report?.state === 'on';
  const { rtmp = null, whip = null } = keys.data?.addresses ?? {};

  return (
    <Dialog
      open
      wide
      theme="night"
      onClose={onClose}
      title="Go live from an encoder"
      footer={
        phase === 'planned' ? (
          <div className="flex flex-wrap items-center justify-end gap-3">
            <p className="min-w-0 flex-1 text-sm text-soft">
              {isOn
                ? 'The picture is here. Nobody sees it before you go live.'
                : 'Start the stream in your encoder first.'}
            </p>
            <Button
              look="urgent"
              disabled={!isOn}
              busy={start.isPending}
              onClick={() => start.mutate()}
            >
              Go live
            </Button>
          </div>
        ) : null
      }
    >
      <div className="grid gap-6">
        <ProblemNote error={start.error} />
        <Arrival report={report} />
        {keys.isError ? (
          <LoadFailure error={keys.error} onRetry={() => void keys.refetch()} />
        ) : keys.data ? (
          <>
            <section aria-label="Where it sends to" className="grid gap-3">
              <h3 className="text-base font-semibold">Where it sends to</h3>
              {rtmp ? (
                <CopyLine
                  label="RTMP server"
                  hint="OBS: Settings, Stream, Service “Custom …”, Server. The key goes into “Stream Key”."
                  text={rtmp}
                />
              ) : (
                <p className="text-sm text-soft">
                  RTMP is off on this server, or its port is taken. WHIP works.
                </p>
              )}
              {whip ? (
                <CopyLine
                  label="WHIP address"
                  hint="OBS: Service “WHIP”, Server. The key goes into “Bearer Token”. Less delay than RTMP."
                  text={whip}
                />
              ) : null}
            </section>
            <KeyList showId={showId} keys={keys.data.keys} made={made} onMade={setMade} />
            <p className="text-sm text-soft">
              A key for all shows that you host:{' '}
              <a href="/office/encoder" className="font-semibold text-text underline">
                Your encoder
              </a>
            </p>
          </>
        ) : (
          <p className="flex items-center gap-2 text-sm text-soft" aria-busy="true">
            <Spinner /> Looking up the keys …
          </p>
        )}
      </div>
    </Dialog>
  );
}
