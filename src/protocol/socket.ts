// What travels on a show's socket (`/api/shows/{show}/live`), both ways. No schemas: the browser takes
// these types without taking the schemas that the server checks messages with (client-messages.ts).

import type { Money } from '../base/money.ts';
import type { WatchWay } from '../base/words.ts';
import type { CommentReply } from './comment-claim.ts';
import type { Problem } from './problems.ts';
import type { Receipt } from './receipt.ts';
import type { Room, RoomMessage } from './room.ts';
import type { MyVote } from './room-poll.ts';

/** Where a client stands: everything up to here has been applied, in each lane. */
export type Position = { readonly epoch: number; readonly fast: number; readonly slow: number };

export type ClientMessage =
  /**
   * First on every connection. With a position of this epoch the server sends only what is missing.
   * Sent again on an open connection it asks to start over.
   */
  | { readonly t: 'hello'; readonly position?: Position | undefined }
  | {
      readonly t: 'chat';
      readonly id: string;
      readonly text: string;
      readonly replyTo?: string | undefined;
    }
  | { readonly t: 'react'; readonly reaction: string; readonly count: number }
  | {
      readonly t: 'claim';
      readonly id: string;
      readonly offerId: string;
      readonly variantId: string;
      readonly quantity: number;
      /** The buyer was asked about an amount above their own threshold and said yes. */
      readonly confirmed?: boolean | undefined;
    }
  /** A maximum on a lot. */
  | {
      readonly t: 'bid';
      readonly id: string;
      readonly lotId: string;
      readonly maxMinor: number;
      readonly currency: string;
      /** The bidder was asked about an unusual amount, or one above their own threshold, and said yes. */
      readonly confirmed?: boolean | undefined;
    }
  | { readonly t: 'undo-bid'; readonly id: string; readonly lotId: string; readonly bidId: string }
  /** A Dutch lot at its price now, or an English one at its buy-now. */
  | {
      readonly t: 'take';
      readonly id: string;
      readonly lotId: string;
      readonly priceMinor: number;
      readonly currency: string;
      readonly confirmed?: boolean | undefined;
    }
  /** Into a drop's line or a giveaway; `words` are chance of this device. */
  | {
      readonly t: 'enter';
      readonly id: string;
      readonly dropId: string;
      readonly variantId: string;
      readonly quantity: number;
      readonly words: string;
    }
  | { readonly t: 'leave'; readonly id: string; readonly dropId: string }
  /** Out of the line of those who wait for a unit that a comment claimed. */
  | {
      readonly t: 'leave-line';
      readonly id: string;
      readonly offerId: string;
      readonly variantId: string;
    }
  | { readonly t: 'release'; readonly id: string; readonly holdId: string }
  | {
      readonly t: 'ping';
      readonly sentMs: number;
      readonly pictureDelayMs?: number | undefined;
      /** By which way the picture comes that stands on the page; absent: none does. */
      readonly watchBy?: WatchWay | undefined;
    };

export type You = {
  readonly personId: string;
  readonly name: string;
  readonly role: 'owner' | 'host' | 'moderator' | 'shopper';
  readonly guest: boolean;
  /** Absent or null: none. One that is over by the clock counts no more, see `tierOf`. */
  readonly membership?: { readonly tier: string; readonly untilMs: number | null } | null;
};

/** The tier that somebody has at a moment; null: they are no member. */
export const tierOf = (you: Pick<You, 'membership'> | null, atMs: number): string | null => {
  const membership = you?.membership;
  if (!membership || (membership.untilMs !== null && membership.untilMs <= atMs)) return null;
  return membership.tier;
};

/** A hold as its owner sees it. */
export type MyHold = {
  readonly holdId: string;
  /** The stream that keeps it: the show's, or the variant's stock for a hold from the shelf. */
  readonly stream: string;
  readonly offerId: string | null;
  readonly productId: string;
  readonly variantId: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly expiresAtMs: number;
  readonly paying: boolean;
};

/** Somebody's own standing in a lot. Whether they lead, the lot's figures say. */
export type MyBid = {
  readonly lotId: string;
  /** Under which everybody sees them, in this show. */
  readonly alias: number;
  /** Their maximum; null when no bid of theirs stands. */
  readonly max: Money | null;
  /** Bids of the lot when this was said: figures of a lot with fewer are older than this, with more newer. */
  readonly bids: number;
  /** Their latest bid, while it may be undone: no longer once somebody has bid since. */
  readonly undo: { readonly bidId: string; readonly untilMs: number } | null;
};

/** Somebody's own entry in a drop. */
export type MyEntry = {
  readonly dropId: string;
  /** The number that the public knows of it. */
  readonly entry: number;
  readonly variantId: string;
  readonly quantity: number;
  readonly state: 'waiting' | 'served' | 'left';
  /**
   * The place in the line of this variant, from 1; null before the line is made. Those before it are
   * `place - 1 - served` at most (DropVariantFigures).
   */
  readonly place: number | null;
};

/** To one person alone. */
export type PersonalMessage =
  | { readonly t: 'entry'; readonly entry: MyEntry }
  | { readonly t: 'bid'; readonly bid: MyBid }
  | { readonly t: 'vote'; readonly vote: MyVote }
  | { readonly t: 'hold'; readonly hold: MyHold }
  /** What became of one's own comment. */
  | { readonly t: 'reply'; readonly reply: CommentReply }
  | {
      readonly t: 'hold-ended';
      readonly holdId: string;
      readonly reason: 'expired' | 'released' | 'paid';
      readonly orderId: string | null;
    };

/** To the crew alone. */
export type CrewMessage =
  /** What became of a message in the chat. */
  | {
      readonly t: 'comment';
      readonly seq: number;
      readonly messageId: string;
      readonly outcome: 'held' | 'pay' | 'waiting' | 'refused' | 'unclear';
      readonly quantity: number;
      readonly title: string;
      /** Why it was refused. */
      readonly reason: string | null;
    }
  | {
      readonly t: 'claimed';
      readonly seq: number;
      readonly atMs: number;
      readonly name: string;
      readonly title: string;
      readonly quantity: number;
      /** Of all units together. */
      readonly price: Money;
    }
  | {
      readonly t: 'sold';
      readonly seq: number;
      readonly atMs: number;
      readonly title: string;
      readonly quantity: number;
      /** Of all units together. */
      readonly price: Money;
      readonly orderId: string;
    }
  | {
      readonly t: 'expired';
      readonly seq: number;
      readonly atMs: number;
      readonly title: string;
      readonly quantity: number;
    }
  | {
      readonly t: 'lot-refused';
      readonly seq: number;
      readonly lotId: string;
      readonly title: string;
      readonly available: number;
    }
  | {
      readonly t: 'second-chance';
      readonly seq: number;
      readonly atMs: number;
      readonly lotId: string;
      readonly title: string;
      readonly price: Money;
    }
  | { readonly t: 'lot-run'; readonly seq: number; readonly lotIds: readonly string[] }
  | {
      readonly t: 'drop-refused';
      readonly seq: number;
      readonly dropId: string;
      readonly title: string;
      readonly available: number;
    }
  | {
      readonly t: 'offer-pending';
      readonly seq: number;
      readonly offerId: string;
      readonly title: string;
    }
  | {
      readonly t: 'offer-refused';
      readonly seq: number;
      readonly offerId: string;
      readonly variantId: string;
      readonly available: number;
    };

/** The running figures of a show for its crew, folded from the log. */
export type Pulse = {
  readonly viewers: number;
  readonly viewersPeak: number;
  readonly messages: number;
  readonly messagesPerMinute: number;
  readonly claims: number;
  readonly soldUnits: number;
  readonly sales: readonly Money[];
  readonly buyers: number;
};

export type ServerMessage =
  /**
   * Answer to hello, and unasked when a slow reader fell too far behind. `room` is null when the position
   * was good: only what follows is missing. Otherwise the client starts again from `room`, and both
   * lanes stand at `seq`.
   */
  | {
      readonly t: 'welcome';
      readonly atMs: number;
      readonly epoch: number;
      readonly seq: number;
      readonly you: You | null;
      readonly room: Room | null;
      readonly holds: readonly MyHold[];
      readonly bids: readonly MyBid[];
      readonly entries: readonly MyEntry[];
      readonly replies: readonly CommentReply[];
      /** One's own choice in the poll that is open, or was the last; null: none. */
      readonly vote: MyVote | null;
      readonly pulse: Pulse | null;
      /** For the crew: the newest of what it was told, oldest first, instead of what the page has. */
      readonly crew: readonly CrewMessage[] | null;
      /** Chat lines that may be missing between the client's position and this window. */
      readonly chatGap: boolean;
    }
  /**
   * All that became visible since the last frame of its lane. A message whose seq isn't above the
   * client's place in the lane was seen before; after the frame the place is `to`.
   */
  | {
      readonly t: 'frame';
      readonly atMs: number;
      readonly lane: 'fast' | 'slow';
      readonly to: number;
      readonly m: readonly RoomMessage[];
      /** Chat lines that were left out of this frame because the room writes faster than anyone reads. */
      readonly shed?: number;
    }
  | {
      readonly t: 'crew';
      readonly atMs: number;
      readonly m: readonly CrewMessage[];
      readonly pulse: Pulse;
    }
  | { readonly t: 'you'; readonly atMs: number; readonly m: readonly PersonalMessage[] }
  /** The answer to a message with an id: done (with its place in the log) or refused. */
  | {
      readonly t: 'done';
      readonly id: string;
      readonly atMs: number;
      readonly seq: number;
      readonly hash: string;
      readonly holdId?: string;
      /** Signed, for what leads to an event with a receipt: a claim, a bid. */
      readonly receipt?: Receipt;
    }
  | { readonly t: 'refused'; readonly id: string; readonly atMs: number; readonly problem: Problem }
  | { readonly t: 'pong'; readonly sentMs: number; readonly atMs: number };

/**
 * The reason that comes with a close code below 4100: `retryMs=1840`. The server spreads its clients
 * by it, so that they don't all come back in the same second.
 */
export const closeReason = (retryMs: number): string => `retryMs=${Math.round(retryMs)}`;

/** How long to wait before opening the socket again; null when the reason doesn't say. */
export const retryMsOf = (reason: string): number | null => {
  const match = /^retryMs=(\d{1,7})$/.exec(reason);
  return match ? Number(match[1]) : null;
};
