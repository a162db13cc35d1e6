// What marks a rehearsal wherever it is shown: a striped frame that nobody takes for the evening itself, and words for
// those who see no stripes.

import { useQuery } from '@tanstack/react-query';
import { isRehearsal } from '../../base/rehearsal-id.ts';
import { ButtonLink } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { rehearsalQuery } from './rehearsal-data.ts';

const stripes = {
  background:
    'repeating-linear-gradient(135deg, var(--ritual) 0 14px, transparent 14px 28px), var(--sunken)',
};

/** A strip above the studio of a rehearsal, and a frame around all of it; nothing for a show. */
export function RehearsalStrip({ showId }: { showId: string }) {
  if (!isRehearsal(showId)) return null;
  return (
    <>
      {['left-0', 'right-0'].map((side) => (
        <div
          key={side}
          aria-hidden="true"
          className={classes('pointer-events-none fixed inset-y-0 z-40 w-1.5', side)}
          style={stripes}
        />
      ))}
      <p
        role="note"
        className="flex min-h-9 items-center justify-center px-4 text-center text-sm font-semibold"
        style={stripes}
      >
        <span className="rounded-full bg-ground px-4 py-1 text-text">
          Rehearsal: nothing is sold, nobody sees it
        </span>
      </p>
    </>
  );
}

/** What stands where the evening was, when a rehearsal is over: the way to its report. */
export function RehearsalEnded({ rehearsalId }: { rehearsalId: string }) {
  const found = useQuery({
    ...rehearsalQuery(rehearsalId),
    // It is made a moment after the end.
    refetchInterval: ({ state }) => (state.data?.rehearsal.report ? false : 500),
  });
  const showId = found.data?.rehearsal.showId;
  const isCalledOff = found.data?.rehearsal.report?.actualMs === 0;
  return (
    <section className="grid content-start justify-items-start gap-3 rounded-card bg-card p-6">
      <h2 className="text-2xl">The rehearsal is over</h2>
      <p className="text-soft">
        {isCalledOff
          ? 'It never went live, so there is nothing to tell.'
          : found.data?.rehearsal.report
            ? 'Its report is kept with the show.'
            : 'Its report is being made …'}
      </p>
      <div className="flex flex-wrap gap-2">
        {found.data?.rehearsal.report && !isCalledOff ? (
          <ButtonLink look="strong" href={`/office/rehearsals/${encodeURIComponent(rehearsalId)}`}>
            Read the report
          </ButtonLink>
        ) : null}
        {showId ? (
          <ButtonLink href={`/studio/${encodeURIComponent(showId)}`}>To the real show</ButtonLink>
        ) : null}
      </div>
    </section>
  );
}
