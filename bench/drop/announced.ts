// A live show with a drop whose units are there, by commands that anybody may send to an engine or to the decider
// alone.

import type { OfferId, PersonId, ProductId, VariantId } from '../../src/base/brand.ts';
import { type Actor, system } from '../../src/domain/decider.ts';
import type { ShowCommand } from '../../src/domain/show/show.ts';

export const dropId = 'drop' as OfferId;
export const variantId = 'v1' as VariantId;
export const host: Actor = { kind: 'person', id: 'host' as PersonId, name: 'Mina', role: 'host' };

/** The words of an entry: 128 bits from the buyer's device, as the page makes them. */
export const wordsOf = (nth: number): string => nth.toString(16).padStart(32, '0');
export const personOf = (nth: number): Extract<Actor, { kind: 'person' }> => ({
  kind: 'person',
  id: `person-${String(nth).padStart(12, '0')}` as PersonId,
  name: `Person ${nth}`,
  role: 'shopper',
});

export const enter = (nth: number): ShowCommand => ({
  kind: 'EnterDrop',
  dropId,
  variantId,
  quantity: 1,
  words: wordsOf(nth),
  tier: null,
  identity: `identity-${nth}`,
});

/** Everything up to the announced drop of so many units. */
export const announced = (units: number): readonly (readonly [ShowCommand, Actor])[] => {
  const productId = 'p1' as ProductId;
  const price = { minor: 8_600, currency: 'EUR' };
  const plan = {
    title: 'Bench',
    showKind: 'demonstration',
    startsAtMs: 0,
    hostId: 'host' as PersonId,
    hostName: 'Mina',
    shopName: 'Laguna',
    disclosure: 'none',
    isDemo: false,
  } as const;
  const variants = [{ variantId, title: '', price }];
  const item = { productId, title: 'Vase', imageUrl: null, provenance: null, variants };
  return [
    [{ kind: 'PlanShow', plan }, host],
    [{ kind: 'StockShelf', items: [item] }, host],
    [{ kind: 'GoLive' }, host],
    [
      {
        kind: 'AnnounceDrop',
        seeds: ['a seed of the bench'],
        terms: {
          dropId,
          productId,
          title: 'Vase',
          variants: [{ variantId, title: '', price, usualPrice: price, quantity: units }],
          order: 'queue',
          isGiveaway: false,
          opensAtMs: null,
          durationMs: 3_600_000,
          holdMs: 3_600_000,
          perPersonMax: 1,
          earlyAccess: [],
          needsAccount: true,
        },
      },
      host,
    ],
    [{ kind: 'ConfirmAllocation', offerId: dropId, variantId, quantity: units }, system],
  ];
};
