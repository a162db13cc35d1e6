// The room as the crowd sees it, and the messages that change it. The server folds the messages into a
// room to greet newcomers; the browser folds the same messages with the same function. So a snapshot
// plus what follows always equals what somebody saw who was there from the start.
// Secrets (addresses, e-mails, other people's holds) have no word here: they can't be sent.

import { assertNever } from '../base/assert.ts';
import { crowdLimits } from '../base/crowd-limits.ts';
import type { Money } from '../base/money.ts';
import type { WatchWay } from '../base/words.ts';
import type { RoomCommentTerms } from './comment-claim.ts';
import type { LotFigures, RoomLot } from './room-lot.ts';
import type { RoomPoll } from './room-poll.ts';

export type RoomVariant = {
  readonly variantId: string;
  readonly title: string;
  readonly price: Money;
};

export type RoomProvenance = {
  readonly maker: string;
  readonly origin: string;
  readonly materials: string;
  readonly serialNumber: string;
  readonly certificate: string;
  readonly condition: string;
  readonly story: string;
};

export type RoomItem = {
  readonly productId: string;
  readonly title: string;
  readonly imageUrl: string | null;
  readonly variants: readonly RoomVariant[];
  readonly provenance: RoomProvenance | null;
  /** The host earns commission from it: said while it is shown (docs/rules/disclosure.md). */
  readonly hostEarns?: true;
};

/** True figures of one variant: what can be bought now, what waits in carts. */
export type StockFigures = { readonly available: number; readonly inCarts: number };

export type RoomOfferVariant = RoomVariant & {
  /** The lowest price of the 30 days before; a bargain only where it is above `price`. */
  readonly usualPrice: Money;
  /** What members pay; absent: the same as everybody. */
  readonly membersPrice?: Money;
  /** Of a bundle: what one is made of. */
  readonly parts?: readonly { readonly title: string; readonly quantity: number }[];
  readonly quantity: number;
};

export type OfferFigures = {
  readonly left: number;
  readonly inCarts: number;
  readonly sold: number;
};

export type RoomOffer = {
  readonly offerId: string;
  readonly productId: string;
  readonly title: string;
  readonly variants: readonly RoomOfferVariant[];
  readonly perPersonMax: number | null;
  readonly holdMs: number;
  readonly openedAtMs: number;
  readonly closesAtMs: number;
  /** By variant id. */
  readonly figures: Readonly<Record<string, OfferFigures>>;
  /** Code words that claim it in the chat. */
  readonly comments?: RoomCommentTerms;
};

/** Of one variant of a drop: units, and how many of its line were passed. */
export type DropVariantFigures = OfferFigures & { readonly served: number };

/** What changes of a drop; always all of it. */
export type DropFigures = {
  readonly phase: 'announced' | 'open' | 'closed' | 'refused' | 'cancelled';
  readonly isReady: boolean;
  /** People who entered and wait. */
  readonly waiting: number;
  readonly openedAtMs: number | null;
  readonly closesAtMs: number | null;
  readonly variants: Readonly<Record<string, DropVariantFigures>>;
  readonly reason: string | null;
};

/** An address that was proven by a letter, a card on file (docs/rules/drop.md, DRO-17). */
export type OncePer = 'verified-address' | 'card';

export type RoomDrop = {
  readonly dropId: string;
  readonly productId: string;
  readonly title: string;
  readonly variants: readonly RoomOfferVariant[];
  readonly order: 'queue' | 'draw';
  readonly isGiveaway: boolean;
  readonly opensAtMs: number | null;
  readonly durationMs: number;
  readonly holdMs: number;
  readonly perPersonMax: number;
  readonly earlyAccess: readonly { readonly tier: string; readonly earlierMs: number }[];
  readonly needsAccount: boolean;
  /** What an entrant must show, each good for one entry; absent: nothing. */
  readonly oncePer?: readonly OncePer[];
  readonly seedCommitments: readonly string[];
  readonly figures: DropFigures;
};

export type RoomSegment = {
  readonly segmentId: string;
  readonly title: string;
  readonly beat: string;
  readonly minutes: number;
  readonly productIds: readonly string[];
  /** Said of the host's stake while it runs, beside what the show says. */
  readonly disclosure?: string;
};

/** A segment and when it was entered. */
export type RoomVisit = { readonly segmentId: string; readonly atMs: number };

export type ChatLine = {
  readonly seq: number;
  readonly atMs: number;
  readonly messageId: string;
  readonly personId: string;
  readonly name: string;
  readonly text: string;
  readonly role: 'owner' | 'host' | 'moderator' | 'shopper';
  readonly replyTo: string | null;
  /** Their first message in this show. */
  readonly first: boolean;
};

/** What was said, written down. It had been spoken for `spokenMs` at `atMs`. */
export type CaptionLine = {
  readonly seq: number;
  readonly atMs: number;
  readonly text: string;
  /** BCP 47. */
  readonly language: string;
  readonly spokenMs: number;
};

export type RoomPlan = {
  readonly title: string;
  readonly showKind: string;
  readonly startsAtMs: number;
  readonly hostId: string;
  readonly hostName: string;
  readonly shopName: string;
  readonly disclosure: string;
  readonly isDemo: boolean;
  /** How long the evening is meant to be. Absent: as long as its segments. */
  readonly minutes?: number;
  /** Absent: everybody. */
  readonly access?: RoomAccess;
  /** Absent: none. */
  readonly materials?: readonly RoomMaterial[];
  /** The way that the page tries first. Absent: by WebRTC. */
  readonly watchBy?: WatchWay;
  /** Where the show's own cover is. Absent: it has none. */
  readonly coverUrl?: string;
  /** Who pays for a paid partnership. Absent: nobody is named. */
  readonly partner?: string;
};

/** Who may watch and take part. */
export type RoomAccess =
  | { readonly for: 'everybody' }
  | { readonly for: 'ticket'; readonly productId: string; readonly variantId: string }
  | { readonly for: 'members'; readonly tier: string };

/** What to have at hand in a workshop; `productId` where the shop has it. */
export type RoomMaterial = {
  readonly title: string;
  readonly quantity: string;
  readonly note: string;
  readonly productId: string | null;
};

/** Somebody on stage, by the name that they gave; empty where it was erased. */
export type RoomGuest = { readonly guestId: string; readonly name: string };

export type RoomRecording = {
  readonly url: string;
  readonly posterUrl: string | null;
  readonly durationMs: number;
  readonly startedAtMs: number;
  /** Small pictures of its time line in one file; null or absent: none. */
  readonly previews?: RoomPreviews | null;
};

/** Row by row: picture `n` shows the moment `n * everyMs`. Sizes are those of one picture, in pixels. */
export type RoomPreviews = {
  readonly url: string;
  readonly everyMs: number;
  readonly count: number;
  readonly columns: number;
  readonly width: number;
  readonly height: number;
};

export type Room = {
  readonly showId: string;
  readonly phase: 'planned' | 'live' | 'ended' | 'cancelled';
  readonly plan: RoomPlan;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly picture: 'off' | 'on' | 'lost';
  /** When a lost picture stops being waited for; stays until it is back, absent while it was never lost. */
  readonly backByMs?: number;
  readonly segments: readonly RoomSegment[];
  readonly segmentId: string | null;
  readonly segmentSinceMs: number | null;
  /** Each entering of a segment, in order; the latest `segmentVisitsKept`. */
  readonly visits: readonly RoomVisit[];
  readonly shelf: readonly RoomItem[];
  readonly pinned: string | null;
  /** When the host last said aloud what their stake is. */
  readonly disclosedAtMs: number | null;
  /** By variant id, for everything on the shelf. */
  readonly stock: Readonly<Record<string, StockFigures>>;
  /** Whether the owner lets offers be claimed by comment. */
  readonly commentClaims: boolean;
  /** Open offers, oldest first. */
  readonly offers: readonly RoomOffer[];
  /** Lots that are prepared, running or over, in the order in which they were prepared. */
  readonly lots: readonly RoomLot[];
  /** Drops and giveaways, in the order in which they were announced. */
  readonly drops: readonly RoomDrop[];
  readonly chat: readonly ChatLine[];
  /** The latest; null where nothing is written down. */
  readonly caption: CaptionLine | null;
  /** The poll that is open, or the last one; absent: there was none. */
  readonly poll?: RoomPoll;
  readonly reactions: Readonly<Record<string, number>>;
  readonly viewers: number;
  readonly recording: RoomRecording | null;
  /** Who is on stage beside the host, in the order in which they came; absent: nobody was. */
  readonly guests?: readonly RoomGuest[];
  /** Why there is no recording any more; absent while there is one, or never was. */
  readonly recordingGone?: 'kept-long-enough' | 'by-the-shop';
};

/** Messages to everyone. `seq` is the event's place in the show's log; counted things have none. */
export type RoomMessage =
  | { readonly t: 'plan'; readonly seq: number; readonly plan: RoomPlan }
  | { readonly t: 'watch-by'; readonly seq: number; readonly watchBy: WatchWay }
  | { readonly t: 'cover'; readonly seq: number; readonly coverUrl: string | null }
  | {
      readonly t: 'phase';
      readonly seq: number;
      readonly phase: Room['phase'];
      readonly atMs: number;
    }
  | {
      readonly t: 'picture';
      readonly seq: number;
      readonly picture: Room['picture'];
      /** With `lost`. */
      readonly backByMs?: number;
    }
  | ({ readonly t: 'on-stage'; readonly seq: number } & RoomGuest)
  | { readonly t: 'off-stage'; readonly seq: number; readonly guestId: string }
  | { readonly t: 'segments'; readonly seq: number; readonly segments: readonly RoomSegment[] }
  | {
      readonly t: 'segment';
      readonly seq: number;
      readonly segmentId: string;
      readonly atMs: number;
    }
  | { readonly t: 'shelf'; readonly seq: number; readonly items: readonly RoomItem[] }
  | {
      readonly t: 'pin';
      readonly seq: number;
      readonly productId: string | null;
      readonly atMs: number;
    }
  | { readonly t: 'disclosed'; readonly seq: number; readonly atMs: number }
  | { readonly t: 'comment-claims'; readonly seq: number; readonly isOn: boolean }
  | { readonly t: 'offer-opened'; readonly seq: number; readonly offer: RoomOffer }
  | {
      readonly t: 'offer';
      readonly seq: number;
      readonly offerId: string;
      readonly variantId: string;
      readonly figures: OfferFigures;
    }
  | {
      readonly t: 'offer-closed';
      readonly seq: number;
      readonly offerId: string;
      readonly reason: string;
    }
  | { readonly t: 'lot-prepared'; readonly seq: number; readonly lot: RoomLot }
  | {
      readonly t: 'lot';
      readonly seq: number;
      readonly lotId: string;
      readonly figures: LotFigures;
    }
  | { readonly t: 'drop-announced'; readonly seq: number; readonly drop: RoomDrop }
  /** Told at a pace of its own, so without a place in the log; the newest stands. */
  | {
      readonly t: 'drop';
      readonly dropId: string;
      readonly figures: DropFigures;
    }
  | { readonly t: 'stock'; readonly variantId: string; readonly figures: StockFigures }
  | ({ readonly t: 'chat' } & ChatLine)
  | ({ readonly t: 'caption' } & CaptionLine)
  | { readonly t: 'chat-removed'; readonly seq: number; readonly messageId: string }
  | { readonly t: 'poll'; readonly seq: number; readonly poll: RoomPoll }
  | {
      readonly t: 'poll-closed';
      readonly seq: number;
      readonly pollId: string;
      readonly tally: readonly number[];
      readonly atMs: number;
    }
  /** How the open poll stands: who misses one loses nothing. */
  | { readonly t: 'votes'; readonly pollId: string; readonly tally: readonly number[] }
  /** Totals since the show began: who misses one loses nothing. What is new is the difference. */
  | { readonly t: 'reactions'; readonly totals: Readonly<Record<string, number>> }
  | { readonly t: 'viewers'; readonly viewers: number }
  | {
      readonly t: 'recording';
      readonly seq: number;
      readonly recording: RoomRecording | null;
      readonly gone?: 'kept-long-enough' | 'by-the-shop';
    };

/** Messages that wait for the tick and may be shed; all others go at once and are never dropped. */
export const isSlow = (message: RoomMessage): boolean =>
  message.t === 'chat' ||
  message.t === 'chat-removed' ||
  message.t === 'reactions' ||
  message.t === 'votes' ||
  message.t === 'viewers';

export const emptyRoom = (showId: string, plan: RoomPlan): Room => ({
  showId,
  phase: 'planned',
  plan,
  startedAtMs: null,
  endedAtMs: null,
  picture: 'off',
  segments: [],
  segmentId: null,
  segmentSinceMs: null,
  visits: [],
  shelf: [],
  pinned: null,
  disclosedAtMs: null,
  stock: {},
  commentClaims: false,
  offers: [],
  lots: [],
  drops: [],
  chat: [],
  caption: null,
  reactions: {},
  viewers: 0,
  recording: null,
});

/** The room after a message. `chatMax` bounds the lines that are kept. */
export const applyMessage = (room: Room, message: RoomMessage, chatMax: number): Room => {
  switch (message.t) {
    case 'plan':
      return { ...room, plan: message.plan };
    case 'watch-by':
      return { ...room, plan: { ...room.plan, watchBy: message.watchBy } };
    case 'cover': {
      const { coverUrl: _, ...plan } = room.plan;
      const { coverUrl } = message;
      return { ...room, plan: { ...plan, ...(coverUrl === null ? {} : { coverUrl }) } };
    }
    case 'phase':
      return {
        ...room,
        phase: message.phase,
        startedAtMs: message.phase === 'live' ? message.atMs : room.startedAtMs,
        endedAtMs: message.phase === 'ended' ? message.atMs : room.endedAtMs,
        picture: message.phase === 'ended' ? 'off' : room.picture,
        ...(message.phase === 'ended' && room.guests ? { guests: [] } : {}),
      };
    case 'picture':
      return pictured(room, message);
    case 'on-stage': {
      const { guestId, name } = message;
      return { ...room, guests: [...(room.guests ?? []), { guestId, name }] };
    }
    case 'off-stage':
      return {
        ...room,
        guests: (room.guests ?? []).filter(({ guestId }) => guestId !== message.guestId),
      };
    case 'segments':
      return { ...room, segments: message.segments };
    case 'segment':
      return {
        ...room,
        segmentId: message.segmentId,
        segmentSinceMs: message.atMs,
        visits: [...room.visits, { segmentId: message.segmentId, atMs: message.atMs }].slice(
          -crowdLimits.segmentVisitsKept,
        ),
      };
    case 'shelf': {
      const variants = new Set(
        message.items.flatMap((item) => item.variants.map(({ variantId }) => variantId)),
      );
      const stock = Object.fromEntries(
        Object.entries(room.stock).filter(([variantId]) => variants.has(variantId)),
      );
      return { ...room, shelf: message.items, stock };
    }
    case 'pin':
      return { ...room, pinned: message.productId };
    case 'disclosed':
      return { ...room, disclosedAtMs: message.atMs };
    case 'comment-claims':
      return { ...room, commentClaims: message.isOn };
    case 'offer-opened':
      return {
        ...room,
        offers: [...room.offers.filter((o) => o.offerId !== message.offer.offerId), message.offer],
      };
    case 'offer':
      return {
        ...room,
        offers: room.offers.map((offer) =>
          offer.offerId === message.offerId
            ? { ...offer, figures: { ...offer.figures, [message.variantId]: message.figures } }
            : offer,
        ),
      };
    case 'offer-closed':
      return { ...room, offers: room.offers.filter((offer) => offer.offerId !== message.offerId) };
    case 'lot-prepared':
      return {
        ...room,
        lots: [...room.lots.filter(({ lotId }) => lotId !== message.lot.lotId), message.lot],
      };
    case 'lot':
      return {
        ...room,
        lots: room.lots.map((lot) =>
          lot.lotId === message.lotId ? { ...lot, figures: message.figures } : lot,
        ),
      };
    case 'drop-announced':
      return {
        ...room,
        drops: [...room.drops.filter(({ dropId }) => dropId !== message.drop.dropId), message.drop],
      };
    case 'drop':
      return {
        ...room,
        drops: room.drops.map((drop) =>
          drop.dropId === message.dropId ? { ...drop, figures: message.figures } : drop,
        ),
      };
    case 'stock':
      return { ...room, stock: { ...room.stock, [message.variantId]: message.figures } };
    case 'chat': {
      if (room.chat.some((line) => line.messageId === message.messageId)) return room;
      const { t: _, ...line } = message;
      return { ...room, chat: [...room.chat, line].slice(-chatMax) };
    }
    case 'caption': {
      const { t: _, ...caption } = message;
      return { ...room, caption };
    }
    case 'chat-removed':
      return { ...room, chat: room.chat.filter((line) => line.messageId !== message.messageId) };
    case 'poll':
      return { ...room, poll: message.poll };
    case 'votes':
    case 'poll-closed': {
      const { poll } = room;
      // What is closed stands for good, whatever comes late.
      if (poll?.pollId !== message.pollId || poll.closedAtMs !== null) return room;
      const closedAtMs = message.t === 'votes' ? null : message.atMs;
      return { ...room, poll: { ...poll, tally: message.tally, closedAtMs } };
    }
    case 'reactions':
      return { ...room, reactions: message.totals };
    case 'viewers':
      return { ...room, viewers: message.viewers };
    case 'recording':
      return {
        ...room,
        recording: message.recording,
        ...(message.gone ? { recordingGone: message.gone } : {}),
      };
    default:
      return assertNever(message, 'a room message that this version does not know');
  }
};

const pictured = (
  room: Room,
  { picture, backByMs }: Extract<RoomMessage, { t: 'picture' }>,
): Room => {
  if (picture === 'lost' && backByMs !== undefined) return { ...room, picture, backByMs };
  if (picture !== 'on') return { ...room, picture };
  const { backByMs: _, ...rest } = room;
  return { ...rest, picture };
};
