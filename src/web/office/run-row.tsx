// One segment in the office's run of show: its line, and what opens below it.

import { type Beat, beats } from '../../base/words.ts';
import type { StoryCure, StoryHint } from '../../domain/show/story-lint.ts';
import { CopyIcon, NoteIcon, TrashIcon } from '../crew/icons.tsx';
import { useSortableRow } from '../crew/sortable-run.tsx';
import { StoryHints } from '../crew/story-hints.tsx';
import { beatWords, disclosureWords } from '../crew/words.ts';
import { IconButton } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import type { PlanProblems, SegmentRow } from './plan-form.ts';
import type { ReadyChoices, ShelfChoice } from './segment-choices.ts';
import { SegmentDetails } from './segment-details.tsx';

const inputClass =
  'h-11 min-w-0 rounded-xl border border-transparent bg-transparent px-2.5 hover:border-line focus:border-line focus:bg-card aria-invalid:border-urgent';

export function RunRow({
  row,
  index,
  count,
  shelf,
  ready,
  problems,
  hints,
  isOpen,
  onToggle,
  onChange,
  onCopy,
  onRemove,
  onMove,
  onCure,
}: {
  row: SegmentRow;
  index: number;
  count: number;
  shelf: readonly ShelfChoice[];
  ready: ReadyChoices;
  problems: PlanProblems;
  hints: readonly StoryHint[];
  isOpen: boolean;
  onToggle: () => void;
  onChange: (row: SegmentRow) => void;
  onCopy: () => void;
  onRemove: () => void;
  onMove: (to: number) => void;
  onCure: (cure: StoryCure) => void;
}) {
  const name = row.title || `segment ${index + 1}`;
  const { setRow, style, isDragged, handle } = useSortableRow({
    id: row.segmentId,
    index,
    count,
    name,
    onStep: onMove,
  });
  const wrong = [
    problems[`title:${row.segmentId}`],
    problems[`minutes:${row.segmentId}`],
    problems[`notes:${row.segmentId}`],
  ].filter((problem) => problem !== undefined);
  return (
    <li
      ref={setRow}
      style={style}
      className={classes(
        'rounded-card border bg-card transition-shadow',
        isDragged ? 'relative z-10 border-accent shadow-sheet' : 'border-line',
      )}
    >
      <div className="flex flex-wrap items-center gap-x-1 py-1.5 pr-2 pl-1 sm:flex-nowrap">
        {handle}
        <input
          id={`title-${row.segmentId}`}
          aria-label={`Title of segment ${index + 1}`}
          aria-invalid={problems[`title:${row.segmentId}`] ? true : undefined}
          placeholder="What happens?"
          value={row.title}
          onChange={(event) => onChange({ ...row, title: event.target.value })}
          className={classes(
            inputClass,
            'flex-1 basis-40 text-base font-semibold placeholder:text-soft',
          )}
        />
        <span className="flex items-center max-sm:w-full max-sm:pl-11">
          <select
            aria-label={`Beat of ${name}`}
            value={row.beat}
            onChange={(event) => onChange({ ...row, beat: event.target.value as Beat })}
            className={classes(inputClass, 'w-36 text-sm max-sm:min-w-0 max-sm:flex-1')}
          >
            {beats.map((beat) => (
              <option key={beat} value={beat}>
                {beatWords[beat]}
              </option>
            ))}
          </select>
          <label className="flex items-center text-sm text-soft">
            <input
              aria-label={`Minutes of ${name}`}
              aria-invalid={problems[`minutes:${row.segmentId}`] ? true : undefined}
              inputMode="decimal"
              value={row.minutes}
              onChange={(event) => onChange({ ...row, minutes: event.target.value })}
              className={classes(inputClass, 'w-12 text-right text-base text-text')}
            />
            min
          </label>
          <IconButton
            label={`Notes and products of ${name}`}
            aria-expanded={isOpen}
            onClick={onToggle}
            className={row.notes || row.productIds.length > 0 ? 'text-accent' : 'text-soft'}
          >
            <NoteIcon />
          </IconButton>
          <IconButton label={`Put ${name} in once more`} onClick={onCopy} className="text-soft">
            <CopyIcon />
          </IconButton>
          <IconButton label={`Take out ${name}`} onClick={onRemove} className="text-soft">
            <TrashIcon />
          </IconButton>
        </span>
      </div>
      {wrong.map((problem) => (
        <p key={problem} className="px-13 pb-2.5 text-xs font-semibold text-urgent">
          {problem}
        </p>
      ))}
      {!isOpen && detailWords(row) ? (
        <p className="px-13 pb-2.5 text-xs text-soft">{detailWords(row)}</p>
      ) : null}
      <StoryHints hints={hints} onCure={onCure} className="px-13 pb-2.5" />
      {isOpen ? (
        <SegmentDetails
          row={row}
          index={index}
          count={count}
          shelf={shelf}
          ready={ready}
          onChange={onChange}
          onMove={onMove}
        />
      ) : null}
    </li>
  );
}

/** `notes · 2 products · Gifted · 1 ready to fire`. */
const detailWords = ({ notes, productIds, disclosure, cues }: SegmentRow): string =>
  [
    notes ? 'notes' : '',
    productIds.length > 0
      ? `${productIds.length} ${productIds.length === 1 ? 'product' : 'products'}`
      : '',
    disclosure ? disclosureWords[disclosure] : '',
    cues.length > 0 ? `${cues.length} ready to fire` : '',
  ]
    .filter(Boolean)
    .join(' · ');
