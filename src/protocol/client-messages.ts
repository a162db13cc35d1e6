// The schemas of what a socket may send. Only the server loads this file; the browser knows the same
// shapes from socket.ts as types.

import { z } from 'zod';
import { isId } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { reactions, watchWays } from '../base/words.ts';
import type { ClientMessage } from './socket.ts';

const id = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/);
const place = z.number().int().nonnegative();

export const clientMessage = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('hello'),
    position: z.object({ epoch: place, fast: place, slow: place }).optional(),
  }),
  // Longer text than the limit is let through to be refused by the chat's own rule, with its reason.
  z.object({
    t: z.literal('chat'),
    id,
    text: z.string().max(limits.chatTextMax * 8),
    replyTo: id.optional(),
  }),
  z.object({
    t: z.literal('react'),
    reaction: z.enum(reactions),
    count: z.number().int().min(1).max(limits.reactionsPerSecond),
  }),
  z.object({
    t: z.literal('claim'),
    id,
    offerId: id,
    variantId: id,
    quantity: z.number(),
    confirmed: z.boolean().optional(),
  }),
  z.object({
    t: z.literal('bid'),
    id,
    lotId: id,
    maxMinor: z.number(),
    currency: z.string().max(3),
    confirmed: z.boolean().optional(),
  }),
  z.object({ t: z.literal('undo-bid'), id, lotId: id, bidId: id }),
  z.object({
    t: z.literal('take'),
    id,
    lotId: id,
    priceMinor: z.number(),
    currency: z.string().max(3),
    confirmed: z.boolean().optional(),
  }),
  z.object({
    t: z.literal('enter'),
    id,
    dropId: id,
    variantId: id,
    quantity: z.number(),
    words: z
      .string()
      .regex(/^[A-Za-z0-9_-]*$/)
      .max(limits.dropWordsMax),
  }),
  z.object({ t: z.literal('leave'), id, dropId: id }),
  z.object({ t: z.literal('leave-line'), id, offerId: id, variantId: id }),
  z.object({ t: z.literal('release'), id, holdId: id }),
  z.object({
    t: z.literal('ping'),
    sentMs: z.number(),
    pictureDelayMs: z.number().min(0).max(120_000).optional(),
    watchBy: z.enum(watchWays).optional(),
  }),
]);

// The types that the browser uses and the schemas that the server checks with must not drift apart.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const same: Same<z.infer<typeof clientMessage>['t'], ClientMessage['t']> = true;
void same;

/** The id of a message that isn't one, for the answer. */
export const idIn = (said: unknown): string | null =>
  typeof said === 'object' && said !== null && 'id' in said && isId(said.id) ? said.id : null;

/** Whether only its length keeps a chat line from being one. */
export const isLongChat = (said: unknown): boolean =>
  typeof said === 'object' &&
  said !== null &&
  't' in said &&
  said.t === 'chat' &&
  'text' in said &&
  typeof said.text === 'string' &&
  said.text.length > limits.chatTextMax;
