// The tables of reminders and series, as Kysely sees them. bigint columns come back as numbers
// (log/database.ts sets the parser).

import { type Generated, Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';
import type { ViewTables } from '../views/tables.ts';

/** How somebody is told; `none`: not at all, a calendar asks by itself. */
export type Way = 'none' | 'mail' | 'push';
/** What somebody is told of a show. Each once. */
export type Occasion = 'announced' | 'begins' | 'moved' | 'cancelled';

export type RemindTables = {
  user: { id: string; name: string; email: string; emailVerified: boolean; role: string };
  remind_people: {
    person_id: string;
    way: Way;
    email: string | null;
    confirmed_at_ms: number | null;
  };
  remind_wishes: { person_id: string; subject: string; since_ms: number };
  push_subscriptions: {
    endpoint: string;
    person_id: string;
    p256dh: string;
    auth: string;
    since_ms: number;
  };
  confirm_letters: { person_id: string; email_hash: string; at_ms: number };
  remind_outbox: {
    outbox_id: Generated<number>;
    person_id: string;
    show_id: string;
    occasion: Occasion;
    mark: string;
    from_ms: number | null;
    state: Generated<string>;
    reason: string | null;
    way: Way | null;
    made_at_ms: number;
    due_at_ms: number;
    attempts: Generated<number>;
  };
  remind_shows: { show_id: string; seq: number; host_id: string; starts_at_ms: number };
  show_notices: { show_id: string; teaser: string; time_zone: string };
  show_series: {
    series_id: string;
    model_show: string;
    rule: string;
    time_zone: string;
    base_nth: Generated<number>;
    starts_at_ms: number;
    ended: boolean;
  };
  series_shows: { series_id: string; nth: number; show_id: string; made: boolean };
} & Pick<ViewTables, 'show_view' | 'show_item_view'>;

/** The tables on a pool. */
export const remindTables = (pool: Pool): Kysely<RemindTables> =>
  new Kysely<RemindTables>({ dialect: new PostgresDialect({ pool }) });
