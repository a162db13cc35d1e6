// The report of a rehearsal: what to change before the evening first, then how the time went and what people wanted,
// each figure beside that of the rehearsal before.

import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import type { RehearsalAnswer, RehearsalReport } from '../../protocol/rehearsal.ts';
import { LoadFailure } from '../crew/problem-note.tsx';
import { beatWord } from '../crew/words.ts';
import { ButtonLink, Spinner } from '../design/button.tsx';
import { momentText, timeText } from '../design/clock.tsx';
import { moneyText } from '../design/money.tsx';
import { PageHead } from '../office/page-head.tsx';
import { rehearsalQuery } from './rehearsal-data.ts';
import { changeText, lengthText, refusalWords, toMend } from './report-words.ts';

export function RehearsalReportPage({ rehearsalId }: { rehearsalId: string }) {
  const found = useQuery(rehearsalQuery(rehearsalId));
  if (found.isError && !found.data)
    return <LoadFailure error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data)
    return (
      <p aria-busy="true" className="flex items-center gap-3 p-8 text-sm text-soft">
        <Spinner /> Reading the report …
      </p>
    );
  const { rehearsal } = found.data;
  const { report } = rehearsal;
  return (
    <>
      <PageHead
        title={`Rehearsal of ${rehearsal.title}`}
        back={{ to: `/office/shows/${rehearsal.showId}`, name: 'The show' }}
        note={`${momentText(rehearsal.beganAtMs)}, ${rehearsal.by.name}, a ${rehearsal.crowd} crowd${rehearsal.tempo === 1 ? '' : `, ${rehearsal.tempo} times as fast`} · seed ${rehearsal.seed}`}
        actions={
          report ? null : (
            <ButtonLink href={`/studio/${encodeURIComponent(rehearsalId)}`}>
              Back to the rehearsal
            </ButtonLink>
          )
        }
      />
      {report ? (
        <Report report={report} before={found.data.before?.report ?? null} answer={found.data} />
      ) : (
        <p className="text-soft">It is still going on: the report comes with its end.</p>
      )}
    </>
  );
}

function Report({
  report,
  before,
  answer,
}: {
  report: RehearsalReport;
  before: RehearsalReport | null;
  answer: RehearsalAnswer;
}) {
  const mend = toMend(report);
  const { demand, questions, crowd, cut, rude } = report;
  return (
    <div className="grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-10">
      <Part title="Before the evening">
        {mend.length === 0 ? (
          <p className="text-soft">Nothing to mend: this evening can come.</p>
        ) : (
          <ul className="grid gap-2">
            {mend.map(({ what, cure }) => (
              <li key={what} className="rounded-control bg-ritual-mist px-4 py-3 text-sm">
                <p className="font-semibold text-ritual">{what}</p>
                <p>{cure}</p>
              </li>
            ))}
          </ul>
        )}
      </Part>
      <Part
        title="At a glance"
        note={
          answer.before
            ? `Compared with the rehearsal of ${momentText(answer.before.beganAtMs)}.`
            : 'The first rehearsal of this show.'
        }
      >
        <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
          <Figure
            name="Length"
            value={lengthText(report.actualMs)}
            note={`planned ${lengthText(report.plannedMs)}`}
          />
          <Figure
            name="Back on air"
            value={
              cut === null ? 'Not cut' : cut.awayMs === null ? 'Never' : lengthText(cut.awayMs)
            }
            note={cut === null ? 'no picture to cut' : `cut at ${timeText(cut.atMs)}`}
          />
          <Figure
            name="Questions open"
            value={questions.asked - questions.answered}
            note={changeText(
              questions.asked - questions.answered,
              before && before.questions.asked - before.questions.answered,
            )}
          />
          <Figure
            name="Answers took"
            value={questions.medianMs === null ? 'No answers' : lengthText(questions.medianMs)}
            note={questions.slowestMs === null ? '' : `at most ${lengthText(questions.slowestMs)}`}
          />
          <Figure
            name="Paid"
            value={demand.paid}
            note={changeText(demand.paid, before?.demand.paid ?? null)}
          />
          <Figure
            name="Would be taken"
            value={demand.takings ? moneyText(demand.takings) : 'Nothing'}
            note="no money moved"
          />
          <Figure
            name="Came"
            value={crowd.came}
            note={`${crowd.droppedOff} ${crowd.droppedOff === 1 ? 'time' : 'times'} somebody dropped off`}
          />
          <Figure name="Rude lines" value={rude.said} note={`${rude.removed} removed`} />
        </dl>
      </Part>
      <Part title="Time" note="Planned against what it took.">
        <Table
          caption="Time by segment"
          head={['Segment', 'Planned', 'Took', 'Difference']}
          rows={report.segments.map(({ segmentId, title, beat, plannedMs, actualMs }) => [
            segmentId,
            `${title} · ${beatWord(beat)}`,
            lengthText(plannedMs),
            actualMs === 0 ? 'not entered' : lengthText(actualMs),
            actualMs === 0 ? '' : changeText(actualMs, plannedMs, lengthText),
          ])}
        />
      </Part>
      <Part title="Demand">
        <Table
          caption="What people did"
          head={['', 'This time', 'Last time']}
          rows={(
            [
              ['Claims', (one) => one.claims],
              ['Bids', (one) => one.bids],
              ['People who bid', (one) => one.bidders],
              ['Entries in drops', (one) => one.entries],
              ['Holds', (one) => one.holds],
              ['Holds that ran out', (one) => one.expired],
              ['Holds let go', (one) => one.released],
              ['Payments that failed', (one) => one.declined],
              ['Paid', (one) => one.paid],
            ] as const satisfies readonly (readonly [
              string,
              (demand: RehearsalReport['demand']) => number,
            ])[]
          ).map(([name, figure]) => [
            name,
            name,
            figure(demand),
            before ? figure(before.demand) : 'none',
          ])}
        />
        <Named name="Sold out" items={report.soldOut} />
        <Named name="Nobody wanted" items={report.unwanted} />
        <Named
          name="Refused"
          items={demand.refused.map(({ code, count }) => `${refusalWords(code)} (${count})`)}
        />
      </Part>
      <Part
        title="Questions without an answer"
        note={`Counted by the chat: a line with a question mark that no line of the crew followed within ${questions.withinMs / 1_000} seconds. What you said aloud isn't heard.`}
      >
        {questions.open.length === 0 ? (
          <p className="text-soft">None.</p>
        ) : (
          <ul className="grid gap-1.5 text-sm">
            {questions.open.map(({ atMs, name, text }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes.
              <li key={index} className="flex gap-3">
                <span className="shrink-0 text-soft">{timeText(atMs)}</span>
                <span className="min-w-0 break-words">
                  <b>{name}</b> {text}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Part>
    </div>
  );
}

function Part({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  const headId = useId();
  return (
    <section aria-labelledby={headId} className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div>
        <h2 id={headId} className="text-2xl">
          {title}
        </h2>
        {note ? <p className="mt-1 max-w-[70ch] text-sm text-soft">{note}</p> : null}
      </div>
      {children}
    </section>
  );
}

function Figure({ name, value, note }: { name: string; value: ReactNode; note: string }) {
  return (
    <div className="rounded-card border border-line bg-card p-4">
      <dt className="text-sm text-soft">{name}</dt>
      <dd className="figure text-2xl">{value}</dd>
      <dd className="min-h-4 text-xs text-soft">{note}</dd>
    </div>
  );
}

/** The first cell of a row is its key, the second its head. */
function Table({
  caption,
  head,
  rows,
}: {
  caption: string;
  head: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-left text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-soft">
            {head.map((name) => (
              <th key={name} scope="col" className="py-2 pr-4 font-medium last:pr-0">
                {name || <span className="sr-only">What</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([key, name, ...cells]) => (
            <tr key={key} className="border-b border-line">
              <th scope="row" className="py-2.5 pr-4 font-semibold">
                {name}
              </th>
              {cells.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells stand in the order of the head.
                <td key={index} className="py-2.5 pr-4 whitespace-nowrap tabular-nums last:pr-0">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Named({ name, items }: { name: string; items: readonly string[] }) {
  return items.length === 0 ? null : (
    <p className="text-sm">
      <b>{name}:</b> {items.join(', ')}
    </p>
  );
}
