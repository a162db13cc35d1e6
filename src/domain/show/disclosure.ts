// Whether what a host earns is said: a show whose host earns commission from a product on its shelf doesn't start
// before it is. Pure; asked by the show itself, by the office and by the check before a show.
// Rules: docs/rules/disclosure.md.

import type { ProductId } from '../../base/brand.ts';
import { coversCommission } from '../../base/disclosure.ts';
import type { Disclosure } from '../../base/words.ts';

/** As much of a show as the rule needs; a plan, a room and a form all have it. */
export type DisclosedShow<Id extends string = ProductId> = {
  readonly disclosure: string;
  readonly segments: readonly {
    readonly productIds: readonly Id[];
    readonly disclosure?: Disclosure | string | null | undefined;
  }[];
  /** Products on the shelf from which the host earns commission. */
  readonly earning: readonly Id[];
};

/**
 * [DIS-2] The products that the host earns from and nothing says so: neither the show as a whole, nor every
 * segment that shows the product (one at least). Empty: the show may start.
 */
export const undisclosed = <Id extends string>({
  disclosure,
  segments,
  earning,
}: DisclosedShow<Id>): readonly Id[] => {
  if (coversCommission(disclosure)) return [];
  return earning.filter((productId) => {
    const showing = segments.filter(({ productIds }) => productIds.includes(productId));
    return showing.length === 0 || !showing.every((one) => coversCommission(one.disclosure));
  });
};
