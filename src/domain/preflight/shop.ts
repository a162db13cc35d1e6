// What of the shop is looked at before a show: whether there is enough of what will be offered, and whether prices,
// shipping, disclosure and people are as they should be. Pure; who gathers the facts is src/api/preflight-routes.ts.
// Rules: docs/rules/preflight.md.

import type { Finding } from './finding.ts';

export type ShopFacts = {
  readonly shelf: readonly {
    readonly title: string;
    readonly variants: readonly {
      readonly priceMinor: number;
      /** The lowest price of the 30 days before: what a reduction is compared with. */
      readonly referenceMinor: number;
      readonly available: number;
    }[];
  }[];
  /** Lots that aren't opened yet and offers of the run of show: what each needs of what there is. */
  readonly planned: readonly {
    readonly title: string;
    readonly needed: number;
    readonly available: number;
  }[];
  /** Drops whose units the stock refused. */
  readonly refused: readonly string[];
  readonly shippingMinor: number;
  readonly disclosure: string;
  /** Products that the host earns from and nothing says so: the show itself doesn't start then. */
  readonly undisclosed: readonly string[];
  readonly moderators: number;
};

/** So many products are named; of more the number stands there. */
const namesMax = 5;

const finding = (
  topic: Finding['topic'],
  code: Finding['code'],
  grade: Finding['grade'],
  names: readonly string[] = [],
  value: number | null = names.length === 0 ? null : names.length,
): Finding => ({
  topic,
  code,
  grade,
  value,
  ...(names.length === 0 ? {} : { names: names.slice(0, namesMax) }),
});

export const judgeShop = (shop: ShopFacts): readonly Finding[] => {
  const { shelf, planned, refused, shippingMinor, disclosure, undisclosed, moderators } = shop;
  const titles = (which: (item: ShopFacts['shelf'][number]) => boolean) =>
    shelf.filter(which).map(({ title }) => title);
  const lacking = planned.filter(({ needed, available }) => available < needed);
  const short = [...new Set([...lacking.map(({ title }) => title), ...refused])];
  const out = titles(({ variants }) => variants.every(({ available }) => available <= 0));
  const unpriced = titles(({ variants }) => variants.some(({ priceMinor }) => priceMinor <= 0));
  const lower = titles(({ variants }) =>
    variants.some(({ priceMinor, referenceMinor }) => referenceMinor < priceMinor),
  );
  return [
    shelf.length === 0
      ? finding('shelf', 'shelf-empty', 'amber')
      : finding('shelf', 'shelf-filled', 'green', [], shelf.length),
    short.length > 0
      ? finding('stock', 'stock-short', 'red', short)
      : out.length > 0
        ? finding('stock', 'stock-out', 'amber', out)
        : finding('stock', 'stock-enough', 'green'),
    unpriced.length > 0
      ? finding('prices', 'price-missing', 'red', unpriced)
      : finding('prices', 'prices-set', 'green'),
    lower.length > 0
      ? finding('reference', 'reference-lower', 'amber', lower)
      : finding('reference', 'references-fit', 'green'),
    shippingMinor > 0
      ? finding('shipping', 'shipping-set', 'green', [], shippingMinor)
      : finding('shipping', 'shipping-free', 'amber', [], 0),
    undisclosed.length > 0
      ? finding('disclosure', 'disclosure-missing', 'red', undisclosed)
      : disclosure === 'none'
        ? finding('disclosure', 'disclosure-none', 'amber')
        : finding('disclosure', 'disclosure-told', 'green'),
    moderators > 0
      ? finding('moderators', 'moderators-there', 'green', [], moderators)
      : finding('moderators', 'moderators-none', 'amber', [], 0),
  ];
};
