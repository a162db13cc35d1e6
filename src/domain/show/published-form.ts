// What a show's log says to strangers: for each kind of event the members of its data that are published,
// with people under a pseudonym, and whether the one who caused it gets a receipt. Everything else of the data
// is withheld: it stands in the log under a salted hash. A kind that isn't here is withheld whole. The rule
// it guards: nothing becomes public because somebody forgot to think of it. Rules: docs/rules/receipt.md.

import type { PersonId } from '../../base/brand.ts';
import type { JsonObject } from '../../base/json.ts';
import type { ShowEvent } from './show.ts';

/**
 * Where a pseudonym holds. A person’s words in the room stand beside their name, so that the pseudonym of the
 * `room` is no secret. What they take stands under one for each offer, lot or drop (`purchase`): so that
 * anybody can count what one person took of it, and who said in the chat that they take one thing doesn't
 * show everything else that they bought. What else they do in the `sale` (bids, entries) stands under a third.
 */
export type PseudonymScope = 'room' | 'sale' | 'purchase';

/** The pseudonym of a person in this show, in the scope of the event's kind. */
export type PseudonymOf = (person: PersonId) => string;

export type PublishedForm<Data> = {
  readonly scope: PseudonymScope;
  /** The published members. Names are those of `data`; a member that is left out or changed is withheld. */
  readonly open: (
    data: Data,
    pseudonym: PseudonymOf,
  ) => { readonly [Member in keyof Data]?: unknown };
  /** Whoever gave the command gets a signed receipt of this event. */
  readonly receipt: boolean;
};

type DataOf<Kind extends ShowEvent['kind']> = Extract<ShowEvent, { kind: Kind }>['data'];

const whole = { scope: 'sale', open: (data: object) => data, receipt: false } as const;
const purchase = { ...whole, scope: 'purchase' } as const;

type OfPerson = { readonly personId: PersonId };
const named = <Data extends OfPerson>(data: Data, pseudonym: PseudonymOf) => ({
  ...data,
  personId: pseudonym(data.personId),
});
/** An order is between buyer and shop. */
const withoutOrder = <Data extends { readonly orderId: unknown }>({ orderId, ...open }: Data) =>
  open;
const byComment = <Id>({
  offerId,
  variantId,
  quantity,
  holdId,
}: {
  readonly offerId: Id;
  readonly variantId: unknown;
  readonly quantity: number;
  readonly holdId: unknown;
}) => ({ offerId, variantId, quantity, holdId });
const plan = {
  ...whole,
  open: ({ plan: { hostId, ...rest } }: DataOf<'ShowPlanned'>, pseudonym: PseudonymOf) => ({
    plan: { ...rest, hostId: pseudonym(hostId) },
  }),
};

export const publishedForms: {
  readonly [Kind in ShowEvent['kind']]: PublishedForm<DataOf<Kind>>;
} = {
  ShowPlanned: plan,
  PlanChanged: plan,
  WatchByChosen: whole,
  CoverChosen: whole,
  ShowCancelled: { ...whole, open: () => ({}) },
  ShowStarted: whole,
  ShowEnded: whole,
  DisclosureSaid: whole,
  PictureChanged: whole,
  RecordingAttached: whole,
  // Why is said on the page; how the owner puts it stays in the house.
  RecordingDropped: { ...whole, open: ({ why }) => ({ why }) },
  ClipAttached: whole,
  ClipFailed: whole,
  // Who it is, and the link, are personal; the order in which people came and went is the show's.
  GuestInvited: whole,
  GuestJoined: whole,
  GuestAdmitted: whole,
  GuestMuted: whole,
  GuestUnmuted: whole,
  GuestRemoved: whole,
  GuestLeft: whole,
  ClipRemoved: { ...whole, open: ({ clipId, why }) => ({ clipId, why }) },
  // Without the crew's notes, and without what is ready to fire: a price is public when its offer opens.
  SegmentsArranged: {
    ...whole,
    open: ({ segments }) => ({ segments: segments.map(({ notes, cues, ...segment }) => segment) }),
  },
  SegmentEntered: whole,
  ShelfStocked: whole,
  ProductPinned: whole,
  OfferRequested: whole,
  OfferAllocated: whole,
  OfferOpened: whole,
  // What the stock could have given is the shop's own business.
  OfferRefused: { ...whole, open: ({ offerId, variantId }) => ({ offerId, variantId }) },
  OfferClosed: whole,
  UnitsReleased: whole,
  HoldPlaced: { ...purchase, open: named, receipt: true },
  HoldReleased: { ...purchase, open: named },
  HoldExpired: { ...purchase, open: named },
  PaymentBegun: { ...purchase, open: withoutOrder },
  PaymentAbandoned: { ...purchase, open: withoutOrder },
  HoldSettled: { ...purchase, open: (data, pseudonym) => withoutOrder(named(data, pseudonym)) },
  LotPrepared: whole,
  LotWithdrawn: whole,
  LotCalled: whole,
  LotRefused: { ...whole, open: ({ lotId }) => ({ lotId }) },
  LotOpened: whole,
  BidPlaced: { ...whole, receipt: true },
  BidUndone: { ...whole, receipt: true },
  LotPaused: whole,
  LotResumed: whole,
  LotExtended: whole,
  LotTaken: { ...whole, receipt: true },
  LotHammered: whole,
  MaximaRevealed: whole,
  LotCancelled: whole,
  SecondChanceOffered: whole,
  LotRunChanged: whole,
  LotRunStopped: whole,
  AllowanceMeasured: whole,
  BuyerBarred: { ...whole, open: () => ({}) },
  DropAnnounced: whole,
  DropRefused: { ...whole, open: ({ dropId }) => ({ dropId }) },
  DropEntered: { ...whole, receipt: true },
  DropLeft: whole,
  DropOpened: whole,
  DropServed: whole,
  DropClosed: whole,
  CommentClaimsSwitched: whole,
  // Each stands right behind its message, which everybody saw: what its pseudonym leads to is this offer alone.
  CommentClaimed: { ...purchase, open: byComment },
  CommentUnclear: { ...whole, scope: 'room', open: () => ({}) },
  CommentRefused: { ...purchase, open: ({ offerId, reason }) => ({ offerId, reason }) },
  CommentWaiting: { ...purchase, open: byComment, receipt: true },
  CommentServed: purchase,
  CommentLineLeft: purchase,
  MessagePosted: { ...whole, scope: 'room', open: named },
  MessageRemoved: {
    ...whole,
    scope: 'room',
    open: ({ messageId, by }, pseudonym) => ({ messageId, by: by && pseudonym(by) }),
  },
  CaptionSaid: { ...whole, scope: 'room' },
  ReactionsCounted: whole,
  PollOpened: whole,
  Voted: { ...whole, open: named },
  PollClosed: whole,
};

/** The form of a kind, in words of the log; undefined for a kind that a show doesn't know. */
export const publishedFormOf = (kind: string): PublishedForm<JsonObject> | undefined =>
  Object.hasOwn(publishedForms, kind)
    ? (publishedForms[kind as ShowEvent['kind']] as unknown as PublishedForm<JsonObject>)
    : undefined;

const receiptKinds: ReadonlySet<string> = new Set(
  Object.entries(publishedForms).flatMap(([kind, { receipt }]) => (receipt ? [kind] : [])),
);

/**
 * Whether the sender of an event's command gets a receipt of it. A hold that somebody's command leads to may
 * be another person's: whoever gives a unit back gives it to the next in the line.
 */
export const isReceipted = ({
  kind,
  by = null,
  data = {},
}: {
  readonly kind: string;
  readonly by?: string | null;
  readonly data?: unknown;
}): boolean => {
  const { personId = by } = data as { readonly personId?: string | null };
  return receiptKinds.has(kind) && personId === by;
};
