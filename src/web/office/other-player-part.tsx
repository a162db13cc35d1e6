// A show's picture in another program (OBS, GStreamer, a screen at the venue): where it is and the token that opens it.

import { useMutation } from '@tanstack/react-query';
import type { WatchToken } from '../../protocol/http.ts';
import { CopyLine } from '../crew/copy-line.tsx';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask } from '../crew/shop-data.ts';
import { Button } from '../design/button.tsx';
import { momentText } from '../design/clock.tsx';

export function OtherPlayerPart({ showId }: { showId: string }) {
  const make = useMutation<WatchToken>({ mutationFn: () => ask.makeWatchToken(showId) });
  return (
    <section
      aria-label="In another player"
      className="mt-10 grid max-w-2xl gap-4 rounded-card border border-line bg-card p-5"
    >
      <div>
        <h2 className="text-xl">In another player</h2>
        <p className="text-sm text-soft">
          Programs that speak WHEP show this picture too: OBS, GStreamer, a screen at the venue. The
          token opens it for whom you give it to, as if it were you.
        </p>
      </div>
      {make.data ? (
        <>
          <CopyLine label="WHEP address" text={make.data.address} />
          <CopyLine
            label="bearer token"
            hint={`It opens the show until ${momentText(make.data.expiresAtMs)}. It isn’t shown again.`}
            text={make.data.token}
          />
        </>
      ) : null}
      <Button className="justify-self-start" busy={make.isPending} onClick={() => make.mutate()}>
        {make.data ? 'Make another token' : 'Make a token'}
      </Button>
      <ProblemNote error={make.error} />
    </section>
  );
}
