// The doors of before a show, joined: calendar, series, announcement, follow and remind. What each does stands
// in calendar-routes.ts and remind-routes.ts.

import type { FastifyInstance } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { ShowId } from '../base/brand.ts';
import type { Mail } from '../gateways/mail.ts';
import type { Reminders } from '../remind/reminders.ts';
import { comingShows } from '../views/show-items.ts';
import { calendarEntries, lateMs } from './calendar-entries.ts';
import { type CalendarRoutesOptions, calendarRoutes } from './calendar-routes.ts';
import type { Announcements } from './pages.ts';
import { remindRoutes } from './remind-routes.ts';
import type { ShowDesk } from './show-desk.ts';

export type PlanningDoorsOptions = Omit<CalendarRoutesOptions, 'reminders'> & {
  readonly reminders: Reminders;
  readonly mail: Pick<Mail, 'send'>;
  readonly accounts: Pick<Accounts, 'person'>;
  readonly desk: Pick<ShowDesk, 'summary'>;
};

export const planningDoors =
  (options: PlanningDoorsOptions) =>
  async (app: FastifyInstance): Promise<void> => {
    const { accounts, desk } = options;
    await app.register(calendarRoutes(options));
    await app.register(
      remindRoutes({
        ...options,
        async titleOf(subject) {
          const at = subject.indexOf(':');
          const subjectId = subject.slice(at + 1);
          if (subject.startsWith('show:'))
            return (await desk.summary(subjectId as ShowId))?.title ?? null;
          const person = await accounts.person(subjectId);
          // Whom people can follow is whoever hosts: a shopper's name is nobody's business here.
          return person && (person.role === 'owner' || person.role === 'host') ? person.name : null;
        },
      }),
    );
  };

/** What the pages say of what comes. */
export const announcementsOf = ({
  reminders: { db },
  clock,
}: Pick<PlanningDoorsOptions, 'reminders' | 'clock'>): Announcements => ({
  async coming() {
    const rows = await comingShows(
      db as unknown as Parameters<typeof comingShows>[0],
      clock.nowMs() - lateMs,
    );
    return { shows: (await calendarEntries(db, rows)).map((show) => ({ ...show, items: [] })) };
  },
  async notice(showId) {
    const row = await db
      .selectFrom('show_notices')
      .selectAll()
      .where('show_id', '=', showId)
      .executeTakeFirst();
    return row ? { teaser: row.teaser, timeZone: row.time_zone } : null;
  },
});
