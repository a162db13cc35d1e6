// What is said of a host's stake in the goods: the label over the picture and the plain sentence behind it. A closed
// list of words, so that nobody writes a softer one. Rules: docs/rules/disclosure.md.

import type { Disclosure } from './words.ts';

/** One label with what stands behind it. */
export type DisclosureLabel = {
  readonly disclosure: Disclosure;
  /** A few words, to stand over a picture. */
  readonly words: string;
  /** The same as a whole sentence, for whoever asks. */
  readonly sentence: string;
  /** Who pays, for a partnership whose partner is named. */
  readonly partner?: string;
};

/** [DIS-7] The host's name stands in the sentence: who has the stake is part of it. */
const sayings: Readonly<
  Record<Disclosure, { readonly words: string; readonly sentence: (host: string) => string }>
> = {
  'paid-partnership': {
    words: 'Paid partnership',
    sentence: (host) => `${host} is paid by a brand to show this. It is advertising.`,
  },
  affiliate: {
    words: 'Earns commission',
    sentence: (host) => `${host} earns a share of what you buy here.`,
  },
  gift: {
    words: 'Gifted',
    sentence: (host) => `${host} was given what is shown here and did not pay for it.`,
  },
  'own-brand': {
    words: 'Own brand',
    sentence: (host) => `${host} sells goods that they make or own.`,
  },
  none: {
    words: 'No stake',
    sentence: (host) => `${host} gains nothing from what is sold here.`,
  },
};

/** The weightiest first: where several hold, none hides another. */
export const byWeight: readonly Disclosure[] = [
  'paid-partnership',
  'affiliate',
  'gift',
  'own-brand',
];

/** [DIS-2] What tells people that the host earns when they buy. */
export const coversCommission = (disclosure: string | null | undefined): boolean =>
  disclosure === 'affiliate' || disclosure === 'paid-partnership';

/**
 * [DIS-4] What holds at a moment: the show's, the segment's and, while a product from which the host earns is shown,
 * that they earn. The weightiest first; empty where the host has no stake. `none` takes nothing away.
 */
export const inForce = ({
  show,
  segment,
  earns,
}: {
  readonly show: string;
  readonly segment?: string | null | undefined;
  readonly earns: boolean;
}): readonly Disclosure[] => {
  const said = new Set([show, segment]);
  if (earns && !coversCommission(show) && !coversCommission(segment)) said.add('affiliate');
  return byWeight.filter((one) => said.has(one));
};

/**
 * The label of a disclosure. [DIS-9] `partner`: on whose behalf it is made, where that was written down
 * (Directive 2000/31/EC, Article 6(b)).
 */
export const labelOf = (
  disclosure: Disclosure,
  host: string,
  partner: string | null = null,
): DisclosureLabel => {
  const { words, sentence } = sayings[disclosure];
  const who = host || 'The host';
  if (disclosure !== 'paid-partnership' || !partner)
    return { disclosure, words, sentence: sentence(who) };
  return {
    disclosure,
    words: `${words} with ${partner}`,
    sentence: `${who} is paid by ${partner} to show this. It is advertising.`,
    partner,
  };
};

/** What a host can say aloud: short, in their own voice. */
export const aloudOf = ({ disclosure, partner }: DisclosureLabel): string =>
  partner ? `I am paid by ${partner} for this show.` : aloud[disclosure];

const aloud: Readonly<Record<Disclosure, string>> = {
  'paid-partnership': 'I am paid by a brand for this show.',
  affiliate: 'I earn a share of what you buy here.',
  gift: 'What I show here was given to me.',
  'own-brand': 'What I sell here is our own.',
  none: '',
};
