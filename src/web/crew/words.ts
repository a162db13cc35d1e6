// The closed words of the shop as the crew reads them. A word means the same in studio and office.

import type { Beat, Disclosure, ShowKind } from '../../base/words.ts';

export const beatWords: Record<Beat, string> = {
  hook: 'Hook',
  backstory: 'Backstory',
  demo: 'Demo',
  proof: 'Proof',
  questions: 'Question time',
  offer: 'Offer',
  community: 'Community',
  break: 'Break',
};

export const kindWords: Record<ShowKind, string> = {
  demonstration: 'Demonstration',
  entertainment: 'Entertainment',
  auction: 'Auction and flash',
  workshop: 'Workshop',
};

export const kindPromises: Record<ShowKind, string> = {
  demonstration: 'Show how it is made and used, then offer it.',
  entertainment: 'An evening with a theme; the crowd decides what comes.',
  auction: 'Pieces with a provenance, round by round.',
  workshop: 'Make something together, and sell the kit.',
};

export const disclosureWords: Record<Disclosure, string> = {
  'own-brand': 'Own brand',
  'paid-partnership': 'Paid partnership',
  affiliate: 'Affiliate',
  gift: 'Gifted',
  none: 'No stake',
};

export const disclosureHints: Record<Disclosure, string> = {
  'own-brand': 'You sell what you make or own.',
  'paid-partnership': 'A brand pays you for this show.',
  affiliate: 'You earn a share of each sale.',
  gift: 'You were given what you show.',
  none: 'You gain nothing from what is sold.',
};

/** The word for a beat that may be newer than this page. */
export const beatWord = (beat: string): string => beatWords[beat as Beat] ?? beat;
export const kindWord = (kind: string): string => kindWords[kind as ShowKind] ?? kind;
export const disclosureWord = (disclosure: string): string =>
  disclosureWords[disclosure as Disclosure] ?? disclosure;
