// The time line of a replay: where one is, the chapters on it, and a small picture of where one would go. One range
// input carries touch, mouse, keyboard and screen reader; everything else is only seen.

import { useState } from 'react';
import type { RoomPreviews } from '../../protocol/room.ts';
import { classes } from '../design/classes.ts';
import { durationText } from '../design/clock.tsx';
import type { Chapter } from './replay-chapters.ts';
import type { Mark } from './replay-tape.ts';

const markLooks: Record<Mark['kind'], string> = {
  segment: 'bg-white',
  pin: 'bg-lagoon-light',
  offer: 'bg-gold',
  lot: 'bg-gold',
  hammer: 'bg-vermilion',
  drop: 'bg-gold',
  'drop-over': 'bg-vermilion',
  poll: 'bg-lagoon-light',
};

export type ScrubberProps = {
  readonly atMs: number;
  readonly lengthMs: number;
  readonly marks: readonly Mark[];
  readonly chapter: Chapter | null;
  readonly previews: RoomPreviews | null;
  readonly onSeek: (toMs: number) => void;
};

export function Scrubber({ atMs, lengthMs, marks, chapter, previews, onSeek }: ScrubberProps) {
  const [hoverMs, setHoverMs] = useState<number | null>(null);
  const share = lengthMs > 0 ? Math.min(1, atMs / lengthMs) : 0;
  const words = chapter ? `, ${chapter.title}` : '';
  const look = (event: React.PointerEvent<HTMLInputElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setHoverMs(Math.max(0, Math.min(1, (event.clientX - left) / width)) * lengthMs);
  };
  return (
    <div className="relative h-11 min-w-0 flex-1">
      {previews && hoverMs !== null ? (
        <Preview previews={previews} atMs={hoverMs} share={hoverMs / Math.max(1, lengthMs)} />
      ) : null}
      <span
        aria-hidden="true"
        className="absolute inset-x-0 top-1/2 h-1.5 -translate-y-1/2 overflow-hidden rounded-full bg-white/35"
      >
        <span className="absolute inset-y-0 left-0 bg-white" style={{ width: `${share * 100}%` }} />
      </span>
      {marks.map((mark, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: marks of a recording never move.
          key={index}
          aria-hidden="true"
          className={classes(
            'absolute top-1/2 h-3.5 w-0.5 -translate-y-1/2 rounded-full',
            markLooks[mark.kind],
          )}
          style={{ left: `${Math.min(100, (mark.offsetMs / Math.max(1, lengthMs)) * 100)}%` }}
        />
      ))}
      <span
        aria-hidden="true"
        className="absolute top-1/2 size-4 -translate-x-1/2 -translate-y-1/2 rounded-full bg-white shadow"
        style={{ left: `${share * 100}%` }}
      />
      <input
        type="range"
        aria-label="Moment of the replay"
        aria-valuetext={`${durationText(atMs / 1000)} of ${durationText(lengthMs / 1000)}${words}`}
        min={0}
        max={Math.ceil(lengthMs / 1000)}
        step={1}
        value={Math.floor(atMs / 1000)}
        onChange={(event) => onSeek(Number(event.target.value) * 1000)}
        onPointerMove={look}
        onPointerDown={look}
        onPointerUp={(event) => {
          if (event.pointerType !== 'mouse') setHoverMs(null);
        }}
        onPointerLeave={() => setHoverMs(null)}
        className="absolute inset-0 w-full cursor-pointer touch-none rounded-full opacity-0 focus-visible:opacity-100 focus-visible:[appearance:none] focus-visible:bg-transparent"
      />
    </div>
  );
}

/** The small picture of a moment, cut out of the one file of them all. */
export function PreviewPicture({
  previews,
  atMs,
  className,
}: {
  previews: RoomPreviews;
  atMs: number;
  className?: string;
}) {
  const { url, everyMs, count, columns, width, height } = previews;
  const n = Math.min(count - 1, Math.floor(atMs / everyMs));
  const rows = Math.ceil(count / columns);
  const column = n % columns;
  const row = Math.floor(n / columns);
  return (
    <span
      aria-hidden="true"
      className={classes('block overflow-hidden rounded-lg bg-black', className)}
      style={{
        aspectRatio: `${width} / ${height}`,
        backgroundImage: `url("${url}")`,
        backgroundSize: `${columns * 100}% ${rows * 100}%`,
        backgroundPosition: `${columns > 1 ? (column / (columns - 1)) * 100 : 0}% ${rows > 1 ? (row / (rows - 1)) * 100 : 0}%`,
      }}
    />
  );
}

function Preview({
  previews,
  atMs,
  share,
}: {
  previews: RoomPreviews;
  atMs: number;
  share: number;
}) {
  return (
    <span
      className="veil pointer-events-none absolute bottom-full z-4 mb-1 grid w-28 -translate-x-1/2 gap-1 rounded-xl p-1 text-center text-xs text-white"
      style={{ left: `clamp(56px, ${share * 100}%, calc(100% - 56px))` }}
    >
      <PreviewPicture previews={previews} atMs={atMs} />
      {durationText(atMs / 1000)}
    </span>
  );
}
