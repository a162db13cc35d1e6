// Plan a show from a day of the calendar: what it is called, when, in whose time, how often, and what its
// announcement says. Run of show and shelf come afterwards, on its own page.

import { useState } from 'react';
import { type ShowKind, showKinds } from '../../base/words.ts';
import { momentIn } from '../../base/zone.ts';
import { kindWord } from '../crew/words.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Field, SelectField, TextField } from '../design/field.tsx';
import { newId, problemFrom } from '../live/http-client.ts';
import { askCalendar } from './calendar-data.ts';
import { type Day, dayText } from './calendar-grid.ts';
import { noRepeat, RepeatFields, ruleOf } from './repeat-fields.tsx';

/** The browser's zone, also where it has another name than the list. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `20:15` on a day, on the wall of a zone. */
const momentOn = (day: Day, time: string, zone: string): number | null => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const [hour, minute] = time.split(':').map(Number);
  return hour === undefined || minute === undefined || Number.isNaN(hour + minute)
    ? null
    : momentIn({ year, month, day: date, hour, minute }, zone);
};

export function PlanDayDialog({
  day,
  onClose,
  onPlanned,
}: {
  day: Day;
  onClose: () => void;
  onPlanned: (showId: string) => void;
}) {
  const [title, setTitle] = useState('');
  const [kind, setKind] = useState<ShowKind>('demonstration');
  const [date, setDate] = useState(day);
  const [time, setTime] = useState('20:00');
  const [zone, setZone] = useState(ownZone);
  const [teaser, setTeaser] = useState('');
  const [repeat, setRepeat] = useState(noRepeat);
  const [key] = useState(newId);
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const zones = [...new Set([ownZone(), ...Intl.supportedValuesOf('timeZone'), 'UTC'])];

  const plan = async () => {
    const startsAtMs = momentOn(date, time, zone);
    if (title.trim() === '' || startsAtMs === null) {
      setSaid('A show needs a title, a day and a time.');
      return;
    }
    setBusy(true);
    setSaid(null);
    try {
      const { showId } = await askCalendar.plan(
        { title: title.trim(), showKind: kind, startsAtMs },
        key,
      );
      await askCalendar.announce(showId, { teaser, timeZone: zone });
      const rule = ruleOf(repeat);
      if (rule) await askCalendar.repeat(showId, { ...rule, timeZone: zone });
      onPlanned(showId);
    } catch (error) {
      const { title: what, detail } = problemFrom(error);
      setSaid(`${what}. ${detail}`);
    }
    setBusy(false);
  };

  return (
    <Dialog
      open
      wide
      onClose={onClose}
      eyebrow={dayText(date)}
      title="Plan a show"
      footer={
        <div className="flex flex-wrap items-center gap-3">
          <Button look="strong" size="large" busy={isBusy} onClick={() => void plan()}>
            Plan it
          </Button>
          <p role="alert" className="min-w-0 flex-1 text-sm font-semibold text-urgent">
            {said}
          </p>
        </div>
      }
    >
      <div className="grid gap-4">
        <Field
          label="Title"
          maxLength={120}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Day"
            type="date"
            value={date}
            onChange={(event) => setDate(event.target.value || day)}
          />
          <Field
            label="Begins at"
            type="time"
            value={time}
            onChange={(event) => setTime(event.target.value)}
          />
          <SelectField
            label="Time zone"
            value={zone}
            onChange={(event) => setZone(event.target.value)}
          >
            {zones.map((one) => (
              <option key={one} value={one}>
                {one.replaceAll('_', ' ')}
              </option>
            ))}
          </SelectField>
          <SelectField
            label="Kind"
            value={kind}
            onChange={(event) => setKind(event.target.value as ShowKind)}
          >
            {showKinds.map((one) => (
              <option key={one} value={one}>
                {kindWord(one)}
              </option>
            ))}
          </SelectField>
        </div>
        <TextField
          label="Announcement"
          hint="What will be special about it. Stands on its page, in previews and in letters."
          maxLength={600}
          value={teaser}
          onChange={(event) => setTeaser(event.target.value)}
        />
        <RepeatFields form={repeat} onChange={setRepeat} />
      </div>
    </Dialog>
  );
}
