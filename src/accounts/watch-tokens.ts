// By what a player that isn't a page of the shop watches for a person: a token that names who watches which show until
// when, sealed with the installation's secret and kept nowhere. Whether that person may come in is asked anew each time,
// so that a ticket given back closes the door for the token too. Rules: docs/rules/access.md, TKT-10.

import { limits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import { sealWith } from './sealed.ts';

export type WatchTokens = {
  make(personId: string, showId: string): { readonly token: string; readonly expiresAtMs: number };
  /** For whom it watches this show; null when it isn't a token of ours for this show, or its time is over. */
  personOf(token: string, showId: string): string | null;
};

/** Longer texts are no tokens: nothing is opened for them. */
const tokenCharsMax = 400;

export const watchTokens = (parts: {
  readonly secret: string;
  readonly clock: Pick<Clock, 'nowMs'>;
}): WatchTokens => {
  const { clock } = parts;
  const seal = sealWith(parts.secret, 'watch tokens');
  return {
    make(personId, showId) {
      const expiresAtMs = clock.nowMs() + limits.watchTokenMs;
      const sealed = seal.seal(JSON.stringify([personId, expiresAtMs]), showId);
      return { token: sealed.toString('base64url'), expiresAtMs };
    },
    personOf(token, showId) {
      if (token.length > tokenCharsMax) return null;
      const sealed = Buffer.from(token, 'base64url');
      // What is left over at the end would be passed over in silence.
      if (sealed.toString('base64url') !== token) return null;
      const text = seal.open(sealed, showId);
      if (text === null) return null;
      const [personId, expiresAtMs] = JSON.parse(text) as [string, number];
      return clock.nowMs() < expiresAtMs ? personId : null;
    },
  };
};
