// What the key of a log gives to a stream: pseudonyms of people, and a salt for the hidden part of each
// event. Derived, never stored: the key stands in the database and goes with its backups. Whoever learns
// one pseudonym or one salt learns nothing about another.

import { hash } from 'node:crypto';
import type { StreamId } from '../base/brand.ts';

export interface StreamSecrets {
  /** The pseudonym of a person in this stream: 22 letters of base64url, the same for the same scope. */
  pseudonymOf(scope: string, person: string): string;
  /** 64 hex digits for the hidden part of the event at `seq`. */
  saltOf(seq: number): string;
}

/** 132 bits: no two people of a crowd meet. */
const pseudonymLetters = 22;

/** For as long as a batch or a page: what was worked out is remembered, and forgotten with it. */
export const streamSecrets = (key: string, stream: StreamId): StreamSecrets => {
  const streamKey = hash('sha256', `${key}\n${stream}`, 'hex');
  const pseudonyms = new Map<string, string>();
  return {
    pseudonymOf(scope, person) {
      const who = `${scope}:${person}`;
      const known = pseudonyms.get(who);
      if (known !== undefined) return known;
      const pseudonym = hash('sha256', streamKey + who, 'base64url').slice(0, pseudonymLetters);
      pseudonyms.set(who, pseudonym);
      return pseudonym;
    },
    saltOf: (seq) => hash('sha256', `${streamKey}${seq}`, 'hex'),
  };
};
