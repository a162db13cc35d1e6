import { describe, expect, it } from 'vitest';
import type { ShowId } from '../base/brand.ts';
import type { Role } from '../base/words.ts';
import type { Outcome } from '../engine/contract.ts';
import type { Room } from '../protocol/room.ts';
import { tierOf, type You } from '../protocol/socket.ts';
import { liveCommand, sendWithin, stranger } from './live-commands.ts';
import type { Wish } from './spending.ts';
import { actorOf } from './visitor.ts';

const showId = 's1' as ShowId;
const eur = (minor: number) => ({ minor, currency: 'EUR' });
const room = (policy: string, isOn = true) =>
  ({
    commentClaims: isOn,
    offers: [
      {
        offerId: 'o1',
        variants: [{ variantId: 'v1', price: eur(8_600) }],
        comments: { policy, codes: [{ variantId: 'v1', word: 'LAGOON' }] },
      },
    ],
  }) as unknown as Room;

/** What a message would have reserved, and what was sent. */
const wishOf = async (text: string, there: Room | null, role: Role = 'shopper') => {
  const you = { personId: 'ines', name: 'ines', role, guest: false } as const;
  const message = { t: 'chat', id: 'm1', text } as const;
  const live = liveCommand(message, {
    showId,
    you,
    nowMs: 0,
    nonceOf: () => '',
    entrant: stranger,
    streamOfHold: () => undefined,
  });
  const wishes: Wish[] = [];
  const spending = {
    promise: async (_by: unknown, wish: Wish, send: () => Promise<Outcome>) => {
      wishes.push(wish);
      return send();
    },
    timeRefusal: () => null,
  };
  let sent = 0;
  const about = { showId, by: actorOf(you), room: () => there };
  await sendWithin(spending, message, live, about, async () => {
    sent += 1;
    return { kind: 'refused', reason: 'busy', atMs: 0 };
  });
  expect(sent).toBe(1);
  return { wish: wishes[0] ?? null, command: live.command };
};

describe('a chat message', () => {
  it('[CCL-10] that claims is asked of the buyer’s own limits, with its hold and its price', async () => {
    const { wish, command } = await wishOf(' lagoon\u202E x2! ', room('waitlist'));
    expect(wish).toMatchObject({ showId, quantity: 2, isConfirmed: false });
    expect(await wish?.unitPrice()).toEqual(eur(8_600));
    expect(command).toMatchObject({ kind: 'PostMessage', holdId: wish?.place.holdId });
    const done = (...kinds: string[]) =>
      ({ kind: 'done', events: kinds.map((kind) => ({ kind })) }) as unknown as Outcome;
    expect(wish?.isPromised?.(done('MessagePosted', 'CommentClaimed', 'HoldPlaced'))).toBe(true);
    expect(wish?.isPromised?.(done('MessagePosted', 'CommentWaiting'))).toBe(true);
    expect(wish?.isPromised?.(done('MessagePosted', 'CommentRefused'))).toBe(false);
  });
  it('[CCL-10] that promises nothing is asked nothing', async () => {
    for (const [text, there] of [
      ['hello', room('hold')],
      ['lagoon?', room('hold')],
      ['lagoon', room('hold', false)],
      ['lagoon', room('first-paid')],
      ['lagoon', null],
    ] as const)
      expect((await wishOf(text, there)).wish).toBeNull();
  });
  it('[CCL-12] of the crew promises nothing', async () => {
    expect((await wishOf('lagoon', room('hold'), 'moderator')).wish).toBeNull();
    expect((await wishOf('lagoon', room('hold'))).wish).not.toBeNull();
  });
  it('[CCL-6] names a hold that the room can’t guess from the message’s id, the same when sent again', async () => {
    const [first, again] = [await wishOf('lagoon', room('hold')), await wishOf('lagoon', null)];
    expect(first.command).toEqual(again.command);
    const { holdId, messageId } = first.command as { holdId?: string; messageId?: string };
    expect(holdId).toMatch(/^k_/);
    expect(holdId).not.toBe(messageId);
  });
});

const untilMs = 1_000;
const ines: You = {
  personId: 'ines',
  name: 'ines_w',
  role: 'shopper',
  guest: false,
  membership: { tier: 'gold', untilMs },
};
const claimOf = (you: You, nowMs: number) =>
  liveCommand(
    { t: 'claim', id: 'm1', offerId: 'o1', variantId: 'v1', quantity: 1 },
    {
      showId,
      you,
      nowMs,
      nonceOf: () => 'nonce',
      entrant: stranger,
      streamOfHold: () => undefined,
    },
  ).command;

describe('a claim by the socket', () => {
  it('[PRI-17] carries the tier that the session has at this moment, never one of the message', () => {
    expect(claimOf(ines, untilMs - 1)).toMatchObject({ kind: 'Claim', tier: 'gold' });
    expect(claimOf(ines, untilMs)).toMatchObject({ tier: null });
    expect(claimOf({ ...ines, membership: null }, 0)).toMatchObject({ tier: null });
    const { membership: _none, ...guest } = ines;
    const forged = { t: 'claim', id: 'm1', offerId: 'o1', variantId: 'v1', quantity: 1, tier: 'x' };
    expect(
      liveCommand(forged as never, {
        showId,
        you: guest,
        nowMs: 0,
        nonceOf: () => 'nonce',
        entrant: stranger,
        streamOfHold: () => undefined,
      }).command,
    ).toMatchObject({ tier: null });
  });
  it('[PRI-18] a membership without an end runs on', () => {
    const forever = { membership: { tier: 'gold', untilMs: null } };
    expect(tierOf(forever, Number.MAX_SAFE_INTEGER)).toBe('gold');
    expect(tierOf(null, 0)).toBeNull();
  });
});
