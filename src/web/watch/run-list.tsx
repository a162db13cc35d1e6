// The run of show for the crowd: what is on, what comes and about when, and for each product "tell me when it is on".
// On the page before the show and, live, behind the line that says what is on now.

import { useSyncExternalStore } from 'react';
import { Button } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { timeText, useTick } from '../design/clock.tsx';
import { useLive } from '../live/use-live.ts';
import { inAboutWords, runAhead, type SegmentDue } from './run-ahead.ts';
import { subscribeWanted, want, wantedIn } from './tell-me.ts';
import { usePage } from './watch-context.ts';
import { beatWords } from './words.ts';

export default function RunList() {
  useTick();
  const { client, showId } = usePage();
  const room = useLive(client, (state) => state.room);
  if (!room) return null;
  const nowMs = client.nowMs();
  const due = runAhead(room, nowMs);
  const isLive = room.phase === 'live';
  const titles = new Map(room.shelf.map(({ productId, title }) => [productId, title]));
  return (
    <ol className="grid border-t border-line">
      {due.map((one) => {
        const { segment, place } = one;
        const products = segment.productIds.filter((id) => titles.has(id));
        return (
          <li
            key={segment.segmentId}
            aria-current={place === 'now' ? 'step' : undefined}
            className="grid grid-cols-[64px_minmax(0,1fr)] gap-x-3 border-b border-line py-3"
          >
            <When due={one} isLive={isLive} nowMs={nowMs} />
            <div className={classes('min-w-0', place === 'done' && 'text-soft')}>
              <span className="block font-semibold">{segment.title}</span>
              <span className="text-sm text-soft">
                {beatWords[segment.beat] ?? segment.beat} · {segment.minutes} min
                {isLive && place === 'ahead' ? `, ${inAboutWords(one.atMs, nowMs)}` : ''}
              </span>
              {products.length > 0 ? (
                <ul className="mt-1">
                  {products.map((productId) => (
                    <li
                      key={productId}
                      className="flex min-h-11 items-center justify-between gap-3 text-sm"
                    >
                      <span className="min-w-0">{titles.get(productId)}</span>
                      {place === 'ahead' ? (
                        <TellMe
                          showId={showId}
                          productId={productId}
                          title={titles.get(productId) ?? ''}
                        />
                      ) : null}
                    </li>
                  ))}
                </ul>
              ) : null}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function When({ due, isLive, nowMs }: { due: SegmentDue; isLive: boolean; nowMs: number }) {
  if (due.place === 'now') return <b className="text-accent">Now</b>;
  if (due.place === 'done') return <span className="text-sm text-soft">was on</span>;
  // What runs late has no exact time any more.
  const isSoon = isLive && due.atMs - nowMs < 30_000;
  return (
    <span className="text-soft">
      {isSoon ? (
        'soon'
      ) : (
        <>
          {isLive ? (
            <>
              <span aria-hidden="true">~</span>
              <span className="sr-only">about </span>
            </>
          ) : null}
          <time>{timeText(due.atMs)}</time>
        </>
      )}
    </span>
  );
}

function TellMe({
  showId,
  productId,
  title,
}: {
  showId: string;
  productId: string;
  title: string;
}) {
  const wanted = useSyncExternalStore(subscribeWanted, () => wantedIn(showId));
  const isWanted = wanted.includes(productId);
  return (
    <Button
      size="small"
      look={isWanted ? 'accent' : 'quiet'}
      aria-pressed={isWanted}
      className="shrink-0"
      onClick={() => want(showId, productId, !isWanted)}
    >
      {isWanted ? 'You’ll be told' : 'Tell me'}
      <span className="sr-only"> when {title} is on</span>
    </Button>
  );
}
