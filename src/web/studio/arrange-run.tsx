// The run of show while it is arranged: rows by hand and by keys, each changed, doubled or taken out; below it what the
// story lacks. Every change is an edit of what stands in the shop now, so two of the crew can arrange at once.

import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type StoryCure, storyHints } from '../../domain/show/story-lint.ts';
import type { SegmentBody, SegmentEditBody } from '../../protocol/http.ts';
import { CopyIcon, NoteIcon, TrashIcon } from '../crew/icons.tsx';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask } from '../crew/shop-data.ts';
import { SortableRun, useSortableRow } from '../crew/sortable-run.tsx';
import { StoryHints } from '../crew/story-hints.tsx';
import { beatWords } from '../crew/words.ts';
import { Button, IconButton } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { PlusIcon } from '../design/icons.tsx';
import { newId } from '../live/http-client.ts';
import { useDesk, useRoom } from './desk.tsx';
import { SegmentSheet } from './segment-sheet.tsx';

const newSegment = (beat: SegmentBody['beat'] = 'demo', title = ''): SegmentBody => ({
  segmentId: `s${newId().slice(0, 10)}`,
  title,
  beat,
  minutes: 8,
  productIds: [],
  notes: '',
});

export function ArrangeRun({
  segments: stored,
  current,
}: {
  segments: readonly SegmentBody[];
  current: string | null;
}) {
  const { showId } = useDesk();
  const shelf = useRoom((room) => room.shelf);
  const minutes = useRoom((room) => room.plan.minutes);
  const [opened, setOpened] = useState<{ segment: SegmentBody; after?: string | null } | null>(
    null,
  );
  const [said, setSaid] = useState('');
  /** The order that was asked for, until the shop has it: rows stay where they were put. */
  const [wished, setWished] = useState<readonly string[] | null>(null);
  const edit = useMutation({
    mutationFn: (one: SegmentEditBody) => ask.editSegments(showId, [one]),
    onError: () => setWished(null),
  });
  const storedIds = stored.map(({ segmentId }) => segmentId).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the shop says next counts.
  useEffect(() => setWished(null), [storedIds]);
  const segments = inOrder(stored, wished);
  const hints = storyHints({
    segments,
    minutes: minutes ?? null,
    shelf: shelf.map(({ productId }) => productId),
  });

  const move = (from: number, to: number) => {
    const segment = segments[from];
    if (!segment || to < 0 || to >= segments.length) return;
    const order = segments.toSpliced(from, 1).toSpliced(to, 0, segment);
    setWished(order.map(({ segmentId }) => segmentId));
    setSaid(`${segment.title} is now ${to + 1} of ${segments.length}`);
    const after = order[to - 1]?.segmentId ?? null;
    edit.mutate({ do: 'move', segmentId: segment.segmentId, after });
  };
  const cure = ({ beat, after }: StoryCure) =>
    setOpened({ segment: newSegment(beat, beatWords[beat]), after });

  return (
    <div className="scroll-quiet min-h-0 flex-1 overflow-y-auto px-3 pb-4">
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      <ProblemNote error={edit.error} className="mb-2" />
      <SortableRun
        ids={segments.map(({ segmentId }) => segmentId)}
        nameOf={(id) => segments.find(({ segmentId }) => segmentId === id)?.title ?? ''}
        onMove={move}
      >
        <ol className="grid grid-cols-[minmax(0,1fr)] gap-1">
          {segments.map((segment, index) => (
            <ArrangeRow
              key={segment.segmentId}
              segment={segment}
              index={index}
              count={segments.length}
              isNow={segment.segmentId === current}
              onStep={(to) => move(index, to)}
              onOpen={() => setOpened({ segment })}
              onCopy={() =>
                edit.mutate({
                  do: 'add',
                  segment: { ...segment, segmentId: newSegment().segmentId },
                  after: segment.segmentId,
                })
              }
              onRemove={() => edit.mutate({ do: 'remove', segmentId: segment.segmentId })}
            />
          ))}
        </ol>
      </SortableRun>
      <StoryHints
        hints={hints}
        onCure={cure}
        className="mt-3 rounded-control bg-card px-3 py-2.5"
      />
      <Button
        size="small"
        className="mt-3 w-full"
        onClick={() =>
          setOpened({ segment: newSegment(), after: segments.at(-1)?.segmentId ?? null })
        }
      >
        <PlusIcon /> Add a segment
      </Button>
      {opened ? (
        <SegmentSheet
          key={opened.segment.segmentId}
          segment={opened.segment}
          after={opened.after}
          onClose={() => setOpened(null)}
        />
      ) : null}
    </div>
  );
}

/** `wished` may lack what has just come and name what has just gone. */
const inOrder = (
  stored: readonly SegmentBody[],
  wished: readonly string[] | null,
): readonly SegmentBody[] => {
  if (wished === null || wished.length !== stored.length) return stored;
  const placed = wished.flatMap((id) => stored.find(({ segmentId }) => segmentId === id) ?? []);
  return placed.length === stored.length ? placed : stored;
};

function ArrangeRow({
  segment,
  index,
  count,
  isNow,
  onStep,
  onOpen,
  onCopy,
  onRemove,
}: {
  segment: SegmentBody;
  index: number;
  count: number;
  isNow: boolean;
  onStep: (to: number) => void;
  onOpen: () => void;
  onCopy: () => void;
  onRemove: () => void;
}) {
  const { title, beat, minutes } = segment;
  const { setRow, style, isDragged, handle } = useSortableRow({
    id: segment.segmentId,
    index,
    count,
    name: title,
    onStep,
  });
  return (
    <li
      ref={setRow}
      style={style}
      className={classes(
        'rounded-control',
        isDragged ? 'relative z-10 bg-card shadow-sheet' : isNow ? 'bg-sunken' : '',
      )}
    >
      <div className="flex items-center">
        {handle}
        <button
          type="button"
          onClick={onOpen}
          className="min-h-14 min-w-0 flex-1 rounded-control px-1.5 py-2 text-left hover:bg-card"
        >
          <span className="block text-[0.9375rem] leading-snug font-medium">
            <span className="sr-only">Change </span>
            {title}
          </span>
          <span className="flex items-center gap-1 text-xs text-soft">
            {beatWords[beat]} · {minutes} min
            {isNow ? ' · on now' : ''}
            {segment.notes ? <NoteIcon className="size-3.5" /> : null}
          </span>
        </button>
        <IconButton label={`Put ${title} in once more`} onClick={onCopy} className="text-soft">
          <CopyIcon className="size-4" />
        </IconButton>
        <IconButton
          label={`Take out ${title}`}
          disabled={isNow}
          onClick={onRemove}
          className="text-soft"
        >
          <TrashIcon className="size-4" />
        </IconButton>
      </div>
    </li>
  );
}
