// Sends what the outbox holds, by the way that each person chose. A mail server or push service that is away
// is tried again later, a bounded number of times, and holds up nobody else's reminder and no show. Sent at
// least once, told once: a repeat after a crash carries the same Message-ID, topic and tag.

import { isPromise } from 'node:util/types';
import type { Kysely } from 'kysely';
import { limits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import type { Mail } from '../gateways/mail.ts';
import type { Push } from '../gateways/push.ts';
import type { ShowRow } from '../views/tables.ts';
import { showCalendar } from './calendar.ts';
import { letterOf, pushOf, type Telling } from './letters.ts';
import {
  type Due,
  forgetOld,
  putBack,
  type Settled,
  settle,
  takeDue,
  tellBeginning,
} from './outbox.ts';
import type { RemindTables } from './tables.ts';
import type { WishBook } from './wishes.ts';

export type TellerOptions = {
  readonly db: Kysely<RemindTables>;
  readonly mail: Mail;
  readonly push: Push;
  readonly wishes: Pick<WishBook, 'stopWord' | 'unsubscribe'>;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly shopName: string;
  /** Whether somebody is in a show's room now, as far as this node knows. */
  readonly isHere: (personId: string, showId: string) => boolean;
  readonly report: (what: string, error: unknown) => void;
};

const firstWaitMs = 30_000;
/** A show that began so long ago needs no reminder. */
const tooLateMs = 30 * 60_000;
const forgetEveryMs = 3_600_000;

export class Teller {
  readonly #options: TellerOptions;
  #cancelTimer: (() => void) | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #forgotAtMs = 0;
  #told = 0;

  constructor(options: TellerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#arm(0);
  }

  /** Something may be due. */
  poke(): void {
    if (this.#running) this.#again = true;
    else this.#arm(0);
  }

  /** Lets what is under way end; the rest is due at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#running;
  }

  dump(): { readonly told: number; readonly underWay: boolean } {
    return { told: this.#told, underWay: isPromise(this.#running) };
  }

  /** One round: everything that is due now. Resolves to how many it dealt with. */
  async round(): Promise<number> {
    const { db, clock } = this.#options;
    await tellBeginning(db, clock.nowMs());
    let dealtWith = 0;
    for (;;) {
      const due = await takeDue(db, clock.nowMs());
      await Promise.all(due.map((one) => this.#tell(one)));
      dealtWith += due.length;
      if (due.length < limits.remindersAtOnce || this.#stopped) break;
    }
    if (clock.nowMs() - this.#forgotAtMs > forgetEveryMs) {
      this.#forgotAtMs = clock.nowMs();
      await forgetOld(db, clock.nowMs());
    }
    return dealtWith;
  }

  #arm(afterMs: number): void {
    if (this.#stopped || this.#running) return;
    this.#cancelTimer?.();
    const { clock, report } = this.#options;
    this.#cancelTimer = clock.at(clock.nowMs() + afterMs, () => {
      this.#cancelTimer = null;
      this.#again = false;
      this.#running = this.round()
        .then(
          () => undefined,
          (error: unknown) => report('reminders could not be read', error),
        )
        .then(() => {
          this.#running = null;
          this.#arm(this.#again ? 0 : limits.remindPollMs);
        });
    });
  }

  async #tell(due: Due): Promise<void> {
    const { db, clock, report } = this.#options;
    try {
      const settled = await withinMs(this.#send(due), limits.reminderMs, clock);
      if (settled.state === 'told') this.#told += 1;
      await settle(db, due, settled);
    } catch (error) {
      const reason = String((error as Error).message).slice(0, limits.reasonMax);
      try {
        if (due.attempts >= limits.reminderTriesMax)
          await settle(db, due, { state: 'given-up', reason });
        else await putBack(db, due, clock.nowMs() + firstWaitMs * 4 ** (due.attempts - 1), reason);
        report('a reminder was not sent', error);
      } catch (fault) {
        // The database is away: the lease ends by itself.
        report('a reminder could not be put back', fault);
      }
    }
  }

  async #send(due: Due): Promise<Settled> {
    const { db, clock, mail, push, wishes, isHere, shopName, publicUrl } = this.#options;
    const [viewed, read, notice, person, browsers] = await Promise.all([
      db.selectFrom('show_view').selectAll().where('show_id', '=', due.showId).executeTakeFirst(),
      db
        .selectFrom('remind_shows')
        .select('seq')
        .where('show_id', '=', due.showId)
        .executeTakeFirst(),
      db
        .selectFrom('show_notices')
        .selectAll()
        .where('show_id', '=', due.showId)
        .executeTakeFirst(),
      db
        .selectFrom('remind_people')
        .selectAll()
        .where('person_id', '=', due.personId)
        .executeTakeFirst(),
      db
        .selectFrom('push_subscriptions')
        .selectAll()
        .where('person_id', '=', due.personId)
        .execute(),
    ]);
    const nowMs = clock.nowMs();
    const show = viewed && asItIs(viewed, read?.seq ?? 0, due, nowMs);
    if (!show) throw new Error('the views have not read this show yet');
    const pointless = whyPointless(due, show, nowMs);
    if (pointless) return { state: 'dropped', reason: pointless };
    // [REM-10]
    if (due.occasion === 'begins' && isHere(due.personId, due.showId))
      return { state: 'quiet', reason: 'in the room' };
    const telling: Telling = {
      due,
      show,
      zone: notice?.time_zone ?? 'UTC',
      teaser: notice?.teaser ?? '',
      shopName,
      publicUrl,
    };
    switch (person?.way) {
      case 'mail': {
        if (person.email === null || person.confirmed_at_ms === null)
          return { state: 'dropped', reason: 'address not confirmed' };
        const word = encodeURIComponent(wishes.stopWord(due.personId));
        const links = {
          stopPage: new URL(`/reminders?stop=${word}`, publicUrl).href,
          stopUrl: new URL(`/api/reminders/stop?word=${word}`, publicUrl).href,
        };
        const withFile = due.occasion !== 'begins';
        const file = withFile ? showCalendar({ publicUrl, shopName }, show, telling.teaser) : null;
        await mail.send(letterOf(telling, person.email, links, file));
        return { state: 'told', way: 'mail' };
      }
      case 'push': {
        const message = pushOf(telling, nowMs);
        const sent = await Promise.allSettled(
          browsers.map(async ({ endpoint, p256dh, auth }) => {
            const answer = await push.send({ endpoint, keys: { p256dh, auth } }, message);
            // [REM-12]
            if (answer === 'gone') await wishes.unsubscribe(endpoint);
            return answer;
          }),
        );
        if (sent.some((one) => one.status === 'fulfilled' && one.value === 'sent'))
          return { state: 'told', way: 'push' };
        const failed = sent.find((one) => one.status === 'rejected');
        if (failed) throw failed.reason;
        return { state: 'dropped', reason: 'no browser is left' };
      }
      default:
        return { state: 'dropped', reason: 'no way chosen' };
    }
  }
}

/**
 * The show as the log has it, where the view may be behind what made this due: `readSeq` is the last event that did. A
 * show that begins before anybody would be told of its time is live. Null: it must be read again.
 */
const asItIs = (show: ShowRow, readSeq: number, due: Due, nowMs: number): ShowRow | null => {
  const isBehind = show.phase === 'planned' && readSeq > show.plan_seq;
  if (!isBehind) return show;
  const isEarly = nowMs < show.starts_at_ms - limits.remindBeforeMs;
  const hasBegun = due.occasion === 'begins' && due.mark === String(show.starts_at_ms) && isEarly;
  return hasBegun ? { ...show, phase: 'live', started_at_ms: nowMs } : null;
};

/** Why nobody needs to hear this any more, or null. */
const whyPointless = (
  { occasion, mark, fromMs }: Due,
  show: { phase: string; starts_at_ms: number; started_at_ms: number | null },
  nowMs: number,
): string | null => {
  switch (occasion) {
    case 'announced':
      return show.phase === 'planned' ? null : show.phase;
    case 'moved':
      if (show.phase !== 'planned') return show.phase;
      return show.starts_at_ms === fromMs ? 'moved back' : null;
    case 'begins':
      if (show.phase === 'ended' || show.phase === 'cancelled') return show.phase;
      if (mark !== String(show.starts_at_ms)) return 'moved';
      return (show.started_at_ms ?? show.starts_at_ms) + tooLateMs < nowMs ? 'too late' : null;
    case 'cancelled':
      return null;
  }
};

/** The promise, or a fault after so long. */
const withinMs = <T>(promise: Promise<T>, ms: number, clock: Clock): Promise<T> =>
  new Promise((resolve, reject) => {
    const cancel = clock.at(clock.nowMs() + ms, () => reject(new Error('took too long')));
    promise.then(resolve, reject).finally(cancel);
  });
