// What a drop must know of whoever enters: what their address comes down to, so that one person with
// many spellings of it has one entry, and what else the drop asks to be shown. Neither an address nor a card ever
// reaches the log: a word of each does, which only the shop can make. Rules: docs/rules/drop.md.

import type { EntryMark } from '../domain/sale/drop.ts';
import type { Entrant } from './live-commands.ts';

const withoutDots = new Set(['gmail.com', 'googlemail.com']);

/** An address without what its provider ignores: case, a `+tag`, at Google dots. */
export const plainAddress = (email: string): string => {
  const [mailbox = '', domain = ''] = email.trim().toLowerCase().split('@');
  const untagged = mailbox.replace(/\+.*$/, '');
  const isGoogle = withoutDots.has(domain);
  return `${isGoogle ? untagged.replaceAll('.', '') : untagged}@${isGoogle ? 'gmail.com' : domain}`;
};

export type EntrantDesk = {
  readonly accounts: {
    readonly person: (
      personId: string,
    ) => Promise<{ readonly email: string | null; readonly verified: boolean } | null>;
  };
  readonly memberships: {
    readonly of: (personId: string) => Promise<{ readonly tier: string } | null>;
  };
  readonly cards: {
    readonly of: (
      personId: string,
    ) => Promise<{ readonly card: { readonly mark: string } | null } | null>;
  };
  /** Keeps an address from being guessed back from what stands in the log. */
  readonly nonceOf: (...words: readonly string[]) => string;
};

/** `asked`: what the drop wants to be shown; what it doesn't want isn't looked up. */
export const entrants =
  ({ accounts, memberships, cards, nonceOf }: EntrantDesk) =>
  async (personId: string, asked: readonly EntryMark[]): Promise<Entrant> => {
    const [known, member, kept] = await Promise.all([
      accounts.person(personId),
      memberships.of(personId),
      asked.includes('card') ? cards.of(personId) : null,
    ]);
    const card = kept?.card?.mark ?? null;
    const email = known?.email ?? null;
    const identity = email && nonceOf('identity', plainAddress(email));
    return {
      tier: member?.tier ?? null,
      identity,
      marks: {
        ...(identity && known?.verified ? { 'verified-address': identity } : {}),
        ...(card === null ? {} : { card }),
      },
    };
  };
