// The rehearsals of a show, in its page of the office.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Badge } from '../design/badge.tsx';
import { durationText, momentText } from '../design/clock.tsx';
import { rehearsalsQuery } from './rehearsal-data.ts';

/** Nothing where nobody has rehearsed. */
export function RehearsalList({ showId }: { showId: string }) {
  const rehearsals = useQuery(rehearsalsQuery(showId)).data ?? [];
  if (rehearsals.length === 0) return null;
  return (
    <section aria-labelledby="rehearsals" className="mt-10 grid gap-3">
      <h2 id="rehearsals" className="text-2xl">
        Rehearsals
      </h2>
      <ul className="grid gap-2">
        {rehearsals.map(({ rehearsalId, beganAtMs, by, crowd, phase, report }) => (
          <li key={rehearsalId}>
            <Link
              to={phase === 'ended' ? '/office/rehearsals/$rehearsal' : '/studio/$show'}
              params={{ rehearsal: rehearsalId, show: rehearsalId }}
              className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 rounded-card border border-line bg-card px-4 py-2 hover:border-soft"
            >
              <b>{momentText(beganAtMs)}</b>
              <span className="text-sm text-soft">
                {by.name} · {crowd} crowd
                {report ? ` · ${durationText(Math.round(report.actualMs / 1_000))}` : ''}
              </span>
              <span className="ml-auto">
                {report ? (
                  <span className="text-sm text-soft">
                    {report.questions.asked - report.questions.answered} questions open ·{' '}
                    {report.demand.paid} paid
                  </span>
                ) : (
                  <Badge look="ritual">Under way</Badge>
                )}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
