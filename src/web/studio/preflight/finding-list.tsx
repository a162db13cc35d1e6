// Findings as a host reads them: a mark with its word, what it is, the measured value, and the cure. Never by colour
// alone: each grade has a shape and a word of its own.

import type { FindingTopic, Grade } from '../../../domain/preflight/finding.ts';
import {
  findingWords,
  gradeWords,
  type ShownFinding,
  topicWords,
  valueText,
} from '../../crew/preflight-words.ts';
import { classes } from '../../design/classes.ts';
import { CheckIcon, CloseIcon } from '../../design/icons.tsx';

const looks: Readonly<Record<Grade, string>> = {
  green: 'bg-accent-mist text-accent',
  amber: 'bg-ritual-mist text-ritual',
  red: 'bg-urgent-mist text-urgent',
};

/** A tick, an exclamation mark, a cross. */
function GradeMark({ grade, className }: { grade: Grade; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={classes(
        'grid size-6 shrink-0 place-items-center rounded-full text-sm font-bold',
        looks[grade],
        className,
      )}
    >
      {grade === 'green' ? (
        <CheckIcon className="size-4" />
      ) : grade === 'amber' ? (
        '!'
      ) : (
        <CloseIcon className="size-4" />
      )}
    </span>
  );
}

/** The grade as mark and word. */
export function GradeBadge({ grade }: { grade: Grade }) {
  return (
    <span
      className={classes(
        'inline-flex items-center gap-1.5 whitespace-nowrap rounded-chip py-1 pr-2.5 pl-1 text-xs font-semibold',
        looks[grade],
      )}
    >
      <GradeMark grade={grade} className="size-5" />
      {gradeWords[grade]}
    </span>
  );
}

export function FindingList({
  findings,
  currency,
}: {
  findings: readonly ShownFinding[];
  currency: string;
}) {
  return (
    <ul className="grid gap-3">
      {findings.map((finding) => {
        const { what, cure } = findingWords(finding);
        const value = valueText(finding, currency);
        return (
          <li key={finding.topic} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3">
            <GradeMark grade={finding.grade} className="mt-0.5" />
            <div className="text-sm">
              <p className="flex flex-wrap justify-between gap-x-4">
                <span className="font-semibold">
                  {topicWords[finding.topic as FindingTopic] ?? finding.topic}
                  {finding.grade === 'green' ? null : (
                    <span className="sr-only">, {gradeWords[finding.grade]}</span>
                  )}
                </span>
                {value ? <span className="text-soft tabular-nums">{value}</span> : null}
              </p>
              <p className={finding.grade === 'green' ? 'text-soft' : ''}>{what}</p>
              {cure ? <p className="mt-0.5 font-semibold">{cure}</p> : null}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
