// A host's own stream keys: one key for all the shows that they host, so that an encoder is set up once. A show's own keys
// stand in its studio.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { StreamKeyMade } from '../../protocol/encoder.ts';
import { CopyLine } from '../crew/copy-line.tsx';
import { LoadFailure } from '../crew/problem-note.tsx';
import { Skeleton } from '../design/empty-state.tsx';
import { keysQuery } from '../studio/encoder/encoder-data.ts';
import { KeyList } from '../studio/encoder/key-list.tsx';
import { PageHead } from './page-head.tsx';

export function EncoderPage() {
  const keys = useQuery(keysQuery(null));
  const [made, setMade] = useState<StreamKeyMade | null>(null);
  return (
    <>
      <PageHead
        title="Your encoder"
        note="One stream key for all shows that you host: it goes to the one that is live, else to the next. Set up OBS or another encoder once."
      />
      {keys.data ? (
        <div className="grid max-w-2xl gap-8">
          {keys.data.addresses.rtmp ? (
            <CopyLine
              label="RTMP server"
              hint="OBS: Settings, Stream, Service “Custom …”, Server. The key goes into “Stream Key”."
              text={keys.data.addresses.rtmp}
            />
          ) : (
            <p className="text-sm text-soft">
              RTMP is off on this server, or its port is taken. WHIP works: each show’s address
              stands in its studio, and your key is good there.
            </p>
          )}
          <KeyList showId={null} keys={keys.data.keys} made={made} onMade={setMade} />
        </div>
      ) : keys.isError ? (
        <LoadFailure error={keys.error} onRetry={() => void keys.refetch()} />
      ) : (
        <Skeleton className="h-64 max-w-2xl rounded-card" />
      )}
    </>
  );
}
