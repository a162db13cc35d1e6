// What a socket's message means as a command: to which stream, under which id. The ids are made from the
// person and the message's own id, so that a message sent again is the same command, here and over HTTP.

import {
  type BidId,
  type CommandId,
  type HoldId,
  type MessageId,
  type OfferId,
  type ShowId,
  type StreamId,
  showStream,
  type VariantId,
} from '../base/brand.ts';
import type { Money } from '../base/money.ts';
import { isCrew } from '../domain/decider.ts';
import { cleanText } from '../domain/room/chat.ts';
import { readComment } from '../domain/room/comment-claim.ts';
import { type EntryMark, entryMarks, type Marks } from '../domain/sale/drop.ts';
import type { Command, Outcome } from '../engine/contract.ts';
import type { Room } from '../protocol/room.ts';
import { type ClientMessage, tierOf, type You } from '../protocol/socket.ts';
import { commandIdFor } from './command-door.ts';
import { holdIdFor } from './hold-routes.ts';
import { offerPrice, type Spending, type Wish } from './spending.ts';
import { actorOf, type Person } from './visitor.ts';

/** The messages that are wishes of a signed-in person. */
export type WishMessage = Exclude<ClientMessage, { t: 'hello' | 'react' | 'ping' }>;

export type LiveCommand = {
  readonly stream: StreamId;
  readonly command: Command;
  readonly commandId: CommandId;
  /** The hold that it places, when it is accepted. */
  readonly holdId?: HoldId;
};

/** Sends what a message wishes, within the limits that its sender has set. */
export const sendWithin = (
  spending: Pick<Spending, 'promise' | 'timeRefusal'> | undefined,
  message: WishMessage,
  live: LiveCommand,
  about: { readonly showId: ShowId; readonly by: Person; readonly room: () => Room | null },
  send: () => Promise<Outcome>,
): Promise<Outcome> => {
  if (!spending) return send();
  const late = message.t === 'enter' ? spending.timeRefusal(about.by.id) : null;
  if (late) return Promise.resolve(late);
  const promised = promiseIn(message, live, about);
  return promised ? spending.promise(about.by, promised, send) : send();
};

/** What the message promises to pay when it is accepted; null: nothing. */
const promiseIn = (
  message: WishMessage,
  { stream, command, commandId, holdId }: LiveCommand,
  {
    showId,
    by,
    room,
  }: { readonly showId: ShowId; readonly by: Person; readonly room: () => Room | null },
): Wish | null => {
  if (message.t === 'chat') {
    const claimed = isCrew(by) ? null : claimedIn(room(), message.text);
    if (!claimed || command.kind !== 'PostMessage' || !command.holdId) return null;
    return {
      place: { stream, holdId: command.holdId },
      showId,
      ask: commandId,
      isConfirmed: false,
      unitPrice: () => claimed.unitPrice,
      unknown: 'offer-unknown',
      quantity: claimed.quantity,
      // The message stands, though its claim was refused.
      isPromised: (outcome) =>
        outcome.kind === 'done' &&
        outcome.events.some(({ kind }) => kind === 'HoldPlaced' || kind === 'CommentWaiting'),
    };
  }
  if (message.t !== 'claim' && message.t !== 'bid' && message.t !== 'take') return null;
  const place = { stream, holdId: holdId ?? (message.t === 'bid' ? message.lotId : commandId) };
  const isConfirmed = message.confirmed === true;
  const about = { place, showId, ask: commandId, isConfirmed };
  if (message.t === 'claim') {
    const { offerId, variantId, quantity } = message;
    const unitPrice = () => offerPrice(room(), offerId, variantId);
    return { ...about, unitPrice, unknown: 'offer-unknown', quantity };
  }
  const minor = message.t === 'bid' ? message.maxMinor : message.priceMinor;
  const unitPrice = () => ({ minor, currency: message.currency });
  return { ...about, unitPrice, unknown: 'lot-unknown', quantity: 1 };
};

/**
 * [CCL-10] What the show will take a comment for, as far as it promises money; null: for nothing that does. A
 * room that is a moment behind may miss one; then the buyer's limits stand before paying it.
 */
const claimedIn = (
  room: Room | null,
  text: string,
): { readonly unitPrice: Money; readonly quantity: number } | null => {
  if (!room?.commentClaims) return null;
  const prices = new Map<string, Money>();
  const words: string[] = [];
  for (const { comments, variants } of room.offers) {
    for (const { word, variantId } of comments?.codes ?? []) {
      words.push(word);
      const price = variants.find((variant) => variant.variantId === variantId)?.price;
      // Where whoever pays first gets it, a comment promises nothing.
      if (price && comments?.policy !== 'first-paid') prices.set(word, price);
    }
  }
  const reading = readComment(cleanText(text), words);
  const unitPrice = reading.kind === 'claim' ? prices.get(reading.word) : undefined;
  return reading.kind === 'claim' && unitPrice ? { unitPrice, quantity: reading.quantity } : null;
};

/** What a drop must know of a person: their tier, what their address comes down to (null for a guest), what they have shown. */
export type Entrant = {
  readonly tier: string | null;
  readonly identity: string | null;
  readonly marks: Marks;
};

/** What a drop asks its entrants to show; all that there is, where the room doesn't have it yet. */
export const askedOf = (room: Room | null, dropId: string): readonly EntryMark[] => {
  const drop = room?.drops.find((other) => other.dropId === dropId);
  return drop ? (drop.oncePer ?? []) : entryMarks;
};

/** Of whom nothing is known: no tier, and no address to count entries by. */
export const stranger: Entrant = { tier: null, identity: null, marks: {} };

/** What the translation needs to know besides the message. */
export type LivePlace = {
  readonly showId: ShowId;
  readonly you: You;
  readonly nowMs: number;
  readonly nonceOf: (...words: readonly string[]) => string;
  /** Who enters a drop. */
  readonly entrant: Entrant;
  /** Where a hold of this person is kept; undefined when they have none of that id. */
  readonly streamOfHold: (holdId: string) => string | undefined;
};

/** The command that a wish is; the same person and message id make the same command again. */
export const liveCommand = (message: WishMessage, place: LivePlace): LiveCommand => {
  const { showId, you, nonceOf } = place;
  const { id: personId } = actorOf(you);
  const stream = showStream(showId);
  switch (message.t) {
    case 'chat': {
      const commandId = commandIdFor(personId, 'message', message.id);
      const messageId = commandId as string as MessageId;
      const replyTo = (message.replyTo ?? null) as MessageId | null;
      const command: Command = {
        kind: 'PostMessage',
        messageId,
        text: message.text,
        replyTo,
        // Of its own: a message's id is known to the whole room.
        holdId: commandIdFor(personId, 'comment hold', message.id) as string as HoldId,
        tier: tierOf(you, place.nowMs),
      };
      return { stream, command, commandId };
    }
    case 'claim': {
      const holdId = holdIdFor(you.personId, message.id);
      const { quantity } = message;
      const offerId = message.offerId as OfferId;
      const variantId = message.variantId as VariantId;
      const tier = tierOf(you, place.nowMs);
      const command: Command = { kind: 'Claim', offerId, variantId, quantity, holdId, tier };
      return { stream, command, commandId: holdId as string as CommandId, holdId };
    }
    case 'bid': {
      const commandId = commandIdFor(personId, 'bid', message.id);
      const command: Command = {
        kind: 'PlaceBid',
        lotId: message.lotId as OfferId,
        bidId: commandId as string as BidId,
        max: { minor: message.maxMinor, currency: message.currency },
        nonce: nonceOf('bid', showId, message.lotId, personId, message.id),
        isConfirmed: message.confirmed === true,
      };
      return { stream, command, commandId };
    }
    case 'undo-bid': {
      const lotId = message.lotId as OfferId;
      const command: Command = { kind: 'UndoBid', lotId, bidId: message.bidId as BidId };
      return { stream, command, commandId: commandIdFor(personId, 'undo-bid', message.id) };
    }
    case 'take': {
      const holdId = holdIdFor(you.personId, message.id);
      const command: Command = {
        kind: 'TakeLot',
        lotId: message.lotId as OfferId,
        price: { minor: message.priceMinor, currency: message.currency },
        holdId,
      };
      return { stream, command, commandId: holdId as string as CommandId, holdId };
    }
    case 'enter':
      return {
        stream,
        command: {
          kind: 'EnterDrop',
          dropId: message.dropId as OfferId,
          variantId: message.variantId as VariantId,
          quantity: message.quantity,
          words: message.words,
          tier: place.entrant.tier,
          identity: place.entrant.identity,
          marks: place.entrant.marks,
        },
        commandId: commandIdFor(personId, 'enter', message.id),
      };
    case 'leave':
      return {
        stream,
        command: { kind: 'LeaveDrop', dropId: message.dropId as OfferId },
        commandId: commandIdFor(personId, 'leave', message.id),
      };
    case 'leave-line': {
      const { offerId, variantId, id } = message;
      return {
        stream,
        command: {
          kind: 'LeaveCommentLine',
          offerId: offerId as OfferId,
          variantId: variantId as VariantId,
        },
        commandId: commandIdFor(personId, 'leave-line', id),
      };
    }
    case 'release': {
      // A hold from the shelf is kept by its variant's stock.
      const kept = place.streamOfHold(message.holdId) as StreamId | undefined;
      return {
        stream: kept ?? stream,
        command: { kind: 'ReleaseHold', holdId: message.holdId as HoldId },
        commandId: commandIdFor(personId, 'release', message.holdId),
      };
    }
  }
};
