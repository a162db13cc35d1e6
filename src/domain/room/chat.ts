// What the room says: messages and their removal. Words and names are personal: they stand outside the
// hashed body, so that erasing a person doesn't break the chain. The state keeps only what deciding
// needs: who wrote when, and which messages may still be removed. Rules: docs/rules/chat.md.

import type { HoldId, MessageId, PersonId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { type Refusal, refuse } from '../../base/result.ts';
import type { Role } from '../../base/words.ts';
import { isCrew, type Stamp } from '../decider.ts';

export type Chat = {
  /** Author of each recent message, oldest first; bounded, so that a long show stays small. */
  readonly recent: Map<MessageId, PersonId>;
  /** Times of each person's last messages, for the burst limit; swept when nobody needs them. */
  readonly bursts: Map<PersonId, number[]>;
  /** People who have written before in this show. */
  readonly voices: Set<PersonId>;
  messages: number;
};

export type ChatCommand =
  | {
      readonly kind: 'PostMessage';
      readonly messageId: MessageId;
      readonly text: string;
      readonly replyTo: MessageId | null;
      /** Of the hold that it places where it is a claim; a message without one claims nothing. */
      readonly holdId?: HoldId;
      /** The speaker's tier for such a claim, filled in by the door; null or absent: no member. */
      readonly tier?: string | null;
    }
  | { readonly kind: 'RemoveMessage'; readonly messageId: MessageId; readonly reason: string };

export type ChatEvent =
  | {
      readonly kind: 'MessagePosted';
      readonly data: {
        readonly messageId: MessageId;
        readonly personId: PersonId;
        readonly role: Role;
        readonly replyTo: MessageId | null;
        /** Their first message in this show. */
        readonly first: boolean;
      };
      readonly personal?: { readonly name: string; readonly text: string } | null;
    }
  | {
      readonly kind: 'MessageRemoved';
      readonly data: {
        readonly messageId: MessageId;
        readonly by: PersonId | null;
        readonly reason: string;
      };
    };

/** Messages that can be replied to and removed. */
const recentMax = 2_000;
/** When so many people have written, those outside of the burst window are forgotten. */
const burstsSweptAbove = 2_000;

/**
 * What a message is stored as: one line, outer space gone, control characters and direction overrides
 * out (they let a stranger paint over other people's words).
 */
export const cleanText = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u202A-\u202E\u2066-\u2069\u200B\uFEFF]/gu, '')
    .trim();

export const decideChat = (
  chat: Chat,
  command: ChatCommand,
  stamp: Stamp,
): readonly ChatEvent[] | Refusal => {
  if (stamp.by.kind !== 'person') return refuse('sign-in-needed');
  const { id, name, role } = stamp.by;
  switch (command.kind) {
    case 'PostMessage': {
      const text = cleanText(command.text);
      if (text.length === 0) return refuse('message-empty');
      if (text.length > limits.chatTextMax)
        return refuse('message-too-long', { max: limits.chatTextMax });
      if (chat.recent.has(command.messageId)) return refuse('message-exists');
      if (!isCrew(stamp.by)) {
        const times = recentTimes(chat, id, stamp.atMs);
        if (times.length >= limits.chatBurst) {
          return refuse('chat-too-fast', {
            retryAfterMs: times[0]! + limits.chatBurstMs - stamp.atMs,
          });
        }
      }
      // A reply to a message that is no longer kept stays a message.
      const replyTo =
        command.replyTo !== null && chat.recent.has(command.replyTo) ? command.replyTo : null;
      return [
        {
          kind: 'MessagePosted',
          data: {
            messageId: command.messageId,
            personId: id,
            role,
            replyTo,
            first: !chat.voices.has(id),
          },
          personal: { name, text },
        },
      ];
    }
    case 'RemoveMessage': {
      const author = chat.recent.get(command.messageId);
      if (!author) return refuse('message-unknown');
      if (author !== id && !isCrew(stamp.by)) return refuse('not-allowed');
      return [
        {
          kind: 'MessageRemoved',
          data: {
            messageId: command.messageId,
            by: id,
            reason: command.reason.slice(0, limits.noteMax),
          },
        },
      ];
    }
  }
};

const recentTimes = (chat: Chat, person: PersonId, nowMs: number): number[] =>
  (chat.bursts.get(person) ?? []).filter((atMs) => atMs > nowMs - limits.chatBurstMs);

export const evolveChat = (chat: Chat, event: ChatEvent, atMs: number): void => {
  switch (event.kind) {
    case 'MessagePosted': {
      const { messageId, personId } = event.data;
      chat.messages += 1;
      chat.voices.add(personId);
      chat.recent.set(messageId, personId);
      if (chat.recent.size > recentMax) {
        for (const oldest of chat.recent.keys()) {
          chat.recent.delete(oldest);
          break;
        }
      }
      chat.bursts.set(personId, [...recentTimes(chat, personId, atMs), atMs]);
      if (chat.bursts.size > burstsSweptAbove) {
        for (const [person, times] of chat.bursts) {
          if ((times.at(-1) ?? 0) <= atMs - limits.chatBurstMs) chat.bursts.delete(person);
        }
      }
      return;
    }
    case 'MessageRemoved':
      chat.recent.delete(event.data.messageId);
      return;
  }
};
