// Who may watch a show and take part, and what a workshop's people should have at hand. Both are part of the
// plan; whether somebody holds the ticket or is a member is known outside. Rules: docs/rules/access.md.

import type { ProductId, VariantId } from '../../base/brand.ts';
import { isId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';

export type ShowAccess =
  | { readonly for: 'everybody' }
  /** Whoever has a paid order of this variant. */
  | { readonly for: 'ticket'; readonly productId: ProductId; readonly variantId: VariantId }
  | { readonly for: 'members'; readonly tier: string };

export const everybody: ShowAccess = { for: 'everybody' };

/** What somebody should have at hand. */
export type Material = {
  readonly title: string;
  /** As a recipe says it: `2`, `500 g`; may be empty. */
  readonly quantity: string;
  readonly note: string;
  /** Where the shop has it itself. */
  readonly productId: ProductId | null;
};

/** The name of what can't be, or null. */
export const wrongAccess = (access: ShowAccess): 'access' | null => {
  switch (access.for) {
    case 'everybody':
      return null;
    case 'ticket':
      return isId(access.productId) && isId(access.variantId) ? null : 'access';
    case 'members':
      return access.tier.trim().length > 0 && access.tier.length <= limits.tierNameMax
        ? null
        : 'access';
    default:
      return 'access';
  }
};

/** The name of what can’t be, or null. */
export const wrongMaterials = (materials: readonly Material[]): 'materials' | null =>
  materials.length <= limits.materialsMax &&
  materials.every(
    ({ title, quantity, note, productId }) =>
      title.trim().length > 0 &&
      title.length <= limits.titleMax &&
      quantity.length <= limits.materialQuantityMax &&
      note.length <= limits.reasonMax &&
      (productId === null || isId(productId)),
  )
    ? null
    : 'materials';
