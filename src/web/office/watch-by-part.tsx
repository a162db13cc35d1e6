// By which way the viewers of one show are given the picture first. It counts at once, before the show and while it is
// live: pages that are open change their way by themselves. Saving the plan has no part in it.

import { useQueryClient } from '@tanstack/react-query';
import { type WatchWay, watchWays } from '../../base/words.ts';
import type { ShowDetail } from '../../protocol/http.ts';
import { useAtOnce } from '../crew/at-once.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask, showQuery } from '../crew/shop-data.ts';

const words: Readonly<Record<WatchWay, { readonly name: string; readonly hint: string }>> = {
  webrtc: {
    name: 'By WebRTC',
    hint: 'Less than a second behind you: for talking with the room and for auctions.',
  },
  hls: {
    name: 'By HLS',
    hint: 'A second or two behind you: for big crowds, and for a CDN in front of the shop.',
  },
};

export function WatchByPart({
  showId,
  room,
}: Pick<ShowDetail['show'], 'showId'> & { room: ShowDetail['room'] }) {
  const cache = useQueryClient();
  const stands = room.plan.watchBy ?? 'webrtc';
  const change = useAtOnce<WatchWay>(stands, async (watchBy) => {
    await ask.chooseWatchBy(showId, watchBy);
    await cache.invalidateQueries({ queryKey: showQuery(showId).queryKey });
  });
  return (
    <fieldset
      disabled={change.isPending}
      className="mt-10 grid max-w-2xl gap-3 rounded-card border border-line bg-card p-5"
    >
      <legend className="contents">
        <h2 className="text-xl">How viewers watch</h2>
      </legend>
      <WatchChoices value={change.value} onChoose={change.choose} />
      <ProblemNote error={change.error} />
    </fieldset>
  );
}

/** The ways by which viewers can be given the picture, to choose one. */
export function WatchChoices({
  value,
  onChoose,
}: {
  value: WatchWay;
  onChoose: (watchBy: WatchWay) => void;
}) {
  return (
    <>
      {watchWays.map((watchBy) => (
        <label key={watchBy} className="flex min-h-11 items-center gap-3 text-sm">
          <input
            type="radio"
            name="watch-by"
            checked={value === watchBy}
            onChange={() => onChoose(watchBy)}
            className="size-5 shrink-0 accent-[var(--accent)]"
          />
          <span>
            <span className="font-semibold">{words[watchBy].name}</span>
            <span className="block text-xs text-soft">{words[watchBy].hint}</span>
          </span>
        </label>
      ))}
      <p className="text-xs text-soft">
        Who gets no picture this way gets it the other way, by itself.
      </p>
    </>
  );
}
