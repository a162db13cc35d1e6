// Reminders and series of the running program, joined: the policy that reads the log, the teller that sends,
// the series that makes shows ahead. Built once by main.ts; nothing is decided here.

import { join } from 'node:path';
import type { Pool } from 'pg';
import type { ShowId } from '../base/brand.ts';
import type { Clock } from '../base/ports.ts';
import type { Engine, ReportLine } from '../engine/contract.ts';
import { createPolicyRunner } from '../engine/policy.ts';
import type { Mail } from '../gateways/mail.ts';
import { type Push, webPush } from '../gateways/push.ts';
import type { EventLog } from '../log/event-log.ts';
import { openPushKeys } from './push-keys.ts';
import { remindPolicy } from './remind-policy.ts';
import { Series } from './series.ts';
import { remindTables } from './tables.ts';
import { Teller } from './teller.ts';
import { createWishBook, type WishBook } from './wishes.ts';

export type RemindersOptions = {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly engine: Pick<Engine, 'send' | 'onCommitted'>;
  readonly clock: Clock;
  readonly mail: Mail;
  readonly dataFolder: string;
  readonly secret: string;
  readonly publicUrl: string;
  readonly shopName: string;
  /** Who is in a show's room at this moment, as far as this node knows. */
  readonly rooms: { isHere(personId: string, showId: ShowId): boolean };
  readonly report: (line: ReportLine) => void;
  /** For tests, whose push service is on this machine. */
  readonly push?: Push;
};

export type Reminders = {
  readonly wishes: WishBook;
  readonly series: Series;
  readonly pushKey: string;
  readonly db: ReturnType<typeof remindTables>;
  stop(): Promise<void>;
};

/** Begins to read the log and to tell. Push services reach the shop by its address, https or a mailbox of it. */
export const openReminders = async (options: RemindersOptions): Promise<Reminders> => {
  const { pool, clock, publicUrl, report, log, engine } = options;
  const db = remindTables(pool);
  const { protocol, hostname, origin } = new URL(publicUrl);
  const push =
    options.push ??
    webPush({
      keys: await openPushKeys(join(options.dataFolder)),
      subject: protocol === 'https:' ? origin : `mailto:shop@${hostname}`,
    });
  const wishes = createWishBook({ db, secret: options.secret, clock });
  const fault = (what: string, error: unknown) => report({ level: 'warn', what, error });
  const isHere = (personId: string, showId: string) =>
    options.rooms.isHere(personId, showId as ShowId);
  const teller = new Teller({ ...options, db, push, wishes, isHere, report: fault });
  const series = new Series({ db, engine, log, clock, report: fault });
  const runner = createPolicyRunner({
    name: 'reminders',
    policies: [remindPolicy(db, () => teller.poke())],
    engine,
    log,
    clock,
    report,
  });
  teller.start();
  series.start();
  return {
    wishes,
    series,
    pushKey: push.publicKey,
    db,
    async stop() {
      await Promise.all([runner.stop(), series.stop()]);
      await teller.stop();
    },
  };
};
