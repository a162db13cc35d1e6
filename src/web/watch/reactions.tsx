// Hearts: one button, the room's count, and a canvas on which they rise (`heart-flight.ts`); who asked for
// less motion sees only the count.

import { useEffect, useRef, useState } from 'react';
import { HeartIcon } from '../design/icons.tsx';
import { useLive } from '../live/use-live.ts';
import type { Flight } from './heart-flight.ts';
import { usePage } from './watch-context.ts';

/** More at once are seen as many, not counted. */
const heartsAtOnceMax = 6;

export function Reactions() {
  const { client } = usePage();
  const total = useLive(client, (state) => state.room?.reactions.heart ?? 0);
  const canvas = useRef<HTMLCanvasElement>(null);
  const rise = useRef<(count: number) => void>(() => {});
  const [own, setOwn] = useState(0);
  const seen = useRef(total);

  useEffect(() => {
    let flight: Flight | undefined;
    let isGone = false;
    import('./heart-flight.ts').then(
      ({ createFlight }) => {
        if (canvas.current && !isGone) flight = createFlight(canvas.current);
      },
      () => {},
    );
    rise.current = (count) => flight?.rise(count);
    return () => {
      isGone = true;
      flight?.stop();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only the room's count starts hearts here.
  useEffect(() => {
    const news = total - seen.current;
    seen.current = total;
    // My own taps have risen already.
    const others = Math.max(0, news - own);
    setOwn((mine) => Math.max(0, mine - Math.max(0, news)));
    if (others > 0) rise.current(Math.min(others, heartsAtOnceMax));
  }, [total]);

  const shown = total + own;
  return (
    <div className="relative grid justify-items-center">
      <canvas
        ref={canvas}
        tabIndex={-1}
        className="pointer-events-none absolute bottom-12 h-72 w-24"
      />
      <button
        type="button"
        aria-label={`Send a heart; ${shown} so far`}
        onClick={() => {
          client.react('heart');
          setOwn((mine) => mine + 1);
          rise.current(1);
        }}
        className="veil grid size-12 place-items-center rounded-full transition active:scale-90"
      >
        <HeartIcon className="size-6" />
      </button>
      <span
        aria-hidden="true"
        className="mt-1 text-xs font-semibold text-white [text-shadow:0_1px_3px_rgb(0_0_0/0.8)]"
      >
        {countText(shown)}
      </span>
    </div>
  );
}

/** 8,240 → "8.2k". */
export const countText = (count: number): string =>
  count < 1_000
    ? String(count)
    : count < 1_000_000
      ? `${(count / 1_000).toFixed(count < 10_000 ? 1 : 0)}k`
      : `${(count / 1_000_000).toFixed(1)}M`;
