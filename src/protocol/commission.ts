// The wire of commissions: from which product which host earns. What follows from it is in docs/rules/disclosure.md.
//
//   GET    /api/products/{product}/commissions            { commissions: Commission[] }  (owner, host)
//   PUT    /api/products/{product}/commissions/{person}   { shareMilliPercent }          (owner)
//   DELETE /api/products/{product}/commissions/{person}                                   (owner)

import { z } from 'zod';

/** A host's share of each sale of a product. */
export const commissionView = z.object({
  personId: z.string(),
  name: z.string(),
  /** Thousandths of a per cent: 12500 is 12.5 %. */
  shareMilliPercent: z.number(),
});
export type Commission = z.infer<typeof commissionView>;

export const commissionsAnswer = z.object({ commissions: z.array(commissionView) });

export const setCommissionBody = z.object({
  shareMilliPercent: z.number().int().min(1).max(100_000),
});
