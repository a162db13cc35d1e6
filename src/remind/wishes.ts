// Who wants to be told of what, and by which way. A wish costs a name; mail needs an address that its owner
// has confirmed, push a browser that has allowed it. Rules: docs/rules/remind.md.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Kysely } from 'kysely';
import { limits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import { type Refusal, refuse } from '../base/result.ts';
import type { Subscription } from '../gateways/push.ts';
import type { RemindTables, Way } from './tables.ts';

/** `shop`, `host:<person>` or `show:<show>`. */
export type Subject = 'shop' | `host:${string}` | `show:${string}`;

/** How somebody is told, and of what. */
export type Wishes = {
  readonly way: Way;
  /** Where letters go, once `isConfirmed`. */
  readonly email: string | null;
  readonly isConfirmed: boolean;
  /** Browsers that are told. */
  readonly browsers: number;
  readonly subjects: readonly { readonly subject: Subject; readonly sinceMs: number }[];
};

export interface WishBook {
  of(personId: string): Promise<Wishes>;
  /** Refuses `wishes-full`. Twice is once. */
  add(personId: string, subject: Subject): Promise<Refusal | null>;
  remove(personId: string, subject: Subject): Promise<void>;
  /** Chooses how. Mail with an address that isn't confirmed waits for its owner. */
  choose(personId: string, way: Way): Promise<void>;
  /**
   * Notes the address for mail. `confirm` is the word for the letter that asks its owner, null when the account
   * has proven it before. Refuses `confirm-letters-spent` when enough letters went out in a day.
   */
  address(personId: string, email: string): Promise<{ readonly confirm: string | null } | Refusal>;
  /** The owner of the address has pressed the link's button. Refuses `remind-link-old`. */
  confirm(word: string): Promise<{ readonly email: string } | Refusal>;
  /** Takes a browser; the oldest leaves when there are too many. A browser is one person's. */
  subscribe(personId: string, subscription: Subscription): Promise<void>;
  /** The browser said no, or its service doesn't know it any more. */
  unsubscribe(endpoint: string, personId?: string): Promise<void>;
  /** No wish, no address, no browser is left. */
  stopAll(personId: string): Promise<void>;
  /** The word in every letter that stops all letters to a person, without signing in. */
  stopWord(personId: string): string;
  /** Stops letters by that word. Refuses `remind-link-old`. */
  stopLetters(word: string): Promise<Refusal | null>;
  /** Everything that is kept of somebody here, for an export; erasing the person erases it. */
  export(personId: string): Promise<object>;
}

const dayMs = 24 * 3_600_000;
/** Codes of the account's own placeholder addresses (accounts/guests.ts). */
const isAddress = (email: string): boolean => !email.endsWith('.invalid');
const hashOf = (email: string): string => createHash('sha256').update(email).digest('base64url');

export const createWishBook = ({
  db,
  secret,
  clock,
}: {
  readonly db: Kysely<RemindTables>;
  /** The installation's: words in links are signed with it. */
  readonly secret: string;
  readonly clock: Pick<Clock, 'nowMs'>;
}): WishBook => {
  const signed = (purpose: string, text: string): string => {
    const body = Buffer.from(text).toString('base64url');
    const mark = createHmac('sha256', secret).update(`remind ${purpose} ${body}`);
    return `${body}.${mark.digest('base64url')}`;
  };
  const opened = (purpose: string, word: string): string | null => {
    const [body = ''] = word.split('.', 1);
    const text = Buffer.from(body, 'base64url').toString();
    const [given, right] = [Buffer.from(word), Buffer.from(signed(purpose, text))];
    return given.length === right.length && timingSafeEqual(given, right) ? text : null;
  };
  const noted = (personId: string, change: Partial<RemindTables['remind_people']>) =>
    db
      .insertInto('remind_people')
      .values({ person_id: personId, way: 'none', email: null, confirmed_at_ms: null, ...change })
      .onConflict((conflict) => conflict.column('person_id').doUpdateSet(change))
      .execute();
  const countLetters = async (column: 'person_id' | 'email_hash', value: string, sinceMs: number) =>
    Number(
      (
        await db
          .selectFrom('confirm_letters')
          .select((eb) => eb.fn.countAll<string>().as('n'))
          .where(column, '=', value)
          .where('at_ms', '>', sinceMs)
          .executeTakeFirstOrThrow()
      ).n,
    );

  const of: WishBook['of'] = async (personId) => {
    const [person, subjects, browsers] = await Promise.all([
      db
        .selectFrom('remind_people')
        .selectAll()
        .where('person_id', '=', personId)
        .executeTakeFirst(),
      db
        .selectFrom('remind_wishes')
        .selectAll()
        .where('person_id', '=', personId)
        .orderBy('since_ms', 'desc')
        .limit(limits.wishesMax)
        .execute(),
      db
        .selectFrom('push_subscriptions')
        .select('endpoint')
        .where('person_id', '=', personId)
        .execute(),
    ]);
    return {
      way: person?.way ?? 'none',
      email: person?.email ?? null,
      isConfirmed: (person?.confirmed_at_ms ?? null) !== null,
      browsers: browsers.length,
      subjects: subjects.map(({ subject, since_ms }) => ({
        subject: subject as Subject,
        sinceMs: since_ms,
      })),
    };
  };

  return {
    of,
    async add(personId, subject) {
      const { subjects } = await of(personId);
      if (subjects.some((one) => one.subject === subject)) return null;
      if (subjects.length >= limits.wishesMax) return refuse('wishes-full');
      await db
        .insertInto('remind_wishes')
        .values({ person_id: personId, subject, since_ms: clock.nowMs() })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return null;
    },
    async remove(personId, subject) {
      await db
        .deleteFrom('remind_wishes')
        .where('person_id', '=', personId)
        .where('subject', '=', subject)
        .execute();
    },
    async choose(personId, way) {
      await noted(personId, { way });
    },
    async address(personId, wish) {
      const email = wish.trim().toLowerCase();
      const nowMs = clock.nowMs();
      const [account, before] = await Promise.all([
        db
          .selectFrom('user')
          .select(['email', 'emailVerified'])
          .where('id', '=', personId)
          .executeTakeFirst(),
        db
          .selectFrom('remind_people')
          .selectAll()
          .where('person_id', '=', personId)
          .executeTakeFirst(),
      ]);
      if (!isAddress(email)) return refuse('email-invalid');
      const isProven =
        (account?.emailVerified === true && account.email === email) ||
        (before?.email === email && before.confirmed_at_ms !== null);
      if (isProven) {
        await noted(personId, { way: 'mail', email, confirmed_at_ms: nowMs });
        return { confirm: null };
      }
      const emailHash = hashOf(email);
      const sinceMs = nowMs - dayMs;
      await db.deleteFrom('confirm_letters').where('at_ms', '<=', sinceMs).execute();
      const [toAddress, byPerson] = await Promise.all([
        countLetters('email_hash', emailHash, sinceMs),
        countLetters('person_id', personId, sinceMs),
      ]);
      if (
        toAddress >= limits.confirmLettersPerAddress ||
        byPerson >= limits.confirmLettersPerPerson
      )
        return refuse('confirm-letters-spent');
      await db
        .insertInto('confirm_letters')
        .values({ person_id: personId, email_hash: emailHash, at_ms: nowMs })
        .execute();
      await noted(personId, { way: 'mail', email, confirmed_at_ms: null });
      return {
        confirm: signed('confirm', JSON.stringify([personId, email, nowMs + limits.confirmLinkMs])),
      };
    },
    async confirm(word) {
      const text = opened('confirm', word);
      if (text === null) return refuse('remind-link-old');
      const [personId, email, untilMs] = JSON.parse(text) as [string, string, number];
      if (untilMs < clock.nowMs()) return refuse('remind-link-old');
      const { numUpdatedRows } = await db
        .updateTable('remind_people')
        .set({ confirmed_at_ms: clock.nowMs() })
        .where('person_id', '=', personId)
        // Another address was given since: this link is of no use to anybody.
        .where('email', '=', email)
        .executeTakeFirst();
      return numUpdatedRows === 0n ? refuse('remind-link-old') : { email };
    },
    async subscribe(personId, { endpoint, keys }) {
      const row = { person_id: personId, ...keys, since_ms: clock.nowMs() };
      await db
        .insertInto('push_subscriptions')
        .values({ endpoint, ...row })
        .onConflict((conflict) => conflict.column('endpoint').doUpdateSet(row))
        .execute();
      const kept = db
        .selectFrom('push_subscriptions')
        .select('endpoint')
        .where('person_id', '=', personId)
        .orderBy('since_ms', 'desc')
        .limit(limits.pushSubscriptionsMax);
      await db
        .deleteFrom('push_subscriptions')
        .where('person_id', '=', personId)
        .where('endpoint', 'not in', kept)
        .execute();
      await noted(personId, { way: 'push' });
    },
    async unsubscribe(endpoint, personId) {
      let query = db.deleteFrom('push_subscriptions').where('endpoint', '=', endpoint);
      if (personId !== undefined) query = query.where('person_id', '=', personId);
      await query.execute();
    },
    async stopAll(personId) {
      await db.transaction().execute(async (trx) => {
        for (const table of ['remind_wishes', 'push_subscriptions', 'remind_people'] as const)
          await trx.deleteFrom(table).where('person_id', '=', personId).execute();
        await trx
          .updateTable('remind_outbox')
          .set({ state: 'dropped', reason: 'stopped' })
          .where('person_id', '=', personId)
          .where('state', '=', 'due')
          .execute();
      });
    },
    stopWord: (personId) => signed('stop', personId),
    async stopLetters(word) {
      const personId = opened('stop', word);
      if (personId === null) return refuse('remind-link-old');
      await db
        .updateTable('remind_people')
        .set({ way: 'none', email: null, confirmed_at_ms: null })
        .where('person_id', '=', personId)
        .where('way', '=', 'mail')
        .execute();
      return null;
    },
    async export(personId) {
      const [wishes, told, browsers] = await Promise.all([
        of(personId),
        db
          .selectFrom('remind_outbox')
          .select(['show_id', 'occasion', 'state', 'way', 'made_at_ms'])
          .where('person_id', '=', personId)
          .orderBy('outbox_id')
          .execute(),
        db
          .selectFrom('push_subscriptions')
          .select(['endpoint', 'since_ms'])
          .where('person_id', '=', personId)
          .execute(),
      ]);
      return { ...wishes, browsers, told };
    },
  };
};
