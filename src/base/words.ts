// Closed lists of names that the log, the wire and the screens share. A word stands here once, so that
// it can't mean two things; what each means is in docs/glossary.md.

export const roles = ['owner', 'host', 'moderator', 'shopper'] as const;
export type Role = (typeof roles)[number];

export const showKinds = ['demonstration', 'entertainment', 'auction', 'workshop'] as const;
export type ShowKind = (typeof showKinds)[number];

/** What the host's stake in the goods is; shown for as long as the show is. */
export const disclosures = ['own-brand', 'paid-partnership', 'affiliate', 'gift', 'none'] as const;
export type Disclosure = (typeof disclosures)[number];

/** The way by which viewers are given the picture first; the other is there when that one fails. */
export const watchWays = ['webrtc', 'hls'] as const;
export type WatchWay = (typeof watchWays)[number];

/** Story beats of a run of show. */
export const beats = [
  'hook',
  'backstory',
  'demo',
  'proof',
  'questions',
  'offer',
  'community',
  'break',
] as const;
export type Beat = (typeof beats)[number];

export const reactions = ['heart', 'clap', 'wow', 'laugh', 'fire'] as const;
export type Reaction = (typeof reactions)[number];
