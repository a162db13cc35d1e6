// The read models that the product has, in the order in which a page of the log is folded into them.

import { askedPricesView } from './asked-prices.ts';
import { bundlesView } from './bundles.ts';
import { clipsView } from './clips.ts';
import { codesView } from './codes.ts';
import { holdsView } from './holds.ts';
import { limitsView } from './limits.ts';
import { ordersView } from './orders.ts';
import type { View } from './projector.ts';
import { receiptsView } from './receipts.ts';
import { showItemsView } from './show-items.ts';
import { showsView } from './shows.ts';
import { stockView } from './stock.ts';

export const allViews: readonly View[] = [
  showsView,
  showItemsView,
  stockView,
  holdsView,
  ordersView,
  receiptsView,
  askedPricesView,
  codesView,
  bundlesView,
  clipsView,
  limitsView,
];
