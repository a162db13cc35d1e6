// What every sheet of the studio says beside the field of a price: what a reduction will be compared with, as the shop
// computed it (docs/rules/price.md, PRI-1). A space while it isn't known, so that nothing jumps.

import type { Money } from '../../base/money.ts';
import { moneyText } from '../design/money.tsx';

export const referenceWords = (reference: Money | null | undefined): string =>
  reference ? `lowest price of the last 30 days ${moneyText(reference)}` : '\u00a0';
