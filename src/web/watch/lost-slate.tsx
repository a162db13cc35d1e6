// What the crowd sees while the host's picture is away: the last picture, dimmed and softened, who is coming back, and how
// long that is waited for. It lies over the picture and moves nothing. Rule: HEA-4.

import { Spinner } from '../design/button.tsx';
import { useSecondsLeft } from '../design/clock.tsx';
import { useLive } from '../live/use-live.ts';
import { slateWords } from './slate-words.ts';
import { usePage } from './watch-context.ts';

export default function LostSlate({ hostName, backByMs }: { hostName: string; backByMs: number }) {
  const { client } = usePage();
  const offsetMs = useLive(client, (state) => state.clockOffsetMs);
  const isLost = useLive(client, (state) => state.room?.picture === 'lost');
  const seconds = useSecondsLeft(backByMs, offsetMs);
  const { title, detail } = slateWords(isLost === true, hostName);
  return (
    <div className="absolute inset-0 z-2 bg-black/45 backdrop-blur-lg">
      <div className="absolute inset-x-16 top-[136px] grid justify-items-center text-center text-white lg:inset-x-6 lg:top-[38%]">
        <div
          role="status"
          className="veil grid max-w-sm animate-appear justify-items-center gap-1 rounded-card px-6 py-4"
        >
          {isLost ? <Spinner className="mb-1 size-5" /> : null}
          <p className="font-display text-lg font-bold">{title}</p>
          <p className="text-sm text-white/90">{detail}</p>
          {isLost && seconds > 0 ? (
            // Read once and not every second.
            <p aria-hidden="true" className="text-sm text-white/90 tabular-nums">
              {seconds} s
            </p>
          ) : null}
        </div>
      </div>
    </div>
  );
}
