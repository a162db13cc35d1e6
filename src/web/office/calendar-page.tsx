// The calendar of the office: a month, a week, or what comes as a list. A day plans a show, a show opens what
// can be changed of it. All times are the reader's own.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { CalendarShow } from '../../protocol/remind.ts';
import { mayDirect, useCrew } from '../crew/crew-gate.tsx';
import { LoadFailure } from '../crew/problem-note.tsx';
import { kindWord } from '../crew/words.ts';
import { Badge } from '../design/badge.tsx';
import { Button, IconButton } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { timeText } from '../design/clock.tsx';
import { PlusIcon } from '../design/icons.tsx';
import { Tabs, tabPanelProps } from '../design/tabs.tsx';
import { toast } from '../design/toast.tsx';
import { calendarQuery } from './calendar-data.ts';
import { CalendarDrag, useDayTarget, useShowHandle } from './calendar-drag.tsx';
import {
  addDays,
  addMonths,
  beginOf,
  type Day,
  dayOf,
  dayText,
  monthOf,
  monthText,
  weekOf,
} from './calendar-grid.ts';
import { PageHead } from './page-head.tsx';
import { PlanDayDialog } from './plan-day-dialog.tsx';
import { ShowDayDialog } from './show-day-dialog.tsx';

type Look = 'month' | 'week' | 'agenda';
const looks = [
  { id: 'month', label: 'Month' },
  { id: 'week', label: 'Week' },
  { id: 'agenda', label: 'Agenda' },
] as const;
/** A show whose dialog is open, and the day on which it was put down. */
type Opened = { readonly show: CalendarShow; readonly day: Day | null };

const agendaDays = 60;
const dayMs = 24 * 3_600_000;

export function CalendarPage() {
  const person = useCrew();
  const direct = mayDirect(person);
  const queries = useQueryClient();
  const today = dayOf(Date.now());
  const [look, setLook] = useState<Look>('month');
  const [day, setDay] = useState<Day>(today);
  const [planning, setPlanning] = useState<Day | null>(null);
  const [opened, setOpened] = useState<Opened | null>(null);
  const weeks = monthOf(day);
  const days: readonly Day[] =
    look === 'month'
      ? weeks.flat()
      : look === 'week'
        ? weekOf(day)
        : Array.from({ length: agendaDays }, (_, nth) => addDays(day, nth));
  const fromMs = beginOf(days[0] ?? day);
  const toMs = beginOf(days.at(-1) ?? day) + 2 * dayMs;
  const found = useQuery({ ...calendarQuery(fromMs, toMs), refetchInterval: 30_000 });
  const byDay = Map.groupBy(found.data ?? [], ({ startsAtMs }) => dayOf(startsAtMs));
  const on = (one: Day): readonly CalendarShow[] => byDay.get(one) ?? [];
  const step = (by: 1 | -1) =>
    setDay(look === 'month' ? addMonths(day, by) : addDays(day, by * (look === 'week' ? 7 : 30)));
  const changed = (said: string) => {
    void queries.invalidateQueries({ queryKey: ['shows'] });
    setOpened(null);
    setPlanning(null);
    toast(said, { look: 'good' });
  };
  const onOpen = (show: CalendarShow) => setOpened({ show, day: null });
  const list = { on, direct, today, onOpen, onPlan: setPlanning };

  return (
    <>
      <PageHead
        title="Calendar"
        note="What is planned, what ran, and a place for the next evening."
        actions={
          direct ? (
            <Button look="strong" size="large" onClick={() => setPlanning(day)}>
              <PlusIcon /> Plan a show
            </Button>
          ) : null
        }
      />
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <div className="flex items-center gap-1">
          <IconButton label="Earlier" onClick={() => step(-1)}>
            <span aria-hidden="true">←</span>
          </IconButton>
          <Button onClick={() => setDay(today)}>Today</Button>
          <IconButton label="Later" onClick={() => step(1)}>
            <span aria-hidden="true">→</span>
          </IconButton>
          <h2 aria-live="polite" className="ml-2 text-xl">
            {look === 'month' ? monthText(day) : dayText(days[0] ?? day)}
          </h2>
        </div>
        <Tabs name="calendar" label="Calendar" tabs={looks} chosen={look} onChoose={setLook} />
      </div>
      <div {...tabPanelProps('calendar', look)} aria-busy={!found.data && !found.isError}>
        {found.isError && !found.data ? (
          <LoadFailure error={found.error} onRetry={() => void found.refetch()} />
        ) : (
          <CalendarDrag onDrop={(show, to) => setOpened({ show, day: to })}>
            {look === 'month' ? (
              <>
                <Month weeks={weeks} day={day} onDay={setDay} {...list} />
                <section aria-label={dayText(day)} className="mt-6">
                  <DayRow day={day} {...list} />
                </section>
              </>
            ) : (
              <ol className="grid border-t border-line">
                {days
                  .filter((one) => look === 'week' || on(one).length > 0 || one === day)
                  .map((one) => (
                    <li key={one} className="border-b border-line">
                      <DayRow day={one} {...list} />
                    </li>
                  ))}
              </ol>
            )}
          </CalendarDrag>
        )}
      </div>
      {planning ? (
        <PlanDayDialog
          day={planning}
          onClose={() => setPlanning(null)}
          onPlanned={() => {
            setDay(planning);
            changed('Planned. Now its run of show and its shelf.');
          }}
        />
      ) : null}
      {opened ? (
        <ShowDayDialog
          show={opened.show}
          day={opened.day}
          mayDirect={direct}
          onClose={() => setOpened(null)}
          onChanged={changed}
        />
      ) : null}
    </>
  );
}

type ListProps = {
  readonly on: (day: Day) => readonly CalendarShow[];
  readonly direct: boolean;
  readonly today: Day;
  readonly onOpen: (show: CalendarShow) => void;
  readonly onPlan: (day: Day) => void;
};

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function Month({
  weeks,
  day,
  onDay,
  ...list
}: ListProps & {
  weeks: readonly (readonly Day[])[];
  day: Day;
  onDay: (day: Day) => void;
}) {
  return (
    <table className="w-full table-fixed border-collapse overflow-hidden rounded-card bg-card">
      <caption className="sr-only">{monthText(day)}</caption>
      <thead>
        <tr>
          {weekdays.map((name) => (
            <th key={name} scope="col" className="label border border-line py-2 text-soft">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]}>
            {week.map((one) => (
              <MonthDay key={one} day={one} chosen={day} onDay={onDay} {...list} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MonthDay({
  day,
  chosen,
  today,
  on,
  direct,
  onDay,
  onOpen,
}: ListProps & { day: Day; chosen: Day; onDay: (day: Day) => void }) {
  const shows = on(day);
  const target = useDayTarget(day, day < today);
  const count = `${shows.length} ${shows.length === 1 ? 'show' : 'shows'}`;
  return (
    <td
      ref={target.ref}
      data-chosen={target.isChosen}
      className={classes(
        'h-16 border border-line p-0 align-top data-[chosen=true]:bg-accent-mist lg:h-28',
        day === chosen && 'bg-sunken',
      )}
    >
      <button
        type="button"
        aria-pressed={day === chosen}
        aria-label={`${dayText(day)}${shows.length > 0 ? `, ${count}` : ''}`}
        onClick={() => onDay(day)}
        className={classes(
          'flex min-h-11 w-full items-center gap-1.5 px-2 text-left text-sm',
          day.slice(0, 7) !== chosen.slice(0, 7) && 'text-soft',
        )}
      >
        <span
          className={classes(
            'figure grid size-7 place-items-center rounded-full',
            day === today && 'bg-strong text-on-strong',
          )}
        >
          {Number(day.slice(8))}
        </span>
        {shows.length > 0 ? (
          <span aria-hidden="true" className="size-2 rounded-full bg-accent lg:hidden" />
        ) : null}
      </button>
      <ul className="grid gap-1 px-1 pb-1 max-lg:hidden">
        {shows.slice(0, 3).map((show) => (
          <li key={show.showId}>
            <ShowButton
              {...{ show, day, mayMove: direct, onOpen }}
              className={classes(
                'w-full truncate rounded-chip bg-accent-mist px-2 py-1 text-left text-xs font-semibold',
                show.phase === 'cancelled' && 'text-soft line-through',
              )}
            >
              {timeText(show.startsAtMs)} {show.title}
            </ShowButton>
          </li>
        ))}
        {shows.length > 3 ? (
          <li className="px-2 text-xs text-soft">and {shows.length - 3} more</li>
        ) : null}
      </ul>
    </td>
  );
}

/** A show that opens by a press, and is carried to another day by hand. */
function ShowButton({
  show,
  day,
  mayMove,
  onOpen,
  className,
  children,
}: {
  show: CalendarShow;
  day: Day;
  mayMove: boolean;
  onOpen: (show: CalendarShow) => void;
  className: string;
  children: ReactNode;
}) {
  const handle = useShowHandle(show, day, mayMove);
  return (
    <button
      type="button"
      {...handle.props}
      onClick={() => onOpen(show)}
      className={classes(className, handle.isHeld && 'opacity-50')}
    >
      {children}
    </button>
  );
}

function DayRow({ day, today, on, direct, onOpen, onPlan }: ListProps & { day: Day }) {
  const shows = on(day);
  const target = useDayTarget(day, day < today);
  return (
    <div
      ref={target.ref}
      data-chosen={target.isChosen}
      className="grid gap-2 rounded-control px-2 py-4 data-[chosen=true]:bg-accent-mist sm:grid-cols-[200px_minmax(0,1fr)_auto]"
    >
      <h3 className="text-base">
        {dayText(day)}
        {day === today ? <span className="text-soft"> · today</span> : null}
      </h3>
      <ul className="grid gap-1">
        {shows.map((show) => (
          <li key={show.showId}>
            <ShowButton
              {...{ show, day, mayMove: direct, onOpen }}
              className="flex min-h-11 w-full flex-wrap items-center gap-x-3 gap-y-1 rounded-control px-2 text-left hover:bg-sunken"
            >
              <span className="figure">{timeText(show.startsAtMs)}</span>
              <span className="font-semibold">{show.title}</span>
              <span className="text-sm text-soft">
                {kindWord(show.showKind as never)} · {show.hostName} · {show.minutes} min
                {show.repeats ? ' · comes again' : ''}
              </span>
              {show.phase === 'planned' ? null : <Badge>{phaseWords[show.phase]}</Badge>}
            </ShowButton>
          </li>
        ))}
        {shows.length === 0 ? <li className="py-2 text-sm text-soft">Nothing yet.</li> : null}
      </ul>
      {direct && day >= today ? (
        <Button aria-label={`Plan a show on ${dayText(day)}`} onClick={() => onPlan(day)}>
          <PlusIcon /> Plan
        </Button>
      ) : null}
    </div>
  );
}

const phaseWords = { planned: 'Planned', live: 'Live', ended: 'Ended', cancelled: 'Called off' };
