// Claiming by comment on the wire: the code words of an offer, and what the shop answers to the author of a
// comment alone.

import type { Money } from '../base/money.ts';
import type { Problem } from './problems.ts';

export type RoomCommentTerms = {
  readonly policy: 'hold' | 'first-paid' | 'waitlist';
  readonly codes: readonly { readonly variantId: string; readonly word: string }[];
};

/** Something that a comment was about. */
export type CommentedUnits = {
  readonly offerId: string;
  readonly variantId: string;
  readonly title: string;
  readonly quantity: number;
};

export type CommentAnswer =
  /** Held: the hold with its clock is among one's own. */
  | ({ readonly says: 'held'; readonly holdId: string } & CommentedUnits)
  /** Nothing is kept: whoever pays first gets it. */
  | ({ readonly says: 'pay'; readonly unitPrice: Money } & CommentedUnits)
  | ({ readonly says: 'waiting'; readonly holdId: string; readonly place: number } & CommentedUnits)
  /** The turn of one who waited has come. */
  | ({ readonly says: 'served'; readonly holdId: string } & CommentedUnits)
  | ({
      readonly says: 'line-left';
      readonly holdId: string;
      readonly reason: 'own' | 'closed' | 'sold-out' | 'barred' | 'limit' | 'erased';
    } & CommentedUnits)
  | ({ readonly says: 'refused'; readonly problem: Problem } & CommentedUnits)
  | {
      readonly says: 'unclear';
      readonly reason: 'several' | 'question' | 'quantity' | 'words';
      /** What to write instead, for what. */
      readonly codes: readonly { readonly word: string; readonly title: string }[];
    };

/** A line from the shop to one person, in its place in the chat. */
export type CommentReply = {
  /** Of the event; no two replies to a person share it. */
  readonly seq: number;
  readonly atMs: number;
  readonly answer: CommentAnswer;
};
