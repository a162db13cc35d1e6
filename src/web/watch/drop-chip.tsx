// A drop that is still some time away, in one slim line over the card: what, when, and the way to enter already.

import type { RoomDrop } from '../../protocol/room.ts';
import { shortMomentText, timeLeftText, timeText, useSecondsLeft } from '../design/clock.tsx';
import { CheckIcon, ClockIcon, ForwardIcon } from '../design/icons.tsx';
import { useLive } from '../live/use-live.ts';
import { usePage } from './watch-context.ts';

const dayS = 86_400;

export default function DropChip({ drop, onChoose }: { drop: RoomDrop; onChoose: () => void }) {
  const { client } = usePage();
  const offsetMs = useLive(client, (live) => live.clockOffsetMs);
  const isIn = useLive(client, (live) =>
    live.entries.some(({ dropId, state }) => dropId === drop.dropId && state === 'waiting'),
  );
  const atMs = drop.opensAtMs ?? 0;
  const seconds = useSecondsLeft(atMs, offsetMs);
  return (
    <button
      type="button"
      onClick={onChoose}
      className="veil mb-2 flex min-h-11 w-full animate-appear items-center gap-2 rounded-control px-3.5 text-left text-sm hover:brightness-125 lg:col-span-2 lg:mb-0 lg:bg-sunken lg:text-text"
    >
      {isIn ? <CheckIcon className="size-4 shrink-0" /> : <ClockIcon className="size-4 shrink-0" />}
      <span className="min-w-0 flex-1 truncate">
        <b>
          {drop.isGiveaway ? 'Giveaway' : 'Drop'}{' '}
          {seconds < dayS ? `at ${timeText(atMs)}` : shortMomentText(atMs)}
        </b>{' '}
        {drop.title}
      </span>
      <span className="shrink-0 whitespace-nowrap">
        {isIn ? 'You are in' : `in ${timeLeftText(seconds)}`}
      </span>
      <ForwardIcon className="size-4 shrink-0" />
    </button>
  );
}
