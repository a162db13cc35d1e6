// Amounts in a field: as people type them and as they stand there. Nothing is rounded; what can't be read
// is null, so that the field can say so.

import { currencyDigits, type Money, parsePrice } from '../../base/money.ts';

/** An amount as it stands in a field: `12.50`, without a currency sign. */
export const amountText = (amount: Money): string => {
  const digits = currencyDigits(amount.currency);
  return (amount.minor / 10 ** digits).toFixed(digits);
};

/** Reads an amount as people type it: `12`, `12.5`, `12,50`, with or without a sign of the currency. */
export const readAmount = (text: string, currency: string): Money | null =>
  parsePrice(text.replace(/[^\d.,]/g, '').replace(',', '.'), currency);
