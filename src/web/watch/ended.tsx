// After the show: the replay once the recording is there; until then, that it is being made. The page
// learns of the recording by itself.

import { lazy, Suspense } from 'react';
import { ButtonLink, Spinner } from '../design/button.tsx';
import { useTick } from '../design/clock.tsx';
import { useLive } from '../live/use-live.ts';
import { Backdrop } from './picture.tsx';
import { TopBar } from './top-bar.tsx';
import { usePage } from './watch-context.ts';

const ReplayShow = lazy(() => import('./replay-show.tsx'));

/** A recording is ready within a minute; an hour-long one that must be salvaged takes several. */
const recordingWithinMs = 10 * 60_000;

export default function Ended() {
  const { client } = usePage();
  const recording = useLive(client, (state) => state.room?.recording ?? null);
  const gone = useLive(client, (state) => state.room?.recordingGone ?? null);
  const hostName = useLive(client, (state) => state.room?.plan.hostName ?? '');
  const endedAtMs = useLive(client, (state) => state.room?.endedAtMs ?? null);
  useTick();
  // Long after the end nobody is left waiting; should it come after all, the page turns by itself.
  const isLate = endedAtMs !== null && client.nowMs() - endedAtMs > recordingWithinMs;
  if (recording) {
    return (
      <Suspense fallback={<div className="watch" data-theme="night" />}>
        <ReplayShow recording={recording} />
      </Suspense>
    );
  }
  return (
    <main className="watch" data-theme="night">
      <div className="watch-picture">
        <Backdrop />
      </div>
      <TopBar />
      <div className="absolute inset-0 grid content-center justify-items-center gap-3 px-8 text-center text-white">
        <p className="font-display text-2xl font-bold">The show has ended</p>
        {gone ? (
          <p className="text-sm text-white/90">
            {gone === 'kept-long-enough'
              ? 'Its recording was kept as long as the shop keeps them, and is deleted.'
              : 'The shop has deleted its recording.'}
          </p>
        ) : isLate ? (
          <p className="text-sm text-white/90">There is no recording of this evening.</p>
        ) : (
          <p className="flex items-center gap-2 text-sm text-white/90">
            <Spinner /> The replay is being made; it starts here by itself.
          </p>
        )}
        <p className="max-w-sm text-sm text-white/90">
          Thank you for coming, says {hostName}. What you bought is in your orders.
        </p>
        <ButtonLink href="/" look="strong" size="large" className="mt-2">
          All shows
        </ButtonLink>
      </div>
    </main>
  );
}
