// A show in the calendar: move it, write its announcement, let it come again, call it off; alone or with those
// that follow it. Whoever was promised it is told by the reminders.

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { CalendarShow } from '../../protocol/remind.ts';
import { LoadFailure } from '../crew/problem-note.tsx';
import { Button, ButtonLink } from '../design/button.tsx';
import { momentText } from '../design/clock.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Skeleton } from '../design/empty-state.tsx';
import { CheckField, Field, TextField } from '../design/field.tsx';
import { newId, problemFrom } from '../live/http-client.ts';
import { ActionLink } from './action-link.tsx';
import { type Announcement, announcementQuery, askCalendar } from './calendar-data.ts';
import { type Day, dayText, momentOnDay } from './calendar-grid.ts';
import { ownZone } from './plan-day-dialog.tsx';
import { localText, momentOf } from './plan-form.ts';
import { noRepeat, RepeatFields, ruleOf } from './repeat-fields.tsx';

export function ShowDayDialog({
  show,
  day,
  mayDirect,
  onClose,
  onChanged,
}: {
  show: CalendarShow;
  /** The day on which it was put down; null while it stays where it is. */
  day: Day | null;
  mayDirect: boolean;
  onClose: () => void;
  onChanged: (said: string) => void;
}) {
  const found = useQuery(announcementQuery(show.showId));
  return (
    <Dialog open wide onClose={onClose} eyebrow={momentText(show.startsAtMs)} title={show.title}>
      <div className="grid gap-6">
        <div className="flex flex-wrap gap-2">
          <ButtonLink href={`/shows/${encodeURIComponent(show.showId)}`}>Its page</ButtonLink>
          {mayDirect && show.phase === 'planned' ? (
            <ActionLink to="/office/shows/$show" params={{ show: show.showId }}>
              Run of show and shelf
            </ActionLink>
          ) : null}
          {show.phase === 'planned' || show.phase === 'live' ? (
            <ButtonLink look="strong" href={`/studio/${encodeURIComponent(show.showId)}`}>
              Studio
            </ButtonLink>
          ) : null}
        </div>
        {found.isError ? (
          <LoadFailure error={found.error} onRetry={() => void found.refetch()} />
        ) : !found.data ? (
          <Skeleton className="h-48" />
        ) : mayDirect && show.phase === 'planned' ? (
          <Change key={show.showId} entry={found.data} day={day} onChanged={onChanged} />
        ) : (
          <p className="text-sm text-soft">
            {found.data.teaser || 'It can be changed until it goes live.'}
          </p>
        )}
      </div>
    </Dialog>
  );
}

function Change({
  entry,
  day,
  onChanged,
}: {
  entry: Announcement;
  day: Day | null;
  onChanged: (said: string) => void;
}) {
  const { showId, series } = entry;
  const [startsAt, setStartsAt] = useState(() =>
    localText(day === null ? entry.startsAtMs : momentOnDay(entry.startsAtMs, day)),
  );
  const [teaser, setTeaser] = useState(entry.teaser);
  const [following, setFollowing] = useState(false);
  const [repeat, setRepeat] = useState(noRepeat);
  const [isSure, setSure] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  // A wish that is changed is another wish.
  const [key, setKey] = useState(newId);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them makes it another wish.
  useEffect(() => setKey(newId()), [startsAt, following]);

  const act = async (run: () => Promise<string>) => {
    setBusy(true);
    setSaid(null);
    try {
      onChanged(await run());
    } catch (error) {
      const { title, detail } = problemFrom(error);
      setSaid(`${title}. ${detail}`);
    }
    setBusy(false);
  };
  const save = () =>
    act(async () => {
      const startsAtMs = momentOf(startsAt);
      if (startsAtMs !== null && startsAtMs !== entry.startsAtMs)
        await askCalendar.move(showId, { startsAtMs, following }, key);
      if (teaser !== entry.teaser || entry.timeZone === 'UTC')
        await askCalendar.announce(showId, {
          teaser,
          timeZone: entry.timeZone === 'UTC' ? ownZone() : entry.timeZone,
        });
      const rule = series ? null : ruleOf(repeat);
      if (rule)
        await askCalendar.repeat(showId, {
          ...rule,
          timeZone: entry.timeZone === 'UTC' ? ownZone() : entry.timeZone,
        });
      return startsAtMs !== entry.startsAtMs ? 'Moved. Whoever was promised it is told.' : 'Saved.';
    });
  const callOff = () =>
    act(async () => {
      await askCalendar.callOff(showId, { following }, key);
      return 'Called off. Whoever was promised it is told.';
    });

  return (
    <div className="grid gap-4">
      {day === null ? null : (
        <p role="status" className="rounded-control bg-accent-mist px-3 py-2 text-sm">
          To {dayText(day)}? It moves when you save, and whoever was promised it is told.
        </p>
      )}
      <Field
        label="Begins"
        type="datetime-local"
        hint={`In your time (${ownZone()}).`}
        value={startsAt}
        onChange={(event) => setStartsAt(event.target.value)}
      />
      <TextField
        label="Announcement"
        maxLength={600}
        value={teaser}
        onChange={(event) => setTeaser(event.target.value)}
      />
      {series ? (
        <CheckField
          label="And all that follow it"
          hint="Those that are planned and those still to be made take its title and its time."
          checked={following}
          onChange={(event) => setFollowing(event.target.checked)}
        />
      ) : (
        <RepeatFields form={repeat} onChange={setRepeat} />
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button look="strong" size="large" busy={isBusy} onClick={() => void save()}>
          Save
        </Button>
        {isSure ? (
          <Button look="urgent" size="large" busy={isBusy} onClick={() => void callOff()}>
            {following ? 'Yes, call all of them off' : 'Yes, call it off'}
          </Button>
        ) : (
          <Button size="large" onClick={() => setSure(true)}>
            Call it off
          </Button>
        )}
      </div>
      <p role="alert" className="text-sm font-semibold text-urgent empty:hidden">
        {said}
      </p>
    </div>
  );
}
