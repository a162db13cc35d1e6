// What simulated people do, as data: decided by the crowd, done by the rehearsal.

import type { Money } from '../base/money.ts';
import type { Reaction } from '../base/words.ts';
import type { MyHold } from '../protocol/socket.ts';

/** One of the crowd, by place in it. */
export type Who = number;

export type Act =
  | { readonly do: 'join' | 'leave'; readonly who: Who }
  | {
      readonly do: 'say';
      readonly who: Who;
      readonly text: string;
      readonly replyTo: string | null;
      readonly isRude: boolean;
    }
  | {
      readonly do: 'react';
      readonly who: Who;
      readonly reaction: Reaction;
      readonly count: number;
    }
  | {
      readonly do: 'claim';
      readonly who: Who;
      readonly offerId: string;
      readonly variantId: string;
    }
  | {
      readonly do: 'bid' | 'take';
      readonly who: Who;
      readonly lotId: string;
      readonly price: Money;
    }
  | { readonly do: 'vote'; readonly who: Who; readonly pollId: string; readonly option: number }
  | { readonly do: 'enter'; readonly who: Who; readonly dropId: string; readonly variantId: string }
  | {
      readonly do: 'pay';
      readonly who: Who;
      readonly hold: MyHold;
      /** With a card that is declined; else with one that pays. */
      readonly isDeclined: boolean;
    }
  | { readonly do: 'release'; readonly who: Who; readonly hold: MyHold };
