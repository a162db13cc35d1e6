import { describe, expect, it } from 'vitest';
import type { OfferId, ProductId, VariantId } from '../base/brand.ts';
import type { Money } from '../base/money.ts';
import type { ShelfItem } from '../domain/sale/shelf.ts';
import type { BundleBody } from '../protocol/http.ts';
import { type BundleDesk, bundleVariants } from './bundle-terms.ts';
import { ProblemError } from './problem-reply.ts';

const eur = (minor: number) => ({ minor, currency: 'EUR' });
const item = (product: string, ...variants: [string, string, number][]): ShelfItem => ({
  productId: product as ProductId,
  title: product,
  imageUrl: null,
  variants: variants.map(([id, title, minor]) => ({
    variantId: id as VariantId,
    title,
    price: eur(minor),
  })),
  provenance: null,
});
const items = [item('Cup', ['cup', '', 2_400]), item('Vase', ['blue', 'Blue', 8_600])];
/** What was asked in the last 30 days, where it isn't today's price. */
const deskOf = (asked: Record<string, Money> = {}): BundleDesk => ({
  itemsFor: async (ids) => items.filter(({ productId }) => ids.includes(productId)),
  referencePrices: async (wanted) =>
    new Map(
      wanted
        .flatMap(({ variants }) => variants)
        .map(({ variantId, price }) => [variantId, asked[variantId] ?? price]),
    ),
});
const body = (over: Partial<BundleBody> = {}): BundleBody => ({
  title: 'Set the table',
  priceMinor: 10_000,
  membersPriceMinor: null,
  quantity: 4,
  parts: [
    { productId: 'Cup', variantId: 'cup', quantity: 2 },
    { productId: 'Vase', variantId: 'blue', quantity: 1 },
  ],
  ...over,
});
const place = { offerId: 'o1' as OfferId, currency: 'EUR' };
const made = async (desk: BundleDesk, over: Partial<BundleBody> = {}) =>
  (await bundleVariants(desk, [body(over)], place))[0]!;

describe('a bundle that a host composed', () => {
  it('[PRI-19] has its parts’ titles from the catalogue', async () => {
    expect(await made(deskOf())).toMatchObject({
      title: 'Set the table',
      price: eur(10_000),
      quantity: 4,
      parts: [
        { variantId: 'cup', productId: 'Cup', title: 'Cup', quantity: 2 },
        { variantId: 'blue', productId: 'Vase', title: 'Vase · Blue', quantity: 1 },
      ],
    });
    expect(await made(deskOf())).not.toHaveProperty('membersPrice');
    expect((await made(deskOf(), { membersPriceMinor: 9_000 })).membersPrice).toEqual(eur(9_000));
  });
  it('[PRI-21] is compared with its parts’ reference prices together', async () => {
    expect((await made(deskOf())).usualPrice).toEqual(eur(13_400));
    expect((await made(deskOf({ cup: eur(2_000) }))).usualPrice).toEqual(eur(12_600));
  });
  it('[PRI-21] is the same bundle whenever its parts are, and what was asked for it counts', async () => {
    const first = await made(deskOf());
    const turned = { title: 'Another name', parts: [...body().parts].reverse() };
    expect((await made(deskOf(), turned)).variantId).toBe(first.variantId);
    const more = { parts: body().parts.map((part) => ({ ...part, quantity: 3 })) };
    expect((await made(deskOf(), more)).variantId).not.toBe(first.variantId);
    const before = deskOf({ [first.variantId]: eur(11_000) });
    expect((await made(before)).usualPrice).toEqual(eur(11_000));
    const dearer = deskOf({ [first.variantId]: eur(99_000) });
    expect((await made(dearer)).usualPrice).toEqual(eur(13_400));
  });
  it('[PRI-19] of something that the catalogue doesn’t have is refused by its name', async () => {
    const parts = [{ productId: 'Vase', variantId: 'red', quantity: 1 }];
    await expect(made(deskOf(), { parts })).rejects.toThrow(ProblemError);
    await expect(made(deskOf(), { parts })).rejects.toMatchObject({ code: 'variant-not-offered' });
  });
});
