// What is on now and what comes next, above the picture; a press opens the whole run of show. It also tells whoever
// wanted to know that their item is on.

import { useEffect, useRef, useState } from 'react';
import type { Room } from '../../protocol/room.ts';
import { classes } from '../design/classes.ts';
import { useTick } from '../design/clock.tsx';
import { Sheet } from '../design/dialog.tsx';
import { toast } from '../design/toast.tsx';
import { useLive } from '../live/use-live.ts';
import { nowAndNext } from './now-and-next.ts';
import { cameOn, type RunRoom } from './run-ahead.ts';
import RunList from './run-list.tsx';
import { want, wantedIn } from './tell-me.ts';
import { usePage } from './watch-context.ts';

const chip =
  'veil inline-flex min-w-0 items-center gap-1 rounded-chip px-2.5 py-1 text-xs leading-tight whitespace-nowrap lg:bg-sunken';

/** [STG-10] Who stands beside the host; empty where nobody does. */
const onStageWords = (guests: Room['guests']): string => {
  const names = (guests ?? []).flatMap(({ name }) => name || []);
  return names.length === 0 ? '' : `With ${new Intl.ListFormat('en-GB').format(names)}`;
};

export default function NowNext({ title }: { title: string }) {
  useTick();
  const { client } = usePage();
  const [isOpen, setOpen] = useState(false);
  const segments = useLive(client, (state) => state.room?.segments) ?? [];
  const segmentId = useLive(client, (state) => state.room?.segmentId) ?? null;
  const guests = useLive(client, (state) => state.room?.guests);
  const segmentSinceMs = useLive(client, (state) => state.room?.segmentSinceMs) ?? null;
  useTelling();
  const { now, next, nextInMinutes } = nowAndNext(
    { segments, segmentId, segmentSinceMs },
    client.nowMs(),
  );
  const chips = (
    <>
      <span className={classes(chip, 'max-w-[min(54vw,420px)] font-semibold')}>
        {now ? <span className="font-normal">Now</span> : null}
        <span className="truncate">{now?.title ?? title}</span>
      </span>
      {next ? (
        <span className={classes(chip, 'max-w-md')}>
          <span className="truncate">{next.title}</span>
          <span className="shrink-0">
            {nextInMinutes === 0 ? 'soon' : `in ~${nextInMinutes} min`}
          </span>
        </span>
      ) : null}
      {onStageWords(guests) ? (
        <span className={classes(chip, 'max-w-[min(54vw,420px)]')}>
          <span className="truncate">{onStageWords(guests)}</span>
        </span>
      ) : null}
    </>
  );
  if (segments.length === 0) return chips;
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        className="reach flex min-w-0 items-center gap-2 rounded-chip text-left"
      >
        <span className="sr-only">Run of show. </span>
        {chips}
      </button>
      {isOpen ? (
        <Sheet open onClose={() => setOpen(false)} eyebrow={title} title="What is on, and when">
          <RunList />
        </Sheet>
      ) : null}
    </>
  );
}

/** Says when what somebody wanted to hear of comes on; once. */
function useTelling(): void {
  const { client, showId, announce } = usePage();
  const room = useLive(client, (state) => state.room);
  const before = useRef<RunRoom | null>(null);
  useEffect(() => {
    if (!room) return;
    const wanted = wantedIn(showId);
    const on = cameOn(wanted, before.current, room, client.nowMs());
    before.current = room;
    for (const productId of on) {
      want(showId, productId, false);
      const item = room.shelf.find((one) => one.productId === productId);
      if (!item) continue;
      const words = `${item.title} is on now`;
      toast(words, { look: 'good' });
      announce(words);
    }
  }, [client, showId, announce, room]);
}
