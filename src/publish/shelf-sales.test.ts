import { expect, it } from 'vitest';
import type { HoldId, OrderId, ShowId } from '../base/brand.ts';
import { system } from '../domain/decider.ts';
import { person, RecordedShow, TestClock } from './recorded-show.fixture.ts';
import { type ShelfRange, shelfSales } from './shelf-sales.ts';

const variantId = 'v1' as never;

/** Twenty claims and sales a minute apart, every second one in this show. */
const recordedShelf = () => {
  const recorded = new RecordedShow(new TestClock());
  recorded.stock('v1', { kind: 'CountStock', onHand: 100 }, person('owner', 'owner'));
  for (let n = 0; n < 20; n += 1) {
    recorded.clock.advance(60_000);
    const holdId = `h${n}` as HoldId;
    recorded.stock(
      'v1',
      {
        kind: 'HoldFromShelf',
        holdId,
        quantity: 1,
        price: { minor: 100, currency: 'EUR' },
        showId: n % 2 === 0 ? recorded.showId : ('other' as ShowId),
        holdMs: 60_000,
      },
      person('ines'),
    );
    recorded.stock('v1', { kind: 'SettleHold', holdId, orderId: `o${n}` as OrderId }, system);
  }
  return recorded;
};

const told = async (recorded: ReturnType<typeof recordedShelf>, range: ShelfRange) => {
  const holds: string[] = [];
  for await (const { event } of shelfSales(recorded.log, variantId, recorded.showId, range)) {
    const { holdId } = event.data as { readonly holdId: string };
    holds.push(`${event.kind} ${holdId}`);
  }
  return holds;
};

it('[PUB-17] tells this show’s claims and sales alone, from its start on', async () => {
  const recorded = recordedShelf();
  const sinceMs = 1_000_000 + 17 * 60_000;
  expect(await told(recorded, { sinceMs, after: 0, upTo: null })).toEqual([
    'ShelfHoldPlaced h16',
    'ShelfHoldSettled h16',
    'ShelfHoldPlaced h18',
    'ShelfHoldSettled h18',
  ]);
});

it('[PUB-17] counts nothing twice, and knows the hold of a sale that was counted up to its claim', async () => {
  const recorded = recordedShelf();
  const placed = 2 + 2 * 18;
  const range = { sinceMs: 0, after: placed, upTo: null };
  expect(await told(recorded, range)).toEqual(['ShelfHoldSettled h18']);
  expect(await told(recorded, { ...range, upTo: placed })).toEqual([]);
});
