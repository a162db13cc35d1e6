// Sessions that were proven a moment ago, by their cookie, so that a crowd's requests don't each ask
// the database. Held in this process alone and dropped when a role, a name or a session changes here;
// another node's change is seen when the time is over. Cookies that failed are never remembered.

import type { Clock } from '../base/ports.ts';

/** How long a proof holds: at most so long does another node honour a role that was taken away. */
const proofMs = 30_000;
/** A few hundred bytes each. */
const entriesMax = 50_000;

export interface SessionCache<T extends { readonly personId: string }> {
  /** The session of a cookie; requests at the same time wait for one and the same proof. */
  get(cookie: string, prove: () => Promise<T | null>): Promise<T | null>;
  /** Everything known about a person. */
  forget(personId: string): void;
}

export const sessionCache = <T extends { readonly personId: string }>(
  clock: Pick<Clock, 'nowMs'>,
): SessionCache<T> => {
  const entries = new Map<string, { untilMs: number; session: Promise<T | null> }>();
  const cookiesOf = new Map<string, Set<string>>();
  /** Rises with every `forget`: a proof that began before it may be out of date. */
  let forgotten = 0;

  const drop = (cookie: string, personId?: string) => {
    entries.delete(cookie);
    if (personId === undefined) return;
    const cookies = cookiesOf.get(personId);
    cookies?.delete(cookie);
    if (cookies?.size === 0) cookiesOf.delete(personId);
  };

  return {
    get(cookie, prove) {
      const known = entries.get(cookie);
      if (known && known.untilMs > clock.nowMs()) return known.session;
      const begunAt = forgotten;
      const session = prove();
      entries.delete(cookie);
      entries.set(cookie, { untilMs: clock.nowMs() + proofMs, session });
      session.then(
        (proven) => {
          if (entries.get(cookie)?.session !== session) return;
          if (proven === null || begunAt !== forgotten) return drop(cookie);
          const cookies = cookiesOf.get(proven.personId) ?? new Set();
          cookiesOf.set(proven.personId, cookies.add(cookie));
        },
        () => drop(cookie),
      );
      for (const [oldest, entry] of entries) {
        if (entries.size <= entriesMax && entry.untilMs > clock.nowMs()) break;
        entries.delete(oldest);
        void entry.session.then(
          (old) => old && drop(oldest, old.personId),
          () => {},
        );
      }
      return session;
    },
    forget(personId) {
      forgotten += 1;
      for (const cookie of [...(cookiesOf.get(personId) ?? [])]) drop(cookie, personId);
    },
  };
};
