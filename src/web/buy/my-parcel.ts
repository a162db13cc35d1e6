// The parcel of this show that my next goods go into: asked for when somebody is signed in and after each
// purchase. Until it is known there is none, so that a button never says less than what will be charged.

import type { OpenParcel } from '../../domain/order/parcel.ts';
import type { ParcelAnswer } from '../../protocol/http.ts';
import { http } from '../live/http-client.ts';

export type MyParcel = {
  readonly now: () => OpenParcel | null;
  readonly subscribe: (listener: () => void) => () => void;
  /** Asks the server. */
  readonly refresh: () => Promise<void>;
  /** Somebody else is here now. */
  readonly forget: () => void;
};

export const createMyParcel = (
  showId: string,
  get: (path: string) => Promise<ParcelAnswer> = (path) => http.get(path),
): MyParcel => {
  const listeners = new Set<() => void>();
  let parcel: OpenParcel | null = null;
  let asked = 0;
  const become = (next: OpenParcel | null) => {
    if (next === parcel) return;
    parcel = next;
    for (const listener of listeners) listener();
  };
  return {
    now: () => parcel,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async refresh() {
      asked += 1;
      const mine = asked;
      try {
        const answer = await get(`/api/shows/${encodeURIComponent(showId)}/parcel`);
        // Somebody else came meanwhile, or a later question was faster.
        if (mine === asked) become(answer.parcel);
      } catch {
        // No line: what is known stays. The server refuses a sum that isn't right.
      }
    },
    forget() {
      asked += 1;
      become(null);
    },
  };
};
