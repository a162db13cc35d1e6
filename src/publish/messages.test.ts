import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HoldId, MessageId, OfferId, OrderId, PersonId, VariantId } from '../base/brand.ts';
import { system } from '../domain/decider.ts';
import { orderDecider } from '../domain/order/order.ts';
import type { RecordedEvent } from '../log/event-log.ts';
import { applyMessage, emptyRoom, type RoomPlan } from '../protocol/room.ts';
import { orderMessages } from './messages.ts';
import { publicPlan } from './public-parts.ts';
import { liveShow, openOffer, person, type RecordedShow } from './recorded-show.fixture.ts';
import type { Said } from './said.ts';
import { ShowRoom } from './show-room.ts';

/** What a show's events said, one by one. */
const told = (
  recorded: RecordedShow,
  events: readonly RecordedEvent[] = recorded.events(),
): Said[] => {
  const room = new ShowRoom(recorded.showId);
  return events.map((event) => room.take(event));
};

const said = (recorded: RecordedShow, from: number): Said[] => told(recorded).slice(from);

describe('what an event says', () => {
  it('[PUB-15] keeps the crew’s notes to the crew', () => {
    const recorded = liveShow();
    recorded.show({
      kind: 'ArrangeSegments',
      segments: [
        {
          segmentId: 'g1' as never,
          title: 'Doors',
          beat: 'hook',
          minutes: 3,
          productIds: [],
          notes: 'margin 61 %',
        },
      ],
    });
    const [last] = said(recorded, recorded.events().length - 1);
    expect(last?.room).toEqual([
      {
        t: 'segments',
        seq: 4,
        segments: [{ segmentId: 'g1', title: 'Doors', beat: 'hook', minutes: 3, productIds: [] }],
      },
    ]);
    expect(JSON.stringify(last)).not.toContain('61 %');
  });

  it('[HLS-18] tells the room which way of watching was chosen, and keeps it through a changed plan', () => {
    const recorded = liveShow();
    recorded.show({ kind: 'ChooseWatchBy', watchBy: 'hls' });
    const events = recorded.events();
    expect(said(recorded, events.length - 1)[0]?.room).toEqual([
      { t: 'watch-by', seq: events.length, watchBy: 'hls' },
    ]);
    const room = new ShowRoom(recorded.showId);
    for (const event of events) room.take(event);
    const plan = room.room?.plan as RoomPlan;
    expect(plan.watchBy).toBe('hls');
    expect(publicPlan(plan)).toEqual(plan);
  });

  it('[SHO-16] tells the room of a cover, and keeps it through a changed plan until it is taken away', () => {
    const recorded = liveShow();
    recorded.show({ kind: 'ChooseCover', coverUrl: '/media/images/a.webp' });
    const room = new ShowRoom(recorded.showId);
    for (const event of recorded.events()) room.take(event);
    const plan = room.room?.plan as RoomPlan;
    expect(plan.coverUrl).toBe('/media/images/a.webp');
    expect(publicPlan(plan)).toEqual(plan);
    recorded.show({ kind: 'ChooseCover', coverUrl: null });
    room.take(recorded.events().at(-1)!);
    expect(room.room?.plan).not.toHaveProperty('coverUrl');
  });

  it('[PUB-15] says nothing of an order: not who, not where to', () => {
    const stamp = { commandId: 'c1' as never, atMs: 5, by: person('ines') };
    const eur = (minor: number) => ({ minor, currency: 'EUR' });
    const events = orderDecider.decide(
      orderDecider.initial('r1'),
      {
        kind: 'PlaceOrder',
        hold: { stream: 'show-s1' as never, holdId: 'h1' as HoldId },
        showId: null,
        lines: [],
        totals: { goods: eur(1), discount: eur(0), shipping: eur(0), tax: eur(0), total: eur(1) },
        code: null,
        address: {
          name: 'Ines Weber',
          line1: 'Calle Larga 4',
          line2: '',
          postcode: '30100',
          city: 'Venezia',
          country: 'IT',
        },
        email: 'ines@example.org',
      },
      stamp,
    );
    expect(Array.isArray(events) && events.map((event) => orderMessages(event))).toEqual([
      { room: [], crew: [], personal: [] },
    ]);
  });

  it('[PUB-15] leaves no line where words were erased', () => {
    const recorded = liveShow();
    recorded.show(
      { kind: 'PostMessage', messageId: 'm1' as MessageId, text: 'mine', replyTo: null },
      person('ines'),
    );
    const events = recorded.events().map(({ personal: _, ...event }) => event as RecordedEvent);
    expect(told(recorded, events).at(-1)).toEqual({ room: [], crew: [], personal: [] });
  });

  it('[PUB-16] gives figures that are what they are, not what changed', () => {
    const recorded = liveShow();
    openOffer(recorded, 'o1', 10);
    const from = recorded.events().length;
    const claim = (holdId: string, quantity: number) =>
      recorded.show(
        {
          kind: 'Claim',
          offerId: 'o1' as OfferId,
          variantId: 'v1' as VariantId,
          quantity,
          holdId: holdId as HoldId,
        },
        person('ines'),
      );
    claim('h1', 3);
    claim('h2', 1);
    recorded.show({ kind: 'SettleHold', holdId: 'h1' as HoldId, orderId: 'r1' as OrderId }, system);
    recorded.show({ kind: 'ReleaseHold', holdId: 'h2' as HoldId }, person('ines'));
    recorded.show({ kind: 'CloseOffer', offerId: 'o1' as OfferId });
    expect(said(recorded, from).map(({ room }) => room)).toEqual([
      [
        {
          t: 'offer',
          seq: from + 1,
          offerId: 'o1',
          variantId: 'v1',
          figures: { left: 7, inCarts: 3, sold: 0 },
        },
      ],
      [
        {
          t: 'offer',
          seq: from + 2,
          offerId: 'o1',
          variantId: 'v1',
          figures: { left: 6, inCarts: 4, sold: 0 },
        },
      ],
      [
        {
          t: 'offer',
          seq: from + 3,
          offerId: 'o1',
          variantId: 'v1',
          figures: { left: 6, inCarts: 1, sold: 3 },
        },
      ],
      [
        {
          t: 'offer',
          seq: from + 4,
          offerId: 'o1',
          variantId: 'v1',
          figures: { left: 7, inCarts: 0, sold: 3 },
        },
      ],
      [{ t: 'offer-closed', seq: from + 5, offerId: 'o1', reason: 'crew' }],
      [],
    ]);
  });

  it('[PUB-15] lets nothing private out, whatever happens', () => {
    // Each kind of private word gets a mark of its own; none of them may leave, to whomever.
    const secret = fc
      .constantFrom('ADDRESS', 'EMAIL', 'NOTE', 'SALT')
      .map((what) => `secret-${what}`);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 4 }), secret), { minLength: 3, maxLength: 20 }),
        (steps) => {
          const recorded = liveShow();
          openOffer(recorded, 'o1', 10);
          steps.forEach(([what, word], index) => {
            if (what === 0)
              recorded.show(
                {
                  kind: 'PostMessage',
                  messageId: `m${index}` as MessageId,
                  text: 'hi',
                  replyTo: null,
                },
                person(`p${index}`),
              );
            if (what === 1) {
              recorded.show(
                {
                  kind: 'Claim',
                  offerId: 'o1' as OfferId,
                  variantId: 'v1' as VariantId,
                  quantity: 1,
                  holdId: `h${index}` as HoldId,
                },
                person(`p${index}`),
              );
            }
            if (what === 2) {
              recorded.show({
                kind: 'ArrangeSegments',
                segments: [
                  {
                    segmentId: 'g1' as never,
                    title: 'Doors',
                    beat: 'hook',
                    minutes: 3,
                    productIds: [],
                    notes: word,
                  },
                ],
              });
            }
            if (what === 3)
              recorded.show({
                kind: 'RemoveMessage',
                messageId: `m${index - 1}` as MessageId,
                reason: word,
              });
          });
          // Whatever else a later version of an event may carry: words that no message asks for.
          const events = recorded.events().map((event) => ({
            ...event,
            data: { ...(event.data as object), internalNote: 'secret-NOTE' },
            personal: {
              ...(event.personal as object),
              email: 'secret-EMAIL',
              address: { line1: 'secret-ADDRESS' },
              salt: 'secret-SALT',
            },
          })) as unknown as RecordedEvent[];
          const chatty = events.map((event) =>
            // A plan, a shelf and terms are objects of their own: put the words inside them too.
            JSON.parse(JSON.stringify(event), (key, value) =>
              ['plan', 'terms', 'items', 'segments', 'variants'].includes(key) &&
              typeof value === 'object'
                ? Array.isArray(value)
                  ? value.map((one) => ({ ...one, costPrice: 'secret-NOTE' }))
                  : { ...value, costPrice: 'secret-NOTE' }
                : value,
            ),
          ) as RecordedEvent[];
          expect(JSON.stringify(told(recorded, chatty))).not.toContain('secret-');
        },
      ),
      { numRuns: 100, seed: 11 },
    );
  });

  it('[PUB-14] tells a hold’s end to its owner alone', () => {
    const recorded = liveShow();
    openOffer(recorded, 'o1', 10);
    recorded.show(
      {
        kind: 'Claim',
        offerId: 'o1' as OfferId,
        variantId: 'v1' as VariantId,
        quantity: 1,
        holdId: 'h1' as HoldId,
      },
      person('ines'),
    );
    recorded.clock.advance(60_001);
    recorded.show({ kind: 'ExpireHolds' }, system);
    expect(said(recorded, recorded.events().length - 1)[0]?.personal).toEqual([
      {
        to: 'ines' as PersonId,
        message: { t: 'hold-ended', holdId: 'h1', reason: 'expired', orderId: null },
      },
    ]);
  });
});

describe('a picture that is away', () => {
  it('[HEA-3] is told with until when it is waited for, which stays known until it is back', () => {
    const recorded = liveShow();
    const from = recorded.events().length;
    recorded.show({ kind: 'PictureOn' });
    recorded.show({ kind: 'PictureLost' });
    recorded.show({ kind: 'PictureOff' });
    recorded.show({ kind: 'PictureOn' });
    const messages = said(recorded, from).flatMap(({ room }) => room ?? []);
    const lost = messages.find((one) => one.t === 'picture' && one.picture === 'lost');
    const backByMs = lost?.t === 'picture' ? lost.backByMs : undefined;
    expect(backByMs).toBeGreaterThan(0);
    let room = emptyRoom('s1', {} as RoomPlan);
    const seen: unknown[] = [];
    for (const message of messages) {
      room = applyMessage(room, message, 10);
      seen.push([room.picture, room.backByMs]);
    }
    expect(seen).toEqual([
      ['on', undefined],
      ['lost', backByMs],
      ['off', backByMs],
      ['on', undefined],
    ]);
  });
});
