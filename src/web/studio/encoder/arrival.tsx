// What arrives from the encoder, and what is wrong with it with the setting that mends it.

import { complaintWords } from '../../../protocol/complaint-words.ts';
import type { EncoderReport } from '../../../protocol/encoder.ts';
import { classes } from '../../design/classes.ts';
import { timeText } from '../../design/clock.tsx';
import { codecWords, pictureWords, soundWords } from './encoder-words.ts';

export function Arrival({ report }: { report: EncoderReport | null }) {
  const isOn = report?.state === 'on';
  return (
    <section aria-label="What arrives" className="grid gap-3 rounded-card bg-sunken p-4">
      <p role="status" className="flex items-center gap-2.5 text-sm font-semibold">
        <span
          aria-hidden="true"
          className={classes('size-2.5 rounded-full', isOn ? 'bg-accent' : 'bg-soft')}
        />
        {isOn
          ? `Your encoder is connected${report.encoder ? ` (${report.encoder})` : ''}`
          : report
            ? `Your encoder left at ${timeText(report.atMs)}`
            : 'No encoder is connected'}
      </p>
      {report ? (
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
          <dt className="text-soft">Picture</dt>
          <dd>
            {pictureWords(report)}
            <span className="block text-xs text-soft">{codecWords(report)}</span>
          </dd>
          <dt className="text-soft">Sound</dt>
          <dd>{soundWords(report)}</dd>
        </dl>
      ) : (
        <p className="text-sm text-soft">
          Make a key below, copy the address and the key into your encoder, and start the stream
          there.
        </p>
      )}
      {report && report.complaints.length > 0 ? (
        <ul aria-label="To mend" className="grid gap-2">
          {report.complaints.map((complaint) => {
            const { title, cure } = complaintWords(complaint);
            return (
              <li
                key={complaint.code}
                className={classes(
                  'rounded-control border-l-4 bg-card px-3 py-2 text-sm',
                  complaint.outcome === 'ended' ? 'border-urgent' : 'border-ritual',
                )}
              >
                <b className="block font-semibold">{title}</b>
                {cure}
              </li>
            );
          })}
        </ul>
      ) : null}
    </section>
  );
}
