// What the shop keeps of its shows: for how long recordings and clips stay, and each of them, to be taken away with a
// reason. The owner changes; a host looks on. Rules: RPL-13 to RPL-15.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ShowSummary } from '../../protocol/http.ts';
import type { KeptClip } from '../../protocol/kept.ts';
import { useCrew } from '../crew/crew-gate.tsx';
import { askKept, keptClipsQuery, keptRulesQuery } from '../crew/kept-data.ts';
import { LoadFailure } from '../crew/problem-note.tsx';
import { ReasonDialog } from '../crew/reason-dialog.tsx';
import { showsQuery } from '../crew/shop-data.ts';
import { Badge } from '../design/badge.tsx';
import { Button, ButtonLink } from '../design/button.tsx';
import { durationText, momentText } from '../design/clock.tsx';
import { EmptyState, Skeleton } from '../design/empty-state.tsx';
import { toast } from '../design/toast.tsx';
import { KeptRules } from './kept-rules.tsx';
import { PageHead } from './page-head.tsx';

const reasons = ['Somebody asked for it', 'Something was wrong in it', 'No longer true'];

export function RecordingsPage() {
  const isOwner = useCrew().role === 'owner';
  const rules = useQuery(keptRulesQuery);
  const shows = useQuery(showsQuery);
  const ended = (shows.data ?? [])
    .filter(({ phase }) => phase === 'ended')
    .sort((a, b) => (b.endedAtMs ?? 0) - (a.endedAtMs ?? 0));
  const failed = [rules, shows].find(({ isError, data }) => isError && !data);
  return (
    <>
      <PageHead
        title="Recordings"
        note="Every show is recorded. Here is how long that stays, and what can be taken away."
      />
      {failed ? (
        <LoadFailure error={failed.error} onRetry={() => void failed.refetch()} />
      ) : !rules.data || !shows.data ? (
        <div className="grid gap-6" aria-busy="true">
          <Skeleton className="h-64 rounded-card" />
          <Skeleton className="h-40 rounded-card" />
        </div>
      ) : (
        <div className="grid gap-10">
          <KeptRules rules={rules.data} isOwner={isOwner} />
          <section aria-labelledby="kept-shows" className="grid gap-3">
            <h2 id="kept-shows" className="label font-sans text-soft">
              Shows that are over
            </h2>
            {ended.length === 0 ? (
              <div className="rounded-sheet border border-line bg-card">
                <EmptyState title="No recording yet">
                  The first stands here as soon as a show has ended.
                </EmptyState>
              </div>
            ) : (
              <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-card">
                {ended.map((show) => (
                  <ShowKept key={show.showId} show={show} isOwner={isOwner} />
                ))}
              </ul>
            )}
          </section>
        </div>
      )}
    </>
  );
}

function ShowKept({ show, isOwner }: { show: ShowSummary; isOwner: boolean }) {
  const [open, setOpen] = useState(false);
  const { showId, title, hasRecording, startedAtMs, endedAtMs } = show;
  return (
    <li className="px-5 py-4 max-md:px-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <h3 className="truncate text-base">{title}</h3>
          <p className="text-sm text-soft">
            {momentText(startedAtMs ?? show.startsAtMs)}
            {startedAtMs !== null && endedAtMs !== null
              ? ` · ${durationText((endedAtMs - startedAtMs) / 1_000)}`
              : ''}
          </p>
        </div>
        {hasRecording ? (
          <>
            <ButtonLink href={`/shows/${encodeURIComponent(showId)}`}>Replay</ButtonLink>
            {isOwner ? (
              <Removal
                what={`the recording of ${title}`}
                note="Nobody can watch the replay then, or buy in it. Its clips and all orders stay."
                remove={(reason) => askKept.removeRecording(showId, reason)}
              />
            ) : null}
          </>
        ) : (
          <Badge look="outline">No recording</Badge>
        )}
        <Button
          aria-expanded={open}
          aria-controls={`clips-${showId}`}
          onClick={() => setOpen(!open)}
        >
          Clips
        </Button>
      </div>
      <div id={`clips-${showId}`} hidden={!open}>
        {open ? <Clips showId={showId} isOwner={isOwner} /> : null}
      </div>
    </li>
  );
}

const goneWords: Record<NonNullable<KeptClip['gone']>, string> = {
  'kept-long-enough': 'Kept long enough',
  'by-the-shop': 'Taken away',
  demo: 'Demo, not kept',
};

function Clips({ showId, isOwner }: { showId: string; isOwner: boolean }) {
  const clips = useQuery(keptClipsQuery(showId));
  if (clips.isError && !clips.data)
    return <LoadFailure error={clips.error} onRetry={() => void clips.refetch()} />;
  if (!clips.data) return <Skeleton className="mt-4 h-16 rounded-control" />;
  if (clips.data.length === 0)
    return (
      <p className="mt-4 text-sm text-soft">
        None: a clip is made of each lot and of each demonstration.
      </p>
    );
  return (
    <ul className="mt-4 grid gap-2">
      {clips.data.map((clip) => (
        <li
          key={clip.clipId}
          className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control bg-sunken px-3 py-2"
        >
          {clip.posterUrl && !clip.gone ? (
            <img
              src={clip.posterUrl}
              alt=""
              loading="lazy"
              className="h-12 w-16 shrink-0 rounded-lg object-cover"
            />
          ) : null}
          <span className="min-w-0 flex-1 basis-40 text-sm">
            <b className="block truncate font-semibold">{clip.title}</b>
            <span className="text-soft">
              {clip.kind === 'lot' ? 'Lot' : 'Demonstration'} ·{' '}
              {durationText(clip.durationMs / 1_000)}
            </span>
          </span>
          {clip.gone ? (
            <Badge look="outline">{goneWords[clip.gone]}</Badge>
          ) : (
            <>
              <ButtonLink href={clip.url}>Play</ButtonLink>
              {isOwner ? (
                <Removal
                  what={`the clip of ${clip.title}`}
                  note="It goes from product pages and from the orders that it shows. It isn’t made again."
                  remove={(reason) => askKept.removeClip(showId, clip.clipId, reason)}
                />
              ) : null}
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The button that takes something away, and the question before it. */
function Removal({
  what,
  note,
  remove,
}: {
  what: string;
  note: string;
  remove: (reason: string) => Promise<unknown>;
}) {
  const cache = useQueryClient();
  const [asking, setAsking] = useState(false);
  const removal = useMutation({
    mutationFn: remove,
    onSuccess: async () => {
      toast('Taken away', { look: 'good' });
      // The row that asks goes with what it is about: first the question, then the row.
      setAsking(false);
      await cache.invalidateQueries({ queryKey: showsQuery.queryKey });
    },
  });
  return (
    <>
      <Button aria-label={`Take away ${what}`} onClick={() => setAsking(true)}>
        Take away
      </Button>
      {asking ? (
        <ReasonDialog
          theme="day"
          title={`Take away ${what}?`}
          legend="Reason, for the log"
          reasons={reasons}
          action="Take away for good"
          leave="Keep it"
          busy={removal.isPending}
          error={removal.error}
          onReason={(reason) => removal.mutate(reason)}
          onClose={() => setAsking(false)}
        >
          <p className="mb-4 text-sm text-soft">{note}</p>
        </ReasonDialog>
      ) : null}
    </>
  );
}
