// How often a waiting crowd hears of the line, and that what it hears in the end is the truth.

import { beforeEach, describe, expect, it } from 'vitest';
import type { OfferId, ProductId, VariantId } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { system } from '../domain/decider.ts';
import { type Guest, House, you } from './house.fixture.ts';
import { liveShow, person } from './recorded-show.fixture.ts';

const dropId = 'd1' as OfferId;
const variantId = 'v1' as VariantId;
const price = { minor: 3000, currency: 'EUR' };

let house: House;
beforeEach(() => {
  house = new House(liveShow());
  house.recorded.show({
    kind: 'AnnounceDrop',
    seeds: ['seed'],
    terms: {
      dropId,
      productId: 'p1' as ProductId,
      title: 'Bowl',
      variants: [{ variantId, title: '', price, usualPrice: price, quantity: 3 }],
      order: 'queue',
      isGiveaway: false,
      opensAtMs: null,
      durationMs: 600_000,
      holdMs: 60_000,
      perPersonMax: 1,
      earlyAccess: [],
      needsAccount: false,
    },
  });
  house.recorded.show(
    { kind: 'ConfirmAllocation', offerId: dropId, variantId, quantity: 3 },
    system,
  );
});

const enter = (name: string) =>
  house.recorded.show(
    { kind: 'EnterDrop', dropId, variantId, quantity: 1, words: '', tier: null, identity: null },
    person(name),
  );
const open = () => house.recorded.show({ kind: 'OpenDrop', dropId });
const figuresHeard = (guest: Guest) =>
  guest.heard.flatMap((message) =>
    message.t === 'frame'
      ? message.m.flatMap((one) => (one.t === 'drop' ? [one.figures] : []))
      : [],
  );
const figures = (guest: Guest) => guest.follower.room?.drops[0]?.figures;
const truth = (guest: Guest) => guest.feed.show.room?.drops[0]?.figures;

describe('the pace of a line', () => {
  it('[DRO-14] a thousand who enter in a second are a few messages to each who waits, and the last is true', async () => {
    const guest = await house.join(you('ines'));
    for (let n = 0; n < 1_000; n += 1) {
      enter(`p${n}`);
      await house.pass(1);
    }
    expect(figuresHeard(guest).length).toBeLessThanOrEqual(1 + 1_000 / limits.dropFiguresMs);
    await house.pass(limits.dropFiguresMs);
    expect(figures(guest)).toEqual(truth(guest));
    expect(figures(guest)?.waiting).toBe(1_000);
    // Nothing goes on by itself.
    const heard = figuresHeard(guest).length;
    await house.pass(10 * limits.dropFiguresMs);
    expect(figuresHeard(guest)).toHaveLength(heard);
  });

  it('[DRO-14] that it opened or closed is told at once, in the midst of entries', async () => {
    const guest = await house.join(you('ines'));
    enter('p1');
    enter('p2');
    open();
    await house.settle();
    expect(figures(guest)?.phase).toBe('open');
    house.recorded.show({ kind: 'CancelDrop', dropId, reason: 'The kiln broke' });
    await house.settle();
    expect(figures(guest)).toMatchObject({ phase: 'cancelled', reason: 'The kiln broke' });
    await house.pass(limits.dropFiguresMs);
    expect(figures(guest)).toEqual(truth(guest));
  });

  it('[DRO-14] who is served hears of their own turn at once', async () => {
    const guest = await house.join(you('p1'));
    enter('p1');
    open();
    house.recorded.show({ kind: 'StepDrop', dropId }, system);
    await house.settle();
    expect(guest.follower.entries.get(dropId)).toMatchObject({ place: 1, state: 'served' });
    expect(guest.follower.holds.size).toBe(1);
  });

  it('[PUB-3] who goes while figures wait, and comes back before or after they were told, has the true ones', async () => {
    for (const waitMs of [0, limits.dropFiguresMs]) {
      const guest = await house.join(you('ines'));
      enter(`a${waitMs}`);
      enter(`b${waitMs}`);
      // Another word of the fast lane moves everybody's place past what waits.
      house.recorded.show({ kind: 'PinProduct', productId: (waitMs ? 'p1' : 'p2') as ProductId });
      await house.settle();
      guest.feed.leave(guest.member);
      await house.pass(waitMs);
      const back = await house.join(you('ines'), guest.follower.position!, guest.follower);
      expect(back.heard[0]).toMatchObject({ t: 'welcome', room: null });
      expect(figures(back)).toEqual(truth(back));
      await house.pass(limits.dropFiguresMs);
      expect(figures(back)).toEqual(truth(back));
    }
  });
});
