import { describe, expect, it } from 'vitest';
import { emptyRoom, type Room } from '../../protocol/room.ts';
import type { Pulse } from '../../protocol/socket.ts';
import { askedState, unsettled } from './asked-offers.ts';
import { offerFormFor } from './offer-form.ts';
import { emptyRecord, record, soldSteps } from './show-record.ts';

const plan = {
  title: 'Kiln night',
  showKind: 'demonstration',
  startsAtMs: 0,
  hostId: 'mina',
  hostName: 'Mina',
  shopName: 'Laguna',
  disclosure: 'own-brand',
  isDemo: false,
};
const live = (over: Partial<Room> = {}): Room => ({
  ...emptyRoom('kiln', plan),
  phase: 'live',
  viewers: 7,
  ...over,
});
const pulse = (soldUnits: number): Pulse => ({
  viewers: 7,
  viewersPeak: 9,
  messages: 3,
  messagesPerMinute: 2,
  claims: 1,
  soldUnits,
  sales: [],
  buyers: 1,
});

describe('what the studio remembers', () => {
  it('keeps one beat every two seconds, and only while live', () => {
    let kept = record(emptyRecord, live({ phase: 'planned' }), pulse(0), 0);
    expect(kept).toBe(emptyRecord);
    kept = record(kept, live(), pulse(0), 1_000);
    kept = record(kept, live(), pulse(1), 2_500);
    kept = record(kept, live(), pulse(4), 3_000);
    expect(kept.beats.map(({ atMs, soldUnits }) => [atMs, soldUnits])).toEqual([
      [1_000, 0],
      [3_000, 4],
    ]);
    expect(soldSteps(kept.beats)).toEqual([0, 4]);
  });
});

describe('an offer that was asked for', () => {
  const form = offerFormFor(
    { productId: 'p', title: 'Vase', imageUrl: null, variants: [], provenance: null },
    {},
  );
  const asked = { offerId: 'o1', form };

  it('is pending, then in the room, and no longer asked', () => {
    expect(askedState(asked, [], [])).toEqual({ kind: 'pending' });
    const offers = [{ offerId: 'o1' }] as unknown as Room['offers'];
    expect(askedState(asked, offers, [])).toEqual({ kind: 'open' });
    expect(unsettled([asked], offers, [])).toEqual([]);
  });

  it('is refused with what there is', () => {
    const crew = [
      { t: 'offer-refused', seq: 3, offerId: 'other', variantId: 'v', available: 9 },
      { t: 'offer-refused', seq: 4, offerId: 'o1', variantId: 'v', available: 2 },
    ] as const;
    expect(askedState(asked, [], crew)).toEqual({ kind: 'refused', variantId: 'v', available: 2 });
    const list = [asked];
    expect(unsettled(list, [], crew)).toBe(list);
  });
});
