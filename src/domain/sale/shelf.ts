// The shelf: the products that a show shows, in order, and which of them is pinned now. It carries a
// copy of what the crowd must read (title, picture, price, provenance), so that the log tells what was
// shown even after the catalogue changed. Stock is never here: it is computed. Rules: docs/rules/show.md.

import type { ProductId, VariantId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import type { Money } from '../../base/money.ts';
import { type Refusal, refuse } from '../../base/result.ts';
import { mayDirect, type Stamp } from '../decider.ts';

export type ShelfVariant = {
  readonly variantId: VariantId;
  /** `Lagoon / Large`, or empty for a product with one variant. */
  readonly title: string;
  readonly price: Money;
};

/** What is known of a piece: who made it, where, of what. Empty strings where nothing is known. */
export type Provenance = {
  readonly maker: string;
  readonly origin: string;
  readonly materials: string;
  readonly serialNumber: string;
  readonly certificate: string;
  readonly condition: string;
  readonly story: string;
};

export type ShelfItem = {
  readonly productId: ProductId;
  readonly title: string;
  readonly imageUrl: string | null;
  readonly variants: readonly ShelfVariant[];
  readonly provenance: Provenance | null;
  /** The host of this show earns commission from it (docs/rules/disclosure.md). Absent: they don't. */
  readonly hostEarns?: true;
};

export type Shelf = { items: Map<ProductId, ShelfItem>; pinned: ProductId | null };

export type ShelfCommand =
  /** The door fills the items in from the catalogue: a host names products, never prices. */
  | { readonly kind: 'StockShelf'; readonly items: readonly ShelfItem[] }
  /** [DIS-1] From which products the host earns commission now, as the catalogue has it. */
  | { readonly kind: 'NoteEarning'; readonly productIds: readonly ProductId[] }
  | { readonly kind: 'PinProduct'; readonly productId: ProductId | null };

export type ShelfEvent =
  | { readonly kind: 'ShelfStocked'; readonly data: { readonly items: readonly ShelfItem[] } }
  | { readonly kind: 'ProductPinned'; readonly data: { readonly productId: ProductId | null } };

export const decideShelf = (
  shelf: Shelf,
  command: ShelfCommand,
  stamp: Stamp,
): readonly ShelfEvent[] | Refusal => {
  if (!mayDirect(stamp.by)) return refuse('not-allowed');
  switch (command.kind) {
    case 'StockShelf': {
      const { items } = command;
      if (items.length > limits.shelfProductsMax) return refuse('plan-invalid', { field: 'shelf' });
      if (new Set(items.map(({ productId }) => productId)).size !== items.length) {
        return refuse('plan-invalid', { field: 'shelf' });
      }
      const stocked: ShelfEvent = { kind: 'ShelfStocked', data: { items } };
      const pinnedStays =
        shelf.pinned === null || items.some(({ productId }) => productId === shelf.pinned);
      return pinnedStays
        ? [stocked]
        : [{ kind: 'ProductPinned', data: { productId: null } }, stocked];
    }
    case 'NoteEarning': {
      const earning = new Set(command.productIds);
      const before = [...shelf.items.values()];
      const items = before.map(({ hostEarns, ...item }) =>
        earning.has(item.productId) ? { ...item, hostEarns: true as const } : item,
      );
      const isSame = before.every(
        ({ productId, hostEarns = false }) => hostEarns === earning.has(productId),
      );
      return isSame ? [] : [{ kind: 'ShelfStocked', data: { items } }];
    }
    case 'PinProduct': {
      const { productId } = command;
      if (productId !== null && !shelf.items.has(productId)) return refuse('product-not-on-shelf');
      return productId === shelf.pinned ? [] : [{ kind: 'ProductPinned', data: { productId } }];
    }
  }
};

export const evolveShelf = (shelf: Shelf, event: ShelfEvent): void => {
  switch (event.kind) {
    case 'ShelfStocked':
      shelf.items = new Map(event.data.items.map((item) => [item.productId, item]));
      return;
    case 'ProductPinned':
      shelf.pinned = event.data.productId;
      return;
  }
};
