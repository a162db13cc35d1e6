// The chapters and moments of a replay as a list: each leads to its place, and its address can be taken along.

import type { RoomPreviews } from '../../protocol/room.ts';
import { IconButton } from '../design/button.tsx';
import { durationText } from '../design/clock.tsx';
import { ShareIcon } from '../design/icons.tsx';
import type { Mark } from './replay-tape.ts';
import { PreviewPicture } from './scrubber.tsx';

const markWords: Record<Mark['kind'], string> = {
  segment: 'Segment',
  pin: 'Shown',
  offer: 'Live offer',
  lot: 'Lot',
  hammer: 'Lot over',
  drop: 'Drop',
  'drop-over': 'Drop over',
  poll: 'Poll',
};

export type MomentsProps = {
  readonly marks: readonly Mark[];
  readonly atMs: number;
  readonly previews: RoomPreviews | null;
  readonly onSeek: (toMs: number) => void;
  readonly onShare: (mark: Mark) => void;
};

export default function Moments({ marks, atMs, previews, onSeek, onShare }: MomentsProps) {
  const here = marks.findLast(({ offsetMs }) => offsetMs <= atMs);
  return (
    <ol className="grid">
      {marks.map((mark, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: marks of a recording never move.
          key={index}
          className="flex items-center gap-1 border-b border-line last:border-0"
        >
          <button
            type="button"
            aria-current={mark === here ? 'true' : undefined}
            onClick={() => onSeek(mark.offsetMs)}
            className="grid min-h-14 min-w-0 flex-1 grid-cols-[auto_1fr] items-center gap-3 rounded-control py-2 text-left hover:bg-sunken aria-current:bg-sunken"
          >
            <span className="grid w-16 gap-1 pl-2">
              {previews ? <PreviewPicture previews={previews} atMs={mark.offsetMs} /> : null}
              <time className="text-xs text-soft tabular-nums">
                {durationText(mark.offsetMs / 1000)}
              </time>
            </span>
            <span className="min-w-0">
              <span className="block text-xs text-soft">{markWords[mark.kind]}</span>
              <span className="block font-semibold">{mark.title}</span>
            </span>
          </button>
          <IconButton label={`Share from ${mark.title}`} onClick={() => onShare(mark)}>
            <ShareIcon />
          </IconButton>
        </li>
      ))}
    </ol>
  );
}
