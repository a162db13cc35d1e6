// What the crowd reads for the closed lists of base/words.ts.

export const kindWords: Readonly<Record<string, string>> = {
  demonstration: 'Demonstration',
  entertainment: 'Entertainment',
  auction: 'Auction and flash',
  workshop: 'Workshop',
};

/** Who may come in; nothing is said where everybody may. */
export const accessWords: Readonly<Record<string, string | undefined>> = {
  ticket: 'with a ticket',
  members: 'for members',
};

export const beatWords: Readonly<Record<string, string>> = {
  hook: 'Opening',
  backstory: 'Backstory',
  demo: 'Demonstration',
  proof: 'Proof',
  questions: 'Question time',
  offer: 'Offer',
  community: 'Together',
  break: 'Break',
};
