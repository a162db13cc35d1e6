// Days as a calendar lays them out, in the reader's own time zone: the weeks of a month from Monday on, the
// day of a moment, the same hour on another day. Pure.

/** `2026-11-29`, in this browser's zone. */
export type Day = string;

const two = (value: number): string => String(value).padStart(2, '0');
const dayOfDate = (date: Date): Day =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
/** Noon, which every day has, also where clocks change at midnight. */
const noonOf = (day: Day): Date => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date, 12);
};

export const dayOf = (atMs: number): Day => dayOfDate(new Date(atMs));

/** So many days later (or earlier). */
export const addDays = (day: Day, days: number): Day => {
  const date = noonOf(day);
  date.setDate(date.getDate() + days);
  return dayOfDate(date);
};

/** The same day of another month, or its last one. */
export const addMonths = (day: Day, months: number): Day => {
  const date = noonOf(day);
  const wanted = date.getDate();
  date.setDate(1);
  date.setMonth(date.getMonth() + months);
  const last = new Date(date.getFullYear(), date.getMonth() + 1, 0).getDate();
  date.setDate(Math.min(wanted, last));
  return dayOfDate(date);
};

/** The Monday on or before a day. */
export const mondayOf = (day: Day): Day => addDays(day, -((noonOf(day).getDay() + 6) % 7));

/** The seven days of a day's week. */
export const weekOf = (day: Day): readonly Day[] =>
  Array.from({ length: 7 }, (_, nth) => addDays(mondayOf(day), nth));

/** The weeks that a day's month stands in: four to six of them. */
export const monthOf = (day: Day): readonly (readonly Day[])[] => {
  const month = day.slice(0, 7);
  const weeks: (readonly Day[])[] = [];
  for (
    let monday = mondayOf(`${month}-01`);
    monday.slice(0, 7) <= month;
    monday = addDays(monday, 7)
  )
    weeks.push(weekOf(monday));
  return weeks;
};

/** When a day begins, in milliseconds. */
export const beginOf = (day: Day): number => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date).getTime();
};

/** The moment at the same time of another day, on this browser's clock. */
export const momentOnDay = (atMs: number, day: Day): number => {
  const noon = noonOf(day);
  const moment = new Date(atMs);
  moment.setFullYear(noon.getFullYear(), noon.getMonth(), noon.getDate());
  return moment.getTime();
};

/** `Sunday 29 November`. */
export const dayText = (day: Day): string =>
  new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' }).format(
    noonOf(day),
  );
/** `November 2026`. */
export const monthText = (day: Day): string =>
  new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric' }).format(noonOf(day));
