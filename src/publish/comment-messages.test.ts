import { beforeEach, describe, expect, it } from 'vitest';
import type { HoldId, MessageId, OfferId, VariantId } from '../base/brand.ts';
import { type Actor, system } from '../domain/decider.ts';
import type { CommentPolicy } from '../domain/sale/comment-sale.ts';
import type { CommentAnswer } from '../protocol/comment-claim.ts';
import type { CrewMessage, PersonalMessage } from '../protocol/socket.ts';
import { type Guest, House, you } from './house.fixture.ts';
import { liveShow, person } from './recorded-show.fixture.ts';

const offerId = 'o1' as OfferId;
const variantId = 'v1' as VariantId;
const ines = person('ines');
const jo = person('jo');

let house: House;
let posted = 0;

/** Gives the id of the hold that the message would place. */
const say = (text: string, by: Actor = ines): string => {
  posted += 1;
  const holdId = `h${posted}` as HoldId;
  house.recorded.show(
    { kind: 'PostMessage', messageId: `m${posted}` as MessageId, text, replyTo: null, holdId },
    by,
  );
  return holdId;
};

const offer = (policy: CommentPolicy, quantity = 1) => {
  house.recorded.show({ kind: 'SwitchCommentClaims', isOn: true });
  house.recorded.show({
    kind: 'OpenOffer',
    terms: {
      offerId,
      productId: 'p1' as never,
      title: 'Lagoon vase',
      variants: [
        {
          variantId,
          title: 'Lagoon',
          price: { minor: 8600, currency: 'EUR' },
          usualPrice: { minor: 9800, currency: 'EUR' },
          quantity,
        },
      ],
      perPersonMax: 2,
      durationMs: 600_000,
      holdMs: 30_000,
      comments: { policy, codes: [{ variantId, word: 'LAGOON' }] },
    },
  });
  house.recorded.show({ kind: 'ConfirmAllocation', offerId, variantId, quantity }, system);
};

const personal = ({ heard }: Guest): readonly PersonalMessage[] =>
  heard.flatMap((message) => (message.t === 'you' ? message.m : []));
const answers = (guest: Guest): readonly CommentAnswer[] =>
  personal(guest).flatMap((one) => (one.t === 'reply' ? [one.reply.answer] : []));
const crewHeard = ({ heard }: Guest): readonly CrewMessage[] =>
  heard.flatMap((message) => (message.t === 'crew' ? message.m : []));
const units = (quantity = 1) => ({
  offerId,
  variantId,
  quantity,
  title: 'Lagoon vase · Lagoon',
});

beforeEach(() => {
  house = new House(liveShow());
});

describe('what a comment becomes', () => {
  it('[CCL-1] the room knows that it is on, and the words of an offer', async () => {
    const guest = await house.join(null);
    expect(guest.follower.room?.commentClaims).toBe(false);
    offer('hold');
    await house.pass(100);
    expect(guest.follower.room?.commentClaims).toBe(true);
    expect(guest.follower.room?.offers[0]?.comments).toEqual({
      policy: 'hold',
      codes: [{ variantId, word: 'LAGOON' }],
    });
    const late = await house.join(null);
    expect(late.follower.room?.commentClaims).toBe(true);
    house.recorded.show({ kind: 'SwitchCommentClaims', isOn: false });
    await house.pass(100);
    expect(guest.follower.room?.commentClaims).toBe(false);
  });

  it('[CCL-14] is told to its author on every socket, to nobody else, and to the crew', async () => {
    offer('hold');
    const phone = await house.join(you('ines'));
    const desk = await house.join(you('ines'));
    const other = await house.join(you('jo'));
    const stranger = await house.join(null);
    const crew = await house.join(you('mod', 'moderator'));
    const holdId = say('lagoon');
    await house.pass(100);
    for (const own of [phone, desk]) {
      expect(answers(own)).toEqual([{ says: 'held', holdId, ...units() }]);
      expect(personal(own).map(({ t }) => t)).toEqual(['reply', 'hold']);
      expect(own.follower.holds.get(holdId)?.expiresAtMs).toBe(
        house.recorded.clock.nowMs() - 100 + 30_000,
      );
    }
    for (const not of [other, stranger, crew]) {
      expect(personal(not)).toEqual([]);
      expect(JSON.stringify(not.heard)).not.toContain(holdId);
    }
    expect(crewHeard(crew)).toContainEqual({
      t: 'comment',
      seq: expect.any(Number),
      messageId: `m${posted}`,
      outcome: 'held',
      quantity: 1,
      title: 'Lagoon vase · Lagoon',
      reason: null,
    });
    for (const not of [phone, other, stranger]) expect(crewHeard(not)).toEqual([]);
    // What everybody sees is the comment and the figures.
    expect(stranger.follower.room?.chat.map(({ text }) => text)).toEqual(['lagoon']);
    expect(stranger.follower.room?.offers[0]?.figures).toEqual({
      v1: { left: 0, inCarts: 1, sold: 0 },
    });
  });

  it('[CCL-5] [CCL-14] tells who was unclear what to write, alone', async () => {
    offer('hold');
    const own = await house.join(you('ines'));
    const other = await house.join(you('jo'));
    say('is lagoon still there?');
    await house.pass(100);
    expect(answers(own)).toEqual([
      {
        says: 'unclear',
        reason: 'question',
        codes: [{ word: 'LAGOON', title: 'Lagoon vase · Lagoon' }],
      },
    ]);
    expect(personal(other)).toEqual([]);
  });

  it('[CCL-8] tells the way to pay where nothing is kept', async () => {
    offer('first-paid');
    const own = await house.join(you('ines'));
    say('lagoon');
    await house.pass(100);
    expect(answers(own)).toEqual([
      { says: 'pay', ...units(), unitPrice: { minor: 8600, currency: 'EUR' } },
    ]);
    expect(own.follower.holds.size).toBe(0);
    expect(own.follower.room?.offers[0]?.figures).toEqual({ v1: { left: 1, inCarts: 0, sold: 0 } });
  });

  it('[CCL-9] [CCL-14] tells each in the line of their own place and turn', async () => {
    offer('waitlist');
    const first = say('lagoon', person('petr'));
    const own = await house.join(you('ines'));
    const other = await house.join(you('jo'));
    const second = say('lagoon');
    const third = say('lagoon', jo);
    await house.pass(100);
    expect(answers(own)).toEqual([{ says: 'waiting', holdId: second, place: 1, ...units() }]);
    expect(answers(other)).toEqual([{ says: 'waiting', holdId: third, place: 2, ...units() }]);
    house.recorded.show({ kind: 'ReleaseHold', holdId: first as HoldId }, person('petr'));
    await house.pass(100);
    expect(answers(own)[1]).toEqual({ says: 'served', holdId: second, ...units() });
    expect(own.follower.holds.has(second)).toBe(true);
    expect(answers(other)).toHaveLength(1);
    house.recorded.show({ kind: 'CloseOffer', offerId });
    await house.pass(100);
    expect(answers(other)[1]).toEqual({
      says: 'line-left',
      holdId: third,
      reason: 'closed',
      ...units(),
    });
    expect(answers(own)).toHaveLength(2);
  });

  it('[CCL-10] tells why it was refused', async () => {
    offer('hold');
    const own = await house.join(you('ines'));
    const crew = await house.join(you('mod', 'moderator'));
    say('lagoon 3');
    await house.pass(100);
    expect(answers(own)).toMatchObject([
      { says: 'refused', quantity: 3, problem: { code: 'per-person-limit', max: 2 } },
    ]);
    expect(crewHeard(crew)).toMatchObject([{ t: 'comment', outcome: 'refused', quantity: 3 }]);
  });

  it('[CCL-14] is there again for who comes back, the newest five, and after a restart', async () => {
    offer('hold', 3);
    const holdId = say('lagoon');
    for (let n = 0; n < 5; n += 1) {
      say('lagoon?');
      await house.pass(2_000);
    }
    const own = await house.join(you('ines'));
    const other = await house.join(you('jo'));
    const repliesOf = ({ heard: [welcome] }: Guest) =>
      welcome?.t === 'welcome' ? welcome.replies.map(({ answer }) => answer.says) : null;
    expect(repliesOf(own)).toEqual(Array(5).fill('unclear'));
    expect(repliesOf(other)).toEqual([]);
    const restarted = await new House(house.recorded, 8).join(you('ines'));
    expect(restarted.heard[0]).toMatchObject({
      t: 'welcome',
      holds: [{ holdId }],
      replies: Array(5).fill({ answer: { says: 'unclear' } }),
    });
  });
});
