// What a run of show is told about its story, quietly, where it is planned: each hint with its cure, and where one
// segment cures it, a press that puts it in. What is said is decided in domain/show/story-lint.ts.

import type { StoryCure, StoryHint } from '../../domain/show/story-lint.ts';
import { classes } from '../design/classes.ts';
import { beatWords } from './words.ts';

export function StoryHints({
  hints,
  onCure,
  className,
}: {
  hints: readonly StoryHint[];
  /** Null: may look, not change. */
  onCure: ((cure: StoryCure) => void) | null;
  className?: string;
}) {
  if (hints.length === 0) return null;
  return (
    <ul aria-label="Hints for the story" className={classes('grid gap-1 text-xs', className)}>
      {hints.map((hint) => {
        const { insert } = hint;
        return (
          <li key={hint.rule} className="flex flex-wrap items-center gap-x-2 text-ritual">
            <span>
              <b className="font-semibold">{hint.words}</b> {hint.cure}
            </span>
            {insert && onCure ? (
              <button
                type="button"
                onClick={() => onCure(insert)}
                className="reach min-h-6 rounded-chip px-2 font-semibold text-accent underline-offset-2 hover:underline"
              >
                Put in: {beatWords[insert.beat]}
              </button>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
