// The run of show as it is planned: rows that move by drag and by keys, each with its beat, minutes, notes, products,
// disclosure and what is ready to fire; and under each what the story lacks. What a change means is in plan-form.ts.

import { useState } from 'react';
import { type StoryCure, type StoryHint, storyHints } from '../../domain/show/story-lint.ts';
import { SortableRun } from '../crew/sortable-run.tsx';
import { StoryHints } from '../crew/story-hints.tsx';
import { beatWords } from '../crew/words.ts';
import { Button } from '../design/button.tsx';
import { PlusIcon } from '../design/icons.tsx';
import {
  blankRow,
  moved,
  type PlanForm,
  type PlanProblems,
  type SegmentRow,
  storyOf,
} from './plan-form.ts';
import { RunRow } from './run-row.tsx';
import type { ReadyChoices, ShelfChoice } from './segment-choices.ts';

export function RunEditor({
  form,
  shelf,
  ready,
  problems,
  newId,
  onChange,
}: {
  form: PlanForm;
  shelf: readonly ShelfChoice[];
  /** Lots and drops of this show that a segment can hold ready. */
  ready: ReadyChoices;
  problems: PlanProblems;
  newId: () => string;
  onChange: (rows: readonly SegmentRow[]) => void;
}) {
  const rows = form.segments;
  const [said, setSaid] = useState('');
  const [opened, setOpened] = useState<string | null>(null);
  const hints = storyHints(storyOf(form));
  const ofStory = hints.filter(({ segmentId }) => segmentId === null);

  const move = (from: number, to: number) => {
    const next = moved(rows, from, to);
    if (next === rows) return;
    onChange(next);
    setSaid(`${rows[from]?.title || 'Segment'} is now ${to + 1} of ${rows.length}`);
  };
  const put = (row: SegmentRow, index: number) => {
    onChange(rows.toSpliced(index, 0, row));
    requestAnimationFrame(() => document.getElementById(`title-${row.segmentId}`)?.focus());
  };
  const cure = ({ beat, after }: StoryCure) => {
    const at = rows.findIndex(({ segmentId }) => segmentId === after);
    put(blankRow(newId(), beat, beatWords[beat]), at + 1);
  };
  const hintsOf = (segmentId: string): readonly StoryHint[] =>
    hints.filter((hint) => hint.segmentId === segmentId);

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      <SortableRun
        ids={rows.map(({ segmentId }) => segmentId)}
        nameOf={(id) => rows.find(({ segmentId }) => segmentId === id)?.title ?? ''}
        onMove={move}
      >
        <ol className="grid grid-cols-[minmax(0,1fr)] gap-2">
          {rows.map((row, index) => (
            <RunRow
              key={row.segmentId}
              row={row}
              index={index}
              count={rows.length}
              shelf={shelf}
              ready={ready}
              problems={problems}
              hints={hintsOf(row.segmentId)}
              isOpen={opened === row.segmentId}
              onToggle={() => setOpened((one) => (one === row.segmentId ? null : row.segmentId))}
              onChange={(changed) =>
                onChange(rows.map((one) => (one.segmentId === row.segmentId ? changed : one)))
              }
              onCopy={() =>
                put({ ...row, segmentId: newId(), title: `${row.title} (again)` }, index + 1)
              }
              onRemove={() => onChange(rows.filter((one) => one.segmentId !== row.segmentId))}
              onMove={(to) => move(index, to)}
              onCure={cure}
            />
          ))}
        </ol>
      </SortableRun>
      <StoryHints hints={ofStory} onCure={cure} className="rounded-control bg-sunken px-4 py-3" />
      <Button
        onClick={() => put(blankRow(newId()), rows.length)}
        className="border border-dashed border-line bg-transparent"
      >
        <PlusIcon /> Add a segment
      </Button>
    </div>
  );
}
